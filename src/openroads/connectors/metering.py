"""What a network lets the house ask, and what asking costs: allowances, and who counts what is spent of them."""

import enum
from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from openroads.connectors.failures import TryLater
from openroads.connectors.sentences import Sentence, say

NOTHING: Final = Decimal(0)


class Period(enum.StrEnum):
    """How often an allowance is renewed."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So much in a day or month, for everything that asks with the same key.

    `units` and `money` (US dollars) are the limits, None where there is none. A day begins at
    midnight in `zone`: vendors renew by their own clock.
    """

    name: str
    label: str
    period: Period = Period.DAY
    zone: str = "UTC"
    units: int | None = None
    money: Decimal | None = None

    def seconds_left(self, now: datetime) -> float:
        """How long the period of `now` still lasts."""
        return (self.renews_at(now) - now).total_seconds()

    def begins_on(self, now: datetime) -> date:
        """The first day of the period that `now` falls in, by the vendor's clock."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        return today.replace(day=1) if self.period is Period.MONTH else today

    def renews_at(self, now: datetime) -> datetime:
        """When the next period begins, in UTC."""
        return self.renews_after(self.begins_on(now))

    def renews_after(self, begins_on: date) -> datetime:
        """When the period that began on a day ends, in UTC."""
        following = begins_on + timedelta(days=32 if self.period is Period.MONTH else 1)
        first = following.replace(day=1) if self.period is Period.MONTH else following
        midnight = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(self.zone))
        return midnight.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Used:
    """What is spent of an allowance in its period; `closed_until` is how long the network asked to be
    left alone."""

    units: int = 0
    money: Decimal = NOTHING
    closed_until: datetime | None = None


class UsedUp(TryLater):
    """An allowance is gone, or the network asked to be left alone: nothing is asked before `until`."""

    def __init__(self, why: str, until: datetime, now: datetime) -> None:
        super().__init__(why, max(0.0, (until - now).total_seconds()))
        self.until = until


def refuse_what_is_too_much(
    allowance: Allowance, used: Used, units: int, money: Decimal, now: datetime
) -> None:
    """Raise UsedUp when so much more would pass the limit, or the network is closed."""
    if used.closed_until is not None and now < used.closed_until:
        raise UsedUp(say("The network asked us to come back later."), used.closed_until, now)
    if allowance.units is not None and used.units + units > allowance.units:
        raise UsedUp(_gone(allowance), allowance.renews_at(now), now)
    if allowance.money is not None and used.money + money > allowance.money:
        raise UsedUp(_dear(allowance), allowance.renews_at(now), now)


def _gone(allowance: Allowance) -> Sentence:
    limit = allowance.units or 0
    if allowance.period is Period.MONTH:
        return say("The {limit} {what} of this month are used up.", limit=limit, what=allowance.label)  # fmt: skip
    return say("The {limit} {what} of today are used up.", limit=limit, what=allowance.label)


def _dear(allowance: Allowance) -> Sentence:
    limit = f"{allowance.money:.2f}"
    return say("The budget of this month, $ {limit}, does not allow another question.", limit=limit)


class Meter(ABC):
    """Who counts what one source asks. `spend` comes before the question, so that what was asked is
    counted also when the house dies on the way; what turned out cheaper is given back."""

    @abstractmethod
    def spend(self, allowance: Allowance, units: int = 1, money: Decimal = NOTHING) -> None:
        """Count a question. Raises UsedUp, and counts nothing, when the allowance does not reach."""

    @abstractmethod
    def give_back(self, allowance: Allowance, units: int, money: Decimal) -> None:
        """Count less than was spent just now."""

    @abstractmethod
    def used(self, allowance: Allowance) -> Used:
        """What is spent in this period, by everything that asks with the same key."""

    @abstractmethod
    def note(self, allowance: Allowance, left: int) -> None:
        """Keep what the network itself says is left."""

    @abstractmethod
    def close(self, allowance: Allowance, seconds: float) -> None:
        """Ask nothing for so long from now, in whatever visit; 0 opens again."""


class Counted(Meter):
    """A meter in memory, for a visit outside the house."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._used: dict[str, Used] = defaultdict(Used)
        self.left: dict[str, int] = {}

    def spend(self, allowance: Allowance, units: int = 1, money: Decimal = NOTHING) -> None:
        before = self._used[allowance.name]
        refuse_what_is_too_much(allowance, before, units, money, self._now)
        self._add(allowance, units, money)

    def give_back(self, allowance: Allowance, units: int, money: Decimal) -> None:
        self._add(allowance, -units, -money)

    def used(self, allowance: Allowance) -> Used:
        return self._used[allowance.name]

    def note(self, allowance: Allowance, left: int) -> None:
        self.left[allowance.name] = left

    def close(self, allowance: Allowance, seconds: float) -> None:
        before, until = self._used[allowance.name], self._now + timedelta(seconds=seconds)
        self._used[allowance.name] = Used(before.units, before.money, until)

    def _add(self, allowance: Allowance, units: int, money: Decimal) -> None:
        before = self._used[allowance.name]
        self._used[allowance.name] = Used(
            before.units + units, before.money + money, before.closed_until
        )
