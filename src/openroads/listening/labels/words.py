"""What the answers, the analysers and the verdicts are called."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from openroads.analysis.language import UNKNOWN
from openroads.listening.gap_queries import language_name
from openroads.listening.labels.models import Aspect, Kind, Tone

KEYS = {
    Aspect.TONE: ("1", "2", "3"),
    Aspect.KIND: ("4", "5", "6", "7"),
    Aspect.LANGUAGE: ("8", "9"),
}
"""One key per answer, the same on every page. For languages the company's first two."""


_NAMES = dict((*Tone.choices, *Kind.choices))
"""In the language of whoever asks: they are translated when they are written out."""


def aspect_name(aspect: str) -> str:
    """Tone, kind or language, as a head says it."""
    return {
        Aspect.TONE.value: pgettext("aspect of a post", "Tone"),
        Aspect.KIND.value: pgettext("aspect of a post", "Kind"),
        Aspect.LANGUAGE.value: pgettext("aspect of a post", "Language"),
    }[str(aspect)]


def value_name(aspect: str, value: str) -> str:
    """What an answer is called; "unknown" for none."""
    if aspect == Aspect.LANGUAGE:
        known = value not in ("", UNKNOWN, "unknown")
        return language_name(value) if known else pgettext("a language", "not told")
    told = _NAMES.get(value)
    return str(told) if told is not None else _("unknown")


def values_of(aspect: str, own: Sequence[str] = ()) -> list[str]:
    """The answers of an aspect in the order of its keys; of language the company's own."""
    if aspect == Aspect.LANGUAGE:
        return list(own)
    return list(Tone.values if aspect == Aspect.TONE else Kind.values)


def who_read(analyser: str) -> str:
    """Who told mood and kind of a post, from what stands with it ("1+tone-en-1f0c6a9be2+person")."""
    names = analyser.split("+")
    learned = [name for name in names if name.startswith(("tone-", "kind-"))]
    if not learned:
        return _("read by word lists and rules (version %(version)s)") % {"version": names[0]}
    return _("read by word lists, rules and what was learned (%(models)s)") % {
        "models": ", ".join(learned)
    }


def why_not(code: str) -> str:
    """Why shares could not be corrected, or how they were, in a sentence."""
    return {
        "": _("Corrected for how the reader errs, as the checked posts show (PACC)."),
        "too_few_labels": _("Not corrected: of every answer at least 10 checked posts are needed to know how the reader errs. What stands here is the plain count."),
        "classes_alike": _("Not corrected: the reader cannot keep two of the answers apart, so its errors cannot be undone. What stands here is the plain count."),
        "no_posts": _("Nothing to count: no post of customers in this language in these days."),
    }[code]  # fmt: skip


def verdict(why: str) -> str:
    """What the rule of taking over said of a candidate."""
    return {
        "better": _("Surely better: it won in at least 95 of 100 redraws."),
        "not_surely_better": _("Not surely better: it did not win in 95 of 100 redraws."),
        "too_few_labels": _("Too few checked posts to judge it."),
        "too_few_of_a_class": _("Too few checked posts of one of the answers: at least 10 of each are needed."),
    }.get(why, "")  # fmt: skip
