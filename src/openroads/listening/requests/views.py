"""The pages open to all: what is collected, and asking about it. And the queue for who answers."""

from collections.abc import Callable
from typing import Any

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.listening import queries as room
from openroads.listening.erasing.held import held_of, plain_handle
from openroads.listening.models import PrivacyRequest
from openroads.listening.register import queries as register
from openroads.listening.requests import actions, policy, queries
from openroads.listening.requests.clock import clock_of
from openroads.listening.requests.forms import AgainForm, AskForm, CloseForm, LongerForm

RATES = {"ask": "5/h/ip", "ask_anywhere": "200/d/key"}
"""How often one address may ask, and all together: more is no person but a machine."""
IN_LIST = 100


@login_not_required
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """What the company collects of people outside, from where, why, on what ground and for how long."""
    context = {
        "company": room.company(),
        "rows": register.what_is_collected(),
        "controller": register.controller(),
        "ours": register.kept_besides(),
    }
    return render(request, "listening/requests/notice.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Object, ask to be erased, or ask what is held. Whoever asks gets the same answer."""
    form = AskForm(request.POST or None)
    context: dict[str, Any] = {"company": room.company(), "form": form}
    if request.method == "POST" and form.is_valid():
        if form.is_of_machine:
            return redirect("notice:asked")
        if not _may_ask_now(request):
            return render(request, "listening/requests/too_often.html", context, status=429)
        told = {name: value for name, value in form.cleaned_data.items() if name != "website"}
        actions.ask(**told)
        return redirect("notice:asked")
    return render(
        request, "listening/requests/ask.html", context, status=400 if form.errors else 200
    )


@login_not_required
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """It arrived: what happens now."""
    return render(request, "listening/requests/asked.html", {"company": room.company()})


def _may_ask_now(request: HttpRequest) -> bool:
    return all(
        ratelimit.consume(request, app="openroads.privacy", action=action, config=RATES, key=action)
        for action in RATES
    )


def _answerer(request: HttpRequest) -> Person:
    person = request.user
    assert isinstance(person, Person)
    directory_policy.require(person, policy.may_answer_requests)
    return person


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The queue, what must be answered soonest first."""
    by, today = _answerer(request), timezone.localdate()
    waiting = [(item, clock_of(item, today)) for item in queries.waiting_for(by)]
    context = {
        "waiting": waiting,
        "late": sum(clock.urgency == "late" for _item, clock in waiting),
        "closed": queries.closed_for(by)[:IN_LIST],
    }
    return render(request, "listening/requests/requests.html", context)


@require_safe
def one_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: what is held of who asks, and the ways to answer."""
    by = _answerer(request)
    item = get_object_or_404(queries.requests_for(by), pk=request_id)
    return _page(request, item)


@require_POST
def hand_out(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """Everything held of who asks, as a page to read or as JSON Lines."""
    by = _answerer(request)
    item = get_object_or_404(queries.requests_for(by), pk=request_id)
    readable = request.POST.get("as") == "page"
    try:
        lines = actions.hand_out(by=by, request=item, readable=readable)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("requests:request", item.pk)
    kind, ending = ("text/html", "html") if readable else ("application/x-ndjson", "jsonl")
    response = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    name = _("what-we-hold-%(day)s") % {"day": timezone.localdate().isoformat()}
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


@require_POST
def take_up(request: HttpRequest, request_id: int) -> HttpResponse:
    """Look at it."""
    by = _answerer(request)
    item = get_object_or_404(queries.requests_for(by), pk=request_id)
    actions.take_up(by=by, request=item)
    return redirect("requests:request", item.pk)


@require_POST
def erase(request: HttpRequest, request_id: int) -> HttpResponse:
    """Erase who asks."""

    def deed(by: Person, item: PrivacyRequest, told: dict[str, Any]) -> None:
        actions.erase_for(by=by, request=item, **told)

    return _done(request, request_id, "again_form", AgainForm(request.POST), deed)


@require_POST
def longer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take two months more."""

    def deed(by: Person, item: PrivacyRequest, told: dict[str, Any]) -> None:
        actions.take_longer(by=by, request=item, **told)

    return _done(request, request_id, "longer_form", LongerForm(request.POST), deed)


@require_POST
def close(request: HttpRequest, request_id: int) -> HttpResponse:
    """Answer and close."""

    def deed(by: Person, item: PrivacyRequest, told: dict[str, Any]) -> None:
        actions.close(by=by, request=item, **told)

    return _done(request, request_id, "close_form", CloseForm(request.POST), deed)


def _done(
    request: HttpRequest,
    request_id: int,
    name: str,
    form: AgainForm | LongerForm | CloseForm,
    deed: Callable[[Person, PrivacyRequest, dict[str, Any]], None],
) -> HttpResponse:
    """Do it; what is refused is said at the form."""
    by = _answerer(request)
    item = get_object_or_404(queries.requests_for(by), pk=request_id)
    if form.is_valid():
        try:
            deed(by, item, form.cleaned_data)
            return redirect("requests:request", item.pk)
        except ValidationError as problem:
            form.add_error(None, ValidationError(problem.messages))
    return _page(request, item, **{name: form})


def _page(request: HttpRequest, item: PrivacyRequest, **forms: Any) -> HttpResponse:
    known = item.is_waiting and bool(plain_handle(item.handle))
    context = {
        "item": item,
        "clock": clock_of(item, timezone.localdate()),
        "held": held_of(item.network, item.handle) if known else None,
        "again_form": AgainForm(),
        "longer_form": LongerForm(),
        "close_form": CloseForm(),
        **forms,
    }
    return render(request, "listening/requests/request.html", context, status=400 if forms else 200)
