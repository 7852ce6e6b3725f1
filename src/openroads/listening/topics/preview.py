"""Looking before leaping: what a query would find, counted at once and kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.query.explain import explained
from openroads.analysis.query.kept import node_of
from openroads.analysis.query.parse import parse
from openroads.analysis.query.syntax import Node, all_of, no
from openroads.analysis.query.veiling import veiled
from openroads.archive.queries.search import count, found_by_day
from openroads.archive.scope import Scope
from openroads.charts import lines
from openroads.directory.conversations import archive
from openroads.listening.explore.words import Written, known_names, written
from openroads.listening.gap_queries import days_kept
from openroads.listening.saying import translated
from openroads.listening.sight.seeing import Sight
from openroads.listening.topics.judged_page import judged
from openroads.listening.topics.models import TopicVersion
from openroads.ui.formats import day, number

DAYS = 90


@dataclass(frozen=True)
class Preview:
    """A query being written: its faults or, without any, its meaning and what it would find."""

    query: Written
    meaning: Sequence[str] = ()
    found: str = ""
    counted: str = ""
    line: SafeString | str = ""
    days: Sequence[tuple[str, str]] = ()
    against: str = ""
    judged: str = ""
    """How it would do by the posts people looked at."""


def preview_of(
    text: str, *, sight: Sight, brand: int = 0, against: TopicVersion | None = None
) -> Preview:
    """What a query means and finds among customers' posts of the last 90 days; with `against`, how many
    more and fewer that is than an earlier version found, and how right both are by what people said."""
    text = " ".join(text.split())
    query = written(text, sight)
    read = parse(text, known_names(sight)) if text else None
    if read is None or read.query is None:
        return Preview(query)
    scope = _last_days(brand)
    rows = found_by_day(archive(), scope, read.query)
    by_day = {row.day: row.posts for row in rows}
    every = [scope.since + timedelta(days=n) for n in range((scope.until - scope.since).days)]
    total = sum(by_day.values())
    return Preview(
        query=query,
        meaning=meaning_of(read.query, sight),
        found=ngettext("It finds %(n)s post", "It finds %(n)s posts", total) % {"n": number(total)},
        counted=_("Customers’ posts of the %(days)s days up to %(day)s; reposts and copies are left out.")
        % {"days": DAYS, "day": day(every[-1])},
        line=_line(every, by_day, total) if total else "",
        days=[(day(on), number(by_day.get(on, 0))) for on in reversed(every)],
        against=_against(scope, read.query, against) if against else "",
        judged=judged(read.query, against) if against else "",
    )  # fmt: skip


def meaning_of(query: Node, sight: Sight) -> list[str]:
    """What every post found has, a line for each, in the reader's language, without names for who
    does not see them."""
    shown = query if sight.names else veiled(query, sight.ours)
    return [translated(line) for line in explained(shown, known_names(sight))]


def _last_days(brand: int) -> Scope:
    last = days_kept()[1] or timezone.localdate()
    until = min(last, timezone.localdate()) + timedelta(days=1)
    return Scope(until - timedelta(days=DAYS), until, brand)


def _line(every: Sequence[date], by_day: dict[date, int], total: int) -> SafeString:
    label = _("Posts a day: %(total)s in all, %(last)s on %(day)s.") % {
        "total": number(total),
        "last": number(by_day.get(every[-1], 0)),
        "day": day(every[-1]),
    }
    moments = [lines.Moment(float(by_day.get(on, 0))) for on in every]
    return mark_safe(lines.trend(moments, label, width=420, height=56))  # noqa: S308 (built element by element)


def _against(scope: Scope, query: Node, version: TopicVersion) -> str:
    before = node_of(version.canonical)
    more = count(archive(), scope, all_of(query, no(before)))
    fewer = count(archive(), scope, all_of(before, no(query)))
    told = {"n": version.number, "more": number(more), "fewer": number(fewer)}
    if not more and not fewer:
        return _("The same posts as version %(n)s.") % told
    return _("Against version %(n)s: %(more)s more, %(fewer)s fewer.") % told
