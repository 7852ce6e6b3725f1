"""Which characters set the cells of a file apart, judged by how even the parsed rows come out."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import Final

from openroads.connectors.files.headings import KNOWN, fold
from openroads.connectors.files.records import NO_DELIMITER, Dialect
from openroads.connectors.files.writing import NOTHING_SAID, Writing

_DELIMITERS: Final = (",", ";", "\t", "|", "^", "~")
_RECORDS: Final = 400


@dataclass(frozen=True, slots=True)
class _Trial:
    dialect: Dialect
    score: float
    quoted: int
    width: int
    even: float
    headings: int

    @property
    def is_table(self) -> bool:
        """Whether these are columns, and not texts that happen to hold the character."""
        return self.width > 1 and (self.even >= 0.6 or self.headings >= 2)


def detect_dialect(sample: str, said: Writing = NOTHING_SAID) -> Dialect:
    """The dialect under which the sample parses into the most even rows with the most known headings.

    Every pair of delimiter and quote that occurs is tried on up to 400 records: evenness alone
    beats counting characters, because commas in texts are uneven and delimiters are not. What was
    `said` of delimiter and quote is law.
    """
    lines = sample.splitlines(keepends=True)
    delimiters = _candidates(sample) if said.delimiter is None else [said.delimiter]
    quotings = _quotings(sample)
    if said.quote is not None:
        quotings = [pair for pair in quotings if pair[0] == said.quote] or [(said.quote, "")]
    trials = [
        trial
        for delimiter, (quote, escape) in product(delimiters, quotings)
        if (trial := _try(lines, sample, delimiter, quote, escape)) is not None
    ]
    best = max(trials, key=lambda trial: (round(trial.score, 3), trial.quoted), default=None)
    if said.delimiter is not None:
        quote = '"' if said.quote is None else said.quote
        return best.dialect if best is not None else Dialect(said.delimiter, quote)
    if best is None or not best.is_table:
        quote = '"' if best is None else best.dialect.quote
        if said.quote is None:
            return Dialect(NO_DELIMITER, quote if _whole_lines_quoted(lines, quote) else "")
        return Dialect(NO_DELIMITER, said.quote)
    return best.dialect


def _candidates(sample: str) -> list[str]:
    return [delimiter for delimiter in _DELIMITERS if delimiter in sample]


def _quotings(sample: str) -> list[tuple[str, str]]:
    quotings = [('"', "")]
    if "'" in sample:
        quotings.append(("'", ""))
    if '\\"' in sample:
        quotings.append(('"', "\\"))
    if '"' in sample:
        quotings.append(("", ""))
    return quotings


def _whole_lines_quoted(lines: list[str], quote: str) -> bool:
    if not quote:
        return False
    marked = sum(1 for line in lines[:_RECORDS] if line.startswith(quote))
    return marked > 0 and _endings(lines, quote) >= marked / 2


def _endings(lines: list[str], quote: str) -> int:
    """How many of the first lines end in the quote."""
    return sum(1 for line in lines[:_RECORDS] if line.rstrip("\r\n").endswith(quote))


def _try(lines: list[str], sample: str, delimiter: str, quote: str, escape: str) -> _Trial | None:
    skip_space = bool(quote) and (
        sample.count(f"{delimiter} {quote}") > sample.count(f"{delimiter}{quote}") > -1
        and f"{delimiter} {quote}" in sample
    )
    dialect = Dialect(delimiter, quote, escape, skip_space)
    widths: Counter[int] = Counter()
    errors = 0
    headings = (0, 0)  # how many we know in the best row, and how wide that row is
    feed = iter(lines)
    reader = dialect.reader(feed)
    while widths.total() + errors < _RECORDS:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if "unexpected end" in str(error) and widths.total() > 5:
                break  # the sample ends in the middle of a record
            errors += 1
            reader = dialect.reader(feed)
            continue
        if not any(cells):
            continue
        # Read without quotes, `"a, b"` falls apart into two cells with half a quote each: a sign
        # that quotes are in use after all.
        if not quote and any(map(_half_quoted, cells)):
            errors += 1
            continue
        widths[len(cells)] += 1
        if widths.total() <= 20:
            known = sum(1 for cell in cells if fold(cell) in KNOWN)
            headings = max(headings, (known, len(cells)))
    if not widths:
        return None
    width = _usual(widths)
    even = widths[width] / (widths.total() + errors)
    known, wide = headings
    weight = 0.25 if wide == width else 0.1
    score = even * (1 - 1 / width) + weight * min(known, 8) * (width > 1)
    return _Trial(dialect, score, _quoted(sample, delimiter, quote), width, even, known)


def _half_quoted(cell: str) -> bool:
    return len(cell) > 1 and (cell[0] == '"') != (cell[-1] == '"')


def _usual(widths: Counter[int]) -> int:
    most = max(widths.values())
    return max(width for width, count in widths.items() if count == most)


def _quoted(sample: str, delimiter: str, quote: str) -> int:
    """How many cells begin with the quote: what settles a tie between two quotes."""
    if not quote:
        return 0
    edge = re.escape(delimiter)
    starts = len(re.findall(rf"(?:^|{edge}){re.escape(quote)}", sample, re.MULTILINE))
    ends = len(re.findall(rf"{re.escape(quote)}(?:$|{edge}|\r)", sample, re.MULTILINE))
    return min(starts, ends)
