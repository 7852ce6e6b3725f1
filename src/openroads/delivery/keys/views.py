"""The pages of keys for reading: which there are, a new one, and the end of one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openroads.delivery.keys import actions, queries
from openroads.delivery.keys.forms import KeyForm
from openroads.delivery.policy import may_keep_delivery
from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.directory.views.answers import done, me


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Which programs read here."""
    by = _keeper(request)
    found = list(queries.keys_for(by))
    return render(request, "delivery/keys.html", {"keys": found, "today": timezone.localdate()})


@require_http_methods(["GET", "POST"])
@sensitive_variables("made", "token")
def add_key(request: HttpRequest) -> HttpResponse:
    """Another key, shown on the answer, once."""
    by, form = _keeper(request), KeyForm(request.POST or None)
    made: list[str] = []
    if done(form, lambda: made.append(actions.make_key(by=by, **form.cleaned_data)[1])):
        (token,) = made
        shown = {"token": token, "name": form.cleaned_data["name"], "reads": form.cleaned_data["reads"][0]}  # fmt: skip
        answer = render(request, "delivery/key_made.html", shown)
        answer["Cache-Control"] = "no-store"
        return answer
    return render(request, "delivery/add_key.html", {"form": form}, status=400 if form.errors else 200)  # fmt: skip


@require_POST
def end_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """Let it open nothing any more."""
    by = _keeper(request)
    key = get_object_or_404(queries.keys_for(by), pk=key_id)
    actions.end_key(by=by, key=key)
    messages.success(request, _("%(name)s reads nothing any more.") % {"name": key.name})
    return redirect("delivery:keys")


def _keeper(request: HttpRequest) -> Person:
    person = me(request)
    directory_policy.require(person, may_keep_delivery)
    return person
