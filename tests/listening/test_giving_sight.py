"""Sight of names is given by name, for a reason, until a day."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from openroads.directory.models import TrailEntry
from openroads.listening.models import SeesNames
from openroads.listening.sight import actions, policy
from openroads.listening.sight.seeing import Sight, sight_of


def test_sight_is_given_for_a_reason_until_a_day_and_taken_away(
    ada: Any, noor: Any, sanne: Any
) -> None:
    assert not policy.may_see_names(noor)
    with pytest.raises(PermissionDenied):
        actions.give_sight(by=sanne, person=sanne, why="curious")
    today = timezone.localdate()
    with pytest.raises(ValidationError):
        actions.give_sight(by=ada, person=noor, why="answers the press", until=today)
    given = actions.give_sight(by=ada, person=noor, why="answers the press")
    assert policy.may_see_names(noor) and sight_of(noor) == Sight(True)
    assert TrailEntry.objects.first().facts["reason"] == "answers the press"
    actions.take_sight(by=ada, given=given)
    policy.forget_sight(noor)
    assert not policy.may_see_names(noor)
    assert SeesNames.objects.get().until == today, (
        "who could see names on a day can be told afterwards"
    )


def test_who_may_not_sign_in_sees_nothing(ada: Any, noor: Any) -> None:
    actions.give_sight(by=ada, person=noor, why="answers the press")
    noor.is_active = False
    policy.forget_sight(noor)
    assert not policy.may_see_names(noor)


def test_the_page_gives_and_takes_it(ada: Any, noor: Any, daan: Any, signed_in: Any) -> None:
    browser = signed_in(ada)
    page = browser.get(reverse("sight:names")).content.decode()
    assert "Daan Kuipers" in page and "To nobody." in page
    assert browser.post(reverse("sight:names"), {"person": noor.pk, "why": ""}).status_code == 400
    browser.post(reverse("sight:names"), {"person": noor.pk, "why": "Answers the press"})
    assert "Answers the press" in browser.get(reverse("sight:names")).content.decode()
    browser.post(reverse("sight:take", args=(SeesNames.objects.get().pk,)))
    assert "To nobody." in browser.get(reverse("sight:names")).content.decode()
