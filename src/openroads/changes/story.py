"""A change as it is read: its finding, the six columns under its thread, its money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from openroads.changes.change_queries import Reach
from openroads.changes.clocks import Clock, thread_of
from openroads.changes.models import Change, Evidence, Measurement, Sample, Told
from openroads.changes.pages import days_words, net_words
from openroads.ui.formats import between, day, euro, number, signed
from openroads.ui.networks import network_word


@dataclass(frozen=True)
class Words:
    """Somebody's words in a column, and a line under them; nobody is named."""

    text: str
    language: str
    under: str


@dataclass(frozen=True)
class Link:
    """Where a line leads."""

    label: str
    url: str


@dataclass(frozen=True)
class Column:
    """One knot with what hangs under it. `state` is "" (reached), "stuck" (it waits here) or "todo"."""

    name: str
    when: str
    state: str = ""
    days: str = ""
    words: Words | None = None
    lead: str = ""
    text: str = ""
    effect: str = ""
    small: Sequence[str] = ()
    link: Link | None = None
    proof: Link | None = None
    after: str = ""


@dataclass(frozen=True)
class Money:
    """What went in and what comes out, in sentences."""

    level: str
    lead: str
    rest: str


def finding(change: Change, last: Measurement | None, today: date) -> str:
    """The headline: what it is, and how it stands."""
    told = {"title": change.title}
    if change.state == Change.State.STOPPED:
        return _("%(title)s: stopped") % told
    if change.live_on is None:
        late = (today - change.due_on).days
        if late > 0:
            return _("%(title)s: %(days)s past its day") % {**told, "days": days_words(late)}
        return _("%(title)s: promised for %(day)s") % {
            **told,
            "day": date_format(change.due_on, "j F"),
        }
    if last is not None and last.verdict == Measurement.Verdict.FELL and last.ratio is not None:
        told["n"] = number(100 * (1 - last.ratio))
        if (last.evidence.sieve or {}).get("kinds") == ["complaint"]:
            return _("%(title)s: complaints fell by %(n)s%%") % told
        return _("%(title)s: posts about it fell by %(n)s%%") % told
    if last is not None and last.verdict == Measurement.Verdict.STAYED:
        return _("%(title)s: people say it as much as before") % told
    if last is not None and last.verdict == Measurement.Verdict.UNSURE:
        return _("%(title)s: nobody can tell yet what it did") % told
    if change.told_on is None:
        return _("%(title)s: live, and nobody was told yet") % told
    return _("%(title)s: live, and too early to say what it did") % told


def columns(
    change: Change, reach: Reach | None, back: Told | None, last: Measurement | None, today: date,
    *, sees_insight: bool,
) -> list[Column]:  # fmt: skip
    """The six of them, each with the days to the next."""
    evidence = sorted(change.insight.evidence.all(), key=lambda one: (-(one.posts or 0), one.pk))
    stopped = change.state == Change.State.STOPPED
    return [
        _conversation(change, evidence, today),
        _insight(change, evidence, today, sees_insight=sees_insight),
        _decision(change, today),
        _change(change, today, stopped=stopped),
        _told(change, reach, back, today, stopped=stopped),
        _measured(change, last, today, stopped=stopped),
    ]


def money(change: Change) -> Money | None:
    """In and out, with when it is paid back; None when neither is known."""
    if change.cost is None and change.yield_base is None:
        return None
    parts = []
    if change.cost is not None:
        parts.append(_("%(money)s in") % {"money": euro(change.cost)})
    if change.yield_base is not None:
        parts.append(_("%(money)s a month out") % {"money": euro(change.yield_base)})
    rest = []
    if change.yield_base is not None:
        interval = _("%(low)s to %(high)s") % {"low": euro(change.yield_low), "high": euro(change.yield_high)}  # fmt: skip
        what = _("in %(what)s") % {"what": change.yield_what} if change.yield_what else ""
        rest.append(f"{what} ({interval}).".strip())
        if paid := _paid_back(change):
            rest.append(paid)
    else:
        rest.append(_("What it brings is not said yet."))
    level = ""
    if change.yield_level:
        level = _("evidence %(level)s") % {"level": change.yield_level}
        if change.yield_by:
            level = _("evidence %(level)s: counted by %(who)s") % {"level": change.yield_level, "who": change.yield_by}  # fmt: skip
    return Money(level, ", ".join(parts), " ".join(rest))


def brief(value: date, near: date) -> str:
    """A day without its year when that is the year we are in: "21 April"."""
    return date_format(value, "j F" if value.year == near.year else "j F Y")


def _span(change: Change, clock: Clock, today: date) -> str:
    found = thread_of(change).span(clock, today)
    if found is None:
        return ""
    days, done = found
    words = days_words(days)
    if done:
        return words
    return "" if change.state == Change.State.STOPPED else _("%(days)s so far") % {"days": words}


def _conversation(change: Change, evidence: Sequence[Evidence], today: date) -> Column:
    said = _first_words(evidence)
    first = change.insight.first_on
    link = Link(counted_all(evidence), evidence[0].url) if evidence and evidence[0].url else None
    return Column(
        pgettext("step", "Conversation"), day(first) if first else _("first post unknown"),
        days=_span(change, Clock.INSIGHT, today), words=said, link=link,
    )  # fmt: skip


def _first_words(evidence: Sequence[Evidence]) -> Words | None:
    there = [s for one in evidence for s in one.samples.all() if s.removed_on is None and s.text]
    said: Sample | None = min(there, key=lambda sample: sample.published_at, default=None)
    if said is None:
        return None
    return Words(said.text, said.language, network_word(said.network))


def counted_all(evidence: Sequence[Evidence]) -> str:
    """The largest set in figures: "310 posts, 61 cases, 264 people"."""
    if not evidence:
        return _("no evidence yet")
    one, parts = evidence[0], []
    if one.posts is not None:
        parts.append(ngettext("%(n)s post", "%(n)s posts", one.posts) % {"n": number(one.posts)})
    if one.cases is not None:
        parts.append(ngettext("%(n)s case", "%(n)s cases", one.cases) % {"n": number(one.cases)})
    if one.people is not None:
        parts.append(
            ngettext("%(n)s person", "%(n)s people", one.people) % {"n": number(one.people)}
        )
    return ", ".join(parts) or _("not counted")


def _insight(
    change: Change, evidence: Sequence[Evidence], today: date, *, sees_insight: bool
) -> Column:
    insight, small = change.insight, []
    if evidence:
        frozen = counted_all(evidence)
        net, interval = net_words(evidence[0])
        if interval:
            frozen += "; " + _("net sentiment %(net)s (%(interval)s)") % {"net": net, "interval": interval}  # fmt: skip
        small.append(_("Frozen that day: %(counted)s") % {"counted": frozen})
    label = insight.code
    if evidence and evidence[0].version:
        label = _("%(code)s, query version %(n)s") % {"code": insight.code, "n": number(evidence[0].version)}  # fmt: skip
    url = reverse("changes:insight", args=[insight.number])
    return Column(
        pgettext("step", "Insight"), f"{brief(insight.opened_on, today)}, {insight.opened_by}",
        days=_span(change, Clock.DECISION, today), text=insight.title, small=small,
        link=Link(label, url) if sees_insight else None,
    )  # fmt: skip


def _decision(change: Change, today: date) -> Column:
    decision, small = change.decision, []
    if decision.agreed:
        small.append(decision.agreed)
    if decision.cost_ceiling is not None:
        small.append(_("At most %(money)s") % {"money": euro(decision.cost_ceiling)})
    return Column(
        pgettext("step", "Decision"),
        f"{brief(change.decided_on, today)}, {decision.decided_by}",
        days=_span(change, Clock.LIVE, today), lead=f"{decision.get_answer_display()}.",
        text=f"“{decision.reason}”", small=small,
    )  # fmt: skip


def _change(change: Change, today: date, *, stopped: bool) -> Column:
    name = pgettext("step", "Change")
    if stopped:
        return Column(name, _("Stopped %(day)s") % {"day": brief(change.stopped_on or today, today)}, "todo", text=change.stopped_why)  # fmt: skip
    if change.live_on is None:
        late = (today - change.due_on).days
        small = [_("%(owner)s sees to it") % {"owner": change.owner}]
        if change.is_postponed:
            small.append(
                _("First promised for %(day)s") % {"day": brief(change.first_due_on, today)}
            )
        when = _("Promised for %(day)s") % {"day": brief(change.due_on, today)}
        text = _("%(days)s past its day") % {"days": days_words(late)} if late > 0 else ""
        link = Link(change.tracker_key or _("Where the work is followed"), change.tracker_url) if change.tracker_url else None  # fmt: skip
        return Column(name, when, "stuck", text=text, small=small, link=link)
    spent = []
    if change.cost_what:
        spent.append(change.cost_what)
    if change.cost is not None:
        spent.append(euro(change.cost))
    told = f"{', '.join(spent)}. " if spent else ""
    proof = Link(change.proof, change.proof_url)
    return Column(
        name, _("Live %(day)s") % {"day": brief(change.live_on, today)},
        days=_span(change, Clock.TOLD, today), text=change.what, proof=proof,
        small=[told + _("Proof:")],
    )  # fmt: skip


def _told(
    change: Change, reach: Reach | None, back: Told | None, today: date, *, stopped: bool
) -> Column:
    name = pgettext("step", "Told back")
    if change.live_on is None or stopped:
        return Column(name, "", "todo")
    url = reverse("changes:telling", args=[change.number])
    if reach is None:
        return Column(name, "", "stuck", text=_("Nobody was told yet."), link=Link(_("Tell who raised it"), url))  # fmt: skip
    heard = Link(
        _("%(n)s of %(people)s heard it") % {
            "n": number(reach.heard),
            "people": ngettext("%(n)s person", "%(n)s people", reach.people) % {"n": number(reach.people)},
        }, url,
    )  # fmt: skip
    words = None
    if back is not None:
        words = Words(back.back_text, back.back_language, _("%(network)s, answer to our message") % {"network": network_word(back.network)})  # fmt: skip
    when = _("From %(day)s") % {"day": brief(change.told_on, today)} if change.told_on else ""
    days = days_words((change.measured_on - change.told_on).days) if change.told_on and change.measured_on and change.measured_on >= change.told_on else ""  # fmt: skip
    return Column(
        name, when, "" if change.told_on else "stuck", days=days, words=words, link=heard,
        after="; ".join(reach_words(reach)),
    )  # fmt: skip


def reach_words(reach: Reach) -> list[str]:
    """What became of the others, and who wrote back; what is none is not said."""
    parts = []
    for n, words in (
        (reach.draft, _("%(n)s to be read and sent")), (reach.waiting, _("%(n)s on their way")),
        (reach.out, _("%(n)s out of reach")), (reach.skipped + reach.refused, _("%(n)s left out or refused")),
        (reach.back, _("%(n)s wrote back")),
    ):  # fmt: skip
        if n:
            parts.append(words % {"n": number(n)})
    return parts


def _measured(change: Change, last: Measurement | None, today: date, *, stopped: bool) -> Column:
    name = pgettext("step", "Measured again")
    if change.live_on is None or stopped:
        return Column(name, "", "todo")
    if last is None:
        able = any(one.sieve is not None for one in change.insight.evidence.all())
        if not able:
            return Column(name, "", "todo", text=_("It rests on posts chosen one by one: there is no question to ask again."))  # fmt: skip
        soonest = change.live_on + timedelta(days=28)
        return Column(name, "", "todo", text=_("On %(day)s at the soonest.") % {"day": brief(max(soonest, today), today)})  # fmt: skip
    small = []
    if last.ratio is not None and last.verdict != Measurement.Verdict.EARLY:
        small.append(_fall_words(last))
    if last.control is not None and last.verdict != Measurement.Verdict.EARLY:
        small.append(
            _("Other complaints: %(value)s%% (%(interval)s)") % {
                "value": signed(100 * (last.control - 1)), "interval": interval_of(last.control_low, last.control_high),
            }
        )  # fmt: skip
    if last.why == "posts":
        small.append(_("Too few posts to say."))
    if last.why == "silence":
        small.append(_("Nothing was collected on one of both sides."))
    if last.next_on:
        small.append(_("Next: %(day)s") % {"day": brief(last.next_on, today)})
    effect = text = ""
    if last.verdict == Measurement.Verdict.FELL and last.ratio is not None:
        effect = f"{signed(100 * (last.ratio - 1))}%"
    else:
        text = {
            Measurement.Verdict.STAYED: _("It did not fall."),
            Measurement.Verdict.EARLY: _("Too early to say."),
            Measurement.Verdict.UNSURE: _("Nobody can tell: the interval holds both a fall and none."),
        }.get(Measurement.Verdict(last.verdict), "")  # fmt: skip
    stands = last.verdict in (Measurement.Verdict.FELL, Measurement.Verdict.STAYED)
    return Column(
        name,
        brief(last.on, today),
        "" if stands else "stuck",
        effect=effect,
        text=text,
        small=small,
    )


def _fall_words(last: Measurement) -> str:
    """ "47 to 67 less"; where the interval holds zero, both ends as they are."""
    low, high = last.ratio_low, last.ratio_high
    if low is not None and high is not None and high < 1:
        return _("%(low)s to %(high)s%% less.") % {"low": number(100 * (1 - high)), "high": number(100 * (1 - low))}  # fmt: skip
    return _("%(value)s%% (%(interval)s).") % {"value": signed(100 * ((last.ratio or 1) - 1)), "interval": interval_of(low, high)}  # fmt: skip


def interval_of(low: float | None, high: float | None) -> str:
    """The ends of a ratio as a difference in a hundred: "−9 to +4"."""
    if low is None:
        return _("unknown")
    if high is None:
        return _("%(low)s and more") % {"low": signed(100 * (low - 1))}
    return between(100 * (low - 1), 100 * (high - 1), sign=True)


def _paid_back(change: Change) -> str:
    """When what it brings has paid for it: probably, and at the latest."""
    live, cost = change.live_on, change.cost
    if live is None or not cost or not change.yield_base or change.yield_base <= 0:
        return ""
    probably = date_format(_month(live, cost / change.yield_base), "F Y")
    if not change.yield_low or change.yield_low <= 0:
        return _("Paid back in %(month)s, probably.") % {"month": probably}
    latest = date_format(_month(live, cost / change.yield_low), "F Y")
    return _("Paid back in %(month)s, at the latest in %(latest)s.") % {"month": probably, "latest": latest}  # fmt: skip


def _month(live: date, months: Decimal) -> date:
    return live + timedelta(days=int(Decimal("30.44") * months))


def dateline(change: Change) -> list[str]:
    """What stands above the headline."""
    return [
        part
        for part in (
            _("Change %(code)s") % {"code": change.code}, change.about,
            _("Owner: %(owner)s, %(department)s") % {"owner": change.owner, "department": change.department},
        )
        if part
    ]  # fmt: skip
