"""Pages of reputation: the figures with who carries them, the steering actions, and how it is counted."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.explore.queries import events_between
from openroads.listening.reputation import asking, queries
from openroads.listening.reputation.actions import log_steering, withdraw_steering
from openroads.listening.reputation.carriers import names_for
from openroads.listening.reputation.effects import WEEKS
from openroads.listening.reputation.forms import SteeringForm
from openroads.listening.reputation.page import carriers_page, reputation_page
from openroads.listening.reputation.steering_page import action_row
from openroads.listening.sight.seeing import sight_of

LATEST = 3


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_read_conversations(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def reputation(request: HttpRequest) -> HttpResponse:
    """How loud and how liked we are beside our competitors, and who carries it."""
    person = _reader(request)
    told = asking.asked(request.GET, person, language=get_language() or "en")
    reading = asking.reading(told)
    scope = told.filter.scope
    events = events_between(scope.since, scope.until, told.filter.brand)
    found = asking.carriers(told)
    latest = list(queries.steering_for(person, told.filter.brand)[:LATEST])
    context = {
        "told": told,
        "asked": told.asked,
        "filter": told.filter,
        "page": reputation_page(reading, told, events),
        "carriers": carriers_page(found, names_for(archive(), found, sight_of(person))),
        "actions": [action_row(*each) for each in asking.effects(latest)],
        "may_log": policy.may_mark_events(person),
    }
    return render(request, "listening/reputation/reputation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def steering(request: HttpRequest) -> HttpResponse:
    """Everything done to steer the conversation with what came of it; a POST logs another."""
    person = _reader(request)
    may_log = policy.may_mark_events(person)
    if request.method == "POST" and not may_log:
        raise PermissionDenied
    form = SteeringForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            action = log_steering(by=person, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("“%(what)s” is logged and marked on every line over time.") % {"what": action.what})  # fmt: skip
            return redirect("reputation:steering")
    actions = list(queries.steering_for(person))
    others = queries.others_marked(actions, timedelta(weeks=WEEKS))
    context = {
        "actions": [action_row(*each, others[each[0].pk]) for each in asking.effects(actions)],
        "form": form,
        "may_log": may_log,
    }
    return render(request, "listening/reputation/steering.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, action_id: int) -> HttpResponse:
    """Withdraw what was logged by mistake."""
    person = _reader(request)
    action = get_object_or_404(queries.steering_for(person), pk=action_id)
    withdraw_steering(by=person, action=action)
    messages.success(request, _("“%(what)s” is withdrawn.") % {"what": action.what})
    return redirect("reputation:steering")


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How reputation, signals and themes are counted, formula by formula."""
    _reader(request)
    return render(request, "listening/reputation/method.html")
