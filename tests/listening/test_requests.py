"""What people outside ask of their data: the public notice, the form, the month, and what comes of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from openroads.archive.queries.authors import posts_of_author
from openroads.delivery.models import Delivery
from openroads.delivery.runner import work_off
from openroads.directory.conversations import archive
from openroads.directory.models import TrailEntry
from openroads.listening.actions.sources import follow_feed, pause_source
from openroads.listening.erasing import schedule  # noqa: F401 (declares the room's jobs)
from openroads.listening.erasing.held import held_of
from openroads.listening.models import Erasure, PrivacyRequest
from openroads.listening.register.actions import change_controller
from openroads.listening.register.grounds import Grounds
from openroads.listening.requests import actions
from openroads.listening.requests.clock import clock_of, due_on, months_after
from openroads.listening.requests.forms import AskForm

SAID = "id,created_at,network,author,text\n1,2026-06-01T10:00:00Z,x,marloes,My battery 5 > 3 & flat\n2,2026-06-02T10:00:00Z,x,somebody,Fine here\n"
ASKED = {"asks": "erase", "network": "x", "handle": "@Marloes", "contact": "marloes@customer.example", "words": "Please."}  # fmt: skip


@pytest.fixture
def request_of(windmee: Any, ada: Any, brought: Any) -> Any:
    brought(SAID, brand=windmee)
    return actions.ask(**ASKED)


# ----------------------------------------------------------------------------------- the public pages
def test_the_notice_tells_what_is_active_and_nothing_else(
    windmee: Any, sanne: Any, ada: Any
) -> None:
    told = Grounds(interest="To mend bikes", keep_months=6)
    follow_feed(by=sanne, address="https://blog.example/feed", purpose="To learn what goes wrong.", name="Blog", grounds=told)  # fmt: skip
    paused = follow_feed(by=sanne, address="https://old.example/feed", purpose="Long ago.")
    pause_source(by=sanne, source=paused, listening=False)
    change_controller(by=ada, said={"contact": "privacy@windmee.example"})
    page = Client().get(reverse("notice:notice")).content.decode()
    for said in ("Windmee", "To learn what goes wrong.", "legitimate interest (article 6(1)(f))", "To mend bikes", "6 months", "privacy@windmee.example", "Autoriteit Persoonsgegevens"):  # fmt: skip
        assert said in page, said
    assert "feed: blog.example" in page and "blog.example/feed" not in page, (
        "an address may be a secret"
    )
    assert "Long ago." not in page and "Sanne" not in page and "balancing" not in page
    with translation.override("nl"):
        dutch = (
            Client(headers={"accept-language": "nl"}).get(reverse("notice:notice")).content.decode()
        )
    assert "gerechtvaardigd belang" in dutch and "6 maanden" in dutch and "Bezwaar" in dutch


def test_anybody_asks_and_gets_the_same_answer(request_of: Any) -> None:
    answers = set()
    for handle in ("@Marloes", "nobody-we-know"):
        answer = Client().post(reverse("notice:ask"), {**ASKED, "handle": handle})
        answers.add((answer.status_code, answer.headers["Location"]))
    assert answers == {(302, reverse("notice:asked"))}
    assert PrivacyRequest.objects.count() == 3


def test_a_machine_is_told_the_same_and_kept_out(windmee: Any) -> None:
    answer = Client().post(reverse("notice:ask"), {**ASKED, "website": "https://spam.example"})
    assert answer.headers["Location"] == reverse("notice:asked")
    assert not PrivacyRequest.objects.exists() and not Delivery.objects.exists()


def test_one_address_asks_five_times_an_hour(windmee: Any) -> None:
    answers = [Client().post(reverse("notice:ask"), ASKED).status_code for _ in range(6)]
    assert answers == [302, 302, 302, 302, 302, 429]
    assert PrivacyRequest.objects.count() == 5
    assert Delivery.objects.filter(recipient=ASKED["contact"]).count() == 1, (
        "one mail an address a day"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"handle": ""}, {"handle": " @ "}, {"handle": "a\x00b"}, {"handle": "a\nb"}, {"handle": "x" * 301},
        {"contact": "no address"}, {"contact": "a@b.example\r\nBcc: c@d.example"}, {"network": "nowhere"},
        {"asks": "everything"}, {"words": "x" * 1001},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_on_the_form(windmee: Any, wrong: dict[str, str]) -> None:
    answer = Client().post(reverse("notice:ask"), {**ASKED, **wrong})
    assert answer.status_code == 400 and not PrivacyRequest.objects.exists()


def test_hostile_words_stay_words(windmee: Any, ada: Any, signed_in: Any) -> None:
    hostile = "<script>alert(1)</script>"
    Client().post(reverse("notice:ask"), {**ASKED, "handle": hostile, "words": hostile})
    item = PrivacyRequest.objects.get()
    page = signed_in(ada).get(reverse("requests:request", args=(item.pk,))).content.decode()
    assert hostile not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert hostile not in " ".join(Delivery.objects.values_list("text", flat=True))
    assert "form-action" in Client().get(reverse("notice:ask")).headers["Content-Security-Policy"]


def test_the_form_needs_no_script_and_says_what_each_field_is(windmee: Any) -> None:
    page = Client().get(reverse("notice:ask")).content.decode()
    assert 'method="post"' in page and "onclick" not in page
    for name in AskForm.base_fields:
        assert f'name="{name}"' in page
    assert Client(enforce_csrf_checks=True).post(reverse("notice:ask"), ASKED).status_code == 403


# ------------------------------------------------------------------------------------------ the month
def test_a_month_is_a_month() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 12, 15), 2) == date(2027, 2, 15)
    assert due_on(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == date(2026, 12, 25), (
        "Amsterdam's day"
    )


def test_the_clock_speaks_up_in_the_last_fifth() -> None:
    came = datetime(2026, 11, 1, 12, tzinfo=UTC)
    item = PrivacyRequest(came_at=came, due_on=date(2026, 12, 1))
    told = {
        days: clock_of(item, date(2026, 11, 1) + timedelta(days=days))
        for days in (0, 23, 24, 30, 31)
    }
    assert [clock.urgency for clock in told.values()] == ["", "", "soon", "soon", "late"]
    assert told[24].words == "6 days left" and told[30].words == "today is the last day"
    assert told[31].words == "1 day late"


def test_it_is_made_longer_once_with_the_reason_told(request_of: Any, ada: Any) -> None:
    before = request_of.due_on
    item = actions.take_longer(by=ada, request=request_of, why="There is much of it.")
    assert item.due_on == months_after(before, 2)
    assert (
        "There is much of it."
        in Delivery.objects.get(deed=f"privacy request {item.pk}: longer").text
    )
    with pytest.raises(ValidationError):
        actions.take_longer(by=ada, request=item, why="Again.")


# --------------------------------------------------------------------------------------- what comes of it
def test_who_they_are_is_encrypted_and_gone_when_it_is_closed(request_of: Any, ada: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT handle, contact, words FROM listening_privacyrequest")
        assert "arloes" not in repr(cursor.fetchall())
    assert "arloes" not in repr(list(TrailEntry.objects.values("facts_text")))
    item = actions.close(by=ada, request=request_of, done=True, answer="We hold nothing any more.")
    assert (item.handle, item.contact, item.words, item.state) == ("", "", "", "done")
    sent = Delivery.objects.get(deed=f"privacy request {item.pk}: answer")
    assert sent.recipient == ASKED["contact"] and "We hold nothing any more." in sent.text
    with pytest.raises(ValidationError):
        actions.close(by=ada, request=item, done=True, answer="")


def test_a_refusal_says_why_and_where_to_complain(request_of: Any, ada: Any) -> None:
    with pytest.raises(ValidationError):
        actions.close(by=ada, request=request_of, done=False, answer=" ")
    item = actions.close(by=ada, request=request_of, done=False, answer="It is not your account.")
    text = Delivery.objects.get(deed=f"privacy request {item.pk}: answer").text
    assert "It is not your account." in text and "Autoriteit Persoonsgegevens" in text


def test_erasing_for_a_request_is_done_everywhere_and_recorded_with_it(request_of: Any, ada: Any, brought: Any, windmee: Any) -> None:  # fmt: skip
    keys = held_of("x", "marloes").keys
    with pytest.raises(ValidationError):
        actions.erase_for(by=ada, request=request_of, again="somebody")
    erasure = actions.erase_for(by=ada, request=request_of, again="marloes")
    with pytest.raises(ValidationError):
        actions.close(by=ada, request=request_of, done=True, answer="")
    work_off()
    request_of.refresh_from_db()
    assert request_of.erasure == erasure and request_of.state == "open"
    assert list(posts_of_author(archive(), keys)) == []
    brought(SAID.replace("1,2026", "9,2026"), name="later.csv", brand=windmee)
    assert list(posts_of_author(archive(), keys)) == [], "an objection holds for what comes later"
    Erasure.objects.update(state=Erasure.State.DONE)
    assert actions.close(by=ada, request=request_of, done=True, answer="").state == "done"


def test_what_is_held_is_handed_out_with_why_and_for_how_long(request_of: Any, ada: Any, signed_in: Any) -> None:  # fmt: skip
    browser, address = signed_in(ada), reverse("requests:hand_out", args=(request_of.pk,))
    lines = b"".join(browser.post(address, {"as": "lines"}).streaming_content).decode()
    assert '"kept": "for good"' in lines and '"basis": "legitimate interest' in lines
    page = b"".join(browser.post(address, {"as": "page"}).streaming_content).decode()
    assert "My battery 5 &gt; 3 &amp; flat" in page and "Fine here" not in page
    assert "for good" in page and "Your rights" in page and page.rstrip().endswith("</html>")
    request_of.refresh_from_db()
    assert request_of.handed_out_at is not None


def test_only_who_erases_answers_requests(
    request_of: Any, noor: Any, sanne: Any, daan: Any
) -> None:
    for person in (noor, sanne, daan):
        for deed in (
            lambda who: actions.take_up(by=who, request=request_of),
            lambda who: actions.hand_out(by=who, request=request_of, readable=True),
            lambda who: actions.erase_for(by=who, request=request_of, again="marloes"),
            lambda who: actions.close(by=who, request=request_of, done=True, answer=""),
        ):
            with pytest.raises(PermissionDenied):
                deed(person)


def test_the_queue_walks_from_new_to_answered(request_of: Any, ada: Any, signed_in: Any) -> None:
    browser = signed_in(ada)
    queue = browser.get(reverse("requests:requests")).content.decode()
    assert "1 request about privacy waits" in queue and "arloes" not in queue
    browser.post(reverse("requests:take_up", args=(request_of.pk,)))
    page = browser.get(reverse("requests:request", args=(request_of.pk,))).content.decode()
    assert "1 post," in page and "being looked at" in page
    wrong = browser.post(
        reverse("requests:close", args=(request_of.pk,)), {"done": "no", "answer": ""}
    )
    assert wrong.status_code == 400 and "has a right to the reason" in wrong.content.decode()
    browser.post(
        reverse("requests:close", args=(request_of.pk,)), {"done": "yes", "answer": "Done."}
    )
    closed = browser.get(reverse("requests:request", args=(request_of.pk,))).content.decode()
    assert "Who asked is no longer known here." in closed and "arloes" not in closed
    PrivacyRequest.objects.update(state="new", due_on=timezone.localdate() - timedelta(days=1))
    assert "1 request is late" in browser.get(reverse("requests:requests")).content.decode()
