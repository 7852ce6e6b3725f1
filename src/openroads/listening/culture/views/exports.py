"""Pages of exports: which posts and which kind of file, and the files that stand."""

from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openroads.directory.models import Person
from openroads.listening.culture import policy, queries
from openroads.listening.culture.actions import exporting
from openroads.listening.culture.forms import ExportForm
from openroads.listening.culture.freezing import describe
from openroads.listening.culture.models import Export
from openroads.listening.culture.views.readers import READ_OR_SEND, blame, reader
from openroads.listening.explore import asking
from openroads.listening.explore.words import written
from openroads.listening.sight.seeing import sight_of


def _exporter(request: HttpRequest) -> Person:
    person = reader(request)
    if not policy.may_export_posts(person):
        raise PermissionDenied
    return person


@require_http_methods(READ_OR_SEND)
def exports(request: HttpRequest) -> HttpResponse:
    """Ask for the posts of the address as a file; the files one asked for and that stand still."""
    person = _exporter(request)
    told = QueryDict(request.GET.urlencode())
    asked = asking.asked(told, person, language=get_language() or "en")
    query = written(asked.filter.q, sight_of(person))
    found = 0
    if not query.faults:
        found = asking.reading(asked.filter, query.condition, words=False).posts
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            export = exporting.ask_export(
                by=person, query=asked.filter.query(), form=form.cleaned_data["format"],
                found=found, language=(get_language() or "en")[:2],
            )  # fmt: skip
        except ValidationError as problem:
            blame(form, problem)
        else:
            return _answer(request, export)
    context = {
        "form": form,
        "what": describe(asked),
        "asked": asked,
        "found": found,
        "most": exporting.MOST,
        "is_later": found > exporting.AT_ONCE,
        "query_string": asked.filter.query(),
        "exports": queries.exports_for(person)[:20],
    }
    return render(request, "listening/culture/exports.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_safe
def export_file(request: HttpRequest, export_id: int) -> FileResponse:
    """The file, for who asked for it, while it stands."""
    person = _exporter(request)
    export = get_object_or_404(queries.exports_for(person), pk=export_id)
    path = Path(export.path) if export.path else None
    if export.state != Export.State.DONE or path is None or not path.exists():
        raise Http404(_("This file does not stand any more. Ask for it anew."))
    name = _("posts-%(number)s") % {"number": export.pk}
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.{export.format}")


def _answer(request: HttpRequest, export: Export) -> HttpResponse:
    if export.found <= exporting.AT_ONCE:
        exporting.write_export(export=export)
        return redirect("culture:export_file", export.pk)
    messages.success(request, _("The file is being written. A notice tells when it is ready."))
    return redirect("culture:exports")
