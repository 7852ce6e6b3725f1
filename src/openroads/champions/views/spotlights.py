"""Pages of spotlights: who stands in it, asking somebody, and their yes or no."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.champions import pages, policy, queries
from openroads.champions.actions import spotlights as actions
from openroads.champions.forms import SpotlightForm
from openroads.champions.handing import Origins
from openroads.champions.models import Spotlight, Success
from openroads.champions.views.successes import READ_OR_SEND, add_faults, origin_asked, reader
from openroads.directory.models import Person


def one_spotlight(request: HttpRequest, spotlight: int) -> tuple[Person, Spotlight]:
    """The spotlight of an address, when it exists for who asks."""
    person = reader(request)
    return person, get_object_or_404(queries.spotlights_for(person), pk=spotlight)


@require_safe
def spotlights(request: HttpRequest) -> HttpResponse:
    """Who stands in the spotlight, and what is still to be answered."""
    person = reader(request)
    context = {
        "shown": queries.shown_spotlights(),
        "pending": queries.pending_spotlights_for(person),
        "may_ask": policy.may_ask_for_spotlight(person),
    }
    return render(request, "champions/spotlights.html", context)


@require_safe
def spotlight(request: HttpRequest, spotlight: int, origins: Origins) -> HttpResponse:
    """One spotlight: what is or would be shown, and what can be done with it."""
    person, found = one_spotlight(request, spotlight)
    mine = policy.may_answer_spotlight(person, found)
    context = {
        "spotlight": found, "why": pages.why_of(found), "last": pages.last_day(found),
        "shown": queries.is_shown(found), "mine": mine,
        "origin": origins.seen(person, found.origin_room, found.origin_id),
        "success": _success_of(person, found),
        "may": {
            "answer": mine and found.state == Spotlight.State.ASKED,
            "step_out": mine and found.state == Spotlight.State.YES,
            "call_off": found.is_open and not mine and policy.may_call_off(person, found),
        },
    }  # fmt: skip
    return render(request, "champions/spotlight.html", context)


def _success_of(person: Person, found: Spotlight) -> Success | None:
    """The success behind it, when this person sees it."""
    if found.success_id is None:
        return None
    return queries.successes_for(person).filter(pk=found.success_id, withdrawn_at=None).first()


@require_http_methods(READ_OR_SEND)
def ask(request: HttpRequest, origins: Origins) -> HttpResponse:
    """Ask a colleague into the spotlight; with `success` or an origin in the address, because of that."""
    person = reader(request)
    if not policy.may_ask_for_spotlight(person):
        raise PermissionDenied
    origin, success = origin_asked(request, person, origins), _success_asked(request, person)
    begun = {"person": success.owner_id} if success else {}
    form = SpotlightForm(request.POST or None, person=person, initial=begun)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.ask_for_spotlight(
                by=person, person=told["person"], why=told["why"], since=told["since"],
                until=told["last"] + timedelta(days=1), success=success, origin=origin, origins=origins,
            )  # fmt: skip
            messages.success(request, _("%(name)s is asked.") % {"name": made.person})
            return redirect("champions:spotlight", made.pk)
        except ValidationError as problem:
            add_faults(form, problem)
    context = {
        "form": form, "origin": origin, "success": success,
        "title": _("Put a colleague in the spotlight"),
        "told": _("Everybody who works here sees it on the front page, once your colleague said yes."),
        "deed": _("Ask your colleague"), "back": origin.link.url if origin else None,
    }  # fmt: skip
    return render(request, "champions/form.html", context, status=400 if form.errors else 200)


def _success_asked(request: HttpRequest, person: Person) -> Success | None:
    told = request.GET.get("success", "")
    if not told:
        return None
    fits = told.isascii() and told.isdecimal() and len(told) < 9
    rows = queries.successes_for(person).filter(withdrawn_at=None)
    found = rows.filter(number=int(told)).first() if fits else None
    if found is None:
        raise Http404
    return found


@require_POST
def answer(request: HttpRequest, spotlight: int) -> HttpResponse:
    """Say yes or no."""
    person, found = one_spotlight(request, spotlight)
    yes = request.POST.get("answer") == "yes"
    try:
        actions.answer_spotlight(by=person, spotlight=found, yes=yes)
        messages.success(
            request,
            _("You stand in the spotlight. You can step out at any moment.")
            if yes
            else _("Nothing is shown. Nobody asks you why."),
        )
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("champions:spotlight", found.pk)


@require_POST
def step_out(request: HttpRequest, spotlight: int) -> HttpResponse:
    """Take one's yes back."""
    person, found = one_spotlight(request, spotlight)
    actions.step_out(by=person, spotlight=found)
    messages.success(request, _("You stepped out. Nobody sees it any more."))
    return redirect("champions:spotlights")


@require_POST
def call_off(request: HttpRequest, spotlight: int) -> HttpResponse:
    """End it for the person."""
    person, found = one_spotlight(request, spotlight)
    actions.call_off(by=person, spotlight=found)
    messages.success(request, _("Called off. Nothing is shown."))
    return redirect("champions:spotlights")
