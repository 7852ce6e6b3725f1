"""How well we read: the report, who reads each language and since when, and putting one back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openroads.directory.models import Person
from openroads.listening import policy as listening_policy
from openroads.listening.labels import policy, queries
from openroads.listening.labels.actions import learning, rescoring
from openroads.listening.labels.model_page import model_page
from openroads.listening.labels.models import Aspect
from openroads.listening.labels.report_page import TABLES, report_page


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not listening_policy.may_read_conversations(request.user):
        raise PermissionDenied
    return request.user


def _teacher(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_teach(request.user):
        raise PermissionDenied
    return request.user


def _known(aspect: str, language: str) -> None:
    if aspect not in queries.LEARNED or not (language.isalpha() and 2 <= len(language) <= 3):
        raise Http404


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """How often the analyser is right, of what, and where not."""
    person = _reader(request)
    aspect = request.GET.get("aspect", "")
    if aspect not in Aspect.values:
        aspect = Aspect.TONE.value
    context = {
        "page": report_page(person, aspect, every="all" in request.GET),
        "aspects": Aspect.values,
        "may_label": policy.may_label(person),
    }
    return render(request, "listening/labels/report.html", context)


@require_safe
def table(request: HttpRequest, aspect: str, what: str) -> StreamingHttpResponse:
    """A table of the report as CSV."""
    _reader(request)
    if aspect not in Aspect.values or what not in TABLES:
        raise Http404
    response = StreamingHttpResponse(TABLES[what](aspect), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reading-{aspect}-{what}.csv"'
    return response


@require_safe
def model(request: HttpRequest, aspect: str, language: str) -> HttpResponse:
    """Who reads an aspect in a language, and why."""
    person = _reader(request)
    _known(aspect, language)
    context: dict[str, Any] = {
        "rescoring": queries.last_rescoring(language),
        "aspect": aspect,
        "language": language,
        "may_teach": policy.may_teach(person),
    }
    if request.headers.get("HX-Request"):
        return render(request, "listening/labels/_rescoring.html", context)
    context["page"] = model_page(person, aspect, language)
    return render(request, "listening/labels/model.html", context)


@require_POST
def put_back(request: HttpRequest, aspect: str, language: str) -> HttpResponse:
    """Put an earlier model, or the word lists and rules, in force again."""
    person = _teacher(request)
    _known(aspect, language)
    told, to = request.POST.get("model", ""), None
    if told:
        to = queries.model_for(person, aspect, language, int(told)) if told.isdigit() else None
        if to is None:
            raise Http404
    try:
        learning.switch_back(by=person, aspect=aspect, language=language, to=to)
        messages.success(request, _("Put back. The archive is read anew, the latest posts first."))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("labels:model", aspect, language)


@require_POST
def learn(request: HttpRequest, aspect: str, language: str) -> HttpResponse:
    """Learn a model and test it, when it is time."""
    person = _teacher(request)
    _known(aspect, language)
    try:
        learning.retrain(by=person, aspect=aspect, language=language)
        messages.success(request, _("A model is being learned; this takes some seconds."))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("labels:model", aspect, language)


@require_POST
def try_folder(request: HttpRequest, language: str) -> HttpResponse:
    """Test the model in the house's folder, when it is time."""
    person = _teacher(request)
    _known(Aspect.TONE, language)
    try:
        learning.try_folder(by=person, language=language)
        messages.success(
            request, _("The model in the folder is being tested; a large one takes minutes.")
        )
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("labels:model", Aspect.TONE, language)


@require_POST
def stop(request: HttpRequest, aspect: str, language: str) -> HttpResponse:
    """Stop reading the archive anew, or go on with it."""
    person = _teacher(request)
    _known(aspect, language)
    last = queries.last_rescoring(language)
    if "on" in request.POST and last is not None:
        rescoring.go_on_reading(by=person, rescoring=last)
        messages.success(request, _("Going on with the rest."))
    elif rescoring.stop_reading(by=person, language=language):
        messages.success(request, _("Stopped. What is read anew stays so."))
    return redirect("labels:model", aspect, language)
