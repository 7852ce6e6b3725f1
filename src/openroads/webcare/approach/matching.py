"""Which approach a question goes by: by the words it is known by, and by what kind of post it is."""

from collections.abc import Iterable, Sequence

from openroads.directory.company import spellings
from openroads.webcare.approach.models import Approach
from openroads.webcare.help.finding import words_of


def best_of(
    approaches: Iterable[Approach], text: str, language: str, intent: str
) -> Approach | None:
    """The approach most of whose words stand in the text; of equals the one that asks for this kind of
    post, then the oldest. None when none fits. One that is for another kind of post never fits."""
    said = set(words_of(text, language))
    found: list[tuple[int, int, int, Approach]] = []
    for approach in approaches:
        same = bool(approach.intent) and approach.intent == intent
        if approach.intent and intent and not same:
            continue
        hits = hits_in(approach, said, language)
        if hits or (same and not approach.words):
            found.append((-hits, -int(same), approach.pk, approach))
    return min(found)[-1] if found else None


def hits_in(approach: Approach, said: set[str], language: str) -> int:
    """How many of its words (each of one or more words, in any form) stand in what was said."""
    phrases: Sequence[str] = spellings(approach.words)
    keys = (words_of(phrase, language) for phrase in phrases)
    return sum(bool(key) and said.issuperset(key) for key in keys)
