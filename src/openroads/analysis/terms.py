"""Turns tokens into terms: one key per thing talked about, with a form that reads well."""

import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

import simplemma
import snowballstemmer
from simplemma.strategies import DEFAULT_DICTIONARY_FACTORY

from openroads.analysis.names import MARK
from openroads.analysis.remembered import Remembered
from openroads.analysis.stopwords import stopwords
from openroads.analysis.tokens import TOO_LONG, is_link

BREAK, STOP, LINK, CONTENT, ALONE = range(5)
"""What a token does to a run of words: ends it, pauses it, may join two subjects, is a subject,
is one by itself.
"""

LINKS = {
    "nl": frozenset("aan van in op per uit met zonder voor".split()),
    "en": frozenset("of in on at to for by without".split()),
}
SNOWBALL = {
    "nl": "dutch", "en": "english", "de": "german", "fr": "french", "es": "spanish",
    "it": "italian", "pt": "portuguese", "da": "danish", "sv": "swedish", "fi": "finnish",
    "ro": "romanian", "hu": "hungarian",
}  # fmt: skip
MENDED = {
    "rijd": "rijden", "rijden": "rijden", "rijdt": "rijden", "reed": "rijden", "gereden": "rijden",
    "vorst": "vorst", "gelakt": "lakken",
}  # fmt: skip
"""Dutch forms the dictionary takes for other words ("rijden" gives "rijen")."""
LEMMAS = frozenset("nl en de fr es it pt da sv fi ro hu nb pl cs tr".split())
STRETCHED = re.compile(r"(.)\1{2,}")
OTHER_WORD = ("ig", "lijk", "baar", "loos", "zaam", "ing", "heid")
NO_WORDS = frozenset({"cancell", "labell", "modell", "signall", "mixe"})
"""English forms the dictionary gives by mistake; the word is one letter shorter."""

AS_THEY_ARE = frozenset("better best worse worst beter betere best beste minst".split())
"""Degrees that mean something of their own; their dictionary form would be "good" and "bad"."""


class Entry(NamedTuple):
    """What we know of one token: grouping key, display form, form within a phrase, and its role
    in a run.
    """

    key: str
    shown: str
    surface: str
    role: int


_BREAK = Entry("", "", "", BREAK)
_STOP = Entry("", "", "", STOP)


@lru_cache(maxsize=16)
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(SNOWBALL[language]) if language in SNOWBALL else None


def lemma(word: str, language: str) -> str:
    """The dictionary form of a lower-case word, as a reader wants to see it; the word itself where
    there is no dictionary or no answer.
    """
    return _forms(word, language)[0]


@lru_cache(maxsize=50_000)
def _forms(word: str, language: str) -> tuple[str, str]:
    """The dictionary form to show, and the one to group by.

    TRICKY: simplemma writes separable Dutch verbs and some compounds with an underscore, gives
    English forms that are no words ("fixed" gives "fixe", "cancelled" "cancell"), and takes the
    bare form for the verb and the form in -en for the plural ("fiets" gives "fietsen", "fietsen"
    gives "fiets"). Those two show as written and group by the longer one, whose stem is the same
    whatever it was.
    """
    if language not in LEMMAS or word in AS_THEY_ARE or len(word) > TOO_LONG:
        return word, word
    if language == "nl" and word in MENDED:
        return MENDED[word], MENDED[word]
    if STRETCHED.search(word):
        word = _unstretched(word, language)
    found = str(simplemma.lemmatize(word, lang=language)).replace("_", "")
    if found == word:
        return word, word
    if language == "en":
        if found in NO_WORDS or (not _known(found, language) and _known(found[:-1], language)):
            found = found[:-1]
    again = str(simplemma.lemmatize(found.lower(), lang=language)).replace("_", "")
    if language != "nl":
        return found, found
    shown = word if again == word or found in _with_en(word) else found
    return shown, again if again in _with_en(found) else found


def _with_en(word: str) -> tuple[str, str]:
    """How the plural or the infinitive of a bare Dutch form can be spelled: "fietsen", "remmen"."""
    return word + "en", word + word[-1] + "en"


def _known(word: str, language: str) -> bool:
    return DEFAULT_DICTIONARY_FACTORY.get_dictionary(language).get(word) is not None


def stem(word: str, language: str, *, lemmas: bool = True) -> str:
    """The grouping key of a dictionary form: what is left when the endings that only inflect are
    gone.

    Stemming mends what the dictionary leaves apart (Dutch nouns with the same key for both
    numbers: .90 by the dictionary, .95 with the stem), but it also throws "geweldig" in with
    "geweld" and "customer" with "custom". So a Dutch word with an ending that makes another word
    stays whole, and so does an English word of the dictionary.
    """
    stemmer = _stemmer(language)
    if stemmer is None or (language == "nl" and word.endswith(OTHER_WORD)):
        return word
    if language == "en" and lemmas and _known(word, language):
        return word
    return str(stemmer.stemWord(word)) or word


def _unstretched(word: str, language: str) -> str:
    """ "sloooow" gives "slow" and "gooood" gives "good": the shortest spelling the dictionary
    knows.
    """
    for times in (1, 2):
        shorter = STRETCHED.sub(r"\1" * times, word)
        if _known(shorter, language):
            return shorter
    return STRETCHED.sub(r"\1\1", word)


def unaccented(word: str) -> str:
    """The word without accents: "één" is "een", stressed."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class Vocabulary(Remembered[Entry]):
    """Token to entry for one language, filled as words come by; the same word always gives the
    same entry.
    """

    def __init__(self, language: str, *, lemmas: bool = True) -> None:
        """`lemmas=False` spares the dictionary (a second, 40 MB): for languages that only stray
        posts are in.
        """
        super().__init__()
        self._language = language
        self._lemmas = lemmas
        self._stop = stopwords(language)
        self._links = LINKS.get(language, frozenset())

    def look(self, token: str) -> Entry:
        """The entry of one token."""
        first = token[0]
        if first == MARK:
            name = token[1:].removeprefix("#")
            return Entry(name, name, name, ALONE if token[1] == "#" else CONTENT)
        if first == "#":
            entry = self._word(token[1:].replace("_", " ").strip())
            return entry._replace(role=ALONE) if entry.role == CONTENT else _BREAK
        return self._word(token) if first.isalpha() else _BREAK

    def _word(self, word: str) -> Entry:
        if not word or is_link(word) or len(word) > TOO_LONG or not word[0].isalpha():
            return _BREAK
        if word in self._links:
            return Entry("", "", word, LINK)
        if len(word) < 2 or word in self._stop or unaccented(word) in self._stop:
            return _STOP
        shown, base = _forms(word, self._language) if self._lemmas else (word, word)
        plain = base.lower()
        if len(plain) < 2 or plain in self._stop:
            return _STOP
        surface = word.removesuffix("'s") if self._language == "en" else word
        return Entry(stem(plain, self._language, lemmas=self._lemmas), shown, surface, CONTENT)
