"""The places in a saved reply that are filled in for a case: {name}, {our_name}, {product}, {case}."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads.directory.company import Product
from openroads.ui.formats import listed
from openroads.webcare.models import Case
from openroads.webcare.saved.models import SavedReply

VARIABLES = ("name", "our_name", "product", "case")
_PLACE = re.compile(r"\{([^{}\n]{0,40})\}")
_NAMELESS = re.compile(r"[ \t]*\{name\}")


def check_places(text: str) -> None:
    """Raises ValidationError for a place nobody can fill in, and for a loose brace."""
    unknown = sorted({found for found in _PLACE.findall(text) if found not in VARIABLES})
    known = listed(_braced(one) for one in VARIABLES)
    if unknown:
        told = {"place": _braced(unknown[0]), "known": known}
        raise ValidationError(
            {"text": _("“%(place)s” cannot be filled in. What can be: %(known)s.") % told}
        )
    rest = _PLACE.sub("", text)
    if "{" in rest or "}" in rest:
        raise ValidationError({"text": _("There is a loose brace. What can be filled in: %(known)s.") % {"known": known}})  # fmt: skip


def _braced(name: str) -> str:
    return "{" + name + "}"


def filled(reply: SavedReply, case: Case, person: str, name: str) -> str:
    """The words of a reply for a case: `person` is what we call who wrote to us (empty: nobody knows, and
    the greeting goes without), `name` how the colleague who answers signs.

    What is filled in is never read again for places, whatever people call themselves.
    """
    text = reply.text
    if not person.strip():
        text = _NAMELESS.sub("", text)
    told = {
        "name": " ".join(person.split()), "our_name": name, "case": case.code,
        "product": _product(case, reply.language),
    }  # fmt: skip
    return _PLACE.sub(lambda found: told.get(found[1], found[0]), text)


def _product(case: Case, language: str) -> str:
    found = Product.objects.filter(pk=case.product or 0).values_list("name", flat=True).first()
    if found:
        return found
    with override(language):
        return _("the product")
