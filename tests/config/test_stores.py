"""The state database: what the settings promise of SQLite really holds."""

import threading

import pytest
from django.db import connection, connections, transaction

from openroads.delivery.models import Schedule


@pytest.fixture
def sqlite(db):
    if connection.vendor != "sqlite":
        pytest.skip("this run is on PostgreSQL")
    return connection


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1)]
)
def test_sqlite_is_set_for_many_threads_and_a_power_cut(sqlite, pragma, value):
    with sqlite.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone()[0] == value


def test_transactions_ask_for_the_writers_seat_at_once(sqlite):
    assert sqlite.transaction_mode == "IMMEDIATE"


@pytest.mark.django_db(transaction=True)
def test_eight_threads_that_read_and_write_back_lose_nothing():
    Schedule.objects.create(name="count", rule="0", next_at="2026-01-01T00:00Z")
    errors = []

    def add():
        try:
            for _ in range(25):
                with transaction.atomic():
                    row = Schedule.objects.select_for_update().get(pk="count")
                    row.rule = str(int(row.rule) + 1)
                    row.save()
        except Exception as problem:  # noqa: BLE001 (shown by the assert below)
            errors.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Schedule.objects.get().rule == "200"
