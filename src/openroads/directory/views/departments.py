"""The pages of departments and teams: who belongs to which, and which roles hold only there."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory import policy, queries
from openroads.directory.actions import departments as actions
from openroads.directory.forms import DepartmentForm, MemberForm, TeamForm
from openroads.directory.models import Department, Person, Team
from openroads.directory.views.answers import done, done_or_said, form_page, me

Part = Department | Team


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """Every department and team."""
    by = me(request)
    policy.require(by, policy.may_see_people)
    parts: list[Department] = list(queries.departments_for(by))
    teams: list[Team] = list(queries.teams_for(by))
    context = {
        "departments": [part for part in parts if not part.ended_on],
        "teams": [team for team in teams if not team.ended_on],
        "ended": [part for part in parts if part.ended_on]
        + [team for team in teams if team.ended_on],
        "may_keep": policy.may_keep_company(by),
    }
    return render(request, "directory/departments.html", context)


@require_http_methods(["GET", "POST"])
def add_department(request: HttpRequest) -> HttpResponse:
    """A new department."""
    by, form, made = _keeper(request), DepartmentForm(request.POST or None), []
    if done(form, lambda: made.append(actions.add_department(by=by, **form.cleaned_data))):
        return redirect(_page_of(made[0]))
    return _form(request, form, _("Add a department"), _("Add this department"))


@require_http_methods(["GET", "POST"])
def add_team(request: HttpRequest) -> HttpResponse:
    """A new team."""
    by, form, made = _keeper(request), TeamForm(request.POST or None), []
    if done(form, lambda: made.append(actions.add_team(by=by, **form.cleaned_data))):
        return redirect(_page_of(made[0]))
    return _form(request, form, _("Add a team"), _("Add this team"))


@require_safe
def department(request: HttpRequest, part_id: int) -> HttpResponse:
    """One department."""
    return _part_page(request, _department(me(request), part_id))


@require_safe
def team(request: HttpRequest, part_id: int) -> HttpResponse:
    """One team."""
    return _part_page(request, _team(me(request), part_id))


@require_http_methods(["GET", "POST"])
def change_department(request: HttpRequest, part_id: int) -> HttpResponse:
    """Another name or head."""
    by = _keeper(request)
    part = _department(by, part_id)
    form = DepartmentForm(request.POST or None, initial=DepartmentForm.told(part))
    if done(form, lambda: actions.change_department(by=by, department=part, **form.cleaned_data)):
        return redirect(_page_of(part))
    return _change(request, form, part)


@require_http_methods(["GET", "POST"])
def change_team(request: HttpRequest, part_id: int) -> HttpResponse:
    """Another name or department."""
    by = _keeper(request)
    part = _team(by, part_id)
    form = TeamForm(request.POST or None, initial=TeamForm.told(part))
    if done(form, lambda: actions.change_team(by=by, team=part, **form.cleaned_data)):
        return redirect(_page_of(part))
    return _change(request, form, part)


@require_POST
def join(request: HttpRequest, kind: str, part_id: int) -> HttpResponse:
    """Somebody belongs to it from now on."""
    by = _keeper(request)
    part, form = _part(by, kind, part_id), MemberForm(request.POST)
    if done(form, lambda: actions.add_member(by=by, part=part, **form.cleaned_data)):
        return redirect(_page_of(part))
    return _part_page(request, part, form)


@require_POST
def leave(request: HttpRequest, kind: str, part_id: int, person_id: int) -> HttpResponse:
    """Somebody belongs to it no longer."""
    by = _keeper(request)
    part = _part(by, kind, part_id)
    person = get_object_or_404(queries.people_for(by), pk=person_id)
    said = _("%(name)s no longer belongs to %(part)s.") % {"name": person.name, "part": part.name}
    return done_or_said(
        request,
        lambda: actions.remove_member(by=by, person=person, part=part),
        _page_of(part),
        said,
    )


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, kind: str, part_id: int) -> HttpResponse:
    """End it, after naming the roles that end with it."""
    by = _keeper(request)
    part = _part(by, kind, part_id)
    if request.method == "GET":
        context = {"part": part, "back": _page_of(part), "grants": _grants(part)}
        return render(request, "directory/end_part.html", context)
    said = _("%(name)s has ended. It can be brought back.") % {"name": part.name}
    return done_or_said(
        request, lambda: actions.end_part(by=by, part=part), reverse("directory:departments"), said
    )


@require_POST
def bring_back(request: HttpRequest, kind: str, part_id: int) -> HttpResponse:
    """Go on with it."""
    by = _keeper(request)
    part = _part(by, kind, part_id)
    said = _("%(name)s is back. Roles that held only there are given anew.") % {"name": part.name}
    return done_or_said(
        request, lambda: actions.bring_back_part(by=by, part=part), _page_of(part), said
    )


def _keeper(request: HttpRequest) -> Person:
    by = me(request)
    policy.require(by, policy.may_keep_company)
    return by


def _department(by: Person, part_id: int) -> Department:
    return get_object_or_404(queries.departments_for(by), pk=part_id)


def _team(by: Person, part_id: int) -> Team:
    return get_object_or_404(queries.teams_for(by), pk=part_id)


def _part(by: Person, kind: str, part_id: int) -> Part:
    return _team(by, part_id) if kind == "team" else _department(by, part_id)


def _page_of(part: Part) -> str:
    return reverse(f"directory:{part._meta.model_name}", args=(part.pk,))


def _grants(part: Part) -> list[Any]:
    return queries.grants_in(part, timezone.localdate())


def _part_page(request: HttpRequest, part: Part, form: MemberForm | None = None) -> HttpResponse:
    members = queries.members_of(part)
    form = form or MemberForm(without=members)
    context = {
        "part": part,
        "kind": part._meta.model_name,
        "members": members,
        "teams": queries.teams_of(part) if isinstance(part, Department) else [],
        "grants": _grants(part),
        "form": form,
        "may_keep": policy.may_keep_company(me(request)),
    }
    return render(request, "directory/part.html", context, status=400 if form.errors else 200)


def _form(request: HttpRequest, form: BaseForm, title: str, deed: str) -> HttpResponse:
    return form_page(
        request, form, title=title, deed=deed, back=reverse("directory:departments"),
        back_words=_("Back to departments and teams"),
    )  # fmt: skip


def _change(request: HttpRequest, form: BaseForm, part: Part) -> HttpResponse:
    return form_page(
        request, form, title=_("Change %(name)s") % {"name": part.name}, deed=_("Keep this"),
        back=_page_of(part), back_words=_("Back to %(name)s") % {"name": part.name},
    )  # fmt: skip
