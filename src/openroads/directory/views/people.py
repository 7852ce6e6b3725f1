"""The pages of people and of one's own account."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory import policy, queries
from openroads.directory.actions import people as actions
from openroads.directory.forms import AddPersonForm, ChangePersonForm, GrantForm, MyForm
from openroads.directory.models import Grant, Person
from openroads.directory.views.answers import done, done_or_said, me


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, with what they may do."""
    by, words = me(request), request.GET.get("q", "")
    policy.require(by, policy.may_see_people)
    found = Paginator(queries.people_found(by, words), queries.PEOPLE_A_PAGE)
    context = {
        "people": found.get_page(request.GET.get("page")),
        "words": words,
        "may_keep": policy.may_keep_people(by),
    }
    return render(request, "directory/people.html", context)


@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest) -> HttpResponse:
    """A new person with a first role; their page then offers the link to hand over."""
    by, made = me(request), []
    policy.require(by, policy.may_keep_people)
    form = AddPersonForm(request.POST or None)
    if done(form, lambda: made.append(actions.invite_person(by=by, **form.cleaned_data))):
        return redirect("directory:person", made[0].pk)
    status = 400 if form.errors else 200
    return render(request, "directory/add_person.html", {"form": form}, status=status)


@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: roles now and before, and what an administrator can do."""
    return _person_page(request, _found(request, person_id), GrantForm())


@require_POST
def change(request: HttpRequest, person_id: int) -> HttpResponse:
    """Put a name or an address right."""
    person, form = _found(request, person_id), ChangePersonForm(request.POST)
    by = me(request)
    if done(form, lambda: actions.change_person(by=by, person=person, **form.cleaned_data)):
        return redirect("directory:person", person.pk)
    return _person_page(request, person, GrantForm(), change=form)


@require_POST
def grant(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a role."""
    person, form = _found(request, person_id), GrantForm(request.POST)
    if done(form, lambda: actions.grant_role(by=me(request), person=person, **form.cleaned_data)):
        return redirect("directory:person", person.pk)
    return _person_page(request, person, form)


@require_POST
def revoke(request: HttpRequest, person_id: int, grant_id: int) -> HttpResponse:
    """Take a role away."""
    person = _found(request, person_id)
    grant = get_object_or_404(Grant, pk=grant_id, person=person)
    return done_or_said(
        request,
        lambda: actions.revoke_role(by=me(request), grant=grant),
        _page_of(person),
        _("The role is taken away."),
    )


@require_POST
def keep_out(request: HttpRequest, person_id: int) -> HttpResponse:
    """Nobody signs in as this person any more."""
    person = _found(request, person_id)
    said = _("%(name)s is logged out everywhere and stays out.") % {"name": person.name}
    return done_or_said(
        request,
        lambda: actions.deactivate_person(by=me(request), person=person),
        _page_of(person),
        said,
    )


@require_POST
def let_in(request: HttpRequest, person_id: int) -> HttpResponse:
    """This person may sign in again."""
    person = _found(request, person_id)
    said = _("%(name)s may log in again.") % {"name": person.name}
    return done_or_said(
        request,
        lambda: actions.reactivate_person(by=me(request), person=person),
        _page_of(person),
        said,
    )


@require_POST
def sign_in_link(request: HttpRequest, person_id: int) -> HttpResponse:
    """Make a link with which a person chooses a password; shown on this one answer only."""
    person = _found(request, person_id)
    parts = actions.make_sign_in_link(by=me(request), person=person)
    path = reverse("account_reset_password_from_key", kwargs=parts)
    return _person_page(request, person, GrantForm(), link=f"{settings.OPENROADS.url}{path}")


@require_http_methods(["GET", "POST"])
def my_account(request: HttpRequest) -> HttpResponse:
    """One's own account: name, language and appearance here, the rest on the pages of signing in."""
    person = me(request)
    form = MyForm(request.POST or None, instance=Person.objects.get(pk=person.pk))
    if form.is_valid():
        actions.change_me(by=person, **form.cleaned_data)
        response = redirect("directory:me")
        for cookie in (settings.LANGUAGE_COOKIE_NAME, "theme"):
            response.delete_cookie(cookie)  # the choice just made comes first
        return response
    return render(
        request, "directory/me.html", {"form": form, "roles": policy.grants_today(person)}
    )


def _found(request: HttpRequest, person_id: int) -> Person:
    return get_object_or_404(queries.people_for(me(request)), pk=person_id)


def _page_of(person: Person) -> str:
    return reverse("directory:person", args=(person.pk,))


def _person_page(
    request: HttpRequest,
    person: Person,
    form: GrantForm,
    link: str = "",
    change: ChangePersonForm | None = None,
) -> HttpResponse:
    change = change or ChangePersonForm(initial={"name": person.name, "email": person.email})
    held, over = queries.grants_of(person, timezone.localdate())
    context = {
        "person": person,
        "held": held,
        "over": over,
        "form": form,
        "change": change,
        "link": link,
        "may_keep": policy.may_keep_people(me(request)),
    }
    status = 400 if form.errors or change.errors else 200
    return render(request, "directory/person.html", context, status=status)
