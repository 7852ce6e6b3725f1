"""The pages of delivery: notices, what leaves the house, and the addresses it tells."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openroads.delivery import actions, hooks, notices, policy, queries
from openroads.delivery.forms import EndpointForm
from openroads.delivery.models import Delivery, Endpoint, Notice
from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.directory.views.answers import done, done_or_said, me


@require_GET
def all_notices(request: HttpRequest) -> HttpResponse:
    """What this person was told, newest first."""
    page = queries.notices_of(me(request), before=_number(request.GET.get("before", "")))
    return render(request, "delivery/notices.html", {"page": page})


@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """See one and go where it leads."""
    by = me(request)
    notice = get_object_or_404(Notice, pk=notice_id, to=by)
    notices.see(by=by, notice=notice)
    return redirect(notice.url or "delivery:notices")


@require_POST
def see_all(request: HttpRequest) -> HttpResponse:
    """See all that stood on the page."""
    notices.see_all(by=me(request), until=_number(request.POST.get("until", "")) or 0)
    return redirect("delivery:notices")


@require_GET
def leaving(request: HttpRequest) -> HttpResponse:
    """What left, what waits, and what a person must look at."""
    _keeper(request)
    state = request.GET.get("state", "")
    page = queries.deliveries(state, before=_number(request.GET.get("before", "")))
    return render(request, "delivery/leaving.html", {"page": page, "state": state, "counts": queries.counts_of_states(), "mail_leaves": queries.mail_leaves()})  # fmt: skip


@require_POST
def try_again(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send once more what did not leave."""
    by = _keeper(request)
    delivery = get_object_or_404(Delivery, pk=delivery_id)
    return done_or_said(
        request,
        lambda: actions.try_again(by=by, delivery=delivery),
        reverse("delivery:leaving"),
        _("It is tried again now."),
    )


@require_POST
def call_sent(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Say that it left."""
    by = _keeper(request)
    delivery = get_object_or_404(Delivery, pk=delivery_id)
    return done_or_said(
        request,
        lambda: actions.call_sent(
            by=by, delivery=delivery, address=request.POST.get("address", "").strip()
        ),
        reverse("delivery:leaving"),
        _("It counts as sent."),
    )


@require_POST
def leave_it(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Let an answer be."""
    by = _keeper(request)
    delivery = get_object_or_404(Delivery, pk=delivery_id)
    return done_or_said(
        request,
        lambda: actions.leave_it(by=by, delivery=delivery),
        reverse("delivery:leaving"),
        _("It is left as it is."),
    )


@require_GET
def endpoints(request: HttpRequest) -> HttpResponse:
    """Which addresses are told what happens here."""
    _keeper(request)
    return render(request, "delivery/endpoints.html", {"endpoints": queries.endpoints()})


@require_http_methods(["GET", "POST"])
@sensitive_variables("secret")
def add_endpoint(request: HttpRequest) -> HttpResponse:
    """Another address; its secret is shown on the answer, once."""
    by, form = _keeper(request), EndpointForm(request.POST or None)
    if form.is_valid():
        endpoint = hooks.add_endpoint(by=by, **form.cleaned_data)
        return _endpoint_page(request, endpoint, EndpointForm(None, endpoint), endpoint.secret)
    return render(request, "delivery/add_endpoint.html", {"form": form}, status=400 if form.errors else 200)  # fmt: skip


@require_http_methods(["GET", "POST"])
def endpoint(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """One address, to be changed, with what it was told."""
    by = _keeper(request)
    endpoint = _endpoint(endpoint_id)
    form = EndpointForm(request.POST or None, endpoint)
    if done(form, lambda: hooks.change_endpoint(by=by, endpoint=endpoint, **form.cleaned_data)):
        messages.success(request, _("Kept."))
        return redirect("delivery:endpoint", endpoint_id)
    return _endpoint_page(request, _endpoint(endpoint_id), form)


@require_POST
@sensitive_variables("secret")
def renew_secret(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """A new secret, shown on the answer, once."""
    by, endpoint = _keeper(request), _endpoint(endpoint_id)
    secret = hooks.renew_secret(by=by, endpoint=endpoint)
    return _endpoint_page(request, endpoint, EndpointForm(None, endpoint), secret)


@require_POST
def try_endpoint(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send a message that says nothing."""
    by, endpoint = _keeper(request), _endpoint(endpoint_id)
    hooks.try_endpoint(by=by, endpoint=endpoint)
    messages.success(request, _("A try-out is under way; look below in a moment."))
    return redirect("delivery:endpoint", endpoint_id)


@require_POST
def end_endpoint(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Tell it nothing more."""
    by, endpoint = _keeper(request), _endpoint(endpoint_id)
    hooks.end_endpoint(by=by, endpoint=endpoint)
    messages.success(request, _("%(name)s is told nothing more.") % {"name": endpoint.name})
    return redirect("delivery:endpoints")


def _endpoint_page(
    request: HttpRequest, endpoint: Endpoint, form: EndpointForm, secret: str = ""
) -> HttpResponse:
    page = queries.deliveries("", endpoint=endpoint)
    answer = render(
        request,
        "delivery/endpoint.html",
        {"endpoint": endpoint, "form": form, "secret": secret, "page": page},
        status=400 if form.errors else 200,
    )
    if secret:
        answer["Cache-Control"] = "no-store"
    return answer


def _endpoint(endpoint_id: int) -> Endpoint:
    return get_object_or_404(Endpoint, pk=endpoint_id, ended_at=None)


def _keeper(request: HttpRequest) -> Person:
    person = me(request)
    directory_policy.require(person, policy.may_keep_delivery)
    return person


def _number(told: str) -> int | None:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else None
