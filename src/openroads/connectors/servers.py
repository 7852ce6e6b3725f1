"""Networks that run on many servers: the address of the one that is asked."""

from collections.abc import Mapping
from typing import Final

from openroads.connectors.failures import Refused
from openroads.connectors.plain import web_address
from openroads.connectors.port import Field
from openroads.connectors.sentences import say

SERVER: Final = Field(
    "server",
    say("Address of the server"),
    say("For instance https://mastodon.nl"),
)


def server_of(told: Mapping[str, str]) -> str:
    """Its address without a path and without a stroke at the end. Raises Refused for what is none."""
    given = told.get(SERVER.name, "").strip()
    whole = given if "://" in given else f"https://{given}"
    address = web_address(whole)
    if not address or ("." not in address and "localhost" not in address):
        raise Refused(say("“{given}” is not the address of a server.", given=given[:100]))
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}"
