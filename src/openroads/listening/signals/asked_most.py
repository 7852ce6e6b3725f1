"""Reading the questions asked most: groups with how many, whether there are more than before, an example,
and the page of ours that may answer them. Knows no database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.intervals import Estimate
from openroads.analysis.questions import WORDS, grouped, pair_counts
from openroads.analysis.shares import rate_change
from openroads.archive.client import Archive
from openroads.archive.queries.alike import copies_in
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import halvings_for, size_of, terms_in
from openroads.archive.queries.gap import terms as terms_of
from openroads.archive.queries.signals import TextWithWords, texts_with_words
from openroads.archive.scope import Scope

SHOWN = 8


@dataclass(frozen=True)
class AskedWord:
    """A word of a group: its id, its key for the address, and how it is written."""

    id: int
    key: str
    shown: str
    language: str


@dataclass(frozen=True)
class Answering:
    """A text of ours that holds the words of a group."""

    text_id: int
    title: str
    url: str
    only: int | None
    """The one word of the two that it holds; None: it holds both."""


@dataclass(frozen=True)
class AskedMost:
    """Questions that share two words: how many (of those drawn) now and in as many days before, the
    ratio, and a page of ours that may answer (None: none holds either word)."""

    words: tuple[AskedWord, ...]
    posts: int
    before: int
    change: Estimate | None
    answer: Answering | None


@dataclass(frozen=True)
class QuestionsReading:
    """The groups, largest first, of all `posts` questions, read in one of `one_in`; `copies` repeat
    an earlier question."""

    groups: tuple[AskedMost, ...]
    posts: int
    copies: int
    one_in: int


def read_questions(
    archive: Archive, sieve: Sieve, *, leave_out: Collection[int], has_before: bool, brand: int
) -> QuestionsReading:
    """What customers of a choice ask most."""
    asked = replace(sieve, kinds=("question",))
    posts = size_of(archive, asked)
    halvings = halvings_for(posts)
    drawn = terms_in(archive, asked, halvings=halvings)
    terms, lengths = drawn.standing()
    plain = frozenset(leave_out) | _phrases(archive, terms)
    groups = grouped(terms, lengths, leave_out=plain, most=SHOWN)
    pairs = [group.words for group in groups]
    scope = sieve.scope
    span = scope.until - scope.since
    earlier = replace(asked, scope=replace(scope, since=scope.since - span, until=scope.since))
    before = _before(archive, earlier, pairs, halvings) if has_before and pairs else []
    wanted = sorted({term for pair in pairs for term in pair})
    known = {term.id: term for term in terms_of(archive, wanted)} if wanted else {}
    texts = texts_with_words(archive, Scope(scope.since, scope.until, brand), wanted)
    both = pair_counts(terms, lengths, pairs)
    ids, counts = np.unique(terms, return_counts=True)
    uses = dict(zip(ids.tolist(), counts.tolist(), strict=True))
    return QuestionsReading(
        tuple(
            AskedMost(
                tuple(
                    AskedWord(term, known[term].key, known[term].shown, known[term].language)
                    for term in group.words
                    if term in known
                ),
                len(group.places),
                before[n] if before else 0,
                rate_change(both[n], before[n], now_days=span.days, before_days=span.days)
                if before
                else None,
                answering(texts, group.words, uses),
            )
            for n, group in enumerate(groups)
        ),
        posts,
        copies_in(archive, asked),
        drawn.one_in,
    )


def answering(
    texts: Sequence[TextWithWords], words: tuple[int, int], uses: dict[int, int]
) -> Answering | None:
    """The text that holds both words, at best in one passage; else one that holds the word fewer
    questions have (`uses`). Of several the first in order of id."""
    wanted = set(words)
    found = [text for text in texts if wanted <= set(text.held)]
    if found:
        best = max(found, key=lambda text: any(wanted <= set(held) for held in text.together))
        return Answering(best.text_id, best.name, best.address, None)
    rarer = min(words, key=lambda word: (uses.get(word, 0), word))
    only = next((text for text in texts if rarer in text.held), None)
    return Answering(only.text_id, only.name, only.address, rarer) if only else None


def _before(
    archive: Archive, sieve: Sieve, pairs: list[tuple[int, int]], halvings: int
) -> list[int]:
    terms, lengths = terms_in(archive, sieve, halvings=halvings).standing()
    return pair_counts(terms, lengths, pairs)


def _phrases(archive: Archive, terms: NDArray[np.uint32]) -> frozenset[int]:
    """The terms of two words among those most used: beside one of their own words they would make a
    pair that says nothing."""
    ids, uses = np.unique(terms, return_counts=True)
    often = ids[np.argsort(-uses, kind="stable")[: 4 * WORDS]]
    return frozenset(term.id for term in terms_of(archive, often.tolist()) if " " in term.key)
