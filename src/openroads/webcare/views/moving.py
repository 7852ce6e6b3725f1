"""What becomes of a case: small forms that lead back to it, or to the next one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openroads.ui.formats import moment
from openroads.webcare import queries
from openroads.webcare.actions import claiming, moving
from openroads.webcare.asking import asked, found_by
from openroads.webcare.forms import HandForm, MergeForm, SnoozeForm
from openroads.webcare.models import Case, Message
from openroads.webcare.pages import soon
from openroads.webcare.views.inbox import agent, case_of
from openroads.webcare.words import words_of

READ_OR_SEND = ["GET", "HEAD", "POST"]


@require_POST
def claim(request: HttpRequest, case: int) -> HttpResponse:
    """Take a case in hand."""
    person, found = case_of(request, case)
    return _at_once(request, found, lambda: claiming.claim_case(by=person, case=found), "")


@require_POST
def take_over(request: HttpRequest, case: int) -> HttpResponse:
    """Take it from a colleague."""
    person, found = case_of(request, case)
    return _at_once(
        request, found, lambda: claiming.take_over(by=person, case=found), _("It is yours now; they see it.")
    )  # fmt: skip


@require_POST
def release(request: HttpRequest, case: int) -> HttpResponse:
    """Let it go."""
    person, found = case_of(request, case)
    return _at_once(
        request, found, lambda: claiming.release_case(by=person, case=found), _("Let go.")
    )


@require_POST
def close(request: HttpRequest, case: int) -> HttpResponse:
    """Close it, and go on to the next one of the queue."""
    person, found = case_of(request, case)
    ending = request.POST.get("ending", Case.Ending.ANSWERED)
    if ending not in Case.Ending.values:
        ending = Case.Ending.ANSWERED
    following = _next_of(request, found)
    try:
        moving.close_case(by=person, case=found, ending=ending)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("webcare:case", found.pk)
    messages.success(request, _("%(code)s is closed.") % {"code": found.code})
    return redirect(following)


@require_POST
def reopen(request: HttpRequest, case: int) -> HttpResponse:
    """Take it up again."""
    person, found = case_of(request, case)
    return _at_once(
        request, found, lambda: moving.reopen_case(by=person, case=found), _("Open again.")
    )


@require_POST
def no_answer(request: HttpRequest, case: int) -> HttpResponse:
    """Their last words need no answer."""
    person, found = case_of(request, case)
    told = _("Nobody waits for an answer any more.")
    return _at_once(request, found, lambda: moving.needs_no_answer(by=person, case=found), told)


@require_POST
def priority(request: HttpRequest, case: int) -> HttpResponse:
    """First, usual or last."""
    person, found = case_of(request, case)
    wanted = {"1": 1, "-1": -1}.get(request.POST.get("priority", ""), 0)
    return _at_once(
        request, found, lambda: moving.set_priority(by=person, case=found, priority=wanted), _("Changed.")
    )  # fmt: skip


@require_http_methods(READ_OR_SEND)
def hand(request: HttpRequest, case: int) -> HttpResponse:
    """Hand it over."""
    person, found = case_of(request, case)
    form = HandForm(request.POST or None, case=found)

    def do() -> str:
        now = moving.hand_case(by=person, case=found, **form.cleaned_data)
        return _("Handed to %(who)s.") % {"who": now.assignee or now.team or _("nobody")}

    words = {"title": _("Hand it over"), "told": _("Its clocks run on: they wait as long."), "deed": _("Hand it over")}  # fmt: skip
    return _asked(request, found, form, do, words)


@require_http_methods(READ_OR_SEND)
def snooze(request: HttpRequest, case: int) -> HttpResponse:
    """Put it off."""
    person, found = case_of(request, case)
    form = SnoozeForm(request.POST or None)

    def do() -> str:
        now = moving.snooze_case(by=person, case=found, until=form.until())
        assert now.snoozed_until is not None
        return _("Comes back %(when)s, or when they write.") % {
            "when": soon(now.snoozed_until, timezone.now())
        }

    told = _("It comes back by itself, or as soon as they write. Its clocks run on.")
    words = {"title": _("Snooze it"), "told": told, "deed": _("Snooze it")}
    return _asked(request, found, form, do, words, leave=True)


@require_http_methods(READ_OR_SEND)
def merge(request: HttpRequest, case: int) -> HttpResponse:
    """Let it go on in another case of the same person."""
    person, found = case_of(request, case)
    form = MergeForm(request.POST or None, person=person, case=found)
    others = queries.cases_to_merge(person, found).exists()

    def do() -> str:
        into = moving.merge_cases(by=person, case=found, into=form.cleaned_data["into"])
        return _("It goes on in %(code)s.") % {"code": into.code}

    told = _("What was said moves there, in its order. This case closes and leads there.")
    if not others:
        told = _(
            "This person has no other case on this network. Join two people first when they are one."
        )
    words = {"title": _("Join it to another case"), "told": told, "deed": _("Join them"), "may_not": not others}  # fmt: skip
    return _asked(request, found, form, do, words)


@require_http_methods(READ_OR_SEND)
def split(request: HttpRequest, case: int) -> HttpResponse:
    """Take some of it out into a case of its own."""
    person, found = case_of(request, case)
    said = queries.messages_of(found)
    if request.method == "POST":
        chosen = set(request.POST.getlist("message"))
        try:
            apart = moving.split_case(
                by=person, case=found, messages=[one for one in said if str(one.pk) in chosen]
            )
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect("webcare:split", found.pk)
        messages.success(request, _("%(code)s is a case of its own now.") % {"code": apart.code})
        return redirect("webcare:case", apart.pk)
    theirs = sum(one.kind == Message.Kind.THEIRS for one in said)
    context = {"case": found, "rows": _rows_to_split(said), "may_split": theirs > 1}
    return render(request, "webcare/split.html", context)


def _rows_to_split(said: list[Message]) -> list[dict[str, Any]]:
    posts = words_of(said)
    rows = []
    for one in said:
        post = posts.get(one.post) if one.post is not None else None
        rows.append({"message": one, "text": post.text if post is not None else one.text, "when": moment(one.said_at)})  # fmt: skip
    return rows


def _next_of(request: HttpRequest, found: Case) -> str:
    """The address of the case after this one in the queue one came from; the queue when it was the last."""
    person = agent(request)
    view = asked(request.GET, person)
    cases, _more = queries.page_of(
        found_by(view, person).exclude(pk=found.pk), view.queue, found.pk
    )
    if not cases:
        cases, _more = queries.page_of(
            found_by(view, person).exclude(pk=found.pk), view.queue, None
        )
    if not cases:
        return f"/answer/inbox/{view.address()}"
    return f"/answer/cases/{cases[0].pk}/{view.address()}"


def _at_once(
    request: HttpRequest, found: Case, do: Callable[[], object], told: str
) -> HttpResponse:
    """Do it and come back."""
    try:
        do()
        if told:
            messages.success(request, told)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect(f"/answer/cases/{found.pk}/{asked(request.GET, agent(request)).address()}")


def _asked(
    request: HttpRequest,
    found: Case,
    form: Form,
    do: Callable[[], str],
    words: dict[str, Any],
    *,
    leave: bool = False,
) -> HttpResponse:
    """Ask, do, and go back to the case, or on to the next when one is done with it for now."""
    if request.method == "POST" and form.is_valid():
        following = _next_of(request, found) if leave else ""
        try:
            messages.success(request, do())
            return redirect(following) if following else redirect("webcare:case", found.pk)
        except ValidationError as problem:
            known = problem.message_dict if hasattr(problem, "error_dict") else {}
            for name, faults in known.items():
                form.add_error(name if name in form.fields else None, faults)
            if not known:
                form.add_error(None, problem.messages)
    context = {"case": found, "form": form, **words}
    return render(request, "webcare/form.html", context, status=400 if form.errors else 200)
