"""What the service desk of Windmee pushes: tickets of the last days, one mended, one taken back, one told wrongly."""

import json
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

from openroads.connectors.http import Guarded
from openroads.connectors.signatures import sign
from openroads.demo import people
from openroads.directory.company import Brand
from openroads.directory.models import Person
from openroads.listening.models import PushAddress
from openroads.listening.pushed.actions import Signed, open_source, take_posts
from openroads.listening.pushed.reading import read_waiting

TICKETS = (
    (3, 9, "De laadstekker van mijn Kade past niet meer goed, ik moet hem vasthouden om te laden."),
    (3, 11, "Mijn nieuwe fiets kwam een dag eerder dan beloofd, top geregeld."),
    (3, 15, "Where can I have my Polder serviced in Utrecht? The site shows no dealer near me."),
    (2, 8, "De accu is na twintig kilometer leeg, en het is nog niet eens koud."),
    (2, 10, "Ik wacht nu drie weken op een nieuw display. Niemand belt terug."),
    (2, 16, "Your mechanic came to my door and fixed the brake in ten minutes. Thank you!"),
    (1, 9, "Kan ik mijn oude accu inleveren als ik een nieuwe koop?"),
    (1, 13, "De stekker is vervangen en hij laadt weer. Fijn geholpen door de winkel."),
)


def push_tickets(brand: Brand, today: date) -> int:
    """Send the tickets as a program does, signed and a day at a time; returns how many posts came in."""
    source, secret = open_source(
        by=Person.objects.get(email=people.SANNE.email),
        name="Tickets of the service desk",
        purpose="What riders ask us before it becomes a complaint",
        brand=brand,
    )
    address = PushAddress.objects.select_related("source__brand").get(source=source)
    taken = 0
    for days in (3, 2, 1):
        lines: list[dict[str, object]] = [
            _ticket(number, today, *ticket)
            for number, ticket in enumerate(TICKETS, 4810)
            if ticket[0] == days
        ]
        if days == 2:
            lines.append({"id": "ticket-4811", "op": "delete"})
            lines.append({"id": "ticket-4818", "text": ""})
        taken += _send(address, secret, lines, _moment(today, days, 18))
    client = Guarded(settings.OPENROADS.http_allow)
    read_waiting(source=source, client=client, alive=lambda: True, pause=lambda _: None)
    return taken


def _send(address: PushAddress, secret: str, lines: list[dict[str, object]], now: datetime) -> int:
    body = "\n".join(map(json.dumps, lines)).encode()
    deed, timestamp = f"desk-{now:%Y%m%d}", str(int(now.timestamp()))
    signed = Signed(deed, timestamp, sign(secret, deed, timestamp, body))
    answer = take_posts(
        address=address, signed=signed, kind="application/x-ndjson", body=body, now=now
    )
    return int(answer["accepted"]) - int(answer["deletions"])


def _ticket(number: int, today: date, days: int, hour: int, words: str) -> dict[str, object]:
    return {
        "id": f"ticket-{number}",
        "text": words,
        "said_at": _moment(today, days, hour).isoformat(),
        "author": f"rider-{number}",
        "network": "chat",
    }


def _moment(today: date, days: int, hour: int) -> datetime:
    return datetime.combine(today - timedelta(days=days), time(hour), UTC)
