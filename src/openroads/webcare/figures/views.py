"""The page of contact moments and times, its table as a file, and how everything is counted."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from openroads.directory.models import Person
from openroads.ui.sheets import csv_lines
from openroads.webcare import policy
from openroads.webcare.figures import pages, queries, sentence
from openroads.webcare.figures.forms import asked_in


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_see_figures(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How long people wait, how many contact moments there are, and how satisfied people are."""
    person = _reader(request)
    asked = asked_in(person, request.GET)
    sees_all = queries.sees_all(person)
    context = {
        "page": pages.figures_page(queries.reading(person, asked), timezone.now()),
        "sentence": sentence.sentence(asked, queries.teams_for(person), sees_all=sees_all),
        "query": sentence.query_of(asked),
        "may_lead": policy.may_lead(person),
    }
    return render(request, "webcare/figures/figures.html", context)


@require_safe
def figures_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The weeks as a file."""
    person = _reader(request)
    read = queries.reading(person, asked_in(person, request.GET))
    response = StreamingHttpResponse(
        csv_lines(pages.csv_rows(read)), content_type="text/csv; charset=utf-8"
    )
    name = _("contact-moments-%(day)s") % {"day": timezone.localdate().isoformat()}
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How everything is counted, in words."""
    _reader(request)
    return render(request, "webcare/figures/method.html")
