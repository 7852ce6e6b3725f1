"""What holds when two do something at once, in cases that closed or were joined, and against hostile input."""

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


@pytest.fixture
def another(lands: Any, case: Any) -> Any:
    """A second case of Marloes, in a thread of its own."""
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("@windmee nog iets: hoe laad ik mijn Kade op?", native="load", ago=timedelta(minutes=4))
    take_in()
    return Case.objects.exclude(pk=case.pk).get()


@pytest.fixture
def third(lands: Any, another: Any, case: Any) -> Any:
    """And a third."""
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("@windmee en waar kan ik de Kade laten maken?", native="mend", ago=timedelta(minutes=3))
    take_in()
    return Case.objects.exclude(pk__in=(case.pk, another.pk)).get()


# ------------------------------------------------------------------------------------ closed cases
def test_an_answer_given_elsewhere_in_a_closed_case_opens_it_again(case: Any, daan: Any) -> None:
    from openroads.webcare.actions.arriving import note_answered_elsewhere
    from openroads.webcare.actions.moving import close_case

    close_case(by=daan, case=case)
    note_answered_elsewhere(by=daan, case=case, text=TEXT, url="https://bsky.app/post/1")
    case.refresh_from_db()
    assert (case.state, case.closed_at, case.cycle) == ("waiting", None, 2)


def test_approving_in_a_case_that_was_closed_meanwhile_opens_it_again_and_sends(
    case: Any, daan: Any, merel: Any
) -> None:
    from openroads.webcare.actions.approving import approve_reply
    from openroads.webcare.actions.moving import close_case

    case.needs_approval = True
    case.save()
    message = replied(case, daan)
    close_case(by=daan, case=case)
    approve_reply(by=merel, message=message)
    message.refresh_from_db()
    case.refresh_from_db()
    assert (message.delivery.state, message.cycle) == ("due", 2)
    assert (case.state, case.closed_at, case.waiting_since) == ("waiting", None, None)


def test_what_has_no_way_out_any_more_is_not_approved_and_says_so(
    case: Any, practice: Any, daan: Any, merel: Any, client: Any
) -> None:
    from openroads.delivery.models import Channel

    case.needs_approval = True
    case.save()
    message = replied(case, daan)
    Channel.objects.update(is_on=False)
    client.force_login(merel)
    page = client.post(f"/answer/messages/{message.pk}/approve/", follow=True)
    assert page.status_code == 200
    message.refresh_from_db()
    assert (message.approval, message.delivery) == ("asked", None)


# ------------------------------------------------------------------------------------- drafts
def test_a_private_answer_that_is_sent_back_is_a_private_draft(
    case: Any, daan: Any, merel: Any
) -> None:
    from openroads.webcare.actions.approving import refuse_reply

    case.needs_approval = True
    case.save()
    refuse_reply(by=merel, message=replied(case, daan, private=True), why="Anders")
    assert case.drafts.get(by=daan).kind == "private"


def test_what_was_being_written_stays_when_an_earlier_answer_is_taken_back(
    case: Any, daan: Any, merel: Any
) -> None:
    from openroads.webcare.actions.drafting import keep_draft
    from openroads.webcare.actions.replying import take_back

    message = replied(case, daan)
    keep_draft(by=daan, case=case, text="En nog iets", kind="public", seen=2)
    take_back(by=merel, message=message)
    assert case.drafts.get(by=daan).text == f"{TEXT}\n\nEn nog iets"


def test_what_was_taken_back_before_a_second_person_looked_waits_for_nobody(
    case: Any, daan: Any, merel: Any, client: Any
) -> None:
    from openroads.webcare import queries
    from openroads.webcare.actions.replying import take_back

    case.needs_approval = True
    case.save()
    message = replied(case, daan)
    approve = next(one for one in queries.queues_of(merel) if one.name == "approve")
    assert queries.cases_for(merel).filter(approve.found).exists()
    take_back(by=daan, message=message)
    assert not queries.cases_for(merel).filter(approve.found).exists()


# ------------------------------------------------------------------------------------- one form
def test_a_form_without_its_key_or_with_that_of_somebody_else_sends_nothing_and_says_so(
    case: Any, daan: Any, merel: Any
) -> None:
    from openroads.webcare.models import Message

    with pytest.raises(ValidationError, match="Open the case anew"):
        replied(case, daan, key="")
    first = replied(case, daan, key="one")
    with pytest.raises(ValidationError, match="Open the case anew"):
        replied(case, merel, key="one")
    assert Message.objects.filter(kind="ours").get() == first


def test_an_answer_with_twenty_thousand_signs_and_nul_is_kept_without_the_nul(
    case: Any, daan: Any, client: Any
) -> None:
    client.force_login(daan)
    told = {"text": "é\0🚲\u202e" * 8_000, "kind": "public\0", "seen": "9" * 30, "key": "\0k"}
    assert client.post(f"/answer/cases/{case.pk}/draft/", told).status_code == 302
    kept = case.drafts.get(by=daan)
    assert ("\0" in kept.text, len(kept.text), kept.kind, kept.seen) == (False, 20_000, "public", 0)
    assert client.post(f"/answer/cases/{case.pk}/reply/", told).status_code in (302, 409)
    used = {"code": "/accu\0", "text": "a\0b"}
    assert client.post(f"/answer/cases/{case.pk}/use/", used).status_code == 302
    for address in ("?q=%00a", "?q=" + "a" * 9_000, "?after=99999999999", "?queue=team-999999999"):
        assert client.get(f"/answer/inbox/{address}").status_code == 200


def test_further_down_behind_a_case_that_is_open_again_begins_at_the_top(
    case: Any, daan: Any, client: Any
) -> None:
    client.force_login(daan)
    assert client.get(f"/answer/inbox/?queue=closed&after={case.pk}").status_code == 200
    assert client.get(f"/answer/cases/{case.pk}/?queue=closed&after={case.pk}").status_code == 200


# --------------------------------------------------------------------------------- joined cases
def test_nothing_is_said_in_a_case_that_goes_on_in_another(
    case: Any, another: Any, daan: Any
) -> None:
    from openroads.webcare.actions.arriving import note_answered_elsewhere
    from openroads.webcare.actions.moving import hand_case, merge_cases
    from openroads.webcare.actions.noting import add_note

    merge_cases(by=daan, case=another, into=case)
    with pytest.raises(ValidationError, match="part of another"):
        replied(another, daan)
    with pytest.raises(ValidationError, match="part of another"):
        add_note(by=daan, case=another, text="Hm")
    with pytest.raises(ValidationError, match="part of another"):
        hand_case(by=daan, case=another, team=None, person=daan)
    with pytest.raises(ValidationError, match="part of another"):
        note_answered_elsewhere(by=daan, case=another, text=TEXT, url="https://bsky.app/1")
    another.refresh_from_db()
    assert (another.state, another.cycle) == ("closed", 1)


def test_a_mail_is_never_answered_on_a_public_network_because_two_cases_were_joined(
    case: Any, daan: Any, lands: Any
) -> None:
    from openroads.webcare import queries
    from openroads.webcare.actions.knowing import join_contacts
    from openroads.webcare.actions.moving import merge_cases
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("Mijn adres is Dam 1", native="mail", network="mail", author="marloes@post.example")
    take_in()
    mailed = Case.objects.get(network="mail")
    join_contacts(
        by=daan, contact=mailed.identity.contact, into=case.identity.contact, how="Zei ze zelf"
    )
    mailed.refresh_from_db()
    assert not queries.cases_to_merge(daan, mailed).exists()
    with pytest.raises(ValidationError, match="one network only"):
        merge_cases(by=daan, case=mailed, into=case)


def test_what_comes_in_for_a_case_joined_twice_over_goes_on_in_the_last(
    case: Any, another: Any, third: Any, daan: Any, lands: Any
) -> None:
    from openroads.webcare.actions.moving import merge_cases
    from openroads.webcare.actions.taking_in import take_in

    merge_cases(by=daan, case=third, into=another)
    merge_cases(by=daan, case=another, into=case)
    lands("Nog steeds stuk.", native="more", reply_to="mend", thread="mend", ago=timedelta(0))
    take_in()
    case.refresh_from_db()
    another.refresh_from_db()
    assert case.messages.filter(kind="theirs").count() == 4
    assert (another.state, another.cycle) == ("closed", 1)


def test_a_case_that_waits_for_them_is_to_do_again_when_an_open_question_joins_it(
    case: Any, another: Any, daan: Any
) -> None:
    from openroads.webcare.actions.moving import merge_cases

    replied(case, daan)
    case.refresh_from_db()
    another.messages.update(received_at=timezone.now() + timedelta(seconds=5))
    assert case.state == "waiting"
    kept = merge_cases(by=daan, case=another, into=case)
    assert kept.waiting_since is not None
    assert kept.state == "todo"


def test_what_a_colleague_is_asked_and_what_is_being_written_go_along_when_cases_join(
    case: Any, another: Any, daan: Any, tom: Any
) -> None:
    from openroads.webcare.actions.drafting import keep_draft
    from openroads.webcare.actions.moving import merge_cases
    from openroads.webcare.approach.actions.answering import answer_question
    from openroads.webcare.approach.actions.asking import ask_colleague

    asked = ask_colleague(
        by=daan, case=another, words="Wat kost een accu?", due_on=timezone.localdate(), to=tom
    )
    keep_draft(by=daan, case=another, text="Hoi Mar", kind="public", seen=1)
    merge_cases(by=daan, case=another, into=case)
    answer_question(question=asked, text="499 euro", how="link")
    assert case.messages.filter(kind="note", text="499 euro").exists()
    assert case.drafts.get(by=daan).text == "Hoi Mar"


def test_an_answer_taken_back_after_its_case_was_joined_opens_the_case_it_stands_in(
    case: Any, another: Any, daan: Any
) -> None:
    from openroads.webcare.actions.moving import merge_cases
    from openroads.webcare.actions.replying import take_back

    message = replied(another, daan)  # as a page had it before the two were joined
    merge_cases(by=daan, case=another, into=case)
    take_back(by=daan, message=message)
    another.refresh_from_db()
    assert another.state == "closed"
    assert case.drafts.get(by=daan).text == TEXT


# ------------------------------------------------------------------------- what left, or did not
def test_an_answer_that_left_after_all_ends_their_waiting(case: Any, daan: Any, ada: Any) -> None:
    from openroads.delivery.actions import call_sent
    from openroads.delivery.models import Delivery
    from openroads.webcare.actions.arriving import note_arrivals, note_failures

    message = replied(case, daan)
    Delivery.objects.update(state="needs_a_look")
    assert (note_failures(), note_arrivals()) == (1, 0)
    message.delivery.refresh_from_db()
    call_sent(by=ada, delivery=message.delivery)
    assert (note_arrivals(), note_arrivals()) == (1, 0)
    case.refresh_from_db()
    assert (case.state, case.waiting_since) == ("waiting", None)


def test_an_answer_that_was_let_be_is_not_called_an_answer(
    case: Any, daan: Any, ada: Any, client: Any
) -> None:
    from openroads.delivery.actions import leave_it
    from openroads.delivery.models import Delivery
    from openroads.webcare.actions.arriving import note_failures
    from openroads.webcare.settling import settle

    message = replied(case, daan)
    Delivery.objects.update(state="refused")
    note_failures()
    message.delivery.refresh_from_db()
    leave_it(by=ada, delivery=message.delivery)
    case.refresh_from_db()
    assert settle(case).waiting_since is not None
    client.force_login(daan)
    page = client.get(f"/answer/cases/{case.pk}/").content.decode()
    assert "let be, and not sent again" in page
    assert "taken back" not in page


# -------------------------------------------------------------------------- who may, and who sees
def test_only_who_answers_makes_a_post_a_case_and_of_one_team_it_is_theirs(
    lands: Any, practice: Any, sanne: Any, bram: Any, client: Any
) -> None:
    from openroads.archive.queries.cases import collected_after
    from openroads.directory.conversations import archive
    from openroads.directory.models import Team
    from openroads.webcare.actions.taking_in import take_post

    lands("De Kade staat in de krant", native="press", author="krant")
    now = timezone.now()
    days = {"since": (now - timedelta(days=2)).date(), "until": (now + timedelta(days=2)).date()}
    (post,) = collected_after(archive(), now - timedelta(hours=1), 0, limit=5, **days)
    with pytest.raises(PermissionDenied):
        take_post(by=sanne, post=post)
    made = take_post(by=bram, post=post)
    assert made.team == Team.objects.get(name="PR desk")
    assert take_post(by=bram, post=post) == made


def test_a_post_in_a_case_out_of_sight_is_not_found(case: Any, bram: Any, client: Any) -> None:
    from openroads.webcare.words import last_word_of, mark_of

    post = last_word_of(case)
    assert post is not None
    client.force_login(bram)
    for ask in (client.get, client.post):
        page = ask(f"/answer/take/{mark_of(post)}/")
        assert page.status_code == 404
        assert "48 km" not in page.content.decode()


# ----------------------------------------------------------------------------- who was erased
def test_erasing_reaches_a_case_joined_to_that_of_another_account_and_every_reason_and_notice(
    case: Any, daan: Any, merel: Any, ada: Any, lands: Any
) -> None:
    from openroads.delivery.models import Notice
    from openroads.delivery.runner import work_off
    from openroads.directory.models import TrailEntry
    from openroads.listening.erasing import schedule  # noqa: F401 (declares its jobs)
    from openroads.listening.erasing.actions import ask_erasure
    from openroads.webcare import schedule as webcare  # noqa: F401 (declares what follows)
    from openroads.webcare.actions.approving import refuse_reply
    from openroads.webcare.actions.forgetting import forget_erased
    from openroads.webcare.actions.knowing import join_contacts
    from openroads.webcare.actions.moving import block_identity, hand_case, merge_cases
    from openroads.webcare.actions.noting import add_note
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case, CaseEvent, Message

    lands("@windmee ik ben het ook, mijn andere adres?", native="toot", author="mdg")
    take_in()
    second = Case.objects.exclude(pk=case.pk).get()
    secret = "Marloes belde over haar scheiding"
    add_note(by=daan, case=second, text=f"@Merel {secret}")
    second.refresh_from_db()
    hand_case(by=daan, case=second, team=None, person=merel, why=f"Let op: {secret}")
    Case.objects.filter(pk=second.pk).update(needs_approval=True)
    refuse_reply(by=merel, message=replied(second, daan, private=True), why=secret)
    join_contacts(by=daan, contact=second.identity.contact, into=case.identity.contact, how=secret)
    block_identity(by=daan, identity=second.identity, why=secret)
    merge_cases(by=daan, case=second, into=case)
    assert not any(secret in str(entry.facts_text) for entry in TrailEntry.objects.all())
    ask_erasure(by=ada, network="bluesky", handle="mdg", again="mdg")
    work_off()
    second.identity.refresh_from_db()
    left = [second.identity.verified_how, second.identity.blocked_why]
    for message in Message.objects.all():
        left += [message.text, message.approval_why]
    left += [notice.text for notice in Notice.objects.all()]
    left += [str(event.data) for event in CaseEvent.objects.all()]
    assert [text for text in left if secret in text] == []
    assert forget_erased() == 0


# ------------------------------------------------------------------------------------ the archive
def test_the_archive_is_asked_before_the_state_is_locked(
    case: Any, daan: Any, monkeypatch: Any
) -> None:
    from django.db import connection

    from openroads.directory.conversations import archive

    inside = len(connection.savepoint_ids)
    asked: list[int] = []
    rows = type(archive()).rows

    def noted(self: Any, *told: Any, **more: Any) -> Any:
        asked.append(len(connection.savepoint_ids) - inside)
        return rows(self, *told, **more)

    monkeypatch.setattr(type(archive()), "rows", noted)
    replied(case, daan)
    assert asked
    assert set(asked) == {0}
