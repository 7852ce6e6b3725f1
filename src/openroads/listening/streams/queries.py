"""Reading streams: what is to be heard."""

from django.db.models import QuerySet

from openroads.connectors.searching import STREAM
from openroads.listening.models import Source
from openroads.listening.networks import STREAM_OF


def streamed_sources() -> QuerySet[Source]:
    """Every source that is heard by its stream now."""
    return Source.objects.filter(
        kind=Source.Kind.NETWORK, listening=True, network__in=list(STREAM_OF), told__way=STREAM
    ).order_by("pk")
