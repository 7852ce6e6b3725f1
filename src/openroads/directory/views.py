"""The pages of people, of one's own account, and of the trail."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory import actions, policy, queries, trail
from openroads.directory.forms import AddPersonForm, GrantForm, MyForm
from openroads.directory.models import Grant, Person


def _me(request: HttpRequest) -> Person:
    """Who looks. The middleware lets nobody through to these pages without a name."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, with what they may do."""
    me, words = _me(request), request.GET.get("q", "")
    policy.require(me, policy.may_see_people)
    context = {
        "people": queries.people_found(me, words),
        "words": words,
        "may_keep": policy.may_keep_people(me),
    }
    return render(request, "directory/people.html", context)


@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest) -> HttpResponse:
    """A new person with a first role; their page then offers the link to hand over."""
    me = _me(request)
    policy.require(me, policy.may_keep_people)
    form = AddPersonForm(request.POST or None)
    if form.is_valid():
        try:
            person = actions.invite_person(by=me, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect("directory:person", person.pk)
    status = 400 if form.errors else 200
    return render(request, "directory/add_person.html", {"form": form}, status=status)


@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: roles now and before, and what an administrator can do."""
    return _person_page(request, _found(request, person_id), GrantForm())


@require_POST
def grant(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a role."""
    person, form = _found(request, person_id), GrantForm(request.POST)
    if form.is_valid():
        try:
            actions.grant_role(by=_me(request), person=person, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect("directory:person", person.pk)
    return _person_page(request, person, form)


@require_POST
def revoke(request: HttpRequest, person_id: int, grant_id: int) -> HttpResponse:
    """Take a role away."""
    person = _found(request, person_id)
    grant = get_object_or_404(Grant, pk=grant_id, person=person)
    return _done_or_said(request, person, lambda: actions.revoke_role(by=_me(request), grant=grant))


@require_POST
def keep_out(request: HttpRequest, person_id: int) -> HttpResponse:
    """Nobody signs in as this person any more."""
    person = _found(request, person_id)
    return _done_or_said(
        request, person, lambda: actions.deactivate_person(by=_me(request), person=person)
    )


@require_POST
def let_in(request: HttpRequest, person_id: int) -> HttpResponse:
    """This person may sign in again."""
    person = _found(request, person_id)
    return _done_or_said(
        request, person, lambda: actions.reactivate_person(by=_me(request), person=person)
    )


@require_POST
def sign_in_link(request: HttpRequest, person_id: int) -> HttpResponse:
    """Make a link with which a person chooses a password; shown on this one answer only."""
    person = _found(request, person_id)
    parts = actions.make_sign_in_link(by=_me(request), person=person)
    path = reverse("account_reset_password_from_key", kwargs=parts)
    return _person_page(request, person, GrantForm(), link=f"{settings.OPENROADS.url}{path}")


@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """One's own account: name and language here, the rest on the pages of signing in."""
    person = _me(request)
    form = MyForm(request.POST or None, instance=Person.objects.get(pk=person.pk))
    if form.is_valid():
        actions.change_me(by=person, **form.cleaned_data)
        response = redirect("directory:me")
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)  # the choice just made comes first
        return response
    return render(
        request, "directory/me.html", {"form": form, "roles": policy.grants_today(person)}
    )


@require_http_methods(["GET", "POST"])
def trail_page(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first; POST checks the whole chain."""
    before = request.GET.get("before", "")
    entries = queries.trail_for(_me(request), before=int(before) if before.isdecimal() else 0)
    context = {
        "entries": entries,
        "older": entries[-1].number if entries and entries[-1].number > 1 else 0,
        "verdict": trail.verify_trail() if request.method == "POST" else None,
    }
    return render(request, "directory/trail.html", context)


def _found(request: HttpRequest, person_id: int) -> Person:
    return get_object_or_404(queries.people_for(_me(request)), pk=person_id)


def _person_page(
    request: HttpRequest, person: Person, form: GrantForm, link: str = ""
) -> HttpResponse:
    held, over = queries.grants_of(person, timezone.localdate())
    context = {
        "person": person,
        "held": held,
        "over": over,
        "form": form,
        "link": link,
        "may_keep": policy.may_keep_people(_me(request)),
    }
    return render(request, "directory/person.html", context, status=400 if form.errors else 200)


def _done_or_said(request: HttpRequest, person: Person, deed: Callable[[], object]) -> HttpResponse:
    """Do it and go back to the person's page, with the sentence when it cannot be done."""
    try:
        deed()
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, _("Done."))
    return redirect("directory:person", person.pk)
