"""Pages of changes: the list, one change with its thread, the clocks, and what is done with a change."""

import csv

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.changes import (
    change_pages,
    change_queries,
    clocks,
    exhibits,
    page_of_change,
    policy,
    queries,
)
from openroads.changes.actions import changing, measuring
from openroads.changes.actions.insights import note_reading
from openroads.changes.forms import CorrectForm, LiveForm, PostponeForm, WithdrawForm, YieldForm
from openroads.changes.models import Change, Reading
from openroads.changes.views.doing import READ_OR_SEND, allow, done, one_change, reader
from openroads.directory.conversations import archive


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Changes by department, of the state in the address; those being made first."""
    person, today = reader(request), timezone.localdate()
    told = request.GET.get("state", "")
    state = told if told in Change.State.values else Change.State.MAKING
    shown = change_queries.list_changes(person, state, request.GET.get("department", ""))
    context = {
        "page": change_pages.list_page(shown.changes, state, today),
        "state": state,
        "counts": [(value, words, shown.counts[value]) for value, words in Change.State.choices],
        "departments": shown.departments,
        "department": shown.department,
        "sees_insights": policy.may_see_insights(person),
    }
    return render(request, "changes/changes.html", context)


@require_safe
def change(request: HttpRequest, number: int) -> HttpResponse:
    """One change hanging on its golden thread, with what it did, its clocks and its money."""
    person = reader(request)
    found = get_object_or_404(change_queries.whole(change_queries.changes_for(person)), number=number)  # fmt: skip
    note_reading(by=person, kind=Reading.Kind.CHANGE, thing=found.pk)
    context = {"change": found, "page": page_of_change.page_of(found, person, timezone.localdate())}
    return render(request, "changes/change.html", context)


@require_safe
def weeks_csv(request: HttpRequest, number: int) -> HttpResponse:
    """The weeks of the last measurement as a file."""
    _person, found = one_change(request, number)
    made = found.measurements.order_by("-on").first()
    if made is None:
        raise Http404
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.code}.csv"'
    csv.writer(answer).writerows(exhibits.csv_rows(made))
    return answer


@require_safe
def all_clocks(request: HttpRequest) -> HttpResponse:
    """Every clock: of all, per department, and over time."""
    reader(request)
    names = dict(queries.departments_to_choose().values_list("pk", "name"))
    page = change_pages.clocks_page(clocks.threads(), names, timezone.localdate())
    return render(request, "changes/clocks.html", {"page": page})


@require_safe
def definition(request: HttpRequest) -> HttpResponse:
    """How it is measured again, in words."""
    reader(request)
    return render(request, "changes/definition.html", {"shortest": measuring.SHORTEST, "longest": measuring.LONGEST, "target": clocks.TARGET})  # fmt: skip


@require_http_methods(READ_OR_SEND)
def live(request: HttpRequest, number: int) -> HttpResponse:
    """Say that it is live, with its proof."""
    person, found = one_change(request, number)
    allow(policy.may_keep_change(person, found))
    form = LiveForm(request.POST or None, initial={"live_on": timezone.localdate()})

    def do() -> str:
        changing.go_live(by=person, change=found, **form.cleaned_data)
        return _("Live. Webcare is told that it can be told back.")

    told = _("From this day it is measured again by itself, and who raised it can be told.")
    words = {"thing": found, "title": _("Say it is live"), "told": told, "deed": _("Say it is live")}  # fmt: skip
    return done(request, form, do, _page(found), words)


@require_http_methods(READ_OR_SEND)
def postpone(request: HttpRequest, number: int) -> HttpResponse:
    """Promise another day."""
    person, found = one_change(request, number)
    allow(policy.may_keep_change(person, found))
    form = PostponeForm(request.POST or None)

    def do() -> str:
        changing.postpone(by=person, change=found, **form.cleaned_data)
        return _("Promised for another day; the reason stands in its history.")

    told = _("The clock runs on from the decision; the first day promised stays in sight.")
    words = {"thing": found, "title": _("Promise another day"), "told": told, "deed": _("Promise this day")}  # fmt: skip
    return done(request, form, do, _page(found), words)


@require_http_methods(READ_OR_SEND)
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """Another name, owner or tracker."""
    person, found = one_change(request, number)
    allow(policy.may_keep_change(person, found))
    form = CorrectForm(request.POST or None, change=found)

    def do() -> str:
        changing.correct_change(by=person, change=found, **form.cleaned_data)
        return _("Kept.")

    words = {"thing": found, "title": _("Correct it"), "told": "", "deed": _("Keep this")}
    return done(request, form, do, _page(found), words)


@require_http_methods(READ_OR_SEND)
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """End a change that is not made after all."""
    person, found = one_change(request, number)
    allow(policy.may_keep_change(person, found))
    form = WithdrawForm(request.POST or None)

    def do() -> str:
        changing.stop(by=person, change=found, **form.cleaned_data)
        return _("Stopped. It stays to be read, with its reason.")

    told = _("Nobody works on it any more; who raised it can be told why.")
    words = {"thing": found, "title": _("Stop it"), "told": told, "deed": _("Stop %(code)s") % {"code": found.code}}  # fmt: skip
    return done(request, form, do, _page(found), words | {"danger": True})


@require_http_methods(READ_OR_SEND)
def say_yield(request: HttpRequest, number: int) -> HttpResponse:
    """What it brings in a month."""
    person, found = one_change(request, number)
    allow(policy.may_keep_change(person, found))
    form = YieldForm(request.POST or None, change=found)

    def do() -> str:
        changing.say_yield(by=person, change=found, told=changing.Yield(**form.cleaned_data))
        return _("Kept.")

    told = _("Three figures and how they are known. Leave all three empty when nobody knows.")
    words = {"thing": found, "title": _("Say what it brings"), "told": told, "deed": _("Keep this")}
    return done(request, form, do, _page(found), words)


@require_POST
def measure(request: HttpRequest, number: int) -> HttpResponse:
    """Ask the frozen question again, now."""
    person, found = one_change(request, number)
    try:
        made = measuring.measure(by=person, change=found, engine=archive())
        messages.success(request, _("Measured: %(verdict)s.") % {"verdict": made.get_verdict_display()})  # fmt: skip
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect(_page(found))


@require_POST
def settle_move(request: HttpRequest, number: int, move_id: int) -> HttpResponse:
    """What its tracker says is done is not live."""
    person, found = one_change(request, number)
    changing.settle_move(by=person, move=get_object_or_404(found.moves, pk=move_id))
    messages.success(request, _("Left as it is; the change is still being made."))
    return redirect(_page(found))


def _page(found: Change) -> str:
    return reverse("changes:change", args=[found.number])
