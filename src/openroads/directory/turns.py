"""Turns at writing among processes that share a state database: a lock in PostgreSQL, or in the data folder."""

from contextlib import suppress

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import InterfaceError

from openroads.archive.turns import Turn, TurnOfHost, lost

WRITING = 0x4F70656F
"""The number of the lock in PostgreSQL; any will do, as long as it stays."""


def turn_of_house() -> Turn:
    """Whose turn it is among all processes of this house, on one machine or on many."""
    if connection.vendor == "postgresql":
        return TurnByPostgresql()
    return TurnOfHost(settings.OPENROADS.data / "archive-writer.lock")


class TurnByPostgresql:
    """A lock that lives as long as a connection of its own, on which nothing else is done.

    The server frees it when the process dies, or when the connection does: so `check` asks whether
    it still stands.
    """

    def __init__(self) -> None:
        self._connection: BaseDatabaseWrapper | None = None

    def take(self, *, wait: bool) -> bool:
        """See `openroads.archive.turns.Turn`."""
        if not self._stands():
            self._connect()
        if wait:
            self._ask("SELECT pg_advisory_lock(%s)")
            return True
        return bool(self._ask("SELECT pg_try_advisory_lock(%s)"))

    def check(self) -> None:
        """See `openroads.archive.turns.Turn`."""
        if not self._stands():
            raise lost()

    def give(self) -> None:
        """See `openroads.archive.turns.Turn`."""
        try:
            self._ask("SELECT pg_advisory_unlock(%s)")
        except (Error, InterfaceError):
            self._close()  # and with it the lock

    def _stands(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._ask("SELECT %s")
        except (Error, InterfaceError):
            self._close()
            return False
        return True

    def _connect(self) -> None:
        # Whatever thread has the turn uses it, one at a time.
        fresh = connections.create_connection(DEFAULT_DB_ALIAS)
        fresh.inc_thread_sharing()
        fresh.ensure_connection()
        self._connection = fresh

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(Error, InterfaceError):
                self._connection.close()
            self._connection = None

    def _ask(self, sql: str) -> object:
        assert self._connection is not None
        # TRICKY: `cursor()` would open a lost connection anew, without the lock.
        if self._connection.connection is None:
            raise InterfaceError("the connection is gone")
        with self._connection.cursor() as cursor:
            cursor.execute(sql, [WRITING])
            row = cursor.fetchone()
        return row[0] if row else None
