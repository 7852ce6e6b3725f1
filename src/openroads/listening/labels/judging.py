"""How good the reading is: the analyser's report on itself, how far people agree, shares corrected."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openroads.analysis.learning.agreement import Agreement, alpha, by_post
from openroads.analysis.learning.aspects import CLASSES, MOOD_NAMES
from openroads.analysis.learning.features import Columns
from openroads.analysis.learning.model import Teller
from openroads.analysis.learning.quantifying import Shares, corrected_shares
from openroads.analysis.learning.report import Judged, SelfReport, report
from openroads.analysis.learning.weights import BadWeights
from openroads.archive.queries.corrections import PostRead, counted, sampled
from openroads.archive.scope import Scope
from openroads.directory.conversations import archive
from openroads.listening.labels import queries
from openroads.listening.labels.models import Aspect
from openroads.listening.labels.queries import Answer

MOST_SAMPLED = 4_000
"""Posts read for shares; their own chance is in the interval then."""

SEED = 20_261_123


def self_report(aspect: str, *, only_now: bool = False) -> SelfReport:
    """How right the analyser was on posts of random samples, by what it had said before anybody
    labelled them. With `only_now` only labels on what the analysers in force said count: younger
    figures, and fewer."""
    judges = random_answers(aspect)
    return report_of(aspect, by_who_reads_now(aspect, judges) if only_now else judges)


def random_answers(aspect: str) -> list[Answer]:
    """The answers that may judge: those of random samples."""
    return [answer for answer in queries.answers(aspect) if answer.is_random]


def report_of(aspect: str, judges: Sequence[Answer]) -> SelfReport:
    """The report by these answers."""
    classes = _classes(aspect, judges)
    return report(
        Judged(
            [answer.value for answer in judges],
            [answer.said for answer in judges],
            [answer.language for answer in judges],
            [answer.source for answer in judges],
            [answer.weight or 1.0 for answer in judges],
        ),
        classes,
    )


def agreement(aspect: str) -> Agreement:
    """How far people agree who labelled the same posts (Krippendorff's alpha: ordinal for tone,
    nominal for kind and language)."""
    units = by_post(queries.triples(aspect))
    values = sorted({value for unit in units for value in unit})
    if aspect == Aspect.TONE:
        return alpha(units, CLASSES["tone"], "ordinal")
    return alpha(units, values)


@dataclass(frozen=True)
class MeasuredShares:
    """Shares of the answers among the customers' posts of a language in scope."""

    classes: tuple[str, ...]
    shares: Shares
    posts: int
    """Posts in scope."""
    sampled: int
    """Of these read for the shares, at random."""
    labels: int
    """Labels of random samples by which they are corrected."""


def measured_shares(scope: Scope, aspect: str, language: str) -> MeasuredShares:
    """The shares of the answers in scope, counted and corrected by how the analyser errs."""
    model = _reads(aspect, language)
    scope = Scope(scope.since, scope.until, scope.brand, scope.products, (language,))
    rows = sampled(archive(), scope, most=MOST_SAMPLED, seed=SEED)
    classes = CLASSES["tone"] if aspect == Aspect.TONE else CLASSES["kind"]
    if model is not None:
        told = model.predict([row.whole_text for row in rows], _columns(rows, language))
        probabilities, tried, truth = told.probabilities, model.tried_on, model.tried_truth
    else:
        judges = [answer for answer in queries.answers(aspect, language) if answer.is_random]
        judges = [answer for answer in judges if answer.said in classes]
        probabilities = _ones([_said(row, aspect) for row in rows], classes)
        tried = _ones([answer.said for answer in judges], classes)
        truth = np.array([classes.index(answer.value) for answer in judges], np.int8)
    found = corrected_shares(probabilities, tried, truth)
    return MeasuredShares(classes, found, counted(archive(), scope), len(rows), len(truth))


def _reads(aspect: str, language: str) -> Teller | None:
    """The model in force; None for the word lists, which read too when its weights or files are not those
    that were tested."""
    row = queries.in_force(aspect, language)
    try:
        return queries.loaded(row.pk, row.digest) if row is not None else None
    except BadWeights:
        return None


def _columns(rows: Sequence[PostRead], language: str) -> Columns:
    return Columns([language] * len(rows), np.array([row.tone for row in rows], np.float32))


def _ones(names: Sequence[str], classes: tuple[str, ...]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":  # fmt: skip
    """A row per name with a one at its class; names that are no class are left out."""
    places = [classes.index(name) for name in names if name in classes]
    found = np.zeros((len(places), len(classes)), np.float32)
    found[np.arange(len(places)), places] = 1.0
    return found


def _said(row: PostRead, aspect: str) -> str:
    return MOOD_NAMES.get(row.mood, "") if aspect == Aspect.TONE else row.kind


def _classes(aspect: str, judges: Sequence[Answer]) -> Sequence[str]:
    """The answers there are; for languages those that were met."""
    if aspect == Aspect.TONE:
        return CLASSES["tone"]
    if aspect == Aspect.KIND:
        return CLASSES["kind"]
    return sorted({answer.value for answer in judges} | {answer.said for answer in judges})


def by_who_reads_now(aspect: str, answers: Sequence[Answer]) -> list[Answer]:
    """The answers on what was said by whoever reads this aspect of their language now."""
    versions = queries.versions_in_force(aspect)
    kept = []
    for answer in answers:
        version, told_by = versions.get(answer.language, ""), answer.said_by.split("+")
        if version in told_by if version else not _by_a_model(aspect, told_by):
            kept.append(answer)
    return kept


def _by_a_model(aspect: str, told_by: Sequence[str]) -> bool:
    return any(name.startswith(f"{aspect}-") for name in told_by)
