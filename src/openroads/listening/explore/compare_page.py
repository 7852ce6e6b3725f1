"""Two choices side by side as a reader reads them: the finding, figures in words, words on an axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from openroads.analysis.intervals import wilson
from openroads.charts import word_axis as axis
from openroads.listening.explore.asking import Asked
from openroads.listening.explore.comparing import (
    Compared,
    SharedWord,
    Side,
    of_side,
    tone_apart,
    tone_of,
)
from openroads.listening.explore.page import FEW
from openroads.listening.explore.reading import SURE
from openroads.listening.explore.sentence import kind_names
from openroads.ui.formats import between, number, percent, signed

SHOWN = 12


@dataclass(frozen=True)
class Line:
    """A measure of both sides, and how far apart they are (empty: not to be said)."""

    name: str
    first: str
    second: str
    apart: str


@dataclass(frozen=True)
class SideWord:
    """A word of one side with its rates per 1,000 posts of both."""

    shown: str
    language: str
    first: str
    second: str
    query: str


@dataclass(frozen=True)
class WordList:
    """The words of one side under their head; `they` is the first, `we` the second."""

    title: str
    side: str
    rows: Sequence[SideWord]


@dataclass(frozen=True)
class ComparePage:
    """All that the template shows; without words there is no axis."""

    finding: str
    sides: Sequence[tuple[Asked, str]]
    lines: Sequence[Line]
    axis: SafeString | str
    axis_narrow: SafeString | str
    lists: Sequence[WordList]
    counted: str


def compare_page(compared: Compared) -> ComparePage:
    """Both readings in the reader's language."""
    first, second = compared.sides
    words, link = compared.words, compared.with_word
    heads = (_("The first says it more"), _("The second says it more"))
    return ComparePage(
        finding=_finding(first, second),
        sides=[(compared.first, _("The first")), (compared.second, _("The second"))],
        lines=[
            _posts(first, second),
            _people(first, second),
            _tone(first, second),
            *_kinds(first, second),
        ],
        axis=_axis(words, link, axis.WIDE) if words else "",
        axis_narrow=_axis(words, link, axis.NARROW) if words else "",
        lists=[
            WordList(head, tone, [_word(word, link) for word in of_side(words, side)[:SHOWN]])
            for head, tone, side in zip(heads, ("they", "we"), ("first", "second"), strict=True)
        ],
        counted=_(
            "Words are counted once per post; of each side at most one in %(first)s and one in "
            "%(second)s posts was drawn."
        )
        % {"first": number(first.one_in), "second": number(second.one_in)}
        if max(first.one_in, second.one_in) > 1
        else _("Words are counted once per post."),
    )


def _finding(first: Side, second: Side) -> str:
    told = {"first": number(first.posts), "second": number(second.posts)}
    said = _("%(first)s posts against %(second)s") % told
    if min(first.rated, second.rated) < FEW:
        return said
    apart = tone_apart(first, second)
    if float(apart.low) > 0:
        return _("%(said)s; the first sounds happier") % {"said": said}
    if float(apart.high) < 0:
        return _("%(said)s; the second sounds happier") % {"said": said}
    return _("%(said)s; they sound alike, as far as we can see") % {"said": said}


def _posts(first: Side, second: Side) -> Line:
    def a_day(reading: Side) -> str:
        days = max(reading.days, 1)
        return _("%(n)s, %(rate)s a day") % {
            "n": number(reading.posts),
            "rate": number(reading.posts / days, 1),
        }

    return Line(_("Posts"), a_day(first), a_day(second), "")


def _people(first: Side, second: Side) -> Line:
    return Line(_("People"), number(first.people.people), number(second.people.people), "")


def _tone(first: Side, second: Side) -> Line:
    def told(reading: Side) -> str:
        if reading.rated < FEW:
            return _("too few to say")
        tone = tone_of(reading)
        ends = between(float(tone.low), float(tone.high), sign=True)
        return f"{signed(float(tone.value))} ({ends})"

    apart = tone_apart(first, second)
    few = min(first.rated, second.rated) < FEW
    ends = between(float(apart.low), float(apart.high), sign=True)
    return Line(
        _("Net sentiment"),
        told(first),
        told(second),
        "" if few else f"{signed(float(apart.value))} ({ends})",
    )


def _kinds(first: Side, second: Side) -> list[Line]:
    names = kind_names()
    lines = []
    for key, field in (
        ("question", "questions"),
        ("complaint", "complaints"),
        ("praise", "praise"),
    ):
        shares = []
        for reading in (first, second):
            if not reading.posts:
                shares.append(_("unknown"))
                continue
            share = wilson(getattr(reading, field), reading.posts)
            ends = between(100 * float(share.low), 100 * float(share.high))
            shares.append(f"{percent(float(share.value))} ({ends})")
        lines.append(Line(names[key].capitalize(), shares[0], shares[1], ""))
    return lines


def _axis(
    words: Sequence[SharedWord], link: Callable[[SharedWord], str], shape: axis.AxisShape
) -> SafeString:
    tones = {"first": "they", "second": "we", "both": "both"}
    drawn = [
        axis.DrawnWord(
            word.key,
            word.shown,
            word.language if word.language != "und" else "",
            -word.z,
            max(word.first_rate, word.second_rate),
            tones[word.side],  # type: ignore[arg-type]
            f"?{link(word)}",
        )
        for word in words[: shape.most]
    ]
    texts = axis.AxisTexts(
        label=_(
            "Words on one axis: left what the first says more, right what the second says more."
        ),
        they_more=_("The first says it more"),
        we_more=_("The second says it more"),
        no_difference=_("no difference we can see"),
    )
    return mark_safe(axis.word_axis(drawn, texts, shape=shape, band=SURE))  # noqa: S308 (built element by element)


def _word(word: SharedWord, link: Callable[[SharedWord], str]) -> SideWord:
    return SideWord(
        word.shown,
        word.language if word.language != "und" else "",
        number(word.first_rate, 1),
        number(word.second_rate, 1),
        link(word),
    )
