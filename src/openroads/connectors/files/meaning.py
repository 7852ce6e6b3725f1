"""What the columns of an unknown file mean, found from its contents: text, date, ids, network."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from openroads.connectors.dates import OrderVotes, votes
from openroads.connectors.failures import Refused
from openroads.connectors.files.columns import (
    Look,
    by_content,
    by_heading,
    doubts_about_dates,
    look,
)
from openroads.connectors.files.headings import RANKS, fold, is_utc
from openroads.connectors.files.reading import Reading, is_reason, named
from openroads.connectors.files.records import NO_DELIMITER
from openroads.connectors.files.sources import body
from openroads.connectors.networks import network_of_name
from openroads.connectors.sentences import Sentence, say

SAMPLE_ROWS: Final = 5_000
_SCAN_ROWS: Final = 2_000_000
_NO_TEXT: Final[Sentence] = say(
    "No column seems to hold texts. Choose the one that does, or leave this file."
)


@dataclass
class Found:
    """What is known so far: the reading, sampled cells under its header, sentences."""

    reading: Reading
    cells: list[list[str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def mean(found: Found, place: Path, name: str, now: datetime, fallback: date) -> None:
    """Say of every column what it means, in what order dates are written and of which network the
    posts are. A file in which no column can be the text is left without one; one without rows is
    Refused."""
    _mean_columns(found, name, now)
    _settle_dates(found, place, now, fallback)
    _settle_network(found, name)


def _mean_columns(found: Found, name: str, now: datetime) -> None:
    header = found.reading.header
    looks = [look([row[p] for row in found.cells], now) for p in range(len(header))]
    own = is_reason(header[-1])
    known = header[:-1] if own else header
    columns = by_heading(known, looks)
    by_content(known, looks, columns, found.cells)
    _warn_of_lost_digits(found, known, looks, columns)
    if "text" not in columns and not found.cells:
        raise Refused(
            say(
                "“{name}” has headings but no rows. The columns are {columns}.",
                name=name,
                columns=named(known),
            )
        )
    if "text" not in columns:
        found.problems.append(_NO_TEXT)
    elif found.reading.delimiter == NO_DELIMITER:
        found.problems.append(say("Every line of the file is read as one text."))
    found.reading = replace(found.reading, columns=columns)


def _warn_of_lost_digits(
    found: Found, header: Sequence[str], looks: Sequence[Look], columns: dict[str, str]
) -> None:
    for heading, seen in zip(header, looks, strict=False):
        if fold(heading) not in RANKS["native_id"] or not seen.lossy:
            continue
        if seen.lossy < 0.5 and columns.get("native_id") == heading:
            found.problems.append(
                say(
                    "Some ids in “{heading}” were stored as figures and lost their last digits; those "
                    "rows are rejected.",
                    heading=heading,
                )
            )
            continue
        if columns.get("native_id") == heading:
            del columns["native_id"]
        found.problems.append(
            say(
                "The ids in “{heading}” were stored as figures and lost their last digits, so they "
                "are not used: rows are told apart by text, date and author. Format the column as "
                "text and export again to keep the ids.",
                heading=heading,
            )
        )


def _settle_dates(found: Found, place: Path, now: datetime, fallback: date) -> None:
    heading = found.reading.columns.get("said_at")
    if heading is None:
        found.reading = replace(found.reading, default_said_at=fallback)
        found.problems.append(_no_date(fallback))
        return
    position = found.reading.header.index(heading)
    seen = votes((row[position] for row in found.cells), now)
    if seen.ambiguous and len(found.cells) >= SAMPLE_ROWS // 2:
        seen = _all_votes(place, found.reading, position, now)
    if is_utc(heading):
        found.reading = replace(found.reading, timezone="UTC")
    order = seen.order or "iso"
    found.reading = replace(found.reading, date_order=order, date_mixed=seen.mixed)
    found.problems += doubts_about_dates(heading, seen, order)


def _no_date(fallback: date) -> Sentence:
    return say(
        "No column holds a date. Every row gets {day}; give another day if that is wrong.",
        day=fallback,
    )


def unanswered(problems: Sequence[str], columns: Mapping[str, str]) -> tuple[str, ...]:
    """The problems without those that are none any more, now that a column holds text or date."""
    answered = {_NO_TEXT.template: "text", _no_date(date.min).template: "said_at"}
    return tuple(
        problem for problem in problems
        if not (isinstance(problem, Sentence) and answered.get(problem.template) in columns)
    )  # fmt: skip


def _all_votes(place: Path, reading: Reading, position: int, now: datetime) -> OrderVotes:
    """The votes of the whole column: a file sorted by date can hide its proof far below."""
    cells = (
        row.cells[position]
        for row in islice(body(place, reading), _SCAN_ROWS)
        if position < len(row.cells)
    )
    return votes(cells, now)


def _settle_network(found: Found, name: str) -> None:
    words = {word for head in found.reading.header for word in fold(head).split()}
    network = "file"
    if "tweet" in words or "retweet" in words or "retweets" in words:
        network = "x"
    elif named := _network_in_name(name):
        network = named
    elif "rating" in found.reading.columns:
        network = "review"
    found.reading = replace(found.reading, default_network=network)


def _network_in_name(name: str) -> str:
    for word in re.split(r"[^A-Za-z0-9]+", Path(name).stem):
        if len(word) >= 3 and word.lower() not in ("file", "web") and network_of_name(word):
            return network_of_name(word)
    return ""
