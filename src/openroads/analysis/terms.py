"""Turns tokens into terms: one key per thing talked about, with a form that reads well."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import simplemma
import snowballstemmer
from simplemma.strategies import DEFAULT_DICTIONARY_FACTORY

from openroads.analysis.names import MARK
from openroads.analysis.stopwords import stopwords
from openroads.analysis.tokens import TOO_LONG, is_link

BREAK, STOP, LINK, CONTENT, ALONE = range(5)
"""What a token does to a run of words: ends it, pauses it, may join two subjects, is a subject, is one by itself."""

LINKS = {
    "nl": frozenset("aan van in op per uit met zonder tot voor om".split()),
    "en": frozenset("of in on at to for by without".split()),
}
SNOWBALL = {
    "nl": "dutch", "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian",
    "pt": "portuguese", "da": "danish", "sv": "swedish", "fi": "finnish", "ro": "romanian", "hu": "hungarian",
}  # fmt: skip
LEMMAS = frozenset("nl en de fr es it pt da sv fi ro hu nb pl cs tr".split())
STRETCHED = re.compile(r"(.)\1{2,}")
LARGEST_CACHE = 250_000


class Entry(NamedTuple):
    """What we know of one token: grouping key, display form, form within a phrase, and its role in a run."""

    key: str
    shown: str
    surface: str
    role: int


_BREAK = Entry("", "", "", BREAK)
_STOP = Entry("", "", "", STOP)


@lru_cache(maxsize=16)
def _stemmer(language: str) -> Any:  # noqa: ANN401 - the package has no types
    return snowballstemmer.stemmer(SNOWBALL[language]) if language in SNOWBALL else None


def lemma(word: str, language: str) -> str:
    """The dictionary form of a lower-case word; the word itself where the language has no dictionary or no answer."""
    if language not in LEMMAS:
        return word
    if STRETCHED.search(word):
        word = _unstretched(word, language)
    return str(simplemma.lemmatize(word, lang=language))


def _unstretched(word: str, language: str) -> str:
    """ "sloooow" gives "slow" and "gooood" gives "good": the shortest spelling the dictionary knows."""
    dictionary = DEFAULT_DICTIONARY_FACTORY.get_dictionary(language)
    for times in (1, 2):
        shorter = STRETCHED.sub(r"\1" * times, word)
        if dictionary.get(shorter) is not None:
            return shorter
    return STRETCHED.sub(r"\1\1", word)


class Vocabulary(dict[str, Entry]):
    """Token to entry for one language, filled as words come by; the same word always gives the same entry."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        self._stop = stopwords(language)
        self._links = LINKS.get(language, frozenset())
        self._stem = _stemmer(language)

    def __missing__(self, token: str) -> Entry:
        if len(self) >= LARGEST_CACHE:
            self.clear()
        entry = self[token] = self._entry(token)
        return entry

    def _entry(self, token: str) -> Entry:
        first = token[0]
        if first == MARK:
            return Entry(token[1:], token[1:], token[1:], CONTENT)
        if first == "#":
            entry = self._word(token[1:].replace("_", " ").strip())
            return entry._replace(role=ALONE) if entry.role == CONTENT else _BREAK
        return self._word(token) if first.isalpha() else _BREAK

    def _word(self, word: str) -> Entry:
        if not word or is_link(word) or len(word) > TOO_LONG or not word[0].isalpha():
            return _BREAK
        if word in self._links:
            return Entry("", "", word, LINK)
        if len(word) < 2 or word in self._stop:
            return _STOP
        shown = lemma(word, self._language)
        plain = shown.lower()
        if len(plain) < 2 or plain in self._stop:
            return _STOP
        key = self._stem.stemWord(plain) if self._stem is not None else plain
        return Entry(key or plain, shown, word, CONTENT)


def terms(entries: Iterable[Entry]) -> dict[str, str]:
    """The distinct terms of one text, key to display form: single subjects, pairs, and two joined by a small word.

    A pair shows as it was written ("lange wachttijden"), a single word as its dictionary form ("wachttijd"). Marks,
    stopwords, links, figures and emoji end a run, so that no pair crosses the end of a sentence.
    """
    found: dict[str, str] = {}
    before: Entry | None = None
    joined: Entry | None = None
    small = ""
    for entry in entries:
        role = entry.role
        if role == CONTENT:
            key, shown, surface, _ = entry
            found.setdefault(key, shown)
            if before is not None:
                if before.key != key:
                    found.setdefault(f"{before.key} {key}", f"{before.surface} {surface}")
            elif joined is not None and joined.key != key:
                found.setdefault(
                    f"{joined.key} {small} {key}", f"{joined.surface} {small} {surface}"
                )
            before, joined = entry, None
        elif role == LINK and before is not None:
            before, joined, small = None, before, entry.surface
        else:
            if role == ALONE:
                found.setdefault(entry.key, entry.shown)
            before = joined = None
    return found
