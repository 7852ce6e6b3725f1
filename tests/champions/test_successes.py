"""Recording, correcting, confirming and withdrawing successes, and who hears of them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from openroads.champions import queries
from openroads.champions.actions.successes import (
    confirm_success,
    correct_success,
    let_tell,
    record_success,
    withdraw_success,
)
from openroads.champions.models import Success
from openroads.delivery.models import Notice
from openroads.directory.models import TrailEntry

pytestmark = pytest.mark.django_db


def seen_by(person: Any) -> list[str]:
    return [one.code for one in queries.successes_for(person)]


def test_a_champion_writes_down_their_own_and_nobody_hears_before_they_say_so(
    ilse: Any, ida: Any, fleur: Any, recorded: Any
) -> None:
    success = recorded(ilse, tell="nobody")
    assert success.code == "S-001" and success.tell_by is None
    assert seen_by(ilse) == seen_by(fleur) == ["S-001"] and seen_by(ida) == []
    let_tell(by=ilse, success=success, tell="colleagues")
    assert seen_by(ida) == ["S-001"]
    let_tell(by=ilse, success=success, tell="nobody")
    assert seen_by(ida) == []


def test_of_a_colleague_nobody_hears_until_they_agreed(
    daan: Any, ida: Any, sanne: Any, recorded: Any
) -> None:
    success = recorded(daan, owner=ida, tell="outside")
    assert success.tell == "nobody" and seen_by(sanne) == []
    notice = Notice.objects.get(to=ida)
    assert "Daan Kuipers wrote down a success of yours: S-001" == notice.title
    assert "test ride" not in notice.text
    with pytest.raises(PermissionDenied):
        let_tell(by=daan, success=success, tell="colleagues")
    let_tell(by=ida, success=success, tell="colleagues")
    assert seen_by(sanne) == ["S-001"]


def test_people_outside_hear_of_it_only_when_somebody_says_how_they_agreed(
    ilse: Any, recorded: Any
) -> None:
    success = recorded(ilse)
    with pytest.raises(ValidationError, match="Say how"):
        let_tell(by=ilse, success=success, tell="outside")
    told = let_tell(by=ilse, success=success, tell="outside", how="By mail, 3 November")
    assert (told.tell, told.tell_by, told.tell_how) == ("outside", ilse, "By mail, 3 November")


def test_who_keeps_successes_can_only_let_fewer_hear(fleur: Any, ilse: Any, recorded: Any) -> None:
    success = recorded(ilse)
    with pytest.raises(PermissionDenied):
        let_tell(by=fleur, success=success, tell="outside", how="x")
    assert let_tell(by=fleur, success=success, tell="nobody").tell_by is None


def test_employees_and_customers_record_nothing(
    ida: Any, marloes: Any, omar: Any, ilse: Any, told: Any
) -> None:
    for person in (ida, marloes, omar):
        with pytest.raises(PermissionDenied):
            record_success(by=person, owner=person, told=told())
    with pytest.raises(ValidationError, match="works here"):
        record_success(by=ilse, owner=marloes, told=told())


def test_a_and_b_need_a_proof_and_a_second_person(
    ilse: Any, noor: Any, fleur: Any, daan: Any, recorded: Any
) -> None:
    with pytest.raises(ValidationError, match="stands in the books"):
        recorded(ilse, level="A")
    with pytest.raises(ValidationError, match="the customer says so"):
        recorded(ilse, level="B")
    success = recorded(ilse, level="A", proof="CRM 1204")
    assert success.needs_confirming
    assert [n.title for n in Notice.objects.filter(to=noor)] == ["S-001 waits to be confirmed"]
    for person in (ilse, daan):
        with pytest.raises(PermissionDenied):
            confirm_success(by=person, success=success, seen=1)
    confirmed = confirm_success(by=fleur, success=success, seen=1)
    assert confirmed.confirmed_by == fleur and not confirmed.needs_confirming


def test_nobody_confirms_their_own_nor_what_they_did_not_read(
    noor: Any, fleur: Any, told: Any, recorded: Any
) -> None:
    own = recorded(noor, level="A", proof="CRM 1")
    with pytest.raises(PermissionDenied):
        confirm_success(by=noor, success=own, seen=1)
    correct_success(by=noor, success=own, told=told(level="A", proof="CRM 2"), seen=1)
    with pytest.raises(ValidationError, match="corrected it meanwhile"):
        confirm_success(by=fleur, success=own, seen=1)


def test_a_correction_is_confirmed_anew_and_no_change_is_none(
    ilse: Any, fleur: Any, told: Any, recorded: Any
) -> None:
    success = recorded(ilse, level="A", proof="CRM 1")
    confirm_success(by=fleur, success=success, seen=1)
    same = correct_success(by=ilse, success=success, told=told(level="A", proof="CRM 1"), seen=1)
    assert same.version == 1 and same.confirmed_by == fleur
    other = correct_success(by=ilse, success=success, told=told(level="A", proof="CRM 9"), seen=1)
    assert other.version == 2 and other.needs_confirming
    with pytest.raises(ValidationError, match="meanwhile"):
        correct_success(by=ilse, success=success, told=told(), seen=1)


def test_words_somebody_else_changed_are_told_to_nobody_until_agreed_anew(
    ilse: Any, fleur: Any, told: Any, recorded: Any
) -> None:
    success = recorded(ilse)
    kept = correct_success(by=fleur, success=success, told=told(kind="deal"), seen=1)
    assert kept.tell == "colleagues"  # the words are those she agreed to
    silent = correct_success(by=fleur, success=success, told=told(kind="deal", title="Sold"), seen=2)  # fmt: skip
    assert silent.tell == "nobody" and Notice.objects.filter(to=ilse).count() == 1


def test_three_amounts_or_none_and_in_their_order(ilse: Any, recorded: Any) -> None:
    for amounts in ({"base": Decimal(5)}, {"low": Decimal(1), "high": Decimal(2)}):
        with pytest.raises(ValidationError, match="all three"):
            recorded(ilse, **amounts)
    with pytest.raises(ValidationError, match="go up"):
        recorded(ilse, low=Decimal(9), base=Decimal(5), high=Decimal(7))
    exact = recorded(ilse, level="A", proof="CRM 1", base=Decimal("1200.50"))
    assert exact.amounts == (Decimal("1200.50"),) * 3
    assert recorded(ilse).amounts is None


def test_a_day_to_come_is_refused(ilse: Any, recorded: Any) -> None:
    with pytest.raises(ValidationError, match="still to come"):
        recorded(ilse, on=timezone.localdate() + timedelta(days=1))


def test_what_is_withdrawn_stays_with_its_reason_and_is_told_to_nobody(
    ilse: Any, ida: Any, noor: Any, told: Any, recorded: Any
) -> None:
    success = recorded(ilse)
    with pytest.raises(PermissionDenied):
        withdraw_success(by=ida, success=success, why="x")
    with pytest.raises(ValidationError, match="Say why"):
        withdraw_success(by=ilse, success=success, why=" ")
    withdraw_success(by=ilse, success=success, why="It was cancelled.")
    assert seen_by(ida) == [] and seen_by(ilse) == seen_by(noor) == ["S-001"]
    with pytest.raises(ValidationError, match="withdrawn"):
        correct_success(by=ilse, success=success, told=told(title="x"), seen=1)


def test_every_deed_stands_in_the_trail_without_a_word_of_the_story(
    ilse: Any, fleur: Any, recorded: Any
) -> None:
    success = recorded(ilse, level="A", proof="CRM 1", story="He came from Zwolle.")
    confirm_success(by=fleur, success=success, seen=1)
    withdraw_success(by=ilse, success=success, why="Cancelled in Zwolle.")
    entries = TrailEntry.objects.filter(kind="champions.success")
    assert [one.verb for one in entries.order_by("number")] == [
        "recorded a success", "confirmed a success", "withdrew a success",
    ]  # fmt: skip
    assert not any("Zwolle" in one.facts_text or "test ride" in one.facts_text for one in entries)
    assert Success.objects.get().withdrawn_why == "Cancelled in Zwolle."
