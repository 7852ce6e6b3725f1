"""Pages of bringing files in: upload, check how it is read, watch it, fetch what was rejected."""

from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openroads.connectors.files import Reading
from openroads.connectors.port import Refused
from openroads.directory.models import Person
from openroads.listening import policy, queries
from openroads.listening.actions import imports as actions
from openroads.listening.forms import ReadingForm, UploadForm
from openroads.listening.models import Import
from openroads.listening.saying import translated
from openroads.listening.whence import whence


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_import(request.user):
        raise PermissionDenied
    return request.user


def _import(request: HttpRequest, import_id: int) -> Import:
    return get_object_or_404(queries.imports_for(_person(request)), pk=import_id)


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Every import, and a form for the next file."""
    person = _person(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            item = actions.receive_file(
                by=person, name=file.name, content=file.chunks(), brand=form.cleaned_data["brand"]
            )
        except Refused as refused:
            form.add_error("file", translated(refused.why))
        else:
            return redirect("listening:import", item.pk)
    context = {"form": form, "imports": queries.imports_for(person)[:100]}
    return render(request, "listening/imports.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def one_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: to be checked it shows the preview and what to put right; later, how far it is."""
    item = _import(request, import_id)
    if item.state != Import.State.CHECKING:
        part = "listening/_progress.html" if _wants_part(request) else "listening/import.html"
        return render(request, part, {"item": item})
    reading = Reading.from_json(item.reading)
    form = ReadingForm(
        request.POST or None, reading=reading, whence=whence(reading), initial={"brand": item.brand}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_reading(
                by=_person(request),
                item=item,
                brand=form.cleaned_data["brand"],
                **form.corrections(),
            )
        except Refused as refused:
            form.add_error(None, translated(refused.why))
        else:
            if "start" in request.POST:
                actions.start_import(by=_person(request), item=item, **form.origin())
            return redirect("listening:import", item.pk)
    context = {"item": item, "reading": reading, "form": form}
    return render(request, "listening/check.html", context, status=400 if form.errors else 200)


def _wants_part(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


@require_POST
def start(request: HttpRequest, import_id: int) -> HttpResponse:
    """Read the file as shown."""
    item = actions.start_import(by=_person(request), item=_import(request, import_id))
    return redirect("listening:import", item.pk)


@require_POST
def stop(request: HttpRequest, import_id: int) -> HttpResponse:
    """Stop after the batch at hand, or put a file aside that nobody reads."""
    item = actions.cancel_import(by=_person(request), item=_import(request, import_id))
    if item.state == Import.State.CANCELLED:
        told = _("%(name)s is put aside. It can be taken up again later.")
    else:
        told = _("%(name)s stops after the batch at hand. It can go on later.")
    messages.info(request, told % {"name": item.name})
    return redirect("listening:import", item.pk)


@require_POST
def resume(request: HttpRequest, import_id: int) -> HttpResponse:
    """Go on where it stopped."""
    item = actions.resume_import(by=_person(request), item=_import(request, import_id))
    return redirect("listening:import", item.pk)


@require_GET
def rejected(request: HttpRequest, import_id: int) -> FileResponse:
    """The rejected rows with the reason of each, to be put right and imported again."""
    item = _import(request, import_id)
    path = Path(item.rejected_path) if item.rejected_path else None
    if path is None or not path.exists() or not item.rejected:
        raise Http404(_("No row of this file was rejected."))
    name = _("%(name)s-rejected.csv") % {"name": Path(item.name).stem}
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
