"""The page of the trail: who did what, of whom, as a file, and whether it is as it was written."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openroads.directory import policy, queries, trail
from openroads.directory.deeds import deed_words, facts_words, thing_words
from openroads.directory.forms import TrailForm
from openroads.directory.models import TrailEntry
from openroads.directory.queries import TrailFilter
from openroads.directory.views.answers import me
from openroads.ui.sheets import csv_lines


@require_http_methods(["GET", "POST"])
def trail_page(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first; POST checks the whole chain."""
    by, form = me(request), TrailForm(request.GET)
    asked = form.asked()
    entries = queries.trail_for(by, asked, before=form.before_number)
    context = {
        "entries": entries,
        "asked": asked,
        "people": queries.people_in_trail(by),
        "deeds": sorted(((deed, deed_words(deed)) for deed in queries.deeds_in_trail(by)), key=lambda each: each[1].lower()),
        "filter_query": _query(asked),
        "older": _query(asked, entries[-1].number) if len(entries) == queries.TRAIL_A_PAGE else "",
        "verdict": trail.verify_trail() if request.method == "POST" else None,
        "head": trail.last_written(),
    }  # fmt: skip
    return render(request, "directory/trail.html", context)


@require_safe
def trail_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same entries as a file, oldest first, with the hashes."""
    by = me(request)
    policy.require(by, policy.may_see_trail)
    entries = queries.whole_trail_for(by, TrailForm(request.GET).asked())
    response = StreamingHttpResponse(
        csv_lines(_rows(entries)), content_type="text/csv; charset=utf-8"
    )
    name = _("trail-%(day)s") % {"day": timezone.localdate().isoformat()}
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _rows(entries: Iterator[TrailEntry]) -> Iterator[list[object]]:
    yield [
        _("number"), _("when"), _("who"), _("deed"), _("thing"), _("facts"),
        _("deed as kept"), _("thing as kept"), _("facts as kept"), _("hash"),
    ]  # fmt: skip
    for entry in entries:
        yield [
            entry.number, timezone.localtime(entry.at).isoformat(), str(entry.by),
            deed_words(entry.verb), thing_words(entry),
            "; ".join(f"{name}: {fact}" for name, fact in facts_words(entry)),
            entry.verb, f"{entry.kind} {entry.thing}".strip(), entry.facts_text, entry.hash,
        ]  # fmt: skip


def _query(asked: TrailFilter, before: int = 0) -> str:
    told = {"by": asked.by, "deed": asked.deed, "before": before}
    return urlencode({name: value for name, value in told.items() if value})
