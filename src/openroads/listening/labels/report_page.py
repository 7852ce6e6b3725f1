"""The analyser's report on itself as a reader reads it: how often it is right, of what, and where not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from openroads.analysis.intervals import Estimate, wilson
from openroads.analysis.learning.report import Report, SelfReport
from openroads.directory.models import Person
from openroads.listening import queries as listening
from openroads.listening.labels import judging, queries
from openroads.listening.labels.models import Aspect
from openroads.listening.labels.surety import Surety, Tested, surety, tests_of
from openroads.listening.labels.turns import ENOUGH
from openroads.listening.labels.words import aspect_name, value_name
from openroads.ui.formats import between, day, number, percent
from openroads.ui.sheets import csv_lines


@dataclass(frozen=True)
class Figure:
    """A figure with its interval in words; without an interval `value` says why there is none."""

    value: str
    interval: str = ""


@dataclass(frozen=True)
class Line:
    """How well one language or source is read."""

    name: str
    n: str
    accuracy: Figure
    macro: Figure
    read_by: str = ""
    url: str = ""


@dataclass(frozen=True)
class Answers:
    """One answer: how often it is the truth, and how well it is told."""

    name: str
    n: str
    precision: Figure
    recall: Figure
    told: Sequence[tuple[str, bool]]
    """How often each answer was told of it; whether that was right."""


@dataclass(frozen=True)
class ReportPage:
    """All that the template shows."""

    aspect: str
    name: str
    finding: str
    standfirst: str
    n: int
    """Posts read at random, whoever read them first."""
    measured: int
    """Of these the ones the tables are of."""
    accuracy: Figure
    accuracy_n: int
    macro: Figure
    agreement: Figure
    agreed_on: str
    every: bool
    """Whether labels on what earlier readers said count too."""
    other_n: str
    """Labels when it is the other way; empty when that is the same."""
    languages: Sequence[Line]
    sources: Sequence[Line]
    heads: Sequence[str]
    answers: Sequence[Answers]
    readers: Sequence[tuple[str, str]]


def report_page(person: Person, aspect: str, *, every: bool) -> ReportPage:
    """The report on an aspect: of labels on what whoever reads now said, or of `every` label."""
    judges = judging.random_answers(aspect)
    of_now = judging.by_who_reads_now(aspect, judges)
    now, ever = judging.report_of(aspect, of_now), judging.report_of(aspect, judges)
    sure = surety(aspect)
    tests = {} if every else tests_of(aspect, of_now)
    accuracy = _share_of(sure) if not every else _share(ever.overall.accuracy, ever.overall.n)
    # Figures of who read before are better than none, as long as it is said.
    every = every or not now.overall.n
    shown = ever if every else now
    reading = queries.readings(aspect)
    agreed = judging.agreement(aspect)
    return ReportPage(
        aspect=aspect,
        name=aspect_name(aspect),
        finding=_finding(aspect, sure),
        standfirst=_standfirst(aspect, ever.overall.n, reading),
        n=ever.overall.n,
        measured=shown.overall.n,
        accuracy=accuracy,
        accuracy_n=sure.n if tests or not every else shown.overall.n,
        macro=_score(shown.overall.macro_f1, shown.overall.n),
        agreement=_alpha(agreed.alpha, agreed.low, agreed.high, agreed.units),
        agreed_on=ngettext(
            "%(n)s post read by two or more", "%(n)s posts read by two or more", agreed.units
        )
        % {"n": number(agreed.units)},
        every=every,
        other_n=number(now.overall.n if every else ever.overall.n)
        if now.overall.n != ever.overall.n
        else "",
        languages=_languages(aspect, shown, tests),
        sources=_sources(person, shown),
        heads=[value_name(aspect, each.name) for each in shown.overall.classes],
        answers=_answers(aspect, shown.overall),
        readers=[(name, number(n)) for name, n in reading.readers],
    )


def _finding(aspect: str, found: Surety) -> str:
    if not found.is_measured:
        return _("How well we read is not yet measured")
    told = {"n": number(100 * found.accuracy)}
    if aspect == Aspect.KIND:
        return _("The kind of a post is read right %(n)s times in a hundred") % told
    if aspect == Aspect.LANGUAGE:
        return _("The language is told right %(n)s times in a hundred") % told
    return _("Tone is read right %(n)s times in a hundred") % told


def _standfirst(aspect: str, n: int, reading: "queries.Readings") -> str:
    if not n or reading.first is None or reading.last is None:
        return _("Only posts that people read without seeing what the machine said can tell. Twenty take about five minutes.")  # fmt: skip
    people = ngettext("%(n)s person", "%(n)s people", len(reading.readers)) % {
        "n": number(len(reading.readers))
    }
    posts = ngettext(
        "%(n)s post drawn at random was", "%(n)s posts drawn at random were", n
    ) % {"n": number(n)}  # fmt: skip
    return _("%(posts)s read by %(people)s from %(first)s to %(last)s, before anybody saw what the machine said. Intervals are 95%%.") % {
        "posts": posts, "people": people, "first": day(reading.first), "last": day(reading.last),
    }  # fmt: skip


def _languages(aspect: str, shown: SelfReport, tests: dict[str, Tested]) -> list[Line]:
    versions = queries.versions_in_force(aspect)
    learned = aspect in queries.LEARNED
    lines = []
    for language, test in tests.items():
        share = wilson(test.n * test.right, test.n)
        lines.append(
            Line(
                value_name(Aspect.LANGUAGE, language),
                number(test.n),
                _share(share, test.n),
                Figure(number(test.score, 2)),
                _("a learned model, by its test"),
                reverse("labels:model", args=(aspect, language)),
            )
        )
    for language, report in shown.languages:
        if language in tests:
            continue
        model = versions.get(language, "")
        name = value_name(Aspect.LANGUAGE, language)
        read_by = pgettext("who reads", "a learned model") if model else _("word lists and rules")
        url = reverse("labels:model", args=(aspect, language)) if learned else ""
        lines.append(_line(name, report, read_by if learned else "", url))
    return lines


def _sources(person: Person, shown: SelfReport) -> list[Line]:
    names = {source.pk: source.name for source in listening.sources_for(person)}
    return [
        _line(names.get(source, _("a source that is gone")), report)
        for source, report in shown.sources
    ]


def _line(name: str, report: Report, read_by: str = "", url: str = "") -> Line:
    return Line(
        name,
        number(report.n),
        _share(report.accuracy, report.n),
        _score(report.macro_f1, report.n),
        read_by,
        url,
    )


def _answers(aspect: str, report: Report) -> list[Answers]:
    rows = []
    for place, each in enumerate(report.classes):
        counts = report.table[place].tolist()
        rows.append(
            Answers(
                value_name(aspect, each.name),
                number(each.labels),
                _share(each.precision, int(report.table[:, place].sum())),
                _share(each.recall, each.labels),
                [(number(n), at == place) for at, n in enumerate(counts)],
            )
        )
    return rows


def _share(of: Estimate, n: int) -> Figure:
    if n < ENOUGH:
        return Figure(_("too few to say"))
    ends = between(100 * float(of.low), 100 * float(of.high))
    return Figure(percent(float(of.value)), ends)


def _score(of: Estimate, n: int) -> Figure:
    if n < ENOUGH:
        return Figure(_("too few to say"))
    return Figure(number(float(of.value), 2), between(float(of.low), float(of.high), 2))


def _alpha(value: float, low: float, high: float, units: int) -> Figure:
    if units < 2 or value != value:
        return Figure(_("unknown"))
    return Figure(number(value, 2), between(low, high, 2))


def _share_of(found: Surety) -> Figure:
    if not found.is_measured:
        return Figure(_("too few to say"))
    return Figure(percent(found.accuracy), between(100 * found.low, 100 * found.high))


def table_csv(aspect: str) -> Iterator[str]:
    """The confusion tables: of everything, of each language and each source."""
    head = [
        _("of what"), _("which"), _("people said"), _("the analyser said"), _("posts"), _("share"),
    ]  # fmt: skip
    return csv_lines(chain([head], _cells(aspect, judging.self_report(aspect, only_now=True))))


def _cells(aspect: str, found: SelfReport) -> Iterator[list[Any]]:
    for what, which, report in _parts(found):
        names = [value_name(aspect, each.name) for each in report.classes]
        for truth, name in enumerate(names):
            for told, said in enumerate([*names, _("unknown")]):
                share = round(float(report.shares[truth, told]), 5)
                yield [what, which, name, said, int(report.table[truth, told]), share]


def parts_csv(aspect: str) -> Iterator[str]:
    """Accuracy and macro-F1 of everything, of each language and each source."""
    head = [
        _("of what"), _("which"), _("posts"), _("worth"), _("accuracy"), _("low"), _("high"),
        _("macro-F1"), _("low"), _("high"),
    ]  # fmt: skip
    rows = (
        [what, which, report.n, round(report.effective, 1), *_ends(report.accuracy),
         *_ends(report.macro_f1)]
        for what, which, report in _parts(judging.self_report(aspect, only_now=True))
    )  # fmt: skip
    return csv_lines(chain([head], rows))


def _parts(found: SelfReport) -> Iterator[tuple[str, str, Report]]:
    yield _("everything"), "", found.overall
    for language, report in found.languages:
        yield _("language"), language, report
    for source, report in found.sources:
        yield _("source"), str(source), report


def _ends(of: Estimate) -> list[Any]:
    return [
        "" if each != each else round(each, 4) for each in map(float, (of.value, of.low, of.high))
    ]


TABLES = {"table": table_csv, "parts": parts_csv}
