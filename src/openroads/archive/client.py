"""The door to the archive: one writer, a few readers that can do nothing but read."""

import atexit
import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import pyarrow as pa

from openroads.archive.lock import ArchiveBusy, DirectoryLock
from openroads.archive.rollups import settle, settled
from openroads.archive.steps import ArchiveTooNew, bring_up_to_date

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Archive", "ArchiveBusy", "ArchiveTooNew"]

Row = TypeVar("Row")
Params = Mapping[str, Any]

WRITER = {
    # An import may span any number of months; the default refuses more than a hundred.
    "max_partitions_per_insert_block": 0,
    "async_insert": 0,
    "max_threads": 2,
    "mutations_sync": 2,
    "lightweight_deletes_sync": 2,
    "do_not_merge_across_partitions_select_final": 1,
    "max_query_size": 67_108_864,
    "max_bytes_before_external_group_by": 300_000_000,
}
READER = {
    "max_threads": 2,
    "max_execution_time": 30,
    "max_result_rows": 5_000_000,
    "max_bytes_before_external_group_by": 200_000_000,
    # A row and its later versions share their month, so months need not be merged together.
    "do_not_merge_across_partitions_select_final": 1,
    # TRICKY: last, because it also refuses every later change of a setting.
    "readonly": 1,
}

_open_here: "Archive | None" = None
_opening = threading.Lock()


class Archive:
    """The conversations on disk (or on a server). Threads may share it; processes may not."""

    def __init__(
        self, location: str | Path, memory_bytes: int, readers: int, author_key: bytes
    ) -> None:
        """Use `Archive.open`."""
        self.location = str(location)
        self.author_key = author_key or b"openroads development key"
        self.write_lock = threading.RLock()
        """Held by whoever writes, from first look to last insert."""
        self.memory: dict[str, Any] = {}
        """What the writing side keeps between batches (known terms, known ids); see `ingest`."""
        self._memory_bytes = memory_bytes
        self._lock: DirectoryLock | None = None
        self._closed = False
        self._readers = 0
        self._clients: list[Any] = []
        # LIFO: the reader used last has the warmest caches.
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        if not self.on_server:
            directory = Path(location)
            directory.mkdir(parents=True, exist_ok=True)
            self._lock = DirectoryLock(directory)
        try:
            self._writer = self._connect(WRITER)
            bring_up_to_date(self)
            for _ in range(readers):
                self._idle.put(self._connect({"max_memory_usage": memory_bytes // 2, **READER}))
                self._readers += 1
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
    ) -> "Archive":
        """Open the archive, making or upgrading its tables, and repair an interrupted ingest.

        `location` is a directory (the embedded engine) or the `http(s)://user:word@host:port/name`
        of a ClickHouse server. `memory_bytes` caps the embedded engine as a whole. `author_key` is
        the secret under which authors are pseudonymised; without one a fixed development key is
        used, which anybody who reads this code knows: never leave it empty with real data.

        Raises `ArchiveBusy` when another process, or another archive in this process, is in the
        way and `ArchiveTooNew` when a later version wrote it. The first call loads the engine
        (about a second): make it from the main thread.
        """
        global _open_here
        with _opening:
            embedded = not str(location).startswith(("http://", "https://"))
            if embedded and _open_here is not None:
                raise ArchiveBusy(
                    f"This process already has the archive in {_open_here.location} open; "
                    "one process can have one."
                )
            archive = cls(location, memory_bytes, readers, author_key)
            if embedded:
                _open_here = archive
        atexit.register(archive.close)
        try:
            settle(archive)
        except BaseException:
            archive.close()
            raise
        return archive

    @property
    def on_server(self) -> bool:
        """Whether a ClickHouse server holds the archive, rather than the embedded engine."""
        return self.location.startswith(("http://", "https://"))

    def rows(self, row: type[Row], sql: str, params: Params) -> list[Row]:
        """Ask, and get one `row` (a dataclass) per row; columns go to the fields of their name."""
        with self._reader() as reader:
            table = _ask(reader, sql, params)
        columns = [table[field.name].to_pylist() for field in fields(row)]  # type: ignore[arg-type]
        return [row(*values) for values in zip(*columns, strict=True)]

    def columns(self, sql: str, params: Params) -> "dict[str, NDArray[Any]]":
        """Ask for many rows of numbers: one array per column."""
        with self._reader() as reader:
            return _arrays(_ask(reader, sql, params))

    def table(self, sql: str, params: Params) -> pa.Table:
        """Ask for many rows of any kind (lists of terms, say), as an Arrow table."""
        with self._reader() as reader:
            return _ask(reader, sql, params)

    def command(self, sql: str, params: Params | None = None) -> None:
        """Change something (definitions, deletions, inserts from a query); the writer's way."""
        with self.write_lock, _cleared_after_failure(self._writer):
            self._writer.command(sql, _bound(params or {}))

    def insert(self, table: str, block: pa.Table) -> None:
        """Append a block of rows; durable when this returns."""
        with self.write_lock, _cleared_after_failure(self._writer):
            self._writer.insert_arrow(table, block)

    def written(self, sql: str, params: Params) -> pa.Table:
        """What `table` gives, asked by the writer in the midst of its work."""
        with self.write_lock:
            return _ask(self._writer, sql, params)

    def close(self) -> None:
        """Let running questions end, then close every client and free the directory."""
        global _open_here
        with self.write_lock:
            if self._closed:
                return
            try:
                if self.memory.get("unsettled"):
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
        client = None if self._closed else self._idle.get()
        try:
            if self._closed:
                raise ArchiveBusy(f"The archive in {self.location} is closed.")
            yield client
        finally:
            if client is not None:
                self._idle.put(client)

    def _connect(self, settings: Mapping[str, int]) -> Any:
        # Loaded here: importing the engine takes a second and 280 MB, which only openers need.
        from clickhouse_connect import get_client  # noqa: PLC0415

        if self.on_server:
            client = get_client(dsn=self.location, tz_mode="aware", settings=dict(settings))
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
        }


def _ask(client: Any, sql: str, params: Params) -> pa.Table:
    # Arrow rather than the client's own rows: exact types, columns even when there are no rows
    # (the embedded engine sends nothing at all then), and three times faster for a million terms.
    with _cleared_after_failure(client):
        answer = client.raw_query(sql, _bound(params), fmt="ArrowStream")
    return pa.ipc.open_stream(answer).read_all()


class _Numbers:
    """A long list of numbers as the driver would write it, in a fifth of its time."""

    def __init__(self, numbers: list[int]) -> None:
        self._text = f"[{','.join(map(str, numbers))}]"

    def __str__(self) -> str:
        return self._text


def _bound(params: Params) -> dict[str, Any]:
    return {
        name: _Numbers(value)
        if isinstance(value, list) and value and isinstance(value[0], int)
        else value
        for name, value in params.items()
    }


@contextmanager
def _cleared_after_failure(client: Any) -> Iterator[None]:
    """Make a client whose question failed fit for the next one.

    TRICKY: the embedded engine keeps what a failed query had already written out, and hands it to
    the NEXT query on that connection in place of its own answer. So a failure is followed by
    questions nobody waits for, until the answer is the right one.
    """
    try:
        yield
    except Exception:
        for attempt in range(5):
            with suppress(Exception):
                asked = f"SELECT 'clear {attempt}' AS n"
                if client.raw_query(asked, fmt="TabSeparated") == f"clear {attempt}\n".encode():
                    break
        raise


def _arrays(table: pa.Table) -> "dict[str, NDArray[Any]]":
    return {name: table[name].to_numpy() for name in table.column_names}
