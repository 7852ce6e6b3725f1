"""The gap as files: every word with its figures as CSV, and the page on paper."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from openroads.analysis.gap import Feel, Word
from openroads.listening.filters import GapFilter
from openroads.listening.gap_reading import GapReading
from openroads.ui.sheets import csv_lines


def words_csv(reading: GapReading, told: GapFilter) -> Iterator[str]:
    """Line by line: a head that says what this is, then each word that may be shown."""
    head = [
        _("word"), _("language"), _("side"), _("contested"), "z", "q",
        _("posts"), _("people"), _("passages of ours"),
        _("customers per 10,000 words"), _("we per 10,000 words"),
        _("customers net sentiment"), _("low"), _("high"), _("posts of known tone"),
        _("our net sentiment"), _("low"), _("high"), _("passages of known tone"),
        _("first day"), _("last day"), _("posts of unknown authors"),
    ]  # fmt: skip
    words = sorted(reading.gap.words, key=lambda each: (-each.z, each.key))
    return csv_lines(chain([head], (_row(word, told) for word in words)))


def _row(word: Word, told: GapFilter) -> list[Any]:
    return [
        word.shown, word.language, word.side, int(word.contested), round(word.z, 3), f"{word.q:.3g}",
        word.they_docs, word.they_people, word.we_docs,
        round(word.they_rate, 2), round(word.we_rate, 2),
        *_feel(word.they_feel), *_feel(word.we_feel),
        told.since.isoformat(), told.until.isoformat(), word.they_nameless,
    ]  # fmt: skip


def _feel(feel: Feel | None) -> list[Any]:
    """Value, interval and the documents it is of; empty where nobody said it in a tone we know:
    unknown is not zero."""
    if feel is None:
        return ["", "", "", 0]
    return [round(feel.value, 1), round(feel.low, 1), round(feel.high, 1), feel.n]
