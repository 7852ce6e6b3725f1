"""Rules in their order: what they find, what they decide, and what they would have done."""

from datetime import time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

pytestmark = pytest.mark.django_db


def a_rule(by: Any, **told: Any) -> Any:
    from openroads.webcare.rules.actions import keep_rule

    return keep_rule(
        by=by, rule=None, told={"name": "A rule", "position": 1, "does": "open", **told}
    )


def test_the_first_rule_with_an_opinion_decides_each_thing_apart(
    windmee: Any, lands: Any, noor: Any, daan: Any
) -> None:
    from openroads.directory.models import Team
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    team = Team.objects.create(name="Webcare")
    a_rule(
        noor,
        name="Theft goes to Daan",
        query="gestolen OR diefstal",
        does="",
        assignee=daan,
        position=5,
    )
    a_rule(noor, name="All to the team", does="", team=team, position=10)
    a_rule(
        noor,
        name="Legal words need a second look",
        query="advocaat",
        does="",
        needs_approval=True,
        position=20,
    )
    lands("@windmee mijn fiets is gestolen, moet mijn advocaat bellen?", native="a")
    take_in()
    case = Case.objects.get()
    assert (case.assignee, case.team, case.needs_approval) == (daan, team, True)
    names = [said for _rule, said in case.rule_runs.get().did]
    assert names == ["person", "team", "second look", "open"]


def test_a_rule_that_leaves_a_post_ends_the_asking(windmee: Any, lands: Any, noor: Any) -> None:
    from openroads.webcare.actions.taking_in import take_in
    from openroads.webcare.models import Case

    a_rule(noor, name="Prize draws", query="winactie", does="leave", position=5)
    lands("@windmee doe ik mee met de winactie? Wanneer is de uitslag?", native="a")
    take_in()
    assert not Case.objects.exists()


def test_words_that_cannot_be_read_are_refused_with_what_is_wrong(windmee: Any, noor: Any) -> None:
    with pytest.raises(ValidationError) as problem:
        a_rule(noor, query="(accu OR")
    assert "query" in problem.value.message_dict


def test_a_rule_must_do_something(windmee: Any, noor: Any) -> None:
    with pytest.raises(ValidationError, match="does with such a post"):
        a_rule(noor, does="")


def test_only_who_leads_makes_rules(windmee: Any, daan: Any) -> None:
    with pytest.raises(PermissionDenied):
        a_rule(daan)


def test_hours_may_go_over_midnight(windmee: Any, noor: Any, lands: Any) -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from openroads.webcare.rules.deciding import Seen, fits

    rule = a_rule(noor, from_time=time(22), to_time=time(7))
    zone = ZoneInfo("Europe/Amsterdam")
    post = type("Post", (), {"network": "x", "language": "nl", "kind": "question", "mood": 0})()
    at = lambda hour: Seen(post, True, lambda: False, datetime(2026, 11, 30, hour, tzinfo=zone))  # type: ignore[arg-type] # noqa: E731
    assert [fits(rule, at(hour)) for hour in (23, 3, 7, 12)] == [True, True, False, False]


def test_a_rule_is_tried_on_last_week_and_changes_nothing(
    windmee: Any, lands: Any, noor: Any, daan: Any, client: Any
) -> None:
    from openroads.webcare.models import Case
    from openroads.webcare.rules.actions import try_rule

    lands("@windmee hoe ver kom ik?", native="a")
    lands("Mijn accu is leeg", author="piet", name="Piet", native="b")
    rule = a_rule(noor, query="accu")
    tried = try_rule(by=noor, rule=rule)
    assert (tried.looked_at, tried.found, tried.opened) == (2, 1, 2)
    assert sum(tried.by_day.values()) == 1
    assert not Case.objects.exists()
    client.force_login(noor)
    page = client.get(f"/answer/rules/{rule.pk}/try/").content.decode()
    assert "1 of 2 posts" in page
    assert "Mijn accu" not in page  # Noor sees no names; who answers does


def test_rules_are_shown_in_words(windmee: Any, noor: Any, client: Any) -> None:
    client.force_login(noor)
    page = client.get("/answer/rules/").content.decode()
    assert "said to us; complaint" in page
    assert "becomes a case, comes first" in page
    answer = client.post(
        "/answer/rules/add/",
        {
            "name": "Night",
            "position": 7,
            "does": "open",
            "is_on": "on",
            "kinds": ["question"],
            "moods": ["-1"],
            "days": ["6", "7"],
        },
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert (
        "question; negative; Saturday and Sunday" in client.get("/answer/rules/").content.decode()
    )
