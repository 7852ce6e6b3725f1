"""The filter of the figures as a sentence whose parts can be changed; each choice is an ordinary link."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.directory.models import Team
from openroads.ui.formats import number, period
from openroads.ui.networks import network_choices
from openroads.webcare.figures.gathering import Asked
from openroads.webcare.models import Case

PERIODS = (4, 12, 26, 52)
"""Weeks that can be chosen at once."""


@dataclass(frozen=True)
class Choice:
    """One thing a part can be, the address of the page then, and whether it is so now."""

    label: str
    query: str
    chosen: bool


@dataclass(frozen=True)
class Part:
    """One part of the sentence in its words, with what else it can be."""

    words: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Sentence:
    """Whose figures, where, of which kind, and when; `kept` are the other parts beside a period of one's
    own."""

    team: Part
    network: Part
    kind: Part
    period: Part
    first: date
    last: date
    kept: Sequence[tuple[str, str]]


def sentence(asked: Asked, teams: Sequence[Team], *, sees_all: bool) -> Sentence:
    """What the page is about."""
    every = _("every team") if sees_all else _("my teams")
    kinds = [(value, str(label)) for value, label in Case.Kind.choices]
    return Sentence(
        _part(asked, "team", [(None, every), *((one.pk, one.name) for one in teams)]),
        _part(asked, "network", [("", _("every network")), *network_choices()]),
        _part(asked, "kind", [("", _("public and private")), *kinds]),
        _period(asked),
        asked.since,
        asked.until - timedelta(days=1),
        [(name, value) for name, value in _told(asked) if name not in ("since", "until")],
    )


def query_of(asked: Asked) -> str:
    """The address that asks this."""
    return urlencode(_told(asked))


def _told(asked: Asked) -> list[tuple[str, str]]:
    last = asked.until - timedelta(days=1)
    told = [("since", asked.since.isoformat()), ("until", last.isoformat())]
    told += [("team", str(asked.team or "")), ("network", asked.network), ("kind", asked.kind)]
    return [(name, value) for name, value in told if value]


def _part(asked: Asked, name: str, options: Iterable[tuple[object, str]]) -> Part:
    now = getattr(asked, name)
    choices = [
        Choice(label, query_of(replace(asked, **{name: value})), value == now)  # type: ignore[arg-type]
        for value, label in options
    ]
    return Part(next((one.label for one in choices if one.chosen), choices[0].label), choices)


def _period(asked: Asked) -> Part:
    last = asked.until - timedelta(days=1)
    monday = last - timedelta(days=last.weekday())
    choices = []
    for weeks in PERIODS:
        since = monday - timedelta(days=7 * (weeks - 1))
        label = ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": number(weeks)}
        choices.append(Choice(label, query_of(replace(asked, since=since)), since == asked.since))
    return Part(period(asked.since, asked.until), choices)
