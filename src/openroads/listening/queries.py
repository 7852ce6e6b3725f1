"""Reading the listening room: what exists for you, and what the analyser must know."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from openroads.analysis.pipeline import Name
from openroads.directory import queries as directory_queries
from openroads.directory.company import COMPANY, Brand, Company
from openroads.directory.models import Account, Person
from openroads.listening import policy
from openroads.listening.analysing import Reader
from openroads.listening.models import BrandText, Import, Source


def company() -> Company | None:
    """The company of this house; None before the first start is done."""
    return Company.objects.filter(pk=COMPANY).first()


def reader() -> Reader:
    """Languages and names the analyser looks for: every brand and product that has not ended, with
    all its spellings."""
    whose = company()
    names = [
        Name(id=brand.pk, kind="brand", forms=brand.every_form())
        for brand in directory_queries.brands_looked_for().order_by("pk")
    ]
    names += [
        Name(id=product.pk, kind="product", forms=product.every_form(), brand=product.brand_id)
        for product in directory_queries.products_looked_for().order_by("pk")
    ]
    return Reader(tuple(whose.languages) if whose else ("nl", "en"), tuple(names))


def own_handles() -> frozenset[str]:
    """Handles of the company's own accounts, in lower case and without @."""
    handles = Account.objects.values_list("handle", flat=True)
    return frozenset(handle.lstrip("@").lower() for handle in handles if handle)


def imports_for(person: Person) -> QuerySet[Import]:
    """Imports this person may see, newest first."""
    if not policy.may_import(person):
        return Import.objects.none()
    return Import.objects.select_related("source", "brand", "by")


def sources_for(person: Person) -> QuerySet[Source]:
    """Sources this person may see, with the number of imports and own texts of each."""
    if not policy.may_read_conversations(person):
        return Source.objects.none()
    return Source.objects.select_related("brand").annotate(
        times=Count("imports", filter=Q(imports__state=Import.State.DONE), distinct=True),
        pages=Count("texts", filter=Q(texts__withdrawn_at=None), distinct=True),
    )


def texts_for(person: Person) -> QuerySet[BrandText]:
    """The brand's own texts that nobody took out, newest first."""
    return every_text_for(person).filter(withdrawn_at=None)


def withdrawn_texts_for(person: Person) -> QuerySet[BrandText]:
    """Texts that were taken out, for who can bring them back; the last one first."""
    if not policy.may_keep_sources(person):
        return BrandText.objects.none()
    return every_text_for(person).exclude(withdrawn_at=None).order_by("-withdrawn_at", "pk")


def every_text_for(person: Person) -> QuerySet[BrandText]:
    """Those and those: a text that is quoted somewhere says on its own page that it was taken out."""
    if not policy.may_read_conversations(person):
        return BrandText.objects.none()
    return BrandText.objects.select_related("brand", "source")


def brands() -> list[Brand]:
    """Every brand with its products, ours first."""
    return list(Brand.objects.prefetch_related("products"))


def due_sources(now: datetime) -> Iterable[Source]:
    """Feeds, networks and sites whose next visit is due."""
    return Source.objects.filter(kind__in=Source.VISITED, listening=True).filter(
        Q(next_at__isnull=True) | Q(next_at__lte=now)
    )


def networks_for(person: Person) -> QuerySet[Source]:
    """Searched networks whose settings this person may see."""
    if not policy.may_keep_sources(person):
        return Source.objects.none()
    return Source.objects.filter(kind=Source.Kind.NETWORK).select_related("brand")


def versions_of(person: Person, text: BrandText) -> list[BrandText]:
    """What the same page said before and after, newest first, taken out or not; the text itself is
    among them."""
    if not text.url:
        return [text]
    return list(every_text_for(person).filter(source=text.source, url=text.url))
