"""Turns messages and their analysis into rows of the archive, columns first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openroads.analysis.pipeline import ANALYSER, Analysis
from openroads.archive.message import Message
from openroads.archive.twins import FEWEST_WORDS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = datetime(1990, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)

DELTA_COLUMNS = (
    "id", "published_at", "author_key", "source", "network", "voice", "brands", "products",
    "language", "terms", "mood", "kind", "words", "repost", "original", "likes", "replies", "reposts",
)  # fmt: skip
"""The columns of a post that the sums are made of."""

MOMENT = pa.timestamp("ms", "UTC")
UINT16S, STRINGS = pa.list_(pa.uint16()), pa.list_(pa.string())


@dataclass(frozen=True)
class Origin:
    """Where a batch comes from and whose voice it is.

    Posts of authors in `own_handles` (as the network writes them, case ignored) get the voice
    "brand" in a customers' source. `brand` is what every post of this source is about besides the
    brands named in it; 0 when that is not fixed.
    """

    source: int
    purpose_voice: Literal["customer", "brand"]
    brand: int = 0
    own_handles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Landed:
    """What became of a batch, in posts (or passages). `withheld` are posts of erased authors;
    `stamp` is the archive's version its posts carry, 0 when nothing was written."""

    added: int
    changed: int
    same: int
    deleted: int
    withheld: int = 0
    stamp: int = field(default=0, compare=False)
    kept: Mapping[int, int] = field(default_factory=dict, compare=False)
    """By source how many were added or changed."""


@dataclass(frozen=True)
class Batch:
    """The rows of one batch, each id once: `upserts` as places in the messages, and deletions."""

    upserts: list[int]
    ids: NDArray[np.uint64]
    moments: NDArray[np.int64]
    """Milliseconds since 1970."""
    digests: NDArray[np.uint64]
    table: pa.Table
    """All columns of `post` but version, is_deleted and original."""
    copy_keys: NDArray[np.uint64]
    """(rows, 9): the keys under which copies of each row are found; zeros are none."""
    deletions: dict[int, int]
    """Id to the moment the deletion names, in milliseconds."""


def hash64(*parts: str, key: bytes = b"") -> int:
    """A stable 64-bit hash of some texts, never 0; with a key nobody without it can repeat it."""
    if len(key) > 64:
        key = blake2b(key).digest()
    text = "\x00".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8, key=key).digest(), "little") or 1


def post_id(source: int, native_id: str) -> int:
    """The id of a post: the same wherever and whenever the same source tells of it."""
    return hash64(str(source), native_id)


def author_key(network: str, author: str, key: bytes) -> int:
    """An author's pseudonym; 0 when nobody is named."""
    return hash64(network, author.lower(), key=key) if author else 0


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, rounded down. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: the archive keeps moments, not clocks.")
    return (moment - EPOCH) // _MS


def terms_column(offsets: NDArray[np.int64], term_ids: NDArray[np.uint32]) -> pa.Array:
    """Lists of term ids per text; each list sorted would cost more than it saves, so it is not."""
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(term_ids))


def collapse(origins: Sequence[Origin], messages: Sequence[Message]) -> dict[int, int]:
    """The last message about each post: id to place. Later ones overrule earlier ones."""
    last: dict[int, int] = {}
    for place, (origin, message) in enumerate(zip(origins, messages, strict=True)):
        last[post_id(origin.source, message.native_id)] = place
    return last


def lay_out(
    messages: Sequence[Message],
    analysis: Analysis,
    origins: Sequence[Origin],
    term_ids: NDArray[np.uint32],
    *,
    secret: bytes,
    now: datetime,
) -> Batch:
    """Make the rows of a batch; `origins` says of each message where it comes from. Raises ValueError for a date before 1990 or after tomorrow."""
    last = collapse(origins, messages)
    kept = [(i, place) for i, place in last.items() if messages[place].op == "upsert"]
    gone = {
        i: milliseconds(messages[place].said_at)
        for i, place in last.items()
        if messages[place].op == "delete"
    }
    places = [place for _, place in kept]
    ids = np.array([i for i, _ in kept], np.uint64)
    chosen = [messages[place] for place in places]
    whence = [origins[place] for place in places]
    moments = np.array([milliseconds(message.said_at) for message in chosen], np.int64)
    _refuse_odd_dates(chosen, moments, now)
    voices = _voices(chosen, whence)
    about = _about(places, analysis, whence)
    told = _told(chosen, ids, moments, whence, secret)
    scored = _scored(places, analysis, term_ids)
    digests = _digests(chosen, places, analysis, voices, about, term_ids)
    table = pa.table(
        {
            **told,
            "voice": pa.array(voices, pa.string()),
            **scored,
            "brands": pa.array([brands for brands, _ in about], UINT16S),
            "products": pa.array([products for _, products in about], UINT16S),
            "digest": digests,
            "collected_at": pa.array([milliseconds(now)] * len(chosen), pa.int64()).cast(MOMENT),
        }
    )
    return Batch(places, ids, moments, digests, table, _copy_keys(chosen, places, analysis), gone)


def _copy_keys(
    chosen: Sequence[Message], places: Sequence[int], analysis: Analysis
) -> NDArray[np.uint64]:
    order = np.asarray(places, np.int64)
    same = np.asarray(analysis.same_key, np.uint64)[order]
    bands = np.asarray(analysis.bands, np.uint64)[order]
    keys = np.column_stack((same, bands))
    keys[np.asarray(analysis.words)[order] < FEWEST_WORDS] = 0
    # Reposts are left out as reposts; as copies they would be left out twice.
    keys[[message.repost for message in chosen]] = 0
    return keys


def _refuse_odd_dates(chosen: Sequence[Message], moments: NDArray[np.int64], now: datetime) -> None:
    if not len(moments):
        return
    for place in (int(moments.argmin()), int(moments.argmax())):
        said = chosen[place].said_at
        if not FIRST_DAY <= said < now + timedelta(days=1):
            raise ValueError(f"A post said at {said} is outside 1990 to tomorrow.")


def _told(
    chosen: Sequence[Message],
    ids: NDArray[np.uint64],
    moments: NDArray[np.int64],
    whence: Sequence[Origin],
    secret: bytes,
) -> dict[str, pa.Array]:
    """What the network told, column by column."""
    pseudonyms: dict[tuple[str, str], int] = {}
    for message in chosen:
        pair = (message.network, message.author)
        if pair not in pseudonyms:
            pseudonyms[pair] = author_key(*pair, secret)
    text = pa.string()
    return {
        "id": pa.array(ids),
        "published_at": pa.array(moments).cast(MOMENT),
        "source": pa.array([origin.source for origin in whence], pa.uint32()),
        "network": pa.array([m.network for m in chosen], text),
        "native_id": pa.array([m.native_id for m in chosen], text),
        "author_key": pa.array([pseudonyms[m.network, m.author] for m in chosen], pa.uint64()),
        "author": pa.array([m.author for m in chosen], text),
        "author_name": pa.array([m.author_name for m in chosen], text),
        "url": pa.array([m.url for m in chosen], text),
        "title": pa.array([m.title for m in chosen], text),
        "text": pa.array([m.text for m in chosen], text),
        "reply_to": pa.array([m.reply_to for m in chosen], text),
        "thread": pa.array([m.thread for m in chosen], text),
        "quotes": pa.array([m.quotes for m in chosen], text),
        "repost": pa.array([m.repost for m in chosen], pa.bool_()),
        "likes": pa.array([m.likes for m in chosen], pa.uint32()),
        "replies": pa.array([m.replies for m in chosen], pa.uint32()),
        "reposts": pa.array([m.reposts for m in chosen], pa.uint32()),
        "views": pa.array([m.views for m in chosen], pa.uint64()),
        "rating": pa.array([m.rating for m in chosen], pa.float32()),
        "proven": pa.array([m.proven for m in chosen], pa.bool_()),
    }


def _voices(chosen: Sequence[Message], whence: Sequence[Origin]) -> list[str]:
    """Whose voice each message is."""
    own = {
        handles: {handle.lower().removeprefix("@") for handle in handles}
        for handles in {origin.own_handles for origin in whence}
    }
    return [
        "brand"
        if origin.own_handles and m.author.lower().removeprefix("@") in own[origin.own_handles]
        else origin.purpose_voice
        for m, origin in zip(chosen, whence, strict=True)
    ]


def _about(
    places: Sequence[int], analysis: Analysis, whence: Sequence[Origin]
) -> list[tuple[list[int], list[int]]]:
    """The brands and the products each row is about, sorted."""
    return [
        (
            sorted({*analysis.brands[place], origin.brand} - {0}),
            sorted(set(analysis.products[place])),
        )
        for place, origin in zip(places, whence, strict=True)
    ]


def _scored(
    places: Sequence[int], analysis: Analysis, term_ids: NDArray[np.uint32]
) -> dict[str, pa.Array]:
    """What the analysis made of it, column by column."""
    order = np.asarray(places, np.int64)
    terms = terms_column(np.asarray(analysis.term_offsets), term_ids).take(pa.array(order))
    bands = np.asarray(analysis.bands, np.uint64)[order]
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.count_nonzero(bands, axis=1))))
    return {
        "language": pa.array([analysis.language[place] for place in places], pa.string()),
        "language_p": pa.array(np.asarray(analysis.language_p, np.float32)[order]),
        "tone": pa.array(np.asarray(analysis.tone, np.float32)[order]),
        "mood": pa.array(np.asarray(analysis.mood, np.int8)[order]),
        "kind": pa.array([analysis.kind[place] for place in places], pa.string()),
        "words": pa.array(np.asarray(analysis.words, np.uint32)[order]),
        "terms": terms,
        "hashtags": pa.array([analysis.hashtags[place] for place in places], STRINGS),
        "mentions": pa.array([analysis.mentions[place] for place in places], STRINGS),
        "emoji": pa.array([analysis.emoji[place] for place in places], STRINGS),
        "same_key": pa.array(np.asarray(analysis.same_key, np.uint64)[order]),
        "bands": pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(bands[bands != 0])),
        "analyser": pa.array([analysis.analyser[place] for place in places], pa.string()),
    }


def _digests(
    chosen: Sequence[Message],
    places: Sequence[int],
    analysis: Analysis,
    voices: Sequence[str],
    about: Sequence[tuple[list[int], list[int]]],
    term_ids: NDArray[np.uint32],
) -> NDArray[np.uint64]:
    """One number per row that changes when anything worth writing anew does: what the network told
    as well as what the analysis makes of it (a product may have been added since)."""
    offsets = (np.asarray(analysis.term_offsets) * term_ids.itemsize).tolist()
    terms = np.ascontiguousarray(term_ids).tobytes()
    # By lists and rules: what a model says of a post is no change of the post.
    moods = np.asarray(analysis.mood_by_lists).tolist()
    hashes = []
    for m, place, voice, (brands, products) in zip(chosen, places, voices, about, strict=True):
        said = (
            f"{m.said_at}\0{m.repost}\0{m.likes}\0{m.replies}\0{m.reposts}\0{m.views}\0{m.rating}"
            f"\0{moods[place]}\0{brands}\0{products}"
        )
        words = (
            m.native_id, m.network, m.author, m.author_name, m.url, m.title, m.text, m.language,
            m.reply_to, m.thread, voice, analysis.language[place],
            analysis.kind_by_rules[place], ANALYSER, said,
            # Only where there is one: what was here before there were quotes is no other post now.
            *((m.quotes,) if m.quotes else ()),
            *((f"proven {m.proven}",) if m.proven is not None else ()),
        )  # fmt: skip
        digest = blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=8)
        digest.update(terms[offsets[place] : offsets[place + 1]])
        hashes.append(digest.digest())
    digests = np.frombuffer(b"".join(hashes), "<u8").astype(np.uint64)
    return np.maximum(digests, np.uint64(1))
