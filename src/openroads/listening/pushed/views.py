"""Pages of what others send us: making an address, its secret, and what came in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.connectors.failures import Refused
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.models import Source
from openroads.listening.pushed import actions, queries
from openroads.listening.pushed.examples import examples
from openroads.listening.pushed.forms import PushForm
from openroads.listening.register.forms import grounds_of, without_grounds
from openroads.listening.saying import translated

SHOWN = 50


def _keeper(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_keep_sources(request.user):
        raise PermissionDenied
    return request.user


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make a source that others push to; its page then shows the secret once."""
    person = _keeper(request)
    form = PushForm(request.POST or None, by=person)
    if request.method == "POST" and form.is_valid():
        try:
            source, secret = actions.open_source(by=person, grounds=grounds_of(form), **without_grounds(form.cleaned_data))  # fmt: skip
        except Refused as refused:
            form.add_error("name", translated(refused.why))
        else:
            return _page(request, person, source, secret)
    context = {"form": form, "title": _("Let posts be pushed"), "deed": _("Make the address")}
    return render(request, "listening/add.html", context, status=400 if form.errors else 200)


@require_safe
def address(request: HttpRequest, pushed_id: int) -> HttpResponse:
    """Where one source is sent to, and what came in."""
    person = _keeper(request)
    source = get_object_or_404(queries.pushable_for(person), pk=pushed_id)
    return _page(request, person, source)


@require_POST
def new_secret(request: HttpRequest, pushed_id: int) -> HttpResponse:
    """Another secret, shown once; for a network the first one makes the address."""
    person = _keeper(request)
    source = get_object_or_404(queries.pushable_for(person), pk=pushed_id)
    deed = actions.change_secret if source.kind == Source.Kind.PUSH else actions.open_hook
    secret = deed(by=person, source=source)
    return _page(request, person, queries.pushable_for(person).get(pk=source.pk), secret)


@require_POST
def end_older(request: HttpRequest, pushed_id: int) -> HttpResponse:
    """Let the secret before this one hold no longer."""
    person = _keeper(request)
    source = get_object_or_404(queries.pushable_for(person), pk=pushed_id)
    actions.end_older_secret(by=person, source=source)
    messages.success(request, _("Only the newest secret opens %(name)s now.") % {"name": source.name})  # fmt: skip
    return redirect("pushed:address", source.pk)


@require_POST
def again(request: HttpRequest, pushed_id: int, payload_id: int) -> HttpResponse:
    """Read a request once more that could not be read."""
    person = _keeper(request)
    source = get_object_or_404(queries.pushable_for(person), pk=pushed_id)
    payload = get_object_or_404(queries.payloads_for(person, source), pk=payload_id)
    actions.read_again(by=person, payload=payload)
    return redirect("pushed:address", source.pk)


def _page(request: HttpRequest, person: Person, source: Source, secret: str = "") -> HttpResponse:
    made = getattr(source, "push_address", None)
    where = queries.whole_address(made) if made else ""
    context = {
        "source": source,
        "address": made,
        "where": where,
        "secret": secret,
        "older": made is not None and queries.older_holds(made),
        "figures": queries.figures(source, timezone.now()),
        "payloads": queries.payloads_for(person, source)[:SHOWN],
        "examples": examples(where, secret) if source.kind == Source.Kind.PUSH else [],
    }
    answer = render(request, "listening/pushed/address.html", context)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
