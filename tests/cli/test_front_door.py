"""The server itself, as a proxy and a first visitor meet it: real waitress, real requests."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(data: Path, **settings: str) -> Iterator[tuple[int, str]]:
    """A house that runs: its port and the line that says where to go."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("OPENROADS_")}
    env |= {f"OPENROADS_{name}": value for name, value in settings.items()}
    words = [sys.executable, "-m", "openroads", "run", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(
        words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as house:
        assert house.stdout is not None
        line = next(
            (line for line in house.stdout if "Begin at" in line or "Openroads is at" in line), ""
        )
        try:
            yield port, line.strip()
        finally:
            house.send_signal(signal.SIGTERM)
            house.stdout.read()
            assert house.wait(60) == 0


def asked(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with closing(connection):
        connection.request("GET", path, headers=told)
        answer = connection.getresponse()
        answer.read()
    return answer


def test_the_printed_address_is_the_one_people_type(tmp_path: Path) -> None:
    with running(tmp_path / "house") as (port, line):
        address = line.split("Begin at ")[1]
        assert address.startswith(f"http://127.0.0.1:{port}/welcome/?key=")
        path = address.removeprefix(f"http://127.0.0.1:{port}")
        answer = asked(port, path)
        assert (answer.status, answer.headers["Location"]) == (302, "/welcome/language/")


def test_behind_a_trusted_proxy_the_house_knows_that_it_is_https(tmp_path: Path) -> None:
    told = {"URL": "https://roads.example", "TRUSTED_PROXY_COUNT": "1"}
    with running(tmp_path / "house", **told) as (port, line):
        assert line.split("Begin at ")[1].startswith("https://roads.example/welcome/?key=")
        through = asked(port, "/account/login/", Host="roads.example", X_Forwarded_Proto="https", X_Forwarded_For="203.0.113.9")  # fmt: skip
        assert through.status == 200
        assert "max-age=31536000" in through.headers["Strict-Transport-Security"]
        assert "Secure" in through.headers["Set-Cookie"]


def test_without_a_proxy_nobody_can_pretend_to_be_one(tmp_path: Path) -> None:
    with running(tmp_path / "house") as (port, _line):
        answer = asked(port, "/account/login/", X_Forwarded_Proto="https")
        assert "Strict-Transport-Security" not in answer.headers
