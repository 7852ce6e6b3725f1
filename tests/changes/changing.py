"""Insights, decisions and changes made through the actions, for the tests of what comes after them."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from openroads.changes.actions import changing, deciding
from openroads.changes.models import Change, Decision, Insight
from tests.changes.conftest import a_set
from tests.changes.test_insights import opened


def decided(tom: Any, insight: Insight, answer: str = "yes", **more: Any) -> Decision:
    told: dict[str, Any] = {"reason": "It costs more than it saves."}
    if answer == "yes":
        told["change"] = deciding.NewChange(
            "A stronger plug", tom, timezone.localdate() + timedelta(days=60), about="Kade"
        )
    if answer == "later":
        told["back_on"] = timezone.localdate() + timedelta(days=30)
    return deciding.decide(by=tom, insight=insight, answer=answer, **{**told, **more})


def begun(sanne: Any, tom: Any, department: Any, **evidence: Any) -> Change:
    """A change that is being made."""
    return decided(tom, opened(sanne, department, **evidence)).change


def back_to(change: Change, on: date) -> None:
    """Let it have been decided some days before a day, so that it can have gone live on it."""
    at = timezone.now() - timedelta(days=(timezone.localdate() - on).days + 30)
    Decision.objects.filter(pk=change.decision_id).update(decided_at=at)
    Insight.objects.filter(pk=change.insight_id).update(opened_at=at - timedelta(days=15))
    change.refresh_from_db()


def live(tom: Any, change: Change, on: date | None = None) -> Change:
    """A change that went live on a day."""
    day = on or timezone.localdate()
    back_to(change, day)
    return changing.go_live(
        by=tom, change=change, live_on=day, what="Metal latch on every new bike.",
        proof="Service bulletin 26-17", proof_url="https://windmee.example/26-17",
    )  # fmt: skip


__all__ = ["a_set", "back_to", "begun", "decided", "live"]
