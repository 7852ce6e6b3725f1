"""Pages of trackers: giving one an address, its secret shown once, and how it tells us."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openroads.changes import change_queries, policy
from openroads.changes.actions import trackers as actions
from openroads.changes.forms import TrackerForm
from openroads.changes.models import TrackerDoor
from openroads.changes.views.doing import READ_OR_SEND, allow
from openroads.directory.models import Person


@require_http_methods(READ_OR_SEND)
def trackers(request: HttpRequest) -> HttpResponse:
    """Every tracker that may tell us something, and one more."""
    person = request.user
    assert isinstance(person, Person)
    allow(policy.may_keep_trackers(person))
    form, secret, made = TrackerForm(request.POST or None), "", None
    if request.method == "POST" and form.is_valid():
        made, secret = actions.open_door(by=person, name=form.cleaned_data["name"])
        form = TrackerForm()
    house = settings.OPENROADS.url.rstrip("/")
    rows = [(door, f"{house}/hooks/tracker/{door.public_id}") for door in change_queries.doors_for(person)]  # fmt: skip
    context = {"form": form, "rows": rows, "secret": secret, "made": made}
    return render(request, "changes/trackers.html", context, status=400 if form.errors else 200)


@require_POST
def close_tracker(request: HttpRequest, door_id: int) -> HttpResponse:
    """Take nothing more from a tracker."""
    person = request.user
    assert isinstance(person, Person)
    door = get_object_or_404(TrackerDoor, pk=door_id)
    actions.close_door(by=person, door=door)
    messages.success(request, _("Nothing more is taken from %(name)s.") % {"name": door.name})
    return redirect("changes:trackers")
