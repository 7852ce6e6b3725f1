"""Pages of triage: the rules in their order, one rule with what it would have done, and the log."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory.models import Person
from openroads.ui.formats import number
from openroads.webcare import policy
from openroads.webcare.rules import actions, page
from openroads.webcare.rules.forms import RuleForm
from openroads.webcare.rules.models import Rule
from openroads.webcare.views.inbox import agent

READ_OR_SEND = ["GET", "HEAD", "POST"]


def _leader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_lead(request.user):
        raise PermissionDenied
    return request.user


def _reader(request: HttpRequest) -> Person:
    """Rules are for who answers by them, too: to read."""
    assert isinstance(request.user, Person)
    if not (policy.may_lead(request.user) or policy.may_answer(request.user)):
        raise PermissionDenied
    return request.user


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in the order in which they are asked, with what each did in the last four weeks."""
    person = _reader(request)
    context = {"rows": page.rule_rows(), "may_lead": policy.may_lead(person)}
    return render(request, "webcare/rules/rules.html", context)


@require_POST
def ready(request: HttpRequest) -> HttpResponse:
    """Begin with the ready-made rules."""
    made = actions.begin_with_ready_rules(by=_leader(request))
    told = ngettext("%(n)s rule to begin with.", "%(n)s rules to begin with.", made) % {
        "n": number(made)
    }
    messages.success(request, told if made else _("There are rules already."))
    return redirect("webcare:rules")


@require_http_methods(READ_OR_SEND)
def add(request: HttpRequest) -> HttpResponse:
    """A new rule."""
    return _edit(request, _leader(request), None)


@require_http_methods(READ_OR_SEND)
def change(request: HttpRequest, rule: int) -> HttpResponse:
    """One rule."""
    person = _leader(request)
    return _edit(request, person, get_object_or_404(Rule, pk=rule, ended_at=None))


@require_safe
def try_out(request: HttpRequest, rule: int) -> HttpResponse:
    """What a rule would have done with what people said last week; shown by pseudonym to who sees no names."""
    person = _leader(request)
    found = get_object_or_404(Rule, pk=rule, ended_at=None)
    tried = actions.try_rule(by=person, rule=found)
    context = {
        "rule": found,
        "tried": page.tried_words(tried, shown=policy.may_answer(person)),
        "wrong": page.wrong_with(found),
    }
    return render(request, "webcare/rules/try.html", context)


@require_POST
def end(request: HttpRequest, rule: int) -> HttpResponse:
    """Take a rule out."""
    person = _leader(request)
    actions.end_rule(by=person, rule=get_object_or_404(Rule, pk=rule, ended_at=None))
    messages.success(request, _("Taken out. What it did stays in the log."))
    return redirect("webcare:rules")


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Which rule did what with which post, newest first."""
    person = agent(request)
    before = request.GET.get("before", "")
    rows, more = page.log_rows(
        person, int(before) if before.isdecimal() and len(before) < 12 else None
    )
    return render(request, "webcare/rules/log.html", {"rows": rows, "more": more})


def _edit(request: HttpRequest, person: Person, rule: Rule | None) -> HttpResponse:
    wrong = page.wrong_with(rule)
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        told: dict[str, Any] = dict(form.cleaned_data)
        try:
            kept = actions.keep_rule(by=person, rule=rule, told=told)
            messages.success(request, _("The rule counts for what comes in from now on."))
            return redirect("webcare:rule", kept.pk)
        except ValidationError as problem:
            known = problem.message_dict if hasattr(problem, "error_dict") else {}
            for name, faults in known.items():
                form.add_error(name if name in form.fields else None, faults)
            if not known:
                form.add_error(None, problem.messages)
    context = {"form": form, "rule": rule, "wrong": wrong}
    return render(request, "webcare/rules/rule.html", context, status=400 if form.errors else 200)
