"""The frozen question of a piece of evidence, kept as a value and asked again over other days.

The archive is below this room, so it may be asked here; what the question says was written down by the
room that froze it, with the names it meant, so that a brand renamed since does not change it.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from openroads.analysis.query.known import Known
from openroads.analysis.query.parse import parse
from openroads.archive.networks import LABELS
from openroads.archive.queries.choice import Condition, Sieve
from openroads.archive.queries.search import condition
from openroads.archive.scope import Scope


class CannotAsk(Exception):
    """The question as it was kept cannot be read any more."""


def kept(sieve: Sieve, query: str, known: Known) -> dict[str, Any]:
    """A question as it is kept: the choice without its days, its query as text, and what the names in it
    meant that day."""
    told: dict[str, Any] = {
        "brand": sieve.scope.brand,
        "voice": sieve.voice,
        "authors": sieve.authors,
    }
    told |= {"products": list(sieve.scope.products), "languages": list(sieve.scope.languages)}
    told |= {name: list(getattr(sieve, name)) for name in ("sources", "moods", "kinds", "terms")}
    if query:
        told["query"] = query
        told["names"] = {
            "brands": {str(pk): name for pk, name in known.brands.items()},
            "products": {str(pk): name for pk, name in known.products.items()},
            "sources": {str(pk): name for pk, name in known.sources.items()},
            "people": known.people,
            "ours": sorted(known.ours),
        }
    return told


def sieve_of(told: dict[str, Any], since: date, until: date) -> Sieve:
    """The question over these days; `until` is out. Raises CannotAsk when its query cannot be read."""
    scope = Scope(
        since, until, int(told.get("brand", 0)), tuple(map(int, told.get("products", ()))),
        tuple(map(str, told.get("languages", ()))),
    )  # fmt: skip
    return Sieve(
        scope=scope,
        voice="brand" if told.get("voice") == "brand" else "customer",
        sources=tuple(map(int, told.get("sources", ()))),
        moods=tuple(map(int, told.get("moods", ()))),
        kinds=tuple(map(str, told.get("kinds", ()))),
        terms=tuple(map(int, told.get("terms", ()))),
        authors=told.get("authors", ""),
        condition=_condition(told),
    )


def all_of(sieve: Sieve) -> Sieve:
    """The set a question stands in: everything said of the same brand and products, in the same
    languages, sources and voice."""
    return replace(sieve, moods=(), kinds=(), terms=(), authors="", condition=None)


def _condition(told: dict[str, Any]) -> Condition | None:
    text = told.get("query", "")
    if not text:
        return None
    names = told.get("names", {})

    def ids(what: str) -> dict[int, str]:
        return {int(pk): name for pk, name in names.get(what, {}).items()}

    known = Known(
        brands=ids("brands"), products=ids("products"), sources=ids("sources"), networks=LABELS,
        people=bool(names.get("people", True)), ours=frozenset(names.get("ours", ())),
    )  # fmt: skip
    read = parse(text, known)
    if read.query is None:
        raise CannotAsk(text)
    return condition(read.query)
