"""Writing down what we promise, changing it, and no longer promising it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.analysis.query.parse import parse
from openroads.analysis.query.show import show
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand, Product
from openroads.directory.models import Person
from openroads.listening.explore.words import known_names
from openroads.listening.models import BrandText
from openroads.listening.saying import translated
from openroads.listening.sight.seeing import sight_of
from openroads.listening.signals.models import Promise
from openroads.listening.topics import policy


@transaction.atomic
def make_promise(
    *, by: Person, name: str, text: str, brand: Brand, product: Product | None = None,
    claim: str = "", source_text: BrandText | None = None,
) -> Promise:  # fmt: skip
    """Write down a promise. Raises ValidationError for a query that cannot be searched, a product of
    another brand, and a name that is taken."""
    directory_policy.require(by, policy.may_define_topics)
    _refuse(brand, product, name, None)
    promise = Promise.objects.create(
        brand=brand, product=product, name=name, text=text, canonical=_canonical(by, text),
        claim=claim, source_text=source_text, by=by,
    )  # fmt: skip
    trail.record(by, "wrote down a promise", promise, name=name)
    return promise


@transaction.atomic
def change_promise(
    *, by: Person, promise: Promise, name: str, text: str, brand: Brand,
    product: Product | None = None, claim: str = "", source_text: BrandText | None = None,
) -> Promise:  # fmt: skip
    """Change a promise; its figures are counted anew, also those of before."""
    directory_policy.require(by, policy.may_define_topics)
    _refuse(brand, product, name, promise)
    was = promise.name
    promise.name, promise.text, promise.canonical = name, text, _canonical(by, text)
    promise.brand, promise.product, promise.claim, promise.source_text = brand, product, claim, source_text  # fmt: skip
    promise.save()
    trail.record(by, "changed a promise", promise, name={"was": was, "now": name} if was != name else name)  # fmt: skip
    return promise


@transaction.atomic
def end_promise(*, by: Person, promise: Promise) -> None:
    """No longer promise it: it is not counted any more. The row stays."""
    directory_policy.require(by, policy.may_define_topics)
    if promise.ended_at is None:
        promise.ended_at = timezone.now()
        promise.save(update_fields=["ended_at"])
        trail.record(by, "ended a promise", promise, name=promise.name)


def _canonical(by: Person, text: str) -> str:
    read = parse(text, known_names(sight_of(by)))
    if read.query is None:
        raise ValidationError({"text": [translated(fault.text) for fault in read.faults]})
    return show(read.query, "en")


def _refuse(brand: Brand, product: Product | None, name: str, but: Promise | None) -> None:
    if product is not None and product.brand_id != brand.pk:
        raise ValidationError({"product": _("This product is of another brand.")})
    taken = Promise.objects.filter(brand=brand, product=product, name=name, ended_at=None)
    if taken.exclude(pk=but.pk if but else 0).exists():
        raise ValidationError({"name": _("There is a promise of this name already.")})
