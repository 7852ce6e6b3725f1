"""The words by which articles and saved replies are found: read off once, when they are written."""

from collections import Counter
from functools import lru_cache

from openroads.analysis.terms import ALONE, CONTENT, Vocabulary
from openroads.analysis.tokens import readable, split

IN_TITLE, IN_WORDS, IN_TEXT = 3.0, 2.0, 1.0
"""What a word counts for in a title, among the topic words, and in the text itself."""
LONGEST = 60
MOST_ASKED = 60
"""Different words of a question that are looked for."""


@lru_cache(maxsize=4)
def _vocabulary(language: str) -> Vocabulary:
    return Vocabulary(language)


def words_of(text: str, language: str) -> list[str]:
    """The words of a text that carry a subject, each as the key that groups its forms ("accu's" and
    "accu"); everything else is left out."""
    vocabulary = _vocabulary("nl" if language == "nl" else "en")
    entries = (vocabulary[token] for token in split(readable(text).lower()))
    return [entry.key[:LONGEST] for entry in entries if entry.role in (CONTENT, ALONE)]


def asked_words(text: str, language: str) -> list[str]:
    """The words to look for, each once, in their order."""
    return list(dict.fromkeys(words_of(text, language)))[:MOST_ASKED]


def weighed(title: str, words: str, text: str, language: str) -> dict[str, float]:
    """How much each word counts in a whole of title, topic words and text."""
    counted: Counter[str] = Counter()
    for said, weight in ((title, IN_TITLE), (words, IN_WORDS), (text, IN_TEXT)):
        for word in words_of(said, language):
            counted[word] += weight  # type: ignore[assignment]
    return dict(counted)
