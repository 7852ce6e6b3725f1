"""Pages of subscriptions: what one follows, following something new, a preview, and the way out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.changes.actions import note_reading
from openroads.changes.models import Reading
from openroads.directory.models import Person
from openroads.listening.culture import policy, queries
from openroads.listening.culture.actions import subscribing
from openroads.listening.culture.digests import digest_of
from openroads.listening.culture.following import followed
from openroads.listening.culture.forms import SubscribeForm
from openroads.listening.culture.freezing import describe
from openroads.listening.culture.mails import read_token
from openroads.listening.culture.models import Subscription
from openroads.listening.culture.views.readers import READ_OR_SEND, blame, reader
from openroads.listening.explore import asking
from openroads.listening.explore.queries import kept_view
from openroads.listening.topics.queries import topics_for


@require_safe
def subscriptions(request: HttpRequest) -> HttpResponse:
    """What one follows, and for whom; how many digests were sent and opened."""
    person = reader(request)
    every = queries.subscriptions_for(person)
    left = queries.has_left(person, every)
    rows = [
        {
            "subscription": one,
            "left": one.pk in left,
            "may_end": policy.may_end(person, one),
        }
        for one in queries.with_figures(every)
    ]
    return render(request, "listening/culture/subscriptions.html", {"rows": rows})


@require_http_methods(READ_OR_SEND)
def subscribe(request: HttpRequest) -> HttpResponse:
    """Follow the choice, topic or view of the address."""
    person = reader(request)
    told = QueryDict(request.GET.urlencode())
    what = _what(person, told)
    form = SubscribeForm(request.POST or None, person=person, initial={"name": what["name"]})
    if request.method == "POST" and form.is_valid():
        thing = {name: what[name] for name in ("topic", "view", "query")}
        try:
            made = subscribing.subscribe(by=person, **form.cleaned_data, **thing)
        except ValidationError as problem:
            blame(form, problem)
        else:
            messages.success(request, _("“%(name)s” comes to %(whose)s.") % {"name": made.name, "whose": made.whose})  # fmt: skip
            return redirect("culture:subscriptions")
    context = {"form": form, "what": what, "query_string": told.urlencode()}
    return render(request, "listening/culture/subscribe.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_safe
def preview(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """The digest as it would be now, for who looks; nothing is sent."""
    person = reader(request)
    found = _subscription(person, subscription_id)
    since, until = subscribing.days_of(found, timezone.now())
    choice = followed(found, person, since, until, language=get_language() or "en")
    if choice is None:
        raise Http404
    context = {
        "subscription": found,
        "told": digest_of(found.name, choice, rhythm=found.rhythm),
        "recipients": queries.recipients_of(found),
    }
    return render(request, "listening/culture/preview.html", context)


@require_POST
def end(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """End a subscription for everybody it goes to."""
    person = reader(request)
    found = _subscription(person, subscription_id)
    subscribing.end_subscription(by=person, subscription=found)
    messages.success(request, _("“%(name)s” has ended.") % {"name": found.name})
    return redirect("culture:subscriptions")


@require_POST
def step_out(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Get no more of a team's subscription, or get it again."""
    person = reader(request)
    found = _subscription(person, subscription_id)
    if request.POST.get("back"):
        subscribing.come_back(by=person, subscription=found)
        messages.success(request, _("You get it again."))
    else:
        subscribing.leave(person=person, subscription=found)
        messages.success(request, _("You get it no more; your team does."))
    return redirect("culture:subscriptions")


@csrf_exempt
@login_not_required
@require_http_methods(READ_OR_SEND)
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """The way out of a mail, without signing in. Looking ends nothing (mail programs look); a POST
    ends it in one click, without a token of ours: the address itself is signed (RFC 8058)."""
    found = read_token(token)
    if found is None:
        raise PermissionDenied(_("This address is not one of ours, or was cut off on its way."))
    subscription = Subscription.objects.filter(pk=found[0]).first()
    person = Person.objects.filter(pk=found[1]).first()
    if subscription is None or person is None:
        raise Http404
    if request.method == "POST":
        subscribing.leave(person=person, subscription=subscription)
    context = {
        "name": subscription.name,
        "done": request.method == "POST",
        "house": settings.OPENROADS.url,
    }
    return render(request, "listening/culture/leave.html", context)


@require_safe
def digest(request: HttpRequest, digest_id: int) -> HttpResponse:
    """Follow the link of a digest to its posts; that it was opened is noted."""
    person = reader(request)
    found = get_object_or_404(queries.digests_for(person), pk=digest_id)
    subscribing.open_digest(by=person, digest=found)
    note_reading(by=person, kind=Reading.Kind.DIGEST, thing=found.subscription_id)
    language = get_language() or "en"
    choice = followed(found.subscription, person, found.since, found.until, language=language)
    if choice is None:
        raise Http404
    return redirect(f"{reverse('listening:explore')}?{choice.query}")


def _subscription(person: Person, number: int) -> Subscription:
    return get_object_or_404(queries.subscriptions_for(person), pk=number)


def _what(person: Person, told: QueryDict) -> dict[str, Any]:
    """What an address follows: one topic and nothing else, a view, or its whole sentence."""
    nothing: dict[str, Any] = {"topic": None, "view": None, "query": ""}
    view = kept_view(person, told.get("view", ""))
    if view is not None:
        return {**nothing, "view": view, "name": view.name}
    if set(told) <= {"topic", "brand"} and len(told.getlist("topic")) == 1:
        number = told.get("topic", "")
        if not number.isdecimal() or len(number) > 9:
            raise Http404
        topic = get_object_or_404(topics_for(person), pk=int(number), archived_at=None)
        return {**nothing, "topic": topic, "name": topic.name}
    asked = asking.asked(told, person, language=get_language() or "en")
    return {**nothing, "query": asked.filter.query(), "name": describe(asked)[:120]}
