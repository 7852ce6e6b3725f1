"""A file as a connector: the topic is its path, the settings are how to read it."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from openroads.connectors.files.detect import detect
from openroads.connectors.files.pages import read
from openroads.connectors.files.reading import Reading
from openroads.connectors.port import Can, Connector, Field, Page


class Upload(Connector):
    """Reads one file; without a `reading` it detects one, at the first page."""

    kind: ClassVar[str] = "file"
    label: ClassVar[str] = "File (CSV, TSV, Excel, JSON Lines, Zeeschuimer)"
    can: ClassVar[Can] = Can.READ
    fields: ClassVar[tuple[Field, ...]] = (Field("path", "File"),)

    def __init__(
        self,
        reading: Reading | None = None,
        now: datetime | None = None,
    ) -> None:
        self._reading = reading
        self._now = now

    def read(self, topic: str, cursor: str = "") -> Iterator[Page]:
        """The pages of the file at path `topic`, from where `cursor` left off."""
        reading = self._reading or detect(topic, now=self._now)
        yield from read(topic, reading, cursor=cursor, now=self._now)
