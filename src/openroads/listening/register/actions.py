"""Changing what the register says, with the trail of it; and counting what platforms asked to delete."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.models import Controller, Entry, PlatformDeletion, Source
from openroads.listening.register.models import THE_CONTROLLER

ON_SOURCE = ("purpose", "keep_months")
IN_ENTRY = ("basis", "interest", "necessity", "balance", "owner", "people", "kinds", "recipients")


@transaction.atomic
def change_entry(*, by: Person, source: Source, said: Mapping[str, Any]) -> Entry:
    """Say otherwise why and on what ground a source is read; what it was is in the trail. How long it
    is kept is changed by who may set that, and left alone where it is not said."""
    directory_policy.require(by, policy.may_keep_sources)
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if "keep_months" in said and said["keep_months"] != source.keep_months:
        directory_policy.require(by, policy.may_set_keeping)
    entry = Entry.objects.select_for_update(of=("self",)).select_related("owner").filter(source=source).first()  # fmt: skip
    entry = entry or Entry(source=source)
    facts: dict[str, Any] = {}
    for thing, fields in ((source, ON_SOURCE), (entry, IN_ENTRY)):
        for name in fields:
            if name in said and getattr(thing, name) != said[name]:
                facts[name] = {"was": _told(getattr(thing, name)), "now": _told(said[name])}
                setattr(thing, name, said[name])
    if facts:
        source.save(update_fields=list(ON_SOURCE))
        entry.save()
        trail.record(by, "changed the register", source, **facts)
    return entry


@transaction.atomic
def change_controller(*, by: Person, said: Mapping[str, str]) -> Controller:
    """Say otherwise who answers for all processing and how it is kept safe."""
    directory_policy.require(by, policy.may_set_keeping)
    held, _made = Controller.objects.select_for_update().get_or_create(pk=THE_CONTROLLER)
    facts = {
        name: {"was": getattr(held, name), "now": value}
        for name, value in said.items()
        if getattr(held, name) != value
    }
    if facts:
        for name in facts:
            setattr(held, name, said[name])
        held.save(update_fields=list(facts))
        trail.record(by, "changed the controller of the register", held, **facts)
    return held


def hear_deletions(*, source: Source, native_ids: Iterable[str], at: datetime) -> int:
    """Write down that a platform asked to delete these posts; how many were not known. Told twice it
    counts once, from the first time."""
    rows = [
        PlatformDeletion(source=source, native=native_of(source, native), heard_at=at)
        for native in dict.fromkeys(native_ids)
    ]
    before = PlatformDeletion.objects.filter(source=source).count()
    PlatformDeletion.objects.bulk_create(rows, ignore_conflicts=True)
    return PlatformDeletion.objects.filter(source=source).count() - before


def finish_deletions(*, source: Source, native_ids: Iterable[str], at: datetime) -> int:
    """Write down that these posts are gone here."""
    natives = [native_of(source, native) for native in dict.fromkeys(native_ids)]
    waiting = PlatformDeletion.objects.filter(source=source, native__in=natives, done_at=None)
    return waiting.update(done_at=at)


def native_of(source: Source, native_id: str) -> str:
    """What stands in the register for a post: enough to count it once, and without the key of the house
    nothing to look it up by."""
    said = f"{source.pk}\x00{native_id}".encode("utf-8", "surrogatepass")
    key = hashlib.sha256(b"platform deletion" + settings.OPENROADS.author_key).digest()
    return hashlib.blake2b(said, digest_size=16, key=key).hexdigest()


def _told(value: Any) -> Any:
    return value.name if isinstance(value, Person) else value
