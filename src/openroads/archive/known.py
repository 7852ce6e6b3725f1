"""What the archive may hold already: asked in memory, so that new posts cost no look-up."""

import mmap
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openroads.archive.port import Writing
from openroads.archive.queries import writing as sql

BITS = 1 << 29
"""64 MiB, whatever the size of the archive: at 10 million posts 3 in 100,000 new ids look known,
at 50 million 1 in 100. A mistaken "perhaps" costs a look-up, never a wrong answer."""

PROBES = 4


class KnownIds:
    """A Bloom filter of 64-bit hashes (B. H. Bloom, CACM 13:422, 1970)."""

    def __init__(self) -> None:
        self._bits = _zeros(BITS // 8)

    def add(self, ids: NDArray[np.uint64]) -> None:
        """Remember these ids."""
        for place in _places(ids):
            np.bitwise_or.at(self._bits, place >> 3, _bit(place))

    def perhaps(self, ids: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """False where an id was certainly never added."""
        answer = np.ones(len(ids), np.bool_)
        for place in _places(ids):
            answer &= (self._bits[place >> 3] & _bit(place)) != 0
        return answer


class KnownKeys:
    """Under which keys the archive may hold a copy; its months are read when first asked about.

    About a second for the first batch that spans a million posts; a batch of new texts then needs
    no look-up at all, however much is there.
    """

    def __init__(self, archive: Writing, months: Iterable[int]) -> None:
        """`months` (as 202611) are those with posts now; what is written later must be added."""
        self._archive = archive
        self._unread = set(months)
        self._known = KnownIds()

    def add(self, keys: NDArray[np.uint64]) -> None:
        """Remember keys that are being written."""
        self._known.add(keys[keys != 0])

    def perhaps(self, keys: NDArray[np.uint64], first: int, last: int) -> NDArray[np.uint64]:
        """Those of `keys` (each once) that posts between two moments, in milliseconds, may have."""
        months = np.array((first, last)).astype("datetime64[ms]").astype("datetime64[M]")
        since, until = (int(str(month).replace("-", "")) for month in months)
        for month in sorted(self._unread):
            if since <= month <= until:
                read = self._archive.written(sql.COPY_KEYS_OF_MONTH, {"month": month})
                self.add(read["key"].to_numpy())
                self._unread.discard(month)
        keys = keys[keys != 0]
        return keys[self._known.perhaps(keys)]


def _zeros(size: int) -> NDArray[np.uint8]:
    """Bytes that are taken from the machine when they are first written to, by the small page: numpy asks
    for pages of 2 MiB, and one id would take four of them."""
    field = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        field.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(field, np.uint8)


def _places(ids: NDArray[np.uint64]) -> Any:
    # The ids are hashes already, so their halves serve as the two independent hash functions.
    first = ids & np.uint64(0xFFFFFFFF)
    step = (ids >> np.uint64(32)) | np.uint64(1)
    for probe in range(PROBES):
        yield ((first + step * np.uint64(probe)) % np.uint64(BITS)).astype(np.int64)


def _bit(place: NDArray[np.int64]) -> NDArray[np.uint8]:
    bit: NDArray[np.uint8] = np.left_shift(1, place & 7).astype(np.uint8)
    return bit
