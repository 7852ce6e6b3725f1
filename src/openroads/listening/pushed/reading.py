"""Reading what was pushed, in the order in which it came: each request once, its body gone afterwards."""

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from openroads.connectors.failures import Refused
from openroads.connectors.hooked import Hooked
from openroads.connectors.http import Guarded
from openroads.connectors.port import Page
from openroads.connectors.pushed import read_pushed
from openroads.listening.actions.landing import land
from openroads.listening.models import Source
from openroads.listening.networks import network_of, secrets_of
from openroads.listening.pushed.actions import META
from openroads.listening.pushed.models import Payload
from openroads.listening.saying import translated

Alive = Callable[[], bool]
Pause = Callable[[float], None]


def read_waiting(*, source: Source, client: Guarded, alive: Alive, pause: Pause) -> None:
    """Read every request of a source that waits. What cannot be read is marked with its reason and
    does not stop the rest; TryLater stops, and the job comes back.

    A kill between storing and marking reads a request twice and stores it once.
    """
    with override(settings.LANGUAGE_CODE):
        while alive():
            waiting = Payload.objects.filter(source=source, state=Payload.State.WAITING)
            payload = waiting.order_by("pk").first()
            if payload is None:
                return
            _read(payload, source, client, pause)


def _read(payload: Payload, source: Source, client: Guarded, pause: Pause) -> None:
    sums = {"added": 0, "changed": 0, "same": 0, "deleted": 0, "rejected": 0}
    try:
        for whose, pages in _pages(payload, source, client, pause):
            for page, landed in land(whose, pages):
                sums["rejected"] += len(page.rejected)
                for name in ("added", "changed", "same", "deleted"):
                    sums[name] += getattr(landed, name)
    except Refused as refused:
        payload.error = translated(refused.why)[:500]
        payload.state = Payload.State.REJECTED
        payload.save(update_fields=["error", "state"])
        return
    payload.state, payload.body, payload.read_at = Payload.State.READ, "", timezone.now()
    for name, value in sums.items():
        setattr(payload, name, value)
    payload.save(update_fields=["state", "body", "read_at", *sums])
    Source.objects.filter(pk=source.pk, kind=Source.Kind.PUSH).update(last_ok_at=payload.read_at)


def _pages(
    payload: Payload, source: Source, client: Guarded, pause: Pause
) -> Iterator[tuple[Source, Iterable[Page]]]:
    """The messages of a request, with the source each belongs to."""
    body = payload.body.encode()
    if source.kind == Source.Kind.PUSH:
        found = read_pushed(body, payload.kind, timezone.now())
        yield source, [Page(list(found.messages), "", list(found.rejected))]
        return
    for each in _told_together(source):
        network = network_of(each, client, pause)
        assert isinstance(network, Hooked)
        yield each, network.hear(body)


def _told_together(source: Source) -> list[Source]:
    """The sources that what one network sends may be about. TRICKY: Meta knows one address for all
    pages and accounts of an app; each of ours with that app's secret takes what is its own. A source
    that is paused takes nothing."""
    if source.network not in META:
        return [source] if source.listening else []
    secret = secrets_of(source).get("app_secret")
    others = Source.objects.filter(kind=Source.Kind.NETWORK, network__in=META, listening=True)
    found = [each for each in others.order_by("pk") if secrets_of(each).get("app_secret") == secret]
    return found
