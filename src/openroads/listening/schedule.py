"""What the listening room does later and at set times: reading imports, visiting feeds and sites."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openroads.connectors.http import Guarded
from openroads.delivery.jobs import Job, enqueue, job
from openroads.delivery.schedule import Daily, Every
from openroads.directory.people import system_person
from openroads.listening import gap_queries, queries
from openroads.listening.actions.ahead import READ_AHEAD
from openroads.listening.actions.imports import READ_IMPORT, clear_out_files
from openroads.listening.actions.reading import read_import, settle_imports
from openroads.listening.actions.sources import VISIT_SOURCE, visit_source
from openroads.listening.models import Import, Source

READ_TRIES = 5


@job(READ_IMPORT, attempts=READ_TRIES)
def read_import_job(work: Job, *, import_id: int) -> None:
    """Read one file; goes on where it was when the worker before died."""
    item = Import.objects.select_related("source", "brand", "by").get(pk=import_id)
    read_import(
        item=item,
        alive=work.beat,
        called_off=work.cancelled,
        last_try=work.attempt >= READ_TRIES,
    )


@job("listening.settle_imports", attempts=1)
def settle_imports_job(work: Job) -> None:
    """Say so on imports whose reader was killed for good."""
    settle_imports()


@job("listening.clear_out_files", attempts=1)
def clear_out_files_job(work: Job) -> None:
    """Delete uploaded files that nobody needs any more."""
    clear_out_files(now=timezone.now())


@job(READ_AHEAD, attempts=1)
def read_ahead_job(work: Job) -> None:
    """Read the gap most people open first, so that nobody waits for it."""
    gap_queries.read_ahead(gap_queries.asked_by_default(language="en"))


@job(VISIT_SOURCE, attempts=4)
def visit_source_job(work: Job, *, source_id: int) -> None:
    """Visit one feed or site."""
    source = Source.objects.select_related("brand").get(pk=source_id)
    visit_source(
        by=system_person(),
        source=source,
        client=Guarded(settings.OPENROADS.http_allow),
        alive=lambda: work.beat() and not work.cancelled(),
    )


@job("listening.visit_due", attempts=1)
def visit_due_job(work: Job) -> None:
    """Put every source whose time has come in line; one already in line or being visited is not."""
    for source in queries.due_sources(timezone.now()):
        with transaction.atomic():
            enqueue(
                VISIT_SOURCE,
                key=f"source-{source.pk}",
                by=system_person(),
                again=False,
                source_id=source.pk,
            )


SCHEDULE = (
    Every("listening.visit_due", minutes=5),
    Every("listening.settle_imports", minutes=5),
    Daily("listening.clear_out_files", at="03:50"),
)
