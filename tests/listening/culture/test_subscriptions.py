"""Subscriptions: what a digest says, when it leaves, that it never leaves twice, and the way out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import translation

from openroads.delivery.models import Delivery, Notice
from openroads.listening.culture.actions.subscribing import (
    COOL_DOWN,
    due_days,
    end_subscription,
    leave,
    send_due,
    subscribe,
)
from openroads.listening.culture.mails import read_token, token_of
from openroads.listening.culture.models import Digest, Subscription
from openroads.listening.explore.actions import save_view, share_view
from tests.listening import corpus
from tests.listening.culture.conftest import NOW, PERIOD, member

pytestmark = pytest.mark.django_db


def follows(
    by: Any, rhythm: str = "weekly", told: date = corpus.FIRST, **what: Any
) -> Subscription:
    made = subscribe(by=by, name="Batteries", rhythm=rhythm, **what)
    Subscription.objects.filter(pk=made.pk).update(told_until=told, told_version=0)
    made.refresh_from_db()
    return made


def mails() -> list[Delivery]:
    return list(Delivery.objects.filter(kind="mail", deed__startswith="digest").order_by("pk"))


def test_a_weekly_digest_begins_with_words_and_then_counts(sanne_here: Any, topic: Any) -> None:
    follows(sanne_here, topic=topic)
    assert send_due(now=NOW) == 1
    (mail,) = mails()
    assert mail.recipient == sanne_here.email
    assert mail.text.startswith("“") and "battery" in mail.text.splitlines()[0]
    assert mail.text.index("“") < mail.text.index("7 posts by 7 people.")
    assert "What is usual is not known yet" in mail.text
    assert mail.subject.startswith("Batteries: 7 posts, 22 to 28 June 2026")
    assert "<blockquote" in mail.html and "battery" in mail.html
    assert "battery0" not in mail.text + mail.html, "nobody's name leaves by mail"
    digest = Digest.objects.get()
    assert (digest.since, digest.until, digest.posts) == (date(2026, 6, 22), date(2026, 6, 29), 7)
    assert Notice.objects.get(to=sanne_here).url == f"/listen/digests/{digest.pk}/"


def test_nothing_leaves_twice_however_often_it_is_asked(sanne_here: Any, topic: Any) -> None:
    made = follows(sanne_here, topic=topic)
    assert send_due(now=NOW) == 1
    assert send_due(now=NOW + timedelta(minutes=5)) == 0
    # A worker died before it wrote down that this week was told.
    Subscription.objects.filter(pk=made.pk).update(told_until=corpus.FIRST)
    assert send_due(now=NOW) == 0 and len(mails()) == 1


def test_days_and_weeks_are_whole_and_leave_at_seven(sanne_here: Any, topic: Any) -> None:
    made = follows(sanne_here, "daily", topic=topic)
    early, late = NOW.replace(hour=4), NOW.replace(hour=5)  # six and seven in Amsterdam
    assert due_days(made, early) == (date(2026, 6, 27), date(2026, 6, 28))
    assert due_days(made, late) == (date(2026, 6, 28), date(2026, 6, 29))
    made.rhythm = "weekly"
    assert due_days(made, early) == (date(2026, 6, 15), date(2026, 6, 22))
    assert due_days(made, NOW + timedelta(days=3)) == (date(2026, 6, 22), date(2026, 6, 29))
    made.told_until = date(2026, 6, 29)
    assert due_days(made, NOW + timedelta(days=3)) is None


def test_a_quiet_week_is_told_once_and_a_quiet_day_never(sanne_here: Any, topic: Any) -> None:
    made = follows(sanne_here, topic=topic)
    weeks = [NOW + timedelta(weeks=n) for n in (1, 2, 3)]
    assert [send_due(now=week) for week in weeks] == [1, 0, 0]
    assert mails()[0].subject == "Batteries: nobody said anything, 29 June to 5 July 2026"
    Subscription.objects.filter(pk=made.pk).update(rhythm="daily")
    assert send_due(now=weeks[2] + timedelta(days=1)) == 0


def test_a_team_gets_it_in_each_ones_language_and_who_may_not_read_gets_nothing(
    sanne_here: Any, webcare: Any, topic: Any
) -> None:
    daan, joris = member("Daan"), member("Joris")
    daan.language = "nl"
    daan.save()
    made = follows(sanne_here, team=webcare, topic=topic)
    assert send_due(now=NOW) == 2
    by_mail = {mail.recipient: mail for mail in mails()}
    assert set(by_mail) == {daan.email, joris.email}, "Ida may not read conversations"
    assert "7 berichten van 7 mensen" in by_mail[daan.email].text
    assert 'lang="nl"' in by_mail[daan.email].html and "7 posts by" in by_mail[joris.email].text
    # Joris loses the right, Daan leaves: the next week goes to nobody.
    joris.grants.update(until=date(2026, 1, 2), since=date(2026, 1, 1))
    assert leave(person=daan, subscription=made) and not leave(person=daan, subscription=made)
    Subscription.objects.filter(pk=made.pk).update(told_until=corpus.FIRST)
    assert send_due(now=NOW - timedelta(weeks=1)) == 0


def test_a_view_no_longer_shared_is_told_no_longer(sanne_here: Any, webcare: Any) -> None:
    view = save_view(by=sanne_here, name="V", query=f"brand=0&{PERIOD}", shared=True)
    follows(member("Daan"), view=view)
    share_view(by=sanne_here, view=view, shared=False, department=None, team=None)
    assert send_due(now=NOW) == 0


def test_at_once_tells_of_what_came_in_and_then_cools_down(
    heard: Any, sanne_here: Any, topic: Any
) -> None:
    made = follows(sanne_here, "at_once", topic=topic)
    assert send_due(now=NOW) == 1
    (mail,) = mails()
    assert "posts came in since the last message." in mail.text
    made.refresh_from_db()
    assert made.told_version > 0 and made.sent_at == NOW and made.told_posts
    # Everything is written anew, as after a correction: what was told is not told again.
    Subscription.objects.filter(pk=made.pk).update(told_version=0)
    assert send_due(now=NOW + COOL_DOWN - timedelta(minutes=1)) == 0
    assert send_due(now=NOW + COOL_DOWN) == 0 and len(mails()) == 1


def test_the_same_thing_is_subscribed_to_once(sanne_here: Any, topic: Any, webcare: Any) -> None:
    first = subscribe(by=sanne_here, name="A", rhythm="daily", topic=topic)
    again = subscribe(by=sanne_here, name="B", rhythm="weekly", topic=topic)
    assert first.pk == again.pk and again.rhythm == "weekly" and again.told_until is not None
    with pytest.raises(PermissionDenied):
        subscribe(by=member("Ida"), name="A", rhythm="daily", team=webcare, topic=topic)
    with pytest.raises(PermissionDenied):
        end_subscription(by=member("Daan"), subscription=first)


def test_one_click_ends_it_without_signing_in(sanne_here: Any, webcare: Any, topic: Any) -> None:
    made = follows(sanne_here, team=webcare, topic=topic)
    send_due(now=NOW)
    mail = mails()[0]
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail.headers["List-Unsubscribe"].strip("<>").split("/listen/", 1)[1]
    mailer = Client(enforce_csrf_checks=True)
    assert mailer.get(f"/listen/{address}").status_code == 200
    assert not made.left.exists(), "looking ends nothing"
    assert mailer.post(f"/listen/{address}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert made.left.get().person.email == mail.recipient
    token = token_of(made, sanne_here)
    assert read_token(token) == (made.pk, sanne_here.pk)
    for broken in (token[:-1], token.replace(":", ".", 1), "x"):
        assert read_token(broken) is None
        assert mailer.post(f"/listen/leave/{broken}/").status_code == 403


def test_following_the_link_counts_as_opened_and_only_for_its_reader(
    sanne_here: Any, webcare: Any, topic: Any, signed_in: Any
) -> None:
    follows(sanne_here, topic=topic)
    send_due(now=NOW)
    digest = Digest.objects.get()
    assert signed_in(member("Daan")).get(f"/listen/digests/{digest.pk}/").status_code == 404
    answer = signed_in(sanne_here).get(f"/listen/digests/{digest.pk}/")
    assert answer.status_code == 302 and f"topic={topic.pk}" in answer.url
    digest.refresh_from_db()
    assert digest.opened_at is not None


def test_the_pages_say_what_comes_and_how_it_would_read(
    sanne_here: Any, topic: Any, signed_in: Any
) -> None:
    browser = signed_in(sanne_here)
    assert "Choose what you want to hear of" in browser.get("/listen/subscriptions/").content.decode()  # fmt: skip
    answer = browser.post(f"/listen/subscriptions/add/?topic={topic.pk}", {"name": "Battery", "rhythm": "weekly"})  # fmt: skip
    assert answer.status_code == 302
    made = Subscription.objects.get()
    assert made.topic == topic and not made.query
    page = browser.get("/listen/subscriptions/").content.decode()
    assert "1 subscription brings" in page and "none sent yet" in page
    shown = browser.get(f"/listen/subscriptions/{made.pk}/")
    assert shown.status_code == 200 and not Digest.objects.exists() and not mails()
    browser.post(f"/listen/subscriptions/add/?brand=0&q=saddle&{PERIOD}", {"name": "Saddle", "rhythm": "daily"})  # fmt: skip
    assert "q=saddle" in Subscription.objects.get(name="Saddle").query
    with translation.override("nl"):
        assert str(made.get_rhythm_display()) == "elke week"
