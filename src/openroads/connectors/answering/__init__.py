"""The way out for answers: one file per network, each with what it asks, its limits and its three deeds."""

from typing import Final

from openroads.connectors.answering.bluesky import AnsweringBluesky
from openroads.connectors.answering.facebook import AnsweringFacebook
from openroads.connectors.answering.googlereviews import AnsweringGoogle
from openroads.connectors.answering.hook import AnsweringHook
from openroads.connectors.answering.instagram import AnsweringInstagram
from openroads.connectors.answering.mail import AnsweringMail
from openroads.connectors.answering.mastodon import AnsweringMastodon
from openroads.connectors.answering.port import Answering, Draft, Limits, Picture, Receipt
from openroads.connectors.answering.trustpilot import AnsweringTrustpilot

__all__ = ["ANSWERING", "Answering", "Draft", "Limits", "Picture", "Receipt", "answering_for"]

ANSWERING: Final[dict[str, type[Answering]]] = {
    kind.kind: kind
    for kind in (
        AnsweringMastodon,
        AnsweringBluesky,
        AnsweringFacebook,
        AnsweringInstagram,
        AnsweringGoogle,
        AnsweringTrustpilot,
        AnsweringMail,
        AnsweringHook,
    )
}
"""Every way of answering, by kind. A new one is one line here, its file and its tests. The hook answers
any network and stands last."""


def answering_for(network: str) -> type[Answering] | None:
    """The way of a network itself; None where only a hook can answer, or a person at the network."""
    own = (kind for kind in ANSWERING.values() if network in kind.networks)
    return next((kind for kind in own if kind is not AnsweringHook), None)
