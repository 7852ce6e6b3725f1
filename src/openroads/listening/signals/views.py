"""Pages of signals: promises with what is said of them, and writing them down."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.sight.seeing import sight_of
from openroads.listening.signals import actions, asking, queries
from openroads.listening.signals.forms import PromiseForm
from openroads.listening.signals.models import Promise
from openroads.listening.signals.page import signals_page
from openroads.listening.topics.policy import may_define_topics

QUOTES = 2
READ_OR_SEND = ["GET", "HEAD", "POST"]


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_read_conversations(request.user):
        raise PermissionDenied
    return request.user


def _definer(request: HttpRequest) -> Person:
    person = _reader(request)
    if not may_define_topics(person):
        raise PermissionDenied
    return person


@require_safe
def signals(request: HttpRequest) -> HttpResponse:
    """What people say of each promise, where brands stand, and what is asked most."""
    person = _reader(request)
    told = asking.asked(request.GET, person, language=get_language() or "en")
    questions, sight = asking.questions(told), sight_of(person)
    quotes, examples = asking.words_said(told, questions.groups, limit=QUOTES)
    page = signals_page(
        told,
        asking.readings(told),
        {number: sight.posts(posts) for number, posts in quotes.items()},
        asking.standings(told),
        questions,
        [sight.post(post) if post else None for post in examples],
    )
    context = {
        "told": told,
        "asked": told.asked,
        "filter": told.filter,
        "page": page,
        "may_define": may_define_topics(person),
    }
    return render(request, "listening/signals/signals.html", context)


@require_http_methods(READ_OR_SEND)
def add_promise(request: HttpRequest) -> HttpResponse:
    """Write a promise down."""
    person = _definer(request)
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_promise(by=person, **form.told())
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("“%(name)s” is written down.") % {"name": made.called})
            return redirect("signals:signals")
    return _form_page(request, form, None)


@require_http_methods(READ_OR_SEND)
def change_promise(request: HttpRequest, promise_id: int) -> HttpResponse:
    """Change a promise."""
    person = _definer(request)
    promise = get_object_or_404(queries.promises_for(person), pk=promise_id)
    names, texts = queries.words_of(promise)
    start = {name: getattr(promise, name) for name in ("brand", "product", "claim", "source_text")}
    start |= {f"name_{language}": name for language, name in names.items()}
    start |= {f"text_{language}": text for language, text in texts.items()}
    form = PromiseForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_promise(by=person, promise=promise, **form.told())
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("“%(name)s” is changed.") % {"name": promise.called})
            return redirect("signals:signals")
    return _form_page(request, form, promise)


@require_POST
def end_promise(request: HttpRequest, promise_id: int) -> HttpResponse:
    """No longer promise it."""
    person = _definer(request)
    promise = get_object_or_404(queries.promises_for(person), pk=promise_id)
    actions.end_promise(by=person, promise=promise)
    messages.success(request, _("“%(name)s” is no longer counted.") % {"name": promise.called})
    return redirect("signals:signals")


def _form_page(request: HttpRequest, form: PromiseForm, promise: Promise | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "promise": promise}
    return render(request, "listening/signals/promise.html", context, status=400 if form.errors else 200)  # fmt: skip
