"""How much was read on both sides of a gap, and what of it does not count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from openroads.archive.client import Archive
from openroads.archive.scope import COUNTED, IN_SCOPE, IN_SCOPE_BY_DAY, VALID_IN_SCOPE, Scope

VOLUME_SUMMED = """
SELECT product, voice = 'customer' AS customer, day, toInt64(sum(volume_day.posts)) AS posts,
       toInt64(sum(volume_day.words)) AS words, toInt64(sum(volume_day.reposts)) AS reposts,
       toInt64(sum(volume_day.duplicates)) AS duplicates,
       toInt64(sumIf(volume_day.posts, mood = -128)) AS unknown
FROM volume_day
WHERE day >= {since:Date} AND day < {until:Date}
  AND brand = {brand:UInt16} AND product IN {wanted:Array(UInt16)}
  AND (empty({languages:Array(String)}) OR has({languages:Array(String)}, language))
GROUP BY product, customer, day
"""

VOLUME = f"""
SELECT toUInt16(0) AS product, voice = 'customer' AS customer, toDate(published_at) AS day,
       toInt64(countIf({COUNTED})) AS posts, toInt64(sumIf(post.words, {COUNTED})) AS words,
       toInt64(countIf(repost)) AS reposts,
       toInt64(countIf(NOT repost AND original != 0)) AS duplicates,
       toInt64(countIf({COUNTED} AND mood = -128)) AS unknown
FROM post FINAL WHERE {IN_SCOPE} GROUP BY customer, day
"""

# A post without an author is nobody's: it is counted by itself, never as a person.
PEOPLE = f"""
SELECT toInt64(countIf(n > 0 AND author_key != 0)) AS people,
       toInt64(sumIf(n, author_key = 0)) AS nameless
FROM (
    SELECT author_key, sum(sign) AS n
    FROM counted_post WHERE {IN_SCOPE_BY_DAY} AND voice = 'customer' GROUP BY author_key
)
"""

PASSAGE_TOTALS = f"""
SELECT toInt64(uniqExact(text_id)) AS texts, toInt64(count()) AS passages,
       toInt64(sum(words)) AS passage_words
FROM passage FINAL WHERE {VALID_IN_SCOPE}
"""


@dataclass(frozen=True)
class Volume:
    """What was posted: rows of one product, voice and UTC day each. Product 0 is the whole scope.

    `posts`, `words` and `unknown` (posts whose tone nobody knows) are of posts that count.
    """

    product: NDArray[np.uint16]
    customer: NDArray[np.bool_]
    day: NDArray[np.datetime64]
    posts: NDArray[np.int64]
    words: NDArray[np.int64]
    reposts: NDArray[np.int64]
    duplicates: NDArray[np.int64]
    unknown: NDArray[np.int64]

    def between(
        self, since: date, until: date, *, product: int = 0, customers: bool = True
    ) -> "OnDays":
        """What was posted from `since` up to but not on `until`, by customers or by the brand."""
        chosen = (self.product == product) & (self.customer == customers)
        chosen &= (self.day >= np.datetime64(since)) & (self.day < np.datetime64(until))
        return OnDays(
            int(self.posts[chosen].sum()),
            int(self.words[chosen].sum()),
            int(self.reposts[chosen].sum()),
            int(self.duplicates[chosen].sum()),
            int(self.unknown[chosen].sum()),
        )


@dataclass(frozen=True)
class OnDays:
    """What was posted on some days; see `Volume`."""

    posts: int
    words: int
    reposts: int
    duplicates: int
    unknown: int


@dataclass(frozen=True)
class People:
    """How many people are known to have written; `nameless` are the posts without an author."""

    people: int
    nameless: int


@dataclass(frozen=True)
class PassageTotals:
    """How much the brand's own texts come to."""

    texts: int
    passages: int
    passage_words: int


@dataclass(frozen=True)
class Totals(People, PassageTotals):
    """Everything above the line of a gap. `posts`, `people` and `words` are the customers'.

    `own_posts` are the brand's own: left out of the customers' side, they count on the brand's.
    `brand_words` are the words of passages and own posts together.
    """

    posts: int
    words: int
    left_out_reposts: int
    left_out_duplicates: int
    mood_unknown: int
    own_posts: int
    brand_words: int


def volume(archive: Archive, scope: Scope, products: Sequence[int] = ()) -> Volume:
    """What was posted in scope, and about each of these products of its brand, day by day."""
    whole = scope.products[0] if len(scope.products) == 1 else 0
    asked = sorted({int(product) for product in products} | ({whole} if scope.summable else set()))
    parts = []
    if asked:
        summed = archive.columns(VOLUME_SUMMED, {**scope.params(), "wanted": asked})
        parts.append(summed)
        if scope.summable and whole:
            # Its own product stands once under its number and once as the whole scope.
            own = summed["product"] == whole
            parts.append({name: column[own] for name, column in summed.items()})
            parts[-1]["product"] = np.zeros(int(own.sum()), np.uint16)
    if not scope.summable:
        parts.append(archive.columns(VOLUME, scope.params()))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    columns["customer"] = columns["customer"].astype(np.bool_)
    columns["day"] = columns["day"].astype("datetime64[D]")
    return Volume(**columns)


def people_in(archive: Archive, scope: Scope) -> People:
    """How many customers wrote in scope."""
    return archive.rows(People, PEOPLE, scope.params())[0]


def totals(
    archive: Archive,
    scope: Scope,
    posted: Volume | None = None,
    people: People | None = None,
    passages: PassageTotals | None = None,
) -> Totals:
    """How much was read in scope on both sides, and what was left out.

    `posted`, `people` and `passages` spare a question where a volume of the same choice over these
    days, who wrote in them, or how much we said, is at hand.
    """
    people = people_in(archive, scope) if people is None else people
    posted = volume(archive, scope) if posted is None else posted
    theirs = posted.between(scope.since, scope.until)
    own = posted.between(scope.since, scope.until, customers=False)
    if passages is None:
        (passages,) = archive.rows(PassageTotals, PASSAGE_TOTALS, scope.params())
    return Totals(
        **vars(people),
        **vars(passages),
        posts=theirs.posts,
        words=theirs.words,
        left_out_reposts=theirs.reposts,
        left_out_duplicates=theirs.duplicates,
        mood_unknown=theirs.unknown,
        own_posts=own.posts,
        brand_words=passages.passage_words + own.words,
    )
