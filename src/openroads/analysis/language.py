"""Says in which language a post was written: function words vote, and a small model decides what
they leave open.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier, visit_counts

from openroads.analysis.stopwords import function_words

UNKNOWN = "und"
NEIGHBOURS = ("nl", "en", "de", "fr", "es", "it", "pt")
"""Always among the candidates, so that a German post in a Dutch company is not forced into Dutch
or English.
"""

ENOUGH = 0.5
"""Below this share of the model's belief the source's hint is better (measured: above it 99% of
tweets are right).
"""

SURE_OF_A_STRANGER = 0.9
"""A language the company did not name must be this certain: on short posts the model sees
strangers everywhere.
"""

VOTED = 0.99
"""The confidence given to a vote; measured on four languages of tweets, 99.4% of the votes were
right.
"""

LEADS = 0.8
"""In doubt and without any hint, a language must have this share among the company's own."""

READ = 400
"""Characters the model reads; more changes nothing but the time."""


@lru_cache(maxsize=1)
def _model() -> Any:
    """py3langid's model, read once per Python process (half a second, 110 MB)."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def known(languages: Iterable[str]) -> list[str]:
    """Those of `languages` that the model can recognise, in order and each once."""
    labels = set(_model().labels)
    return [language for language in dict.fromkeys(languages) if language in labels]


def base(tag: str) -> str:
    """The language of a BCP 47 tag in lower case ("nl-BE" gives "nl"); empty for no language at
    all.
    """
    language = tag.replace("_", "-").partition("-")[0].strip().lower()
    usable = language.isascii() and language.isalpha() and 2 <= len(language) <= 3
    return language if usable and language not in {"und", "mul", "mis", "zxx", "qme"} else ""


class Detector:
    """Detects the company's languages, and their neighbours when they are unmistakable."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.own = known(languages)
        self._candidates = known([*self.own, *NEIGHBOURS])
        words = {language: function_words(language) for language in self._candidates}
        self.voters = {
            voter: place
            for place, (language, own) in enumerate(words.items())
            for voter in own.difference(*(words[o] for o in words if o != language))
        }
        """Word to the place of the one language it votes for."""
        self.parties = len(self._candidates)
        model = _model()
        columns = [model.nb_classes.index(language) for language in self._candidates]
        self._weights: NDArray[np.float32] = model.nb_ptc[:, columns].astype(np.float32)
        self._prior: NDArray[np.float32] = model.nb_pc[columns].astype(np.float32)
        self._walk = (model.tk_nextmove, model._rowbase, model.tk_output)

    def detect(self, words: Sequence[str], hint: str = "") -> tuple[str, float]:
        """The language and the belief in it (0..1) for a post's words in order.

        "und" and 0 for a post without words. A post that leaves the model in doubt takes the
        hint's language.
        """
        if not words:
            return UNKNOWN, 0.0
        votes = [0] * self.parties
        for voter in self.voters.keys() & set(words):
            votes[self.voters[voter]] += 1
        return self.by_votes(votes) or self.by_model(words, votes, hint)

    def by_votes(self, votes: Sequence[int]) -> tuple[str, float] | None:
        """The language for which so many different words vote; None when they leave it open."""
        first = max(votes)
        if first < 2:
            return None
        winner = votes.index(first)
        second = max((*votes[:winner], *votes[winner + 1 :]), default=0)
        if first >= 3 * second and first - second >= 2:
            return self._candidates[winner], VOTED
        return None

    def by_model(
        self, words: Sequence[str], votes: Sequence[int], hint: str = ""
    ) -> tuple[str, float]:
        """What the model makes of a post (of at least one word) whose votes left it open."""
        cast = [self._candidates[place] for place, count in enumerate(votes) if count]
        lone = cast[0] if len(cast) == 1 and cast[0] in self.own else ""
        return self._by_model(" ".join(words)[:READ], base(hint), lone)

    def _by_model(self, text: str, hint: str, lone: str) -> tuple[str, float]:
        """The model's answer; where it doubts, the hint; without a hint the language of the only
        votes cast.
        """
        beliefs = self._beliefs(text)
        best = int(beliefs.argmax())
        language, belief = self._candidates[best], float(beliefs[best])
        own = len(self.own)
        if best >= own and belief < SURE_OF_A_STRANGER:
            best = int(beliefs[:own].argmax()) if own else best
            language, belief = self._candidates[best], float(beliefs[best])
        if belief >= ENOUGH:
            return language, belief
        if hint or lone or not own:
            return hint or lone or UNKNOWN, belief
        best = int(beliefs[:own].argmax())
        among = float(beliefs[best] / beliefs[:own].sum())
        return (self.own[best], belief) if among >= LEADS else (UNKNOWN, belief)

    def _beliefs(self, text: str) -> NDArray[np.float32]:
        """The naive Bayes of py3langid over our candidates only, softened by the square root of
        the length as it does.
        """
        encoded = text.encode("utf-8", "surrogatepass")
        visits = visit_counts(*self._walk, encoded)
        if not visits:
            return np.full(len(self._candidates), 1 / len(self._candidates), np.float32)
        features = np.fromiter(visits.keys(), np.intp, len(visits))
        counts = np.fromiter(visits.values(), np.float32, len(visits))
        scores = np.log1p(counts) @ self._weights[features] + self._prior
        scores *= 1 / math.sqrt(len(encoded))
        scores = np.exp(scores - scores.max())
        beliefs: NDArray[np.float32] = scores / scores.sum()
        return beliefs
