"""The ledger of a source in words: what it may ask, what it asked, what it would cost, what was looked up again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.connectors.metering import Period
from openroads.connectors.refreshing import Rule
from openroads.listening.models import Source
from openroads.listening.networks import BY_KIND
from openroads.listening.refreshing.queries import Looked
from openroads.listening.saying import translated
from openroads.listening.spending.models import CostPreview, Spending
from openroads.listening.spending.queries import UsedNow
from openroads.ui.formats import day, moment, number


@dataclass(frozen=True)
class AllowanceRow:
    """One allowance as the table shows it."""

    label: str
    period: str
    used: str
    others: str
    limit: str
    left_told: str
    renews_at: datetime


@dataclass(frozen=True)
class SpentRow:
    """One day or month of the ledger."""

    when: str
    label: str
    units: int
    calls: int
    money: str
    limit: str


def dollars(amount: Decimal | None) -> str:
    """An amount in US dollars: "$ 12.50"."""
    return _("unknown") if amount is None else f"$\u00a0{number(amount, 2)}"


def finding(
    source: Source, used: Sequence[UsedNow], unseen: bool, preview: CostPreview | None
) -> str:
    """The headline: what it would cost while nobody agreed, else what is nearest to its limit."""
    if unseen:
        return price_finding(preview)
    closed = [each for each in used if each.closed_until]
    if closed:
        return _("%(name)s rests until %(when)s") % {"name": source.name, "when": moment(closed[0].closed_until)}  # fmt: skip
    spent = [each for each in used if each.calls or each.together]
    if not spent:
        return _("%(name)s has asked nothing yet in this period") % {"name": source.name}
    most = max(spent, key=_share)
    today = most.allowance.period is Period.DAY
    told = {
        "name": source.name, "n": number(most.units), "what": translated(most.allowance.label),
        "money": dollars(most.money), "budget": dollars(most.allowance.money),
        "limit": number(most.allowance.units),
    }  # fmt: skip
    if most.allowance.money is not None:
        return _("%(name)s has spent %(money)s of %(budget)s this month") % told
    if most.allowance.units is None:
        said = _("%(name)s has used %(n)s %(what)s today") if today else _("%(name)s has used %(n)s %(what)s this month")  # fmt: skip
        return said % told
    return _("%(name)s has used %(n)s of %(limit)s %(what)s today") % told


def _share(used: UsedNow) -> float:
    limit = used.allowance
    if limit.money:
        return float(used.money / limit.money)
    return used.together / limit.units if limit.units else 0.0


def price_finding(preview: CostPreview | None) -> str:
    """What is known of the price of a source that is off."""
    if preview is None:
        return _("What this costs has not been asked yet")
    if preview.together is not None:
        return _("A month of this would cost about %(money)s") % {
            "money": dollars(preview.together)
        }
    if preview.error:
        return _("The network did not say what this costs")
    return _("The network is being asked what this costs")


def allowance_rows(used: Sequence[UsedNow]) -> list[AllowanceRow]:
    """The allowances as a table."""
    rows = []
    for each in used:
        paid = each.allowance.money is not None
        rows.append(
            AllowanceRow(
                label=translated(each.allowance.label),
                period=_period(each.allowance.period, each.begins_on),
                used=f"{number(each.units)} ({dollars(each.money)})"
                if paid
                else number(each.units),
                others="" if paid else number(each.others),
                limit=_limit(each.allowance.units, each.allowance.money),
                left_told=_("not told") if each.left_told is None else number(each.left_told),
                renews_at=each.renews_at,
            )
        )
    return rows


def spent_rows(source: Source, rows: Sequence[Spending]) -> list[SpentRow]:
    """The ledger as a table, newest first."""
    labels = {each.name: each.label for each in BY_KIND[source.network].allowances(source.told)}
    return [
        SpentRow(
            _period(row.period, row.begins_on), translated(labels.get(row.allowance, row.allowance)),
            row.units, row.calls, dollars(row.money) if row.limit_money is not None else "",
            _limit(row.limit_units, row.limit_money),
        )
        for row in rows
    ]  # fmt: skip


def _period(period: str, begins_on: date) -> str:
    if period == Period.MONTH:
        return _("month from %(day)s") % {"day": day(begins_on)}
    return day(begins_on)


def _limit(units: int | None, money: Decimal | None) -> str:
    if money is not None:
        return dollars(money)
    return _("none") if units is None else number(units)


def came_back_words(source: Source) -> str:
    """What is said when a network is listened to from now on."""
    minutes = source.every_minutes
    if minutes == 15:
        return _("%(name)s is being read; it comes back every quarter of an hour.") % {"name": source.name}  # fmt: skip
    if minutes < 60:
        return _("%(name)s is being read; the house comes back every %(n)d minutes.") % {"name": source.name, "n": minutes}  # fmt: skip
    return ngettext(
        "%(name)s is being read; the house comes back every %(n)s hour.",
        "%(name)s is being read; the house comes back every %(n)s hours.",
        round(minutes / 60),
    ) % {"name": source.name, "n": number(minutes / 60)}


def rule_words(rule: Rule) -> str:
    """When a kept post is looked up again, and what goes when that does not succeed."""
    said = _("Each kept post is looked up again within %(span)s; what was changed or deleted there changes or goes here.") % {"span": _span(rule.after)}  # fmt: skip
    if rule.names is not None and rule.forget is not None:
        return f"{said} {_('Who said it goes when that does not succeed within %(names)s, the post itself after %(forget)s.') % {'names': _span(rule.names), 'forget': _span(rule.forget)}}"  # fmt: skip
    if rule.forget is not None:
        return f"{said} {_('A post that could not be looked up for %(forget)s goes.') % {'forget': _span(rule.forget)}}"  # fmt: skip
    return said


def looked_finding(looked: Looked) -> str:
    """How old the oldest look is."""
    if looked.fresh_since is None:
        return _("No post of this source is kept yet.")
    when = moment(looked.fresh_since)
    if looked.late:
        return _("Late: some posts were last seen there %(when)s.") % {"when": when}
    return _("Every kept post was seen there %(when)s or later.") % {"when": when}


def _span(length: timedelta) -> str:
    hours = round(length.total_seconds() / 3_600)
    if hours % 24 == 0 and hours > 48:
        return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": number(hours // 24)}
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": number(hours)}
