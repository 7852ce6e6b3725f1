"""The pages of the channels through which answers leave."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openroads.connectors.answering import ANSWERING
from openroads.delivery import channels as actions
from openroads.delivery import policy, queries
from openroads.delivery.channel_forms import ChannelForm
from openroads.delivery.models import Channel
from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.directory.views.answers import done, me
from openroads.ui.saying import translated


@require_GET
def channels(request: HttpRequest) -> HttpResponse:
    """The accounts through which answers leave."""
    _keeper(request)
    rows = [(each, _label(each.kind)) for each in queries.channels()]
    return render(request, "delivery/channels.html", {"channels": rows})


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Every way of answering."""
    _keeper(request)
    ways = [(kind, translated(way.label), translated(way.asks), way.limits) for kind, way in ANSWERING.items()]  # fmt: skip
    return render(request, "delivery/choose_channel.html", {"ways": ways})


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def add(request: HttpRequest, way: str) -> HttpResponse:
    """Answer through another account."""
    by = _keeper(request)
    if way not in ANSWERING:
        raise Http404
    form = ChannelForm(ANSWERING[way], by, request.POST or None)
    if done(form, lambda: actions.add_channel(by=by, kind=way, **form.said)):
        messages.success(request, _("It is tried now; look below in a moment."))
        return redirect("delivery:channels")
    context = {"form": form, "title": _("Answer through %(way)s") % {"way": _label(way)}}
    return render(request, "delivery/add_channel.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    """One channel, to be changed, with what left through it."""
    by, channel = _keeper(request), _channel(channel_id)
    form = ChannelForm(ANSWERING[channel.kind], by, request.POST or None, channel)
    if done(form, lambda: actions.change_channel(by=by, channel=channel, **form.said)):
        messages.success(request, _("Kept."))
        return redirect("delivery:channel", channel_id)
    context = {
        "channel": _channel(channel_id), "label": _label(channel.kind), "form": form,
        "page": queries.deliveries("", channel=channel),
    }  # fmt: skip
    return render(request, "delivery/channel.html", context, status=400 if form.errors else 200)


@require_POST
def try_it(request: HttpRequest, channel_id: int) -> HttpResponse:
    """See whether it lets us in."""
    by, channel = _keeper(request), _channel(channel_id)
    actions.try_channel(by=by, channel=channel)
    messages.success(request, _("It is tried now; look again in a moment."))
    return redirect("delivery:channel", channel_id)


def _label(kind: str) -> str:
    return translated(ANSWERING[kind].label) if kind in ANSWERING else kind


def _channel(channel_id: int) -> Channel:
    """A channel of a way this Openroads knows."""
    return get_object_or_404(Channel, pk=channel_id, kind__in=list(ANSWERING))


def _keeper(request: HttpRequest) -> Person:
    person = me(request)
    directory_policy.require(person, policy.may_keep_delivery)
    return person
