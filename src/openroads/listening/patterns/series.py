"""The series that are watched: every topic, brand, product and network, what is negative, who complains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from openroads.archive.queries.choice import Condition, Sieve
from openroads.archive.queries.explore import ARCHIVES_FIRST
from openroads.archive.queries.gap import term_ids
from openroads.archive.queries.topics import filed
from openroads.archive.scope import Scope
from openroads.directory import queries as directory
from openroads.directory.conversations import archive
from openroads.listening.explore.asking import NOBODY_SAID
from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.patterns.models import Pattern
from openroads.listening.topics.models import Topic

NEGATIVE = -1


@dataclass(frozen=True)
class Watched:
    """One series: what it counts. `key` is its name for ever, `name` that of the topic, brand, product
    or network. Numbers are 0 where they do not apply."""

    key: str
    what: str
    name: str
    brand: int = 0
    product: int = 0
    topic: int = 0
    version: int = 0
    network: str = ""
    word: str = ""


def watched_series(networks: Sequence[str] = ()) -> list[Watched]:
    """Every series, our own names first. `networks` are those the archive has posts of."""
    brands = list(directory.brands_looked_for())
    products = list(directory.products_looked_for().select_related("brand"))
    found = [Watched("all", "all", "")]
    for topic in topics_watched():
        found.append(_topic(topic))
    for brand in brands:
        found.append(Watched(f"brand:{brand.pk}", "brand", brand.name, brand=brand.pk))
        if brand.own:
            found.append(Watched(f"complaint:{brand.pk}", "complaint", brand.name, brand=brand.pk))
    for product in products:
        found.append(
            Watched(f"product:{product.pk}", "product", product.name, product.brand_id, product.pk)
        )
        if product.brand.own:
            found.append(
                Watched(
                    f"negative:{product.pk}", "negative", product.name, product.brand_id, product.pk
                )
            )
    found += [Watched(f"network:{name}", "network", name, network=name) for name in networks]
    return found


def topics_watched() -> list[Topic]:
    """Topics in use, filed to the end at least once."""
    return list(
        Topic.objects.filter(archived_at=None, in_force__isnull=False).select_related("brand")
    )


def series_of(pattern: Pattern) -> Watched:
    """What a pattern is about, as it stands today."""
    if pattern.what == "topic" and pattern.topic is not None:
        return _topic(pattern.topic)
    names = {
        "product": pattern.product, "negative": pattern.product, "brand": pattern.brand,
        "complaint": pattern.brand, "network": pattern.network, "word": pattern.shown,
    }  # fmt: skip
    return Watched(
        pattern.series,
        pattern.what,
        str(names.get(pattern.what) or ""),
        brand=pattern.brand_id or 0,
        product=pattern.product_id or 0,
        network=pattern.network,
        word=pattern.word,
    )


def sieve_of(one: Watched, since: date, until: date) -> Sieve:
    """The posts of a series on the days from `since` up to and without `until`."""
    scope = Scope(
        max(since, ARCHIVES_FIRST), until, one.brand, (one.product,) if one.product else ()
    )
    sieve = Sieve(scope)
    if one.what == "topic":
        return replace(sieve, condition=filed([one.version]))
    if one.what == "network":
        condition = Condition("network = {on_network:String}", {"on_network": one.network})
        return replace(sieve, condition=condition)
    if one.what == "negative":
        return replace(sieve, moods=(NEGATIVE,))
    if one.what == "complaint":
        return replace(sieve, kinds=("complaint",))
    if one.what == "word":
        ids = term_ids(archive(), [one.word])
        return replace(sieve, terms=(ids.get(one.word, NOBODY_SAID),))
    return sieve


def address_of(one: Watched, since: date, until: date) -> str:
    """The same posts as an address of Explore, without the question mark."""
    chosen = ExploreFilter(
        since,
        until - timedelta(days=1),
        brand=one.brand,
        products=(one.product,) if one.product else (),
        tones=("negative",) if one.what == "negative" else (),
        kinds=("complaint",) if one.what == "complaint" else (),
        topics=(one.topic,) if one.topic else (),
        words=(one.word,) if one.word else (),
        q=f"network:{one.network}" if one.what == "network" else "",
    )
    return chosen.query()


def _topic(topic: Topic) -> Watched:
    return Watched(
        f"topic:{topic.pk}", "topic", topic.name, brand=topic.brand_id or 0, topic=topic.pk,
        version=topic.in_force_id or 0,
    )  # fmt: skip
