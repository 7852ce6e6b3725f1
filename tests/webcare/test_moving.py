"""Handing over, putting off, closing, joining and splitting, and who may see what."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

pytestmark = pytest.mark.django_db


def test_a_case_handed_to_a_team_is_seen_by_it_and_answered_by_its_people(
    case: Any, daan: Any, bram: Any
) -> None:
    from openroads.directory.models import Team
    from openroads.webcare import queries
    from openroads.webcare.actions.moving import hand_case

    assert not queries.cases_for(bram).exists()
    desk = Team.objects.get(name="PR desk")
    hand_case(by=daan, case=case, team=desk, person=bram, why="Pers belt hierover")
    assert queries.cases_for(bram).get() == case
    case.refresh_from_db()
    assert case.assignee == bram
    assert case.messages.get(kind="note").text == "Pers belt hierover"
    with pytest.raises(ValidationError, match="answers for this team"):
        hand_case(by=daan, case=case, team=None, person=bram)


def test_who_does_not_answer_sees_no_case_and_does_nothing(
    case: Any, noor: Any, sanne: Any, ada: Any
) -> None:
    from openroads.webcare import queries
    from openroads.webcare.actions.moving import close_case

    for person in (noor, sanne, ada):
        assert not queries.cases_for(person).exists()
        with pytest.raises(PermissionDenied):
            close_case(by=person, case=case)


def test_a_snoozed_case_comes_back_at_its_moment_or_when_they_write(
    case: Any, daan: Any, lands: Any
) -> None:
    from openroads.webcare.actions.moving import snooze_case, wake_cases
    from openroads.webcare.actions.taking_in import take_in

    until = timezone.now() + timedelta(hours=2)
    snooze_case(by=daan, case=case, until=until)
    assert wake_cases(until - timedelta(seconds=1)) == 0
    assert wake_cases(until) == 1
    case.refresh_from_db()
    assert case.state == "todo"
    snooze_case(by=daan, case=case, until=until)
    lands("Zijn jullie daar nog?", native="still", reply_to="winter", thread="winter")
    take_in()
    case.refresh_from_db()
    assert (case.state, case.snoozed_until) == ("todo", None)
    with pytest.raises(ValidationError, match="still to come"):
        snooze_case(by=daan, case=case, until=timezone.now() - timedelta(hours=1))


def test_thank_you_needs_no_answer_and_nobody_waits_any_more(
    case: Any, daan: Any, lands: Any
) -> None:
    from openroads.webcare.actions.moving import needs_no_answer
    from openroads.webcare.actions.taking_in import take_in

    needs_no_answer(by=daan, case=case)
    case.refresh_from_db()
    assert (case.state, case.waiting_since) == ("waiting", None)
    lands(
        "Toch nog een vraag: hoe laad ik hem op?",
        native="q2",
        reply_to="winter",
        thread="winter",
        ago=timedelta(0),
    )
    take_in()
    case.refresh_from_db()
    assert case.state == "todo"
    assert case.waiting_since is not None


def test_two_cases_of_one_person_become_one_and_the_other_leads_there(
    case: Any, daan: Any, lands: Any, client: Any
) -> None:
    from openroads.webcare.actions.moving import merge_cases
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("@windmee hoe zet ik hem uit?", native="other thread")
    take_in()
    other = Case.objects.exclude(pk=case.pk).get()
    merge_cases(by=daan, case=other, into=case)
    other.refresh_from_db()
    case.refresh_from_db()
    assert (other.state, other.ending, other.merged_into) == ("closed", "merged", case)
    assert [one.seq for one in case.messages.all()] == [1, 2]
    client.force_login(daan)
    assert client.get(f"/answer/cases/{other.pk}/").url == f"/answer/cases/{case.pk}/"
    lands("Laat maar, gevonden!", native="found", reply_to="other thread", thread="other thread")
    take_in()
    assert case.messages.count() == 3
    with pytest.raises(ValidationError, match="part of another"):
        merge_cases(by=daan, case=other, into=case)


def test_what_belongs_to_another_subject_becomes_a_case_of_its_own(
    case: Any, daan: Any, lands: Any
) -> None:
    from openroads.webcare.actions.moving import split_case
    from openroads.webcare.actions.taking_in import take_in

    lands("En wanneer krijg ik mijn factuur?", native="bill", reply_to="winter", thread="winter")
    take_in()
    first, second = case.messages.order_by("seq")
    with pytest.raises(ValidationError, match="Leave at least one"):
        split_case(by=daan, case=case, messages=[first, second])
    apart = split_case(by=daan, case=case, messages=[second])
    assert [one.pk for one in apart.messages.all()] == [second.pk]
    assert apart.waiting_since is not None
    case.refresh_from_db()
    assert case.messages.count() == 1


def test_what_happened_is_never_changed(case: Any) -> None:
    from openroads.directory.models import AppendOnly

    event = case.events.first()
    with pytest.raises(AppendOnly):
        event.save()
    with pytest.raises(AppendOnly):
        case.events.update(type="closed")


def test_two_accounts_are_joined_with_a_reason_and_parted_again(
    case: Any, daan: Any, lands: Any
) -> None:
    from openroads.webcare import contacts
    from openroads.webcare.actions.knowing import join_contacts, part_contact
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("Graag mijn factuur.", network="mail", author="marloes@post.example", native="<1@post>")
    take_in()
    mail = Case.objects.get(network="mail")
    here, there = case.identity.contact, mail.identity.contact
    (suggested,) = contacts.suggested_for(daan, here, contacts.accounts_of(daan, here))
    assert (suggested.contact, suggested.why) == (there, "handle")
    with pytest.raises(ValidationError, match="how you know"):
        join_contacts(by=daan, contact=there, into=here, how=" ")
    kept = join_contacts(by=daan, contact=there, into=here, how="Order 4711 in both")
    assert kept == here
    assert len(contacts.accounts_of(daan, here)) == 2
    assert len(contacts.cases_of(daan, here)) == 2
    mail.identity.refresh_from_db()
    part_contact(by=daan, identity=mail.identity)
    assert len(contacts.accounts_of(daan, here)) == 1


def test_many_cases_are_closed_at_once_and_one_in_others_hands_is_named(
    case: Any, daan: Any, merel: Any, lands: Any, client: Any
) -> None:
    from openroads.webcare.actions.claiming import claim_case
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("@windmee hoe zet ik hem uit?", author="kees", name="Kees", native="k")
    take_in()
    other = Case.objects.exclude(pk=case.pk).get()
    claim_case(by=merel, case=other)
    client.force_login(daan)
    page = client.post(
        "/answer/inbox/many/", {"case": [case.pk, other.pk], "do": "close"}, follow=True
    )
    told = [str(message) for message in page.context["messages"]]
    assert told[0] == "Done with 1 case."
    assert "Merel Kuin has claimed this case" in told[1]
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.state, other.state) == ("closed", "todo")


def test_cases_of_two_people_are_not_joined(case: Any, daan: Any, lands: Any) -> None:
    from openroads.webcare.actions.moving import merge_cases
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    lands("@windmee hoe zet ik hem uit?", author="kees", name="Kees", native="k")
    take_in()
    other = Case.objects.exclude(pk=case.pk).get()
    with pytest.raises(ValidationError, match="cases of two people"):
        merge_cases(by=daan, case=other, into=case)
