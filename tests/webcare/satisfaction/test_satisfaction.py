"""Asking how we did: once, only where it may be, answered with one tap by anybody with the address, and acted upon."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from openroads.connectors.answering import ANSWERING
from openroads.delivery.models import Delivery, Notice
from openroads.delivery.runner import work_off
from openroads.webcare.actions.knowing import join_contacts
from openroads.webcare.actions.moving import close_case
from openroads.webcare.actions.replying import send_reply
from openroads.webcare.models import Case, CaseEvent, Contact
from openroads.webcare.satisfaction import actions, queries
from openroads.webcare.satisfaction.models import Survey, SurveySetting

LATER = timedelta(hours=2)


@pytest.fixture
def asking(practice: Any, noor: Any) -> SurveySetting:
    """People are asked on Bluesky, an hour after closing, also in public."""
    setting = actions.set_asking(
        by=noor, network="bluesky", on=True, also_public=True, delay_minutes=60
    )
    SurveySetting.objects.update(on_since=timezone.now() - timedelta(days=30))
    return setting


@pytest.fixture
def answered(case: Case, daan: Any) -> Case:
    """Marloes was answered by Daan, and the case is closed."""
    return answer(case, daan)


def answer(case: Case, by: Any) -> Case:
    """Answered and closed, now."""
    case.refresh_from_db()
    send_reply(
        by=by,
        case=case,
        text="Dat hoort zo.",
        key=f"k{case.pk}-{case.cycle}",
        seen=99,
        then="closed",
    )
    case.refresh_from_db()
    return case


def ask(after: timedelta = LATER) -> Survey:
    """The only question there is, after the job came round."""
    actions.ask_all(now=timezone.now() + after)
    return Survey.objects.latest("pk")


def leave(survey: Survey) -> Survey:
    """It leaves, and is seen to have left."""
    Delivery.objects.filter(pk=survey.delivery_id).update(
        state=Delivery.State.SENT, sent_at=timezone.now()
    )
    actions.note_left()
    survey.refresh_from_db()
    return survey


def address(survey: Survey) -> str:
    return f"/answer/satisfaction/{queries.token_of(survey)}/"


# ------------------------------------------------------------------------------------------- asking
def test_an_hour_after_closing_marloes_is_asked_in_dutch_with_an_address(
    asking: Any, answered: Case
) -> None:
    assert actions.ask_all(now=timezone.now() + timedelta(minutes=30)) == 0
    survey = ask()
    assert (survey.state, survey.cycle, survey.language) == ("queued", 1, "nl")
    draft = survey.delivery.draft
    words, _space, url = draft["text"].rpartition(" ")
    assert (words, draft["to"]) == ("Hoe hebben we het gedaan? Eén tik is genoeg:", "marloes")
    assert Client().get(url.removeprefix("http://127.0.0.1:8000")).status_code == 200
    left = leave(survey)
    assert left.state == "asked"
    event = CaseEvent.objects.get(type="surveyed")
    assert (event.actor, event.data) == ("house", {"cycle": 1})
    # Once: neither the next round nor another answer of the job asks again.
    assert actions.ask_all(now=timezone.now() + LATER) == 0
    assert Survey.objects.count() == 1


def test_the_question_is_no_message_so_that_it_failing_opens_no_case(
    asking: Any, answered: Case
) -> None:
    from openroads.webcare.actions.arriving import note_failures

    survey = ask()
    Delivery.objects.filter(pk=survey.delivery_id).update(state=Delivery.State.REFUSED)
    note_failures()
    actions.note_left()
    survey.refresh_from_db()
    answered.refresh_from_db()
    assert (survey.state, survey.why, answered.state) == ("not_asked", "failed", "closed")
    assert not CaseEvent.objects.filter(type="surveyed").exists()


def test_nobody_is_asked_where_it_is_off_or_was_switched_on_later(
    practice: Any, answered: Case, noor: Any
) -> None:
    assert actions.ask_all(now=timezone.now() + LATER) == 0
    actions.set_asking(by=noor, network="bluesky", on=True, also_public=True, delay_minutes=0)
    assert actions.ask_all(now=timezone.now() + LATER) == 0  # closed before it was on
    actions.set_asking(by=noor, network="bluesky", on=False, also_public=True, delay_minutes=0)
    assert SurveySetting.objects.get().on_since is None
    assert not Survey.objects.exists()


def test_what_was_spam_or_needed_no_answer_is_not_asked_about(
    asking: Any, case: Case, daan: Any
) -> None:
    close_case(by=daan, case=case, ending="spam")
    assert actions.ask_all(now=timezone.now() + LATER) == 0


def test_nobody_is_asked_twice_in_fourteen_days_whichever_account_they_use(
    asking: Any, answered: Case, lands: Any, daan: Any, noor: Any
) -> None:
    from openroads.webcare.actions.taking_in import take_in

    ask()
    lands("@windmee wat kost een nieuwe accu?", author="marloes2", native="cost")
    take_in()
    second = Case.objects.exclude(pk=answered.pk).get()
    join_contacts(
        by=daan, contact=second.identity.contact, into=answered.identity.contact, how="She says so."
    )
    second.refresh_from_db()
    answer(second, daan)
    survey = ask()
    assert (survey.case, survey.state, survey.why) == (second, "not_asked", "recently")
    # After a fortnight she may be asked again.
    Survey.objects.filter(case=answered).update(at=timezone.now() - timedelta(days=14))
    assert not queries.was_asked_lately(second.identity.contact, timezone.now())


def test_joined_contacts_are_one_person_from_either_side(db: None) -> None:
    root = Contact.objects.create()
    child = Contact.objects.create(merged_into=root)
    grandchild = Contact.objects.create(merged_into=child)
    other = Contact.objects.create()
    family = {root.pk, child.pk, grandchild.pk}
    assert all(queries.family_of(one) == family for one in (root, child, grandchild))
    assert queries.family_of(other) == {other.pk}


@pytest.mark.parametrize(
    ("limits", "also_public", "kind", "state", "why", "private"),
    [
        ({"private": True, "hours": None}, False, "public", "queued", "", True),
        ({"private": True, "hours": 24}, False, "public", "not_asked", "window", True),
        ({"private": True, "hours": 24}, True, "public", "queued", "", False),
        ({"private": False, "hours": None}, False, "public", "not_asked", "public", True),
        ({"private": False, "hours": None}, True, "public", "queued", "", False),
        ({"private": False, "hours": None}, True, "review", "not_asked", "public", True),
        ({"private": False, "hours": None}, True, "private", "not_asked", "public", True),
    ],
)
def test_in_private_where_it_can_be_in_public_only_where_somebody_ticked_it(
    asking: Any, answered: Case, monkeypatch: Any, limits: dict[str, Any], also_public: bool,
    kind: str, state: str, why: str, private: bool,
) -> None:  # fmt: skip
    from dataclasses import replace

    way = ANSWERING["practice"]
    monkeypatch.setattr(way, "limits", replace(way.limits, **limits))
    SurveySetting.objects.update(also_public=also_public)
    yesterday = timezone.now() - timedelta(hours=30)
    Case.objects.filter(pk=answered.pk).update(kind=kind, last_in_at=yesterday)
    monkeypatch.setattr(actions, "last_word_of", _same_post(answered))
    survey = ask()
    assert (survey.state, survey.why) == (state, why)
    assert survey.private == private


def _same_post(case: Case) -> Any:
    """The post of a case whose moment was moved: the archive looks it up by its own."""
    from openroads.webcare.words import last_word_of

    post = last_word_of(case)
    return lambda _case: post


def test_who_is_blocked_or_whose_words_are_gone_is_not_asked(
    asking: Any, answered: Case, lands: Any, daan: Any
) -> None:
    lands("", native="winter", op="delete")
    survey = ask()
    assert (survey.state, survey.why) == ("not_asked", "gone")
    survey.delete()
    answered.identity.blocked_at = timezone.now()
    answered.identity.save()
    assert ask().why == "blocked"


def test_only_who_leads_sets_whether_people_are_asked(practice: Any, daan: Any, noor: Any) -> None:
    told = {"on": True, "also_public": False, "delay_minutes": 5}
    with pytest.raises(PermissionDenied):
        actions.set_asking(by=daan, network="bluesky", **told)
    with pytest.raises(ValidationError, match="answers there"):
        actions.set_asking(
            by=noor,
            network="trustpilot" if "trustpilot" not in queries.networks_to_ask() else "none",
            **told,
        )
    with pytest.raises(ValidationError, match="within a week"):
        actions.set_asking(by=noor, network="bluesky", **{**told, "delay_minutes": 20_000})
    first = actions.set_asking(by=noor, network="bluesky", **told)
    again = actions.set_asking(by=noor, network="bluesky", **{**told, "delay_minutes": 6})
    assert again.on_since == first.on_since  # it was on all the while


# ---------------------------------------------------------------------------------------- answering
@pytest.fixture
def survey(asking: Any, answered: Case) -> Survey:
    """Marloes was asked."""
    return leave(ask())


def test_one_tap_without_signing_in_gives_a_score_and_may_be_changed(survey: Survey) -> None:
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get(address(survey))
    text = page.content.decode()
    assert page.status_code == 200 and page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "same-origin"
    assert '<html lang="nl"' in text and "noindex" in text
    survey.refresh_from_db()
    assert survey.score is None  # looking is no answer: a preview of the link answers for nobody
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[1]
    assert visitor.post(address(survey), {"score": 4}).status_code == 403
    for score, said in ((4, ""), (5, "Snel!")):
        sent = {"score": score, "comment": said, "csrfmiddlewaretoken": token}
        assert visitor.post(address(survey), sent).status_code == 302
    survey.refresh_from_db()
    assert (survey.score, survey.comment, survey.given) == (5, "Snel!", 2)
    assert [one.data["score"] for one in CaseEvent.objects.filter(type="scored")] == [4, 5]
    case = survey.case
    case.refresh_from_db()
    assert case.state == "closed"
    # The words alone keep the score.
    visitor.post(address(survey), {"comment": "Heel snel!", "csrfmiddlewaretoken": token})
    survey.refresh_from_db()
    assert (survey.score, survey.comment) == (5, "Heel snel!")
    assert CaseEvent.objects.filter(type="scored").count() == 2


def test_the_page_follows_the_case_unless_the_visitor_chose_a_language(survey: Survey) -> None:
    visitor = Client()
    assert "Hoe hebben we het gedaan?" in visitor.get(address(survey)).content.decode()
    from django.conf import settings

    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "How did we do?" in visitor.get(address(survey)).content.decode()


@pytest.mark.parametrize(
    "told",
    [{}, {"score": "0"}, {"score": "6"}, {"score": "x"}, {"score": "3", "comment": "a" * 1001}],
)
def test_what_is_no_score_is_none(survey: Survey, told: dict[str, str]) -> None:
    assert Client().post(address(survey), told).status_code == 400
    survey.refresh_from_db()
    assert survey.score is None


def test_other_addresses_open_nothing(survey: Survey, case: Case) -> None:
    good = queries.token_of(survey)
    forged = [
        good[:-1] + ("A" if good[-1] != "A" else "B"), "x", signing.dumps(survey.pk),
        signing.dumps(survey.pk, salt="other"), signing.dumps([survey.pk], salt=queries.SALT) + "x",
    ]  # fmt: skip
    for token in forged:
        assert Client().get(f"/answer/satisfaction/{token}/").status_code == 404
    assert (
        Client()
        .get(f"/answer/satisfaction/{signing.dumps('1 OR 1', salt=queries.SALT)}/")
        .status_code
        == 410
    )


def test_after_fourteen_days_the_time_is_over(survey: Survey) -> None:
    Survey.objects.update(at=timezone.now() - timedelta(days=14))
    page = Client().get(address(survey))
    assert page.status_code == 410 and page["X-Robots-Tag"] == "noindex, nofollow"
    assert Client().post(address(survey), {"score": "5"}).status_code == 410
    with pytest.raises(ValidationError, match="over"):
        actions.give_score(survey=survey, score=5)


def test_an_address_that_was_never_sent_cannot_be_answered(survey: Survey) -> None:
    Survey.objects.update(state=Survey.State.NOT_ASKED)
    assert Client().get(address(survey)).status_code == 410


def test_a_low_score_opens_the_case_again_as_a_task_and_tells_who_had_it(
    survey: Survey, daan: Any
) -> None:
    Case.objects.filter(pk=survey.case_id).update(assignee=daan)
    actions.give_score(survey=survey, score=2)
    case = Case.objects.get()
    assert (case.state, case.cycle, case.closed_at, case.waiting_since) == ("todo", 2, None, None)
    opened = CaseEvent.objects.get(type="reopened")
    assert (opened.actor, opened.cycle, opened.data) == ("house", 2, {"score": 2})
    assert (
        Notice.objects.get(to=daan, deed=f"survey {survey.pk} scored low").url
        == f"/answer/cases/{case.pk}/"
    )
    # Once: another low score, or a better one, changes the case no more.
    close_case(by=daan, case=case, ending="answered")
    actions.give_score(survey=survey, score=1)
    actions.give_score(survey=survey, score=5)
    case.refresh_from_db()
    assert (case.state, case.cycle) == ("closed", 2)
    assert [one.data["cycle"] for one in CaseEvent.objects.filter(type="scored")] == [1, 1, 1]


def test_words_of_outside_are_shown_as_words_and_in_the_case_only(
    survey: Survey, daan: Any, noor: Any, signed_in: Any
) -> None:
    hostile = "<script>alert(1)</script>\x00\u202e {{ 7|add:7 }} =cmd|' /C calc'!A1"
    actions.give_score(survey=survey, score=3, comment=hostile)
    survey.refresh_from_db()
    assert "\x00" not in survey.comment
    of_the_public = Client().get(address(survey)).content.decode()
    of_the_case = signed_in(daan).get(f"/answer/cases/{survey.case_id}/").content.decode()
    for page in (of_the_public, of_the_case):
        assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    assert "They gave us 3 of 5" in of_the_case
    for elsewhere in ("/answer/figures/", "/answer/satisfaction/"):
        assert "alert(1)" not in signed_in(noor).get(elsewhere).content.decode()


def test_nobody_floods_the_log_by_changing_their_mind(survey: Survey) -> None:
    for n in range(actions.MOST_CHANGES):
        actions.give_score(survey=survey, score=4 + n % 2)
    with pytest.raises(ValidationError, match="too often"):
        actions.give_score(survey=survey, score=3)


def test_who_is_forgotten_leaves_a_score_and_no_words(survey: Survey) -> None:
    actions.give_score(survey=survey, score=4, comment="Ik heet Marloes")
    assert actions.forget(contacts=[survey.contact_id]) == 1
    survey.refresh_from_db()
    assert (survey.score, survey.comment) == (4, "")


def test_it_leaves_through_the_out_tray_by_itself(asking: Any, answered: Case) -> None:
    """The whole way: job, out-tray, channel, noted."""
    survey = ask()
    work_off()
    survey.refresh_from_db()
    assert survey.delivery.state == Delivery.State.SENT
    actions.note_left()
    survey.refresh_from_db()
    assert survey.state == "asked"


# -------------------------------------------------------------------------------------------- pages
def test_noor_switches_asking_on_and_sees_how_it_went(
    practice: Any, noor: Any, signed_in: Any
) -> None:
    browser = signed_in(noor)
    page = browser.get("/answer/satisfaction/")
    assert page.status_code == 200 and "Bluesky" in page.content.decode()
    told = {"network": "bluesky", "on": "on", "delay_minutes": "30"}
    assert browser.post("/answer/satisfaction/", told).status_code == 302
    setting = SurveySetting.objects.get()
    assert (setting.on, setting.also_public, setting.delay_minutes) == (True, False, 30)
    assert browser.post("/answer/satisfaction/", {**told, "delay_minutes": "-1"}).status_code == 400
    assert browser.post("/answer/satisfaction/", {**told, "network": "nowhere"}).status_code == 400


def test_setting_it_is_for_who_leads(daan: Any, signed_in: Any) -> None:
    assert signed_in(daan).get("/answer/satisfaction/").status_code == 403
