"""The page of the language model, and asking for and judging a label."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openroads.connectors.failures import Refused
from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.listening.language_model import actions, policy, queries
from openroads.listening.language_model.models import WrittenLabel
from openroads.listening.language_model.page import model_page
from openroads.listening.models import MonthTheme, Source
from openroads.listening.saying import translated


def _keeper(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    directory_policy.require(request.user, policy.may_allow_sources)
    return request.user


def _source(person: Person, source_id: int) -> Source:
    source = queries.source_for(person, source_id)
    if source is None:
        raise Http404
    return source


def _to_theme(row: WrittenLabel | MonthTheme) -> HttpResponse:
    asked = urlencode({"brand": row.brand_id, "month": row.month.isoformat()[:7]})
    return redirect(f"{reverse('themes:themes')}?{asked}")


@require_safe
def language_model(request: HttpRequest) -> HttpResponse:
    """What may be sent where, per source, and what it cost."""
    context = {"page": model_page(_keeper(request), timezone.now())}
    return render(request, "listening/language_model/language_model.html", context)


@require_POST
def allow(request: HttpRequest, source_id: int) -> HttpResponse:
    """Let posts of a source be sent."""
    person = _keeper(request)
    source = _source(person, source_id)
    try:
        actions.allow_source(by=person, source=source)
        messages.success(request, _("Posts of %(name)s may be sent, without names, when somebody asks for a label.") % {"name": source.name})  # fmt: skip
    except Refused as refused:
        messages.error(request, translated(refused.why))
    return redirect("language_model:language_model")


@require_POST
def stop(request: HttpRequest, source_id: int) -> HttpResponse:
    """Send nothing of a source any more."""
    person = _keeper(request)
    source = _source(person, source_id)
    actions.stop_source(by=person, source=source)
    messages.success(request, _("Nothing of %(name)s is sent any more.") % {"name": source.name})
    return redirect("language_model:language_model")


@require_POST
def ask(request: HttpRequest, theme_id: int) -> HttpResponse:
    """Have a label of a theme written."""
    assert isinstance(request.user, Person)
    directory_policy.require(request.user, policy.may_ask_label)
    theme = queries.theme_for(request.user, theme_id)
    if theme is None:
        raise Http404
    try:
        actions.ask_label(by=request.user, theme=theme)
        messages.success(request, _("The language model is being asked; the label comes in a minute or so."))  # fmt: skip
    except Refused as refused:
        messages.error(request, translated(refused.why))
    return _to_theme(theme)


@require_POST
def judge(request: HttpRequest, written_id: int) -> HttpResponse:
    """Say whether a written label is right."""
    assert isinstance(request.user, Person)
    directory_policy.require(request.user, policy.may_judge_label)
    written = queries.label_for(request.user, written_id)
    said = request.POST.get("right", "")
    if written is None or said not in ("yes", "no"):
        raise Http404
    actions.judge_label(by=request.user, written=written, right=said == "yes")
    messages.success(request, _("Noted. How often its labels are right is shown with each."))
    return _to_theme(written)
