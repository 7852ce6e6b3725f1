"""What trackers tell us: giving one an address, and taking in that an issue moved."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.changes import policy, queries, telling
from openroads.changes.models import Change, TrackerDoor, TrackerMove
from openroads.connectors.failures import Refused
from openroads.connectors.plain import clean
from openroads.connectors.signatures import is_signed, new_secret
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.people import system_person

MOST_BYTES = 64 * 1024
DONE = frozenset({"done", "closed", "resolved", "completed", "merged", "released", "gereed", "klaar", "gesloten"})  # fmt: skip
"""Words by which trackers say that an issue is done; a sender may say `done` itself."""


class NotSigned(Exception):
    """The message does not prove who sent it."""


@dataclass(frozen=True)
class Signed:
    """The three headers of Standard Webhooks."""

    id: str
    timestamp: str
    signature: str


@transaction.atomic
def open_door(*, by: Person, name: str) -> tuple[TrackerDoor, str]:
    """Give a tracker an address; its secret is in the answer, to be shown once."""
    directory_policy.require(by, policy.may_keep_trackers)
    secret = new_secret()
    door = TrackerDoor.objects.create(
        name=" ".join(name.split())[:80], public_id=secrets.token_urlsafe(18), secret=secret,
        made_by=by, made_at=timezone.now(),
    )  # fmt: skip
    trail.record(by, "opened an address for a tracker", door, name=door.name)
    return door, secret


@transaction.atomic
def close_door(*, by: Person, door: TrackerDoor) -> None:
    """Take nothing more from a tracker; its secret is gone."""
    directory_policy.require(by, policy.may_keep_trackers)
    if door.ended_at is not None:
        return
    door.ended_at, door.secret = timezone.now(), ""
    door.save(update_fields=["ended_at", "secret"])
    trail.record(by, "closed the address of a tracker", door, name=door.name)


def take_move(*, door: TrackerDoor, signed: Signed, body: bytes, now: datetime) -> dict[str, Any]:
    """Note on the change that its issue moved; sent again it is noted once. What is done there is
    proposed here, and a person says whether it is live.

    Raises NotSigned, and Refused for what is no such message.
    """
    if not is_signed((door.secret,) if door.secret else (), signed.id, signed.timestamp, body, signed.signature, now):  # fmt: skip
        raise NotSigned
    told = _read(body)
    found = list(_changes_of(told["url"], told["key"]))
    with transaction.atomic():
        moved = [_note(door, signed.id, change, told) for change in found]
    return {"accepted": True, "changes": [change.code for change in found], "noted": sum(moved)}


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(_("This is no JSON.")) from None
    if not isinstance(told, dict):
        raise Refused(_("Send one JSON object."))
    inner = told.get("data", told)
    if not isinstance(inner, dict):
        raise Refused(_("`data` is one JSON object."))
    texts = {name: inner.get(name, "") for name in ("url", "key", "status")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise Refused(_("`url`, `key` and `status` are texts."))
    texts = {name: clean(text) for name, text in texts.items()}
    if not texts["status"].strip() or not (texts["url"].strip() or texts["key"].strip()):
        raise Refused(_("Say `status`, and the `url` or the `key` of the issue."))
    status = " ".join(texts["status"].split())[:80]
    done = inner.get("done")
    is_done = done if isinstance(done, bool) else status.casefold() in DONE
    return {"url": texts["url"].strip(), "key": texts["key"].strip(), "status": status, "done": is_done}  # fmt: skip


def _changes_of(url: str, key: str) -> list[Change]:
    """The changes whose work is followed there: by the address of the issue, else by its key alone."""
    rows = Change.objects.select_related("owner", "department__head", "insight", "decision")
    if url:
        wanted = _plain(url)
        return [one for one in rows.exclude(tracker_url="") if _plain(one.tracker_url) == wanted]
    return list(rows.filter(tracker_key__iexact=key[:80]))


def _plain(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://["
        return "", url
    return parts.netloc.lower(), parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")


def _note(door: TrackerDoor, deed: str, change: Change, told: dict[str, Any]) -> bool:
    move, made = TrackerMove.objects.get_or_create(
        door=door, deed=deed[:200], change=change,
        defaults={"status": told["status"], "is_done": told["done"], "came_at": timezone.now()},
    )  # fmt: skip
    if not made:
        return False
    trail.record(system_person(), "an issue moved in a tracker", change, name=door.name, outcome=move.status)  # fmt: skip
    if move.is_done and change.is_being_made:
        told_of = {"code": change.code, "tracker": door.name}
        telling.remind(
            {change.owner, *queries.deciders_of(change.department)},
            deed=f"tracker move {move.pk}",
            title=lambda: _("%(code)s is done in %(tracker)s: is it live?") % told_of,
            text=lambda: change.title,
            url=telling.address_of_change(change),
        )
    return True
