"""A program that publishes answers: it takes signed messages on this machine and tells the id it gave."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """What came in, and the port it came in at."""

    def __init__(self) -> None:
        self.came: list[dict[str, Any]] = []
        self.port = 0


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that runs while the block does."""
    told = Receiver()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.came.append(body)
            key = body.get("data", {}).get("key", "")
            said = json.dumps({"id": f"there-{key}"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_words: object) -> None:
            """Nothing is said of it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
