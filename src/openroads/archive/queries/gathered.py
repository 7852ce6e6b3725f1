"""The posts of a small choice, looked at once: what else has to be counted is counted from them here."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openroads.archive.client import Archive
from openroads.archive.queries.choice import Sieve, asked_of
from openroads.archive.queries.documents import Documents, flat_lists
from openroads.archive.queries.explore import (
    ARCHIVES_FIRST,
    FIGURES,
    Counted,
    DayRow,
    DrawnTerms,
    LanguageRow,
    People,
    SourceRow,
    people_named,
)
from openroads.archive.queries.gap import term_counts

MOST = 100_000
"""Posts that are taken in hand at most; of more the archive counts quicker itself, look by look."""

# Days before `shown` are history: their posts are only counted, so their words stay where they are.
POSTS = """
SELECT day, source, network, language, mood, kind, author_key, reactions, told, sign,
       if(day >= {shown:Date}, terms, []) AS said
FROM (CHOSEN) LIMIT {most:UInt32}
"""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Gathered:
    """Rows of posts, one column each; `sign` is -1 for a post that is no more, beside its row of 1.
    `shown` is the first day that is no history."""

    shown: date
    day: NDArray[np.datetime64]
    source: NDArray[np.uint32]
    network: pa.DictionaryArray
    language: pa.DictionaryArray
    kind: pa.DictionaryArray
    mood: NDArray[np.int8]
    author_key: NDArray[np.uint64]
    reactions: Numbers
    told: NDArray[np.bool_]
    sign: Numbers
    said: Documents

    def counted(self) -> Counted:
        """The figures by day (history too), source and language."""
        days, places = np.unique(self.day, return_inverse=True)
        here = self._is_shown()
        networks, languages = (
            self.network.dictionary.to_pylist(),
            self.language.dictionary.to_pylist(),
        )
        spots = self.source.astype(np.int64) * (len(networks) + 1) + _codes(self.network)
        kept, sources = np.unique(spots, return_inverse=True)
        by_source = [
            SourceRow(**figures, **_apart(int(kept[place]), networks))
            for place, figures in self._figures(sources, here)
        ]
        by_language = [
            LanguageRow(**figures, language=languages[place])
            for place, figures in self._figures(_codes(self.language), here)
        ]
        return Counted(
            [
                DayRow(**figures, day=days[place].item())
                for place, figures in self._figures(places, None)
            ],
            sorted(by_source, key=lambda row: (-row.posts, row.source, row.network)),
            sorted(by_language, key=lambda row: (-row.posts, row.language)),
        )

    def people(self, archive: Archive, limit: int) -> People:
        """Who wrote, as `explore.people_in` tells it."""
        here = self._is_shown()
        sign, mood, told = self.sign[here], self.mood[here], self.told[here]
        keys, places = np.unique(self.author_key[here], return_inverse=True)
        weights = (
            sign, sign * (mood == 1), sign * (mood == -1), sign * (mood == -128),
            sign * self.reactions[here], sign * told,
        )  # fmt: skip
        figures = np.array([_added(places, each, len(keys)) for each in weights]).reshape(6, -1)
        posts, named = figures[0], keys != 0
        first = np.lexsort((keys, -posts))
        most = first[(posts[first] > 0) & named[first]][:limit]
        latest = np.full(len(keys), np.datetime64(ARCHIVES_FIRST))
        np.maximum.at(latest, places[sign > 0], self.day[here][sign > 0])
        wrote = [
            (int(keys[place]), *figures[:, place].tolist(), latest[place].item())
            for place in most.tolist()
        ]
        return people_named(
            archive, int(((posts > 0) & named).sum()), int(posts[~named & (posts > 0)].sum()), wrote
        )

    def terms(self) -> DrawnTerms:
        """The terms of the posts, all of them."""
        here = self._is_shown()
        lengths = np.diff(self.said.offsets)
        return DrawnTerms(
            self.said.terms, lengths[here], self.mood[here], self.sign[here].astype(np.int32), 1
        )

    def _is_shown(self) -> NDArray[np.bool_]:
        return np.asarray(self.day >= np.datetime64(self.shown))

    def _figures(
        self, places: Numbers, here: NDArray[np.bool_] | None
    ) -> list[tuple[int, dict[str, Any]]]:
        """The figures of each place that has posts, by the fields of `explore.Figures`."""
        sign = self.sign if here is None else self.sign * here
        size = int(places.max(initial=-1)) + 1
        kinds = self.kind.dictionary.to_pylist()
        kind = _codes(self.kind)
        chosen = [np.ones(len(sign), np.bool_), *(self.mood == mood for mood in (1, -1, -128))]
        chosen += [
            kind == kinds.index(name) if name in kinds else np.zeros(len(sign), np.bool_)
            for name in ("question", "complaint", "praise")
        ]
        table = np.array([_added(places, sign * each, size) for each in chosen]).reshape(7, -1)
        return [
            (place, dict(zip(FIGURES, table[:, place].tolist(), strict=True)))
            for place in np.flatnonzero(table[0] > 0).tolist()
        ]


def gather(archive: Archive, sieve: Sieve, *, history: timedelta = timedelta()) -> Gathered | None:
    """The posts of a choice narrowed by what was said, and of as long a `history` before it; None
    where it is not so narrowed, or has too many."""
    if not (sieve.terms or sieve.condition) or sieve.authors or _too_many(archive, sieve):
        return None
    scope = sieve.scope
    params = {
        **sieve.params(), "since": max(scope.since - history, ARCHIVES_FIRST),
        "shown": scope.since, "most": MOST + 1,
    }  # fmt: skip
    table = archive.table(asked_of(POSTS, sieve), params)
    if table.num_rows > MOST:
        return None
    codes = {
        name: table[name].combine_chunks().dictionary_encode()
        for name in ("network", "language", "kind")
    }
    return Gathered(
        scope.since,
        table["day"].to_numpy().astype("datetime64[D]"),
        table["source"].to_numpy(),
        mood=table["mood"].to_numpy(),
        author_key=table["author_key"].to_numpy(),
        reactions=table["reactions"].to_numpy().astype(np.int64),
        told=table["told"].to_numpy().astype(np.bool_),
        sign=table["sign"].to_numpy().astype(np.int64),
        said=flat_lists(table, "said"),
        **codes,
    )


def _too_many(archive: Archive, sieve: Sieve) -> bool:
    """Whether so many posts use the rarest of the words that they are better counted where they are."""
    if sieve.condition or not sieve.scope.summable:
        return False  # nobody knows before looking
    found = term_counts(archive, sieve.scope, sieve.voice, terms=sieve.terms)
    return len(found) == len(set(sieve.terms)) and int(found.docs.min()) > MOST // 2


def _codes(column: pa.DictionaryArray) -> Numbers:
    return np.asarray(column.indices.to_numpy(zero_copy_only=False), np.int64)


def _apart(spot: int, networks: list[str]) -> dict[str, Any]:
    source, network = divmod(spot, len(networks) + 1)
    return {"source": source, "network": networks[network]}


def _added(places: Numbers, weights: Numbers, size: int) -> Numbers:
    """Weights added up by place: whole numbers, which floats of this size hold exactly."""
    return np.rint(np.bincount(places, weights, minlength=size)).astype(np.int64)
