"""The tables of the explore page as CSV files."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.explore.reading import ExploreReading
from openroads.ui.sheets import csv_lines


def days_csv(reading: ExploreReading, told: ExploreFilter) -> Iterator[str]:
    """Every day of the period: posts by tone and the expected range; empty where it is unknown."""
    head = [
        _("day"), _("posts"), _("positive"), _("neutral"), _("negative"), _("tone unknown"),
        _("expected from"), _("expected to"),
    ]  # fmt: skip
    rows = (
        [
            each.on.isoformat(), each.posts, each.positive,
            each.posts - each.positive - each.negative - each.unknown, each.negative, each.unknown,
            "" if each.low is None else round(each.low), "" if each.high is None else round(each.high),
        ]
        for each in reading.days
    )  # fmt: skip
    return csv_lines(chain([head], rows))


def words_csv(reading: ExploreReading, told: ExploreFilter) -> Iterator[str]:
    """Every word said surely more in the choice than in the rest, counted in one of `one_in` posts."""
    head = [
        _("word"), _("language"), _("posts here"), _("posts in the rest"), "z", _("positive"),
        _("negative"), _("counted in one of"), _("first day"), _("last day"),
    ]  # fmt: skip
    rows: Iterator[list[Any]] = (
        [
            word.shown, word.language, word.posts, word.rest, round(word.z, 3), word.positive,
            word.negative, reading.one_in, told.since.isoformat(), told.until.isoformat(),
        ]
        for word in reading.words
    )  # fmt: skip
    return csv_lines(chain([head], rows))


TABLES: dict[str, Callable[[ExploreReading, ExploreFilter], Iterator[str]]] = {
    "days": days_csv,
    "words": words_csv,
}
