"""Colleagues who read random samples: labels by people who pay attention, and who are people."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from openroads.analysis.learning.aspects import MOOD_NAMES
from openroads.archive.batch import post_id
from openroads.archive.queries.corrections import PostRead, posts_read
from openroads.demo import people
from openroads.demo.writer import Meaning
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.listening.labels.actions.auditing import draw_audit_sample, draw_of_day
from openroads.listening.labels.models import Aspect, AuditItem, AuditSample, Label
from openroads.listening.labels.queries import SECOND_READING
from openroads.listening.labels.settling import settle
from openroads.listening.models import Source

Meant = dict[tuple[str, str], Meaning]
"""How posts were meant, by network and native id."""

DAYS, DRAWN = 84, 420
READ = {"nl": 192, "en": 110, "other": 15}
"""Of each language so many are read: eight short of the first test in Dutch, which a visitor can bring about."""
LOOKED_AT_KIND = 120

TONE = {"-": "negative", "?": "neutral", "=": "neutral", "+": "positive"}
KIND = {"-": "complaint", "?": "question", "=": "other", "+": "praise"}


@dataclass(frozen=True)
class Reader:
    """Somebody who reads, and how often they see a post as it was meant."""

    email: str
    share: float
    attention: float


READERS = (
    Reader(people.SANNE.email, 0.5, 0.96),
    Reader(people.NOOR.email, 0.3, 0.93),
    Reader(people.DAAN.email, 0.2, 0.89),
)


def read_samples(today: date, meant: Meant) -> int:
    """Draw the sample of the last twelve weeks and have a part of it read, and the sample of yesterday,
    which waits for whoever looks. Returns how many labels were given."""
    system = system_person()
    sample = draw_audit_sample(
        by=system, since=today - timedelta(days=DAYS), until=today - timedelta(days=1), size=DRAWN
    )
    draw_of_day(by=system, day=today - timedelta(days=1))
    if sample is None:
        return 0
    known = meant_by_id(meant)
    by = [Person.objects.get(email=reader.email) for reader in READERS]
    rng = Random(today.toordinal())  # noqa: S311  repeatable on purpose, guards nothing
    items = _chosen(sample, known)
    rows = posts_read(archive(), [(item.post, item.published_at) for item in items])
    labels = []
    for place, item in enumerate(items):
        if row := rows.get(item.post):
            labels += _read(rng, place, item, row, known[item.post].mood, by, today)
    Label.objects.bulk_create(labels)
    begun = datetime.combine(today - timedelta(days=43), time(6), UTC)
    AuditSample.objects.filter(pk=sample.pk).update(drawn_at=begun)
    settle([(item.post, item.published_at) for item in items])
    return len(labels)


def meant_by_id(meant: Meant) -> dict[int, Meaning]:
    """The same by the archive's ids."""
    sources = dict(Source.objects.filter(fingerprint="demo").values_list("network", "pk"))
    return {
        post_id(sources[network], native): meaning
        for (network, native), meaning in meant.items()
        if network in sources
    }


def _chosen(sample: AuditSample, known: dict[int, Meaning]) -> list[AuditItem]:
    """The first items of each language, as many as are read."""
    left = dict(READ)
    chosen = []
    for item in sample.items.all():
        if left.get(item.stratum, 0) and item.post in known and known[item.post].mood in TONE:
            left[item.stratum] -= 1
            chosen.append(item)
    return chosen


def _read(
    rng: Random,
    place: int,
    item: AuditItem,
    row: PostRead,
    mood: str,
    by: list[Person],
    today: date,
) -> list[Label]:
    """What one reader says of a post, or two of one in four."""
    at = datetime.combine(today - timedelta(days=42 - place // 8), time(8, place % 8 * 5), UTC)
    first = rng.choices(range(len(READERS)), [reader.share for reader in READERS])[0]
    readers = [first]
    if item.place % SECOND_READING == 0:
        readers.append((first + 1) % len(READERS))
    aspects = [(Aspect.TONE, TONE, MOOD_NAMES.get(row.mood, "unknown"))]
    if place < LOOKED_AT_KIND:
        aspects.append((Aspect.KIND, KIND, row.kind))
    return [
        Label(
            post=item.post, published_at=row.published_at, source=row.source, language=row.language,
            aspect=aspect, value=_seen(rng, truth, mood, READERS[reader].attention), said=said,
            said_by=row.analyser, why=Label.Why.AUDIT, item=item, by=by[reader],
            at=at + timedelta(days=turn, minutes=aspect != Aspect.TONE),
        )
        for aspect, truth, said in aspects
        for turn, reader in enumerate(readers)
    ]  # fmt: skip


def _seen(rng: Random, truth: dict[str, str], mood: str, attention: float) -> str:
    if rng.random() < attention:
        return truth[mood]
    return rng.choice(sorted(set(truth.values()) - {truth[mood]}))
