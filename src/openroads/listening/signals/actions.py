"""Writing down what we promise, changing it, and no longer promising it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.analysis.query.faults import LIMITS
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
from openroads.listening.signals.queries import company_languages
from openroads.listening.topics import policy

Words = Mapping[str, str]
"""Something per language: {"nl": "Actieradius", "en": "Range"}; a language without is empty or absent."""


@transaction.atomic
def make_promise(
    *, by: Person, names: Words, texts: Words, brand: Brand, product: Product | None = None,
    claim: str = "", source_text: BrandText | None = None,
) -> Promise:  # fmt: skip
    """Write down a promise, with a name and a query per language of the company; what has none in a
    language falls back on another. Raises ValidationError where there is no name or no query at all, for
    a query that cannot be searched, a product of another brand, and a name that is taken."""
    directory_policy.require(by, policy.may_define_topics)
    names, texts = _given(names), _given(texts)
    _refuse(brand, product, names, None)
    promise = Promise.objects.create(
        brand=brand, product=product, **_words(by, names, texts),
        claim=claim, source_text=source_text, by=by,
    )  # fmt: skip
    trail.record(by, "wrote down a promise", promise, name=promise.name)
    return promise


@transaction.atomic
def change_promise(
    *, by: Person, promise: Promise, names: Words, texts: Words, brand: Brand,
    product: Product | None = None, claim: str = "", source_text: BrandText | None = None,
) -> Promise:  # fmt: skip
    """Change a promise; its figures are counted anew, also those of before."""
    directory_policy.require(by, policy.may_define_topics)
    names, texts = _given(names), _given(texts)
    _refuse(brand, product, names, promise)
    was = promise.name
    for field, value in _words(by, names, texts).items():
        setattr(promise, field, value)
    promise.brand, promise.product, promise.claim, promise.source_text = brand, product, claim, source_text  # fmt: skip
    promise.save()
    trail.record(by, "changed a promise", promise, name={"was": was, "now": promise.name} if was != promise.name else was)  # fmt: skip
    return promise


@transaction.atomic
def end_promise(*, by: Person, promise: Promise) -> None:
    """No longer promise it: it is not counted any more. The row stays."""
    directory_policy.require(by, policy.may_define_topics)
    if promise.ended_at is None:
        promise.ended_at = timezone.now()
        promise.save(update_fields=["ended_at"])
        trail.record(by, "ended a promise", promise, name=promise.name)


def _given(told: Words) -> dict[str, str]:
    """The company's own languages in their order, and of these those that something was said in."""
    return {each: said for each in company_languages() if (said := told.get(each, "").strip())}


def _words(by: Person, names: dict[str, str], texts: dict[str, str]) -> dict[str, Any]:
    """The fields of its names and queries: a post fits it when it fits the query of any language."""
    if not names:
        raise ValidationError(_("Give it a name in one language at least."))
    if not texts:
        raise ValidationError(_("Say in one language at least by which words it is known."))
    known = known_names(sight_of(by))
    faults = {
        f"text_{language}": [translated(fault.text) for fault in read.faults]
        for language, text in texts.items()
        if (read := parse(text, known)).query is None
    }
    if faults:
        raise ValidationError(faults)
    each = list(dict.fromkeys(texts.values()))
    text = each[0] if len(each) == 1 else " OR ".join(f"({one})" for one in each)
    whole = parse(text, known)
    if whole.query is None or len(text) > LIMITS.letters:
        said = [translated(fault.text) for fault in whole.faults] if whole.query is None else []
        raise ValidationError([_("The queries of all languages together are too long."), *said])
    return {
        "name": next(iter(names.values())), "names": names, "text": text, "texts": texts,
        "canonical": show(whole.query, "en"),
    }  # fmt: skip


def _refuse(
    brand: Brand, product: Product | None, names: dict[str, str], but: Promise | None
) -> None:
    if product is not None and product.brand_id != brand.pk:
        raise ValidationError({"product": _("This product is of another brand.")})
    others = Promise.objects.filter(brand=brand, product=product, ended_at=None)
    others = others.exclude(pk=but.pk if but else 0)
    taken = [(other.name, other.names) for other in others]
    faults = {
        f"name_{language}": _("There is a promise of this name already.")
        for language, name in names.items()
        if any(name in (first, named.get(language)) for first, named in taken)
    }
    if faults:
        raise ValidationError(faults)
