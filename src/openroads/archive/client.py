"""The door to the archive: one writer, a few readers that can do nothing but read."""

import atexit
import queue
import random
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

import pyarrow as pa

from openroads.analysis.sentences import say
from openroads.archive.driver import (
    READER,
    SUMMED,
    WRITER,
    bound,
    cleared_after_failure,
    spare_pandas,
)
from openroads.archive.lock import ArchiveAway, ArchiveBusy, DirectoryLock
from openroads.archive.queries import rollups as sql
from openroads.archive.rollups import settle, settled
from openroads.archive.steps import ArchiveTooNew, ArchiveTooOld, bring_up_to_date
from openroads.archive.turns import Turn, WriteLock

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Archive", "ArchiveAway", "ArchiveBusy", "ArchiveTooNew", "ArchiveTooOld"]

Row = TypeVar("Row")
Params = Mapping[str, Any]

LONGEST_WRITE = 600.0
"""Seconds to wait for what a killed process had asked of a server."""

_open_here: "Archive | None" = None
_opening = threading.Lock()


class Archive:
    """The conversations on disk or on a server. Threads may share it; processes may share a server's,
    each with an `Archive` of its own, when they write by turns."""

    WORK = "copies"
    """The folder inside the archive's own that the embedded engine may write copies of it to."""

    def __init__(
        self,
        location: str | Path,
        memory_bytes: int,
        readers: int,
        author_key: bytes,
        upgrade: bool = True,
        bare: bool = False,
        turn: Turn | None = None,
    ) -> None:
        """Use `Archive.open`."""
        self.location = str(location)
        self.author_key = author_key or b"openroads development key"
        self.write_lock = WriteLock(self._begin_turn, self._end_turn)
        """Held by whoever writes, from first look to last insert."""
        self.memory: dict[str, Any] = {}
        """What the writing side keeps between batches (known terms, known ids); see `ingest`. When
        another process wrote meanwhile, what has a `catch_up(archive)` is called, the rest dropped."""
        self.writes = 0
        """Goes up when a write begins here and when it ends. The embedded engine has no other writer:
        while it stays, nothing was written."""
        self.stands: tuple[int, object] | None = None
        """Where it stood at so many `writes`; see `timeline.revision`."""
        self._last_turn = 0
        self._bare = bare
        self._memory_bytes = memory_bytes
        self._lock: DirectoryLock | None = None
        self._closed = False
        self._readers = 0
        self._most_readers = readers
        self._connecting = threading.Lock()
        self._clients: list[Any] = []
        # LIFO: the reader used last has the warmest caches.
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        if not self.on_server:
            directory = Path(location)
            directory.mkdir(parents=True, exist_ok=True)
            self._lock = DirectoryLock(directory)
            if not bare:  # what a backup that was killed left behind
                shutil.rmtree(directory / self.WORK, ignore_errors=True)
        try:
            self._writer = self._connect(WRITER)
            if not bare:
                bring_up_to_date(self, upgrade=upgrade)
            self.write_lock.turn = turn
            self._idle.put(self._one_more_reader())
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(
        cls,
        location: str | Path,
        *,
        memory_bytes: int = 1_200_000_000,
        readers: int = 4,
        author_key: bytes = b"",
        upgrade: bool = True,
        bare: bool = False,
        turn: Turn | None = None,
    ) -> "Archive":
        """Open the archive, making or upgrading its tables, and repair an interrupted ingest.

        `location` is a directory (the embedded engine) or the `http(s)://user:word@host:port/name`
        of a ClickHouse server. `memory_bytes` caps the embedded engine as a whole. `author_key` is
        the secret under which authors are pseudonymised; without one a fixed development key is
        used, which anybody who reads this code knows: never leave it empty with real data. Without
        `upgrade` an archive of an older version is not touched, and a `bare` one is opened with the
        tables it has, whatever they are: for copying it whole, and for putting a copy back. Processes
        that share a server's archive must be given a `turn`, or two that write at once give one
        number to two words.

        Raises `ArchiveBusy` when another process, or another archive in this process, is in the
        way, `ArchiveTooNew` when a later version wrote it, and `ArchiveTooOld` when it waits for
        an upgrade that may not be made, `ArchiveAway` when the server does not answer. The first call loads the engine
        (about a second): make it from the main thread.
        """
        global _open_here
        with _opening:
            embedded = not str(location).startswith(("http://", "https://"))
            if embedded and _open_here is not None:
                raise ArchiveBusy(
                    say(
                        "This process already has the archive in {place} open; one process can "
                        "have one.",
                        place=_open_here.place,
                    )
                )
            archive = cls(location, memory_bytes, readers, author_key, upgrade, bare, turn)
            if embedded:
                _open_here = archive
        atexit.register(archive.close)
        try:
            if bare:
                pass  # it is as it is
            elif archive.write_lock.turn is not None:
                # Whoever has the turn is at work: what looks interrupted is not. If it dies, the
                # next one to write settles.
                archive.write_lock.begin_if_free()
            else:
                settle(archive)
        except BaseException:
            archive.close()
            raise
        return archive

    @property
    def on_server(self) -> bool:
        """Whether a ClickHouse server holds the archive, rather than the embedded engine."""
        return self.location.startswith(("http://", "https://"))

    @property
    def place(self) -> str:
        """Where it is, as people may read it: without name and password."""
        if not self.on_server:
            return self.location
        parts = urlsplit(self.location)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()

    def rows(self, row: type[Row], sql: str, params: Params) -> list[Row]:
        """Ask, and get one `row` (a dataclass) per row; columns go to the fields of their name."""
        with self._reader() as reader:
            table = self._ask(reader, sql, params)
        columns = [table[field.name].to_pylist() for field in fields(row)]  # type: ignore[arg-type]
        return [row(*values) for values in zip(*columns, strict=True)]

    def columns(self, sql: str, params: Params) -> "dict[str, NDArray[Any]]":
        """Ask for many rows of numbers: one array per column."""
        with self._reader() as reader:
            return _arrays(self._ask(reader, sql, params))

    def table(self, sql: str, params: Params) -> pa.Table:
        """Ask for many rows of any kind (lists of terms, say), as an Arrow table."""
        with self._reader() as reader:
            return self._ask(reader, sql, params)

    def command(self, sql: str, params: Params | None = None) -> None:
        """Change something (definitions, deletions, inserts from a query); the writer's way."""
        with self.write_lock, self._counted(), self._cleared_after_failure(self._writer):
            self.write_lock.check()
            self._writer.command(*bound(sql, params or {}, on_server=self.on_server))

    def insert(self, table: str, block: pa.Table, *, summed: bool = False) -> None:
        """Append a block of rows; durable when this returns. `summed`: what it becomes is sums, of
        which nobody minds two of one kind."""
        with self.write_lock, self._counted(), self._cleared_after_failure(self._writer):
            self.write_lock.check()
            self._writer.insert_arrow(table, block, settings=SUMMED if summed else None)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        # Also what fails may have written a part.
        self.writes += 1
        try:
            yield
        finally:
            self.writes += 1

    def written(self, sql: str, params: Params) -> pa.Table:
        """What `table` gives, asked by the writer in the midst of its work."""
        with self.write_lock.of_threads:
            return self._ask(self._writer, sql, params)

    def close(self) -> None:
        """Let running questions end, then close every client and free the directory."""
        global _open_here
        with self.write_lock.of_threads:
            if self._closed:
                return
            try:
                if self.memory.get("unsettled") and self.write_lock.turn is None:
                    settled(self)
            finally:
                self._closed = True
                self._close_clients()
                if self._lock is not None:
                    self._lock.release()
                if _open_here is self:
                    _open_here = None
                atexit.unregister(self.close)

    def _close_clients(self) -> None:
        # A thread still inside the engine when the interpreter goes down crashes the process: so
        # every reader is taken in hand first, and only then are they closed.
        taken: list[Any] = []
        with self._connecting:
            pass  # whoever began to connect has counted itself among the readers
        with suppress(queue.Empty):
            while len(taken) < self._readers:
                taken.append(self._idle.get(timeout=READER["max_execution_time"] + 10))
        for client in reversed(self._clients):
            client.close()
        for reader in taken:
            self._idle.put(reader)  # whoever waits for one wakes, and finds the door closed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _reader(self) -> Iterator[Any]:
        client = None if self._closed else self._free_reader()
        try:
            if self._closed:
                raise ArchiveBusy(say("The archive in {place} is closed.", place=self.place))
            yield client
        finally:
            if client is not None:
                self._idle.put(client)

    def _free_reader(self) -> Any:
        """A reader nobody uses: one more when there may be more, else the first that is put back. Most
        commands and pages never need a second, and each takes the engine 20 ms to begin."""
        with suppress(queue.Empty):
            return self._idle.get_nowait()
        with self._connecting:
            if self._readers < self._most_readers and not self._closed:
                return self._one_more_reader()
        return self._idle.get()

    def _one_more_reader(self) -> Any:
        reader = self._connect({"max_memory_usage": self._memory_bytes // 2, **READER})
        self._readers += 1
        return reader

    def _connect(self, settings: Mapping[str, int]) -> Any:
        # Loaded here: importing the engine takes a second and 280 MB, which only openers need.
        from clickhouse_connect import get_client  # noqa: PLC0415

        spare_pandas()
        if self.on_server:
            client = self._server_client(get_client, settings)
        else:
            client = get_client(
                interface="chdb",
                path=self.location,
                chdb_options=self._engine_options(),
                tz_mode="aware",
            )
            for name, value in settings.items():
                client.set_client_setting(name, value)
        self._clients.append(client)
        return client

    def _server_client(self, get_client: Any, settings: Mapping[str, int]) -> Any:
        from clickhouse_connect.driver.exceptions import ClickHouseError  # noqa: PLC0415

        try:
            # Without sessions: nothing here needs one, and behind a balancer it would be elsewhere.
            return get_client(
                dsn=self.location, tz_mode="aware", settings=dict(settings),
                autogenerate_session_id=False,
            )  # fmt: skip
        except ClickHouseError as error:
            why = " ".join(str(error).split())[:300]
            raise ArchiveAway(
                say(
                    "The ClickHouse server of OPENROADS_ARCHIVE_URL ({place}) does not let us in. Does "
                    "it run, is the database there, and do name and password fit? It says: {why}",
                    place=self.place,
                    why=why,
                )
            ) from error

    def _begin_turn(self) -> None:
        """Another process may have written since this one did: learn what it wrote, and mend what it
        left half-done."""
        if (
            self._bare
        ):  # of another version, perhaps: nothing is mended, but nobody writes in it either
            self._wait_for_the_dead()
            return
        last = self.written(sql.LAST_TURN, {})["version"].to_pylist()[0] or 0
        if last and last == self._last_turn:
            return
        self._wait_for_the_dead()
        try:
            for name, kept in list(self.memory.items()):
                if hasattr(kept, "catch_up"):
                    kept.catch_up(self)
                else:
                    del self.memory[name]
            ours = last + random.randint(1, 1 << 20)  # noqa: S311 (a mark, not a secret)
            self.command(sql.TAKE_TURN, {"version": ours})
            settle(self)
        except BaseException:
            self.memory.clear()
            raise
        self._last_turn = ours

    def _wait_for_the_dead(self) -> None:
        """What a process sent before it was killed is still being written by the server: nothing may
        be looked up, or made anew, before that has ended."""
        until = time.monotonic() + LONGEST_WRITE
        while self.written(sql.AT_WORK, {})["n"][0].as_py():
            if time.monotonic() > until:
                raise ArchiveBusy(
                    say("The ClickHouse server in {place} is still writing.", place=self.place)
                )
            time.sleep(0.05)

    def _end_turn(self, well: bool) -> None:
        """Leave no mark of ours on months whose sums are right: others would make them anew."""
        if not well:
            self._last_turn = 0  # the next turn looks at everything again, also when it is ours
        elif self.memory.get("unsettled"):
            settled(self)

    def _ask(self, client: Any, sql: str, params: Params) -> pa.Table:
        # Arrow rather than the client's own rows: exact types, columns even when there are no rows
        # (the embedded engine sends nothing at all then), and three times faster for a million terms.
        with self._cleared_after_failure(client):
            text, values = bound(sql, params, on_server=self.on_server)
            answer = client.raw_query(text, values, fmt="ArrowStream")
        return pa.ipc.open_stream(answer).read_all()

    def _cleared_after_failure(self, client: Any) -> AbstractContextManager[None]:
        return nullcontext() if self.on_server else cleared_after_failure(client)

    def _engine_options(self) -> dict[str, str]:
        """Server settings of the embedded engine; its defaults take nine tenths of the machine."""
        cache = str(64 * 1024 * 1024)
        return {
            "max_server_memory_usage": str(self._memory_bytes),
            "mark_cache_size": cache,
            "index_mark_cache_size": cache,
            "primary_index_cache_size": cache,
            "text_index_tokens_cache_size": cache,
            "text_index_header_cache_size": cache,
            "background_pool_size": "2",
            "backups.allowed_path": str(Path(self.location).resolve() / self.WORK),
        }


def _arrays(table: pa.Table) -> "dict[str, NDArray[Any]]":
    return {name: table[name].to_numpy() for name in table.column_names}
