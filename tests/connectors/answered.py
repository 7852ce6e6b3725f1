"""A network that is a web server of the test, and takes deeds: what was asked of it, and what it answers."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from openroads.connectors.answering import Draft
from openroads.connectors.http import Guarded


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


Answers = Callable[[Asked], object]
HANG_UP = object()
"""Instead of an answer: what was asked is done, and the line breaks."""


class Network:
    """Routes: "POST /path" -> what answers, an object or a status and an object."""

    def __init__(self) -> None:
        self.routes: dict[str, Answers] = {}
        self.asked: list[Asked] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, parts.path, query, headers, body)
                outer.asked.append(asked)
                route = outer.routes.get(f"{self.command} {parts.path}")
                told = route(asked) if route else (404, {"error": "nothing here"})
                if told is HANG_UP:
                    self.close_connection = True
                    return
                status, answer = told if isinstance(told, tuple) else (200, told)
                written = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(written)))
                if status == 429:
                    self.send_header("Retry-After", "77")
                if status == 302:
                    self.send_header("Location", f"{outer.url}/elsewhere")
                self.end_headers()
                self.wfile.write(written)

            do_GET = do_POST = do_PUT = _any

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.host}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    @property
    def client(self) -> Guarded:
        return Guarded([self.host])

    def says(self, route: str, told: object) -> None:
        self.routes[route] = lambda _: told

    def did(self, method: str, path: str = "") -> list[Asked]:
        """What was asked by a method, of a path where told."""
        return [each for each in self.asked if each.method == method and path in ("", each.path)]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def network() -> Iterator[Network]:
    running = Network()
    yield running
    running.close()


def draft(**more: Any) -> Draft:
    return Draft(**{"key": "case 12 reply 3", "text": "Dag Marloes, dat zoeken we uit.", **more})
