"""Reading the ledger: what a source used of what it may, and whether a paid one may be read at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum

from openroads.connectors.metering import Allowance
from openroads.listening.models import Source
from openroads.listening.networks import BY_KIND
from openroads.listening.spending.metering import account_of, shared_account
from openroads.listening.spending.models import CostPreview, Spending

SHOWN = timedelta(days=31)


@dataclass(frozen=True)
class UsedNow:
    """One allowance in the period that runs now: `units` and `money` of this source, `together` of every
    source with the same key; the limits, and when it is renewed. `left_told`: what the network said."""

    allowance: Allowance
    begins_on: date
    renews_at: datetime
    units: int
    calls: int
    money: Decimal
    together: int
    left_told: int | None
    closed_until: datetime | None

    @property
    def others(self) -> int:
        """Of the units, those that other sources with the same key used."""
        return self.together - self.units

    @property
    def left(self) -> int | None:
        """Units that may still be asked; None where nobody set a limit."""
        return (
            None if self.allowance.units is None else max(0, self.allowance.units - self.together)
        )


def used_now(source: Source, now: datetime) -> list[UsedNow]:
    """What a source used of each of its allowances, in the order in which its network names them."""
    shared, found = shared_account(source), []
    for allowance in BY_KIND[source.network].allowances({**source.told, **_whether_secret(source)}):
        rows = Spending.objects.filter(
            account=account_of(source, shared, allowance), allowance=allowance.name,
            begins_on=allowance.begins_on(now),
        )  # fmt: skip
        mine = rows.filter(source=source).first() or Spending()
        together = rows.order_by().aggregate(units=Sum("units"))["units"] or 0
        closed = mine.closed_until if mine.closed_until and mine.closed_until > now else None
        found.append(
            UsedNow(
                allowance, allowance.begins_on(now), allowance.renews_at(now), mine.units, mine.calls,
                mine.money, together, mine.left_told, closed,
            )
        )  # fmt: skip
    return found


def _whether_secret(source: Source) -> dict[str, str]:
    """Marks in the place of secrets: some allowances are larger with a key."""
    return {field.name: "*" for field in BY_KIND[source.network].fields if field.secret and source.secrets}  # fmt: skip


def spent_before(source: Source, now: datetime) -> Sequence[Spending]:
    """Every line of this source's ledger of the last 31 days, newest first."""
    since = (now - SHOWN).date()
    if is_priced(source):
        since = since.replace(day=1)
    return list(Spending.objects.filter(source=source, begins_on__gte=since))


def last_preview(source: Source) -> CostPreview | None:
    """The last price that was asked for the settings the source has now."""
    mine = CostPreview.objects.filter(source=source, fingerprint=source.fingerprint)
    return mine.select_related("asked_by", "agreed_by").first()


def price_is_unseen(source: Source) -> bool:
    """Whether a source costs money and nobody agreed to the price of the settings it has now."""
    if source.kind != Source.Kind.NETWORK or not BY_KIND[source.network].priced:
        return False
    agreed = CostPreview.objects.filter(source=source, fingerprint=source.fingerprint)
    return not agreed.exclude(agreed_at=None).exists()


def is_priced(source: Source) -> bool:
    """Whether reading it costs money."""
    return BY_KIND[source.network].priced


def stays(source: Source) -> bool:
    """Whether its posts may leave the house in no file."""
    return BY_KIND[source.network].stays


def preview_of(source: Source, number: str) -> CostPreview | None:
    """The price with this number, when it was asked for this source."""
    if not (number.isascii() and number.isdigit()):
        return None
    return CostPreview.objects.filter(source=source, pk=int(number)).first()
