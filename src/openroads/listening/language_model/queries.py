"""Reading what may be sent, what was written and found right, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.conf import settings

from openroads.analysis.intervals import wilson
from openroads.analysis.themes import TOLD
from openroads.connectors.language_model import RECIPE, ModelServer
from openroads.directory.models import Person
from openroads.listening import policy as room
from openroads.listening.language_model import policy
from openroads.listening.language_model.models import (
    AllowedSource,
    LabelVerdict,
    ModelMonth,
    WrittenLabel,
)
from openroads.listening.models import MonthTheme, Source
from openroads.listening.networks import BY_KIND

PROVEN_BY = 30
"""Labels people said something of, before any is shown unasked."""
SURELY = 0.7
"""The lower end of the interval of the share right that is enough for it."""


def server() -> ModelServer | None:
    """The language model of the settings; None when there is none."""
    told = settings.OPENROADS
    if not told.language_model_url:
        return None
    return ModelServer(
        told.language_model_url, told.language_model_key, told.language_model_name,
        told.language_model_price_in, told.language_model_price_out,
    )  # fmt: skip


def written_by(asked: ModelServer) -> str:
    """Under what name its labels are judged: another model, or another question, starts afresh."""
    return f"{asked.name[:100]} / {RECIPE}"


@dataclass(frozen=True)
class Leave:
    """A source, and whether its posts may be sent."""

    source: Source
    allowed: AllowedSource | None
    stays: bool
    """Its network forbids that posts leave the house."""


def leaves_for(person: Person) -> list[Leave]:
    """Every source that brings posts of customers, by name."""
    if not policy.may_allow_sources(person):
        return []
    allowed = {row.source_id: row for row in AllowedSource.objects.select_related("by")}
    sources = Source.objects.exclude(kind__in=(Source.Kind.SITE, Source.Kind.TEXTS))
    return [
        Leave(source, allowed.get(source.pk), stays(source)) for source in sources.order_by("name")
    ]


def stays(source: Source) -> bool:
    """Whether the terms of its network keep its posts in the house."""
    network = BY_KIND.get(source.network) if source.kind == Source.Kind.NETWORK else None
    return network is not None and network.stays


def source_for(person: Person, pk: int) -> Source | None:
    """A source an administrator may decide about."""
    return next((leave.source for leave in leaves_for(person) if leave.source.pk == pk), None)


def allowed_sources() -> list[int]:
    """Sources whose posts may be sent now."""
    rows = AllowedSource.objects.select_related("source")
    return [row.source_id for row in rows if not stays(row.source)]


def month_of(now: datetime) -> date:
    """The first day of the month in which a question is counted (UTC)."""
    return now.astimezone(UTC).date().replace(day=1)


def spent(now: datetime) -> tuple[Decimal, int]:
    """Money and questions of this month."""
    row = ModelMonth.objects.filter(begins_on=month_of(now)).first()
    return (row.money, row.questions) if row is not None else (Decimal(0), 0)


def written_for(person: Person, brand: int, month: date | None) -> dict[int, WrittenLabel]:
    """The last label asked of each theme of a month, by the line of the theme."""
    if month is None or not room.may_read_conversations(person):
        return {}
    found: dict[int, WrittenLabel] = {}
    for row in WrittenLabel.objects.filter(brand=brand, month=month).order_by("pk"):
        found[row.line] = row
    return found


def told_by(theme: MonthTheme) -> list[int]:
    """The terms a theme is told by: with others it is another theme."""
    return [int(term) for term, _weight in theme.words[:TOLD]]


def theme_for(person: Person, pk: int) -> MonthTheme | None:
    """A theme, for who reads themes."""
    if not room.may_read_conversations(person):
        return None
    return MonthTheme.objects.filter(pk=pk).first()


def label_for(person: Person, pk: int) -> WrittenLabel | None:
    """A label that was written, for who reads themes."""
    if not room.may_read_conversations(person):
        return None
    return WrittenLabel.objects.filter(pk=pk, state=WrittenLabel.State.WRITTEN).first()


def said_by(person: Person, labels: Sequence[int]) -> dict[int, bool]:
    """What this person said of labels."""
    if not labels:
        return {}
    rows = LabelVerdict.objects.filter(by=person, label__in=list(labels))
    return dict(rows.values_list("label", "right"))


@dataclass(frozen=True)
class Tried:
    """How often what a model wrote was found right; the last word on a label counts."""

    n: int
    right: int
    low: float
    high: float

    @property
    def is_proven(self) -> bool:
        """Whether its labels may be shown unasked."""
        return self.n >= PROVEN_BY and self.low >= SURELY


def tried(name: str) -> Tried:
    """The judgement on everything this model wrote by the question of now; the interval is Wilson's (95%)."""
    rows = LabelVerdict.objects.filter(label__written_by=name).order_by("at", "pk")
    last = dict(rows.values_list("label", "right"))
    right = sum(last.values())
    share = wilson(right, len(last))
    return Tried(len(last), right, float(share.low), float(share.high))
