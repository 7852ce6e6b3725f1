"""Successes and spotlights as the pages say them: findings, amounts and states in words, and rows for a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.champions import policy
from openroads.champions.actions.forgetting import INSTEAD
from openroads.champions.models import Spotlight, Success
from openroads.champions.queries import Asked, Listed
from openroads.champions.sums import Amount, KindSum
from openroads.directory.models import Person
from openroads.ui.formats import day, euro, listed, number

EURO = Success.Currency.EUR


@dataclass(frozen=True)
class Row:
    """One success in the list."""

    success: Success
    title: str
    state: str
    amounts: str


@dataclass(frozen=True)
class SumRow:
    """One kind with its three sums in words, each with its range, and what stands in none of them."""

    name: str
    n: int
    sums: Sequence[tuple[str, str]]
    left_out: str


@dataclass(frozen=True)
class ListPage:
    """The list with what it found."""

    finding: str
    told: str
    rows: Sequence[Row]
    sums: Sequence[SumRow]
    money: bool


def list_page(
    found: Listed, wanted: Asked, sums: Sequence[KindSum], every: KindSum, person: Person
) -> ListPage:
    """The list as it is shown to somebody; `sums` and `every` are of all that is asked for, not of a page."""
    money = policy.sees_all_money(person) or wanted.view == "mine"
    rows = [row_of(one, person) for one in found.rows]
    shown = [sum_row(one) for one in sums]
    if len(shown) > 1:
        shown.append(sum_row(every, _("All of them")))
    return ListPage(_finding(found, wanted), _told(every, found.untold, money), rows, shown, money)


def row_of(success: Success, person: Person) -> Row:
    seen = policy.sees_money_of(person, success)
    return Row(success, title_of(success), state_words(success), amounts_words(success) if seen else "")  # fmt: skip


def title_of(success: Success) -> str:
    """What happened; the words that stand instead when somebody was erased, in the reader's language."""
    return _(INSTEAD) if success.title == INSTEAD else success.title


def why_of(spotlight: Spotlight) -> str:
    return _(INSTEAD) if spotlight.why == INSTEAD else spotlight.why


def state_words(success: Success) -> str:
    """What still has to be said of it; nothing when all is well."""
    if success.is_withdrawn:
        return _("withdrawn")
    return _("waits to be confirmed") if success.needs_confirming else ""


def amounts_words(success: Success) -> str:
    """ "€ 1,200, € 900 to € 1,500", "€ 1,200", or "unknown"."""
    if success.amounts is None:
        return _("unknown")
    return _range(*success.amounts, success.currency)


def sum_row(one: KindSum, name: str = "") -> SumRow:
    sums = [_sum_words(each) for each in (one.careful, one.known, one.hopeful)]
    return SumRow(name or str(Success.Kind(one.kind).label), one.n, sums, _left_out(one))


def last_day(spotlight: Spotlight) -> date:
    """The last day on which it is shown."""
    return spotlight.until - timedelta(days=1)


def csv_rows(
    successes: QuerySet[Success], person: Person
) -> Iterator[Sequence[str | int | Decimal]]:
    """A line per success, as this person may see it: amounts of others stay empty for who does not see them."""
    yield [
        _("Number"), _("Day"), _("Kind"), _("Success"), _("Whose"), _("How it is known"), _("Confirmed"),
        _("At least"), _("Most likely"), _("At most"), _("Currency"), _("Who may hear of it"),
    ]  # fmt: skip
    for one in successes.order_by("-on", "-pk").iterator(chunk_size=500):
        amounts = one.amounts if policy.sees_money_of(person, one) else None
        confirmed = f"{one.confirmed_at:%Y-%m-%d}" if one.confirmed_at else ""
        yield [
            one.code, one.on.isoformat(), str(one.get_kind_display()), title_of(one), str(one.owner),
            one.level, confirmed, *(amounts or ("", "", "")), one.currency if amounts else "",
            str(one.get_tell_display()),
        ]  # fmt: skip


def _finding(found: Listed, wanted: Asked) -> str:
    n = found.counts[wanted.view]
    words = {
        "mine": ngettext("%(n)s success of yours", "%(n)s successes of yours", n),
        "waiting": ngettext("%(n)s success waits to be confirmed", "%(n)s successes wait to be confirmed", n),
        "withdrawn": ngettext("%(n)s success was withdrawn", "%(n)s successes were withdrawn", n),
        "all": ngettext("%(n)s success, written down by colleagues", "%(n)s successes, written down by colleagues", n),
    }  # fmt: skip
    none = {
        "mine": _("No success of yours stands here yet"),
        "waiting": _("No success waits to be confirmed"),
        "withdrawn": _("No success was withdrawn"),
        "all": _("No success stands here yet"),
    }
    if n == 0:
        return _("No success like that") if wanted.is_narrowed else none[wanted.view]
    return words[wanted.view] % {"n": number(n)}


def _told(every: KindSum, untold: int, money: bool) -> str:
    parts = []
    if money and every.known.n:
        parts.append(
            ngettext(
                "Together they brought %(sum)s as far as it is known (levels A and B, %(n)s success).",
                "Together they brought %(sum)s as far as it is known (levels A and B, %(n)s successes).",
                every.known.n,
            )
            % {"sum": _range(every.known.low, every.known.base, every.known.high, EURO), "n": number(every.known.n)}
        )  # fmt: skip
    elif money and every.n:
        parts.append(_("What they brought in euros is unknown at levels A and B."))
    if untold:
        parts.append(
            ngettext(
                "%(n)s more is not told: whose it is did not say that colleagues may hear of it.",
                "%(n)s more are not told: whose they are did not say that colleagues may hear of them.",
                untold,
            )
            % {"n": number(untold)}
        )
    return " ".join(parts)


def _sum_words(one: Amount) -> tuple[str, str]:
    if not one.n:
        return _("unknown"), ""
    spread = "" if one.low == one.high else _between(one.low, one.high)
    return euro(one.base), spread


def _left_out(one: KindSum) -> str:
    parts = []
    if one.waiting:
        parts.append(_("%(n)s to be confirmed") % {"n": number(one.waiting)})
    if one.unknown:
        parts.append(
            ngettext("euros unknown for %(n)s", "euros unknown for %(n)s", one.unknown)
            % {"n": number(one.unknown)}
        )  # fmt: skip
    if one.foreign:
        parts.append(_("%(n)s in other money") % {"n": number(one.foreign)})
    if one.estimated.n:
        parts.append(
            _("%(sum)s estimated (level D)")
            % {"sum": _range(one.estimated.low, one.estimated.base, one.estimated.high, EURO)}
        )
    return listed(parts)


def _range(low: Decimal, base: Decimal, high: Decimal, currency: str) -> str:
    shown = _money(base, currency)
    return shown if low == high else _("%(base)s (%(range)s)") % {"base": shown, "range": _between(low, high, currency)}  # fmt: skip


def _between(low: Decimal, high: Decimal, currency: str = EURO) -> str:
    return _("%(low)s to %(high)s") % {"low": _money(low, currency), "high": _money(high, currency)}


def _money(amount: Decimal, currency: str) -> str:
    if currency == EURO:
        return euro(amount)
    return f"{Success.Currency(currency).label}\u00a0{number(amount)}"


def consent_words(success: Success) -> str:
    """Who may hear of it, who agreed and when."""
    if success.tell == Success.Tell.NOBODY or success.tell_at is None:
        return _("Nobody but whose it is, who wrote it down, and who keeps successes.")
    who = {
        Success.Tell.COLLEAGUES: _("Colleagues"),
        Success.Tell.OUTSIDE: _("Colleagues and people outside"),
    }[Success.Tell(success.tell)]
    told = _("%(who)s. %(name)s agreed on %(day)s.") % {
        "who": who, "name": success.tell_by, "day": day(success.tell_at),
    }  # fmt: skip
    if success.tell_how:
        told += " " + _("The people it is about: %(how)s") % {"how": success.tell_how}
    return told
