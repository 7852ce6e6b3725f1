"""Kept posts are looked up again when their time has come; every night what is gone leaves the files."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openroads.connectors.http import Guarded
from openroads.connectors.refreshing import Refreshes
from openroads.delivery.jobs import Job, enqueue, job
from openroads.delivery.schedule import Daily, Every
from openroads.directory.people import system_person
from openroads.listening.actions.sources import Visit
from openroads.listening.models import Source
from openroads.listening.networks import BY_KIND, network_of
from openroads.listening.refreshing import actions, queries
from openroads.listening.spending.queries import price_is_unseen


@job(actions.REFRESH_SOURCE, attempts=4)
def refresh_source_job(work: Job, *, source_id: int) -> None:
    """Look up what is due of one source, and let go of what could not be looked up in time."""
    source = Source.objects.select_related("brand").get(pk=source_id)
    visit = Visit(lambda: work.beat() and not work.cancelled())
    network = network_of(source, Guarded(settings.OPENROADS.http_allow), visit.wait)
    if not isinstance(network, Refreshes) or price_is_unseen(source):
        return  # nobody agreed to pay for it; its page says that it is late
    try:
        actions.refresh_source(source=source, network=network, alive=visit.goes_on)
    finally:
        if visit.goes_on():
            rule = BY_KIND[source.network].rule(source.told)  # type: ignore[attr-defined]
            actions.let_go(by=system_person(), source=source, rule=rule, now=timezone.now())


@job("listening.refresh_due", attempts=1)
def refresh_due_job(work: Job) -> None:
    """Put every source that can be looked up again in line, once."""
    for source in queries.refreshed_sources():
        with transaction.atomic():
            enqueue(
                actions.REFRESH_SOURCE, key=f"refresh-{source.pk}", by=system_person(), again=False,
                source_id=source.pk,
            )  # fmt: skip


@job("listening.sweep_refreshed", attempts=3)
def sweep_job(work: Job) -> None:
    """Take what was deleted out of the files, and write down what the day brought."""
    actions.sweep(by=system_person())


SCHEDULE = (
    Every("listening.refresh_due", minutes=30),
    Daily("listening.sweep_refreshed", at="03:20"),
)
