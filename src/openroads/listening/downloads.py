"""The gap as files: every word with its figures as CSV, and the page on paper."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from openroads.analysis.gap import Feel, Word
from openroads.listening.filters import GapFilter
from openroads.listening.gap_reading import GapReading

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """A cell no spreadsheet takes for a formula (OWASP ASVS 5.0, 1.2.10)."""
    return f"'{text}" if text.startswith(FORMULA) else text


def words_csv(reading: GapReading, told: GapFilter) -> Iterator[str]:
    """Line by line: a head that says what this is, then each word that may be shown."""
    line = io.StringIO()
    writer = csv.writer(line)

    def written(row: list[Any]) -> str:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    yield "\ufeff"  # Excel takes a file without this mark for its own code page
    yield written([
        _("word"), _("language"), _("side"), _("contested"), "z", "q",
        _("posts"), _("people"), _("passages of ours"),
        _("customers per 10,000 words"), _("we per 10,000 words"),
        _("customers net sentiment"), _("low"), _("high"),
        _("our net sentiment"), _("low"), _("high"), _("first day"), _("last day"),
    ])  # fmt: skip
    for word in sorted(reading.gap.words, key=lambda each: (-each.z, each.key)):
        yield written(_row(word, told))


def _row(word: Word, told: GapFilter) -> list[Any]:
    return [
        word.shown, word.language, word.side, int(word.contested), round(word.z, 3), f"{word.q:.3g}",
        word.they_docs, word.they_people, word.we_docs,
        round(word.they_rate, 2), round(word.we_rate, 2),
        *_feel(word.they_feel), *_feel(word.we_feel),
        told.since.isoformat(), told.until.isoformat(),
    ]  # fmt: skip


def _feel(feel: Feel | None) -> list[Any]:
    """Three cells; empty where nobody said it: unknown is not zero."""
    return ["", "", ""] if feel is None else [round(feel.value, 1), round(feel.low, 1), round(feel.high, 1)]  # fmt: skip
