"""Pages of listening hours: those that were and will be, one hour, and one post at a time."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openroads.archive.queries.posts import Quote
from openroads.changes.policy import may_open_insight
from openroads.directory.models import Person
from openroads.listening.culture import queries
from openroads.listening.culture.actions import hours as actions
from openroads.listening.culture.forms import HourForm, OutcomeForm
from openroads.listening.culture.models import Hour, HourPost
from openroads.listening.culture.views.readers import READ_OR_SEND, blame, reader
from openroads.listening.labels.cards import post_at
from openroads.listening.sight.seeing import Sight, sight_of


@require_http_methods(READ_OR_SEND)
def hours(request: HttpRequest) -> HttpResponse:
    """Hours of one's teams, and planning one."""
    person = reader(request)
    form = HourForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            hour = actions.plan_hour(
                by=person,
                team=form.cleaned_data["team"],
                title=form.cleaned_data["title"],
                topics=list(form.cleaned_data["topics"]),
            )
        except ValidationError as problem:
            blame(form, problem)
        else:
            return redirect("culture:hour", hour.pk)
    context = {"hours": queries.hours_for(person), "form": form, "may_plan": queries.teams_to_choose(person).exists()}  # fmt: skip
    return render(request, "listening/culture/hours.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_http_methods(READ_OR_SEND)
def hour(request: HttpRequest, hour_id: int) -> HttpResponse:
    """One hour: what is read, what people want to talk about, who takes part; a POST ends it."""
    person = reader(request)
    found = _hour(person, hour_id)
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_hour(by=person, hour=found, **form.cleaned_data)
        except ValidationError as problem:
            blame(form, problem)
        else:
            messages.success(request, _("The hour has ended; what came of it is kept."))
            return redirect("culture:hour", found.pk)
    agenda = queries.agenda_of(found)
    sight = sight_of(person)
    talk = [(item, _post(item, sight)) for item in agenda if item.marks.all()]
    marks = urlencode([("post", _mark(item)) for item, post in talk if post] + [("hour", found.pk)])
    context = {
        "hour": found,
        "agenda": agenda,
        "talk": talk,
        "form": form,
        "start": f"{reverse('culture:start')}?{marks}" if talk and may_open_insight(person) else "",
        "next_place": _read_to(found, person) + 1,
    }
    return render(request, "listening/culture/hour.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_http_methods(READ_OR_SEND)
def hour_post(request: HttpRequest, hour_id: int, place: int) -> HttpResponse:
    """One post of an hour, large; a POST says "talk about this", or takes it back."""
    person = reader(request)
    found = _hour(person, hour_id)
    agenda = queries.agenda_of(found)
    item = next((one for one in agenda if one.place == place), None)
    if item is None:
        raise Http404
    if request.method == "POST":
        return _marked(request, person, found, item)
    actions.read_along(by=person, hour=found, place=place)
    context = {
        "hour": found,
        "item": item,
        "post": _post(item, sight_of(person)),
        "of": len(agenda),
        "mine": any(mark.person_id == person.pk for mark in item.marks.all()),
        "before": place - 1 if place > agenda[0].place else None,
        "after": place + 1 if place < agenda[-1].place else None,
    }
    return render(request, "listening/culture/hour_post.html", context)


@require_POST
def call_off(request: HttpRequest, hour_id: int) -> HttpResponse:
    """An hour that never began is taken away again."""
    person = reader(request)
    found = _hour(person, hour_id)
    try:
        actions.call_off(by=person, hour=found)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("culture:hour", found.pk)
    messages.success(request, _("The hour is called off."))
    return redirect("culture:hours")


def _hour(person: Person, hour_id: int) -> Hour:
    return get_object_or_404(queries.hours_for(person), pk=hour_id)


def _post(item: HourPost, sight: Sight) -> Quote | None:
    post = post_at(_mark(item))
    return sight.post(post) if post is not None else None


def _mark(item: HourPost) -> str:
    return f"{item.published_at.timestamp():.3f}-{item.post}"


def _read_to(hour: Hour, person: Person) -> int:
    """How far this person read, short of the last post: one can always go on."""
    read = next((seat.read_to for seat in hour.seats.all() if seat.person_id == person.pk), 0)
    return min(read, max(int(getattr(hour, "agenda", 1)) - 1, 0))


def _marked(request: HttpRequest, person: Person, hour: Hour, item: HourPost) -> HttpResponse:
    try:
        actions.mark_post(by=person, item=item, marked=request.POST.get("talk") == "1")
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("culture:hour_post", hour.pk, item.place)
