"""Telling addresses outside the house what happened in it: who is told what, and the messages themselves."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openroads.connectors.signatures import new_secret
from openroads.delivery import policy
from openroads.delivery.jobs import SEND_DUE, enqueue
from openroads.delivery.models import Delivery, Endpoint
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person

OLD_SECRET_HOLDS = timedelta(hours=24)
TEST = "hook.test"
EVENTS: dict[str, str | Promise] = {TEST: gettext_lazy("a try-out")}
"""What can be told, by name; each room declares its own where it declares its jobs."""


def declare_event(name: str, label: str | Promise) -> None:
    """Make `name` ("insight.opened") something an endpoint can be told; `label` says when it happens."""
    EVENTS[name] = label


@transaction.atomic
def tell_hooks(*, by: Person, event: str, deed: str, facts: dict[str, object]) -> int:
    """Tell every endpoint that asked for `event`; returns how many. Once for each `deed`.

    `facts` become the message's `data`: ids, addresses of this house and plain values, never what
    somebody outside may not see. Raises ValueError for an event that was not declared.
    """
    if event not in EVENTS:
        raise ValueError(f"No room declared the event {event!r}.")
    told = [endpoint for endpoint in Endpoint.objects.filter(is_on=True, ended_at=None) if event in endpoint.events]  # fmt: skip
    for endpoint in told:
        _put_in_tray(by, endpoint, event, f"hook {endpoint.pk} {deed}", facts)
    return len(told)


@transaction.atomic
def add_endpoint(*, by: Person, name: str, address: str, events: Sequence[str]) -> Endpoint:
    """Tell another address from now on. Its secret is in the answer, to be shown once."""
    directory_policy.require(by, policy.may_keep_delivery)
    endpoint = Endpoint.objects.create(
        name=name, address=address, events=_known(events), secret=new_secret(), by=by
    )
    trail.record(by, "added endpoint", endpoint, address=address, events=endpoint.events)
    return endpoint


@transaction.atomic
def change_endpoint(
    *, by: Person, endpoint: Endpoint, name: str, address: str, events: Sequence[str], is_on: bool
) -> None:
    """Tell it elsewhere, of other things, or not for now. What opens one address is not sent to
    another: where the host changes, a new secret must be made by hand on both sides."""
    directory_policy.require(by, policy.may_keep_delivery)
    facts: dict[str, object] = {}
    said = {"name": name, "address": address, "events": _known(events), "is_on": is_on}
    for field, new in said.items():
        if getattr(endpoint, field) != new:
            facts[field] = {"was": getattr(endpoint, field), "now": new}
            setattr(endpoint, field, new)
    if not facts:
        return
    endpoint.why_off = ""
    endpoint.save(update_fields=[*said, "why_off"])
    trail.record(by, "changed endpoint", endpoint, **facts)


@transaction.atomic
def renew_secret(*, by: Person, endpoint: Endpoint) -> str:
    """A new secret, shown once. The one before signs along for a day, so that nothing goes lost."""
    directory_policy.require(by, policy.may_keep_delivery)
    endpoint.old_secret, endpoint.old_until = endpoint.secret, timezone.now() + OLD_SECRET_HOLDS
    endpoint.secret = secret = new_secret()
    endpoint.save(update_fields=["secret", "old_secret", "old_until"])
    trail.record(by, "renewed secret of endpoint", endpoint)
    return secret


@transaction.atomic
def end_endpoint(*, by: Person, endpoint: Endpoint) -> None:
    """Tell it nothing more; what still waits for it does not leave."""
    directory_policy.require(by, policy.may_keep_delivery)
    now = timezone.now()
    Endpoint.objects.filter(pk=endpoint.pk).update(
        ended_at=now, is_on=False, secret="", old_secret="", old_until=None
    )
    Delivery.objects.filter(endpoint=endpoint, state__in=Delivery.WAITING).update(
        state=Delivery.State.REFUSED, last_error=_("The endpoint was taken out.")
    )
    trail.record(by, "ended endpoint", endpoint, address=endpoint.address)


@transaction.atomic
def try_endpoint(*, by: Person, endpoint: Endpoint) -> Delivery:
    """Send one message that says nothing, to see whether it arrives."""
    directory_policy.require(by, policy.may_keep_delivery)
    facts: dict[str, object] = {"endpoint": endpoint.name}
    deed = f"hook {endpoint.pk} test {timezone.now().isoformat()}"
    return _put_in_tray(by, endpoint, TEST, deed, facts)


def keys_of(endpoint: Endpoint, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    old = endpoint.old_secret if endpoint.old_until and endpoint.old_until > now else ""
    return [key for key in (endpoint.secret, old) if key]


def _put_in_tray(
    by: Person, endpoint: Endpoint, event: str, deed: str, facts: dict[str, object]
) -> Delivery:
    said = {"type": event, "timestamp": timezone.now().isoformat(), "data": facts}
    delivery, made = Delivery.objects.get_or_create(
        deed=deed[:200],
        defaults={
            "kind": Delivery.Kind.HOOK,
            "endpoint": endpoint,
            "recipient": endpoint.name,
            "subject": event,
            "text": json.dumps(said, ensure_ascii=False),
            "by": by,
        },
    )
    if made:
        enqueue(SEND_DUE, key=SEND_DUE, by=by)
    return delivery


def _known(events: Sequence[str]) -> list[str]:
    """Raises ValidationError for events that nobody tells."""
    wrong = sorted(set(events) - set(EVENTS))
    if wrong:
        raise ValidationError({"events": _("There is no such event: %(names)s.") % {"names": ", ".join(wrong)}})  # fmt: skip
    return sorted(set(events))
