"""How the driver is used: its settings, the way of questions and parameters, and what it needs help
with."""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa

NOTHING_COMPILED = {
    "compile_expressions": 0,
    "compile_aggregate_expressions": 0,
    "compile_sort_description": 0,
}
"""The engine turns what it is asked for the third time into machine code: 20 to 200 ms of work a
question, again in every process, that a million posts do not earn back (docs/performance.md)."""

WRITER = {
    **NOTHING_COMPILED,
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
SUMMED = {"optimize_on_insert": 0}
"""For rows that are sums already: adding up before they are written what merging adds up later takes
the engine as long as all else about them. Not for `post`, whose parts FINAL reads quicker for it."""

READER = {
    **NOTHING_COMPILED,
    "max_threads": 2,
    "max_execution_time": 30,
    "max_result_rows": 5_000_000,
    "max_query_size": 67_108_864,
    "max_bytes_before_external_group_by": 200_000_000,
    # A row and its later versions share their month, so months need not be merged together.
    "do_not_merge_across_partitions_select_final": 1,
    # TRICKY: last, because it also refuses every later change of a setting.
    "readonly": 1,
}

LONG = 4_000
"""Characters of a list beyond which it travels in the text of a question, not in its address."""


def bound(sql: str, params: Mapping[str, Any], *, on_server: bool) -> tuple[str, dict[str, Any]]:
    """A question and its parameters as they travel."""
    values = {
        name: _Numbers(value)
        if isinstance(value, list) and value and isinstance(value[0], int)
        else value
        for name, value in params.items()
    }
    if on_server:
        sql = _long_lists_in_text(sql, values)
    return sql, values


class _Numbers:
    """A long list of numbers as the driver would write it, in a fifth of its time."""

    def __init__(self, numbers: list[int]) -> None:
        self._text = f"[{','.join(map(str, numbers))}]"

    def __str__(self) -> str:
        return self._text


def _long_lists_in_text(sql: str, bound: dict[str, Any]) -> str:
    """Write long lists where their parameters stand, and take them out of `bound`.

    TRICKY: the official client puts a command's parameters in the address, and a ClickHouse server
    takes 1 MiB of that, and 128 KiB per parameter: 6,000 ids. What stands in the text is what the
    server makes of a parameter itself: a constant, cast to the type that is declared.
    """
    from clickhouse_connect.driver.binding import format_query_value  # noqa: PLC0415

    for name, value in list(bound.items()):
        if not isinstance(value, list | _Numbers):
            continue
        text = str(value) if isinstance(value, _Numbers) else format_query_value(value)
        if len(text) > LONG:
            del bound[name]
            # Split, not `re.sub`: what stands in a list must not be read as part of a pattern.
            parts = re.split(rf"\{{{name}:(Array\([^{{}}]*\))\}}", sql)
            for place in range(1, len(parts), 2):
                parts[place] = f"_CAST({text}, '{parts[place]}')"
            sql = "".join(parts)
    return sql


@contextmanager
def cleared_after_failure(client: Any) -> Iterator[None]:
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


class _NoPandas:
    """Says to whoever imports pandas that it is not here."""

    def find_spec(self, name: str, *_: object) -> None:
        """As importlib asks a finder."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


def spare_pandas() -> None:
    """Spare the process pandas (half a second at its start, and 60 MB).

    TRICKY: pyarrow imports it at its first array, only to recognise one of its series, and asks once.
    Nobody hands it any here; whoever imports pandas later gets it, and pyarrow then knows it too.
    """
    if "pandas" not in sys.modules:
        blind = _NoPandas()
        sys.meta_path.insert(0, blind)
        try:
            pa.array([None])
        finally:
            sys.meta_path.remove(blind)
