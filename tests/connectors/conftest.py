"""A real web server on this machine, for everything that speaks HTTP."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Answering = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """Routes of one test: path -> function that writes the answer. Counts what was asked."""

    def __init__(self) -> None:
        self.routes: dict[str, Answering] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._form: Answering | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                route = outer.routes.get(self.path.partition("?")[0])
                try:
                    if route is None:
                        self.send_error(404)
                    else:
                        route(self)
                except OSError:
                    pass  # the client hung up, which some tests are about

            def do_POST(self) -> None:
                if outer._form is None:
                    self.send_error(405)
                else:
                    outer._form(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def says(
        self,
        path: str,
        body: bytes | str,
        *,
        kind: str = "text/html",
        status: int = 200,
        **headers: str,
    ) -> None:
        """Answer `path` with a body."""
        content = body.encode() if isinstance(body, str) else body

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(content)

        self.routes[path] = answer

    def sends_on(self, path: str, to: str, status: int = 302) -> None:
        """Answer `path` with a redirect."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Location", to)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        self.routes[path] = answer

    def takes_forms(self, answering: Answering) -> None:
        """Answer every POST so."""
        self._form = answering

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()
