"""Pages of the register: every source with its ground, one entry to change, the company, and CSV."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening import queries as room
from openroads.listening.keeping.queries import house_rule
from openroads.listening.register import actions, downloads, queries
from openroads.listening.register.assessment import Assessment, assessment
from openroads.listening.register.forms import ControllerForm, EntryForm


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_read_conversations(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every source as the register has it, with its holes; on paper it is the register itself."""
    person = _reader(request)
    rows = queries.register_for(person)
    context = {
        "rows": rows,
        "company": room.company(),
        "holes": sum(len(row.holes) for row in rows),
        "controller": queries.controller(),
        "besides": queries.kept_besides(),
        "deletions": queries.deletions(timezone.now()),
        "may_assess": policy.may_assess(person),
        "may_keep": policy.may_keep_sources(person),
        "may_set": policy.may_set_keeping(person),
    }
    return render(request, "listening/register/register.html", context)


@require_safe
def register_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The register as a table."""
    rows = downloads.register_csv(queries.register_for(_reader(request)), queries.controller(), room.company())  # fmt: skip
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    name = _("processing-register-%(day)s") % {"day": timezone.localdate().isoformat()}
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _assessment(request: HttpRequest) -> Assessment:
    person = _reader(request)
    if not policy.may_assess(person):
        raise PermissionDenied
    rows, house = queries.register_for(person), house_rule()
    return assessment(rows, queries.controller(), room.company(), house, queries.posts_held())


@require_safe
def dpia(request: HttpRequest) -> HttpResponse:
    """The impact assessment with what is known filled in and what is not named; on paper it is the template."""
    context = {"dpia": _assessment(request), "today": timezone.localdate()}
    return render(request, "listening/register/dpia.html", context)


@require_safe
def dpia_file(request: HttpRequest) -> HttpResponse:
    """The same as a file that a word processor opens, to be filled in."""
    context = {"dpia": _assessment(request), "today": timezone.localdate()}
    response = render(request, "listening/register/dpia_file.html", context)
    name = _("impact-assessment-%(day)s") % {"day": timezone.localdate().isoformat()}
    response["Content-Disposition"] = f'attachment; filename="{name}.html"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, source_id: int) -> HttpResponse:
    """Say otherwise why and on what ground a source is read."""
    person = _reader(request)
    if not policy.may_keep_sources(person):
        raise PermissionDenied
    source = get_object_or_404(room.sources_for(person), pk=source_id)
    row = queries.entry_for(person, source)
    if row is None:
        raise Http404
    form = EntryForm(request.POST or None, row, may_set_keeping=policy.may_set_keeping(person))
    if request.method == "POST" and form.is_valid():
        actions.change_entry(by=person, source=source, said=form.said())
        messages.success(request, _("The register says so from now on."))
        return redirect("listening:source", source.pk)
    context = {"form": form, "row": row}
    return render(
        request, "listening/register/entry.html", context, status=400 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def controller(request: HttpRequest) -> HttpResponse:
    """Say who answers for all processing, and how it is kept safe."""
    person = _reader(request)
    if not policy.may_set_keeping(person):
        raise PermissionDenied
    form = ControllerForm(request.POST or None, instance=queries.controller())
    if request.method == "POST" and form.is_valid():
        actions.change_controller(by=person, said=form.cleaned_data)
        messages.success(request, _("The register says so from now on."))
        return redirect("listening:register")
    context = {"form": form}
    return render(request, "listening/register/controller.html", context, status=400 if form.errors else 200)  # fmt: skip
