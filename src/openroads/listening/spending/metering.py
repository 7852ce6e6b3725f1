"""The meter of the house: what a source asks is counted in the ledger, whatever becomes of the visit."""

import hmac
import json
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from openroads.connectors.metering import NOTHING, Allowance, Meter, Used
from openroads.listening.models import Source
from openroads.listening.spending import ledger


class SourceMeter(Meter):
    """Counts for one source. Sources of a network with the same key share what that key may ask; a
    budget in money is a source's own."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._shared = shared_account(source)

    def account(self, allowance: Allowance) -> str:
        return account_of(self._source, self._shared, allowance)

    def spend(self, allowance: Allowance, units: int = 1, money: Decimal = NOTHING) -> None:
        ledger.spend(
            source=self._source, account=self.account(allowance), allowance=allowance, units=units,
            money=money, now=timezone.now(),
        )  # fmt: skip

    def give_back(self, allowance: Allowance, units: int, money: Decimal) -> None:
        ledger.give_back(
            source=self._source, account=self.account(allowance), allowance=allowance, units=units,
            money=money, now=timezone.now(),
        )  # fmt: skip

    def used(self, allowance: Allowance) -> Used:
        return ledger.used_of(self.account(allowance), allowance, timezone.now())

    def note(self, allowance: Allowance, left: int) -> None:
        ledger.note_left(
            source=self._source, account=self.account(allowance), allowance=allowance, left=left,
            now=timezone.now(),
        )  # fmt: skip

    def close(self, allowance: Allowance, seconds: float) -> None:
        now = timezone.now()
        ledger.close_account(
            source=self._source, account=self.account(allowance), allowance=allowance,
            until=now + timedelta(seconds=seconds), now=now,
        )  # fmt: skip


def shared_account(source: Source) -> str:
    """What stands for the key of a source: the same for the same key, and nothing can be told from it."""
    told = json.loads(source.secrets) if source.secrets else {}
    said = json.dumps([source.network, sorted(told.items())]).encode()
    secret: bytes = settings.OPENROADS.author_key or b"openroads"
    return hmac.new(secret, said, "sha256").hexdigest()[:32]


def account_of(source: Source, shared: str, allowance: Allowance) -> str:
    """Under whose name an allowance is counted."""
    return shared if allowance.money is None else f"source-{source.pk}"
