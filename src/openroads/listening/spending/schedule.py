"""What the ledger does later: asking what a paid source would cost."""

import time
from typing import cast

from django.conf import settings

from openroads.connectors.http import Guarded
from openroads.connectors.x import X
from openroads.delivery.jobs import Job, job
from openroads.listening.networks import network_of
from openroads.listening.spending.actions import ASK_PRICE, find_price
from openroads.listening.spending.models import CostPreview


@job(ASK_PRICE, attempts=3)
def ask_price_job(work: Job, *, preview_id: int) -> None:
    """Ask one price."""
    preview = CostPreview.objects.select_related("source").get(pk=preview_id)
    client = Guarded(settings.OPENROADS.http_allow)
    network = cast("X", network_of(preview.source, client, time.sleep))
    find_price(preview=preview, network=network, topic=preview.source.told["topic"])
