"""The one way from posts to columns: language, tone, kind, terms, names and fingerprints for a
batch of texts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openroads.analysis import emoji, intent
from openroads.analysis.duplicates import Fingerprints, bands
from openroads.analysis.language import UNKNOWN, Detector
from openroads.analysis.names import Name, Names
from openroads.analysis.terms import Vocabulary, terms
from openroads.analysis.tokens import is_emoji, readable, split
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
    """n + 1 places in `term_keys` and `term_shown`: the terms of text i are [offsets[i]:offsets[i
    + 1]].
    """
    term_keys: list[str]
    """Grouping keys, each once per text."""
    term_shown: list[str]
    """How each reads; may differ between texts with the same key (pairs show as written)."""
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


def joined(parts: Sequence[Analysis]) -> Analysis:
    """Several batches as one, in order."""
    ends = np.cumsum([0, *(len(part.term_keys) for part in parts)])
    offsets = [part.term_offsets[:-1] + start for part, start in zip(parts, ends, strict=False)]
    columns: dict[str, Any] = {
        "term_offsets": np.concatenate([*offsets, ends[-1:]]).astype(np.int64)
    }
    for field in fields(Analysis):
        values = [getattr(part, field.name) for part in parts]
        if field.name == "term_offsets":
            continue
        if values and isinstance(values[0], np.ndarray):
            columns[field.name] = np.concatenate(values)
        else:
            columns[field.name] = [value for part in values for value in part]
    return Analysis(**columns)


class _Columns:
    """The growing columns of one batch."""

    def __init__(self, texts: int) -> None:
        self.language: list[str] = []
        self.belief = np.zeros(texts, np.float32)
        self.tone = np.full(texts, np.nan, np.float32)
        self.mood = np.zeros(texts, np.int8)
        self.kind: list[str] = []
        self.words = np.zeros(texts, np.uint32)
        self.offsets = np.zeros(texts + 1, np.int64)
        self.keys: list[str] = []
        self.shown: list[str] = []
        self.hashtags: list[list[str]] = []
        self.mentions: list[list[str]] = []
        self.emoji: list[list[str]] = []
        self.brands: list[list[int]] = []
        self.products: list[list[int]] = []
        self.same: list[int] = []
        self.hashes: list[int] = []
        self.lengths: list[int] = []


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
        self._fingerprints = Fingerprints()

    def __reduce__(self) -> tuple[object, ...]:
        """Pickles as what it was made of: a pool of processes builds its own, with empty caches."""
        return _made_again, self._made_of

    def analyse(self, texts: Sequence[str], hints: Sequence[str] | None = None) -> Analysis:
        """The columns for `texts`; `hints` are the languages the source claims (BCP 47, "" for
        none).

        Raises ValueError when there is not one hint per text.
        """
        if hints is not None and len(hints) != len(texts):
            raise ValueError(f"{len(texts)} texts came with {len(hints)} language hints.")
        columns = _Columns(len(texts))
        for row, text in enumerate(texts):
            self._read(columns, row, text, hints[row] if hints is not None else "")
        return Analysis(
            language=columns.language,
            language_p=columns.belief,
            tone=columns.tone,
            mood=columns.mood,
            kind=columns.kind,
            words=columns.words,
            term_offsets=columns.offsets,
            term_keys=columns.keys,
            term_shown=columns.shown,
            hashtags=columns.hashtags,
            mentions=columns.mentions,
            emoji=columns.emoji,
            brands=columns.brands,
            products=columns.products,
            same_key=np.array(columns.same, np.uint64),
            bands=bands(np.array(columns.hashes, np.uint64), np.array(columns.lengths, np.int64)),
        )

    def _read(self, columns: _Columns, row: int, text: str, hint: str) -> None:
        """Analyses one text into the columns."""
        clean = readable(text)
        tokens = split(clean.lower())
        present = set(tokens)
        words = [token for token in tokens if token[0].isalpha()]
        same, hashes = self._fingerprints.of(tokens)
        columns.same.append(same)
        columns.hashes.extend(hashes)
        columns.lengths.append(len(hashes))
        self._marks(columns, clean, tokens)
        named, brands, products = self._names.find(tokens, present)
        columns.brands.append(brands)
        columns.products.append(products)

        language, columns.belief[row] = self._detector.detect(words, present, hint)
        columns.language.append(language)
        columns.words[row] = len(words)
        tone = self._tone(clean, named, present, language, len(words))
        felt = mood(tone, language)
        columns.tone[row] = tone
        columns.mood[row] = felt
        columns.kind.append(intent.kind(tokens, present, language, felt, tone))

        vocabulary = self._vocabularies.get(language)
        if vocabulary is None:
            vocabulary = self._vocabularies[language] = Vocabulary(
                language, lemmas=language in self._own
            )
        found = terms([vocabulary[token] for token in named])
        columns.keys.extend(found)
        columns.shown.extend(found.values())
        columns.offsets[row + 1] = len(columns.keys)

    @staticmethod
    def _marks(columns: _Columns, clean: str, tokens: list[str]) -> None:
        """Hashtags, mentions and emoji."""
        columns.hashtags.append(_behind("#", tokens) if "#" in clean else [])
        columns.mentions.append(_behind("@", tokens) if "@" in clean else [])
        columns.emoji.append(
            [] if clean.isascii() else list(dict.fromkeys(filter(is_emoji, tokens)))
        )

    def _tone(
        self, clean: str, named: list[str], present: set[str], language: str, words: int
    ) -> float:
        """The feeling of the text, NaN where we have no word list; emoji alone speak every
        language.
        """
        if language == "nl":
            return self._dutch.score(named, present)
        if language == "en":
            return self._english.score(clean)
        if language == UNKNOWN and not words:
            total = sum(map(emoji.feeling, named)) * 4
            return total / math.sqrt(total * total + 15) if total else 0.0
        return math.nan


def _made_again(languages: tuple[str, ...], names: tuple[Name, ...]) -> Analyser:
    return Analyser(languages=languages, names=names)


def _behind(sign: str, tokens: list[str]) -> list[str]:
    """The distinct names behind # or @, in order."""
    return list(dict.fromkeys(token[1:] for token in tokens if token[0] == sign and len(token) > 1))
