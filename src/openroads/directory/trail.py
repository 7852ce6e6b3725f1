"""The trail: who did what to what, written once, chained by hashes, checked on request."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.directory.models import Person, TrailEntry, TrailHead
from openroads.directory.seal import is_sealed

HEAD = 1


@transaction.atomic
def record(by: Person, verb: str, thing: Model | None = None, **facts: Any) -> TrailEntry:
    """Add one entry, in the transaction of the deed itself: both happen or neither.

    `facts` are small (names, numbers, reasons), never secrets. Entries stay for good, so a fact
    about a customer does not belong here. Writers queue up until the deed before theirs is done.
    """
    head = wait_for_turn()
    entry = TrailEntry(
        number=head.number + 1,
        at=timezone.now(),
        by=by,
        verb=verb,
        kind=thing._meta.label_lower if thing is not None else "",
        thing=str(thing.pk) if thing is not None else "",
        facts_text=_canonical(facts),
        previous=head.hash,
    )
    entry.hash = hash_of(entry)
    entry.save()
    head.number, head.hash = entry.number, entry.hash
    head.save(update_fields=["number", "hash"])
    return entry


def wait_for_turn() -> TrailHead:
    """Be the only one who writes the trail until the transaction at hand ends; gives its head.

    Asked early by deeds that must not happen twice at the same moment.
    """
    TrailHead.objects.get_or_create(pk=HEAD)
    return TrailHead.objects.select_for_update().get(pk=HEAD)


def last_written() -> TrailHead:
    """The number and hash of the last entry; without any, number 0 and no hash."""
    return TrailHead.objects.filter(pk=HEAD).first() or TrailHead()


def hash_of(entry: TrailEntry) -> str:
    """SHA-256 over everything an entry says, including the hash of the one before it."""
    said = {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "by": entry.by_id,
        "verb": entry.verb,
        "kind": entry.kind,
        "thing": entry.thing,
        "facts": entry.facts_text,
        "previous": entry.previous,
    }
    return hashlib.sha256(_canonical(said).encode()).hexdigest()


@dataclass(frozen=True)
class TrailVerdict:
    """How many entries were read, and a sentence for everything that is not as it was written."""

    entries: int
    faults: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not self.faults


def verify_trail() -> TrailVerdict:
    """Read the whole trail from the first entry on and compare every hash.

    It finds changed, removed, inserted and cut-off entries. It cannot find that somebody with the
    database in hand rewrote the whole chain and its head; for that, keep the last hash elsewhere.
    """
    faults: list[str] = []
    number, previous = 0, ""
    for entry in TrailEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            faults.append(
                _("Between entry %(a)s and entry %(b)s something is missing.")
                % {"a": number, "b": entry.number}
            )
        elif entry.previous != previous:
            faults.append(
                _("Entry %(b)s does not carry the hash of entry %(a)s.")
                % {"a": number, "b": entry.number}
            )
        if entry.hash != hash_of(entry):
            faults.append(
                _("Entry %(n)s does not say what it said when it was written.")
                % {"n": entry.number}
            )
        number, previous = entry.number, entry.hash
    head = last_written()
    if (head.number, head.hash) != (number, previous):
        faults.append(
            _("The trail ends at entry %(a)s, but %(b)s were written.")
            % {"a": number, "b": head.number}
        )
    if not is_sealed(connection):
        faults.append(
            _("The database does not refuse changes to the trail: its triggers are gone.")
        )
    return TrailVerdict(number, tuple(faults))


def _canonical(said: dict[str, Any]) -> str:
    """One way to write it: sorted, without spaces, ASCII only."""
    return json.dumps(
        said, sort_keys=True, separators=(",", ":"), ensure_ascii=True, cls=DjangoJSONEncoder
    )
