"""Reading what was done to steer the conversation."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet

from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.explore.models import Event
from openroads.listening.reputation.models import SteeringAction


def steering_for(person: Person, brand: int = 0) -> QuerySet[SteeringAction]:
    """Every action that stands, latest first; of one brand, or of all."""
    if not policy.may_read_conversations(person):
        return SteeringAction.objects.none()
    rows = SteeringAction.objects.filter(withdrawn_at=None).select_related(
        "brand", "topic", "product", "by"
    )
    return rows.filter(brand=brand) if brand else rows


def others_marked(actions: Sequence[SteeringAction], span: timedelta) -> dict[int, list[Event]]:
    """What else was marked within `span` of each action: it may have had a hand in it."""
    if not actions:
        return {}
    days = [action.on for action in actions]
    rows = list(
        Event.objects.filter(on__gte=min(days) - span, on__lt=max(days) + span).order_by("on", "pk")
    )
    return {
        action.pk: [
            row
            for row in rows
            if row.pk != action.event_id
            and action.on - span <= row.on < action.on + span
            and row.brand_id in (None, action.brand_id)
        ]
        for action in actions
    }
