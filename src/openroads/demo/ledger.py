"""Two networks of Windmee's that are counted: YouTube, with a month in the ledger, and X, whose price was asked and which is
off. Neither is visited by itself: the demo speaks to nobody."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from openroads.connectors.x import priced
from openroads.connectors.youtube import SEARCHES, UNITS
from openroads.demo import people
from openroads.directory.company import Brand
from openroads.directory.models import Person
from openroads.listening.models import CostPreview, RecheckDay, Source, Spending
from openroads.listening.spending.ledger import spend
from openroads.listening.spending.metering import SourceMeter

LISTENER = people.SANNE.email
DAYS = 30
COUNTED = 412
"""Posts of a week that X would find for what Windmee looks for."""


@transaction.atomic
def fill_ledger(brand: Brand) -> None:
    """Both sources, with what they asked and would cost."""
    youtube = Source.objects.filter(network="youtube", fingerprint="demo").first()
    if youtube is None:  # so few posts were made that none is from there
        return
    youtube.kind, youtube.listening = Source.Kind.NETWORK, False
    youtube.told = {"topic": "@windmee, e-bike test", "days": "30"}
    youtube.save(update_fields=["kind", "listening", "told"])
    meter, dice, now = SourceMeter(youtube), Random(25), timezone.now()  # noqa: S311
    for back in range(DAYS, -1, -1):
        on = now - timedelta(days=back)
        units = 190 + round(60 * dice.random()) + (240 if on.weekday() >= 5 else 0)
        for allowance, asked in (
            (UNITS, units // (1 if back else 3)),
            (SEARCHES, 24 if back else 9),
        ):
            place = {"source": youtube, "account": meter.account(allowance), "allowance": allowance, "now": on}  # fmt: skip
            spend(units=asked, money=Decimal(0), **place)  # type: ignore[arg-type]
        if back % 5 == 1:
            _looked_up(youtube, on, dice)
    Spending.objects.filter(source=youtube).update(calls=F("units"))
    x = _source(
        brand,
        "x",
        "X: windmee",
        {"topic": "windmee lang:nl -is:retweet", "budget": "25", "recheck": "168"},
    )
    price = priced(COUNTED, timedelta(hours=168))
    CostPreview.objects.get_or_create(
        source=x, fingerprint=x.fingerprint,
        defaults={
            "asked_by": Person.objects.get(email=LISTENER), "counted": price.counted, "posts": price.posts,
            "reading": price.reading, "looking_again": price.looking_again,
        },
    )  # fmt: skip


def _source(brand: Brand, network: str, name: str, told: dict[str, str]) -> Source:
    source, _made = Source.objects.get_or_create(
        kind=Source.Kind.NETWORK, network=network, fingerprint="demo ledger", address="", brand=brand,
        defaults={
            "name": name, "told": told, "listening": False, "every_minutes": 60,
            "purpose": "What riders say in public about our bikes, to make them better.",
        },
    )  # fmt: skip
    return source


def _looked_up(source: Source, on: datetime, dice: Random) -> None:
    RecheckDay.objects.get_or_create(
        source=source, on=on.date(),
        defaults={
            "checked": 420 + round(90 * dice.random()), "changed": round(6 * dice.random()),
            "deleted": round(4 * dice.random()),
        },
    )  # fmt: skip
