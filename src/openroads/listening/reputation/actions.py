"""Logging what was done to steer the conversation, and withdrawing what was logged by mistake."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand, Product
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.explore.actions import mark_event, unmark_event
from openroads.listening.explore.models import Event
from openroads.listening.reputation.models import SteeringAction
from openroads.listening.topics.models import Topic


@transaction.atomic
def log_steering(
    *, by: Person, on: date, what: str, brand: Brand, hope: str,
    topic: Topic | None = None, product: Product | None = None, note: str = "",
) -> SteeringAction:  # fmt: skip
    """Log something done on a day; it is marked on every line over time as well. Aimed at a topic, at
    a product, or, with neither, at the brand as a whole."""
    directory_policy.require(by, policy.may_mark_events)
    if topic is not None and product is not None:
        raise ValidationError(_("Aim at a topic or at a product, not at both: the rest is what it is held against."))  # fmt: skip
    if product is not None and product.brand_id != brand.pk:
        raise ValidationError(_("This product is of another brand."))
    if on > timezone.localdate():
        raise ValidationError(_("Log what was done, on the day it is done."))
    event = mark_event(by=by, on=on, what=what, brand=brand, kind=Event.Kind.OWN)
    action = SteeringAction.objects.create(
        on=on, what=what, note=note, brand=brand, topic=topic, product=product, hope=hope,
        event=event, by=by,
    )  # fmt: skip
    trail.record(by, "logged a steering action", action, name=what, since=on.isoformat())
    return action


@transaction.atomic
def withdraw_steering(*, by: Person, action: SteeringAction) -> None:
    """Withdraw what was logged by mistake, with its mark unless another action shares it. The row stays."""
    directory_policy.require(by, policy.may_mark_events)
    if action.withdrawn_at is not None:
        return
    action.withdrawn_at = timezone.now()
    action.save(update_fields=["withdrawn_at"])
    trail.record(by, "withdrew a steering action", action, name=action.what, since=action.on.isoformat())  # fmt: skip
    shared = SteeringAction.objects.filter(event=action.event_id, withdrawn_at=None).exists()
    event = Event.objects.filter(pk=action.event_id).first() if action.event_id else None
    if event is not None and not shared:
        unmark_event(by=by, event=event)
