"""What every page of the directory does: knowing who asks, and saying why a deed could not be done."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openroads.directory.models import Person


def me(request: HttpRequest) -> Person:
    """Who looks. The middleware lets nobody through to these pages without a name."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def done(form: BaseForm, deed: Callable[[], object]) -> bool:
    """Whether the form was filled in well and the deed is done; what stood in the way is on the form."""
    if not form.is_valid():
        return False
    try:
        deed()
    except ValidationError as problem:
        form.add_error(None, _beside_fields(problem, form))
        return False
    return True


def done_or_said(
    request: HttpRequest, deed: Callable[[], object], then: str, said: str = ""
) -> HttpResponse:
    """Do it and go to `then`, with the sentence when it cannot be done."""
    try:
        deed()
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, said or _("Done."))
    return redirect(then)


def form_page(
    request: HttpRequest,
    form: BaseForm,
    *,
    title: str,
    deed: str,
    back: str,
    **more: Any,
) -> HttpResponse:
    """A page that asks one thing. `more`: told (a sentence), ends (`Ending`) and what else it shows."""
    context = {"form": form, "title": title, "deed": deed, "back": back, **more}
    status = 400 if form.errors else 200
    return render(request, "directory/form.html", context, status=status)


def _beside_fields(problem: ValidationError, form: BaseForm) -> Any:
    """A message stays beside its field when the form has one of that name."""
    if not hasattr(problem, "error_dict"):
        return problem
    names = {"forms": "spelled"}
    told: dict[str, Any] = {}
    for field, errors in problem.error_dict.items():
        shown = names.get(field, field)
        told.setdefault(shown if shown in form.fields else "__all__", []).extend(errors)
    return ValidationError(told)
