"""A ClickHouse server for tests: the real engine, in a process of its own, behind ClickHouse's HTTP protocol.

As much of the protocol as the official client uses: questions and commands with `param_x` and
settings in the address or as a form, inserts with their rows in the body (plain, gzip, lz4, zstd),
name and password, errors with their code in a header. It has one engine and no cluster: what it
says about ClickHouse's own server (its limits, its access rights, its replication) is nothing.

    python -m tests.clickhouse_server FOLDER PORT

TRICKY: the embedded engine hands what a failed query had written out already to the next one on that
connection. So a connection on which something failed is closed, and settings are never taken back:
each set of settings has connections of its own.
"""

import gzip
import re
import signal
import sys
import tempfile
import threading
import zlib
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

USER, WORD = "openroads", "for tests"
LONGEST_ADDRESS = 1 << 20
"""Characters: `http_max_uri_size` of a ClickHouse server."""
LONGEST_FIELD = 128 * 1024
"""Characters: its `http_max_field_value_size`."""
OF_THE_PROTOCOL = {
    "database", "query", "query_id", "session_id", "session_timeout", "session_check", "quota_key", "user",
    "password", "compress", "decompress", "buffer_size", "wait_end_of_query", "role", "default_format",
    "client_protocol_version", "enable_http_compression", "send_progress_in_http_headers",
    "http_headers_progress_interval_ms", "cancel_http_readonly_queries_on_client_close",
}  # fmt: skip
INSERT = re.compile(
    rb"\s*(INSERT\s+INTO\s[^\n;]*?)\s+FORMAT\s+(\w+)[ \t]*(?:\r?\n|$)", re.IGNORECASE
)
FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*(?:SETTINGS\b[^;]*)?$", re.IGNORECASE)
MOST_IDLE = 12


class Engine:
    """Connections to the one engine of this process, lent to one request at a time."""

    def __init__(self, folder: Path) -> None:
        import chdb

        self._connect = lambda: chdb.connect(f"{folder}?background_pool_size=2")
        self._idle: OrderedDict[int, tuple[Any, Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._keep = self._connect()  # the engine ends with its last connection

    def ask(self, sql: str, format: str, database: str, settings: Mapping[str, str], params: Mapping[str, str]) -> bytes:  # fmt: skip
        key = (database, tuple(sorted(settings.items())))
        connection = self._take(key) or self._new(*key)
        try:
            answer: bytes = connection.query(sql, format, params=dict(params)).bytes()
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._idle[id(connection)] = (key, connection)
            spare = self._idle.popitem(last=False)[1][1] if len(self._idle) > MOST_IDLE else None
        if spare is not None:
            spare.close()
        return answer

    def _take(self, key: Any) -> Any:
        with self._lock:
            for number, (other, _) in reversed(self._idle.items()):
                if other == key:
                    return self._idle.pop(number)[1]
        return None

    def _new(self, database: str, settings: tuple[tuple[str, str], ...]) -> Any:
        connection = self._connect()
        try:
            if database:
                connection.query(f"USE `{database}`")
            for name, value in sorted(settings, key=lambda one: one[0] == "readonly"):
                quoted = value.replace("\\", "\\\\").replace("'", "\\'")
                connection.query(f"SET {name} = '{quoted}'")
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        with self._lock:
            for _, connection in self._idle.values():
                connection.close()
            self._keep.close()


class Wrong(Exception):
    """A request this server does not take: ClickHouse's code and words for it."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"Code: {code}. DB::Exception: {why}")


class Request(BaseHTTPRequestHandler):
    """One question."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body: fifty milliseconds otherwise
    engine: Engine

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/ping":
            self._reply(200, b"Ok.\n", {})
            return
        self.do_POST()

    def do_POST(self) -> None:
        body = self._body()
        try:
            format, answer = self._answer(body)
        except Exception as error:  # noqa: BLE001 (whatever it is, the client is told)
            self._refuse(str(error))
            return
        self._reply(200, answer, {"X-ClickHouse-Format": format, "X-ClickHouse-Summary": "{}"})

    def _answer(self, body: bytes) -> tuple[str, bytes]:
        if len(self.path) > LONGEST_ADDRESS:
            raise Wrong(1000, "URI too long.")
        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/form-data"):
            fields = _form(kind, body)
            body = fields.pop("query", "").encode()
            given.update(fields)
        for name, value in given.items():
            if len(value) > LONGEST_FIELD:
                raise Wrong(1000, f"Field value too long: {name}.")
        self._let_in()
        sql = b"\n".join(part for part in (given.get("query", "").encode(), body) if part)
        params = {name[6:]: value for name, value in given.items() if name.startswith("param_")}
        settings = {
            name: value for name, value in given.items()
            if name not in OF_THE_PROTOCOL and not name.startswith("param_")
        }  # fmt: skip
        database = given.get("database", "")
        if rows := INSERT.match(sql):
            with tempfile.NamedTemporaryFile() as file:
                file.write(sql[rows.end() :])
                file.flush()
                text = f"{rows[1].decode()} FROM INFILE '{file.name}' FORMAT {rows[2].decode()}"
                self.engine.ask(text, "TabSeparated", database, settings, params)
            return "TabSeparated", b""
        text = sql.decode()
        named = FORMAT.search(text)
        format = named[1] if named else given.get("default_format", "TabSeparated")
        return format, self.engine.ask(text, format, database, settings, params)

    def _let_in(self) -> None:
        scheme, _, credentials = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic" or b64decode(credentials).decode() != f"{USER}:{WORD}":
            raise Wrong(516, "Authentication failed: password is incorrect, or there is no such user.")  # fmt: skip

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            body = b"".join(parts)
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return _unpacked(body, self.headers.get("Content-Encoding", ""))

    def _refuse(self, told: str) -> None:
        found = re.search(r"Code: (\d+)", told)
        code = found[1] if found else "1002"
        status = {"516": 403, "497": 403, "164": 500, "60": 404, "81": 404}.get(code, 500)
        whole = told[found.start() :] if found else told
        self._reply(status, whole.encode(), {"X-ClickHouse-Exception-Code": code})

    def _reply(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked was killed
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("X-ClickHouse-Timezone", "UTC")
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _form(kind: str, body: bytes) -> dict[str, str]:
    whole = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields: dict[str, str] = {}
    for part in whole.get_payload():  # type: ignore[union-attr]
        name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]
        fields[str(name)] = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
    return fields


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    if encoding == "deflate":
        return zlib.decompress(body)
    if encoding == "lz4":
        import lz4.frame

        return bytes(lz4.frame.decompress(body))
    if encoding == "zstd":
        from backports import zstd

        return bytes(zstd.decompress(body))
    return body


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A caller that was killed in the middle of its question is no fault of the server."""


def main(folder: str, port: str) -> None:
    Request.engine = Engine(Path(folder))
    server = Server(("127.0.0.1", int(port)), Request)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    Request.engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
