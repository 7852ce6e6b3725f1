"""What a subscription follows, as the address of Explore and the sieve it stands for."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import QueryDict

from openroads.archive.queries.choice import Condition, Sieve
from openroads.directory.models import Person
from openroads.listening.culture.models import Subscription
from openroads.listening.explore import asking
from openroads.listening.explore.asking import Asked
from openroads.listening.explore.filter import ExploreFilter
from openroads.listening.explore.queries import views_for
from openroads.listening.explore.words import written
from openroads.listening.sight.seeing import sight_of


@dataclass(frozen=True)
class Followed:
    """A choice over some days, ready to be counted; `until` is out."""

    asked: Asked
    condition: Condition | None
    since: date
    until: date

    @property
    def query(self) -> str:
        """The address of Explore that shows it."""
        return self.over(self.since, self.until).query()

    def over(self, since: date, until: date) -> ExploreFilter:
        """The same choice over other days."""
        return asking.with_days(self.asked.filter, since, until - timedelta(days=1))

    def sieve(self, since: date, until: date) -> Sieve:
        """What it asks of the archive, over these days."""
        return asking.sieve_of(self.over(since, until), self.condition)


def address_of(subscription: Subscription) -> str:
    """What it follows, as an address: of a topic every post, of a view what it says."""
    if subscription.topic is not None:
        return f"brand={subscription.topic.brand_id or 0}&topic={subscription.topic.pk}"
    return subscription.view.query if subscription.view is not None else subscription.query


def followed(
    subscription: Subscription, person: Person, since: date, until: date, *, language: str
) -> Followed | None:
    """The choice as this person may see it; None when it is not theirs to see (any more), when its
    topic was put away, and when its query can no longer be read."""
    if subscription.topic is not None and subscription.topic.archived_at is not None:
        return None
    view = subscription.view
    if view is not None and not views_for(person).filter(pk=view.pk).exists():
        return None
    asked = asking.asked(QueryDict(address_of(subscription)), person, language=language)
    query = written(asked.filter.q, sight_of(person))
    if query.faults:
        return None
    return Followed(asked, query.condition, since, until)
