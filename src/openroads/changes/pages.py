"""The pages of insights as a reader reads them: findings, clocks, the golden thread and figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from openroads.changes.models import Change, Decision, Evidence, Insight, Sample
from openroads.directory.models import Department, TrailEntry
from openroads.ui.formats import between, day, listed, number, period, signed

SOON = 0.8
"""Part of the promised days after which little is left."""
IN_SIGHT = 5
"""Quotes that stand on the page; the others are one click away."""
DECIDED = (Insight.State.YES, Insight.State.NO, Insight.State.LATER)
FEW = 30
"""Rated posts under which no net sentiment is shown."""


@dataclass(frozen=True)
class Wait:
    """How long an insight has waited: "8 of 14 days", how much of it is gone, and whether it is late."""

    words: str
    told: str
    part: int
    how: str
    """"late", "soon" or nothing."""


@dataclass(frozen=True)
class Row:
    """An insight in a list."""

    insight: Insight
    counted: str
    wait: Wait | None
    steps: int
    """How many of the six steps are reached."""


@dataclass(frozen=True)
class Group:
    """The insights of one department."""

    department: Department
    rows: Sequence[Row]


@dataclass(frozen=True)
class ListPage:
    """All that the list shows."""

    finding: str
    told: str
    groups: Sequence[Group]


@dataclass(frozen=True)
class Step:
    """One knot of the thread: its name, when and by whom, what happened, and the days to the next.
    `state` is "" (reached), "stuck" (waits here) or "todo" (still to come)."""

    name: str
    when: str
    state: str
    lines: Sequence[str] = ()
    days: str = ""
    quote: Sample | None = None


@dataclass(frozen=True)
class EvidenceRow:
    """One set, as frozen, in words."""

    evidence: Evidence
    kind: str
    days: str
    posts: str
    people: str
    net: str
    interval: str
    version: str


@dataclass(frozen=True)
class InsightPage:
    """All that the page of one insight shows."""

    wait: Wait | None
    steps: Sequence[Step]
    quotes: Sequence[Sample]
    more_quotes: Sequence[Sample]
    rows: Sequence[EvidenceRow]
    history: Sequence[TrailEntry]
    decisions: Sequence[Decision] = ()


def list_page(insights: Sequence[Insight], state: str, now: datetime) -> ListPage:
    """The insights of a state by department, those that have waited longest first."""
    groups: dict[int, tuple[Department, list[Row]]] = {}
    for insight in insights:
        kept = groups.setdefault(insight.department_id, (insight.department, []))
        kept[1].append(_row(insight, now))
    ordered = [Group(department, rows) for department, rows in groups.values()]
    return ListPage(_finding(insights, state, now), _told(insights, state), ordered)


def insight_page(
    insight: Insight, history: Sequence[TrailEntry], now: datetime,
    decisions: Sequence[Decision] = (), change: Change | None = None,
) -> InsightPage:  # fmt: skip
    """One insight with its thread, its words and its figures, and what was decided on it."""
    evidence = sorted(insight.evidence.all(), key=lambda one: (-(one.posts or 0), one.pk))
    quotes = [sample for one in evidence for sample in one.samples.all()]
    return InsightPage(
        wait=wait_of(insight, now),
        steps=_steps(insight, evidence, now, decisions, change),
        quotes=quotes[:IN_SIGHT],
        more_quotes=quotes[IN_SIGHT:],
        rows=[_evidence_row(one) for one in evidence],
        history=history,
        decisions=decisions,
    )


def wait_of(insight: Insight, now: datetime) -> Wait | None:
    """The clock of an insight that waits; None for one that does not."""
    if not insight.is_open:
        return None
    gone = (now - insight.waits_since) / timedelta(days=insight.decide_within)
    since = timezone.localdate(insight.waits_since)
    days = max((timezone.localdate(now) - since).days, 0)
    late = now > insight.decide_by
    told = _("decide by %(day)s") % {"day": day(insight.decide_by)}
    if late:
        over = max(days - insight.decide_within, 1)
        told = ngettext("%(n)s day late", "%(n)s days late", over) % {"n": number(over)}
    return Wait(
        _("%(days)s of %(promised)s days")
        % {"days": number(days), "promised": number(insight.decide_within)},
        told,
        min(round(gone * 100), 100),
        "late" if late else "soon" if gone >= SOON else "",
    )


def days_words(days: int) -> str:
    """ "1 day", "8 days"."""
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": number(days)}


def counted(evidence: Sequence[Evidence]) -> str:
    """What an insight rests on, in one line. Sets may overlap, so several are never added up: the
    largest is told, and how many more there are."""
    if not evidence:
        return _("no evidence yet")
    most = max(evidence, key=lambda one: (one.posts or 0, -one.pk))
    told = _counted(most)
    more = len(evidence) - 1
    if more:
        told += " " + ngettext("and %(n)s more set", "and %(n)s more sets", more) % {
            "n": number(more)
        }
    return told


def _counted(one: Evidence) -> str:
    parts = []
    if one.posts is not None:
        parts.append(ngettext("%(n)s post", "%(n)s posts", one.posts) % {"n": number(one.posts)})
    if one.cases is not None:
        parts.append(ngettext("%(n)s case", "%(n)s cases", one.cases) % {"n": number(one.cases)})
    if not parts:
        return _("not counted")
    if one.people is None:
        return listed(parts)
    people = ngettext("%(n)s person", "%(n)s people", one.people) % {"n": number(one.people)}
    return _("%(what)s by %(people)s") % {"what": listed(parts), "people": people}


def _row(insight: Insight, now: datetime) -> Row:
    steps = 3 if insight.state in (Insight.State.YES, Insight.State.NO) else 2
    return Row(insight, counted(list(insight.evidence.all())), wait_of(insight, now), steps)


def _finding(insights: Sequence[Insight], state: str, now: datetime) -> str:
    n = len(insights)
    if state == Insight.State.WITHDRAWN:
        if not n:
            return _("No insight was withdrawn")
        return ngettext("%(n)s insight was withdrawn", "%(n)s insights were withdrawn", n) % {"n": number(n)}  # fmt: skip
    if state == Insight.State.JOINED:
        if not n:
            return _("No insight was joined to another")
        return ngettext("%(n)s insight was joined to another", "%(n)s insights were joined to another", n) % {"n": number(n)}  # fmt: skip
    if state in DECIDED:
        return _decided_finding(Insight.State(state), n)
    if not n:
        return _("No insight waits for a decision")
    oldest = max((timezone.localdate(now) - one.opened_on).days for one in insights)
    waiting = ngettext(
        "%(n)s insight waits for a decision", "%(n)s insights wait for a decision", n
    ) % {"n": number(n)}
    if n == 1:
        return waiting
    return _("%(waiting)s; the oldest has waited %(days)s") % {
        "waiting": waiting, "days": days_words(oldest),
    }  # fmt: skip


def _decided_finding(state: Insight.State, n: int) -> str:
    told = {"n": number(n)}
    if state == Insight.State.YES:
        return ngettext("%(n)s insight got a yes", "%(n)s insights got a yes", n) % told
    if state == Insight.State.NO:
        return ngettext("%(n)s insight got a no, with its reason", "%(n)s insights got a no, each with its reason", n) % told  # fmt: skip
    return ngettext("%(n)s insight was put off", "%(n)s insights were put off", n) % told


def _told(insights: Sequence[Insight], state: str) -> str:
    if state != Insight.State.OPEN or not insights:
        return ""
    departments = len({one.department_id for one in insights})
    late = sum(timezone.now() > one.decide_by for one in insights)
    where = ngettext(
        "They wait for %(n)s department.", "They wait for %(n)s departments.", departments
    ) % {"n": number(departments)}
    past = ngettext(
        "%(n)s is past its promised day.", "%(n)s are past their promised day.", late
    ) % {"n": number(late)}
    return f"{where} {past}" if late else f"{where} {_('None is past its promised day.')}"


def _steps(
    insight: Insight, evidence: Sequence[Evidence], now: datetime,
    decisions: Sequence[Decision] = (), change: Change | None = None,
) -> list[Step]:  # fmt: skip
    most = max(evidence, key=lambda one: (one.posts or 0, -one.pk)) if evidence else None
    heard = [_counted(most)] if most else []
    frozen = []
    if most is not None:
        net, interval = net_words(most)
        frozen = [_("Frozen that day: %(counted)s") % {"counted": counted(evidence)}]
        if interval:
            frozen.append(_("Net sentiment %(net)s (%(interval)s)") % {"net": net, "interval": interval})  # fmt: skip
    to_insight = insight.days_to_insight
    wait = wait_of(insight, now)
    waits = [_("Waits for %(department)s.") % {"department": insight.department}]
    if wait is not None:
        waits.append(f"{wait.words}, {wait.told}")
    ended = {
        Insight.State.WITHDRAWN: [_("Withdrawn: %(why)s") % {"why": insight.closed_why}],
        Insight.State.JOINED: [
            _("Goes on in %(code)s.")
            % {"code": insight.joined_to.code if insight.joined_to else ""}
        ],
    }.get(Insight.State(insight.state), waits)
    so_far = ""
    if wait is not None:
        gone = max((timezone.localdate(now) - insight.opened_on).days, 0)
        so_far = _("%(days)s so far") % {"days": days_words(gone)}
    if decisions and insight.state in DECIDED:
        decided = timezone.localdate(decisions[-1].decided_at)
        so_far = days_words(max((decided - insight.opened_on).days, 0))
    return [
        Step(
            pgettext("step", "Conversation"), _first(insight.first_on), "", heard,
            days_words(to_insight) if to_insight is not None else "", _first_words(evidence),
        ),
        Step(
            pgettext("step", "Insight"),
            f"{day(insight.opened_on)}, {insight.opened_by}", "", frozen, so_far,
        ),
        _decision_step(insight, ended, decisions),
        *_later_steps(change),
    ]  # fmt: skip


def _decision_step(insight: Insight, ended: Sequence[str], decisions: Sequence[Decision]) -> Step:
    name = pgettext("step", "Decision")
    if not decisions or insight.state not in DECIDED:
        return Step(name, "", "stuck" if insight.is_open else "todo", ended)
    last = decisions[-1]
    lines = [f"{last.get_answer_display()}. “{last.reason}”"]
    if last.back_on:
        lines.append(_("Comes back on %(day)s.") % {"day": day(last.back_on)})
    when = f"{day(timezone.localdate(last.decided_at))}, {last.decided_by}"
    return Step(name, when, "stuck" if insight.state == Insight.State.LATER else "", lines)


def _later_steps(change: Change | None) -> list[Step]:
    """The last three, as far as the change came."""
    made, told, measured = (
        pgettext("step", "Change"), pgettext("step", "Told back"), pgettext("step", "Measured again"),
    )  # fmt: skip
    if change is None:
        return [Step(made, "", "todo"), Step(told, "", "todo"), Step(measured, "", "todo")]
    live, heard, again = (change.live_on, change.told_on, change.measured_on)
    return [
        Step(made, day(live) if live else "", "" if live else "stuck", [f"{change.code} {change.title}"]),
        Step(told, day(heard) if heard else "", "" if heard else "todo"),
        Step(measured, day(again) if again else "", "" if again else "todo"),
    ]  # fmt: skip


def _first_words(evidence: Sequence[Evidence]) -> Sample | None:
    """The earliest words that stand among the quotes."""
    there = [s for one in evidence for s in one.samples.all() if s.removed_on is None]
    return min(there, key=lambda sample: sample.published_at, default=None)


def _first(first_on: date | None) -> str:
    return day(first_on) if first_on else _("first post unknown")


def _evidence_row(one: Evidence) -> EvidenceRow:
    net, interval = net_words(one)
    days = period(one.since, one.until) if one.since and one.until else ""
    people = number(one.people)
    if one.nameless:
        people = _("%(people)s and %(n)s posts without a name") % {
            "people": people, "n": number(one.nameless),
        }  # fmt: skip
    version = _("version %(n)s") % {"n": number(one.version)} if one.version else ""
    return EvidenceRow(
        one, str(one.get_kind_display()), days, number(one.posts), people, net, interval, version
    )


def net_words(one: Evidence) -> tuple[str, str]:
    """Net sentiment and its interval; why there is none."""
    if one.net is None or one.rated is None:
        return _("unknown"), ""
    if one.rated < FEW:
        return _("too few to say"), ""
    return signed(one.net), between(one.net_low, one.net_high, sign=True)
