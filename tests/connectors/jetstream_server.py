"""A small Jetstream on this machine: real websockets, events with a cursor that can be replayed, names beside
them, and ways to misbehave. Shapes are those of the project's own README and lexicon."""

import json
import logging
import threading
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from openroads.connectors.jetstream import V1, V2

QUIET = logging.getLogger("jetstream.quiet")
QUIET.setLevel(logging.CRITICAL)
POST = "app.bsky.feed.post"
BEGAN = 1_793_523_600_000_000
"""Nine in the morning of 1 November 2026, in microseconds."""


def address(did: str, rkey: str) -> str:
    return f"at://did:plc:{did}/{POST}/{rkey}"


def record(text: str, **more: Any) -> dict[str, Any]:
    return {"$type": POST, "text": text, "createdAt": "2026-11-01T08:00:00Z", "langs": ["nl"], **more}  # fmt: skip


def commit(at: int, did: str, rkey: str, operation: str, text: str = "", **more: Any) -> dict[str, Any]:  # fmt: skip
    told = {"rev": "3l", "operation": operation, "collection": POST, "rkey": rkey}
    if operation != "delete":
        told |= {"record": record(text, **more), "cid": "bafy"}
    return {"did": f"did:plc:{did}", "time_us": BEGAN + at, "kind": "commit", "commit": told}


def account(at: int, did: str, status: str) -> dict[str, Any]:
    told: dict[str, Any] = {"active": status == "active", "did": f"did:plc:{did}", "seq": at, "time": "x"}  # fmt: skip
    if status != "active":
        told["status"] = status
    return {"did": f"did:plc:{did}", "time_us": BEGAN + at, "kind": "account", "account": told}


def identity(at: int, did: str, handle: str) -> dict[str, Any]:
    told = {"did": f"did:plc:{did}", "handle": handle, "seq": at, "time": "x"}
    return {"did": f"did:plc:{did}", "time_us": BEGAN + at, "kind": "identity", "identity": told}


def as_v2(event: dict[str, Any]) -> dict[str, Any]:
    """The same event as the newer way of speaking frames it."""
    kind = event["kind"]
    seconds, micro = divmod(event["time_us"], 1_000_000)
    moment = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{micro:06d}Z"
    told = {"seq": event["time_us"] - BEGAN, "did": event["did"], "time": moment, "witnessedAt": moment}  # fmt: skip
    inner = event[kind] if kind == "commit" else {kind: event[kind]}
    payload = {"$type": f"network.bsky.jetstream.subscribeEvents#{kind}", **told, **inner}
    return {"$type": "message", "payload": payload}


class Jetstream:
    """Serves `events` from the asked moment on, then waits for more. `hang_up` ends a connection after so
    many events, `pace` are seconds between two; `raw` are frames sent before any event; who is in `hidden` is not shown to the public."""

    def __init__(self, events: Iterable[dict[str, Any]] = (), *, v2: bool = False) -> None:
        self.events = list(events)
        self.handles: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.lost: set[str] = set()
        self.raw: list[str | bytes] = []
        self.hang_up: int | None = None
        self.pace = 0.0
        self.v2, self.is_away = v2, False
        self.asked: list[str] = []
        self._closing = threading.Event()
        self._server = serve(self._speak, "127.0.0.1", 0, process_request=self._answer, compression=None, logger=QUIET)  # fmt: skip
        self.port = self._server.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def told(self) -> dict[str, str]:
        """The settings of a source that listens here."""
        return {"way": "stream", "jetstream": self.url, "viewed": self.url}

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Names and posts over HTTP; None: shake hands."""
        self.asked.append(request.path)
        parts = urlsplit(request.path)
        asked = parse_qs(parts.query)
        if parts.path.endswith("getProfiles"):
            return self._says({"profiles": [self._profile(did) for did in asked.get("actors", []) if did not in self.lost]})  # fmt: skip
        if parts.path.endswith("getPosts"):
            shown = [each for each in asked.get("uris", []) if each not in self.lost]
            return self._says({"posts": [{"uri": each} for each in shown]})
        if self.is_away:
            return connection.respond(503, "")
        if parts.path != (V2 if self.v2 else V1):
            return connection.respond(404, "")
        return None

    def _says(self, told: Any) -> Response:
        body = json.dumps(told).encode()
        headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"})  # fmt: skip
        return Response(200, "OK", headers, body)

    def _profile(self, did: str) -> dict[str, Any]:
        name = self.handles.get(did, did.rpartition(":")[2])
        labels = [{"val": "!no-unauthenticated"}] if did in self.hidden else []
        return {"did": did, "handle": f"{name}.bsky.social", "displayName": name.title(), "labels": labels}  # fmt: skip

    def _speak(self, connection: ServerConnection) -> None:
        asked = parse_qs(urlsplit(connection.request.path).query)  # type: ignore[union-attr]
        cursor = int(asked.get("cursor", ["0"])[0])
        try:
            for frame in self.raw:
                connection.send(frame)
            sent = place = 0
            while not self._closing.is_set():
                for event in self.events[place:]:
                    place += 1
                    if event["time_us"] < cursor:
                        continue
                    if self.hang_up is not None and sent >= self.hang_up:
                        return
                    connection.send(json.dumps(as_v2(event) if self.v2 else event))
                    sent += 1
                    if self.pace:
                        self._closing.wait(self.pace)
                self._closing.wait(0.01)
        except ConnectionClosed:
            pass
