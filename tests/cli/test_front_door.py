"""The server itself, as a proxy and a first visitor meet it: real waitress, real requests."""

import http.client
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.cli.houses import Served


@contextmanager
def running(data: Path, **settings: str) -> Iterator[tuple[int, str]]:
    """A house that runs: its port and the address it says to begin at."""
    env = {f"OPENROADS_{name}": value for name, value in settings.items()}
    house = Served("run", "--data", data, log=data.parent / "log", env=env)
    try:
        yield house.port, house.begin
    finally:
        assert house.stop(signal.SIGTERM) == 0


def asked(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with closing(connection):
        connection.request("GET", path, headers=told)
        answer = connection.getresponse()
        answer.read()
    return answer


def test_the_printed_address_is_the_one_people_type(tmp_path: Path) -> None:
    with running(tmp_path / "house") as (port, address):
        assert address.startswith(f"http://127.0.0.1:{port}/welcome/?key=")
        path = address.removeprefix(f"http://127.0.0.1:{port}")
        answer = asked(port, path)
        assert (answer.status, answer.headers["Location"]) == (302, "/welcome/language/")


def test_behind_a_trusted_proxy_the_house_knows_that_it_is_https(new_data: Path) -> None:
    told = {"URL": "https://roads.example", "TRUSTED_PROXY_COUNT": "1"}
    with running(new_data, **told) as (port, address):
        assert address.startswith("https://roads.example/welcome/?key=")
        through = asked(port, "/account/login/", Host="roads.example", X_Forwarded_Proto="https", X_Forwarded_For="203.0.113.9")  # fmt: skip
        assert through.status == 200
        assert "max-age=31536000" in through.headers["Strict-Transport-Security"]
        assert "Secure" in through.headers["Set-Cookie"]


def test_without_a_proxy_nobody_can_pretend_to_be_one(new_data: Path) -> None:
    with running(new_data) as (port, _line):
        answer = asked(port, "/account/login/", X_Forwarded_Proto="https")
        assert "Strict-Transport-Security" not in answer.headers
