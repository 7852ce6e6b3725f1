"""Finds the terms of a batch of texts in arrays of token numbers: single subjects, pairs, and two
joined by a small word.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.terms import ALONE, CONTENT, LINK, Entry
from openroads.analysis.tokenbook import Column, Cut, Met

MOST = 300_000
"""Forms remembered (about 200 bytes each); then the owner starts afresh."""

MOST_LANGUAGES = 12
"""Languages remembered: each takes up to 2 MB, and a source may claim any for its posts."""

ROLE_BITS = 3

Look = Callable[[str], Entry]


class Forms:
    """Every term met so far with a way it is shown, under a number."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.shown: list[str] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._first_of_key: dict[str, int] = {}
        self._first = Column(np.int32)
        self._late: list[int] = []

    def number(self, key: str, shown: str) -> int:
        """The number of a term shown so."""
        number = self._numbers.get((key, shown))
        if number is None:
            number = self._numbers[key, shown] = len(self.keys)
            self.keys.append(key)
            self.shown.append(shown)
            self._late.append(self._first_of_key.setdefault(key, number))
        return number

    def terms(self) -> NDArray[np.int32]:
        """By number what is equal for forms of one term."""
        self._first.put(len(self.keys) - len(self._late), self._late)
        self._late = []
        return self._first.held


class _Pairs(dict[int, int]):
    """Two token numbers in one (the first 32 bits higher) to the form of their pair."""

    def __init__(self, spoken: "_Spoken") -> None:
        super().__init__()
        self._spoken = spoken

    def __missing__(self, both: int) -> int:
        one, other = self._spoken.entry(both >> 32), self._spoken.entry(both & 0xFFFFFFFF)
        form = self[both] = self._spoken.forms.number(
            f"{one.key} {other.key}", f"{one.surface} {other.surface}"
        )
        return form


class _Spoken:
    """What tokens are in one language, by number."""

    def __init__(self, look: Look, forms: Forms, tokens: Sequence[str]) -> None:
        self._look = look
        self._tokens = tokens
        self.forms = forms
        self.met = Met(self._form_and_role)
        self.pairs = _Pairs(self)

    def entry(self, number: int) -> Entry:
        """What we know of a token."""
        return self._look(self._tokens[number])

    def _form_and_role(self, token: str) -> int:
        """The form of a token (0 where it is no subject by itself), and in the last bits its role."""
        key, shown, _, role = self._look(token)
        form = self.forms.number(key, shown) if role in (CONTENT, ALONE) else 0
        return form << ROLE_BITS | role

    def three(self, one: int, small: int, other: int) -> int:
        """The form of two subjects joined by a small word."""
        first, link, last = self.entry(one), self.entry(small), self.entry(other)
        return self.forms.number(
            f"{first.key} {link.surface} {last.key}",
            f"{first.surface} {link.surface} {last.surface}",
        )


class TermFinder:
    """Finds terms; remembers words and pairs by number, for as long as these numbers hold."""

    def __init__(self, tokens: Sequence[str]) -> None:
        """`tokens` holds every token by its number."""
        self.forms = Forms()
        self._tokens = tokens
        self._languages: dict[str, _Spoken] = {}

    @property
    def is_full(self) -> bool:
        """Whether it is time to start afresh (never within a batch)."""
        return len(self.forms.keys) >= MOST

    def find(
        self, cut: Cut, languages: Sequence[str], look: Callable[[str], Look]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """The distinct terms of each text, in order: where those of each text begin (and end), and
        their forms.

        `languages` holds the language of each text, and `look` tells the entries of a language. Only
        what stands side by side makes a pair, so none crosses a stopword, a mark, a link, a figure
        or the end of a sentence. A pair shows as it was written ("lange wachttijden"), a single word
        as its dictionary form ("wachttijd").
        """
        # Two slots a token: the term it is, and the one it ends.
        slots = np.full((len(cut.numbers), 2), -1, np.int64)
        codes = {language: code for code, language in enumerate(dict.fromkeys(languages))}
        spoken = np.array([codes[language] for language in languages], np.int32)[cut.owner]
        for language, code in codes.items():
            known = self._languages.get(language)
            if known is None:
                known = _Spoken(look(language), self.forms, self._tokens)
                if len(self._languages) < MOST_LANGUAGES:
                    self._languages[language] = known
            places = np.flatnonzero(spoken == code)
            if len(places):
                self._fill(known, slots, places, cut)
        flat = slots.ravel()
        filled = np.flatnonzero(flat >= 0)
        found, owner = flat[filled], cut.owner[filled >> 1]
        _, first = np.unique((owner << 32) | self.forms.terms()[found], return_index=True)
        first.sort()
        counts = np.bincount(owner[first], minlength=len(languages))
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
        return offsets, found[first].astype(np.int32)

    def _fill(
        self, spoken: _Spoken, slots: NDArray[np.int64], places: NDArray[np.int64], cut: Cut
    ) -> None:
        """Put the terms of the texts in one language in their slots."""
        numbers, owner = cut.numbers[places], cut.owner[places]
        met = spoken.met.at(numbers, self._tokens)
        roles, forms = met & ((1 << ROLE_BITS) - 1), met >> ROLE_BITS
        content = roles == CONTENT
        single = content | (roles == ALONE)
        slots[places[single], 0] = forms[single]
        terms = self.forms.terms()[forms]
        pair = content[:-1] & content[1:] & (owner[:-1] == owner[1:]) & (terms[:-1] != terms[1:])
        last = np.flatnonzero(pair) + 1
        both = (numbers[last - 1].astype(np.int64) << 32) | numbers[last]
        slots[places[last], 1] = list(map(spoken.pairs.__getitem__, both.tolist()))
        joined = content[:-2] & (roles[1:-1] == LINK) & content[2:]
        joined &= (owner[:-2] == owner[2:]) & (terms[:-2] != terms[2:])
        for end in (np.flatnonzero(joined) + 2).tolist():
            slots[places[end], 1] = spoken.three(*numbers[end - 2 : end + 1].tolist())
