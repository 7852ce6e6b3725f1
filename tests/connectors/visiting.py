"""Visiting a network that is a web server of the test: what comes, what was asked, what was counted."""

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from openroads.archive.message import Message
from openroads.connectors.http import Guarded
from openroads.connectors.metering import Counted, Meter
from openroads.connectors.port import Page
from openroads.connectors.searching import Searched
from tests.connectors.conftest import Server

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SETTINGS = {
    "key": "a-key", "token": "a-token", "client": "an-id", "secret": "a-secret", "account": "windmee",
    "budget": "25",
}  # fmt: skip


def at(**before: float) -> datetime:
    return NOW - timedelta(**before)


def made(kind: type[Searched], server: Server, meter: Meter | None = None, **told: str) -> Searched:
    """The network, at the address of the test."""
    kind.api = server.url  # type: ignore[attr-defined]
    if hasattr(kind, "door"):
        kind.door = f"{server.url}/door"
    client = Guarded([f"127.0.0.1:{server.port}"])
    return kind(client, {**SETTINGS, **told}, NOW, lambda _: None, meter)


def visit(
    kind: type[Searched], server: Server, topic: str, cursor: str = "", **told: str
) -> list[Message]:
    return [m for page in pages(kind, server, topic, cursor, **told) for m in page.messages]


def pages(
    kind: type[Searched], server: Server, topic: str, cursor: str = "", **told: str
) -> list[Page]:
    return list(made(kind, server, topic=topic, **told).read(topic, cursor))


def meter() -> Counted:
    return Counted(NOW)


def asked(server: Server, number: int = -1) -> dict[str, str]:
    """The parameters of a question."""
    query = parse_qs(urlsplit(server.asked[number][0]).query, keep_blank_values=True)
    return {name: values[0] for name, values in query.items()}


def says(server: Server, path: str, told: Any, status: int = 200, **headers: str) -> None:
    server.says(path, json.dumps(told), kind="application/json", status=status, **headers)


def answers(server: Server, path: str, tell: Any) -> None:
    """Answer `path` with what `tell` makes of the parameters: an object, or a status and an object."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        query = parse_qs(urlsplit(handler.path).query, keep_blank_values=True)
        told = tell({name: values[0] for name, values in query.items()})
        status, body = told if isinstance(told, tuple) else (200, told)
        write(handler, json.dumps(body).encode(), status)

    server.routes[path] = answer


def lets_in(server: Server, status: int = 200, body: object = None) -> None:
    """Give a token to whoever asks at the door."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        told = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        server.asked.append((f"{handler.path} {told}", {k.lower(): v for k, v in handler.headers.items()}))  # fmt: skip
        given = {"access_token": "for-this-visit"} if body is None else body
        write(handler, json.dumps(given).encode(), status)

    server.takes_forms(answer)


def write(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
