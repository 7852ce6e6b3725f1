"""The front page for who may read conversations: what changed most, in people's words, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openroads.analysis.gap import Thresholds, Word
from openroads.archive.queries.posts import Quote
from openroads.changes.queries import waiting_for
from openroads.directory.models import Person
from openroads.listening import exhibits, gap_queries, policy, queries
from openroads.listening.authors import people_words
from openroads.listening.filters import GapFilter
from openroads.listening.gap_page import Step
from openroads.listening.labels import queries as labels
from openroads.listening.models import Import
from openroads.listening.patterns.exhibit import Exhibit
from openroads.listening.patterns.front import loudest
from openroads.listening.requests.queries import requests_that_press
from openroads.listening.risen import DAYS, Risen, Unmoved, risen_most
from openroads.listening.sight.seeing import seen_by
from openroads.listening.whose import Whose
from openroads.ui.formats import day, number, period, weekday

SAMPLE_DAYS = 3
"""A random sample waits on the front page for so many days; then it stands on its own page only."""


@dataclass(frozen=True)
class Waiting:
    """Something only this person (or their kind) can do."""

    what: str
    why: str
    url: str


@dataclass(frozen=True)
class Chart:
    """A drawing with the sentence that says what is measured, and the same as a table."""

    measure: str
    drawing: SafeString | str
    narrow: SafeString | str
    table: SafeString | str


@dataclass(frozen=True)
class FrontPage:
    """All that the home template shows."""

    today: str
    counted_up_to: str
    kicker: str
    finding: str
    standfirst: str
    chart: Chart | None
    posts: Sequence[Quote]
    steps: Sequence[Step]
    waiting: Sequence[Waiting]


def front_page(person: Person) -> FrontPage:
    """What is louder than expected now; else the word that rose most in four weeks; with two people
    saying it. Else how to begin."""
    asked = gap_queries.asked_by_default(language=get_language() or "en")
    loud = loudest(person, asked.whose.customers) if asked.last else None
    if loud is not None and asked.last is not None:
        return _loud(loud, asked.last, _waiting(person))
    risen = risen_most(asked.filter, asked.reader.names) if asked.last else None
    waiting = _waiting(person)
    if not isinstance(risen, Risen):
        return _quiet(person, asked.last, risen, waiting)
    assert asked.last is not None
    word = risen.word
    told = {"word": word.shown, "Word": word.shown[:1].upper() + word.shown[1:],
            "customers": asked.whose.customers}  # fmt: skip
    return FrontPage(
        today=weekday(timezone.localdate()),
        counted_up_to=_counted_up_to(asked.last),
        kicker=_("Most changed since four weeks ago"),
        finding=_("“%(Word)s” is what %(customers)s talk about more than a month ago") % told,
        standfirst=_standfirst(risen, asked.whose),
        chart=_chart(risen, asked.whose),
        posts=seen_by(person, risen.posts),
        steps=_steps(asked.filter, word, risen),
        waiting=waiting,
    )


def _loud(loud: Exhibit, last: date, waiting: Sequence[Waiting]) -> FrontPage:
    """The pattern that stands out most."""
    chart = loud.chart
    read = ngettext("Read the post", "Read the %(n)s posts", loud.pattern.posts)
    return FrontPage(
        today=weekday(timezone.localdate()),
        counted_up_to=_counted_up_to(last),
        kicker=_("Louder than expected now"),
        finding=loud.finding,
        standfirst=loud.standfirst,
        chart=Chart(chart.measure, chart.drawing, chart.narrow, chart.table) if chart else None,
        posts=loud.posts,
        steps=[
            Step(read % {"n": number(loud.pattern.posts)}, loud.read),
            Step(_("See what is behind it"), loud.url),
            Step(_("See the brand gap"), reverse("listening:gap")),
        ],
        waiting=waiting,
    )


def _counted_up_to(last: date) -> str:
    return _("Counted up to %(day)s; intervals are 95%%") % {"day": day(last)}


def _standfirst(risen: Risen, whose: Whose) -> str:
    now, before = risen.now, risen.before
    posts = ngettext("%(n)s post in 28 days", "%(n)s posts in 28 days", now) % {"n": number(now)}
    people = people_words(risen.people, risen.nameless)
    if before == 0:
        past = _("none in the four weeks before")
    elif now >= 2 * before:
        past = _("%(times)s times the %(n)s of the four weeks before") % {
            "times": _times(now / before), "n": number(before)}  # fmt: skip
    else:
        past = _("against %(n)s in the four weeks before") % {"n": number(before)}
    return _("%(posts)s by %(people)s, %(past)s.") % {
        "posts": posts,
        "people": people,
        "past": past,
    }


def _times(ratio: float) -> str:
    """ "3.2" or plainly "4": no decimal where it is nought, none from ten on."""
    rounded = round(ratio, 1)
    return number(rounded, 0 if rounded >= 10 or rounded == int(rounded) else 1)


def _chart(risen: Risen, whose: Whose) -> Chart:
    measure = _("Posts a week that say “%(word)s”, %(weeks)s weeks") % {
        "word": risen.word.shown, "weeks": number(len(risen.weeks)),
    }  # fmt: skip
    narrow = exhibits.weeks(risen.weeks, measure, width=340)
    return Chart(
        measure, exhibits.weeks(risen.weeks, measure), narrow, exhibits.weeks_table(risen.weeks)
    )


def _steps(chosen: GapFilter, word: Word, risen: Risen) -> list[Step]:
    query = chosen.query(since=risen.since, until=risen.until, word=word.key)
    return [
        Step(
            ngettext("Read the post", "Read the %(n)s posts", risen.now) % {"n": number(risen.now)},
            f"{reverse('listening:posts')}?{query}",
        ),
        Step(_("See the brand gap"), reverse("listening:gap")),
    ]


def _quiet(
    person: Person, last: date | None, unmoved: Unmoved | None, waiting: Sequence[Waiting]
) -> FrontPage:
    """A house that has heard little, or in which nothing stands out."""
    may_import = policy.may_import(person)
    steps = [Step(_("See the brand gap"), reverse("listening:gap"))]
    if last is None or unmoved is None:
        finding = _("Nobody has been heard yet")
        standfirst = _("Bring in an export of what your customers say, follow a feed, and let the house read your own website.")  # fmt: skip
        steps = [Step(_("Import a file"), reverse("listening:imports"))] if may_import else []
    else:
        finding, standfirst = _not_moved(unmoved)
    return FrontPage(
        today=weekday(timezone.localdate()),
        counted_up_to=_counted_up_to(last) if last else _("Nothing counted yet"),
        kicker="",
        finding=finding,
        standfirst=standfirst,
        chart=None,
        posts=(),
        steps=steps,
        waiting=waiting,
    )


def _not_moved(unmoved: Unmoved) -> tuple[str, str]:
    """Finding and standfirst where no word rose: measured, or too little read to say."""
    told = {
        "now": _posts(unmoved.now),
        "before": _posts(unmoved.before),
        "period": period(unmoved.since, unmoved.until + timedelta(days=1)),
        "past": period(unmoved.since - timedelta(days=DAYS), unmoved.since),
        "least": number(Thresholds().few_posts),
    }
    if unmoved.short:
        return (
            _("Too few posts to say what changed"),
            _("%(now)s in %(period)s, %(before)s in the four weeks before (%(past)s). Below %(least)s a difference is mostly chance.") % told,
        )  # fmt: skip
    return (
        _("No word stands out from a month ago"),
        _("%(now)s in %(period)s, %(before)s in the four weeks before (%(past)s): no word is surely used more than then.") % told,
    )  # fmt: skip


def _posts(n: int) -> str:
    return ngettext("%(n)s post", "%(n)s posts", n) % {"n": number(n)}


def _waiting(person: Person) -> list[Waiting]:
    """Insights to decide on, files to be checked, imports that failed, sources that are deaf."""
    found = []
    if insights := waiting_for(person, stands_in=False):
        found.append(
            Waiting(
                ngettext(
                    "%(n)s insight waits for your decision",
                    "%(n)s insights wait for your decision",
                    insights,
                )
                % {"n": number(insights)},
                _("Your department promised an answer within two weeks."),
                reverse("changes:insights"),
            )
        )
    for item in (
        queries.imports_for(person)
        .filter(state__in=(Import.State.CHECKING, Import.State.FAILED))
        .order_by("created_at")[:5]
    ):
        checking = item.state == Import.State.CHECKING
        found.append(
            Waiting(
                _("Check how %(name)s is read") % {"name": item.name}
                if checking
                else _("%(name)s could not be read to the end") % {"name": item.name},
                _("Received %(day)s; nothing of it is stored yet.") % {"day": day(item.created_at)}
                if checking
                else item.error[:160],
                reverse("listening:import", args=(item.pk,)),
            )
        )
    if asked := requests_that_press(person, timezone.localdate()):
        first, clock = asked[0]
        found.insert(
            0,
            Waiting(
                ngettext("%(n)s person asks about their data", "%(n)s people ask about their data", len(asked))
                % {"n": number(len(asked))},
                f"{first.get_asks_display()}: {clock.words}",
                reverse("requests:requests"),
            ),
        )  # fmt: skip
    lately = timezone.localdate() - timedelta(days=SAMPLE_DAYS)
    if labels.items_to_read(person, "tone").filter(sample__since__gte=lately).exists():
        found.append(
            Waiting(
                _("Read for five minutes"),
                _("Posts drawn at random: by these we know how well tone is read."),
                reverse("labels:read"),
            )
        )
    if policy.may_keep_sources(person):
        for source in queries.sources_for(person).exclude(last_error="")[:3]:
            found.append(
                Waiting(
                    _("%(name)s is deaf") % {"name": source.name},
                    source.last_error[:160],
                    reverse("listening:sources"),
                )
            )
    return found
