"""How a file is to be read: as it shows itself, as agreed last time for its headings, as somebody says."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from openroads.connectors import files
from openroads.connectors.dates import OrderVotes
from openroads.connectors.failures import Refused
from openroads.connectors.files import NOTHING_SAID, Reading, Writing
from openroads.connectors.files.columns import doubts_about_dates
from openroads.connectors.files.meaning import unanswered
from openroads.connectors.sentences import Sentence
from openroads.listening.models import RememberedReading


def first_reading(path: Path, name: str, said: Writing = NOTHING_SAID) -> Reading:
    """The reading a person is shown first: what the file shows, put right as it was last time, then
    what was `said` of this one. Raises Refused, with a sentence, when nothing in it can be read."""
    try:
        found = remembered(path, name, files.propose(path, name=name, timezone=settings.TIME_ZONE))
    except Refused:
        if said == NOTHING_SAID:
            raise
        return _proposed(path, name, said)
    return written_otherwise(path, name, found, said, {}) if said != NOTHING_SAID else found


def _proposed(path: Path, name: str, said: Writing, was: Reading | None = None) -> Reading:
    """The file read anew; what it had shown by itself, in `was`, is kept."""
    reading = files.propose(path, name=name, timezone=settings.TIME_ZONE, said=said)
    if was is None or said == NOTHING_SAID:
        return reading
    return replace(reading, found=was.found, found_fingerprint=was.found_fingerprint)


def written_otherwise(
    path: Path, name: str, was: Reading, said: Writing, corrections: dict[str, Any]
) -> Reading:
    """The file read anew as it is said to be written. Corrections that differ from `was` hold; under
    other headings those of columns do not, and what was agreed for these headings holds instead."""
    again = _proposed(path, name, said, was)
    changed = {key: value for key, value in corrections.items() if value != getattr(was, key)}
    if again.header == was.header:
        kept = replace(
            again,
            columns=was.columns,
            timezone=was.timezone,
            date_order=was.date_order,
            date_mixed=was.date_mixed,
            default_network=was.default_network,
            default_said_at=was.default_said_at,
        )
        return replace(kept, **changed)
    changed.pop("columns", None)
    known = RememberedReading.objects.filter(fingerprint=again.fingerprint).first()
    if known is not None:
        again = _as_agreed(again, Reading.from_json(known.reading))
    return replace(again, **changed)


def remember(reading: Reading) -> None:
    """Keep how a file was read for the next one: under its headings, and under those it showed before
    a person said how it is written. No post is kept with it."""
    kept = replace(reading, preview=(), problems=()).as_json()
    for key in {reading.fingerprint, reading.found_fingerprint} - {""}:
        RememberedReading.objects.update_or_create(fingerprint=key, defaults={"reading": kept})


def remembered(path: Path, name: str, found: Reading) -> Reading:
    """The reading a person last agreed to for a file with this header, or `found` itself.

    What this file itself proves or lacks stays: its encoding, the order of its dates, when it shows
    one, and the problems a person should look at.
    """
    known = RememberedReading.objects.filter(fingerprint=found.fingerprint).first()
    if known is None:
        return found
    kept = Reading.from_json(known.reading)
    found = _written_as_agreed(path, name, found, kept)
    if found.fingerprint != kept.fingerprint:
        return found
    return files.with_preview(path, _as_agreed(found, kept), now=timezone.now())


def _written_as_agreed(path: Path, name: str, found: Reading, kept: Reading) -> Reading:
    """The same correction where the same was found as then, if that gives the same headings."""
    said = {
        each: value
        for each, value in kept.by_hand.said.items()
        if getattr(kept.found, each) == getattr(found.found, each)
        and not (each == "encoding" and found.sure_of_encoding)
    }
    if not said or found.is_rejected_file:  # we wrote that one, in our own way
        return found
    try:
        again = _proposed(path, name, Writing(**said), found)
    except Refused:
        return found
    return again if again.fingerprint == kept.fingerprint else found


def _as_agreed(found: Reading, kept: Reading) -> Reading:
    """Columns, zone and network of last time, under the headings of this file."""
    # A fingerprint takes no notice of capitals and spaces: the columns have the names of this file.
    names = {_folded(name): name for name in found.header}
    columns = {meaning: names.get(_folded(name), "") for meaning, name in kept.columns.items()}
    columns = {meaning: name for meaning, name in columns.items() if name}
    agreed = replace(
        found,
        columns=columns,
        problems=unanswered(found.problems, columns),
        timezone=kept.timezone,
        default_network=kept.default_network,
    )
    return _in_the_order_agreed(agreed, kept.date_order)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _in_the_order_agreed(found: Reading, order: str) -> Reading:
    """Only a file that does not show its own order of day and month takes the one of last time."""
    doubts = [problem for problem in found.problems if _doubts_the_order(problem)]
    if order not in ("dmy", "mdy") or not (doubts or found.date_mixed):
        return found
    others = [problem for problem in found.problems if problem not in doubts]
    told = _order_doubts(found.columns.get("said_at", ""), order) if doubts else []
    return replace(found, date_order=order, problems=(*others, *told))


def _order_doubts(heading: str, order: str) -> list[Sentence]:
    """What is said of a column of which no date shows the order of day and month."""
    votes = OrderVotes(timezone.now())
    votes.add("01/02/2024")
    return doubts_about_dates(heading, votes, order)


def without_doubts_of_order(problems: Sequence[str]) -> tuple[str, ...]:
    """The problems that are left when a person has said in which order dates are written."""
    mixed = OrderVotes(timezone.now())
    mixed.add("13/02/2024")
    mixed.add("02/14/2024")
    both_ways = {doubt.template for doubt in doubts_about_dates("", mixed, "dmy")}
    return tuple(
        problem
        for problem in problems
        if not _doubts_the_order(problem)
        and not (isinstance(problem, Sentence) and problem.template in both_ways)
    )


def _doubts_the_order(problem: str) -> bool:
    templates = {doubt.template for order in ("dmy", "mdy") for doubt in _order_doubts("", order)}
    return isinstance(problem, Sentence) and problem.template in templates
