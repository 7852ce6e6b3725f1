"""Answers leave once, late enough to be taken back, and never over the head of who has the case."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

pytestmark = pytest.mark.django_db
TEXT = "Hoi Marloes, onder de 5 graden haal je zo'n 60 tot 65% van je zomerbereik."


def replied(case: Any, by: Any, text: str = TEXT, **more: Any) -> Any:
    from openroads.webcare.actions.replying import send_reply

    case.refresh_from_db()
    told = {"key": secrets.token_hex(8), "seen": case.last_seq, **more}
    return send_reply(by=by, case=case, text=text, **told)


def sent() -> None:
    from openroads.delivery.models import Delivery
    from openroads.delivery.sending import send_due

    Delivery.objects.update(due_at=timezone.now())
    send_due()


def test_an_answer_waits_fifteen_seconds_leaves_once_and_the_case_waits_for_them(
    case: Any, daan: Any
) -> None:
    from openroads.delivery.sending import send_due

    message = replied(case, daan)
    case.refresh_from_db()
    assert (case.state, case.waiting_since) == ("waiting", None)
    assert message.delivery.due_at > timezone.now() + timedelta(seconds=10)
    assert send_due() == 0
    sent()
    message.delivery.refresh_from_db()
    assert (message.delivery.state, message.delivery.receipt_id) == (
        "sent",
        f"practice:case-{case.pk}-2-{message.key}",
    )
    assert [event.type for event in case.events.all()] == ["opened", "came_in", "replied", "waits"]


def test_the_same_form_sent_twice_is_one_answer(case: Any, daan: Any) -> None:
    from openroads.delivery.models import Delivery

    first = replied(case, daan, key="one")
    assert replied(case, daan, key="one").pk == first.pk
    assert Delivery.objects.count() == 1


def test_taken_back_it_is_a_draft_again_and_they_wait_since_when_they_did(
    case: Any, daan: Any
) -> None:
    from openroads.webcare.actions.replying import take_back

    since = case.waiting_since
    message = take_back(by=daan, message=replied(case, daan))
    case.refresh_from_db()
    assert (case.state, case.waiting_since) == ("todo", since)
    assert case.drafts.get(by=daan).text == TEXT
    message.delivery.refresh_from_db()
    assert message.delivery.state == "recalled"
    sent()
    message.delivery.refresh_from_db()
    assert message.delivery.state == "recalled"


def test_what_has_left_cannot_be_taken_back(case: Any, daan: Any) -> None:
    from openroads.webcare.actions.replying import take_back

    message = replied(case, daan)
    sent()
    with pytest.raises(ValidationError, match="has left already"):
        take_back(by=daan, message=message)


def test_who_has_the_case_in_hand_keeps_others_from_answering_until_it_is_taken_over(
    case: Any, daan: Any, merel: Any
) -> None:
    from openroads.webcare.actions.claiming import Held, claim_case, take_over

    claim_case(by=daan, case=case)
    with pytest.raises(Held, match="Daan Kuipers"):
        replied(case, merel)
    take_over(by=merel, case=case)
    assert replied(case, merel).by == merel
    assert case.events.filter(type="taken_over").get().data == {"was": daan.pk}


def test_a_claim_gives_way_when_its_owner_is_gone(case: Any, daan: Any, merel: Any) -> None:
    from openroads.webcare.actions.claiming import claim_case
    from openroads.webcare.models import Case

    claim_case(by=daan, case=case)
    Case.objects.update(claim_until=timezone.now() - timedelta(seconds=1))
    assert replied(case, merel).by == merel


def test_what_was_said_since_one_began_is_told_before_it_is_sent(
    case: Any, daan: Any, merel: Any, lands: Any
) -> None:
    from openroads.webcare.actions.claiming import take_over
    from openroads.webcare.actions.replying import NewerWords
    from openroads.webcare.actions.taking_in import take_in

    seen = case.last_seq
    lands("O, en hij piept ook.", native="beep", reply_to="winter", thread="winter")
    take_in()
    with pytest.raises(NewerWords, match="1 new message since you began"):
        replied(case, daan, seen=seen)
    assert replied(case, daan, seen=seen, regardless=True).text == TEXT
    take_over(by=merel, case=case)
    replied(case, merel, text="Nog iets")
    take_over(by=daan, case=case)
    with pytest.raises(NewerWords, match="by Merel Kuin"):
        replied(case, daan, seen=3)


def test_too_long_for_the_network_is_said_with_how_much(case: Any, daan: Any) -> None:
    with pytest.raises(ValidationError, match="12 characters too many"):
        replied(case, daan, text="x" * 512)


def test_where_no_account_answers_it_is_written_down_with_its_address(
    case: Any, daan: Any, practice: Any
) -> None:
    from openroads.webcare.actions.arriving import note_answered_elsewhere

    practice.is_on = False
    practice.save()
    with pytest.raises(ValidationError, match="No account of yours answers on Bluesky"):
        replied(case, daan)
    with pytest.raises(ValidationError):
        note_answered_elsewhere(by=daan, case=case, text="Dat is gewoon", url="nowhere")
    note_answered_elsewhere(by=daan, case=case, text="Dat is gewoon", url="https://bsky.example/1")
    case.refresh_from_db()
    assert (case.state, case.waiting_since) == ("waiting", None)


def test_where_a_rule_asks_a_second_person_looks_first(case: Any, daan: Any, merel: Any) -> None:
    from openroads.delivery.models import Delivery
    from openroads.webcare.actions.approving import approve_reply, refuse_reply

    case.needs_approval = True
    case.save()
    message = replied(case, daan)
    assert (message.approval, Delivery.objects.count()) == ("asked", 0)
    case.refresh_from_db()
    assert case.waiting_since is not None
    with pytest.raises(PermissionDenied):
        approve_reply(by=daan, message=message)
    refuse_reply(by=merel, message=message, why="Noem de gratis controle")
    assert case.drafts.get(by=daan).text == TEXT
    again = replied(case, daan)
    approve_reply(by=merel, message=again)
    again.refresh_from_db()
    assert (again.approval, again.delivery.state) == ("given", "due")
    case.refresh_from_db()
    assert case.waiting_since is None


def test_an_answer_that_did_not_leave_puts_the_case_back_and_tells_its_writer(
    case: Any, daan: Any
) -> None:
    from openroads.delivery.models import Delivery, Notice
    from openroads.webcare.actions.arriving import note_failures

    since = case.waiting_since
    replied(case, daan)
    Delivery.objects.update(state="refused", last_error="The post is gone.")
    assert note_failures() == 1
    assert note_failures() == 0
    case.refresh_from_db()
    assert (case.state, case.waiting_since) == ("todo", since)
    assert Notice.objects.get(to=daan).text == "The post is gone."


def test_a_post_that_is_gone_cannot_be_answered(case: Any, daan: Any, lands: Any) -> None:
    lands("", native="winter", op="delete")
    with pytest.raises(ValidationError, match="not there any more"):
        replied(case, daan)


def test_a_note_is_for_colleagues_and_tells_who_it_names(case: Any, daan: Any, merel: Any) -> None:
    from openroads.delivery.models import Delivery, Notice
    from openroads.webcare.actions.noting import add_note

    add_note(by=daan, case=case, text="@Merel weet jij dit? Wie niet: @Piet")
    assert Delivery.objects.count() == 0
    assert Notice.objects.get(to=merel).title == f"Daan Kuipers named you in {case.code}"
    case.refresh_from_db()
    assert case.waiting_since is not None


def test_drafts_are_kept_per_person_and_found_again(case: Any, daan: Any, merel: Any) -> None:
    from openroads.webcare.actions.drafting import keep_draft

    keep_draft(by=daan, case=case, text="Hoi Mar", kind="public", seen=1)
    keep_draft(by=merel, case=case, text="Dag", kind="note", seen=1)
    keep_draft(by=daan, case=case, text="Hoi Marloes", kind="public", seen=1)
    assert {one.by.name: one.text for one in case.drafts.all()} == {
        "Daan Kuipers": "Hoi Marloes",
        "Merel Kuin": "Dag",
    }
    keep_draft(by=daan, case=case, text="  ", kind="public", seen=1)
    assert case.drafts.count() == 1
