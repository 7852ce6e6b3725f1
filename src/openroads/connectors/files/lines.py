"""Lines of a text file one by one, with their place in bytes, in any encoding; bounded memory."""

import io
from pathlib import Path
from typing import Final

LINE_LIMIT: Final = 16_000_000
"""Characters of one line that are kept; the rest of a longer line is passed over."""
RECORD_LIMIT: Final = 32_000_000
"""Characters one record may span; more means that an opening quote was never closed."""

_WIDE: Final = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}


class Runaway(Exception):
    """A record that does not end: longer than any row of a table can be."""


class TextLines:
    """An iterator over lines that knows where each record began and which bytes were wrong.

    `offset` is the number of bytes behind the lines handed out so far. `begin()` marks the start
    of a record; until the next mark `broken` tells whether bytes did not fit the encoding, `cut`
    whether a line was longer than LINE_LIMIT, and `first_line` holds the record's first line.
    """

    def __init__(self, path: Path, encoding: str, offset: int = 0) -> None:
        self.encoding = encoding
        # Bytes that do not fit stay recognisable: as half surrogates, or as U+FFFD where the
        # encoding is wider than a byte. They are reported per row, never guessed at.
        self._errors = "replace" if encoding in _WIDE else "surrogateescape"
        self._path = path
        self._open(offset)
        self.begin()

    def _open(self, offset: int) -> None:
        raw = self._path.open("rb")
        raw.seek(offset)
        self._text = io.TextIOWrapper(raw, encoding=self.encoding, errors=self._errors, newline="")
        self.offset = offset

    def __enter__(self) -> "TextLines":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._text.close()

    def peek(self, size: int) -> str:
        """The next `size` characters, cut after the last whole line; reading stays where it is."""
        text = self._text.read(size)
        self._text.close()
        self._open(self.offset)
        if len(text) == size and "\n" in text:
            text = text[: text.rindex("\n") + 1]
        return text

    def begin(self) -> None:
        """Say that the next line starts a new record."""
        self.broken = False
        self.cut = False
        self.first_line = ""
        self.first_end = self.offset
        self._length = 0
        self._fresh = True

    def rewind_to_second_line(self) -> None:
        """Go back to just after the first line of this record, to read on from there."""
        if self.offset != self.first_end:
            self._text.close()
            self._open(self.first_end)

    def __iter__(self) -> "TextLines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LINE_LIMIT)
        if not line:
            raise StopIteration
        self._count(line)
        if len(line) == LINE_LIMIT and line[-1] not in "\r\n":
            self._pass_over_rest()
            line += "\n"
        if self._fresh:
            self._fresh = False
            self.first_line = line
            self.first_end = self.offset
        self._length += len(line)
        if self.cut or self._length > RECORD_LIMIT:
            raise Runaway
        return line

    def _count(self, line: str) -> None:
        if self._errors == "replace":
            self.broken = self.broken or "\ufffd" in line
            self.offset += len(line.encode(self.encoding, "replace"))
        elif line.isascii():
            self.offset += len(line)
        else:
            try:
                self.offset += len(line.encode(self.encoding))
            except UnicodeEncodeError:
                self.broken = True
                self.offset += len(line.encode(self.encoding, "surrogateescape"))

    def _pass_over_rest(self) -> None:
        self.cut = True
        while rest := self._text.readline(LINE_LIMIT):
            self._count(rest)
            if rest[-1] in "\r\n":
                return
