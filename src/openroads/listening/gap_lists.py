"""The three lists of the brand gap: what they say and we don't, what we say, what both feel differently."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.gap import Totals, Word
from openroads.listening import exhibits
from openroads.listening.whose import Whose
from openroads.ui.formats import number, signed

Link = Callable[[Word], str]
FEW_PASSAGES = 50
FEW_POSTS = 100
"""Below these a word must be in a large part of all that was read to be surely of one side."""


@dataclass(frozen=True)
class ListRow:
    """A word of one of the three lists, its figures as text."""

    shown: str
    language: str
    query: str
    they: str
    we: str
    chosen: bool
    strip: SafeString | str = ""


@dataclass(frozen=True)
class WordList:
    """One of the three lists."""

    side: str
    title: str
    count: str
    rows: tuple[ListRow, ...]
    rest: tuple[ListRow, ...]
    none: str

    @property
    def more(self) -> str:
        return ngettext("%(n)s more word", "%(n)s more words", len(self.rest)) % {
            "n": number(len(self.rest))
        }


def begun(sentence: str) -> str:
    """With a capital in front: names and customers' words come as their owners write them."""
    return sentence[:1].upper() + sentence[1:]


def one_side(
    side: str,
    words: Sequence[Word],
    link: Link,
    chosen: str,
    whose: Whose,
    shown: int,
    totals: Totals,
) -> WordList:
    """The words of one side with both rates; the first `shown` stand open. `totals` tells how much
    was read: no word of one side says little where little was."""
    told = {"brand": whose.brand, "customers": begun(whose.customers),
            "lower": whose.customers}  # fmt: skip
    titles = {
        "they": _("%(customers)s say it, we don’t") % told,
        "we": _("We say it, %(lower)s don’t") % told,
    }
    rows = tuple(
        ListRow(w.shown, w.language, link(w), _rate(w.they_rate), _rate(w.we_rate), w.key == chosen)
        for w in words
    )
    return WordList(
        side, titles[side], _words(len(rows)), rows[:shown], rows[shown:], _none(side, totals)
    )


def _none(side: str, totals: Totals) -> str:
    """Why a list is empty: how much was read goes with it, for little shows little."""
    if side == "they":
        said = _("No word is surely theirs alone.")
    else:
        said = _("No word is surely ours alone.")
    if totals.passages < FEW_PASSAGES:
        few = ngettext(
            "With %(n)s passage of ours few could be.",
            "With %(n)s passages of ours few could be.",
            totals.passages,
        ) % {"n": number(totals.passages)}
    elif totals.posts < FEW_POSTS:
        few = ngettext(
            "With %(n)s post few could be.", "With %(n)s posts few could be.", totals.posts
        ) % {"n": number(totals.posts)}
    else:
        few = _("Looked at: %(posts)s posts and %(passages)s passages of ours.") % {
            "posts": number(totals.posts),
            "passages": number(totals.passages),
        }
    return f"{said} {few}"


def both_sides(
    words: Sequence[Word], link: Link, chosen: str, whose: Whose, shown: int
) -> WordList:
    """The words both use and feel differently, what matters most first, with both net sentiments."""
    felt = sorted(
        (word for word in words if word.they_feel and word.we_feel), key=_weight, reverse=True
    )
    rows = tuple(
        ListRow(
            word.shown,
            word.language,
            link(word),
            signed(word.they_feel.value),
            signed(word.we_feel.value),
            word.key == chosen,
            # Only rows that stand open are drawn.
            exhibits.feelings(word) if place < shown else "",
        )
        for place, word in enumerate(felt)
        if word.they_feel and word.we_feel
    )
    none = _("No word that both use is felt differently, as far as we can see.")
    return WordList("both", "", _words(len(rows)), rows[:shown], rows[shown:], none)


def _weight(word: Word) -> float:
    """How much a contested word matters: used by both, and surely felt differently."""
    gap = word.feel_gap
    apart = max(gap.low, -gap.high, 0.0) if gap else 0.0
    return apart * math.sqrt(min(word.they_rate, word.we_rate))


def _rate(value: float) -> str:
    """Per 10,000 words, as fine as it is worth: 58, 1.2, 0."""
    return number(value, 0 if value >= 10 or value == 0 else 1)


def _words(n: int) -> str:
    return ngettext("%(n)s word", "%(n)s words", n) % {"n": number(n)}
