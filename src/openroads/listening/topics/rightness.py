"""How right a topic's query is, by the posts people looked at: what it finds, and what it misses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from openroads.analysis.learning.agreement import Agreement, alpha, by_post
from openroads.analysis.query.show import show
from openroads.analysis.query.syntax import Node
from openroads.archive.queries.topics import verdicts
from openroads.directory.conversations import archive
from openroads.listening.remembering import remembered
from openroads.listening.topics import said
from openroads.listening.topics.models import TopicLabel

AT_ONCE = 5_000
"""Posts a query is asked of at once."""


@dataclass(frozen=True)
class Rightness:
    """Posts people spoke of that are still there, by what holds of them and what the query says of them
    now, whatever people said. `people` spoke of them, from `first` to `last`."""

    right: int = 0
    """Found, and they belong."""
    wrong: int = 0
    """Found, and they do not."""
    missed: int = 0
    """Not found, and they belong."""
    kept_out: int = 0
    """Not found, and they do not."""
    people: int = 0
    first: datetime | None = None
    last: datetime | None = None

    @property
    def posts(self) -> int:
        """Every post somebody spoke of."""
        return self.found + self.missed + self.kept_out

    @property
    def found(self) -> int:
        """Those it finds."""
        return self.right + self.wrong

    @property
    def belonging(self) -> int:
        """Those that belong."""
        return self.right + self.missed

    @property
    def outside(self) -> int:
        """Those that do not."""
        return self.wrong + self.kept_out


@dataclass(frozen=True)
class Looked:
    """A label that holds, with what the query says of its post."""

    label: TopicLabel
    is_found: bool

    @property
    def verdict(self) -> str:
        """The name of its count in `Rightness`."""
        if self.label.belongs:
            return "right" if self.is_found else "missed"
        return "wrong" if self.is_found else "kept_out"


def rightness_of(topic: int, query: Node) -> Rightness:
    """How right a query would be for a topic; the same question has the same answer until somebody
    says more or the archive changes."""
    labels = said.holding(topic)
    if not labels:
        return Rightness()
    numbers = ",".join(str(label.pk) for label in labels)
    digest = sha256(f"{show(query, 'en')}:{numbers}".encode()).hexdigest()
    return remembered(f"rightness:{topic}:{digest}", lambda: _counted(looked_at(labels, query)))


def agreement_on(topic: int) -> Agreement:
    """How far people agree who spoke of the same posts (Krippendorff's alpha, nominal)."""
    return alpha(by_post(said.triples(topic)), ("in", "out"))


def looked_at(labels: Sequence[TopicLabel], query: Node) -> list[Looked]:
    """Labels with what a query says of their posts, in the same order; without posts that are gone."""
    found: dict[int, bool] = {}
    for start in range(0, len(labels), AT_ONCE):
        some = labels[start : start + AT_ONCE]
        found |= verdicts(archive(), query, [(label.post, label.published_at) for label in some])
    return [Looked(label, found[label.post]) for label in labels if label.post in found]


def _counted(looked: Iterable[Looked]) -> Rightness:
    looked = list(looked)
    verdicts_told = [one.verdict for one in looked]
    moments = [one.label.at for one in looked]
    return Rightness(
        verdicts_told.count("right"),
        verdicts_told.count("wrong"),
        verdicts_told.count("missed"),
        verdicts_told.count("kept_out"),
        len({one.label.by_id for one in looked}),
        min(moments, default=None),
        max(moments, default=None),
    )
