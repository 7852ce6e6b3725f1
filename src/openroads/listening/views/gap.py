"""Pages of the brand gap: the exhibit, the posts behind a word, the method, and both downloads."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from openroads.directory.models import Person
from openroads.listening import downloads, gap_queries, paper, policy
from openroads.listening.filters import GapFilter
from openroads.listening.gap_page import beside_part, gap_page
from openroads.listening.gap_queries import Asked
from openroads.listening.labels.cards import cards
from openroads.listening.sight.seeing import Sight, sight_of


def _asked(request: HttpRequest) -> Asked:
    """The filter sentence of this address, for a person who may read conversations."""
    assert isinstance(request.user, Person)
    if not policy.may_read_conversations(request.user):
        raise PermissionDenied
    return gap_queries.asked(request.GET, language=get_language() or "en")


@require_safe
def gap(request: HttpRequest) -> HttpResponse:
    """The brand gap. The address holds the whole view; with `whole` also what would follow later."""
    asked, whole = _asked(request), bool(request.GET.get("whole"))
    if whole:
        reading = gap_queries.whole_reading(asked)
        if getattr(request, "htmx", False):
            part = beside_part(reading, asked.filter, asked.whose)
            return render(request, "listening/_gap_beside.html", {"beside": part, "links": True})
    else:
        reading = gap_queries.reading_at_hand(asked)
    now = whole or gap_queries.drill_at_hand(asked, reading)
    drilled = gap_queries.drilled(asked, reading, _sight(request)) if now else None
    page = gap_page(reading, asked.filter, asked.whose, drilled, everything=asked.everything)
    context: dict[str, Any] = {
        "page": page,
        "links": True,
        "query": asked.filter.query(),
        "year_ago_query": gap_queries.year_before(asked.filter).query(),
        **_sentence(asked),
    }
    return render(request, "listening/gap.html", context)


@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """Every post behind a word, newest first."""
    asked = _asked(request)
    shown = gap_queries.posts_page(asked, request.GET.get("before", ""))
    assert isinstance(request.user, Person)
    context = {"shown": shown, "cards": cards(request.user, shown.posts), **_sentence(asked)}
    return render(request, "listening/posts.html", context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How the gap is computed, in words."""
    _asked(request)
    return render(request, "listening/method.html")


@require_safe
def words_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every word of the gap with its figures."""
    asked = _asked(request)
    rows: Iterator[str] = downloads.words_csv(gap_queries.reading_with_people(asked), asked.filter)
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(asked.filter)}.csv"'
    return response


@require_safe
def page_pdf(request: HttpRequest) -> HttpResponse:
    """The page on paper."""
    asked = _asked(request)
    reading = gap_queries.whole_reading(asked)
    drilled = gap_queries.drilled(asked, reading, _sight(request))
    language = (get_language() or "en")[:2]
    pdf = paper.page_pdf(reading, asked.filter, asked.whose, drilled, language=language)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_name(asked.filter)}.pdf"'
    return response


def _sight(request: HttpRequest) -> Sight:
    assert isinstance(request.user, Person)
    return sight_of(request.user)


def _name(told: GapFilter) -> str:
    return _("brand-gap-%(since)s-%(until)s") % {
        "since": told.since.isoformat(),
        "until": told.until.isoformat(),
    }


def _sentence(asked: Asked) -> dict[str, Any]:
    return {"asked": asked, "filter": asked.filter, "whose": asked.whose}
