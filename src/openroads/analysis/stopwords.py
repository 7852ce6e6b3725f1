"""The words that carry no subject: stopword lists per language, with what webcare adds to them
and takes out.
"""

from functools import lru_cache
from importlib.resources import files

import stopwordsiso

SHORT_ENGLISH = frozenset(
    "am an as at be by do go he if in is it me my no of on or so to up us we".split()
)
"""The English words of two letters; the other two-letter entries of the package's list are
country codes and the like.
"""

ENGLISH_VOTERS = frozenset(
    "the and you your for with this that have has was were are not but they them their "
    "from what when why how who which would could should will can't don't didn't doesn't "
    "isn't wasn't won't i'm i've i'll you're it's that's there's he's she's we're they're "
    "been being about after before because just only still than then there these those "
    "through very too our his her its get got getting going thanks thank please never "
    "every again always another any both each few many much some such into over under "
    "until while where also even ever since him she does did doing had having cannot "
    "could've i'd let's me my we us if of on to by be as at an do go he or so up no is it "
    "in am the people time need want know thx thnx pls ur".split()
)

DUTCH_VOTERS = frozenset(
    "het een ik je jij jullie niet dat van en zijn maar ook wel geen naar voor met bij "
    "hebben heb heeft hebt had wat waar hoe waarom wanneer wie deze dit die daar hier "
    "mijn jouw onze ons hun haar zij hij wij ze weer nog al altijd nooit echt heel erg "
    "gewoon even dus want omdat als dan toch maar uit over tegen door zonder sinds tot "
    "worden wordt werd ben bent was waren kan kun kunnen kunt moet moeten mag mogen wil "
    "willen zal zullen zou gaat gaan ga doet doen bedankt dank graag goed goede mooi "
    "mooie nieuwe meer veel weinig iemand niemand iets niets niks alles iedereen eens "
    "zo'n m'n z'n d'r 'n hoor nou joh ff eindelijk steeds gehad geweest krijg krijgt "
    "kreeg komt kwam staat stond werkt jaar dagen weken vandaag morgen gisteren".split()
)


def _list(file: str) -> frozenset[str]:
    """One of our own word lists: words separated by white space, lines that open with # are
    remarks.
    """
    text = files("openroads.analysis").joinpath("lexicons", file).read_text(encoding="utf-8")
    rows = (row for row in text.splitlines() if not row.startswith("#"))
    return frozenset(word for row in rows for word in row.split())


@lru_cache(maxsize=32)
def stopwords(language: str) -> frozenset[str]:
    """Words that are no subject in this language, in lower case; empty for a language without a
    list.

    The English list of the package is generous: it holds "problem", "website" and "order". Those
    are kept as subjects.
    """
    listed = (
        frozenset(stopwordsiso.stopwords(language))
        if stopwordsiso.has_lang(language)
        else frozenset()
    )
    if language == "nl":
        return (listed | _list("filler-nl.txt") | ENGLISH_VOTERS | SHORT_ENGLISH) - _list(
            "subjects-nl.txt"
        )
    if language == "en":
        return (listed | _list("filler-en.txt") | ENGLISH_VOTERS) - _list("subjects-en.txt")
    if language == "und":
        return stopwords("nl") | stopwords("en")
    return listed


@lru_cache(maxsize=32)
def function_words(language: str) -> frozenset[str]:
    """Words that betray the language; the caller keeps those that no other candidate language
    has.
    """
    if not stopwordsiso.has_lang(language):
        return frozenset()
    listed = frozenset(word for word in stopwordsiso.stopwords(language) if len(word) > 1)
    if language == "en":
        return frozenset(word for word in listed if len(word) > 2) | SHORT_ENGLISH | ENGLISH_VOTERS
    if language == "nl":
        return listed | DUTCH_VOTERS
    return listed
