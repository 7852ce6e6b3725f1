"""Sentences made on the ground floor, in the language of who reads them."""

from datetime import date

from django.utils.translation import gettext

from openroads.analysis.sentences import Sentence, Told, filled
from openroads.ui.formats import day, number


def translated(sentence: str) -> str:
    """A sentence in the active language, amounts with its separators; English where it has none.

    A plain string is looked up as it stands. What fills a sentence is shown as it is, except when
    it is a sentence too.
    """
    if isinstance(sentence, Sentence):
        words = {name: _word(value) for name, value in sentence.told.items()}
        return filled(gettext(sentence.template), words)
    return gettext(sentence) if sentence else ""


def _word(value: Told) -> str:
    if isinstance(value, Sentence):
        return translated(value)
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day(value)
    digits = 0 if value == int(value) else len(f"{value:g}".partition(".")[2])
    return number(value, digits)
