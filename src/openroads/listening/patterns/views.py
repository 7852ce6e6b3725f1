"""Pages of patterns: what is loud, one of them, who is alerted, and how well it works."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory.models import Person
from openroads.listening import policy as room_policy
from openroads.listening.patterns import (
    actions,
    measured,
    page,
    policy,
    queries,
    rules_page,
    trying,
)
from openroads.listening.patterns.forms import RuleForm
from openroads.listening.patterns.models import AlertRule, Pattern

READ_OR_SEND = ["GET", "HEAD", "POST"]


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not room_policy.may_read_conversations(request.user):
        raise PermissionDenied
    return request.user


def _pattern(request: HttpRequest, pattern_id: int) -> Pattern:
    return get_object_or_404(queries.patterns_for(_reader(request)), pk=pattern_id)


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """What is louder than expected now."""
    context = {"page": page.patterns_page(_reader(request))}
    return render(request, "listening/patterns/patterns.html", context)


@require_safe
def pattern(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """One pattern; who opens it is among those who know."""
    person, found = _reader(request), _pattern(request, pattern_id)
    actions.see(by=person, pattern=found)
    context = {"pattern": found, "page": page.pattern_page(person, found)}
    return render(request, "listening/patterns/pattern.html", context)


@require_POST
def judge(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """Say whether it was good to know."""
    person, found = _reader(request), _pattern(request, pattern_id)
    try:
        actions.judge(by=person, pattern=found, verdict=request.POST.get("verdict", "none"))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, _("Kept. It counts in how well patterns are found."))
    return redirect("patterns:pattern", found.pk)


@require_safe
def measured_patterns(request: HttpRequest) -> HttpResponse:
    """How well bursts are found on our own history."""
    person = _reader(request)
    context = {"page": measured.measured_page(), "may_try": policy.may_try_detector(person)}
    return render(request, "listening/patterns/measured.html", context)


@require_POST
def try_again(request: HttpRequest) -> HttpResponse:
    """Have the detector tried out anew."""
    trying.ask_for_trial(by=_reader(request))
    messages.success(
        request, _("It is being tried out; this page has the figures when it is done.")
    )
    return redirect("patterns:measured")


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Who is alerted to what."""
    person = _reader(request)
    context = {"page": rules_page.rules_page(person)}
    return render(request, "listening/patterns/rules.html", context)


@require_http_methods(READ_OR_SEND)
def add_rule(request: HttpRequest) -> HttpResponse:
    """Have oneself or a team alerted, perhaps to the series of an address."""
    person = _reader(request)
    first = {"series": request.GET.get("series", "")[:220]}
    form = RuleForm(
        request.POST or None, initial=first, person=person, watched=rules_page.to_choose(first["series"])
    )  # fmt: skip
    if _done(form, lambda: actions.add_rule(by=person, **form.told())):
        messages.success(request, _("From now on you hear of it."))
        return redirect("patterns:rules")
    return _form(request, form, {})


@require_http_methods(READ_OR_SEND)
def change_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Change a rule."""
    person = _reader(request)
    rule = get_object_or_404(queries.rules_for(person), pk=rule_id)
    if not policy.may_change_rule(person, rule):
        raise PermissionDenied
    names = ("series", "least", "mail", "hook", "quiet_from", "quiet_until")
    first = {name: getattr(rule, name) for name in names}
    form = RuleForm(
        request.POST or None, initial=first, person=person, watched=rules_page.to_choose(rule.series), made=True
    )  # fmt: skip
    if _done(form, lambda: actions.change_rule(by=person, rule=rule, **form.told())):
        messages.success(request, _("Kept."))
        return redirect("patterns:rules")
    return _form(request, form, {"rule": rule})


@require_POST
def pause_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Be left alone for now, or hear of things again."""
    person = _reader(request)
    rule = get_object_or_404(queries.rules_for(person), pk=rule_id)
    actions.pause_rule(by=person, rule=rule, paused=not rule.paused)
    return redirect("patterns:rules")


@require_POST
def end_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Hear no more of it."""
    person = _reader(request)
    rule = get_object_or_404(queries.rules_for(person), pk=rule_id)
    actions.end_rule(by=person, rule=rule)
    messages.success(request, _("Nobody is alerted by it any more."))
    return redirect("patterns:rules")


def _done(form: RuleForm, deed: Callable[[], AlertRule | None]) -> bool:
    """Whether the form was right and the deed was done; what is wrong stands in the form."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        deed()
    except ValidationError as wrong:
        form.add_error(None, wrong.messages)
        return False
    return True


def _form(request: HttpRequest, form: RuleForm, more: dict[str, Any]) -> HttpResponse:
    status = 400 if form.is_bound else 200
    return render(request, "listening/patterns/rule.html", {"form": form, **more}, status=status)
