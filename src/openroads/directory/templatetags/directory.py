"""How the directory's pages say names, spellings, networks and the trail."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.directory import deeds
from openroads.directory.company import Brand, Company, Product
from openroads.directory.forms import SPOKEN
from openroads.ui.formats import listed, number
from openroads.ui.networks import network_word

register = template.Library()

register.filter("deed_words", deeds.deed_words)
register.filter("thing_words", deeds.thing_words)
register.filter("facts_words", deeds.facts_words)

IN_SIGHT = 8
"""Spellings that stand on the page; the others are one click away."""


@register.simple_tag
def names_finding(brands: Sequence[Brand]) -> str:
    """The headline of the company's page: how many names the house looks for."""
    products = sum(len(looked_for(brand)) for brand in brands)
    return _("The house looks for %(brands)s and %(products)s") % {
        "brands": ngettext("%(n)s brand", "%(n)s brands", len(brands)) % {"n": number(len(brands))},
        "products": ngettext("%(n)s product", "%(n)s products", products) % {"n": number(products)},
    }


@register.simple_tag
def looked_for(brand: Brand) -> list[Product]:
    """The products of a brand that have not ended."""
    return [product for product in brand.products.all() if product.ended_on is None]


@register.simple_tag
def spelled(thing: Brand | Product) -> SafeString:
    """Every spelling once, the first few in sight."""
    forms = list({form.casefold(): form for form in reversed(thing.every_form())}.values())[::-1]
    if len(forms) <= IN_SIGHT + 2:
        return format_html("{}", ", ".join(forms))
    rest = len(forms) - IN_SIGHT
    more = ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": number(rest)}
    return format_html(
        "{} <details><summary>{}</summary>{}</details>",
        ", ".join(forms[:IN_SIGHT]),
        more,
        ", ".join(forms[IN_SIGHT:]),
    )


@register.filter
def language_words(codes: Sequence[str]) -> str:
    """["nl", "en"] as "Dutch and English"."""
    words = dict(SPOKEN)
    return listed(str(words.get(code, code)) for code in codes)


@register.filter
def customers_in(company: Company, language: str) -> str:
    """What its customers are called in a language."""
    return company.customers(language)


@register.filter
def network_or_all(network: str) -> str:
    """A network's word; an account without one counts on all of them."""
    return network_word(network) if network else _("every network")


@register.filter
def kind(part: Any) -> str:
    """ "department" or "team": as addresses say it."""
    return str(part._meta.model_name)
