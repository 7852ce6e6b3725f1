"""Pages of what people keep beside exploring: saved views and marked events."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.explore import actions, asking, queries
from openroads.listening.explore.forms import EventForm, ViewForm
from openroads.listening.explore.models import Event, SavedView


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_read_conversations(request.user):
        raise PermissionDenied
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: HttpRequest) -> HttpResponse:
    """Every view kept by this person or shared by colleagues; a POST keeps the one of its query."""
    person = _reader(request)
    told = QueryDict(request.GET.urlencode())
    asked = asking.asked(told, person, language=get_language() or "en")
    form = ViewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        view = actions.save_view(
            by=person, name=form.cleaned_data["name"], query=asked.filter.query(),
            **form.shared_with(),
        )  # fmt: skip
        messages.success(request, _("“%(name)s” is kept among your views.") % {"name": view.name})
        return redirect(f"{reverse('listening:explore')}?{view.query}")
    context = {
        "views": queries.views_for(person),
        "form": form,
        "asked": asked,
        "query_string": asked.filter.query() if told else "",
    }
    return render(request, "listening/views.html", context, status=400 if form.errors else 200)


@require_POST
def forget_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Take a view away."""
    person = _reader(request)
    view = get_object_or_404(queries.views_for(person), pk=view_id)
    actions.forget_view(by=person, view=view)
    messages.success(request, _("“%(name)s” is no longer kept.") % {"name": view.name})
    return redirect("listening:views")


@require_http_methods(["GET", "HEAD", "POST"])
def events(request: HttpRequest) -> HttpResponse:
    """What happened and when: the marks on every line over time."""
    person = _reader(request)
    if request.method == "POST" and not policy.may_mark_events(person):
        raise PermissionDenied
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.mark_event(by=person, **form.cleaned_data)
        messages.success(request, _("Marked on every line over time."))
        return redirect("listening:events")
    context = {
        "events": queries.events_for(person).order_by("-on", "-pk"),
        "form": form,
        "may_mark": policy.may_mark_events(person),
        "kinds": Event.Kind.choices,
    }
    return render(request, "listening/events.html", context, status=400 if form.errors else 200)


@require_POST
def unmark_event(request: HttpRequest, event_id: int) -> HttpResponse:
    """Take a mark away."""
    person = _reader(request)
    event = queries.mark_for(person, event_id)
    if event is None:
        raise Http404
    actions.unmark_event(by=person, event=event)
    messages.success(request, _("The mark is gone."))
    return redirect("listening:view", event.view_id) if event.view_id else redirect("listening:events")  # fmt: skip


@require_POST
def event_kind(request: HttpRequest, event_id: int) -> HttpResponse:
    """Say what kind an event is."""
    person = _reader(request)
    event = queries.mark_for(person, event_id)
    if event is None:
        raise Http404
    try:
        actions.say_kind(by=person, event=event, kind=request.POST.get("kind", ""))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, _("The kind of “%(what)s” is as you said.") % {"what": event.what})  # fmt: skip
    return redirect("listening:view", event.view_id) if event.view_id else redirect("listening:events")  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, view_id: int) -> HttpResponse:
    """One view by its link: what it shows, who sees it, and the notes on its lines; a POST writes one."""
    person = _reader(request)
    found = get_object_or_404(queries.views_for(person), pk=view_id)
    asked = asking.asked(QueryDict(found.query), person, language=get_language() or "en")
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.mark_event(by=person, view=found, **form.cleaned_data)
        messages.success(request, _("The note stands on the lines of this view."))
        return redirect("listening:view", found.pk)
    shared = {"shared": found.shared, "part": _part_of(found)}
    context = {
        "view": found,
        "linked": f"{found.query}&view={found.pk}",
        "asked": asked,
        "notes": queries.notes_on(found),
        "form": form,
        "share": ViewForm(initial=shared) if found.by_id == person.pk else None,
        "link": request.build_absolute_uri(request.path),
    }
    return render(request, "listening/view.html", context, status=400 if form.errors else 200)


@require_POST
def share_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Say who else sees a view."""
    person = _reader(request)
    found = get_object_or_404(queries.views_for(person), pk=view_id)
    form = ViewForm({**request.POST.dict(), "name": found.name})
    if form.is_valid():
        actions.share_view(by=person, view=found, **form.shared_with())
        messages.success(request, _("Who sees it is as you said."))
    return redirect("listening:view", found.pk)


def _part_of(view: SavedView) -> str:
    if view.department_id:
        return f"department-{view.department_id}"
    return f"team-{view.team_id}" if view.team_id else ""
