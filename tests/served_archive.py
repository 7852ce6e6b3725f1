"""Archives behind a server, for tests: `openroads_server()` starts one, `new_database` makes room in it."""

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.clickhouse_server import USER, WORD

SERVED = os.environ.get("OPENROADS_TEST_ARCHIVE", "") == "server"
"""Whether every test of the archive is to speak to a server."""
ROOT = Path(__file__).parents[1]


@contextmanager
def openroads_server(folder: Path) -> Iterator[str]:
    """The address of a server with the real engine, for the length of a block."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.clickhouse_server", str(folder), "0"],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert server.stdout is not None
    try:
        port = server.stdout.readline().strip()
        yield f"http://{USER}:{quote(WORD)}@127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(60)
        server.stdout.close()


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The address of an archive of one's own on that server."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    command(server, f"CREATE DATABASE {name}")
    try:
        yield f"{server}{name}"
    finally:
        command(server, f"DROP DATABASE {name} SYNC")


def command(server: str, sql: str) -> str:
    """Ask the server something from outside, as a plain HTTP request."""
    import httpx2

    parts = urlsplit(server)
    answer = httpx2.post(
        f"http://127.0.0.1:{parts.port}/", content=sql, auth=(USER, WORD), timeout=60,
        params={"database": parts.path.strip("/") or "default"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return answer.text


@contextmanager
def folder_for_a_server() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        yield Path(folder)
