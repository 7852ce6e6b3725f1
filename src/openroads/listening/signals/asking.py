"""Asking for signals: the address becomes promises with what is said of them, a map, and questions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict

from openroads.analysis.query.kept import node_of
from openroads.analysis.query.syntax import Node
from openroads.archive.queries.newest import PlaceFound, quotes_in
from openroads.archive.queries.posts import Quote
from openroads.archive.queries.signals import conditions, newest_of, passages_of, words_together
from openroads.directory.company import Brand
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import queries as room
from openroads.listening.drilling import telling
from openroads.listening.explore import asking as exploring
from openroads.listening.explore.asking import Asked
from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.filters import offered
from openroads.listening.gap_counting import left_out_terms
from openroads.listening.gap_queries import days_kept
from openroads.listening.remembering import now_at, remembered
from openroads.listening.signals import queries
from openroads.listening.signals.asked_most import AskedMost, QuestionsReading, read_questions
from openroads.listening.signals.models import Promise
from openroads.listening.signals.reading import (
    PromiseReading,
    Standing,
    read_map,
    read_promises,
)
from openroads.listening.topics.queries import filed_as

GLANCE = 12


@dataclass(frozen=True)
class AskedSignals:
    """Whose promises over which posts, and the two on the map (None: fewer than two promises)."""

    asked: Asked
    brand: Brand | None
    brands: Sequence[Brand]
    promises: Sequence[Promise]
    axes: tuple[Promise, Promise] | None
    at: str
    first: date | None

    @property
    def filter(self) -> ExploreFilter:
        return self.asked.filter


def asked(told: QueryDict, person: Person, *, language: str) -> AskedSignals:
    """Read the address bar: brand, products, languages, days, topics and sources, and `across` and
    `up` for the map."""
    plain = QueryDict(mutable=True)
    for name in ("brand", "product", "lang", "since", "until", "topic", "source"):
        if name in told and not (name == "brand" and told.get(name) == "0"):
            plain.setlist(name, told.getlist(name))
    found = exploring.asked(plain, person, language=language)
    brands = room.brands()
    brand = next((each for each in brands if each.pk == found.filter.brand), None)
    promises = queries.promises_of(person, found.filter.brand, found.filter.products)
    parts = dict(found.parts)
    parts["brand"] = replace(parts["brand"], choices=parts["brand"].choices[1:])
    return AskedSignals(
        asked=replace(
            found,
            parts=parts,
            more=[each for each in found.more if each.name in ("topic", "source")],
        ),
        brand=brand,
        brands=[*([brand] if brand else ()), *(each for each in offered(brands) if each != brand)],
        promises=promises,
        axes=_axes(promises, told),
        at=now_at(),
        first=days_kept()[0],
    )


def _axes(promises: Sequence[Promise], told: QueryDict) -> tuple[Promise, Promise] | None:
    """The promises of the address; else the first two that were written down."""
    if len(promises) < 2:
        return None
    promises = sorted(promises, key=lambda promise: promise.pk)
    known = {str(promise.pk): promise for promise in promises}
    across = known.get(told.get("across", "")) or promises[0]
    up = known.get(told.get("up", ""))
    if up is None or up == across:
        up = next(promise for promise in promises if promise != across)
    return across, up


def readings(told: AskedSignals) -> list[tuple[Promise, PromiseReading]]:
    """Every promise with what is said of it, kept until the archive changes."""
    if not told.promises:
        return []
    chosen = told.filter
    asked = _queries(told.promises)
    names = [(promise.canonical, promise.product_id) for promise in told.promises]
    sieve = exploring.sieve_of(chosen)
    found = remembered(
        f"promises:{names}:{chosen.query()}:{filed_as(chosen.topics)}",
        lambda: read_promises(archive(), sieve, asked, passages_of(archive(), sieve.scope)),
        at=told.at,
    )
    return list(zip(told.promises, found, strict=True))


def _queries(promises: Sequence[Promise]) -> list[tuple[Node, int]]:
    return [(node_of(promise.canonical), promise.product_id or 0) for promise in promises]


def explore_query(told: AskedSignals, promise: Promise) -> str:
    """The address of exploring for the posts of a promise."""
    products = (promise.product_id,) if promise.product_id else told.filter.products
    return told.filter.query(products=products, q=promise.text)


def words_said(
    told: AskedSignals, groups: Sequence[AskedMost], *, limit: int
) -> tuple[dict[int, list[Quote]], list[Quote | None]]:
    """Some of the newest posts of each promise, and a newest question of each group, at best ones that
    can be read at a glance. Where they stand is remembered; what they say is read afresh, all at once."""
    of_promises = _places_of_promises(told)
    found = quotes_in(archive(), [*of_promises, *_places_of_questions(told, groups)])
    quotes = {
        promise.pk: telling(posts, limit)
        for promise, posts in zip(told.promises, found, strict=False)
    }
    return quotes, [next(iter(telling(posts, 1)), None) for posts in found[len(of_promises) :]]


def _places_of_promises(told: AskedSignals) -> list[list[PlaceFound]]:
    sieve = exploring.sieve_of(told.filter)
    names = [(promise.canonical, promise.product_id) for promise in told.promises]
    return remembered(
        f"newest of promises:{names}:{told.filter.query()}:{filed_as(told.filter.topics)}",
        lambda: newest_of(
            archive(), sieve, conditions(sieve, _queries(told.promises)), limit=GLANCE
        ),
        at=told.at,
    )


def _places_of_questions(told: AskedSignals, groups: Sequence[AskedMost]) -> list[list[PlaceFound]]:
    sieve = replace(exploring.sieve_of(told.filter), kinds=("question",))
    words = [[word.id for word in group.words] for group in groups]
    return remembered(
        f"newest questions:{words}:{told.filter.query()}:{filed_as(told.filter.topics)}",
        lambda: newest_of(archive(), sieve, words_together(words), limit=GLANCE),
        at=told.at,
    )


def standings(told: AskedSignals) -> list[Standing]:
    """Where our brand and its competitors stand on the two promises."""
    if told.axes is None:
        return []
    nodes: list[Node] = [node_of(promise.canonical) for promise in told.axes]
    chosen = replace(told.filter, brand=0, products=())
    brands = [brand.pk for brand in told.brands]
    names = [promise.canonical for promise in told.axes]
    return remembered(
        f"map:{names}:{brands}:{chosen.query()}:{filed_as(chosen.topics)}",
        lambda: read_map(archive(), exploring.sieve_of(chosen), brands, nodes[0], nodes[1]),
        at=told.at,
    )


def questions(told: AskedSignals) -> QuestionsReading:
    """What is asked most, kept until the archive changes."""
    chosen = told.filter
    names = room.reader().names
    start = chosen.scope.since - (chosen.scope.until - chosen.scope.since)
    has_before = told.first is not None and told.first <= start
    return remembered(
        f"questions:{chosen.query()}:{names}:{filed_as(chosen.topics)}:{has_before}",
        lambda: read_questions(
            archive(),
            exploring.sieve_of(chosen),
            leave_out=left_out_terms(archive(), names),
            has_before=has_before,
            brand=chosen.brand,
        ),
        at=told.at,
    )
