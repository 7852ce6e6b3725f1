"""Pages of bringing files in: upload, check how it is read, watch it, fetch what was rejected."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from openroads.connectors.failures import Refused
from openroads.connectors.files import Reading
from openroads.directory.models import Person
from openroads.listening import policy, queries
from openroads.listening.actions import imports as actions
from openroads.listening.forms.reading import ReadingForm
from openroads.listening.forms.uploading import UploadForm
from openroads.listening.models import Import
from openroads.listening.saying import translated
from openroads.listening.sight.policy import may_see_file
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
                by=person, name=file.name, content=_content(file), brand=form.cleaned_data["brand"]
            )
        except Refused as refused:
            form.add_error("file", translated(refused.why))
        else:
            return redirect("listening:import", item.pk)
    shown = Paginator(queries.imports_for(person), 50).get_page(request.GET.get("page"))
    context = {"form": form, "imports": shown}
    return render(request, "listening/imports.html", context, status=400 if form.errors else 200)


def _content(file: Any) -> Path | Iterable[bytes]:
    """A large upload stands in our folder already; a small one is in memory."""
    if isinstance(file, TemporaryUploadedFile):
        return Path(file.temporary_file_path())
    chunks: Iterable[bytes] = file.chunks()
    return chunks


@require_http_methods(["GET", "POST"])
def one_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: to be checked it shows the preview and what to put right; later, how far it is."""
    item = _import(request, import_id)
    if item.state != Import.State.CHECKING and request.method == "POST" and _wants_part(request):
        return HttpResponseClientRefresh()  # somebody started it meanwhile: no row is left to draw
    if item.state != Import.State.CHECKING:
        part = "listening/_progress.html" if _wants_part(request) else "listening/import.html"
        context = {"item": item, "may_see_file": may_see_file(_person(request), item)}
        return render(request, part, context)
    _refuse_stranger(_person(request), item)
    reading = Reading.from_json(item.reading)
    form = ReadingForm(
        request.POST or None, reading=reading, whence=whence(reading), initial={"brand": item.brand}
    )
    # What a script sent of a page that has been left since must not undo what was said after it.
    late = form.stale and _wants_part(request)
    if late:
        form = ReadingForm(reading=reading, whence=whence(reading), initial={"brand": item.brand})
    elif request.method == "POST" and form.is_valid() and _corrected(request, item, form):
        return redirect(f"{request.path}?corrected={'written' if form.reads_anew else 'columns'}")
    context = {"item": item, "reading": reading, "form": form}
    # htmx leaves a page as it is when the answer is no 200.
    wrong = form.errors and not _wants_part(request)
    return render(request, "listening/check.html", context, status=400 if wrong else 200)


def _corrected(request: HttpRequest, item: Import, form: ReadingForm) -> bool:
    """Read the file as the person says, and start when they say so too: but never rows that nobody has
    seen. False, with the reason in the form, when it cannot be read so."""
    unseen, person = form.is_unseen, _person(request)
    # A button outlives a script's request that was still under way when it was pressed.
    tries = 1 if _wants_part(request) else 3
    try:
        actions.correct_reading(
            by=person, item=item, writing=form.writing(), tries=tries, **form.corrections()
        )
        if "start" in request.POST and not unseen:
            actions.start_import(by=person, item=item, **form.origin())
    except Refused as refused:
        form.add_error(None, translated(refused.why))
        return False
    if "start" in request.POST and unseen:
        messages.info(request, _("The file is read in another way now. Look at its rows, then import it."))  # fmt: skip
    return True


def _refuse_stranger(person: Person, item: Import) -> None:
    if not may_see_file(person, item):
        raise PermissionDenied(
            _("The rows of this file may hold names. Who brought it in can look at them, and who sees names.")
        )  # fmt: skip


def _wants_part(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


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
    _refuse_stranger(_person(request), item)
    name = _("%(name)s-rejected.csv") % {"name": Path(item.name).stem}
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
