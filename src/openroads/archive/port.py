"""What keeping tables and sums in order asks of an archive, so that its door may call them."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

import pyarrow as pa


class Writing(Protocol):
    """The writing side of an archive; `openroads.archive.client.Archive` is the one there is."""

    memory: dict[str, Any]
    """What the writing side keeps between batches."""

    @property
    def write_lock(self) -> AbstractContextManager[Any]:
        """Held by whoever writes, from first look to last insert."""

    def command(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Change something."""

    def written(self, sql: str, params: Mapping[str, Any]) -> pa.Table:
        """Ask in the midst of changing."""
