"""Bringing files in: receive, correct, start, stop, resume."""

import os
import secrets
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openroads.connectors import files
from openroads.connectors.files import Reading
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.models import Import, RememberedReading, Source
from openroads.ui.networks import network_word

READ_IMPORT = "listening.read_import"


def receive_file(
    *, by: Person, name: str, content: Iterable[bytes], brand: Brand | None = None
) -> Import:
    """Keep an uploaded file and find out how it is to be read.

    The file keeps none of its own name on disk. Raises `openroads.connectors.port.Refused` with a
    sentence when nothing in it can be read; nothing is kept then.
    """
    directory_policy.require(by, policy.may_import)
    path = _uploads() / f"{secrets.token_hex(16)}{_suffix(name)}"
    size = 0
    try:
        with path.open("xb") as kept:
            for chunk in content:
                size += kept.write(chunk)
        reading = remembered(path, files.detect(path, name=name, timezone=settings.TIME_ZONE))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    with transaction.atomic():
        item = Import.objects.create(
            name=Path(name).name[:200],
            path=str(path),
            size=size,
            reading=reading.as_json(),
            brand=brand,
            by=by,
        )
        trail.record(by, "received file", item, name=item.name, size=size)
    return item


def remembered(path: Path, found: Reading) -> Reading:
    """The reading a person last agreed to for a file with this header, or `found` itself."""
    known = RememberedReading.objects.filter(fingerprint=found.fingerprint).first()
    if known is None:
        return found
    kept = Reading.from_json(known.reading)
    agreed = replace(
        found,
        columns=kept.columns,
        date_order=kept.date_order,
        timezone=kept.timezone,
        default_network=kept.default_network,
        problems=(),
    )
    return files.with_preview(path, agreed, now=timezone.now())


@transaction.atomic
def correct_reading(
    *, by: Person, item: Import, brand: Brand | None = None, **corrections: object
) -> Import:
    """Read the file as the person says: columns, date order, time zone, network, encoding..."""
    directory_policy.require(by, policy.may_import)
    was = Reading.from_json(item.reading)
    told: dict[str, Any] = {name: value for name, value in corrections.items() if value is not None}
    # A person has said how dates are written: the file no longer has to prove it.
    reading = replace(was, **told, date_mixed=False, problems=())
    reading.check()
    item.reading = files.with_preview(Path(item.path), reading, now=timezone.now()).as_json()
    item.brand = brand
    item.save(update_fields=["reading", "brand"])
    return item


@transaction.atomic
def start_import(*, by: Person, item: Import) -> Import:
    """Put a checked file in line to be read, and remember how."""
    directory_policy.require(by, policy.may_import)
    reading = Reading.from_json(item.reading)
    reading.check()
    RememberedReading.objects.update_or_create(
        fingerprint=reading.fingerprint, defaults={"reading": reading.as_json()}
    )
    item.source = _file_source(reading, item.brand)
    item.state = Import.State.WAITING
    item.cancel_asked = False
    item.save(update_fields=["source", "state", "cancel_asked"])
    trail.record(by, "started import", item, name=item.name)
    enqueue(READ_IMPORT, key=f"import-{item.pk}", by=by, import_id=item.pk)
    return item


@transaction.atomic
def cancel_import(*, by: Person, item: Import) -> Import:
    """Ask the reader to stop after the batch at hand; what is stored stays."""
    directory_policy.require(by, policy.may_import)
    if item.state in (Import.State.WAITING, Import.State.CHECKING):
        item.state = Import.State.CANCELLED
    item.cancel_asked = True
    item.save(update_fields=["cancel_asked", "state"])
    trail.record(by, "stopped import", item, name=item.name)
    return item


@transaction.atomic
def resume_import(*, by: Person, item: Import) -> Import:
    """Go on where a stopped or failed import left off."""
    directory_policy.require(by, policy.may_import)
    if item.state not in (Import.State.CANCELLED, Import.State.FAILED):
        return item
    item.state = Import.State.WAITING
    item.cancel_asked = False
    item.error = ""
    item.save(update_fields=["state", "cancel_asked", "error"])
    trail.record(by, "resumed import", item, name=item.name)
    enqueue(READ_IMPORT, key=f"import-{item.pk}", by=by, import_id=item.pk)
    return item


def _file_source(reading: Reading, brand: Brand | None) -> Source:
    """The source of all files of this shape: the same export, uploaded again, adds nothing."""
    network = reading.default_network or "file"
    source, _made = Source.objects.get_or_create(
        kind=Source.Kind.FILE,
        network=network,
        fingerprint=reading.fingerprint,
        address="",
        brand=brand,
        defaults={"name": f"{network_word(network)}, {reading.format}"},
    )
    return source


def _uploads() -> Path:
    folder: Path = settings.OPENROADS.data / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    return folder


def _suffix(name: str) -> str:
    """Only a known ending is kept: the content decides what a file is."""
    suffix = Path(name).suffix.lower()
    return (
        suffix if suffix in {".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".ndjson", ".json"} else ""
    )
