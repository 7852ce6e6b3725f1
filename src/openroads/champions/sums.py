"""What successes brought in euros, by how well it is known: pure adding up of rows of the database.

A alone is the careful sum, A and B the one to go by, A to C the hopeful one. D is an estimate: it is never
in a sum and named apart. What nobody confirmed, what is in another currency and what has no amount is
counted and named, and never taken for zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Case, Count, QuerySet, Sum, Value, When

from openroads.champions.models import Success
from openroads.champions.queries import NOT_CONFIRMED

ZERO = Decimal(0)


@dataclass
class Amount:
    """Euros, low to high, and of how many successes."""

    low: Decimal = ZERO
    base: Decimal = ZERO
    high: Decimal = ZERO
    n: int = 0

    def add(self, other: "Amount") -> None:
        self.low, self.base, self.high = (
            self.low + other.low, self.base + other.base, self.high + other.high,
        )  # fmt: skip
        self.n += other.n


@dataclass
class KindSum:
    """One kind (or all of them): how many, the three sums, and what is in none of them."""

    kind: str = ""
    n: int = 0
    careful: Amount = field(default_factory=Amount)
    known: Amount = field(default_factory=Amount)
    hopeful: Amount = field(default_factory=Amount)
    estimated: Amount = field(default_factory=Amount)
    waiting: int = 0
    unknown: int = 0
    foreign: int = 0

    def add(self, row: "_Row") -> None:
        self.n += row.n
        if row.waits:
            self.waiting += row.n
            return
        self.unknown += row.n - row.amount.n
        if row.currency != Success.Currency.EUR:
            self.foreign += row.amount.n
            return
        sums = {
            "A": (self.careful, self.known, self.hopeful), "B": (self.known, self.hopeful),
            "C": (self.hopeful,), "D": (self.estimated,),
        }  # fmt: skip
        for one in sums[row.level]:
            one.add(row.amount)


@dataclass(frozen=True)
class _Row:
    kind: str
    level: str
    currency: str
    waits: bool
    n: int
    amount: Amount


def sums_of(successes: QuerySet[Success]) -> tuple[list[KindSum], KindSum]:
    """A sum per kind, in the order of the kinds, and the sum of all; in one question."""
    waits = Case(When(NOT_CONFIRMED, then=Value(True)), default=Value(False))
    rows = (
        successes.order_by()
        .annotate(waits=waits)
        .values("kind", "level", "currency", "waits")
        .annotate(
            n=Count("pk"), money=Count("base"), low_sum=Sum("low"), base_sum=Sum("base"),
            high_sum=Sum("high"),
        )
    )  # fmt: skip
    return _folded(
        _Row(
            row["kind"], row["level"], row["currency"], row["waits"], row["n"],
            Amount(row["low_sum"] or ZERO, row["base_sum"] or ZERO, row["high_sum"] or ZERO, row["money"]),
        )
        for row in rows
    )  # fmt: skip


def _folded(rows: Iterable[_Row]) -> tuple[list[KindSum], KindSum]:
    by_kind: dict[str, KindSum] = {}
    every = KindSum()
    for row in rows:
        by_kind.setdefault(row.kind, KindSum(row.kind)).add(row)
        every.add(row)
    order: Sequence[str] = Success.Kind.values
    return [by_kind[kind] for kind in order if kind in by_kind], every
