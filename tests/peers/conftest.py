"""Programs by others that the house speaks to, run here: each in an environment of its own, outside the
checkout, made once from the package registry. These tests run by `make test-peers`; those
marked `heavy`, whose programs are too large for CI, by `make test-peers-all` alone."""

import json
import os
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from tests.cli.houses import free_port
from tests.peers.mail import MailServer, running

PEERS = Path(os.environ.get("OPENROADS_TEST_PEERS", Path.home() / ".cache" / "openroads-peers"))
MOCK = "mastodon-mock==0.6.1"
MAIL = "pymap==0.36.7"
CAST = """
[auth]
enforce_scopes = true
[[seed.accounts]]
username = "ilse"
access_token = "ilse-token"
[[seed.accounts]]
username = "daan"
access_token = "daan-token"
[[seed.accounts]]
username = "tom"
access_token = "tom-token"
[streaming]
heartbeat_seconds = 2
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/peers/" in item.nodeid:
            item.add_marker("peers")


def environment(package: str) -> Path:
    """The folder of programs of an environment with this package; made when it is not there."""
    folder = PEERS / package
    if not (folder / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", "--quiet", package], check=True
        )
        (folder / "made").touch()
    return folder / "bin"


def recordings(package: str, ending: str) -> Path:
    """The folder of the recordings (files of an ending) in a package's source distribution; fetched once."""
    folder = PEERS / f"{package.partition('==')[0].lower()}-cassettes"
    if not (folder / "made").exists():
        # An environment of its own: that of the tests need not have pip.
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder / "pip"], check=True)
        asked = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", package, "-d", folder]
        subprocess.run([folder / "pip" / "bin" / "python", "-m", "pip", *asked], check=True)
        (sdist,) = folder.glob("*.tar.gz")
        with tarfile.open(sdist) as tar:
            for member in tar:
                where, name = Path(member.name).parent.name, Path(member.name).name
                if where.startswith("cassettes") and name.endswith(ending):
                    # There may be several folders with recordings of the same name.
                    member.name = name if where == "cassettes" else f"{where}-{name}"
                    tar.extract(member, folder, filter="data")
        sdist.unlink()
        (folder / "made").touch()
    return folder


class Mastodon:
    """A server that speaks Mastodon's API, with Ilse on it; faults can be asked of it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, told: object = None, token: str = "ilse-token") -> Any:
        """What it answers to Ilse, or whose token it is."""
        request = urllib.request.Request(
            self.url + path,
            None if told is None else json.dumps(told).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def post(self, words: str) -> str:
        return str(self.ask("POST", "/api/v1/statuses", {"status": words})["id"])

    def post_as(self, token: str, words: str) -> str:
        return str(self.ask("POST", "/api/v1/statuses", {"status": words}, token)["id"])

    def fault(self, path: str, **effect: object) -> None:
        """From now on this path fails."""
        self.ask("POST", "/api/v1/_mock/faults", {"match": {"path": path}, "effect": effect})

    def mend(self) -> None:
        self.ask("DELETE", "/api/v1/_mock/faults")


@pytest.fixture(scope="module")
def mastodon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mastodon]:
    """One server for the tests of a file; each has a hashtag of its own."""
    settings, port = tmp_path_factory.mktemp("mastodon") / "mastodon.toml", free_port()
    settings.write_text(CAST)
    with subprocess.Popen(
        [
            environment(MOCK) / "mastodon_mock", "serve", "--config", settings, "--in-memory",
            "--port", str(port),
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as running:  # fmt: skip
        server = Mastodon(f"http://127.0.0.1:{port}")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(URLError, ConnectionError):
                server.ask("GET", "/api/v1/instance")
                break
            assert running.poll() is None, "the server ended"
            time.sleep(0.2)
        yield server
        running.kill()


@pytest.fixture
def tag(mastodon: Mastodon) -> Iterator[str]:
    """A hashtag nobody used before, on a server without faults."""
    yield f"windmee{time.monotonic_ns()}"
    mastodon.mend()


@pytest.fixture(scope="module")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    """A mail server by others with one mailbox; each test looks at what it brought itself."""
    with running(environment(MAIL), tmp_path_factory.mktemp("mail"), free_port()) as server:
        yield server
