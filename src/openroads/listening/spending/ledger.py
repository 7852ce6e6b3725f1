"""Counting what is asked of a network before it is asked, for every source with the same key together."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Max, Sum

from openroads.connectors.metering import Allowance, Used, refuse_what_is_too_much
from openroads.listening.models import Source
from openroads.listening.spending.models import Spending


def spend(
    *, source: Source, account: str, allowance: Allowance, units: int, money: Decimal, now: datetime
) -> None:
    """Count a question that is about to be asked. Raises UsedUp, and counts nothing, when the allowance
    does not reach: the sentence says what is gone, `until` when there is more.

    The row is made first, in a transaction of its own: whoever spends of the same account at the
    same moment then waits for the rows of all.
    """
    row = row_of(source=source, account=account, allowance=allowance, now=now)
    with transaction.atomic():
        refuse_what_is_too_much(allowance, used_of(account, allowance, now), units, money, now)
        Spending.objects.filter(pk=row.pk).update(
            units=F("units") + units, money=F("money") + money, calls=F("calls") + 1,
            limit_units=allowance.units, limit_money=allowance.money,
        )  # fmt: skip


def give_back(
    *, source: Source, account: str, allowance: Allowance, units: int, money: Decimal, now: datetime
) -> None:
    """Count less than was spent just now: the answer came cheaper than the question might have."""
    row = row_of(source=source, account=account, allowance=allowance, now=now)
    Spending.objects.filter(pk=row.pk).update(units=F("units") - units, money=F("money") - money)


def row_of(*, source: Source, account: str, allowance: Allowance, now: datetime) -> Spending:
    """The line of the ledger in which this source counts now."""
    row, _made = Spending.objects.get_or_create(
        source=source, account=account, allowance=allowance.name, begins_on=allowance.begins_on(now),
        defaults={
            "period": allowance.period, "limit_units": allowance.units, "limit_money": allowance.money,
        },
    )  # fmt: skip
    return row


def used_of(account: str, allowance: Allowance, now: datetime) -> Used:
    """What an account spent in this period, its rows locked until the transaction at hand ends."""
    rows = Spending.objects.filter(account=account, allowance=allowance.name)
    held = rows.filter(begins_on=allowance.begins_on(now)).order_by("pk")
    list(held.select_for_update().values_list("pk"))
    spent = held.order_by().aggregate(units=Sum("units"), money=Sum("money"))
    closed = rows.order_by().filter(closed_until__gt=now).aggregate(until=Max("closed_until"))
    return Used(spent["units"] or 0, spent["money"] or Decimal(0), closed["until"])


def note_left(
    *, source: Source, account: str, allowance: Allowance, left: int, now: datetime
) -> None:
    """Keep what the network itself says is left."""
    row = row_of(source=source, account=account, allowance=allowance, now=now)
    Spending.objects.filter(pk=row.pk).update(left_told=left)


def close_account(
    *, source: Source, account: str, allowance: Allowance, until: datetime, now: datetime
) -> None:
    """Ask nothing of this account before a moment; one that is past opens it again."""
    row_of(source=source, account=account, allowance=allowance, now=now)
    rows = Spending.objects.filter(account=account, allowance=allowance.name)
    if until <= now:
        rows.filter(closed_until__gt=now).update(closed_until=None)
        return
    rows.filter(source=source, begins_on=allowance.begins_on(now)).update(closed_until=until)
