"""What a language model wrote of a theme, as a reader reads it: marked as such, with how often that was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.sentences import from_json
from openroads.directory.models import Person
from openroads.listening.language_model import policy, queries
from openroads.listening.language_model.models import WrittenLabel
from openroads.listening.language_model.queries import Tried
from openroads.listening.models import MonthTheme
from openroads.listening.saying import translated
from openroads.ui.formats import between, number, percent


@dataclass(frozen=True)
class WrittenPart:
    """A label with its summary; while it waits or after it failed, the sentence that says so."""

    key: int
    waits: bool
    note: str
    label: str
    summary: str
    language: str
    mark: str
    """Who wrote it, from how many posts."""
    tried: str
    shown: bool
    """Whether it is proven enough to be read unasked; else one opens it."""
    mine: str
    """What the reader said of it: "yes", "no" or nothing."""


def may_ask_now(person: Person) -> bool:
    """Whether a button to ask for a label would do something for this person."""
    return (
        queries.server() is not None
        and policy.may_ask_label(person)
        and bool(queries.allowed_sources())
    )


def written_parts(
    person: Person, themes: Sequence[MonthTheme], brand: int, month: date | None
) -> dict[int, WrittenPart]:
    """Per theme what was written of it; nothing of a theme that is told by other words since."""
    by_line = queries.written_for(person, brand, month)
    found = {
        theme.pk: by_line[theme.line]
        for theme in themes
        if theme.line in by_line and by_line[theme.line].words == queries.told_by(theme)
    }
    if not found:
        return {}
    mine = queries.said_by(person, [row.pk for row in found.values()])
    judged = {name: queries.tried(name) for name in {row.written_by for row in found.values()}}
    return {key: _part(row, judged[row.written_by], mine.get(row.pk)) for key, row in found.items()}


def _part(row: WrittenLabel, judged: Tried, mine: bool | None) -> WrittenPart:
    note = ""
    if row.state == WrittenLabel.State.WAITING:
        note = _("A language model is being asked for a label; look again in a minute.")
    elif row.state == WrittenLabel.State.FAILED:
        note = _("No label: %(why)s") % {"why": translated(from_json(row.why.get("why", "")))}
    mark = ngettext(
        "Written by a language model (%(name)s) from %(n)s post", "Written by a language model (%(name)s) from %(n)s posts", row.posts,
    ) % {"name": row.written_by.rpartition(" / ")[0], "n": number(row.posts)}  # fmt: skip
    said = "" if mine is None else "yes" if mine else "no"
    return WrittenPart(
        row.pk, row.state == WrittenLabel.State.WAITING, note, row.label, row.summary, row.language,
        mark, tried_words(judged), judged.is_proven, said,
    )  # fmt: skip


def tried_words(judged: Tried) -> str:
    """How often it was right, or that nobody said so yet."""
    if not judged.n:
        return _("Nobody said yet whether its labels are right.")
    told = {
        "right": number(judged.right), "n": number(judged.n),
        "share": percent(judged.right / judged.n), "interval": between(100 * judged.low, 100 * judged.high),
    }  # fmt: skip
    return _("Right in %(right)s of %(n)s labels people judged: %(share)s (%(interval)s).") % told
