"""Reading what we promise."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.signals.models import Promise


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
    return sorted(rows, key=lambda each: (each.product_id is not None, str(each.product or ""), each.name))  # fmt: skip
