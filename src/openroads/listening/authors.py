"""How many people wrote, and how many posts there are: in words that invent nobody and count no copy twice."""

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


def both_counts(different: int, copies: int) -> str:
    """ "1,204 posts, 1,050 different."; empty where no post is a copy."""
    if not copies:
        return ""
    every = different + copies
    return ngettext(
        "%(n)s post, %(different)s different.", "%(n)s posts, %(different)s different.", every
    ) % {
        "n": number(every),
        "different": number(different),
    }
