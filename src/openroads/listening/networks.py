"""The networks the house can search: what each asks of a person, and one of them ready to be read."""

import json
from collections.abc import Callable, Mapping

from django.utils import timezone

from openroads.connectors import SEARCHED
from openroads.connectors.http import Guarded
from openroads.connectors.searching import Searched
from openroads.listening.models import Source

BY_KIND: Mapping[str, type[Searched]] = {network.kind: network for network in SEARCHED}


def network_of(source: Source, client: Guarded, pause: Callable[[float], None]) -> Searched:
    """The network of a source with its settings, secrets among them."""
    told = {**source.told, **secrets_of(source)}
    return BY_KIND[source.network](client, told, timezone.now(), pause)


def secrets_of(source: Source) -> dict[str, str]:
    """The secret settings of a source by name. They leave this room in requests to its network only."""
    return dict(json.loads(source.secrets)) if source.secrets else {}
