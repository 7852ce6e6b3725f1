"""What the pages of changes share: who reads, and a form that does one deed and goes back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from openroads.changes import change_queries
from openroads.changes.models import Change
from openroads.directory.models import Person

READ_OR_SEND = ["GET", "HEAD", "POST"]


def reader(request: HttpRequest) -> Person:
    """Who reads changes; refused where there is nothing of them for somebody."""
    assert isinstance(request.user, Person)
    if not change_queries.may_see_changes(request.user):
        raise PermissionDenied
    return request.user


def one_change(request: HttpRequest, number: int) -> tuple[Person, Change]:
    """The change of an address, when it exists for who asks."""
    person = reader(request)
    return person, get_object_or_404(change_queries.changes_for(person), number=number)


def allow(may: bool) -> None:
    """Refuse the page of a deed to who may not do it."""
    if not may:
        raise PermissionDenied


def blame(form: Form, problem: ValidationError) -> None:
    """Put a fault of the action where it belongs."""
    known = problem.message_dict if hasattr(problem, "error_dict") else {}
    for name, faults in known.items():
        form.add_error(name if name in form.fields else None, faults)
    if not known:
        form.add_error(None, problem.messages)


def done(
    request: HttpRequest, form: Form, do: Callable[[], str], back: str, words: dict[str, Any],
    template: str = "changes/change_form.html",
) -> HttpResponse:  # fmt: skip
    """Do it and go `back`; with a fault, the form again. `words`: thing, title, told, deed, danger."""
    if request.method == "POST" and form.is_valid():
        try:
            said = do()
        except ValidationError as problem:
            blame(form, problem)
        else:
            if not form.errors:
                messages.success(request, said)
                return redirect(back)
    context = {"form": form, "back": back, **words}
    return render(request, template, context, status=400 if form.errors else 200)
