"""Reading what people asked."""

from datetime import date

from django.db.models import F, QuerySet

from openroads.directory.models import Person
from openroads.listening.models import PrivacyRequest
from openroads.listening.requests import policy
from openroads.listening.requests.clock import Clock, clock_of


def requests_for(person: Person) -> QuerySet[PrivacyRequest]:
    """Every request, for who answers them; what must be answered soonest first."""
    if not policy.may_answer_requests(person):
        return PrivacyRequest.objects.none()
    return PrivacyRequest.objects.select_related("erasure", "closed_by")


def waiting_for(person: Person) -> QuerySet[PrivacyRequest]:
    """Those that wait for an answer."""
    return requests_for(person).filter(state__in=PrivacyRequest.WAITING)


def requests_that_press(person: Person, today: date) -> list[tuple[PrivacyRequest, Clock]]:
    """Those nobody took up yet, and those in the last fifth of their time; for who answers them."""
    if not policy.may_answer_requests(person):
        return []
    clocks = [(item, clock_of(item, today)) for item in waiting_for(person)]
    new = PrivacyRequest.State.NEW
    return [(item, clock) for item, clock in clocks if clock.urgency or item.state == new]


def closed_for(person: Person) -> QuerySet[PrivacyRequest]:
    """Those that were answered, the last one first."""
    closed = requests_for(person).exclude(state__in=PrivacyRequest.WAITING)
    return closed.order_by(F("closed_at").desc(), "-pk")
