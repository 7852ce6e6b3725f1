"""Pages of insights: the list, one insight, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openroads.changes import pages, policy, queries
from openroads.changes.actions import insights as actions
from openroads.changes.actions.publishing import kinds_for
from openroads.changes.forms import HandForm, JoinForm, WithdrawForm
from openroads.changes.models import Insight, Reading
from openroads.directory.models import Person

READ_OR_SEND = ["GET", "HEAD", "POST"]
BEGIN = "/listen/explore/"
"""Where posts are chosen: an address, because the room that listens stands above this one."""


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_see_insights(request.user):
        raise PermissionDenied
    return request.user


def one_insight(request: HttpRequest, number: int) -> tuple[Person, Insight]:
    """The insight of an address, when it exists for who asks."""
    person = _reader(request)
    return person, get_object_or_404(queries.insights_for(person), number=number)


@require_safe
def insights(request: HttpRequest) -> HttpResponse:
    """Insights by department: those that wait for a decision, or another state of the address."""
    person, now = _reader(request), timezone.now()
    told = request.GET.get("state", "")
    state = told if told in Insight.State.values else Insight.State.OPEN
    shown = queries.list_for(person, state, request.GET.get("department", ""))
    context = {
        "page": pages.list_page(shown.insights, state, now),
        "state": state,
        "counts": [(value, words, shown.counts[value]) for value, words in Insight.State.choices],
        "departments": shown.departments,
        "department": shown.department,
        "may_open": policy.may_open_insight(person),
        "begin": BEGIN,
    }
    return render(request, "changes/insights.html", context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How days and sets are counted, in words."""
    _reader(request)
    return render(request, "changes/method.html")


@require_safe
def insight(request: HttpRequest, number: int) -> HttpResponse:
    """One insight with its thread, people's words, its evidence and its history."""
    person = _reader(request)
    found = get_object_or_404(
        queries.with_evidence(queries.insights_for(person)).prefetch_related("joined"),
        number=number,
    )
    actions.note_reading(by=person, kind=Reading.Kind.INSIGHT, thing=found.pk)
    change = queries.change_of(found)
    context = {
        "insight": found,
        "page": pages.insight_page(
            found, queries.history_of(found), timezone.now(), queries.decisions_of(found), change
        ),
        "change": change,
        "may": {
            "decide": found.is_open and policy.may_decide(person, found),
            "publish": policy.may_publish(person) and bool(kinds_for(found)),
            "hand": found.is_open and policy.may_hand_insight(person, found),
            "join": found.is_open and policy.may_join_insights(person),
            "withdraw": found.is_open and policy.may_withdraw_insight(person, found),
        },
    }
    return render(request, "changes/insight.html", context)


@require_http_methods(READ_OR_SEND)
def hand(request: HttpRequest, number: int) -> HttpResponse:
    """Give an insight to another department, or to somebody there."""
    person, found = one_insight(request, number)
    if not policy.may_hand_insight(person, found):
        raise PermissionDenied
    form = HandForm(request.POST or None, insight=found)

    def do() -> str:
        now = actions.hand_insight(by=person, insight=found, **form.cleaned_data)
        return _("%(department)s has it now.") % {"department": now.department}

    told = _("Who has it decides within the promised days; the clock runs on.")
    words = {"title": _("Hand it on"), "told": told, "deed": _("Hand it on")}
    return _done(request, found, form, do, words)


@require_http_methods(READ_OR_SEND)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take an insight back, saying why."""
    person, found = one_insight(request, number)
    if not policy.may_withdraw_insight(person, found):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)

    def do() -> str:
        actions.withdraw_insight(by=person, insight=found, **form.cleaned_data)
        return _("Withdrawn. It stays to be read, with its reason.")

    told = _("Nobody decides on it any more. Its evidence and its history stay.")
    words = {"title": _("Withdraw it"), "told": told, "deed": _("Withdraw %(code)s") % {"code": found.code}}  # fmt: skip
    return _done(request, found, form, do, words | {"danger": True})


@require_http_methods(READ_OR_SEND)
def join(request: HttpRequest, number: int) -> HttpResponse:
    """Say that an insight is part of another."""
    person, found = one_insight(request, number)
    if not policy.may_join_insights(person):
        raise PermissionDenied
    form = JoinForm(request.POST or None, person=person, insight=found)

    def do() -> str:
        into = actions.join_insights(by=person, insight=found, **form.cleaned_data)
        return _("Its evidence stands under %(code)s now.") % {"code": into.code}

    told = _("Its evidence moves to the other insight, and who opens this one is led there.")
    words = {"title": _("Join it to another"), "told": told, "deed": _("Join them")}
    return _done(request, found, form, do, words)


def _done(
    request: HttpRequest, found: Insight, form: Form, do: Callable[[], str], words: dict[str, Any]
) -> HttpResponse:
    """Do it and go back to the insight; with a fault, the form again."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, do())
            return redirect("changes:insight", found.number)
        except ValidationError as problem:
            known = problem.message_dict if hasattr(problem, "error_dict") else {}
            for name, faults in known.items():
                form.add_error(name if name in form.fields else None, faults)
            if not known:
                form.add_error(None, problem.messages)
    context = {"insight": found, "form": form, **words}
    return render(request, "changes/form.html", context, status=400 if form.errors else 200)
