"""Networks that also tell us themselves: what a webhook brings is read by the same file as a visit."""

import json
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from openroads.connectors.failures import Refused
from openroads.connectors.port import Page
from openroads.connectors.searching import Searched
from openroads.connectors.sentences import say

UNSUPPORTED: Final = "unsupported message, open at the source"
"""What stands for something whose words we cannot read: it is there, and it is not lost."""


class Hooked(Searched):
    """A network that is visited, and that sends what is new to an address of ours."""

    hook: ClassVar[str]
    """The part of that address that names who sends: /hooks/<hook>/<id>."""

    @abstractmethod
    def hear(self, body: bytes) -> Iterator[Page]:
        """What a body tells of this account, deletions among it; what it tells of others is passed over.

        Asks the network where it tells an id only. Raises Refused for a body that is not its own.
        """


def object_in(body: bytes) -> dict[str, Any]:
    """The JSON object in a body. Raises Refused when there is none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Refused(say("What was sent is not a JSON object."))
    return told
