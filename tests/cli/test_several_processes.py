"""Several web and worker processes on PostgreSQL and a ClickHouse server: kill any of them while it
imports, and nothing is lost and nothing is there twice."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import warm
from tests.cli.houses import Served, environment, openroads
from tests.cli.test_on_postgresql import database  # noqa: F401 (a fixture)
from tests.served_archive import command, folder_for_a_server, new_database, openroads_server

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

ROWS, FILES = 3_000, 3
WITHIN = 90.0


@pytest.fixture
def archive_address() -> Iterator[str]:
    with folder_for_a_server() as folder, openroads_server(folder) as server:
        with new_database(server) as address:
            yield address


def write_files(folder: Path) -> list[Path]:
    """Files that share a third of their posts with the next, and words with all."""
    files = []
    for number in range(FILES):
        lines = ["id,date,author,text"]
        for row in range(number * ROWS * 2 // 3, number * ROWS * 2 // 3 + ROWS):
            lines.append(f"{row},2026-{1 + row % 10:02}-{1 + row % 28:02},a{row % 97},The battery {row} is flat and the saddle creaks")  # fmt: skip
        files.append(folder / f"posts-{number}.csv")
        files[-1].write_text("\n".join(lines))
    return files


DIFFERENT = (ROWS * 2 // 3) * (FILES - 1) + ROWS


def test_kill_any_process_during_an_import_and_nothing_is_lost_or_doubled(
    database: str,  # noqa: F811
    archive_address: str,
    tmp_path: Path,
) -> None:
    import psycopg

    data = tmp_path / "house"
    env = {"OPENROADS_DATABASE_URL": database, "OPENROADS_ARCHIVE_URL": archive_address}
    files = write_files(tmp_path)
    with ExitStack() as stack:
        running: dict[str, Any] = {}

        def web(name: str) -> None:
            running[name] = Served("run", "--data", data, log=tmp_path / f"{name}.log", env=env)
            stack.callback(running[name].process.kill)

        def worker(name: str) -> None:
            with (tmp_path / f"{name}.log").open("wb") as log:
                running[name] = warm.start(
                    "openroads", "worker", "--data", data, "--threads", "1", env=environment(**env),
                    stdout=log, stderr=log,
                )  # fmt: skip
            stack.callback(running[name].kill)

        web("web-1")
        web("web-2")
        worker("worker-1")
        worker("worker-2")
        asked = [
            warm.start(
                "openroads", "import", file, "--source", "Shop", "--brand", "", "--data", data,
                env=environment(**env),
            )
            for file in files
        ]  # fmt: skip
        for command_line in asked:
            stack.callback(command_line.kill)
        with psycopg.connect(database, autocommit=True) as state:

            def reader_of(condition: str) -> str | None:
                """The process number of whoever has a running import, when some of it is read."""
                row = state.execute(condition).fetchone()
                return None if row is None else str(row[0])

            killed = 0
            until = time.monotonic() + WITHIN
            names = ["worker-1", "web-1", "worker-2"]
            while names and time.monotonic() < until:
                read = reader_of("SELECT coalesce(sum(read), 0) FROM listening_import")
                assert read is not None
                if int(read) >= killed * ROWS // 3 + 1:
                    name = names.pop(0)
                    process = running[name]
                    getattr(process, "process", process).send_signal(signal.SIGKILL)
                    killed += 1
                time.sleep(0.05)
            assert killed == 3
            while time.monotonic() < until:
                states = [row[0] for row in state.execute("SELECT state FROM listening_import")]
                if len(states) == FILES and set(states) == {"done"}:
                    break
                time.sleep(0.2)
            assert states == ["done"] * FILES, (states, running["web-2"].told())
        for command_line in asked:
            command_line.wait(30)
        assert running["web-2"].stop(signal.SIGTERM) == 0
    server, name = archive_address.rsplit("/", 1)[0] + "/", urlsplit(archive_address).path[1:]
    assert name
    ask = lambda sql: command(archive_address, sql).split()  # noqa: E731
    assert server
    assert ask("SELECT count(), uniqExact(native_id) FROM post FINAL") == [str(DIFFERENT)] * 2
    assert ask("SELECT sum(posts + reposts + duplicates) FROM volume_day WHERE brand = 0 AND product = 0") == [str(DIFFERENT)]  # fmt: skip
    assert ask("SELECT count() - uniqExact(hash), count() - uniqExact(id) FROM term FINAL") == ["0", "0"]  # fmt: skip
    told = openroads("doctor", "--data", data, env=env)
    assert "posts" in told.stdout
