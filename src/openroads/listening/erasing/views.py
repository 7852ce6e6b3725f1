"""The pages of erasing: look somebody up, hand out what is held, erase, and the register."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.erasing import actions
from openroads.listening.erasing.forms import AuthorForm, EraseForm
from openroads.listening.erasing.models import Erasure

IN_LIST = 100


def _eraser(request: HttpRequest) -> Person:
    person = request.user
    assert isinstance(person, Person)
    directory_policy.require(person, policy.may_erase)
    return person


@require_http_methods(["GET", "POST"])
def erasures(request: HttpRequest) -> HttpResponse:
    """The register, and a form to look somebody up. What is looked up goes by POST: a handle does
    not belong in an address that browsers and logs remember."""
    by = _eraser(request)
    form = AuthorForm(request.POST or None)
    if form.is_valid():
        try:
            held = actions.look_up(by=by, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return _held(request, held, EraseForm(initial=form.cleaned_data))
    context = {"form": form, "erasures": Erasure.objects.select_related("by")[:IN_LIST]}
    status = 400 if form.errors else 200
    return render(request, "listening/erasing/erasures.html", context, status=status)


@require_POST
def download(request: HttpRequest) -> HttpResponseBase:
    """Everything held of an author, to be handed to them."""
    by, form = _eraser(request), AuthorForm(request.POST)
    if not form.is_valid():
        return redirect("erasing:erasures")
    readable = request.POST.get("as") == "page"
    lines = actions.export_author(by=by, readable=readable, **form.cleaned_data)
    kind, ending = ("text/html", "html") if readable else ("application/x-ndjson", "jsonl")
    response = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    name = _("what-we-hold-%(day)s") % {"day": timezone.localdate().isoformat()}
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Erase, when the handle was typed twice alike."""
    by, form = _eraser(request), EraseForm(request.POST)
    if form.is_valid():
        try:
            return redirect("erasing:erasure", actions.ask_erasure(by=by, **form.cleaned_data).pk)
        except ValidationError as problem:
            form.add_error(None, problem)
    who = AuthorForm(request.POST)
    if not who.is_valid():
        return redirect("erasing:erasures")
    return _held(request, actions.look_up(by=by, **who.cleaned_data), form)


@require_safe
def erasure(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """One erasure: how far it is, and afterwards the proof."""
    _eraser(request)
    item = get_object_or_404(Erasure.objects.select_related("by"), pk=erasure_id)
    part = "listening/erasing/_outcome.html" if getattr(request, "htmx", False) else ""
    return render(request, part or "listening/erasing/erasure.html", {"item": item})


@require_POST
def drop_file(request: HttpRequest, erasure_id: int, import_id: int) -> HttpResponse:
    """Delete a file that still holds the author."""
    by = _eraser(request)
    item = get_object_or_404(Erasure, pk=erasure_id)
    try:
        actions.drop_file(by=by, erasure=item, import_id=import_id)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("erasing:erasure", item.pk)


@require_POST
def settle(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """What was left is looked at."""
    by = _eraser(request)
    item = get_object_or_404(Erasure, pk=erasure_id)
    actions.call_settled(by=by, erasure=item)
    return redirect("erasing:erasure", item.pk)


def _held(request: HttpRequest, held: Any, form: EraseForm) -> HttpResponse:
    context = {"held": held, "form": form}
    status = 400 if form.errors else 200
    return render(request, "listening/erasing/held.html", context, status=status)
