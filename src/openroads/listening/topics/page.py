"""The pages of topics as a reader reads them: findings, figures in words, versions and their changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openroads.analysis.intervals import net_sentiment, wilson
from openroads.analysis.query.kept import node_of
from openroads.analysis.query.show import show
from openroads.analysis.query.veiling import names_people, veiled
from openroads.charts import lines
from openroads.listening.authors import both_counts
from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.explore.models import Event
from openroads.listening.explore.page import FEW
from openroads.listening.sight.seeing import Sight
from openroads.listening.topics.differences import Piece, differences
from openroads.listening.topics.figures import TopicFigures
from openroads.listening.topics.models import Filing, Topic, TopicVersion
from openroads.listening.topics.preview import meaning_of
from openroads.ui.formats import between, day, number, percent, period, signed


@dataclass(frozen=True)
class TopicRow:
    """A topic in the list; figures are words, "unknown" where nothing is filed yet."""

    topic: Topic
    posts: str
    share: str
    interval: str
    tone: str
    tone_interval: str
    trend: SafeString | str
    version: str
    state: str
    is_unfinished: bool
    explore: str


@dataclass(frozen=True)
class TopicsPage:
    """All that the list shows."""

    finding: str
    counted: str
    rows: Sequence[TopicRow]
    put_away: Sequence[Topic]


@dataclass(frozen=True)
class VersionRow:
    """A version with what changed since the one before it."""

    version: TopicVersion
    pieces: Sequence[Piece]
    state: str
    is_in_force: bool
    may_go_back: bool


@dataclass(frozen=True)
class TopicPage:
    """All that the page of one topic shows, but for how far its filing is."""

    row: TopicRow
    finding: str
    counted: str
    line: SafeString | str
    line_narrow: SafeString | str
    weeks: Sequence[tuple[str, str]]
    events: Sequence[tuple[str, str]]
    text: str
    meaning: Sequence[str]
    versions: Sequence[VersionRow]


@dataclass(frozen=True)
class FilingPage:
    """How far the newest version of a topic is filed, in a sentence."""

    filing: Filing
    said: str
    more: str


def topics_page(
    topics: Sequence[Topic], figures: Mapping[int, TopicFigures | None], chosen: ExploreFilter
) -> TopicsPage:
    """The list, most talked of first; what is not filed yet at the end."""
    used = [topic for topic in topics if topic.archived_at is None]
    order = sorted(used, key=lambda topic: -_posts(figures.get(topic.pk)))
    counted = _(
        "Customers’ posts of %(period)s; reposts and copies are left out. A post can be in several "
        "topics. Share: of all posts about the topic’s brand. Intervals are 95%%."
    ) % {"period": _period(chosen)}
    return TopicsPage(
        finding=_list_finding(order, figures),
        counted=counted,
        rows=[_row(topic, figures.get(topic.pk), chosen) for topic in order],
        put_away=[topic for topic in topics if topic.archived_at is not None],
    )


def topic_page(
    topic: Topic,
    figures: TopicFigures | None,
    chosen: ExploreFilter,
    events: Sequence[Event] = (),
    *,
    sight: Sight,
) -> TopicPage:
    """One topic with its versions, newest first; whom a query names is seen by who sees names."""
    versions = list(topic.versions.all())
    counts = topic.in_force or versions[0]
    row = _row(topic, figures, chosen)
    return TopicPage(
        row=row,
        finding=_finding(topic, figures),
        counted=_counted(topic, figures, chosen),
        line=_line(figures, events, 744, 200) if figures and figures.weeks else "",
        line_narrow=_line(figures, (), 340, 170) if figures and figures.weeks else "",
        weeks=[(day(on), number(n)) for on, n in reversed(figures.weeks)] if figures else (),
        events=[(day(event.on), event.marked) for event in events] if figures else (),
        text=text_of(counts, sight),
        meaning=meaning_of(node_of(counts.canonical), sight),
        versions=[
            _version(topic, each, before, sight)
            for each, before in zip(versions, [*versions[1:], None], strict=True)
        ],
    )


def filing_page(topic: Topic, filing: Filing) -> FilingPage:
    """How far the filing is."""
    told = {"n": filing.version.number}
    more = ""
    if topic.in_force is not None and topic.in_force_id != filing.version_id:
        more = _("Until then version %(n)s counts.") % {"n": topic.in_force.number}
    if filing.state == Filing.State.RUNNING:
        said = _("The archive is being filed under version %(n)s") % told
        if filing.total:
            said = _("%(said)s: %(done)s of %(total)s posts looked through") % {
                "said": said, "done": number(filing.done), "total": number(filing.total),
            }  # fmt: skip
    elif filing.state == Filing.State.WAITING:
        said = _("The filing under version %(n)s waits for its turn") % told
    elif filing.state == Filing.State.STOPPED:
        said = _("The filing under version %(n)s was stopped") % told
    elif filing.state == Filing.State.FAILED:
        said = _("The filing under version %(n)s ended with a fault; the administrator finds it in the log") % told  # fmt: skip
    else:
        said = _("Version %(n)s is in force") % told
    return FilingPage(filing, said, more)


def _row(topic: Topic, figures: TopicFigures | None, chosen: ExploreFilter) -> TopicRow:
    newest = topic.versions.all()[0]
    state = newest.filing
    share = wilson(figures.posts, figures.of) if figures and figures.of else None
    rated = figures is not None and figures.rated >= FEW
    net = net_sentiment(figures.positive, figures.negative, figures.rated) if figures and rated else None  # fmt: skip
    return TopicRow(
        topic=topic,
        posts=number(figures.posts) if figures else _("unknown"),
        share=percent(float(share.value), 1) if share else "",
        interval=between(100 * float(share.low), 100 * float(share.high), 1) if share else "",
        tone=signed(float(net.value)) if net else _("too few to say") if figures else "",
        tone_interval=between(float(net.low), float(net.high), sign=True) if net else "",
        trend=_trend(topic, figures),
        version=_("version %(n)s") % {"n": (topic.in_force or newest).number},
        state="" if state.state == Filing.State.DONE else filing_page(topic, state).said,
        is_unfinished=state.is_unfinished,
        explore=_explore(topic, chosen),
    )


def _explore(topic: Topic, chosen: ExploreFilter) -> str:
    """The address of Explore with this topic, about its brand, over the same days."""
    return about(topic, chosen).query()


def about(topic: Topic, chosen: ExploreFilter) -> ExploreFilter:
    """The choice of posts that a topic's figures are of."""
    return ExploreFilter(chosen.since, chosen.until, brand=topic.brand_id or 0, topics=(topic.pk,))


def _posts(figures: TopicFigures | None) -> int:
    return figures.posts if figures else -1


def _list_finding(order: Sequence[Topic], figures: Mapping[int, TopicFigures | None]) -> str:
    if not order:
        return _("No topic is defined yet")
    first = figures.get(order[0].pk)
    if not first or not first.posts:
        return ngettext("%(n)s topic", "%(n)s topics", len(order)) % {"n": number(len(order))}
    return ngettext(
        "“%(name)s” is talked of most: %(n)s post",
        "“%(name)s” is talked of most: %(n)s posts",
        first.posts,
    ) % {"name": order[0].name, "n": number(first.posts)}


def _finding(topic: Topic, figures: TopicFigures | None) -> str:
    if figures is None:
        return _("%(name)s is being filed for the first time") % {"name": topic.name}
    n = {"name": topic.name, "n": number(figures.posts)}
    said = ngettext("%(name)s: %(n)s post", "%(name)s: %(n)s posts", figures.posts) % n
    if not figures.of:
        return said
    share = {"said": said, "share": percent(figures.posts / figures.of, 1)}
    if topic.brand is None:
        return _("%(said)s, %(share)s of all we heard") % share
    return _("%(said)s, %(share)s of all about %(brand)s") % {**share, "brand": topic.brand.name}


def _counted(topic: Topic, figures: TopicFigures | None, chosen: ExploreFilter) -> str:
    if figures is None:
        return _("What it finds is counted when the archive is filed to the end; until then Explore asks by its query.")  # fmt: skip
    told = {"period": _period(chosen), "of": number(figures.of)}
    if not figures.of:
        said = _("Customers’ posts of %(period)s; reposts and copies are left out.") % told
    else:
        share = wilson(figures.posts, figures.of)
        told["range"] = between(100 * float(share.low), 100 * float(share.high), 1)
        said = _(
            "Customers’ posts of %(period)s; reposts and copies are left out. Of %(of)s posts in all; 95%% interval of the share %(range)s%%."
        ) % told  # fmt: skip
    return f"{both_counts(figures.posts, figures.copies)} {said}".lstrip()


def _period(chosen: ExploreFilter) -> str:
    return period(chosen.since, chosen.until + timedelta(days=1))


def _trend(topic: Topic, figures: TopicFigures | None) -> SafeString | str:
    if figures is None or len(figures.weeks) < 2:
        return ""
    counts = [n for _week, n in figures.weeks]
    label = _("%(name)s: posts a week, from %(first)s to %(last)s, at most %(most)s.") % {
        "name": topic.name, "first": number(counts[0]), "last": number(counts[-1]),
        "most": number(max(counts)),
    }  # fmt: skip
    drawn = lines.trend([lines.Moment(float(n)) for n in counts], label, width=150, height=30)
    return mark_safe(drawn)  # noqa: S308 (built element by element)


def _line(
    figures: TopicFigures, events: Sequence[Event], width: float, height: float
) -> SafeString:
    weeks = [week for week, _n in figures.weeks]
    counts = [n for _week, n in figures.weeks]
    texts = lines.TimelineTexts(
        label=_("Posts a week: %(n)s in the week from %(day)s, at most %(most)s.") % {
            "n": number(counts[-1]), "day": day(weeks[-1]), "most": number(max(counts)),
        },
        last=(number(counts[-1]), _("last week")),
        periods=tuple(_names(weeks, width)),
        values=tuple(number(value) for value in lines.nice_ticks(float(max(counts)))),
    )  # fmt: skip
    marks = [
        lines.Mark((event.on - weeks[0]).days / 7, event.marked)
        for event in events
        if weeks[0] <= event.on < weeks[-1] + timedelta(days=7)
    ]
    moments = [lines.Moment(float(n)) for n in counts]
    return mark_safe(lines.timeline(moments, texts, marks=marks, width=width, height=height))  # noqa: S308 (built element by element)


def _names(weeks: Sequence[date], width: float) -> list[tuple[float, str]]:
    """A name at the first week of a month, none touching."""
    apart = len(weeks) * 56 / width
    names: list[tuple[float, str]] = []
    for place, week in enumerate(weeks):
        if week.day <= 7 and (not names or place - names[-1][0] >= apart):
            names.append((float(place), date_format(week, "M")))
    return names


def text_of(version: TopicVersion, sight: Sight) -> str:
    """What a version asks, as it was written; without names for who does not see them."""
    query = node_of(version.canonical)
    if sight.names or not names_people(query, sight.ours):
        return version.text
    return show(veiled(query, sight.ours), "nl" if get_language() == "nl" else "en")


def _version(
    topic: Topic, version: TopicVersion, before: TopicVersion | None, sight: Sight
) -> VersionRow:
    in_force = topic.in_force_id == version.pk
    state = version.filing.state
    newest = topic.versions.all()[0]
    if in_force:
        said = _("in force")
    elif state in (Filing.State.DONE, Filing.State.PASSED_OVER):
        said = _("earlier")
    else:
        said = version.filing.get_state_display()
    text = text_of(version, sight)
    pieces = differences(text_of(before, sight), text) if before else [Piece("same", text)]
    may_go_back = version.pk != newest.pk and version.canonical != newest.canonical
    return VersionRow(version, pieces, said, in_force, may_go_back)
