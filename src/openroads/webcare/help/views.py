"""Pages of articles in the house: the list, one article, writing, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory.models import Person
from openroads.webcare.help import actions, pages, policy, queries
from openroads.webcare.help.forms import ArticleForm, CentreForm, DescribeForm, VersionForm, blame
from openroads.webcare.help.models import Article

READ_OR_SEND = ["GET", "HEAD", "POST"]


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_see_articles(request.user):
        raise PermissionDenied
    return request.user


def _writer(request: HttpRequest) -> Person:
    person = _reader(request)
    if not policy.may_write(person):
        raise PermissionDenied
    return person


def _article(request: HttpRequest, number: int) -> tuple[Person, Article]:
    person = _reader(request)
    return person, get_object_or_404(queries.articles_for(person), number=number)


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """Articles of a state, what nobody looked at for six months first; or those found by words."""
    person, today = _reader(request), timezone.localdate()
    told, words = request.GET.get("state", ""), request.GET.get("q", "").strip()[:200]
    state = told if told in Article.State.values else Article.State.PUBLIC
    language = queries.house_language()
    if words:
        found = queries.articles_found(person, words, language)
    else:
        found = queries.unchecked_first(queries.articles_for(person).filter(state=state), today)
    counts = queries.counts_by_state(person)
    context = {
        "rows": pages.rows_of(found, language, today),
        "state": state,
        "words": words,
        "counts": [(value, label, counts[value]) for value, label in Article.State.choices],
        "may_write": policy.may_write(person),
        "may_set": policy.may_set_centre(person),
    }
    return render(request, "webcare/help/articles.html", context)


@require_http_methods(READ_OR_SEND)
def add_article(request: HttpRequest) -> HttpResponse:
    """Begin an article; with ?message= it opens with an answer of ours, to be made fit for everybody."""
    person = _writer(request)
    answer = queries.our_answer(person, request.GET.get("message", ""))
    form = ArticleForm(request.POST or None, initial=pages.prefilled(answer))
    preview = pages.preview_of(form) if "preview" in request.POST else ""
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        try:
            told = form.cleaned_data
            made = (
                actions.article_from_answer(by=person, message=answer, **told)
                if answer
                else actions.write_article(by=person, **told)
            )
            messages.success(
                request,
                _("%(code)s is a draft. Publish it when it is right.") % {"code": made.code},
            )
            return redirect("webcare:article", made.number)
        except ValidationError as problem:
            blame(form, problem)
    context = {"form": form, "preview": preview, "answer": answer, "article": None}
    return render(request, "webcare/help/write.html", context, status=400 if form.errors else 200)


@require_safe
def article(request: HttpRequest, number: int) -> HttpResponse:
    """One article: what it says, how it did, what readers say, its versions and what they changed."""
    person, found = _article(request, number)
    language = queries.house_language(request.GET.get("language", ""))
    context = {
        "article": found,
        "page": pages.article_page(found, language, request.GET.get("version", "")),
        "form": DescribeForm(article=found) if policy.may_write(person) else None,
        "may_write": policy.may_write(person) and found.state != Article.State.ENDED,
        "may_publish": policy.may_publish(person),
    }
    return render(request, "webcare/help/article.html", context)


@require_http_methods(READ_OR_SEND)
def write_version(request: HttpRequest, number: int, language: str) -> HttpResponse:
    """Write what an article says in a language, with a look before it is saved."""
    _person, found = _article(request, number)
    person = _writer(request)
    form = VersionForm(request.POST or None, version=queries.newest(found).get(language))
    preview = pages.preview_of(form) if "preview" in request.POST else ""
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        try:
            made = actions.write_version(
                by=person, article=found, language=language, **form.cleaned_data
            )
            messages.success(
                request, _("Saved as a version of its own.") if made else _("Nothing changed.")
            )
            return redirect("webcare:article", found.number)
        except ValidationError as problem:
            blame(form, problem)
    context = {"form": form, "preview": preview, "article": found, "language": language}
    return render(request, "webcare/help/write.html", context, status=400 if form.errors else 200)


@require_POST
def describe_article(request: HttpRequest, number: int) -> HttpResponse:
    """Say who owns it and by which words it is found."""
    _person, found = _article(request, number)
    form = DescribeForm(request.POST, article=found)

    def do(person: Person) -> str:
        if not form.is_valid():
            return _("Choose somebody who writes articles.")
        actions.describe_article(by=person, article=found, **form.cleaned_data)
        return _("Saved.")

    return _done(request, found, do)


@require_POST
def publish_article(request: HttpRequest, number: int) -> HttpResponse:
    """Let everybody read it."""
    _person, found = _article(request, number)

    def do(person: Person) -> str:
        actions.publish_article(by=person, article=found)
        return _("Everybody can read %(code)s now.") % {"code": found.code}

    return _done(request, found, do)


@require_POST
def end_article(request: HttpRequest, number: int) -> HttpResponse:
    """Take it away from readers."""
    _person, found = _article(request, number)

    def do(person: Person) -> str:
        actions.end_article(by=person, article=found)
        return _("%(code)s has ended. Its versions stay.") % {"code": found.code}

    return _done(request, found, do)


@require_POST
def check_article(request: HttpRequest, number: int) -> HttpResponse:
    """It is still right, today."""
    _person, found = _article(request, number)

    def do(person: Person) -> str:
        actions.check_article(by=person, article=found)
        return _("Checked today.")

    return _done(request, found, do)


@require_http_methods(READ_OR_SEND)
def centre(request: HttpRequest) -> HttpResponse:
    """Whether search engines may find the help centre."""
    person = _reader(request)
    if not policy.may_set_centre(person):
        raise PermissionDenied
    told = request.POST if request.method == "POST" else None
    form = CentreForm(told, initial={"is_findable": queries.centre().is_findable})
    if request.method == "POST" and form.is_valid():
        actions.set_centre(by=person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("webcare:articles")
    return render(request, "webcare/help/centre.html", {"form": form})


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How it is counted whether an answer helped, in words."""
    _reader(request)
    return render(request, "webcare/help/method.html")


def _done(request: HttpRequest, found: Article, do: Callable[[Person], str]) -> HttpResponse:
    """Do it, say it, and go back to the article; what is refused is said there."""
    person: Any = request.user
    try:
        messages.success(request, do(person))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("webcare:article", found.number)
