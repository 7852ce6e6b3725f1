"""A deed either happened, or certainly did not, or nobody knows: which of the three is never guessed."""

import socket

import pytest

from openroads.connectors.failures import Refused, TryLater, Unsure
from openroads.connectors.http import Guarded
from tests.connectors.answered import HANG_UP, Network, network
from tests.peers.mail import certificate

__all__ = ["network"]
JSON = {"Content-Type": "application/json"}


def do(client: Guarded, url: str, method: str = "POST", **more):
    return client.do(method, url, b"{}", headers=JSON, **more)


def test_what_arrived_is_answered(network: Network) -> None:
    network.says("PUT /deed", {"id": 1})
    assert do(network.client, f"{network.url}/deed", "PUT").status == 200
    assert network.asked[0].headers["content-type"] == "application/json"


def test_where_nobody_listens_nothing_left() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(TryLater):
            do(Guarded([host]), f"http://{host}/deed")


def test_a_host_that_is_not_allowed_hears_nothing(network: Network) -> None:
    with pytest.raises(Refused):
        do(Guarded(), f"{network.url}/deed")
    assert network.asked == []


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (HANG_UP, Unsure),
        ((500, {}), Unsure),
        ((503, {}), Unsure),
        ((200, b"x" * 10_000_001), Unsure),
        ((429, {}), TryLater),
        ((401, {}), Refused),
        ((404, {}), Refused),
        ((302, {}), Refused),
    ],
    ids=["hangs up", "500", "503", "too large", "too often", "401", "404", "elsewhere"],
)
def test_each_trouble_is_one_of_three(network: Network, told: object, error: type) -> None:
    network.says("POST /deed", told)
    with pytest.raises(error):
        do(network.client, f"{network.url}/deed")
    assert len(network.asked) == 1  # never twice, never elsewhere


def test_how_long_to_wait_is_heard(network: Network) -> None:
    network.says("POST /deed", (429, {}))
    with pytest.raises(TryLater) as later:
        do(network.client, f"{network.url}/deed")
    assert later.value.after == 77


def test_who_takes_the_words_and_says_nothing_leaves_doubt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Unsure):
            do(Guarded([host]), f"http://{host}/deed", timeout=0.3)


def test_before_the_handshake_is_over_nothing_left(tmp_path) -> None:
    """A server with a certificate nobody vouches for is told nothing, so there is no doubt."""
    import ssl
    import threading

    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def shake() -> None:
            with pytest.raises((ssl.SSLError, OSError)):
                context.wrap_socket(plain.accept()[0], server_side=True)

        shaking = threading.Thread(target=shake, daemon=True)
        shaking.start()
        host = f"127.0.0.1:{plain.getsockname()[1]}"
        with pytest.raises(Refused, match="certificate"):
            do(Guarded([host]), f"https://{host}/deed")
        shaking.join(5)
