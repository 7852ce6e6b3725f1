"""The choice of posts as a value: what the address bar holds, and the sieve it stands for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import get_args
from urllib.parse import urlencode

from django.http import QueryDict

from openroads.archive.queries.choice import AuthorGroup
from openroads.archive.scope import Scope
from openroads.directory.company import Brand
from openroads.listening.filters import GapFilter, gap_filter

MOODS = {"positive": 1, "neutral": 0, "negative": -1, "unknown": -128}
KINDS = ("question", "complaint", "praise", "other")
VOICES = ("customer", "brand")
MOST_WORDS = 6


@dataclass(frozen=True)
class ExploreFilter:
    """What the page is about. `until` is the last day, included; empty means all."""

    since: date
    until: date
    brand: int = 0
    products: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    voice: str = "customer"
    sources: tuple[int, ...] = ()
    tones: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    authors: str = ""
    topics: tuple[int, ...] = ()
    """Posts of any of these topics."""
    words: tuple[str, ...] = ()
    """Terms that must be in a post, as grouping keys."""
    q: str = ""
    """A Boolean query, as written."""

    @property
    def scope(self) -> Scope:
        """Days, brand, products and languages in the archive's words; periods are half-open there."""
        return Scope(
            since=self.since,
            until=self.until + timedelta(days=1),
            brand=self.brand,
            products=self.products,
            languages=self.languages,
        )

    @property
    def narrowed(self) -> bool:
        """Whether more is asked than who, what, which language and when."""
        asked = (self.sources, self.tones, self.kinds, self.authors, self.topics, self.words)
        return any(asked) or bool(self.q)

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    def query(self, **changes: object) -> str:
        """The address of this view with some things changed, without the question mark."""
        return urlencode(replace(self, **changes).pairs())  # type: ignore[arg-type]

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value of every field that says something, as in the address bar."""
        # Brand 0 is said: no brand named in the address means our own.
        pairs: list[tuple[str, str]] = [("brand", str(self.brand))]
        pairs += [("product", str(product)) for product in self.products]
        pairs += [("lang", language) for language in self.languages]
        pairs += [("since", self.since.isoformat()), ("until", self.until.isoformat())]
        if self.voice != "customer":
            pairs.append(("voice", self.voice))
        pairs += [("source", str(source)) for source in self.sources]
        pairs += [("tone", tone) for tone in self.tones]
        pairs += [("kind", kind) for kind in self.kinds]
        if self.authors:
            pairs.append(("authors", self.authors))
        pairs += [("topic", str(topic)) for topic in self.topics]
        pairs += [("word", word) for word in self.words]
        if self.q:
            pairs.append(("q", self.q))
        return pairs


def explore_filter(
    told: QueryDict,
    *,
    brands: Sequence[Brand],
    languages: Sequence[str],
    sources: Sequence[int],
    last: date,
    topics: Sequence[int] = (),
    first: date | None = None,
) -> ExploreFilter:
    """Read the address bar; what cannot be understood falls back to the default, as on the gap page.

    The query itself is kept as written, faults included, so that they can be pointed at.
    """
    plain: GapFilter = gap_filter(told, brands=brands, languages=languages, last=last, first=first)
    every_brand = told.get("brand") == "0"
    return ExploreFilter(
        since=plain.since,
        until=plain.until,
        brand=0 if every_brand else plain.brand,
        products=() if every_brand else plain.products,
        languages=plain.languages,
        voice="brand" if told.get("voice") == "brand" else "customer",
        sources=tuple(pk for pk in sources if str(pk) in told.getlist("source")),
        tones=tuple(tone for tone in MOODS if tone in told.getlist("tone")),
        kinds=tuple(kind for kind in KINDS if kind in told.getlist("kind")),
        authors=told.get("authors", "") if told.get("authors") in get_args(AuthorGroup) else "",
        topics=tuple(pk for pk in topics if str(pk) in told.getlist("topic")),
        words=tuple(dict.fromkeys(w[:100] for w in told.getlist("word") if w))[:MOST_WORDS],
        q=" ".join(told.get("q", "").split())[:2_000],
    )
