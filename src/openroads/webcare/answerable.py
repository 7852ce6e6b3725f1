"""Whether and how a case can be answered from here: the account that answers, what the network allows,
and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.connectors.answering import ANSWERING, Limits
from openroads.delivery.channels import limits_of
from openroads.delivery.models import Channel
from openroads.delivery.queries import channel_for
from openroads.ui.formats import moment
from openroads.ui.networks import network_word
from openroads.webcare.models import Case


@dataclass(frozen=True)
class Way:
    """The way out of a case. Without a `channel` people answer at the network itself, and `why` says so.
    `closes_at` is when the network's window closes; None: it stays open."""

    channel: Channel | None
    limits: Limits | None
    why: str = ""
    closes_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def window_words(self) -> str:
        """Until when one may answer, or that the time is over."""
        if self.closes_at is None:
            return ""
        if self.is_closed:
            return _("The network lets us answer no more: the time for it was over at %(when)s.") % {
                "when": moment(self.closes_at)
            }  # fmt: skip
        return _("The network lets us answer until %(when)s.") % {"when": moment(self.closes_at)}


def way_of(case: Case) -> Way:
    """How this case can be answered now."""
    channel = channel_for(network=case.network, source=case.source)
    if channel is None or channel.kind not in ANSWERING:
        return Way(
            None, None,
            _("No account of yours answers on %(network)s from here. Answer there, and write down what you said.")
            % {"network": network_word(case.network)},
        )  # fmt: skip
    limits = limits_of(channel)
    closes = None
    if limits.hours is not None and case.last_in_at is not None:
        closes = case.last_in_at + timedelta(hours=limits.hours)
    return Way(channel, limits, "", closes)
