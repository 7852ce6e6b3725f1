"""What the connectors say, in the language of who reads it."""

from dataclasses import replace

from django.conf import settings
from django.utils.translation import get_language

from openroads.connectors.files import REASON_COLUMNS
from openroads.connectors.port import Rejected
from openroads.connectors.sentences import Sentence
from openroads.directory.models import Person
from openroads.ui.saying import translated

__all__ = ["in_words", "language_of", "line_of", "place", "reason_column", "translated"]


def in_words(row: Rejected) -> Rejected:
    """A rejected row with its place and reason in the active language, for a file or a message."""
    return replace(row, where=place(row.where), reason=translated(row.reason))


def line_of(row: Rejected) -> str:
    """A rejected row on one line: "rij 17: Deze rij heeft geen tekst."."""
    return f"{place(row.where)}: {translated(row.reason)}"


def place(where: str) -> str:
    """Where something stands, in the active language. A name or an address stays what it is: a file
    called "Home" is no word of ours."""
    return translated(where) if isinstance(where, Sentence) else where


def reason_column() -> str:
    """What the column of reasons is called in the active language."""
    return REASON_COLUMNS.get((get_language() or "en")[:2], REASON_COLUMNS["en"])


def language_of(person: Person | None) -> str:
    """The language to write to a person in: the one they chose, else that of the house."""
    return (person.language if person else "") or settings.LANGUAGE_CODE
