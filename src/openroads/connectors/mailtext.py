"""One mail as a message: its own words without signature and quoted history, and where it belongs."""

import codecs
import email
import email.errors
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import decode_header
from email.message import Message as Mail
from email.utils import getaddresses, parsedate_to_datetime
from enum import StrEnum
from typing import Final

from openroads.archive.message import Message
from openroads.connectors.authenticity import proven
from openroads.connectors.plain import clean, one_line, plain
from openroads.connectors.quoting import own_words, without_quoted_html

MOST: Final = 1_000_000
"""Bytes of a mail that are looked at; words stand before files."""
MOST_TEXT: Final = 200_000
"""Characters of its words that are read, markup counted."""
MOST_KEPT: Final = 50_000
MOST_PARTS: Final = 200
MOST_BOUNDARIES: Final = 40
"""TRICKY: the parser compares every line with the boundary of every part around it."""
MOST_RULES: Final = 3_000
"""Lines that begin with two dashes: each may begin a part."""
MOST_HEADER: Final = 10_000
LONGEST_ID: Final = 250
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
SLACK: Final = timedelta(days=1)
# Not letters but puzzles: some cost a minute, some read code.
_NO_CHARSETS: Final = frozenset(
    "punycode idna unicode_escape raw_unicode_escape undefined mbcs oem rot_13".split()
)
_MACHINES: Final = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.IGNORECASE)
_ID: Final = re.compile(r"<([^<>\s]{1,900})>")
_PART: Final = re.compile(rb"^content-type\s*:", re.IGNORECASE | re.MULTILINE)
_BOUNDARY: Final = re.compile(rb"boundary\s*=", re.IGNORECASE)


class LeftOut(StrEnum):
    """Why a mail is no post."""

    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    OWN = "own"
    PUZZLE = "puzzle"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote a mail: the address in lower case, and the name beside it."""

    address: str
    name: str


def as_message(
    raw: bytes, came_at: datetime, now: datetime, ours: str = "", server: str = ""
) -> Message | LeftOut:
    """A mail as a message, or why it is none. `ours` is the address of the mailbox itself, `server` the name
    under which our server writes down whether senders are who they say; without it nobody knows.

    Nothing in a mail makes this raise. Files are never kept; the moment is that in the mail, unless it
    cannot be: then that at which it came in.
    """
    raw = raw[:MOST]
    if _is_puzzle(raw):
        return LeftOut.PUZZLE
    try:
        mail = email.message_from_bytes(raw)
    except (RecursionError, ValueError, LookupError, email.errors.MessageError):
        return LeftOut.PUZZLE
    sender = sender_of(mail)
    if why := _why_not(mail, sender, ours):
        return why
    title = one_line(header(mail, "Subject"))
    said = own_words(_words(mail))[:MOST_KEPT].strip() or title
    if not said:
        return LeftOut.EMPTY
    is_theirs = proven(mail, sender.address, server)
    number = message_id(mail, raw, sender, told=is_theirs is not False)
    replied = ids_in(header(mail, "In-Reply-To"))[:1]
    history = ids_in(header(mail, "References"))
    return Message(
        native_id=number,
        network="mail",
        text=said,
        said_at=_moment(mail, min(came_at, now)),
        author=sender.address,
        author_name=sender.name or sender.address,
        title=title if said != title else "",
        reply_to=(replied or history[-1:] or [""])[0],
        thread=(history or replied or [number])[0],
        proven=is_theirs,
    )


def _is_puzzle(raw: bytes) -> bool:
    """Whether a mail has more parts, or more around each other, than anybody writes."""
    return (
        len(_PART.findall(raw)) > MOST_PARTS
        or len(_BOUNDARY.findall(raw)) > MOST_BOUNDARIES
        or raw.count(b"\n--") > MOST_RULES
    )


def header(mail: Mail, name: str) -> str:
    """A header in plain words; empty when it is not there. What cannot be decoded is shown as it can."""
    told = mail.get(name)
    if told is None:
        return ""
    text = str(told)[:MOST_HEADER]
    try:
        pieces = decode_header(text)
    except (ValueError, LookupError, AssertionError, email.errors.HeaderParseError):
        pieces = [(text, None)]
    words = "".join(
        piece if isinstance(piece, str) else _decoded(piece, charset or "ascii")
        for piece, charset in pieces
    )
    return clean(" ".join(words.split()))


def sender_of(mail: Mail) -> Sender:
    """Who a mail says it is from; without an address, nobody."""
    told = str(mail.get("From") or "")[:MOST_HEADER]
    try:
        found = getaddresses([told])
    except (ValueError, IndexError, TypeError, RecursionError):
        found = []
    for _, address in found[:20]:
        plain_address = clean(address).lower()
        if "@" in plain_address and len(plain_address) <= 254 and plain_address.isprintable():
            name = header(mail, "From").partition("<")[0].strip().strip("\"'").strip()
            return Sender(plain_address, "" if "@" in name else one_line(name, 200))
    return Sender("", "")


def message_id(mail: Mail, raw: bytes, sender: Sender, *, told: bool = True) -> str:
    """What a mail is known by: its Message-ID; the hash of sender and text for one without, and for one whose
    own is not `told`: what is written in the name of somebody may bear the number of a mail of theirs, and
    would be taken for that mail, written anew."""
    if told and (given := ids_in(header(mail, "Message-ID"))):
        return given[0]
    _, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    said = sender.address.encode() + b"\0" + str(mail.get("Date") or "").encode("utf-8", "replace")
    return "sha256-" + hashlib.sha256(said + b"\0" + body).hexdigest()


def ids_in(told: str) -> list[str]:
    """The ids of mails that stand in a header, without their brackets; a very long one as its hash."""
    return [
        found
        if len(found) <= LONGEST_ID
        else "sha256-" + hashlib.sha256(found.encode()).hexdigest()
        for found in _ID.findall(told)[:200]
    ]


def _why_not(mail: Mail, sender: Sender, ours: str) -> LeftOut | None:
    """What machines send is no post (RFC 3834, and what programs do that never read it)."""
    kind = mail.get_content_type()
    back = str(mail.get("Return-Path") or "-").strip()
    if kind == "multipart/report" or _MACHINES.match(sender.address) or back == "<>":
        return LeftOut.BOUNCE
    if mail.get("X-Failed-Recipients"):
        return LeftOut.BOUNCE
    automatic = header(mail, "Auto-Submitted").lower()
    if automatic and not automatic.startswith("no"):
        return LeftOut.AUTOMATIC
    if header(mail, "Precedence").lower() in ("bulk", "list", "junk", "auto_reply"):
        return LeftOut.AUTOMATIC
    if any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")):
        return LeftOut.AUTOMATIC
    return LeftOut.OWN if ours and sender.address == ours.lower() else None


def _words(mail: Mail) -> str:
    """The words of a mail: its plain text, or else its HTML as text. Of several, the first."""
    html = ""
    for part in mail.walk():
        if part.is_multipart() or part.get_content_maintype() != "text":
            continue
        if part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        kind = part.get_content_subtype()
        if kind not in ("plain", "html") or (kind == "html" and html):
            continue
        told = _text_of(part)
        if kind == "plain" and told.strip():
            return clean(told)
        if kind == "html":
            html = told
    return plain(without_quoted_html(html)) if html else ""


def _text_of(part: Mail) -> str:
    try:
        found = part.get_payload(decode=True)
        charset = part.get_content_charset() or "utf-8"
    except (ValueError, LookupError, TypeError, AssertionError):
        return ""
    return _decoded(found, charset)[:MOST_TEXT] if isinstance(found, bytes) else ""


def _decoded(found: bytes, charset: str) -> str:
    """Bytes as text, in the charset told if there is such a one and it fits; else as they fit best."""
    found = found[: 4 * MOST_TEXT]
    for name in (charset, "utf-8", "cp1252"):
        try:
            known = codecs.lookup(name)
            if known.name.replace("-", "_") in _NO_CHARSETS:
                continue
            return found.decode(known.name)
        except (LookupError, ValueError):
            continue
    return found.decode("utf-8", "replace")


def _moment(mail: Mail, came_at: datetime) -> datetime:
    """When a mail was written; when it came in, where its own clock cannot be right."""
    try:
        said = parsedate_to_datetime(str(mail.get("Date") or ""))
        said = said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return came_at
    return min(said, came_at) if EARLIEST <= said <= came_at + SLACK else came_at
