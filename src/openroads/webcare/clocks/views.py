"""Pages of opening hours and promises."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory.models import Person
from openroads.webcare import policy
from openroads.webcare.clocks import actions, pages, queries
from openroads.webcare.clocks.forms import HoursForm, PromiseForm
from openroads.webcare.clocks.models import TargetPolicy, WorkCalendar

READ_OR_SEND = ["GET", "HEAD", "POST"]


def _lead(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_lead(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def service_times(request: HttpRequest) -> HttpResponse:
    """What is promised for whom, and the hours it is counted by."""
    _lead(request)
    now, teams = timezone.now(), pages.team_names()
    context = {
        "promises": [pages.promise_row(one, teams) for one in queries.promises_in_force()],
        "calendars": [pages.hours_row(*one, now) for one in queries.hours_by_calendar()],
    }
    return render(request, "webcare/clocks/service_times.html", context)


@require_http_methods(READ_OR_SEND)
def add_hours(request: HttpRequest) -> HttpResponse:
    """New opening hours."""
    return _hours(request, None)


@require_http_methods(READ_OR_SEND)
def hours(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Opening hours from now on."""
    _lead(request)
    return _hours(request, get_object_or_404(WorkCalendar, pk=calendar_id))


def _hours(request: HttpRequest, calendar: WorkCalendar | None) -> HttpResponse:
    person = _lead(request)
    last = queries.last_hours(calendar) if calendar else None
    form = HoursForm(request.POST or None, last=last)

    def do() -> str:
        version = actions.set_calendar(by=person, calendar=calendar, **form.told())
        example = pages.preview(version.as_worked(), timezone.now())
        return _("Set: they hold from now on. %(example)s") % {"example": example}

    if _was_done(request, form, do):
        return redirect("webcare:service_times")
    context = {
        "form": form,
        "calendar": calendar,
        "last": last,
        "example": pages.preview(last.as_worked(), timezone.now()) if last else "",
    }
    status = 400 if form.errors else 200
    return render(request, "webcare/clocks/hours.html", context, status=status)


@require_POST
def remove_hours(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Take opening hours away that nothing counts by."""
    person = _lead(request)
    calendar = get_object_or_404(WorkCalendar, pk=calendar_id)
    try:
        actions.remove_calendar(by=person, calendar=calendar)
        messages.success(request, _("%(name)s is removed.") % {"name": calendar.name})
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("webcare:service_times")


@require_http_methods(READ_OR_SEND)
def add_promise(request: HttpRequest) -> HttpResponse:
    """A new promise."""
    return _promise(request, None)


@require_http_methods(READ_OR_SEND)
def promise(request: HttpRequest, policy_id: int) -> HttpResponse:
    """A promise from now on."""
    _lead(request)
    return _promise(request, get_object_or_404(TargetPolicy, pk=policy_id))


def _promise(request: HttpRequest, target: TargetPolicy | None) -> HttpResponse:
    person = _lead(request)
    last = queries.last_promise(target) if target else None
    form = PromiseForm(request.POST or None, last=last)

    def do() -> str:
        actions.set_policy(by=person, policy_to_change=target, **form.told())
        return _("Promised from now on. Who waits already keeps what was promised to them.")

    if _was_done(request, form, do):
        return redirect("webcare:service_times")
    context = {"form": form, "target": target, "last": last}
    status = 400 if form.errors else 200
    return render(request, "webcare/clocks/promise.html", context, status=status)


@require_POST
def end_promise(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Promise this no more."""
    person = _lead(request)
    target = get_object_or_404(TargetPolicy, pk=policy_id)
    actions.end_policy(by=person, policy_to_end=target)
    messages.success(request, _("%(name)s is promised no more. Who waits already keeps it.") % {"name": target.name})  # fmt: skip
    return redirect("webcare:service_times")


def _was_done(request: HttpRequest, form: Form, do: Callable[[], str]) -> bool:
    """Whether it was sent and done; a fault goes back to the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        messages.success(request, do())
    except ValidationError as problem:
        known = problem.message_dict if hasattr(problem, "error_dict") else {}
        for name, faults in known.items():
            form.add_error(name if name in form.fields else None, faults)
        if not known:
            form.add_error(None, problem.messages)
        return False
    return True
