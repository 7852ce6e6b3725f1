"""Posts for tests, with an analysis anybody can count by hand: the terms of a text are its words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from openroads.analysis.pipeline import Analysis
from openroads.archive.client import Archive
from openroads.archive.filing import Standing
from openroads.archive.ingest import Landed, Origin, Passage, ingest, ingest_passages
from openroads.archive.message import Message

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CUSTOMERS = Origin(source=1, purpose_voice="customer")


@dataclass(frozen=True)
class Said:
    """A message with what the analysis would make of it."""

    message: Message
    mood: int = 0
    kind: str = "other"
    language: str = "nl"
    brands: tuple[int, ...] = ()
    products: tuple[int, ...] = ()
    same: str = ""
    """Texts with the same `same` are near-copies though their words differ."""

    def but(self, **changes: Any) -> "Said":
        """The same post, later, with something changed."""
        own = {name: changes.pop(name) for name in list(changes) if hasattr(self, name)}
        return replace(self, message=replace(self.message, **changes), **own)


def said(native_id: str, text: str, on: date | datetime, **more: Any) -> Said:
    """One post; `on` a day means noon."""
    moment = on if isinstance(on, datetime) else datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    own = {name: more.pop(name) for name in list(more) if name in Said.__dataclass_fields__}
    more.setdefault("author", f"author-{native_id}")
    return Said(Message(native_id, "forum", text, moment, **more), **own)


def key_of(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def analysis_of(texts: Sequence[str], rows: Sequence[Any]) -> Analysis:
    """The analysis of some texts: `rows` has mood, kind, language, brands, products, same."""
    terms = [sorted(set(text.split())) for text in texts]
    flat = [term for row in terms for term in row]
    lengths = [len(row) for row in terms]
    bands = np.zeros((len(texts), 8), np.uint64)
    for place, (text, row) in enumerate(zip(texts, rows, strict=True)):
        if len(text.split()) >= 4:
            bands[place] = [key_of(f"{row.same or text}|{band}") for band in range(8)]
    return Analysis(
        language=[row.language for row in rows],
        language_p=np.ones(len(texts), np.float32),
        tone=np.array([np.nan if row.mood == -128 else row.mood / 2 for row in rows], np.float32),
        mood=np.array([row.mood for row in rows], np.int8),
        kind=[row.kind for row in rows],
        words=np.array([len(text.split()) for text in texts], np.uint32),
        term_offsets=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        term_forms=np.arange(len(flat), dtype=np.int32),
        form_keys=flat,
        form_shown=[term.capitalize() for term in flat],
        hashtags=[[word[1:] for word in text.split() if word[0] == "#"] for text in texts],
        mentions=[[word[1:] for word in text.split() if word[0] == "@"] for text in texts],
        emoji=[[] for _ in texts],
        brands=[list(row.brands) for row in rows],
        products=[list(row.products) for row in rows],
        same_key=np.array([key_of(text) if text else 0 for text in texts], np.uint64),
        bands=bands,
    )


def land(
    archive: Archive,
    *posts: Said,
    origin: Origin = CUSTOMERS,
    now: datetime = NOW,
    topics: Sequence[Standing] = (),
) -> Landed:
    """Ingest these posts as one batch."""
    messages = [post.message for post in posts]
    analysis = analysis_of([message.text for message in messages], posts)
    return ingest(archive, messages, analysis, origin, now=now, topics=topics)


def land_texts(archive: Archive, *passages: Passage, products: tuple[int, ...] = ()) -> Landed:
    """Ingest these passages as one batch, in a neutral mood."""
    plain = replace(said("", "", NOW), products=products)
    rows = [plain for _ in passages]
    return ingest_passages(
        archive, passages, analysis_of([passage.text for passage in passages], rows)
    )


def passage(
    text_id: int, position: int, text: str, since: date, until: date | None = None
) -> Passage:
    return Passage(
        text_id, position, 1, f"https://windmee.example/{text_id}", "", text, since, until
    )


def gone(post: Said) -> Said:
    """The network's word that a post is no more."""
    return post.but(op="delete", text="")


def days(first: date, number: int) -> list[date]:
    return [first + timedelta(days=step) for step in range(number)]


def in_a_hurry(place: Path) -> None:
    """Have the engine remove the files it rewrote within a second or two instead of half a minute,
    from the next time this archive is opened."""
    with Archive.open(place, author_key=b"test key") as archive:
        for table in ("post", "counted_post", "term", "passage"):
            archive.command(
                f"ALTER TABLE {table} MODIFY SETTING old_parts_lifetime = 1, cleanup_delay_period = 1,"
                " cleanup_delay_period_random_add = 0, max_cleanup_delay_period = 1"
            )
