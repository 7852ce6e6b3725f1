"""Pages of exploring: the figures of a choice, its posts, its downloads, and help with queries."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from openroads.analysis.query.faults import LIMITS
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.explore import asking, comparing, downloads, words
from openroads.listening.explore.asking import Asked
from openroads.listening.explore.compare_page import compare_page
from openroads.listening.explore.page import explore_page
from openroads.listening.explore.queries import events_between, kept_view
from openroads.listening.explore.words import Written
from openroads.listening.labels.cards import cards
from openroads.listening.sight.seeing import sight_of
from openroads.listening.topics.policy import may_define_topics

GLANCE = 4
PAGE = 20


def _asked(request: HttpRequest) -> tuple[Asked, Written]:
    """The sentence of this address and its query, for a person who may read conversations."""
    assert isinstance(request.user, Person)
    if not policy.may_read_conversations(request.user):
        raise PermissionDenied
    asked = asking.asked(request.GET, request.user, language=get_language() or "en")
    return asked, words.written(asked.filter.q, sight_of(request.user))


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _shown(asked: Asked, query: Written, **more: Any) -> dict[str, Any]:
    return {
        "asked": asked,
        "filter": asked.filter,
        "query": query,
        "query_string": asked.filter.query(),
        "without_query": asked.filter.query(q=""),
        **more,
    }


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Figures of any choice of posts. The address holds the whole view."""
    asked, query = _asked(request)
    if query.faults:
        return render(request, "listening/explore.html", _shown(asked, query), status=400)
    chosen = asked.filter
    person = _person(request)
    reading = sight_of(person).reading(asking.reading(chosen, query.condition))
    view = kept_view(person, request.GET.get("view", ""))
    events = events_between(chosen.scope.since, chosen.scope.until, chosen.brand, view)
    context = _shown(
        asked,
        query,
        page=explore_page(reading, asked, events),
        marks=events,
        view=view,
        linked=f"{chosen.query()}&view={view.pk}" if view else "",
        cards=cards(_person(request), asking.newest(chosen, query.condition, limit=GLANCE)),
        plain_query=asking.plain(chosen).query(),
        may_define=may_define_topics(_person(request)),
        against_a_year_ago=comparing.address(chosen, asking.year_before(chosen)),
    )
    return render(request, "listening/explore.html", context)


@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """Every post of the choice, newest first."""
    asked, query = _asked(request)
    if query.faults:
        return render(request, "listening/explore.html", _shown(asked, query), status=400)
    shown = asking.posts_page(
        asked.filter, query.condition, before=request.GET.get("before", ""), limit=PAGE
    )
    found = cards(_person(request), shown.posts)
    context = _shown(asked, query, cards=found, finding=shown.finding, older=shown.older)
    return render(request, "listening/explore_posts.html", context)


@require_safe
def table_csv(request: HttpRequest, what: str) -> StreamingHttpResponse:
    """One of the page's tables as CSV."""
    asked, query = _asked(request)
    if what not in downloads.TABLES or query.faults:
        raise Http404
    reading = sight_of(_person(request)).reading(asking.reading(asked.filter, query.condition))
    rows = downloads.TABLES[what](reading, asked.filter)
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    name = _("explore-%(what)s-%(since)s-%(until)s") % {
        "what": what,
        "since": asked.filter.since.isoformat(),
        "until": asked.filter.until.isoformat(),
    }
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_safe
def check_query(request: HttpRequest) -> HttpResponse:
    """What is wrong with the query being written, or what it means: a fragment for the page."""
    asked, query = _asked(request)
    return render(request, "listening/_query_faults.html", _shown(asked, query))


@require_safe
def query_help(request: HttpRequest) -> HttpResponse:
    """How to write a query, with examples that can be tried."""
    asked, query = _asked(request)
    context = _shown(
        asked, query, examples=words.examples(sight_of(_person(request))), limits=LIMITS
    )
    return render(request, "listening/query_help.html", context)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two choices side by side; the address holds both. Without a second one, the days before."""
    assert isinstance(request.user, Person)
    if not policy.may_read_conversations(request.user):
        raise PermissionDenied
    found = comparing.compared(request.GET, request.user, language=get_language() or "en")
    if found is None:
        raise Http404
    context = {"compared": found, "page": compare_page(found)}
    return render(request, "listening/compare.html", context)
