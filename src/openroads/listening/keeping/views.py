"""The page of how long things are kept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.keeping import actions, queries
from openroads.listening.keeping.forms import KeepingForm


def _keeper(request: HttpRequest) -> Person:
    person = request.user
    assert isinstance(person, Person)
    directory_policy.require(person, policy.may_set_keeping)
    return person


@require_http_methods(["GET", "POST"])
def keeping(request: HttpRequest) -> HttpResponse:
    """How long posts of each source are kept, and what is past that now."""
    by, house = _keeper(request), queries.house_rule()
    rows, others = queries.kept_sources(house), queries.kept_elsewhere(counted=True)
    form = KeepingForm(request.POST or None, house, rows, others)
    if form.is_valid():
        actions.set_keeping(by=by, **form.months())
        messages.success(
            request, _("Kept from now on as you say. What is past its time goes tonight.")
        )
        return redirect("keeping:keeping")
    old = [row for row in rows if row.old]
    context = {"form": form, "rule": house, "old": old, "posts": sum(row.old.posts for row in old if row.old), "past": sum(other.past for other in others)}  # fmt: skip
    return render(request, "listening/keeping/keeping.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_POST
def take_out(request: HttpRequest) -> HttpResponse:
    """Take out now what would go tonight."""
    actions.ask_run(by=_keeper(request))
    messages.success(request, _("It is being taken out; this takes some minutes."))
    return redirect("keeping:keeping")
