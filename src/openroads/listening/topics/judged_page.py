"""How right a query is, as a reader reads it, and the posts that say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.intervals import wilson
from openroads.analysis.learning.agreement import Agreement
from openroads.analysis.query.kept import node_of
from openroads.analysis.query.syntax import Node
from openroads.archive.queries.corrections import posts_read
from openroads.archive.queries.newest import PlaceFound, quotes_at
from openroads.archive.queries.posts import Quote
from openroads.directory.conversations import archive
from openroads.listening.topics import said
from openroads.listening.topics.models import Topic, TopicVersion
from openroads.listening.topics.queries import asked_by
from openroads.listening.topics.rightness import Rightness, agreement_on, looked_at, rightness_of
from openroads.ui.formats import between, number, percent, period

MOST = 50
"""Posts on the page of those people looked at, of one verdict."""


FEWEST = 5
"""Posts of which a share is told; of fewer the interval is all but everything."""


@dataclass(frozen=True)
class Share:
    """A share in words; `interval` is empty where too few posts were looked at."""

    value: str
    interval: str
    counted: str


@dataclass(frozen=True)
class RightnessPage:
    """What stands on a topic's page. Without labels `posts` is 0 and nothing else is said."""

    posts: int
    finding: str
    precise: Share
    complete: Share
    agreement: Share
    """Krippendorff's alpha of people who spoke of the same posts."""
    counted: str


@dataclass(frozen=True)
class Verdict:
    """One of the four outcomes, with how many posts have it."""

    key: str
    name: str
    n: int
    is_shown: bool


@dataclass(frozen=True)
class SaidPage:
    """The posts people looked at of one outcome, newest said first."""

    finding: str
    verdicts: Sequence[Verdict]
    posts: Sequence[Quote]
    more: int
    """Posts of this outcome beyond those shown."""


def rightness_page(topic: Topic) -> RightnessPage:
    """How right the query of a topic is that counts now."""
    found = rightness_of(topic.pk, node_of(asked_by(topic).canonical))
    return RightnessPage(
        found.posts,
        _finding(found),
        _precise(found),
        _complete(found),
        _agreement(agreement_on(topic.pk)),
        _counted(found),
    )


def judged(query: Node, against: TopicVersion) -> str:
    """How a query being written would do by the posts people looked at, beside an earlier version;
    empty when nobody said anything of the topic."""
    new = rightness_of(against.topic_id, query)
    if not new.posts:
        return ""
    old = rightness_of(against.topic_id, node_of(against.canonical))
    told = {"n": against.number}
    parts = []
    if new.belonging:
        parts.append(
            _("Of the posts that belong, people say, it finds %(found)s of %(of)s (version %(n)s: %(before)s).")
            % {**told, "of": number(new.belonging), "found": number(new.right), "before": number(old.right)}
        )  # fmt: skip
    if new.outside:
        parts.append(
            _("Of the posts that do not belong, it finds %(found)s of %(of)s (version %(n)s: %(before)s).")
            % {**told, "of": number(new.outside), "found": number(new.wrong), "before": number(old.wrong)}
        )  # fmt: skip
    return " ".join(parts)


def said_page(topic: Topic, wanted: str) -> SaidPage:
    """The posts people looked at whose outcome is `wanted`; without it the first that has any, what is
    wrong before what is right."""
    looked = looked_at(said.holding(topic.pk)[::-1], node_of(asked_by(topic).canonical))
    names = {
        "wrong": _("found, and taken out"),
        "missed": _("missed, and put in"),
        "right": _("found, and right"),
        "kept_out": _("not found, and rightly"),
    }
    counts = {key: sum(one.verdict == key for one in looked) for key in names}
    shown = wanted if wanted in names else next((key for key in names if counts[key]), "wrong")
    labels = [one.label for one in looked if one.verdict == shown]
    rows = posts_read(archive(), [(one.post, one.published_at) for one in labels[:MOST]])
    places = sorted(
        (PlaceFound(row.published_at, row.id) for row in rows.values()),
        key=lambda place: place.place,
        reverse=True,
    )
    return SaidPage(
        ngettext(
            "People looked at %(n)s post of “%(name)s”",
            "People looked at %(n)s posts of “%(name)s”",
            len(looked),
        ) % {"n": number(len(looked)), "name": topic.name},
        [Verdict(key, name, counts[key], key == shown) for key, name in names.items()],
        quotes_at(archive(), places),
        max(0, len(labels) - MOST),
    )  # fmt: skip


def _finding(found: Rightness) -> str:
    if not found.posts:
        return _("Nobody has said yet of any post whether it belongs here.")
    parts = []
    if found.found:
        told = {"n": number(found.found), "right": number(found.right)}
        parts.append(_("Of what it finds, people looked at %(n)s: %(right)s rightly found.") % told)
    if found.belonging:
        told = {"n": number(found.belonging), "missed": number(found.missed)}
        parts.append(_("Of what belongs, people say, it misses %(missed)s of %(n)s.") % told)
    if not parts:
        parts.append(_("It finds none of the posts people looked at, and none of them belongs."))
    return " ".join(parts)


def _precise(found: Rightness) -> Share:
    return _share(found.right, found.found, _("of the posts it finds: %(hits)s of %(n)s"))


def _complete(found: Rightness) -> Share:
    return _share(found.right, found.belonging, _("of the posts that belong: %(hits)s of %(n)s"))


def _share(hits: int, of: int, counted: str) -> Share:
    told = counted % {"hits": number(hits), "n": number(of)}
    if of < FEWEST:
        return Share(_("too few to say"), "", told)
    share = wilson(hits, of)
    ends = between(100 * float(share.low), 100 * float(share.high))
    return Share(percent(float(share.value)), ends, told)


def _agreement(found: Agreement) -> Share:
    told = ngettext(
        "%(n)s post read by two or more", "%(n)s posts read by two or more", found.units
    ) % {"n": number(found.units)}  # fmt: skip
    if found.units < FEWEST or found.alpha != found.alpha:
        return Share(_("too few to say"), "", told)
    return Share(number(found.alpha, 2), between(found.low, found.high, 2), told)


def _counted(found: Rightness) -> str:
    if found.first is None or found.last is None:
        return ""
    first, last = (timezone.localtime(moment).date() for moment in (found.first, found.last))
    told = {"n": number(found.people), "period": period(first, last + timedelta(days=1))}
    return (
        ngettext(
            "Said by %(n)s person, %(period)s.", "Said by %(n)s people, %(period)s.", found.people
        )
        % told
    )
