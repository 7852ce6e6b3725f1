"""The page of what a source asks of its network, what it costs, and what was looked up again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openroads.connectors.failures import Refused
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening import queries as listening
from openroads.listening.models import Source
from openroads.listening.refreshing.queries import looked
from openroads.listening.saying import translated
from openroads.listening.spending import actions, page, queries


def _keeper(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_keep_sources(request.user):
        raise PermissionDenied
    return request.user


def _network(person: Person, source_id: int) -> Source:
    return get_object_or_404(listening.networks_for(person), pk=source_id)


@require_safe
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """What one source used of what it may, with the price of a paid one."""
    network, now = _network(_keeper(request), source_id), timezone.now()
    unseen, preview = queries.price_is_unseen(network), queries.last_preview(network)
    used, again = queries.used_now(network, now), looked(network, now)
    context = {
        "source": network, "unseen": unseen, "preview": preview, "again": again,
        "priced": queries.is_priced(network), "stays": queries.stays(network),
        "finding": page.finding(network, used, unseen, preview),
        "allowances": page.allowance_rows(used),
        "spent": page.spent_rows(network, queries.spent_before(network, now)),
        "rule": page.rule_words(again.rule) if again else "",
        "looked": page.looked_finding(again) if again else "",
    }  # fmt: skip
    return render(request, "listening/spending/source.html", context)


@require_POST
def ask(request: HttpRequest, source_id: int) -> HttpResponse:
    """Ask the network what a month would cost."""
    person = _keeper(request)
    network = _network(person, source_id)
    try:
        actions.ask_price(by=person, source=network)
    except Refused as refused:
        messages.error(request, translated(refused.why))
    return redirect("spending:source", network.pk)


@require_POST
def switch_on(request: HttpRequest, source_id: int) -> HttpResponse:
    """Begin to pay, at the price this page showed."""
    person = _keeper(request)
    network = _network(person, source_id)
    preview = queries.preview_of(network, request.POST.get("preview", ""))
    if preview is None:
        raise Http404
    try:
        actions.switch_on(by=person, source=network, preview=preview)
    except Refused as refused:
        messages.error(request, translated(refused.why))
    else:
        messages.success(request, _("%(name)s is switched on; reading stops when its budget is spent.") % {"name": network.name})  # fmt: skip
    return redirect("spending:source", network.pk)
