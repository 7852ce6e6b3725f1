"""How sure we are of what the analyser says: the line that stands wherever tone is shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.core.cache import caches

from openroads.analysis.intervals import wilson
from openroads.analysis.learning.sampling import effective_size
from openroads.listening.labels import judging, queries
from openroads.listening.labels.queries import Answer
from openroads.listening.labels.turns import ENOUGH

KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Surety:
    """Accuracy of whoever reads now on posts of random samples; shares 0..1."""

    n: int
    accuracy: float
    low: float
    high: float

    @property
    def is_measured(self) -> bool:
        """Whether so many posts were read that a figure says something."""
        return self.n >= ENOUGH

    @property
    def left(self) -> int:
        """Posts to read until it is."""
        return max(0, ENOUGH - self.n)


def surety(aspect: str) -> Surety:
    """How often whoever reads now was right, all languages together, each label counting for the
    posts it stands for; remembered until a label or a decision comes."""
    taught = queries.taught_at(aspect)
    if not taught:
        return Surety(0, float("nan"), 0.0, 1.0)
    key = f"surety:{aspect}:{taught}"
    kept: Surety | None = caches["answers"].get(key)
    if kept is None:
        kept = _surety(aspect)
        caches["answers"].set(key, kept, KEPT_SECONDS)
    return kept


def _surety(aspect: str) -> Surety:
    judges = judging.by_who_reads_now(aspect, judging.random_answers(aspect))
    tests = tests_of(aspect, judges)
    judges = [answer for answer in judges if answer.language not in tests]
    heavy = np.array([answer.weight or 1.0 for answer in judges])
    right = np.array([answer.value == answer.said for answer in judges], np.bool_)
    # A test keeps the posts its labels stand for, not each weight: they count as equal ones.
    heavy = np.concatenate(
        [heavy, *(np.full(test.n, test.posts / test.n) for test in tests.values())]
    )
    right = np.concatenate(
        [right, *(np.arange(test.n) < test.n * test.right for test in tests.values())]
    )
    if not len(heavy):
        return Surety(0, float("nan"), 0.0, 1.0)
    n = effective_size(heavy)
    found = wilson(n * float(heavy[right].sum() / heavy.sum()), n)
    return Surety(len(heavy), float(found.value), float(found.low), float(found.high))


@dataclass(frozen=True)
class Tested:
    """What the test by which a model took over says of it."""

    n: int
    right: float
    """The share told right, 0..1."""
    posts: float
    """Posts these labels stand for."""
    score: float
    """Macro-F1, 0..1."""


def tests_of(aspect: str, judges: Sequence[Answer]) -> dict[str, Tested]:
    """Per language the test of the model in force, as long as fewer than `ENOUGH` posts were read since
    it took over: by labels it had not seen, so as good a measure, and no younger one is there."""
    since = Counter(answer.language for answer in judges)
    found = {}
    for language, decision in queries.tests_in_force(aspect).items():
        table = np.array(decision.tables.get("new", []), np.float64)
        if since[language] < ENOUGH and decision.size and table.sum():
            right = float(np.trace(table) / table.sum())
            posts, score = float(table.sum()), decision.new_score or 0.0
            found[language] = Tested(decision.size, right, posts, score)
    return found
