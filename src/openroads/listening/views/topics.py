"""Pages of topics: the list, one topic with its versions, defining, changing, and how far a filing is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.changes.actions import note_reading
from openroads.changes.models import Reading
from openroads.directory.models import Person
from openroads.listening import policy as room_policy
from openroads.listening.explore import asking
from openroads.listening.explore.asking import Asked
from openroads.listening.explore.queries import events_between
from openroads.listening.labels.cards import cards
from openroads.listening.sight.seeing import sight_of
from openroads.listening.topics import actions, judged_page, page, policy, queries
from openroads.listening.topics.figures import figures_of
from openroads.listening.topics.forms import DescriptionForm, QueryForm
from openroads.listening.topics.models import Topic, TopicVersion
from openroads.listening.topics.preview import preview_of

READ_OR_SEND = ["GET", "HEAD", "POST"]
YEAR = timedelta(weeks=52)
GLANCE = 6


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not room_policy.may_read_conversations(request.user):
        raise PermissionDenied
    return request.user


def _definer(request: HttpRequest) -> Person:
    person = _reader(request)
    if not policy.may_define_topics(person):
        raise PermissionDenied
    return person


def _asked(request: HttpRequest, person: Person) -> Asked:
    return asking.asked(request.GET, person, language=get_language() or "en")


def _topic(request: HttpRequest, topic_id: int) -> Topic:
    return get_object_or_404(queries.topics_for(_reader(request)), pk=topic_id)


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic with what is said of it in a period."""
    person = _reader(request)
    asked, every = _asked(request, person), list(queries.topics_for(person))
    used = [topic for topic in every if topic.archived_at is None]
    figures = figures_of(used, asked.filter.scope.since, asked.filter.scope.until)
    context = {
        "asked": asked,
        "page": page.topics_page(every, figures, asked.filter),
        "may_define": policy.may_define_topics(person),
    }
    return render(request, "listening/topics/topics.html", context)


@require_safe
def topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """One topic: its posts by week over a year, the newest, its query, its versions."""
    person = _reader(request)
    found, asked = _topic(request, topic_id), _asked(request, person)
    chosen = asked.filter
    if "since" not in request.GET:
        chosen = asking.with_days(chosen, chosen.until - YEAR + timedelta(days=1), chosen.until)
    figures = figures_of([found], chosen.scope.since, chosen.scope.until)[found.pk]
    events = events_between(chosen.scope.since, chosen.scope.until, found.brand_id or 0)
    filing = queries.newest_filing(found)
    # One that is put away is asked by its query, over the whole archive: Explore does that on request.
    newest = [] if found.archived_at else asking.newest(page.about(found, chosen), None, limit=GLANCE)  # fmt: skip
    note_reading(by=person, kind=Reading.Kind.TOPIC, thing=found.pk)
    context = {
        "topic": found,
        "page": page.topic_page(found, figures, chosen, events, sight=sight_of(person)),
        "filing": page.filing_page(found, filing) if filing else None,
        "cards": cards(person, newest),
        "rightness": judged_page.rightness_page(found),
        "follow": f"topic={found.pk}",
        "may_define": policy.may_define_topics(person),
    }
    return render(request, "listening/topics/topic.html", context)


@require_safe
def topic_said(request: HttpRequest, topic_id: int) -> HttpResponse:
    """The posts people looked at, by what became of them: taken out, put in, right."""
    person = _reader(request)
    found = _topic(request, topic_id)
    shown = judged_page.said_page(found, request.GET.get("which", ""))
    context = {"topic": found, "page": shown, "cards": cards(person, shown.posts)}
    return render(request, "listening/topics/said.html", context)


@require_safe
def filing(request: HttpRequest, topic_id: int) -> HttpResponse:
    """How far the filing is, for the page that asks again; when it is done that page loads anew."""
    found = _topic(request, topic_id)
    newest = queries.newest_filing(found)
    context = {
        "topic": found,
        "filing": page.filing_page(found, newest) if newest else None,
        "may_define": policy.may_define_topics(_reader(request)),
    }
    answer = render(request, "listening/topics/_filing.html", context)
    if newest is not None and not newest.is_unfinished:
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """What a query being written means and finds, or what is wrong with it: a fragment of a form."""
    person = _definer(request)
    against = _version(request.GET.get("against", ""), person)
    brand = request.GET.get("brand", "")
    preview = preview_of(
        request.GET.get("text", "")[:4_000],
        sight=sight_of(person),
        brand=int(brand) if brand.isdecimal() and len(brand) < 6 else 0,
        against=against,
    )
    return render(request, "listening/topics/_preview.html", {"preview": preview})


@require_http_methods(READ_OR_SEND)
def add_topic(request: HttpRequest) -> HttpResponse:
    """Define a topic, perhaps from the query of an address (`q`)."""
    person = _definer(request)
    told, first = _filled_in(
        request,
        {"text": request.GET.get("q", "")[:4_000], "brand": request.GET.get("brand", "")},
    )
    described, query = DescriptionForm(told, initial=first), QueryForm(told, initial=first)

    def define() -> Topic:
        return actions.define_topic(by=person, **described.cleaned_data, **query.cleaned_data)

    if made := _done(request, (described, query), define):
        messages.success(request, _("“%(name)s” is defined; the archive is being filed under it.") % {"name": made.name})  # fmt: skip
        return redirect("listening:topic", made.pk)
    text = str(query["text"].value() or "")
    brand = str(described["brand"].value() or "")
    preview = preview_of(text, sight=sight_of(person), brand=int(brand) if brand.isdecimal() else 0)
    context = {"forms": (query, described), "query": query, "preview": preview}
    return render(request, "listening/topics/define.html", context, status=_status(request, described, query))  # fmt: skip


@require_http_methods(READ_OR_SEND)
def change_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Write a new version of a topic's query."""
    person = _definer(request)
    found = _topic(request, topic_id)
    newest, sight = found.versions.all()[0], sight_of(person)
    if page.text_of(newest, sight) != newest.text:
        raise PermissionDenied(_("This query names people. Who sees names can change it."))
    told, first = _filled_in(request, {"text": newest.text})
    form = QueryForm(told, initial=first)

    def change() -> TopicVersion:
        return actions.change_query(by=person, topic=found, **form.cleaned_data)

    if made := _done(request, (form,), change):
        messages.success(request, _said_of(made, newest))
        return redirect("listening:topic", found.pk)
    preview = preview_of(
        str(form["text"].value() or ""),
        sight=sight,
        brand=found.brand_id or 0,
        against=found.in_force or newest,
    )
    context = {"topic": found, "forms": (form,), "query": form, "preview": preview, "against": found.in_force or newest}  # fmt: skip
    return render(request, "listening/topics/define.html", context, status=_status(request, form))


@require_http_methods(READ_OR_SEND)
def describe_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Change the name of a topic and who it concerns."""
    person = _definer(request)
    found = _topic(request, topic_id)
    first = {
        "name": found.name, "description": found.description, "brand": found.brand_id,
        "department": found.department_id,
    }  # fmt: skip
    form = DescriptionForm(request.POST or None, initial=first)

    def describe() -> Topic:
        return actions.describe_topic(by=person, topic=found, **form.cleaned_data)

    if _done(request, (form,), describe):
        messages.success(request, _("Kept."))
        return redirect("listening:topic", found.pk)
    context = {"topic": found, "form": form}
    return render(request, "listening/topics/describe.html", context, status=_status(request, form))


@require_POST
def back_topic(request: HttpRequest, topic_id: int, version_id: int) -> HttpResponse:
    """Ask again what an earlier version asked, as a new version."""
    person = _definer(request)
    found = _topic(request, topic_id)
    version = get_object_or_404(found.versions, pk=version_id)
    newest = found.versions.all()[0]
    if made := _tried(request, lambda: actions.go_back(by=person, version=version)):
        messages.success(request, _said_of(made, newest))
    return redirect("listening:topic", found.pk)


@require_POST
def stop_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Stop the filing after the month at hand."""
    return _deed(request, topic_id, actions.stop_filing)


@require_POST
def resume_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Go on with the filing."""
    return _deed(request, topic_id, actions.resume_filing)


@require_POST
def put_away_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Put a topic away."""
    return _deed(request, topic_id, actions.put_away)


@require_POST
def take_up_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Use a topic again."""
    return _deed(request, topic_id, actions.take_up_again)


def _deed(request: HttpRequest, topic_id: int, deed: Callable[..., None]) -> HttpResponse:
    person = _definer(request)
    found = _topic(request, topic_id)
    _tried(request, lambda: deed(by=person, topic=found))
    return redirect("listening:topic", found.pk)


def _tried(request: HttpRequest, deed: Callable[[], Any]) -> Any:
    """Do it, or say on the next page why not."""
    try:
        return deed()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return None


def _only_looks(request: HttpRequest) -> bool:
    """Whether the form was sent to see what the query finds, or to have it mended: nothing is kept."""
    return request.method == "POST" and not {"mend", "look"}.isdisjoint(request.POST)


def _filled_in(request: HttpRequest, first: dict[str, Any]) -> tuple[QueryDict | None, dict[str, Any]]:  # fmt: skip
    """What was sent to be kept (None: nothing), and what stands in the form otherwise."""
    if not _only_looks(request):
        return (request.POST if request.method == "POST" else None), first
    told = request.POST.dict()
    return None, {**first, **told, "text": told.get("mend") or told.get("text", "")}


def _done(request: HttpRequest, forms: tuple[Form, ...], deed: Callable[[], Any]) -> Any:
    """What the deed gives when everything is filled in right and it was asked for; what it refuses is
    said at the field. Looking and mending only show the form again."""
    if request.method != "POST" or _only_looks(request):
        return None
    valid = [form.is_valid() for form in forms]  # every form, so that all faults are told
    if not all(valid):
        return None
    try:
        return deed()
    except ValidationError as refused:
        for field, told in (refused.message_dict if hasattr(refused, "error_dict") else {None: refused.messages}).items():  # fmt: skip
            form = next((each for each in forms if field in each.fields), forms[0])
            form.add_error(field if field in form.fields else None, told)
        return None


def _status(request: HttpRequest, *forms: Form) -> int:
    return 400 if request.method == "POST" and any(form.errors for form in forms) else 200


def _said_of(made: TopicVersion, before: TopicVersion) -> str:
    if made.pk == before.pk:
        return _("This asks the same as version %(n)s; nothing was changed.") % {"n": made.number}
    return _("Version %(n)s is written; the archive is being filed under it.") % {"n": made.number}


def _version(told: str, person: Person) -> TopicVersion | None:
    if not told.isdecimal() or len(told) > 9:
        return None
    seen = TopicVersion.objects.filter(topic__in=queries.topics_for(person))
    return seen.filter(pk=int(told)).first()
