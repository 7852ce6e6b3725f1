"""Reminders of promised days: who decides or makes is told before and on the day, and later who leads."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.changes import queries, telling
from openroads.changes.models import Change, Insight
from openroads.directory.models import Person

AHEAD = 3
"""Days before the promised one at which the first reminder goes."""
TOO_LATE = 7
"""Days after it at which who leads the conversation is told."""


def remind_all(*, today: date) -> None:
    """Every reminder of the day. Told once each: running twice, or late, tells nobody twice."""
    leaders = queries.conversation_managers()
    waiting = Insight.objects.filter(state=Insight.State.OPEN).select_related("department__head")
    for insight in waiting.order_by("pk"):
        _of_insight(insight, today, leaders)
    making = Change.objects.filter(state=Change.State.MAKING).select_related("owner", "department__head")  # fmt: skip
    for change in making.order_by("pk"):
        _of_change(change, today, leaders)


def stage_of(due: date, today: date) -> str:
    """Which reminder a promised day asks for today: "ahead", "today", "past" or none. One that was
    missed (the house stood still) is made up by the next one."""
    left = (due - today).days
    if left <= -TOO_LATE:
        return "past"
    if left <= 0:
        return "today"
    return "ahead" if left <= AHEAD else ""


def _of_insight(insight: Insight, today: date, leaders: list[Person]) -> None:
    due = timezone.localdate(insight.decide_by)
    stage = stage_of(due, today)
    if not stage:
        return
    told = {"code": insight.code, "department": insight.department, "n": (today - due).days}
    titles = {
        "ahead": lambda: _("%(code)s waits for your decision; its days are nearly over") % told,
        "today": lambda: _("The promised day of %(code)s has come") % told,
        "past": lambda: _("%(code)s has waited %(n)s days too long for %(department)s") % told,
    }
    people = queries.deciders_of(insight.department)
    # A department without a head has nobody to remind: who leads hears of it from the day itself.
    if stage == "past" or (stage == "today" and not people):
        people = [*people, *(one for one in leaders if one not in people)]
    telling.remind(
        people, deed=f"insight {insight.pk} due {due} {stage}", title=titles[stage],
        text=lambda: insight.title, url=telling.address_of(insight), mail=True,
    )  # fmt: skip


def _of_change(change: Change, today: date, leaders: list[Person]) -> None:
    due = change.due_on
    stage = stage_of(due, today)
    if not stage:
        return
    told = {"code": change.code, "owner": change.owner, "n": (today - due).days}
    titles = {
        "ahead": lambda: _("%(code)s is promised within days") % told,
        "today": lambda: _("The promised day of %(code)s has come") % told,
        "past": lambda: _("%(code)s of %(owner)s is %(n)s days past its promised day") % told,
    }
    people = [change.owner]
    if stage == "past":
        more = [*queries.deciders_of(change.department), *leaders]
        people += [one for one in dict.fromkeys(more) if one != change.owner]
    telling.remind(
        people, deed=f"change {change.pk} due {due} {stage}", title=titles[stage],
        text=lambda: change.title, url=telling.address_of_change(change), mail=True,
    )  # fmt: skip
