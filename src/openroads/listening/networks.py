"""The networks the house can search, and hear: what each asks of a person, and one of them ready to be read."""

import json
from collections.abc import Callable, Mapping

from django.utils import timezone

from openroads.connectors import SEARCHED, STREAMED
from openroads.connectors.http import Guarded
from openroads.connectors.port import Streamed
from openroads.connectors.searching import Searched
from openroads.listening.models import Source
from openroads.listening.spending.metering import SourceMeter

BY_KIND: Mapping[str, type[Searched]] = {network.kind: network for network in SEARCHED}

STREAM_OF: Mapping[str, type[Streamed]] = {network.kind: network for network in STREAMED}


def stream_of(source: Source, client: Guarded) -> Streamed:
    """The stream of a source with its settings, secrets among them."""
    return STREAM_OF[source.network](client, {**source.told, **secrets_of(source)})


def line_of(source: Source) -> str:
    """What its stream is heard on: the same for sources that may be heard together."""
    shared = STREAM_OF[source.network].line_of(source.told)
    return f"{source.network} {shared}"[:300] if shared else f"source {source.pk}"


def network_of(source: Source, client: Guarded, pause: Callable[[float], None]) -> Searched:
    """The network of a source with its settings, secrets among them."""
    told = {**source.told, **secrets_of(source)}
    return BY_KIND[source.network](client, told, timezone.now(), pause, SourceMeter(source))


def staying_sources() -> frozenset[int]:
    """Sources whose posts may leave the house in no file, by the terms of their network: whoever makes one
    leaves them out, and says how many."""
    kinds = [kind for kind, network in BY_KIND.items() if network.stays]
    found = Source.objects.filter(kind=Source.Kind.NETWORK, network__in=kinds)
    return frozenset(found.values_list("pk", flat=True))


def secrets_of(source: Source) -> dict[str, str]:
    """The secret settings of a source by name. They leave this room in requests to its network only."""
    return dict(json.loads(source.secrets)) if source.secrets else {}
