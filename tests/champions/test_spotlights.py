"""A colleague is shown after their own yes, for some days, and can step out at any moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from openroads.champions import queries
from openroads.champions.actions.spotlights import (
    answer_spotlight,
    ask_for_spotlight,
    call_off,
    step_out,
)
from openroads.delivery.models import Delivery, Notice

pytestmark = pytest.mark.django_db
WHY = "She fixed a brake in ten minutes and would not take money."


def asked(by: Any, person: Any, *, since: int = 0, days: int = 14, why: str = WHY) -> Any:
    first = timezone.localdate() + timedelta(days=since)
    return ask_for_spotlight(
        by=by, person=person, why=why, since=first, until=first + timedelta(days=days)
    )


def shown() -> list[str]:
    return [str(one.person) for one in queries.shown_spotlights()]


def test_nothing_is_shown_before_the_yes(daan: Any, ida: Any, sanne: Any) -> None:
    spotlight = asked(daan, ida)
    assert shown() == [] and not queries.spotlights_for(sanne).exists()
    notice = Notice.objects.get(to=ida)
    assert notice.title == "Daan Kuipers would like to put you in the spotlight"
    assert WHY not in notice.text
    assert Delivery.objects.filter(recipient=ida.email).count() == 1
    answer_spotlight(by=ida, spotlight=spotlight, yes=True)
    assert shown() == ["Ida Smit"] and queries.spotlights_for(sanne).exists()
    assert Notice.objects.get(to=daan).title == "Ida Smit said yes to the spotlight"


def test_nobody_says_yes_for_another(daan: Any, ida: Any, noor: Any) -> None:
    spotlight = asked(daan, ida)
    for person in (daan, noor):
        with pytest.raises(PermissionDenied):
            answer_spotlight(by=person, spotlight=spotlight, yes=True)
        with pytest.raises(PermissionDenied):
            step_out(by=person, spotlight=spotlight)


def test_a_no_ends_it_without_a_reason(daan: Any, ida: Any, sanne: Any) -> None:
    spotlight = asked(daan, ida)
    answer_spotlight(by=ida, spotlight=spotlight, yes=False)
    assert shown() == [] and not queries.spotlights_for(sanne).exists()
    with pytest.raises(ValidationError, match="nothing to answer"):
        answer_spotlight(by=ida, spotlight=spotlight, yes=True)
    asked(daan, ida)  # and one may ask again


def test_a_yes_can_be_taken_back_at_any_moment(daan: Any, ida: Any) -> None:
    spotlight = answer_spotlight(by=ida, spotlight=asked(daan, ida), yes=True)
    step_out(by=ida, spotlight=spotlight)
    assert shown() == []
    assert step_out(by=ida, spotlight=spotlight).state == "stepped_out"
    assert Notice.objects.filter(to=daan).count() == 2


def test_it_is_shown_from_its_first_day_up_to_its_last(daan: Any, ida: Any, ilse: Any) -> None:
    answer_spotlight(by=ida, spotlight=asked(daan, ida, since=1), yes=True)
    assert shown() == []
    over = answer_spotlight(by=ilse, spotlight=asked(daan, ilse, days=1), yes=True)
    assert shown() == ["Ilse Brouwer"]
    type(over).objects.filter(pk=over.pk).update(
        since=timezone.localdate() - timedelta(days=3), until=timezone.localdate()
    )
    assert shown() == []


def test_who_left_is_shown_no_more(daan: Any, ida: Any) -> None:
    answer_spotlight(by=ida, spotlight=asked(daan, ida), yes=True)
    ida.is_active = False
    ida.save()
    assert shown() == []


def test_who_asked_and_who_keeps_call_it_off(
    daan: Any, bram: Any, fleur: Any, ida: Any, ilse: Any
) -> None:
    first = asked(daan, ida)
    with pytest.raises(PermissionDenied):
        call_off(by=bram, spotlight=first)
    assert call_off(by=daan, spotlight=first).state == "called_off"
    second = answer_spotlight(by=ilse, spotlight=asked(daan, ilse), yes=True)
    call_off(by=fleur, spotlight=second)
    assert shown() == []
    assert Notice.objects.filter(to=ilse, title="Your spotlight was called off").exists()


def test_faults_are_said_where_they_are(daan: Any, ida: Any, marloes: Any) -> None:
    for told, field in (
        ({"person": daan}, "person"), ({"person": marloes}, "person"), ({"why": " "}, "why"),
        ({"days": 40}, "until"), ({"since": -9, "days": 2}, "until"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as found:
            asked(daan, **{"person": ida, **told})
        assert list(found.value.message_dict) == [field]
    asked(daan, ida)
    with pytest.raises(ValidationError, match="asked already"):
        asked(daan, ida)


def test_employees_put_nobody_forward(ida: Any, ilse: Any, marloes: Any) -> None:
    for person in (ida, marloes):
        with pytest.raises(PermissionDenied):
            asked(person, ilse)
