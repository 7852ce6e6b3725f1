"""Windmee's register and ear: why each source is read, two that are visited, one that is deaf, two people
who asked about their data."""

from datetime import timedelta

from django.utils import timezone

from openroads.demo import people
from openroads.directory.company import Brand
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.listening.ear.models import Deafness, Visited
from openroads.listening.models import PrivacyRequest, Source
from openroads.listening.register.actions import (
    change_controller,
    change_entry,
    finish_deletions,
    hear_deletions,
)
from openroads.listening.register.grounds import Grounds, enter
from openroads.listening.requests import actions as requests
from openroads.listening.requests.clock import due_on
from openroads.listening.sight.actions import give_sight

INTEREST = "To hear what goes wrong with our bikes and our service, and mend it; to answer who asks us something."
NECESSITY = "Only posts that name us or our bikes. A survey asks whom we choose and what we think of; this is what riders themselves bring up."
BALANCE = "They wrote it in public, about us, often to us. Colleagues see a pseudonym; names only who answers. No profiles, nothing sold, gone after two years, and whoever objects is left out."
WITHOUT_BALANCE = ("trustpilot",)
"""Sources whose entry has a hole, as a register has."""
VISITED = ("bluesky", "mastodon")
"""Networks that the demo shows as if they were searched; a demo visits nobody."""
NEVER = timedelta(days=3650)


def keep_register(brand: Brand) -> int:
    """Fill the register and the ear; returns how many sources are entered."""
    system = system_person()
    by_email = {person.email: person for person in Person.objects.all()}
    sanne, noor = by_email[people.SANNE.email], by_email[people.NOOR.email]
    change_controller(by=system, said={"contact": "privacy@windmee.example", "address": "Veilingkade 12, Utrecht"})  # fmt: skip
    give_sight(by=system, person=noor, why="Answers the press, and stands in for webcare.")
    _searched()
    deaf = _deaf_feed(brand, sanne)
    sources = list(Source.objects.exclude(pk=deaf.pk))
    for source in sources:
        _enter(system, source, sanne)
    _asked(system)
    return len(sources) + 1


def _enter(system: Person, source: Source, owner: Person) -> None:
    said = {"basis": "interest", "owner": owner}
    if source.brings_posts:
        said |= {"interest": INTEREST, "necessity": NECESSITY, "keep_months": 24}
        if source.network not in WITHOUT_BALANCE:
            said |= {"balance": BALANCE}
    change_entry(by=system, source=source, said=said)


def _searched() -> None:
    """Two networks with a week of visits; one was deaf for a night, and what was said was read after."""
    now = timezone.now()
    for source in Source.objects.filter(network__in=VISITED):
        source.kind, source.told = Source.Kind.NETWORK, {"topic": "windmee", "days": "30"}
        source.every_minutes, source.last_ok_at, source.next_at = 15, now, now + NEVER
        source.save()
        night = now - timedelta(days=3)
        visits = [now - timedelta(minutes=15 * n) for n in range(1, 7 * 96)]
        Visited.objects.bulk_create(
            Visited(source=source, began_at=at, ended_at=at + timedelta(seconds=4), pages=1, added=int(at.minute % 3 == 0))
            for at in visits
            if source.network != "mastodon" or not night - timedelta(hours=6) <= at <= night
        )  # fmt: skip
        if source.network == "mastodon":
            Deafness.objects.create(
                source=source, began_at=night - timedelta(hours=6), hole_from=night - timedelta(hours=6),
                why="The server answered with an error (502).", heard_at=night, filled_at=night,
                told_at=night - timedelta(hours=5),
            )  # fmt: skip
            hear_deletions(source=source, native_ids=["a", "b", "c"], at=now - timedelta(days=2))
            finish_deletions(source=source, native_ids=["a", "b"], at=now - timedelta(days=2) + timedelta(minutes=11))  # fmt: skip
            finish_deletions(source=source, native_ids=["c"], at=now - timedelta(days=2) + timedelta(hours=3))  # fmt: skip


def _deaf_feed(brand: Brand, owner: Person) -> Source:
    now = timezone.now()
    source = Source.objects.create(
        kind=Source.Kind.FEED, network="feed", name="Google Alerts: Windmee", brand=brand,
        address="https://alerts.example/feeds/windmee", purpose="What news and blogs write about us.",
        last_ok_at=now - timedelta(days=2), next_at=now + NEVER,
        last_error="The feed is gone (410). Make the alert anew and give its address.",
    )  # fmt: skip
    enter(source, Grounds(interest=INTEREST, owner=owner, keep_months=24), owner)
    spell = Deafness.objects.create(source=source, began_at=now - timedelta(hours=40), hole_from=source.last_ok_at, why=source.last_error, told_at=now - timedelta(hours=40))  # fmt: skip
    Visited.objects.create(source=source, began_at=spell.began_at, ended_at=spell.began_at, error=source.last_error, for_good=True)  # fmt: skip
    return source


def _asked(system: Person) -> None:
    """One who asked what is held and was answered, one who objects and waits in the last fifth."""
    told = (("access", "bluesky", "sofiamarquez", 40), ("object", "mastodon", "keesbrandsma", 26))
    for asks, network, handle, days in told:
        item = requests.ask(asks=asks, network=network, handle=handle, contact=f"{handle}@customer.example")  # fmt: skip
        item.came_at = timezone.now() - timedelta(days=days)
        item.due_on = due_on(item.came_at)
        PrivacyRequest.objects.filter(pk=item.pk).update(came_at=item.came_at, due_on=item.due_on)
        if asks == "access":
            requests.close(by=system, request=item, done=True, answer="Here is what we hold: three posts.")  # fmt: skip
