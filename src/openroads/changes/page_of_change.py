"""Everything the page of one change shows, for who looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from openroads.changes import change_queries, clocks, exhibits, policy, queries, story
from openroads.changes.actions.publishing import kinds_for
from openroads.changes.models import Change, Measurement, PublicWord, TrackerMove
from openroads.directory.models import Person, TrailEntry


@dataclass(frozen=True)
class Step:
    """A deed this person may do next."""

    label: str
    url: str


@dataclass(frozen=True)
class ChangePage:
    """All of it."""

    dateline: Sequence[str]
    finding: str
    columns: Sequence[story.Column]
    go: Step | None
    more: Sequence[Step]
    exhibit: exhibits.Exhibit | None
    last: Measurement | None
    clocks: exhibits.Clocks
    money: story.Money | None
    public: PublicWord | None
    move: TrackerMove | None
    history: Sequence[TrailEntry]
    may_measure: bool
    may_keep: bool


def page_of(change: Change, person: Person, today: date) -> ChangePage:
    """The page as this person sees it."""
    last = max(change.measurements.all(), key=lambda one: one.on, default=None)
    sees_insight = queries.insights_for(person).filter(pk=change.insight_id).exists()
    reach, public = change_queries.reach_of(change), change_queries.public_word(change)
    go, more = _steps(change, person, public)
    return ChangePage(
        dateline=story.dateline(change),
        finding=story.finding(change, last, today),
        columns=story.columns(
            change,
            reach,
            change_queries.answer_back(change),
            last,
            today,
            sees_insight=sees_insight,
        ),
        go=go,
        more=more,
        exhibit=exhibits.exhibit(change, last) if last is not None else None,
        last=last,
        clocks=exhibits.clocks_of(change, clocks.all_clocks(clocks.threads(), today), today),
        money=story.money(change),
        public=public,
        move=change_queries.move_of(change),
        history=change_queries.history_of(change),
        may_measure=change.live_on is not None and policy.may_measure(person),
        may_keep=policy.may_keep_change(person, change),
    )


def _steps(
    change: Change, person: Person, public: PublicWord | None
) -> tuple[Step | None, list[Step]]:
    """The one deed that comes next, and the others."""
    steps: list[Step] = []

    def add(label: str, name: str) -> None:
        steps.append(Step(label, reverse(f"changes:{name}", args=[change.number])))

    keeps = policy.may_keep_change(person, change)
    if change.is_being_made and keeps:
        add(_("Say it is live"), "live")
        add(_("Promise another day"), "postpone")
    tells = policy.may_tell_back(person) or policy.may_begin_telling(person)
    if change.live_on is not None and tells:
        add(_("Tell who raised it"), "telling")
    if policy.may_publish(person) and kinds_for(change.insight):
        label = _("Correct the public answer") if public else _("Publish the answer")
        steps.append(Step(label, reverse("changes:publish", args=[change.insight.number])))
    if keeps and change.live_on is not None and change.yield_base is None:
        add(_("Say what it brings"), "say_yield")
    evidence = next((one for one in change.insight.evidence.all() if one.url), None)
    if evidence is not None:
        steps.append(Step(_("Read what they said"), evidence.url))
    if keeps and change.yield_base is not None:
        add(_("Correct what it brings"), "say_yield")
    if keeps:
        add(_("Correct it"), "correct")
    if change.is_being_made and keeps:
        add(_("Stop it"), "stop")
    return (steps[0], steps[1:]) if steps else (None, [])
