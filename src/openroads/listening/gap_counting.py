"""Counting for a gap: both sides' words as columns beside one vocabulary. Knows no database."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.divergence import Documents
from openroads.analysis.gap import TermCounts, TermDetails, Thresholds
from openroads.analysis.gap_counts import least_use, used_enough
from openroads.analysis.gap_words import candidates, tell_apart
from openroads.analysis.pipeline import Name
from openroads.analysis.term_docs import TermDocs
from openroads.archive.client import Archive
from openroads.archive.queries import gap as asking
from openroads.archive.queries.documents import DatedDocuments, Drawn, Sample, drawn_documents
from openroads.archive.queries.explore import halvings_for
from openroads.archive.queries.totals import PassageTotals
from openroads.archive.scope import Scope

VOCABULARY = 1_500
"""Words a score is over, the same for the period, its months, its products and the year before: a
score of more words is higher, so only scores over the same ones compare."""

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Tones:
    """Documents per term whose tone is known, and of these the positive and negative ones; beside a
    list of ids."""

    rated: Ids
    positive: Ids
    negative: Ids


@dataclass(frozen=True)
class OneByOne:
    """Customers' posts with each of some terms (`ids` ascending), and their tones."""

    ids: Ids
    docs: Ids
    tones: Tones

    def docs_of(self, ids: Ids) -> Ids:
        """Posts with some of these terms."""
        return self.docs[np.searchsorted(self.ids, ids)]

    def tones_of(self, ids: Ids) -> Tones:
        """The tones of some of these terms."""
        place = np.searchsorted(self.ids, ids)
        told = self.tones
        return Tones(told.rated[place], told.positive[place], told.negative[place])


class Ours:
    """What the brand said, with its days, read once and looked at for every period and product."""

    def __init__(self, dated: DatedDocuments) -> None:
        self._dated = dated
        self._lengths = np.diff(dated.documents.offsets)

    def stood(self, since: date, until: date, products: Sequence[int] = ()) -> NDArray[np.bool_]:
        """Which documents stood on some day of the period and are about one of the products."""
        found = (self._dated.since < np.datetime64(until)) & (
            self._dated.until > np.datetime64(since)
        )
        if products:
            wanted = frozenset(products)
            found &= np.array([bool(wanted & about) for about in self._dated.products], dtype=bool)
        return np.asarray(found)

    def passages(self, stood: NDArray[np.bool_]) -> PassageTotals:
        """How much the passages among the documents chosen come to."""
        return self._dated.passages(stood)

    def terms(self, stood: NDArray[np.bool_]) -> NDArray[np.uint32]:
        """Term ids of the documents chosen, one after the other."""
        return self._dated.documents.terms[np.repeat(stood, self._lengths)]

    def docs(self, stood: NDArray[np.bool_]) -> TermDocs:
        """The documents chosen per term."""
        return TermDocs.of_uses(self.terms(stood))

    def tones(self, stood: NDArray[np.bool_], ids: Ids) -> Tones:
        """The tones of the documents chosen, for these terms."""
        moods = np.repeat(self._dated.mood[stood], self._lengths[stood])
        place, known = placed(ids, self.terms(stood))
        return Tones(
            *(
                np.bincount(place[told[known]], minlength=len(ids))
                for told in (moods != -128, moods == 1, moods == -1)
            )
        )

    def within(self, vocabulary: Ids) -> "OursWithin":
        """The same over a vocabulary."""
        place, known = placed(vocabulary, self._dated.documents.terms)
        documents = np.repeat(np.arange(len(self._lengths)), self._lengths)[known]
        return OursWithin(self, documents, place, len(vocabulary))

    def documents(self, stood: NDArray[np.bool_], vocabulary: Ids) -> Documents:
        """The documents chosen as indices into a vocabulary."""
        offsets = np.concatenate(([0], np.cumsum(self._lengths[stood])))
        return Documents.of_ids(offsets, self.terms(stood), vocabulary)


@dataclass(frozen=True)
class OursWithin:
    """The brand's documents over a vocabulary: `document` and `place` of each word of theirs."""

    ours: Ours
    document: Ids
    place: Ids
    size: int

    def counts(self, since: date, until: date, products: Sequence[int]) -> tuple[Ids, int]:
        """Documents per word among those that stood in the period, and how many stood."""
        stood = self.ours.stood(since, until, products)
        counted = np.bincount(self.place[stood[self.document]], minlength=self.size)
        return counted, int(stood.sum())


def left_out_terms(archive: Archive, names: Iterable[Name]) -> frozenset[int]:
    """Terms that are nothing but the name of a brand or product."""
    keys = sorted({key for name in names if name.forms for key in _name_keys(name)})
    return frozenset(asking.term_ids(archive, keys).values()) if keys else frozenset()


def _name_keys(name: Name) -> set[str]:
    """The grouping keys a name can come in: as recognised, and its last word as an ordinary word,
    for a product people call "the Kade" where no form of it was recognised."""
    whole = " ".join(name.forms[0].split())
    return {whole, whole.lower(), whole.split()[-1].lower()}


@dataclass(frozen=True)
class Heard:
    """Customers' posts of every term. With a draw they are an estimate from it: what matters of it is
    then to be counted one by one."""

    docs: TermDocs
    drawn: Drawn | None

    def sample(self, size: int) -> Sample:
        """So many posts of the draw."""
        assert self.drawn is not None, "everything was counted, nothing drawn"
        return self.drawn.sample(size)


def heard_in(archive: Archive, scope: Scope, posts: int) -> Heard:
    """Customers' posts of every term in a scope of so many posts."""
    halvings = halvings_for(posts)
    if not halvings:
        parts = asking.docs_parts(archive, scope)
        return Heard(TermDocs.of_parts([(block.term, block.docs) for block in parts]), None)
    drawn = drawn_documents(archive, scope, halvings)
    # One post of a draw is no estimate.
    return Heard(drawn.docs().at_least(2).times(drawn.one_in), drawn)


def worth_counting(counts: TermCounts, vocabulary: Ids | None = None) -> Ids:
    """The terms of an estimate that are to be counted one by one: those that may be shown, and those
    of a vocabulary."""
    may_be_shown = candidates(counts, tell_apart(counts), Thresholds())
    return may_be_shown if vocabulary is None else _together(may_be_shown, vocabulary)


def side_by_side(they: TermDocs, we: TermDocs, leave_out: Set[int]) -> TermCounts:
    """Both sides over one vocabulary: the words a gap is made of, and no name."""
    limits = Thresholds()
    # What we never say counts by their use of it alone; what we say is looked at word by word.
    ids = _together(they.at_least(least_use(limits)).ids, we.ids)
    counts = TermCounts(ids, they.of(ids), we.of(ids))
    return counts.of(used_enough(counts, limits, leave_out))


def most_used(they: TermDocs, counts: TermCounts, ours: TermDocs, leave_out: Set[int]) -> Ids:
    """The vocabulary of the scores, in ascending order: of the words of a gap, and of those we used
    as much at another time (`ours`), the ones most used by both sides together; no name.

    A passage of ours weighs as much as it takes for both sides to choose half of the vocabulary.
    """
    ids = _together(counts.ids, ours.at_least(least_use(Thresholds())).ids)
    own = ours.of(ids)
    use = they.of(ids) + own * (float(counts.they_docs.sum()) / max(float(own.sum()), 1.0))
    use[np.isin(ids, np.fromiter(leave_out, np.int64, len(leave_out)))] = 0
    # Only those that can be among the first are put in order.
    last = np.partition(use, -VOCABULARY)[-VOCABULARY] if len(use) > VOCABULARY else 0.0
    near = np.flatnonzero((use > 0) & (use >= last))
    return np.sort(ids[near[np.argsort(-use[near], kind="stable")[:VOCABULARY]]])


def _together(first: Ids, second: Ids) -> Ids:
    """Both lists of ids, each ascending and each id once, as one."""
    both = np.sort(np.concatenate((first, second)), kind="stable")
    return both[np.concatenate(([True], both[1:] != both[:-1]))] if len(both) else both


def one_by_one(archive: Archive, scope: Scope, ids: Ids) -> OneByOne:
    """Customers' posts in scope with each of these terms (in ascending order)."""
    found = asking.term_counts(archive, scope, terms=ids.tolist())
    place = np.searchsorted(ids, found.term)
    docs, *told = (
        added(place, part, len(ids))
        for part in (found.docs, found.rated, found.positive, found.negative)
    )
    return OneByOne(ids, docs, Tones(*told))


def details(
    ids: Ids, called: Iterable[asking.Term], they: Tones, we: Tones, people: Ids
) -> TermDetails:
    """What these terms are called, beside how both sides feel about them and how many people are
    known to use each."""
    known = {term.id: term for term in called}
    words = [known.get(term) for term in ids.tolist()]
    return TermDetails(
        ids,
        [word.key if word else "" for word in words],
        [word.shown if word else "" for word in words],
        [word.language if word else "" for word in words],
        people,
        they.rated,
        they.positive,
        they.negative,
        we.rated,
        we.positive,
        we.negative,
    )


def people_in_sample(sample: Sample, ids: Ids) -> Ids:
    """How many of the people in a sample use each of these terms (in ascending order)."""
    place, asked = placed(ids, sample.terms)
    _, person = np.unique(sample.person, return_inverse=True)
    spoken = np.repeat(person, np.diff(sample.offsets))[asked]
    pairs = np.unique(place * len(sample.person) + spoken)
    return np.bincount(pairs // max(len(sample.person), 1), minlength=len(ids))


def counted_people(archive: Archive, scope: Scope, ids: Ids) -> Ids:
    """How many authors in scope use each of these terms (in ascending order), counted one by one; a
    post of an unknown author is one of its own, as in a sample: for the threshold, not to be told."""
    people, nameless = people_behind(archive, scope, ids)
    return people + nameless


def people_behind(archive: Archive, scope: Scope, ids: Ids) -> tuple[Ids, Ids]:
    """How many people are known to use each of these terms (in ascending order), and how many posts
    of unknown authors do."""
    rows = asking.term_people(archive, scope, ids.tolist())
    place, known = placed(ids, rows.term)
    return added(place, rows.people[known], len(ids)), added(place, rows.nameless[known], len(ids))


def placed(ids: Ids, terms: NDArray[np.uint32] | Ids) -> tuple[Ids, NDArray[np.bool_]]:
    """Where terms stand among `ids` (ascending), for those that do, and which do."""
    if not len(ids):
        return np.empty(0, np.int64), np.zeros(len(terms), np.bool_)
    wanted = terms.astype(np.int64)
    place = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    known = ids[place] == wanted
    return place[known], known


def added(place: Ids, parts: NDArray[np.int32] | Ids, size: int) -> Ids:
    """Parts added up by their place."""
    found = np.zeros(size, np.int64)
    np.add.at(found, place, parts)
    return found
