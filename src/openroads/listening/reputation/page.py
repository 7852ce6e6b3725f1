"""A reputation as a reader reads it: the finding, a row per brand, small lines on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.intervals import Estimate
from openroads.charts import lines
from openroads.listening.explore.models import Event
from openroads.listening.reputation.asking import AskedReputation
from openroads.listening.reputation.carriers import Carriers
from openroads.listening.reputation.reading import FEW, BrandReputation, Reputation
from openroads.ui.formats import between, day, number, percent, signed
from openroads.ui.networks import network_word

LINE = (190.0, 40.0)


@dataclass(frozen=True)
class Figure:
    """A figure with its interval in words, and how far it is from the days before (empty: unknown)."""

    value: str
    interval: str = ""
    change: str = ""
    change_interval: str = ""


@dataclass(frozen=True)
class BrandRow:
    """One brand of the set."""

    name: str
    is_ours: bool
    posts: Figure
    share: Figure
    positive: Figure
    net: Figure
    unknown: str
    query: str


@dataclass(frozen=True)
class Multiple:
    """One brand's small lines, on the scales all brands share."""

    name: str
    is_ours: bool
    share: SafeString | str
    share_ends: str
    net: SafeString | str
    net_ends: str


@dataclass(frozen=True)
class ReputationPage:
    """All that the template shows of the brands."""

    finding: str
    counted: str
    rows: Sequence[BrandRow]
    multiples: Sequence[Multiple]
    step: str
    marks: Sequence[tuple[str, str]]
    formula: str
    rule: str
    none: str


def reputation_page(
    reading: Reputation, told: AskedReputation, events: Sequence[Event] = ()
) -> ReputationPage:
    """The reading in the reader's language."""
    names = {each.pk: each.name for each in (*([told.brand] if told.brand else ()), *told.rivals)}
    return ReputationPage(
        finding=_finding(reading, told, names),
        counted=_counted(reading),
        rows=[_row(each, reading, told, names) for each in reading.brands],
        multiples=_multiples(reading, told, names, [event.on for event in events]),
        step=_("Whole weeks; grey: the interval (95%); dotted: marked days.")
        if reading.step == 7
        else _("Stretches of four weeks; grey: the interval (95%); dotted: marked days."),
        marks=[(day(event.on), event.marked) for event in events],
        formula=formula_words(told.of_rated),
        rule=rule_words(told),
        none="" if reading.posts else _("No post names any of these brands in these days."),
    )


def formula_words(of_rated: bool) -> str:
    """The formula of net sentiment that is in use."""
    if of_rated:
        return _("NSR = 100 × (positive − negative) ÷ (positive + negative)")
    return _("NSS = 100 × (positive − negative) ÷ (positive + neutral + negative)")


def rule_words(told: AskedReputation) -> str:
    """How a post that names several brands counts."""
    if told.rule == "full":
        return _("A post that names several brands counts whole for each; shares add up to more than 100%.")  # fmt: skip
    return _("A post that names two brands counts half for each, and so on; shares add up to 100%.")


def _finding(reading: Reputation, told: AskedReputation, names: dict[int, str]) -> str:
    ours = reading.ours
    brand = names.get(ours.brand, "")
    if not reading.posts:
        return _("Nobody named %(brand)s in these days") % {"brand": brand}
    if len(reading.brands) < 2 or ours.share is None:
        return ngettext(
            "%(n)s post names %(brand)s; net sentiment %(net)s",
            "%(n)s posts name %(brand)s; net sentiment %(net)s",
            ours.now.posts,
        ) % {"n": number(ours.now.posts), "brand": brand, "net": _net(ours, told).value}
    said = _("%(brand)s has %(share)s of the conversation") % {
        "brand": brand, "share": percent(float(ours.share.value)),
    }  # fmt: skip
    change = ours.share_change
    if change is None:
        return said
    points = number(abs(100 * float(change.value)))
    if float(change.low) > 0:
        return _("%(said)s, %(points)s points more than before") % {"said": said, "points": points}
    if float(change.high) < 0:
        return _("%(said)s, %(points)s points less than before") % {"said": said, "points": points}
    return _("%(said)s, as before as far as we can see") % {"said": said}


def _counted(reading: Reputation) -> str:
    posts = ngettext("%(n)s post names a brand of the set", "%(n)s posts name a brand of the set", reading.posts) % {"n": number(reading.posts)}  # fmt: skip
    several = ngettext("%(n)s of them names several", "%(n)s of them name several", reading.several) % {"n": number(reading.several)}  # fmt: skip
    before = (
        ""
        if reading.has_before
        else " "
        + _("The archive does not reach back over as many days before: changes are unknown.")
    )
    return _("%(posts)s; %(several)s. Reposts, copies and our own accounts are left out.") % {
        "posts": posts, "several": several,
    } + before  # fmt: skip


def _row(
    each: BrandReputation, reading: Reputation, told: AskedReputation, names: dict[int, str]
) -> BrandRow:
    rate = each.rate
    known = reading.has_before and rate.value == rate.value
    return BrandRow(
        name=names.get(each.brand, ""),
        is_ours=each is reading.ours,
        posts=Figure(
            number(each.now.posts),
            "",
            _more(float(rate.value) - 1) if known else "",
            between(100 * (float(rate.low) - 1), 100 * (float(rate.high) - 1), sign=True) if known else "",
        ),
        share=_share(each.share, each.share_change),
        positive=_share(each.positive_share, None),
        net=_net(each, told),
        unknown=number(each.now.unknown) if each.now.unknown else "",
        query=told.filter.query(brand=each.brand),
    )  # fmt: skip


def _more(part: float) -> str:
    return f"{signed(100 * part)}%"


def _share(share: Estimate | None, change: Estimate | None) -> Figure:
    if share is None:
        return Figure(_("unknown"))
    return Figure(
        percent(float(share.value)),
        between(100 * float(share.low), 100 * float(share.high)),
        signed(100 * float(change.value), 1) if change is not None else "",
        between(100 * float(change.low), 100 * float(change.high), 1, sign=True) if change is not None else "",
    )  # fmt: skip


def _net(each: BrandReputation, told: AskedReputation) -> Figure:
    of = each.now.positive + each.now.negative if told.of_rated else each.now.rated
    if of < FEW:
        return Figure(_("too few to say"))
    net = each.of_rated if told.of_rated else each.net
    change = None if told.of_rated else each.net_change
    return Figure(
        signed(float(net.value)),
        between(float(net.low), float(net.high), sign=True),
        signed(float(change.value)) if change is not None else "",
        between(float(change.low), float(change.high), sign=True) if change is not None else "",
    )


def _multiples(
    reading: Reputation, told: AskedReputation, names: dict[int, str], marked: Sequence[date]
) -> list[Multiple]:
    shares = [[_moment(week.share, 100) for week in each.weeks] for each in reading.brands]
    nets = [[_moment(week.net, 1) for week in each.weeks] for each in reading.brands]
    if not any(len(row) > 1 for row in shares):
        return []
    spans = _span(shares, 0.0), _span(nets, 0.0)
    found = []
    for each, share, net in zip(reading.brands, shares, nets, strict=True):
        name = names.get(each.brand, "")
        starts = [week.since for week in each.weeks]
        at = [(on - starts[0]).days / reading.step for on in marked if starts[0] <= on]
        at = [place for place in at if place <= len(starts) - 1]
        found.append(
            Multiple(
                name,
                each is reading.ours,
                _trend(share, _("%(brand)s: share of voice over time") % {"brand": name}, spans[0], at),
                _ends(share, "%"),
                _trend(net, _("%(brand)s: net sentiment over time") % {"brand": name}, spans[1], at),
                _ends(net, ""),
            )
        )  # fmt: skip
    return found


def _moment(estimate: Estimate | None, times: float) -> lines.Moment:
    if estimate is None:
        return lines.Moment(None)
    return lines.Moment(
        times * float(estimate.value), times * float(estimate.low), times * float(estimate.high)
    )


def _span(rows: Sequence[Sequence[lines.Moment]], with_: float) -> tuple[float, float]:
    """One scale for all: from the least to the greatest, with this value on it."""
    least, most = lines.extent([moment for row in rows for moment in row])
    least, most = min(least, with_), max(most, with_)
    return (least, most) if most > least else (least - 1, most + 1)


def _trend(
    moments: Sequence[lines.Moment], label: str, span: tuple[float, float], at: Sequence[float]
) -> SafeString | str:
    if sum(moment.value is not None for moment in moments) < 2:
        return ""
    width, height = LINE
    return mark_safe(lines.trend(moments, label, width=width, height=height, span=span, marks=at))  # noqa: S308 (built element by element)


def _ends(moments: Sequence[lines.Moment], unit: str) -> str:
    """The first and the last value beside a line."""
    values = [moment.value for moment in moments if moment.value is not None]
    if len(values) < 2:
        return _("too few to say")
    say = number if unit else signed
    return _("%(first)s to %(last)s") % {
        "first": say(values[0]) + unit, "last": say(values[-1]) + unit,
    }  # fmt: skip


@dataclass(frozen=True)
class CarrierRow:
    """One author as the table shows them."""

    name: str
    posts: str
    rate: str
    interval: str
    raw: str
    engagers: str
    rank: str
    lead: str


@dataclass(frozen=True)
class CarriersPage:
    """The opinion makers in words; without rows `none` says why."""

    rows: Sequence[CarrierRow]
    counted: str
    none: str


def carriers_page(found: Carriers, names: dict[int, tuple[str, str, str]]) -> CarriersPage:
    """Who carries the conversation. Whoever has been erased since has no name and is left out."""
    rows = [
        CarrierRow(
            author_words(*names[each.author_key]),
            number(each.posts),
            number(each.rate, 1),
            between(each.low, each.high, 1),
            number(each.raw, 1),
            number(each.engagers),
            _("%(n)s×") % {"n": number(each.rank, 1)} if each.rank is not None else _("not in it"),
            _lead(each.lead),
        )
        for each in found.first
        if each.author_key in names
    ]
    none = ""
    if not found.authors:
        none = _("Nobody has three posts here of which the network told replies or reposts.")
    told = {
        "n": number(found.authors), "mean": number(found.mean, 2),
        "weight": number(found.weight, 1) if found.weight != float("inf") else "",
        "people": number(found.people), "ties": number(found.ties),
    }  # fmt: skip
    said = _("%(n)s authors wrote three posts or more; the mean is %(mean)s replies and reposts a post. The archive holds %(ties)s ties between %(people)s people.") % told  # fmt: skip
    if found.authors and not told["weight"]:
        said += " " + _("They do not differ beyond luck: all stand at the mean.")
    elif found.authors:
        said += " " + _("Each is drawn towards the mean as if by %(weight)s posts more.") % told
    return CarriersPage(rows, said, none)


def author_words(handle: str, shown: str, network: str) -> str:
    """An author as tables name them, with where they write."""
    return f"{shown or handle}, {network_word(network)}"


def _lead(days: float | None) -> str:
    if days is None:
        return _("unknown")
    if abs(days) < 0.5:
        return _("none")
    told = {"n": number(abs(days), 1)}
    return _("%(n)s days early") % told if days > 0 else _("%(n)s days late") % told
