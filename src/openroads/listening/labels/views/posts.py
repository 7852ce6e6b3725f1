"""One post on its own page, with who said what of it; saying it, and taking it back."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openroads.directory.models import Person
from openroads.listening import policy as listening_policy
from openroads.listening.gap_queries import edge_of
from openroads.listening.labels import cards, history, policy, queries
from openroads.listening.labels.actions.labelling import (
    confirm_post,
    label_post,
    undo_label,
    undo_last,
)
from openroads.listening.labels.forms import PlaceForm, SayForm
from openroads.listening.labels.words import aspect_name, value_name
from openroads.listening.topics.queries import topics_for
from openroads.listening.topics.said import label_for as topic_label_for
from openroads.listening.topics.saying import confirm_topics
from openroads.listening.topics.saying import say_topic as say_topic_of
from openroads.listening.topics.saying import undo_topic as undo_topic_label


def _labeller(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_label(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def post(request: HttpRequest, mark: str) -> HttpResponse:
    """A post, how it was read and by whom, and everything people said of it."""
    person = request.user
    assert isinstance(person, Person)
    if not listening_policy.may_read_conversations(person):
        raise PermissionDenied
    card = cards.card_of(person, mark)
    if card is None:
        raise Http404
    context = {
        "card": card,
        "history": history.of(person, card.post),
        "starts": f"post={card.mark}",
    }
    return render(request, "listening/labels/post.html", context)


@require_POST
def say(request: HttpRequest, mark: str) -> HttpResponse:
    """Say what a post is, or that it was read right."""
    person, found, form = _labeller(request), edge_of(mark), SayForm(request.POST)
    if found is None:
        raise Http404
    try:
        if not form.is_valid():
            raise ValidationError(_("This is not one of the answers."))
        aspect, value = form.cleaned_data["answer"]
        if aspect:
            label = label_post(by=person, post=found[1], published_at=found[0], aspect=aspect, value=value)  # fmt: skip
            news = _("%(aspect)s is %(value)s now") % {
                "aspect": aspect_name(aspect), "value": value_name(aspect, label.value),
            }  # fmt: skip
        else:
            confirm_post(by=person, post=found[1], published_at=found[0])
            news = _("Confirmed: tone and kind were read right")
    except ValidationError as problem:
        return _back(request, person, mark, " ".join(problem.messages), bad=True)
    return _back(request, person, mark, news)


@require_POST
def take_back(request: HttpRequest, mark: str) -> HttpResponse:
    """Take back what this person said of a post last."""
    person, found = _labeller(request), edge_of(mark)
    if found is None:
        raise Http404
    gone = undo_last(by=person, post=found[1])
    return _back(request, person, mark, _("Taken back") if gone else _("There was nothing to take back"))  # fmt: skip


@require_POST
def undo(request: HttpRequest, label_id: int) -> HttpResponse:
    """Take one label back, from the page of its post."""
    person = _labeller(request)
    label = queries.label_for(person, label_id)
    if label is None:
        raise Http404
    undo_label(by=person, label=label)
    messages.success(request, _("Taken back"))
    return redirect(_next(request, reverse("labels:report")))


@require_POST
def say_topic(request: HttpRequest, mark: str) -> HttpResponse:
    """Say in which topic a post belongs or not, or that it is filed right."""
    person, found, form = _labeller(request), edge_of(mark), PlaceForm(request.POST)
    if found is None:
        raise Http404
    try:
        if not form.is_valid():
            raise ValidationError(_("This is not one of the answers."))
        news = _placed(person, found, form.cleaned_data["answer"])
    except ValidationError as problem:
        return _back(request, person, mark, " ".join(problem.messages), bad=True, is_placing=True)
    return _back(request, person, mark, news, is_placing=True)


def _placed(person: Person, found: tuple[datetime, int], answer: tuple[int, bool] | None) -> str:
    """Do it; what happened, in a sentence."""
    if answer is None:
        if confirm_topics(by=person, post=found[1], published_at=found[0]):
            return _("Confirmed: its topics are right")
        return _("It is in no topic that could be confirmed")
    topic = get_object_or_404(topics_for(person), pk=answer[0])
    label = say_topic_of(by=person, topic=topic, post=found[1], published_at=found[0], belongs=answer[1])  # fmt: skip
    name = {"topic": topic.name}
    return _("In “%(topic)s” now") % name if label.belongs else _("Not in “%(topic)s” now") % name


@require_POST
def undo_topic(request: HttpRequest, label_id: int) -> HttpResponse:
    """Take back what one person said of where a post belongs."""
    person = _labeller(request)
    label = topic_label_for(person, label_id)
    if label is None:
        raise Http404
    undo_topic_label(by=person, label=label)
    messages.success(request, _("Taken back"))
    return redirect(_next(request, reverse("labels:report")))


def _back(
    request: HttpRequest,
    person: Person,
    mark: str,
    news: str,
    *,
    bad: bool = False,
    is_placing: bool = False,
) -> HttpResponse:
    """The card as it is now for a page that swaps it; else the page it came from."""
    if request.headers.get("HX-Request"):
        card = cards.card_of(person, mark, news, is_placing=is_placing)
        if card is None:
            raise Http404
        context = {"card": card, "next": _next(request, "")}
        return render(request, "listening/labels/_card.html", context)
    (messages.error if bad else messages.success)(request, news)
    return redirect(_next(request, reverse("labels:post", args=(mark,))))


def _next(request: HttpRequest, otherwise: str) -> str:
    """Where the form stood, when that is in this house."""
    told = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(told, {request.get_host()}, request.is_secure())
    return told if told and ours else otherwise
