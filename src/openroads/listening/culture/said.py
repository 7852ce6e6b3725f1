"""The figures of a set in words, as they stand beside a form and an insight."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from openroads.changes.evidence import Frozen
from openroads.listening.authors import people_words
from openroads.listening.explore.page import FEW
from openroads.ui.formats import between, day, number, period, signed


@dataclass(frozen=True)
class SetWords:
    """Each figure of a set as a reader reads it."""

    name: str
    posts: str
    people: str
    net: str
    interval: str
    days: str
    first: str


def set_words(frozen: Frozen) -> SetWords:
    """A set in the reader's language; a figure nobody counted is unknown."""
    net, interval = _("unknown"), ""
    if frozen.rated is not None and frozen.rated < FEW:
        net = _("too few to say")
    elif frozen.net is not None:
        net = signed(frozen.net)
        interval = between(frozen.net_low, frozen.net_high, sign=True)
    return SetWords(
        frozen.name,
        number(frozen.posts),
        people_words(frozen.people or 0, frozen.nameless or 0),
        net,
        interval,
        period(frozen.since, frozen.until) if frozen.since and frozen.until else "",
        day(frozen.first_on),
    )
