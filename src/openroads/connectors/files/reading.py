"""How one file is to be read: what detection proposes, a person may correct and we remember."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Final

from openroads.connectors import sentences
from openroads.connectors.dates import DATE_ORDERS, Unclear, zone
from openroads.connectors.failures import Refused
from openroads.connectors.files.writing import NOTHING_SAID, Writing
from openroads.connectors.networks import LABELS
from openroads.connectors.sentences import say

FORMATS: Final = ("csv", "tsv", "xlsx", "jsonl", "zeeschuimer")
FIELDS: Final[tuple[str, ...]] = (
    "native_id", "text", "said_at", "said_time", "author", "author_name", "url", "title",
    "language", "network", "reply_to", "thread", "repost", "likes", "replies", "reposts", "views",
    "rating", "inbound",
)  # fmt: skip
"""What a column can mean. `said_time` is a time of day beside a date; `inbound` says whether a
message came from a customer (true) or from the company itself (false): see `own_authors`."""
REASON_COLUMNS: Final = {"en": "reason", "nl": "reden van weigering"}
"""Per language the name of the column that a file of rejected rows has extra; reading leaves it
out. TRICKY: "reden" alone is what Dutch surveys call the column with the text."""


def is_reason(heading: str) -> bool:
    """Whether a heading is that of our own column of reasons."""
    return heading.strip().lower() in REASON_COLUMNS.values()


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the preview: its cells (long ones cut), and how it would be read or why not."""

    where: str
    cells: dict[str, str]
    read: dict[str, str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything needed to read a file the same way again; frozen, goes to JSON and back.

    `columns` maps a field (see FIELDS) to the heading of the column that holds it. `header` names
    every column; a file without a heading row gets "column 1", "column 2". `date_mixed` means that
    the file proves both day-first and month-first: values that could be either are rejected.
    `default_said_at` is the day used for every row when no column holds a date. `problems` are
    sentences a person should see before importing; none of them stops the import.

    `by_hand` is what a person said of how the file is written, `found` and `found_fingerprint` what
    the file itself had shown before: a correction is made again where the same was found.
    `sure_of_encoding` is false where the bytes leave a choice. `sheets` are those of a workbook.
    """

    format: str
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    skip_space: bool = False
    sheet: str = ""
    skip: int = 0
    """Rows above the heading row: titles and notes an export starts with."""
    has_header: bool = True
    header: tuple[str, ...] = ()
    fingerprint: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    date_order: str = "iso"
    date_mixed: bool = False
    timezone: str = "Europe/Amsterdam"
    default_network: str = "file"
    default_said_at: date | None = None
    by_hand: Writing = NOTHING_SAID
    found: Writing = NOTHING_SAID
    found_fingerprint: str = ""
    sure_of_encoding: bool = True
    sheets: tuple[str, ...] = ()
    preview: tuple[PreviewRow, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_rejected_file(self) -> bool:
        """Whether the file is one we wrote ourselves, with the reason per row."""
        return bool(self.header) and is_reason(self.header[-1])

    @property
    def heading(self) -> int:
        """The row with the headings as a spreadsheet counts; 0 when there is none."""
        return self.skip + 1 if self.has_header else 0

    @property
    def is_table(self) -> bool:
        """Whether it has rows of cells and a heading, rather than an object on each line."""
        return self.format in ("csv", "tsv", "xlsx")

    @property
    def writing(self) -> Writing:
        """How the file is written, as it is read now; None where this kind of file has no such thing."""
        text, table = self.format in ("csv", "tsv"), self.is_table
        return Writing(
            encoding=self.encoding if self.format != "xlsx" else None,
            delimiter=self.delimiter if text else None,
            quote=self.quote if text else None,
            sheet=self.sheet if self.format == "xlsx" else None,
            heading=self.heading if table else None,
        )

    def as_json(self) -> dict[str, Any]:
        """The reading as plain JSON values; sentences keep what is needed to translate them."""
        values = asdict(self)
        values["header"], values["sheets"] = list(self.header), list(self.sheets)
        values["by_hand"], values["found"] = self.by_hand.said, self.found.said
        values["columns"] = dict(self.columns)
        values["problems"] = [sentences.as_json(problem) for problem in self.problems]
        values["preview"] = [
            {
                **asdict(row),
                "where": sentences.as_json(row.where),
                "reason": sentences.as_json(row.reason),
            }
            for row in self.preview
        ]
        if self.default_said_at:
            values["default_said_at"] = self.default_said_at.isoformat()
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Reading":
        """The reading that `as_json` wrote; unknown keys are left out."""
        known = {item.name for item in fields(cls)}
        given = {name: value for name, value in values.items() if name in known}
        given["header"] = tuple(given.get("header", ()))
        given["sheets"] = tuple(given.get("sheets", ()))
        for name in ("by_hand", "found"):
            given[name] = Writing.of(given.get(name, {}))
        given["problems"] = tuple(map(sentences.from_json, given.get("problems", ())))
        given["preview"] = tuple(
            _row_of_preview(row, given["header"]) for row in given.get("preview", ())
        )
        if given.get("default_said_at"):
            given["default_said_at"] = date.fromisoformat(given["default_said_at"])
        return cls(**given)

    def check(self) -> None:
        """Refused, with a sentence, when this reading cannot be carried out."""
        if self.format not in FORMATS:
            raise Refused(
                say("“{format}” is not a kind of file Openroads reads.", format=self.format)
            )
        for meaning, heading in self.columns.items():
            if meaning not in FIELDS:
                raise Refused(
                    say("“{meaning}” is not something a column can mean.", meaning=meaning)
                )
            if heading not in self.header:
                raise Refused(
                    say(
                        "The file has no column “{heading}”. Its columns are {columns}.",
                        heading=heading,
                        columns=named(self.header),
                    )
                )
        if "text" not in self.columns:
            raise Refused(say("Say which column holds the text."))
        if "said_at" not in self.columns and self.default_said_at is None:
            raise Refused(
                say("Say which column holds the date, or which date to use for every row.")
            )
        if self.date_order not in dict(DATE_ORDERS):
            raise Refused(say("“{order}” is not an order a date can have.", order=self.date_order))
        if self.default_network not in LABELS:
            raise Refused(
                say("“{network}” is not a network Openroads knows.", network=self.default_network)
            )
        try:
            zone(self.timezone)
        except Unclear as unclear:
            raise Refused(unclear.why) from None


def named(header: Sequence[str]) -> str:
    """The first columns of a file in quotation marks, for a sentence."""
    return ", ".join(f"“{one[:40]}”" for one in header[:12])


def _row_of_preview(values: Mapping[str, Any], header: Sequence[str]) -> PreviewRow:
    # A store of JSON need not keep the order of keys; PostgreSQL does not.
    cells = values["cells"]
    ordered = {name: cells[name] for name in header if name in cells}
    return PreviewRow(
        sentences.from_json(values["where"]),
        ordered | {name: cell for name, cell in cells.items() if name not in ordered},
        values["read"],
        sentences.from_json(values.get("reason", "")),
    )


def fingerprint(format: str, header: tuple[str, ...]) -> str:
    """A short key that is equal for files with the same headings, whatever their order of rows.

    Case, spaces and our own reason column do not count, so that a mapping is remembered for the
    next export of the same tool and for the corrected rows of this one.
    """
    names = [" ".join(name.casefold().split()) for name in header]
    if names and is_reason(names[-1]):
        names.pop()
    family = "json" if format in ("jsonl", "zeeschuimer") else "table"
    return hashlib.blake2b("\x1f".join([family, *names]).encode(), digest_size=12).hexdigest()


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Headings without doubles and without gaps: "date", "date 2", "column 3"."""
    given: list[str] = []
    taken: set[str] = set()
    for position, name in enumerate(names, start=1):
        name = re.sub(r"\s+", " ", name).strip()[:200] or f"column {position}"
        candidate, count = name, 2
        while candidate in taken:
            candidate, count = f"{name} {count}", count + 1
        taken.add(candidate)
        given.append(candidate)
    return tuple(given)
