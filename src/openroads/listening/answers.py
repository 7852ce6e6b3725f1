"""A cache in this process that keeps what it is given, instead of a copy of it.

Django's own takes everything apart and puts it together again at each look: ten milliseconds for the
reading of a gap page. What is kept here must therefore never be changed; ours are frozen.
"""

import time
from collections import OrderedDict
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

_shelves: dict[str, "OrderedDict[str, tuple[float | None, Any]]"] = {}
_doors: dict[str, Lock] = {}


class AsTheyAre(BaseCache):
    """Objects nobody changes, the least asked for thrown out first; one shelf a process and name."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._most = int(params.get("OPTIONS", {}).get("MAX_ENTRIES", 100))
        # Each thread has a cache object of its own: what they keep is on one shelf.
        self._shelf = _shelves.setdefault(name, OrderedDict())
        self._door = _doors.setdefault(name, Lock())

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep an object unless there is one; says whether it was kept."""
        if self.get(key, version=version) is not None:
            return False
        self.set(key, value, timeout, version)
        return True

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The object itself, while it is kept."""
        name = self.make_and_validate_key(key, version=version)
        with self._door:
            until, value = self._shelf.get(name, (0.0, None))
            if until is not None and until <= time.time():
                self._shelf.pop(name, None)
                return default
            self._shelf.move_to_end(name)
            return value

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep an object."""
        name = self.make_and_validate_key(key, version=version)
        with self._door:
            self._shelf[name] = (self.get_backend_timeout(timeout), value)
            self._shelf.move_to_end(name)
            while len(self._shelf) > self._most:
                self._shelf.popitem(last=False)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Keep it no longer; says whether it was kept."""
        name = self.make_and_validate_key(key, version=version)
        with self._door:
            return self._shelf.pop(name, None) is not None

    def clear(self) -> None:
        """Keep nothing."""
        with self._door:
            self._shelf.clear()
