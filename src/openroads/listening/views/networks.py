"""Pages of networks that are searched or heard: choosing one, and saying what to look for there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openroads.connectors.failures import Refused
from openroads.directory.models import Person
from openroads.listening import policy, queries
from openroads.listening.actions.networks import change_network, follow_network
from openroads.listening.networks import BY_KIND
from openroads.listening.register.forms import grounds_of
from openroads.listening.saying import translated
from openroads.listening.source_forms import NetworkForm
from openroads.listening.spending.page import came_back_words
from openroads.listening.spending.queries import price_is_unseen


def _keeper(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_keep_sources(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Every network the house can search or hear."""
    _keeper(request)
    networks = [
        (kind, *map(translated, (network.label, network.reads, network.asks)))
        for kind, network in BY_KIND.items()
    ]
    return render(request, "listening/networks.html", {"networks": networks})


@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, network: str) -> HttpResponse:
    """Begin to listen to a network."""
    person = _keeper(request)
    if network not in BY_KIND:
        raise Http404
    form = NetworkForm(BY_KIND[network], request.POST or None, by=person)
    if request.method == "POST" and form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("brand", "name", "purpose")}
        asked["agreed"] = form.cleaned_data.get("agreed", False)
        try:
            source = follow_network(
                by=person, network=network, told=form.told, grounds=grounds_of(form), **asked
            )
        except Refused as refused:
            form.add_error(None, translated(refused.why))
        else:
            if price_is_unseen(source):
                return redirect("spending:source", source.pk)
            called = _("%(name)s is being called; what is said there is here within seconds.")
            told = called % {"name": source.name} if source.is_streamed else came_back_words(source)
            messages.success(request, told)
            return redirect("listening:sources")
    label = translated(BY_KIND[network].label)
    context = {
        "form": form,
        "title": _("Listen to %(network)s") % {"network": label},
        "deed": _("Listen here"),
    }
    return render(request, "listening/add.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, network_id: int) -> HttpResponse:
    """Look for something else, or sign in otherwise."""
    person = _keeper(request)
    source = get_object_or_404(queries.networks_for(person), pk=network_id)
    form = NetworkForm(
        BY_KIND[source.network], request.POST or None, new=False, initial=source.told
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_network(by=person, source=source, told=form.told)
        except Refused as refused:
            form.add_error(None, translated(refused.why))
        else:
            unseen = price_is_unseen(source)
            return (
                redirect("spending:source", source.pk) if unseen else redirect("listening:sources")
            )
    context = {
        "form": form,
        "title": _("What %(name)s looks for") % {"name": source.name},
        "deed": _("Keep it"),
    }
    return render(request, "listening/add.html", context, status=400 if form.errors else 200)
