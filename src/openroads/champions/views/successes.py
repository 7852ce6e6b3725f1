"""Pages of successes: the list with its sums, one success, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.champions import pages, policy, queries
from openroads.champions.actions import successes as actions
from openroads.champions.forms import CorrectForm, RecordForm, TellForm, WithdrawForm
from openroads.champions.handing import Origin, Origins
from openroads.champions.models import Success
from openroads.champions.sums import sums_of
from openroads.directory.models import Person
from openroads.ui.sheets import csv_lines

READ_OR_SEND = ["GET", "HEAD", "POST"]


def reader(request: HttpRequest) -> Person:
    """Who works here; nobody else gets further."""
    assert isinstance(request.user, Person)
    if not policy.may_read(request.user):
        raise PermissionDenied
    return request.user


def one_success(request: HttpRequest, number: int) -> tuple[Person, Success]:
    """The success of an address, when it exists for who asks."""
    person = reader(request)
    rows = queries.with_everybody(queries.successes_for(person))
    return person, get_object_or_404(rows, number=number)


def origin_asked(request: HttpRequest, person: Person, origins: Origins) -> Origin | None:
    """The thing of another room that an address names; not found when this person does not see it."""
    room, id = request.GET.get("origin", ""), request.GET.get("id", "")
    if not room:
        return None
    origin = origins.seen(person, room, id)
    if origin is None:
        raise Http404
    return origin


@require_safe
def successes(request: HttpRequest) -> HttpResponse:
    """Successes, latest first, with what they brought by kind."""
    person, wanted = reader(request), queries.asked(request.GET.dict())
    found = queries.list_for(person, wanted)
    sums, every = sums_of(queries.within(person, wanted))
    told = request.GET.copy()
    told.pop("after", None)
    context = {
        "page": pages.list_page(found, wanted, sums, every, person), "wanted": wanted, "found": found,
        "tabs": _tabs(person, wanted, found.counts), "kinds": Success.Kind.choices,
        "levels": Success.Level.choices, "may_record": policy.may_record(person),
        "file": f"?{told.urlencode()}" if told else "",
    }  # fmt: skip
    if found.more:
        told["after"] = found.more
        context["next"] = f"?{told.urlencode()}"
    return render(request, "champions/successes.html", context)


def _tabs(person: Person, wanted: queries.Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    words = {
        "all": _("All"), "mine": _("Mine"), "waiting": _("To confirm"), "withdrawn": _("Withdrawn"),
    }  # fmt: skip
    shown = ["all", "mine"]
    if policy.may_keep(person):
        shown.append("waiting")
    if counts["withdrawn"] or wanted.view == "withdrawn":
        shown.append("withdrawn")
    return [
        {"view": view, "words": words[view], "count": counts[view], "here": view == wanted.view}
        for view in shown
    ]


@require_safe
def successes_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The list as a file, narrowed as the page is."""
    person, wanted = reader(request), queries.asked(request.GET.dict())
    lines = csv_lines(pages.csv_rows(queries.within(person, wanted), person))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"successes-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def definition(request: HttpRequest) -> HttpResponse:
    """What counts as what, and what is never counted."""
    reader(request)
    return render(request, "champions/definition.html", {"kinds": Success.Kind.choices})


@require_safe
def success(request: HttpRequest, number: int, origins: Origins) -> HttpResponse:
    """One success, with what can be done with it."""
    person, found = one_success(request, number)
    origin = origins.seen(person, found.origin_room, found.origin_id)
    lives = not found.is_withdrawn
    asks = policy.may_ask_for_spotlight(person) and found.owner_id != person.pk
    context = {
        "success": found, "title": pages.title_of(found), "origin": origin,
        "state": pages.state_words(found), "consent": pages.consent_words(found),
        "money": policy.sees_money_of(person, found), "amounts": pages.amounts_words(found),
        "history": queries.history_of(found) if policy.may_correct(person, found) else [],
        "may": {
            "confirm": found.needs_confirming and policy.may_confirm(person, found),
            "correct": lives and policy.may_correct(person, found),
            "tell": lives and policy.may_let_tell(person, found),
            "silence": lives and found.tell != Success.Tell.NOBODY
            and policy.may_keep_silent(person, found),
            "spotlight": lives and asks,
        },
    }  # fmt: skip
    return render(request, "champions/success.html", context)


@require_http_methods(READ_OR_SEND)
def add(request: HttpRequest, origins: Origins) -> HttpResponse:
    """Write a success down; with an origin in the address, one that came from there."""
    person = reader(request)
    if not policy.may_record(person):
        raise PermissionDenied
    origin = origin_asked(request, person, origins)
    begun = {"kind": Success.Kind.PRAISE, "level": Success.Level.B} if origin else {}
    form = RecordForm(request.POST or None, person=person, initial=begun)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.record_success(
                by=person, owner=told["owner"], told=form.told(), tell=told["tell"],
                tell_how=told["tell_how"], origin=origin, origins=origins,
            )  # fmt: skip
            messages.success(request, _("%(code)s is written down.") % {"code": made.code})
            return redirect("champions:success", made.number)
        except ValidationError as problem:
            add_faults(form, problem)
    context = {
        "form": form, "origin": origin, "title": _("Write down a success"),
        "told": _("Something social media brought: to you, to a colleague, to the company."),
        "deed": _("Write it down"), "back": origin.link.url if origin else None,
    }  # fmt: skip
    return render(request, "champions/form.html", context, status=400 if form.errors else 200)


@require_http_methods(READ_OR_SEND)
def correct(request: HttpRequest, number: int, origins: Origins) -> HttpResponse:
    """Say it otherwise."""
    person, found = one_success(request, number)
    if not policy.may_correct(person, found):
        raise PermissionDenied
    begun = {name: getattr(found, name) for name in actions.FACTS} | {"seen": found.version}
    form = CorrectForm(request.POST or None, initial=begun)

    def do() -> str:
        actions.correct_success(
            by=person, success=found, told=form.told(), seen=form.cleaned_data["seen"], origins=origins
        )  # fmt: skip
        return _("Corrected.")

    told = _("What was confirmed is looked at again. Where you change words of a colleague’s success, they say anew who may hear of it.")  # fmt: skip
    words = {"title": _("Correct %(code)s") % {"code": found.code}, "told": told, "deed": _("Correct it")}  # fmt: skip
    return _done(request, found, form, do, words)


@require_http_methods(READ_OR_SEND)
def tell(request: HttpRequest, number: int) -> HttpResponse:
    """Say who may hear of it."""
    person, found = one_success(request, number)
    if not policy.may_keep_silent(person, found):
        raise PermissionDenied
    form = TellForm(request.POST or None, initial={"tell": found.tell, "tell_how": found.tell_how})

    def do() -> str:
        actions.let_tell(
            by=person, success=found, tell=form.cleaned_data["tell"], how=form.cleaned_data["tell_how"]
        )  # fmt: skip
        return _("Said, and kept with the day.")

    told = _("You can take it back at any moment. What was told by then cannot be untold.")
    if not policy.may_let_tell(person, found):
        told = _(
            "Only whose success it is can let more people hear of it. You can say that fewer do."
        )
    words = {"title": _("Who may hear of %(code)s?") % {"code": found.code}, "told": told, "deed": _("Say so")}  # fmt: skip
    return _done(request, found, form, do, words)


@require_http_methods(READ_OR_SEND)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take it back, saying why."""
    person, found = one_success(request, number)
    if not policy.may_correct(person, found):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)

    def do() -> str:
        actions.withdraw_success(by=person, success=found, why=form.cleaned_data["why"])
        return _("Withdrawn. It counts nowhere any more.")

    told = _("It counts nowhere any more, and colleagues do not see it. You and who keeps successes still find it, with the reason.")  # fmt: skip
    words = {"title": _("Withdraw %(code)s") % {"code": found.code}, "told": told, "deed": _("Withdraw %(code)s") % {"code": found.code}}  # fmt: skip
    return _done(request, found, form, do, words | {"danger": True})


@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Say as a second person that it is so."""
    person, found = one_success(request, number)
    seen = request.POST.get("seen", "")
    try:
        actions.confirm_success(
            by=person, success=found, seen=int(seen) if seen.isdecimal() and len(seen) < 8 else 0
        )
        messages.success(request, _("Confirmed. It counts from now on."))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("champions:success", found.number)


def add_faults(form: Form, problem: ValidationError) -> None:
    """Put what an action found wrong beside the fields it is about."""
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem.messages)
        return
    for name, faults in problem.message_dict.items():
        form.add_error(name if name in form.fields else None, faults)


def _done(
    request: HttpRequest, found: Success, form: Form, do: Callable[[], str], words: dict[str, Any]
) -> HttpResponse:
    """Do it and go back to the success; with a fault, the form again."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, do())
            return redirect("champions:success", found.number)
        except ValidationError as problem:
            add_faults(form, problem)
    context = {"form": form, "success": found, **words}
    return render(request, "champions/form.html", context, status=400 if form.errors else 200)
