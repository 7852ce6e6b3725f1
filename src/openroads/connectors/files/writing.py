"""How the bytes of a file become rows: what a person may say of it, and the words for it."""

import codecs
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from openroads.connectors.failures import Refused
from openroads.connectors.files.records import NO_DELIMITER
from openroads.connectors.sentences import say

ENCODINGS: Final[tuple[tuple[str, str], ...]] = (
    ("utf-8", say("UTF-8")),
    ("utf-16-le", say("UTF-16, little end first")),
    ("utf-16-be", say("UTF-16, big end first")),
    ("cp1252", say("Windows, Western Europe (cp1252)")),
    ("iso8859-15", say("ISO 8859-15, Western Europe")),
    ("mac_roman", say("old Macs (Mac Roman)")),
    ("cp850", say("DOS, Western Europe (cp850)")),
    ("cp437", say("DOS, United States (cp437)")),
    ("cp1250", say("Windows, Central Europe (cp1250)")),
    ("cp1254", say("Windows, Turkish (cp1254)")),
    ("cp1251", say("Windows, Cyrillic (cp1251)")),
    ("cp1253", say("Windows, Greek (cp1253)")),
)
"""Encodings a person may choose, as (codec, words). Only those whose bytes can be counted again from
their letters, so that reading can go on half-way."""

DELIMITERS: Final[tuple[tuple[str, str, str], ...]] = (
    ("comma", ",", say("comma")),
    ("semicolon", ";", say("semicolon")),
    ("tab", "\t", say("tab")),
    ("bar", "|", say("bar (|)")),
    ("caret", "^", say("caret (^)")),
    ("tilde", "~", say("tilde (~)")),
    ("none", NO_DELIMITER, say("nothing: each line is one text")),
)
"""What sets cells apart, as (name, character, words)."""

QUOTES: Final[tuple[tuple[str, str, str], ...]] = (
    ("double", '"', say("double quotation marks")),
    ("single", "'", say("single quotation marks")),
    ("none", "", say("nothing")),
)
"""What stands around a cell that holds a delimiter, as (name, character, words)."""

PARTS: Final[dict[str, str]] = {
    "encoding": say("encoding"),
    "delimiter": say("delimiter"),
    "quote": say("quotation marks"),
    "sheet": say("sheets"),
    "heading": say("row of headings"),
}
"""What the parts of a Writing are called."""

LAST_HEADING: Final = 1_000
"""The lowest row that may hold the headings."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody said of how a file is written; None leaves it to the file itself.

    `heading` is the row with the headings, as a spreadsheet counts; 0 says that there is none.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    sheet: str | None = None
    heading: int | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What is not None, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Writing":
        """The writing these values name; other keys are left out."""
        return cls(**{each.name: values[each.name] for each in fields(cls) if each.name in values})

    def check(self) -> None:
        """Refused, with a sentence, when no file can be written so."""
        if self.encoding is not None and self.encoding not in dict(ENCODINGS):
            raise Refused(
                say(
                    "“{encoding}” is not an encoding Openroads reads. It reads {known}.",
                    encoding=self.encoding,
                    known=", ".join(codec for codec, _words in ENCODINGS),
                )
            )
        if self.delimiter is not None and (
            len(self.delimiter) != 1 or self.delimiter in "\r\n\0\"'" or self.delimiter.isalnum()
        ):
            raise Refused(
                say(
                    "“{delimiter}” cannot set cells apart. Give one character, or one of {known}.",
                    delimiter=self.delimiter,
                    known=", ".join(name for name, _sign, _words in DELIMITERS),
                )
            )
        if self.quote is not None and self.quote not in {sign for _name, sign, _words in QUOTES}:
            raise Refused(say("“{quote}” is not a quotation mark.", quote=self.quote))
        if self.heading is not None and not 0 <= self.heading <= LAST_HEADING:
            raise Refused(
                say("The headings stand in one of the first {rows} rows.", rows=LAST_HEADING)
            )


NOTHING_SAID: Final = Writing()
"""The file itself tells everything."""


def encoding_named(given: str) -> str:
    """The codec of an encoding as people write it: "latin1", "Windows-1252", "UTF8".

    Latin-1 is read as Windows' own code page, as browsers do: it holds the same letters and more.
    A name nobody knows comes back as it is, for `Writing.check` to refuse.
    """
    name = given.strip().lower()
    try:
        name = codecs.lookup(name).name
    except (LookupError, ValueError):
        return given
    name = {"iso8859-1": "cp1252", "ascii": "utf-8", "utf-8-sig": "utf-8"}.get(name, name)
    known = {codecs.lookup(codec).name: codec for codec, _words in ENCODINGS}
    return known.get(name, given)


def delimiter_named(given: str) -> str:
    """The character of a delimiter given by name ("semicolon") or as the character itself."""
    return _sign(DELIMITERS, {"\\t": "\t"}.get(given, given))


def quote_named(given: str) -> str:
    """The character of a quotation mark given by name ("double") or as the character itself."""
    return _sign(QUOTES, given)


def _sign(known: tuple[tuple[str, str, str], ...], given: str) -> str:
    return {name: sign for name, sign, _words in known}.get(given.strip().lower(), given)
