"""Reading what was pushed: the address of a source, and the requests that came in at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from openroads.connectors.hooked import Hooked
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.models import Source
from openroads.listening.networks import BY_KIND
from openroads.listening.pushed.models import Payload, PushAddress

FIGURES_OF = timedelta(days=30)


@dataclass(frozen=True)
class Figures:
    """What came in at an address in the last thirty days."""

    requests: int
    waiting: int
    failed: int
    added: int
    changed: int
    same: int
    deleted: int
    rejected: int


def pushable_for(person: Person) -> QuerySet[Source]:
    """Sources that are pushed to, or could be, for who may see how."""
    if not policy.may_keep_sources(person):
        return Source.objects.none()
    return Source.objects.filter(
        Q(kind=Source.Kind.PUSH) | Q(kind=Source.Kind.NETWORK, network__in=hooked_kinds())
    ).select_related("brand", "push_address")


def hooked_kinds() -> list[str]:
    """Networks that send by themselves what is new."""
    return [kind for kind, network in BY_KIND.items() if issubclass(network, Hooked)]


def address_of(public_id: str, *kinds: str) -> PushAddress | None:
    """The address that somebody sends to, where it is of a source of one of these networks; the
    sender is not known yet."""
    found = PushAddress.objects.select_related("source__brand").filter(public_id=public_id)
    return found.filter(source__network__in=kinds).first() if public_id else None


def known_deed(source: Source, deed: str) -> Payload | None:
    """What came in under this id before."""
    return Payload.objects.filter(source=source, deed=deed).first()


def backlog(source: Source) -> int:
    """How many requests of a source wait to be read."""
    return Payload.objects.filter(source=source, state=Payload.State.WAITING).count()


def payloads_for(person: Person, source: Source) -> QuerySet[Payload]:
    """What came in at a source, newest first."""
    if not policy.may_keep_sources(person):
        return Payload.objects.none()
    return Payload.objects.filter(source=source).defer("body", "answer")


def figures(source: Source, now: datetime) -> Figures:
    """What came in lately."""
    rows = Payload.objects.filter(source=source, came_at__gte=now - FIGURES_OF)
    names = ("added", "changed", "same", "deleted", "rejected")
    sums = rows.aggregate(**{name: Sum(name) for name in names})
    return Figures(
        requests=rows.count(),
        waiting=rows.filter(state=Payload.State.WAITING).count(),
        failed=rows.filter(state=Payload.State.REJECTED).count(),
        **{name: sums[name] or 0 for name in names},
    )


def whole_address(address: PushAddress) -> str:
    """Where to send to, as people copy it."""
    source = address.source
    if source.kind == Source.Kind.PUSH:
        return f"{settings.OPENROADS.url}/api/v1/posts/{address.public_id}"
    network = BY_KIND[source.network]
    assert issubclass(network, Hooked)
    return f"{settings.OPENROADS.url}/hooks/{network.hook}/{address.public_id}"


def older_holds(address: PushAddress) -> bool:
    """Whether the secret before this one still opens."""
    return len(address.secrets_at(timezone.now())) > 1
