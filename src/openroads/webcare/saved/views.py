"""Pages of saved replies: the list, a new one, one to change, and what is done with it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory.models import Person
from openroads.webcare.help.forms import blame
from openroads.webcare.help.queries import helped_by
from openroads.webcare.saved import actions, policy, queries
from openroads.webcare.saved.forms import ReplyForm
from openroads.webcare.saved.models import WARN_BEFORE, SavedReply

READ_OR_SEND = ["GET", "HEAD", "POST"]


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_see_replies(request.user):
        raise PermissionDenied
    return request.user


def _reply(request: HttpRequest, reply_id: int) -> tuple[Person, SavedReply]:
    person = _person(request)
    return person, get_object_or_404(queries.replies_for(person), pk=reply_id)


@require_safe
def replies(request: HttpRequest) -> HttpResponse:
    """Saved replies of a state, what ends soonest first."""
    person = _person(request)
    told = request.GET.get("state", "")
    state = told if told in SavedReply.State.values else SavedReply.State.APPROVED
    rows = list(
        queries.replies_for(person).filter(state=state).order_by("expires_on", "title", "pk")
    )
    helped = helped_by("reply", [one.pk for one in rows])
    counts = queries.counts_by_state(person)
    context = {
        "rows": [(one, helped.get(one.pk)) for one in rows],
        "state": state,
        "counts": [(value, words, counts[value]) for value, words in SavedReply.State.choices],
        "soon": timezone.localdate() + WARN_BEFORE,
    }
    return render(request, "webcare/saved/replies.html", context)


@require_http_methods(READ_OR_SEND)
def add_reply(request: HttpRequest) -> HttpResponse:
    """Propose a saved reply."""
    person = _person(request)
    form = ReplyForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose_reply(by=person, **form.cleaned_data)
            messages.success(
                request, _("Proposed. Somebody else looks at it before it can be used.")
            )
            return redirect("webcare:saved_reply", made.pk)
        except ValidationError as problem:
            blame(form, problem)
    context = {"form": form, "reply": None}
    return render(request, "webcare/saved/reply.html", context, status=400 if form.errors else 200)


@require_http_methods(READ_OR_SEND)
def reply(request: HttpRequest, reply_id: int) -> HttpResponse:
    """One saved reply: to read, to change, to approve."""
    person, found = _reply(request, reply_id)
    form = ReplyForm(request.POST or None, person=person, reply=found)
    if request.method == "POST" and form.is_valid():
        try:
            now = actions.change_reply(by=person, reply=found, **form.cleaned_data)
            told = _("Changed.") if now.is_in_use else _("Changed. Somebody else looks at it before it can be used.")  # fmt: skip
            messages.success(request, told)
            return redirect("webcare:saved_reply", found.pk)
        except ValidationError as problem:
            blame(form, problem)
    context = {
        "form": form,
        "reply": get_object_or_404(queries.replies_for(person), pk=reply_id),
        "helped": helped_by("reply", [found.pk]).get(found.pk),
        "may_approve": found.state == SavedReply.State.PROPOSED
        and policy.may_approve(person, found),
        "may_end": found.state != SavedReply.State.ENDED and policy.may_end(person, found),
    }
    return render(request, "webcare/saved/reply.html", context, status=400 if form.errors else 200)


@require_POST
def approve_reply(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Let colleagues use it."""
    person, found = _reply(request, reply_id)
    try:
        actions.approve_reply(by=person, reply=found)
        messages.success(request, _("It can be used now."))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("webcare:saved_reply", found.pk)


@require_POST
def end_reply(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Use it no more."""
    person, found = _reply(request, reply_id)
    actions.end_reply(by=person, reply=found)
    messages.success(request, _("Ended. Nobody can use it any more."))
    return redirect("webcare:saved_reply", found.pk)
