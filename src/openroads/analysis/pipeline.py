"""The one way from posts to columns: language, tone, kind, terms, names and fingerprints for a
batch of texts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openroads.analysis import emoji, intent, tone_nl
from openroads.analysis.duplicates import bands, passed_on, same_key
from openroads.analysis.language import UNKNOWN, Detector
from openroads.analysis.marks import (
    FACE,
    FEELING_NL,
    HASHTAG,
    MENTION,
    NAMED,
    PHRASES,
    WORD,
    together,
    with_phrases,
)
from openroads.analysis.names import Name, Names
from openroads.analysis.termfinder import Look, TermFinder
from openroads.analysis.terms import Vocabulary
from openroads.analysis.tokenbook import Cut, Met, Tokenbook
from openroads.analysis.tokens import readable, split
from openroads.analysis.tone import mood
from openroads.analysis.tone_en import EnglishTone
from openroads.analysis.tone_nl import DutchTone

__all__ = ["ANALYSER", "Analyser", "Analysis", "Name", "joined"]

ANALYSER = "1"
"""Stored with every score; changes whenever the same text would get another outcome."""


@dataclass(frozen=True)
class Analysis:
    """What a batch of n texts says, as columns; row i belongs to text i."""

    language: list[str]
    """"nl", "en", ...; "und" when it cannot be told."""
    language_p: NDArray[np.float32]
    """Belief in that language, 0..1."""
    tone: NDArray[np.float32]
    """Compound feeling -1..1; NaN for a language without a word list."""
    mood: NDArray[np.int8]
    """1 positive, 0 neutral, -1 negative, -128 unknown."""
    kind: list[str]
    """"question", "complaint", "praise" or "other"."""
    words: NDArray[np.uint32]
    """Words per text."""
    term_offsets: NDArray[np.int64]
    """n + 1 places in `term_forms`: the terms of text i are [offsets[i]:offsets[i + 1]]."""
    term_forms: NDArray[np.int32]
    """Every term of every text, each once per text, as a place in `form_keys` and `form_shown`."""
    form_keys: list[str]
    """Grouping keys."""
    form_shown: list[str]
    """How each reads; may differ between forms with the same key (pairs show as written)."""
    hashtags: list[list[str]]
    mentions: list[list[str]]
    """Lower case, without # and @, each once per text, in order."""
    emoji: list[list[str]]
    brands: list[list[int]]
    products: list[list[int]]
    """Ids of the names found, sorted; a product brings its brand."""
    same_key: NDArray[np.uint64]
    """Equal for copies of a text; 0 for an empty one."""
    bands: NDArray[np.uint64]
    """(n, 8) near-duplicate bands; a row of zeros is too short to compare."""
    analyser: list[str] = field(default_factory=list)
    """Who told mood and kind: `ANALYSER`, followed by the models that had a say."""
    mood_by_lists: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    kind_by_rules: list[str] = field(default_factory=list)
    """Mood and kind before any model had a say: by these two readings of a post are compared, or each
    new model would make every post a changed one."""

    def __post_init__(self) -> None:
        if not self.analyser:
            object.__setattr__(self, "analyser", [ANALYSER] * len(self.language))
            object.__setattr__(self, "mood_by_lists", self.mood)
            object.__setattr__(self, "kind_by_rules", self.kind)

    @property
    def term_keys(self) -> list[str]:
        """The grouping key of every term of every text."""
        return [self.form_keys[form] for form in self.term_forms.tolist()]

    @property
    def term_shown(self) -> list[str]:
        """How every term of every text reads."""
        return [self.form_shown[form] for form in self.term_forms.tolist()]


def joined(parts: Sequence[Analysis]) -> Analysis:
    """Several batches as one, in order."""
    if len(parts) == 1:
        return parts[0]
    columns: dict[str, Any] = {}
    for column in fields(Analysis):
        values = [getattr(part, column.name) for part in parts]
        if column.name == "term_offsets":
            values = [values[0][:1], *_behind_each_other([each[1:] for each in values])]
        elif column.name == "term_forms":
            ends = np.cumsum([0, *(len(part.form_keys) for part in parts)])
            values = [each + np.int32(start) for each, start in zip(values, ends, strict=False)]
        if isinstance(values[0], np.ndarray):
            columns[column.name] = np.concatenate(values)
        else:
            columns[column.name] = [value for part in values for value in part]
    return Analysis(**columns)


def in_order(forms: NDArray[np.int32]) -> tuple[list[int], NDArray[np.int32]]:
    """The distinct forms as they first appear, and the place of each form among them."""
    distinct, first, places = np.unique(forms, return_index=True, return_inverse=True)
    by_appearance = np.argsort(first)
    renamed = np.empty(len(distinct), np.int32)
    renamed[by_appearance] = np.arange(len(distinct), dtype=np.int32)
    return distinct[by_appearance].tolist(), renamed[places]


def _behind_each_other(parts: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Each part of running counts, raised by where the one before it ended."""
    last = 0
    raised = []
    for part in parts:
        raised.append(part + last)
        last = int(raised[-1][-1]) if len(part) else last
    return raised


class Analyser:
    """Analyses texts for one company: its languages, its brands and products. For one thread at a
    time.

    Word by word outcomes are remembered between calls, so keep one and use it again; the outcome
    of a text never depends on the texts before it. The first one in a process takes about a
    second (language model, dictionaries).
    """

    def __init__(
        self, *, languages: Sequence[str] = ("nl", "en"), names: Sequence[Name] = ()
    ) -> None:
        self._made_of = (tuple(languages), tuple(names))
        self._names = Names(names)
        self._detector = Detector(languages)
        self._own = frozenset(self._detector.own)
        self._vocabularies: dict[str, Vocabulary] = {}
        self._english = EnglishTone(self._names.words, self._names.runs)
        self._dutch = DutchTone()
        self._start_afresh()

    def _start_afresh(self) -> None:
        """Forget every token and term, so that memory stays bounded."""
        marks = together(intent.MARKS, tone_nl.marks(), self._names.marks())
        self._book = Tokenbook(marks, self._detector.voters)
        self._felt_in_dutch = Met(self._dutch.is_felt)
        self._finder = TermFinder(self._book.tokens)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickles as what it was made of: a pool of processes builds its own, with empty caches."""
        return _made_again, self._made_of

    def analyse(
        self,
        texts: Sequence[str],
        hints: Sequence[str] | None = None,
        told: Sequence[str] | None = None,
    ) -> Analysis:
        """The columns for `texts`; `hints` are the languages the source claims (BCP 47, "" for
        none), `told` those a person said ("" for none): these hold, whatever the words look like.

        Raises ValueError when there is not one hint, or one told language, per text.
        """
        for given in (hints, told):
            if given is not None and len(given) != len(texts):
                raise ValueError(f"{len(texts)} texts came with {len(given)} languages.")
        if self._book.is_full or self._finder.is_full:
            self._start_afresh()
        clean = [readable(text) for text in texts]
        cut = self._book.cut([split(text.lower()) for text in clean])
        marks = self._book.marks.held[cut.numbers]
        whole = with_phrases(marks)
        marked = cut.any_of(whole)
        phrases = cut.places((whole & np.uint64(PHRASES)) != 0)
        words = cut.count((marks & WORD) != 0)
        languages, belief = self._languages(cut, words.tolist(), hints)
        for row, language in enumerate(told or ()):
            if language:
                languages[row], belief[row] = language, 1.0
        named, brands, products = self._named(cut, marked, phrases)
        tones = self._tones(clean, cut, named, marked, languages)
        moods = list(map(mood, tones, languages))
        same, near = self._fingerprints(cut)
        offsets, forms = self._finder.find(named, languages, self._look)
        here, places = in_order(forms)
        return Analysis(
            language=languages,
            language_p=belief,
            tone=np.array(tones, np.float32),
            mood=np.array(moods, np.int8),
            kind=list(
                map(intent.kind_marked, cut.tokens, marked, phrases, languages, moods, tones)
            ),
            words=words.astype(np.uint32),
            term_offsets=offsets,
            term_forms=places,
            form_keys=[self._finder.forms.keys[form] for form in here],
            form_shown=[self._finder.forms.shown[form] for form in here],
            hashtags=_chosen(cut, (marks & HASHTAG) != 0, behind=1),
            mentions=_chosen(cut, (marks & MENTION) != 0, behind=1),
            emoji=_chosen(cut, (marks & FACE) != 0),
            brands=brands,
            products=products,
            same_key=same,
            bands=near,
        )

    def _languages(
        self, cut: Cut, words: Sequence[int], hints: Sequence[str] | None
    ) -> tuple[list[str], NDArray[np.float32]]:
        """The language of each text, and the belief in it."""
        detector = self._detector
        parties = detector.parties
        votes = self._book.votes.held[cut.numbers]
        cast = np.flatnonzero(votes >= 0)
        # A word votes once per text, however often it is there.
        once = np.unique((cut.owner[cast] << 32) | cut.numbers[cast])
        voter, owner = once & 0xFFFFFFFF, once >> 32
        counted = np.bincount(
            owner * parties + self._book.votes.held[voter], minlength=len(words) * parties
        )
        languages = []
        belief = np.zeros(len(words), np.float32)
        for row, mine in enumerate(counted.reshape(-1, parties).tolist()):
            if not words[row]:
                languages.append(UNKNOWN)
                continue
            found = detector.by_votes(mine)
            if found is None:
                said = [token for token in cut.tokens[row] if token[0].isalpha()]
                found = detector.by_model(said, mine, hints[row] if hints is not None else "")
            language, belief[row] = found
            languages.append(language)
        return languages, belief

    def _named(
        self, cut: Cut, marked: Sequence[int], places: Sequence[Sequence[int]]
    ) -> tuple[Cut, list[list[int]], list[list[int]]]:
        """The tokens of each text with our names marked, and the brands and products named."""
        # One empty list for all: a hundred thousand of them are slow to send and to clear away.
        none: list[int] = []
        brands, products = [none] * len(marked), [none] * len(marked)
        perhaps = [row for row, mark in enumerate(marked) if mark & NAMED]
        if not perhaps:
            return cut, brands, products
        tokens = list(cut.tokens)
        for row in perhaps:
            tokens[row], brands[row], products[row] = self._names.find(cut.tokens[row], places[row])
        return self._book.cut(tokens), brands, products

    def _fingerprints(self, cut: Cut) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """The key of each text, and the bands it shares with near-copies."""
        pieces = self._book.pieces
        hashes = self._book.hashes.held[cut.numbers]
        numbers, starts = cut.numbers.tolist(), cut.starts.tolist()
        keys = np.zeros(len(cut.tokens), np.uint64)
        for row, tokens in enumerate(cut.tokens):
            start = starts[row] + passed_on(tokens)
            hashes[starts[row] : start] = 0
            keys[row] = same_key([pieces[number] for number in numbers[start : starts[row + 1]]])
        shared = hashes != 0
        return keys, bands(hashes[shared], cut.count(shared))

    def _tones(
        self,
        clean: Sequence[str],
        cut: Cut,
        named: Cut,
        marked: Sequence[int],
        languages: Sequence[str],
    ) -> list[float]:
        """The feeling of each text, NaN where we have no word list; emoji alone speak every
        language.
        """
        dutch = np.array([language == "nl" for language in languages], np.bool_)[named.owner]
        felt = np.zeros(len(dutch), np.bool_)
        felt[dutch] = self._felt_in_dutch.at(named.numbers[dutch], self._book.tokens) == 1
        places = named.places(felt)
        marks = with_phrases(self._book.marks.held[named.numbers])
        phrases = named.places((marks & np.uint64(FEELING_NL)) != 0)
        tones = []
        for row, language in enumerate(languages):
            tone = math.nan
            if language == "nl":
                tone = self._dutch.score(
                    named.tokens[row], places[row], phrases[row], cut.tokens[row], marked[row]
                )
            elif language == "en":
                tone = self._english.score(clean[row])
            elif language == UNKNOWN and not marked[row] & WORD:
                total = sum(map(emoji.feeling, named.tokens[row])) * 4
                tone = total / math.sqrt(total * total + 15) if total else 0.0
            tones.append(tone)
        return tones

    def _look(self, language: str) -> Look:
        """What tells the entries of a language."""
        if language not in self._vocabularies:
            self._vocabularies[language] = Vocabulary(language, lemmas=language in self._own)
        return self._vocabularies[language].__getitem__


def _made_again(languages: tuple[str, ...], names: tuple[Name, ...]) -> Analyser:
    return Analyser(languages=languages, names=names)


def _chosen(cut: Cut, chosen: NDArray[np.bool_], behind: int = 0) -> list[list[str]]:
    """The chosen tokens of each text without their first `behind` characters, once and in order."""
    none: list[str] = []
    return [
        list(dict.fromkeys(tokens[place][behind:] for place in places)) if places else none
        for tokens, places in zip(cut.tokens, cut.places(chosen), strict=True)
    ]
