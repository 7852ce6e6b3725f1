"""The query of an address: read, its faults pointed at, said back, and made a condition."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openroads.analysis.query.faults import Fault
from openroads.analysis.query.known import Known
from openroads.analysis.query.parse import parse
from openroads.analysis.query.show import show
from openroads.archive.networks import LABELS
from openroads.archive.queries.choice import Condition
from openroads.archive.queries.search import condition
from openroads.listening import queries
from openroads.listening.models import Source
from openroads.listening.saying import translated
from openroads.listening.sight.seeing import Sight


@dataclass(frozen=True)
class Pointed:
    """A fault with the query cut at its place, so that a page can underline it."""

    before: str
    here: str
    after: str
    sentence: str
    fix: str = ""
    """What could stand there instead; empty when only the writer knows."""
    mended: str = ""
    """The whole query with that in its place."""


@dataclass(frozen=True)
class Written:
    """A query as written and what became of it. Without text there is no condition and no fault;
    with faults no condition either, and nothing may be counted."""

    text: str
    condition: Condition | None = None
    faults: Sequence[Pointed] = ()
    notes: Sequence[Pointed] = ()
    meaning: str = ""
    """The query in its one form, when that is not how it was written."""


def written(text: str, sight: Sight) -> Written:
    """Read the query of an address, for somebody who sees names or does not."""
    if not text:
        return Written("")
    read = parse(text, known_names(sight))
    notes = [_pointed(text, note) for note in read.notes]
    if read.query is None:
        return Written(text, None, [_pointed(text, fault) for fault in read.faults], notes)
    said = show(read.query, "nl" if get_language() == "nl" else "en")
    return Written(text, condition(read.query), (), notes, said if said != text else "")


def known_names(sight: Sight) -> Known:
    """The names a query may use: brands, products and sources of this house, the networks, and of
    people what somebody with this sight sees."""
    brands = queries.brands()
    return Known(
        brands={brand.pk: brand.name for brand in brands},
        products={product.pk: product.name for brand in brands for product in brand.products.all()},
        sources=dict(Source.objects.values_list("pk", "name")),
        networks=LABELS,
        people=sight.names,
        ours=sight.ours,
    )


def _pointed(text: str, fault: Fault) -> Pointed:
    """The query around a fault, some characters to either side."""
    start, end = max(fault.start - 24, 0), fault.end + 24
    sentence = translated(fault.text)
    return Pointed(
        ("…" if start else "") + text[start : fault.start],
        text[fault.start : fault.end],
        text[fault.end : end] + ("…" if end < len(text) else ""),
        sentence,
        fault.fix,
        f"{text[: fault.start]}{fault.fix}{text[fault.end :]}" if fault.fix else "",
    )


def examples(sight: Sight) -> list[tuple[str, str]]:
    """What a query can hold, each with an example that can be tried and what it finds."""
    return [
        ("accu winter", _("with both words")),
        ("accu OR battery", _("with either word; in Dutch OF")),
        ("accu NOT lease", _("with the first word and without the second; in Dutch NIET")),
        ("winter AND (accu OR battery)", _("grouped by parentheses; in Dutch EN")),
        ('"service aan huis"', _("with these words right after each other")),
        ("laad*", _("with any word that begins so")),
        ("accu NEAR/5 leeg", _("with at most five words between the two, in any order; in Dutch BIJ/5")),
        ("accu ONEAR/3 leeg", _("the same in this order; in Dutch VOOR/3")),
        ("author:marloes*", _("by an author, by handle or shown name"))
        if sight.names
        else ("author:amber-otter-042", _("by an author, by pseudonym")),
        ("site:forum.example.org", _("from a website, with everything below it")),
        ("lang:nl network:reddit", _("in a language, on a network; source: takes a source by name")),
        ("#windmee @windmee", _("with a hashtag or a mention")),
        ("tone:negative kind:question", _("by tone (positive, neutral, negative, unknown) and kind (question, complaint, praise, other)")),
        ("likes:>10 rating:<=2", _("by what the network counted: likes, replies, reposts, views, rating")),
        ("date:2026-10-01..2026-10-31", _("of some days, or date:2026-10 for a month")),
        ("has:link NOT has:mention", _("that have something: link, emoji, hashtag, mention, title, author, reply, quote, rating")),
    ]  # fmt: skip
