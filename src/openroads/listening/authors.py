"""How many people wrote, in words that invent nobody: an author nobody knows is no person more."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.ui.formats import number


def people_words(people: int, nameless: int) -> str:
    """ "62 people"; "authors unknown"; "62 people and authors unknown (8 posts)"."""
    if nameless and not people:
        return _("authors unknown")
    known = ngettext("%(n)s person", "%(n)s people", people) % {"n": number(people)}
    if not nameless:
        return known
    return ngettext(
        "%(people)s and authors unknown (%(n)s post)",
        "%(people)s and authors unknown (%(n)s posts)",
        nameless,
    ) % {"people": known, "n": number(nameless)}
