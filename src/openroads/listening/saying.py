"""What the connectors say, in the language of who reads it."""

from dataclasses import replace
from datetime import date

from django.conf import settings
from django.utils.translation import get_language, gettext

from openroads.connectors.files import REASON_COLUMNS
from openroads.connectors.port import Rejected
from openroads.connectors.sentences import Sentence, Told, filled
from openroads.directory.models import Person
from openroads.ui.formats import day, number


def translated(sentence: str) -> str:
    """A sentence in the active language, amounts with its separators; English where it has none.

    A plain string is looked up as it stands. What fills a sentence is shown as it is, except when
    it is a sentence too.
    """
    if isinstance(sentence, Sentence):
        words = {name: _word(value) for name, value in sentence.told.items()}
        return filled(gettext(sentence.template), words)
    return gettext(sentence)


def _word(value: Told) -> str:
    if isinstance(value, Sentence):
        return translated(value)
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day(value)
    digits = 0 if value == int(value) else len(f"{value:g}".partition(".")[2])
    return number(value, digits)


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
