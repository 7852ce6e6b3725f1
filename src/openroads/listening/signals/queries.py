"""Reading what we promise."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from openroads.directory.company import both_languages
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening import queries as room
from openroads.listening.signals.models import Promise


def company_languages() -> list[str]:
    """The languages its customers write, in which a promise has a name and a query each."""
    company = room.company()
    return list(company.languages if company else both_languages())


def words_of(promise: Promise) -> tuple[dict[str, str], dict[str, str]]:
    """Its names and its queries by language. Written down before there was one of each per language,
    both are of the company's first."""
    first = company_languages()[0]
    return promise.names or {first: promise.name}, promise.texts or {first: promise.text}


def promises_for(person: Person) -> QuerySet[Promise]:
    """Every promise that stands, with its product and where we claim it."""
    if not policy.may_read_conversations(person):
        return Promise.objects.none()
    return Promise.objects.filter(ended_at=None).select_related("brand", "product", "source_text")


def promises_of(person: Person, brand: int, products: Sequence[int] = ()) -> list[Promise]:
    """The promises of a brand, of its own first; with products those of these and of the brand."""
    rows = promises_for(person).filter(brand=brand)
    if products:
        rows = rows.filter(Q(product=None) | Q(product__in=products))
    return sorted(rows, key=lambda each: (each.product_id is not None, str(each.product or ""), each.called))  # fmt: skip
