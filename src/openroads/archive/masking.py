"""Names of somebody who was erased, masked in what others wrote: found by keyed hashes, so that nobody can
read from what is kept whose names they are."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pyarrow as pa

from openroads.analysis.pipeline import Analysis
from openroads.archive.batch import STRINGS, hash64, terms_column
from openroads.archive.client import Archive
from openroads.archive.erase import clean_up_after_change
from openroads.archive.ingest import memory_of
from openroads.archive.message import Message
from openroads.archive.queries import masking as sql
from openroads.archive.queries.authors import SHORTEST_NAME
from openroads.archive.rollups import unsettle

MASK = "███"
"""What stands in the place of a name, however long that was. No letter, so no word either."""
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[^\S\n]{1,2}|[_.\-'’]")
"""What may stand between two words of one name."""
MOST_WORDS = 6
AT_ONCE = 2_000
"""Posts rewritten at a time."""

Analyse = Callable[[list[str], list[str]], Analysis]
"""Texts and the languages they are in, to what they say."""


@dataclass(frozen=True)
class Mask:
    """One name: of how many words, and its keyed hash."""

    words: int
    key: int


def mask_of(name: str, secret: bytes) -> Mask | None:
    """The mask of a handle or name; None for what has no letter, or too many words. One that is too
    short to be anybody's (or an ordinary word) is masked only where an @ stands before it."""
    words = _words(name)
    if not 0 < len(words) <= MOST_WORDS:
        return None
    joined = " ".join(words)
    alone = len(joined) >= SHORTEST_NAME
    return Mask(len(words), _key(joined if alone else f"@{joined}", secret))


class Masks:
    """Finds names in texts and masks them."""

    def __init__(self, masks: Iterable[Mask], secret: bytes) -> None:
        self.all = frozenset(masks)
        self._keys = frozenset(mask.key for mask in self.all)
        self._sizes = sorted({mask.words for mask in self.all}, reverse=True)
        self._secret = secret

    def __bool__(self) -> bool:
        return bool(self.all)

    def masked(self, text: str) -> str:
        """The text with every name masked, the @ or # before it as well; the same text when there
        is none."""
        found = list(self._found(text))
        for start, end in reversed(found):
            text = text[:start] + MASK + text[end:]
        return text

    def in_message(self, message: Message) -> Message:
        """A message without these names: masked in title and text; an address or a number that one
        stands in is left out. What the message is known by and who wrote it stay."""
        new = replace(
            message,
            text=self.masked(message.text),
            title=self.masked(message.title),
            url=self._blank(message.url),
            reply_to=self._blank(message.reply_to),
            thread=self._blank(message.thread),
            quotes=self._blank(message.quotes),
        )
        return message if new == message else new

    def in_told(self, told: Any) -> Any:
        """The same of every text in a JSON value; keys of objects stay."""
        if isinstance(told, str):
            return self.masked(told)
        if isinstance(told, dict):
            return {name: self.in_told(value) for name, value in told.items()}
        return [self.in_told(value) for value in told] if isinstance(told, list) else told

    def _blank(self, text: str) -> str:
        return "" if any(self._found(text)) else text

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        """Where names stand, the longest first where several begin, each letter once."""
        words = list(_WORD.finditer(text)) if self._keys and text else []
        place = 0
        while place < len(words):
            for size in self._sizes:
                some = words[place : place + size]
                if len(some) == size and _together(text, some) and self._is_name(text, some):
                    start = some[0].start()
                    yield (start - 1 if text[start - 1 : start] in ("@", "#") else start, some[-1].end())  # fmt: skip
                    place += size
                    break
            else:
                place += 1

    def _is_name(self, text: str, words: Sequence[re.Match[str]]) -> bool:
        joined = " ".join(_plain(word[0]) for word in words)
        if _key(joined, self._secret) in self._keys:
            return True
        start = words[0].start()
        return text[start - 1 : start] == "@" and _key(f"@{joined}", self._secret) in self._keys


def _together(text: str, words: Sequence[re.Match[str]]) -> bool:
    return all(_BETWEEN.fullmatch(text, one.end(), two.start()) for one, two in pairwise(words))


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def _words(name: str) -> list[str]:
    return [_plain(word) for word in _WORD.findall(name)]


@lru_cache(maxsize=200_000)
def _key(joined: str, secret: bytes) -> int:
    # "mask" sets these apart from authors' pseudonyms, which the same secret makes.
    return hash64("mask", joined, key=secret)


def posts_naming(
    archive: Archive, names: Sequence[str], *, but_of: Sequence[int] = ()
) -> list[int]:
    """The ids of posts that hold the longest word of one of these names, in any version, whoever
    wrote them but these pseudonyms: more than are masked."""
    words = sorted({max(found, key=len) for name in names if (found := _words(name))})
    if not words:
        return []
    ids: list[int] = archive.written(sql.NAMING, {"words": words, "keys": list(but_of)})[
        "id"
    ].to_pylist()
    return ids


def count_named(archive: Archive, ids: Sequence[int], masks: Masks) -> int:
    """In how many of these posts, as they are in force, a name stands."""
    return sum(len(places) for _table, places, _new in _portions(archive, ids, masks))


def mask_posts(archive: Archive, ids: Sequence[int], masks: Masks, analyse: Analyse) -> int:
    """Mask names in these posts, in every version, from the files as well as from sight; returns
    how many changed.

    What they were taken to say (tone, kind, whom they are about) stays; their words are made anew from the
    masked text, and the sums from those. Doing it again ends what was begun. The digest is
    taken away, so that the same post read again is looked at anew.
    """
    if not ids:
        return 0
    changed = 0
    with archive.write_lock:
        months = [int(m) for m in archive.written(sql.MONTHS, {"ids": list(ids)})["month"].to_pylist()]  # fmt: skip
        terms = archive.written(sql.TERMS, {"ids": list(ids)})["term"].to_pylist()
        unsettle(archive, months)
        for table, places, new in _portions(archive, ids, masks):
            if places:
                _rewrite(archive, table.take(pa.array(places)), new, analyse)
                changed += len(places)
        archive.command(sql.ERASE_OLDER, {"ids": list(ids)})
        clean_up_after_change(archive, months, terms)
    return changed


def _portions(
    archive: Archive, ids: Sequence[int], masks: Masks
) -> Iterator[tuple[pa.Table, list[int], list[Message]]]:
    """Posts in force as they stand, which of them hold a name, and these as they must read."""
    for start in range(0, len(ids), AT_ONCE):
        table = archive.written(sql.WHOLE, {"ids": list(ids[start : start + AT_ONCE])})
        rows = table.select(["native_id", "network", "text", "published_at", "url", "title", "reply_to", "thread", "quotes"])  # fmt: skip
        places, new = [], []
        for place, row in enumerate(rows.to_pylist()):
            told = Message(said_at=row.pop("published_at"), **row)
            if (message := masks.in_message(told)) is not told:
                places.append(place)
                new.append(message)
        yield table, places, new


def _rewrite(archive: Archive, table: pa.Table, new: Sequence[Message], analyse: Analyse) -> None:
    memory = memory_of(archive)
    texts = [f"{each.title}\n{each.text}" if each.title else each.text for each in new]
    analysis = analyse(texts, table["language"].to_pylist())
    terms = terms_column(analysis.term_offsets, memory.terms.ids(analysis))
    memory.version += 1
    columns = {
        **{name: pa.array([getattr(each, name) for each in new], pa.string()) for name in ("text", "title", "url", "reply_to", "thread", "quotes")},
        "terms": terms,
        "hashtags": pa.array(analysis.hashtags, STRINGS),
        "mentions": pa.array(analysis.mentions, STRINGS),
        "digest": pa.array([0] * len(new), pa.uint64()),
        "version": pa.array([memory.version] * len(new), pa.uint32()),
    }  # fmt: skip
    for name, column in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, column)
    archive.insert("post", table)
