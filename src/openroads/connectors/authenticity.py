"""Whether a mail is from whom it says: what the server that took it in found out, as it wrote above it (RFC 8601).

Anybody can write such a line into a mail. Believed is only the topmost one that bears the name of our own server,
as an administrator gave it, with those of the same name directly under it; our server takes lines of that name
out of what comes in, as RFC 8601 (section 5) asks of it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message as Mail
from email.utils import getaddresses
from typing import Final

from openroads.connectors.plain import clean

HEADER: Final = "authentication-results"
NAMELESS: Final = "-"
"""Given instead of a name: a server that writes none, as Microsoft 365 does."""
MOST_HEADERS: Final = 300
MOST_LINES: Final = 8
"""Of one name, under each other: a program for each thing that is checked."""
MOST: Final = 8_000
"""Characters of one line."""
_PIECES: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s";=]+|[;="]')
_DOMAIN: Final = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)+[a-z0-9-]{2,63}")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a server looked at: by which method, what came of it, and of whom (`header.from` and the like)."""

    method: str
    result: str
    of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """One line: the name of the server that wrote it (empty: none), and what it found."""

    server: str
    found: tuple[Found, ...]


def proven(mail: Mail, address: str, server: str) -> bool | None:
    """Whether the mail is from this address: True where the domain's own rules say so (DMARC), or, where it has
    none, where it or a domain above it signed the mail (DKIM) or named the server it came from (SPF).

    False where those rules say it is not; None where nobody said, `server` (our own) is not given, or a
    domain asks for nothing and proves nothing. A mail that names several writers is never proven.
    """
    domain = _domain(address)
    if not server or not domain:
        return None
    told = list(_believed(mail, server))
    judged = _first(told, "dmarc")
    if judged is not None and judged.of.get("header.from", domain).lower() == domain:
        if judged.result == "pass":
            return True if _names_one(mail) else None
        if judged.result == "fail":
            return False
    if not _names_one(mail):
        return None
    if any(one.result == "pass" and _is_of(domain, one) for one in _of_method(told, "dkim")):
        return True
    sent = _first(told, "spf")
    if sent is None or not _is_of(domain, sent):
        return None
    return {"pass": True, "fail": False}.get(sent.result)


def results_in(line: str) -> Results | None:
    """A line as it is written in a mail; None for what is none. Results that cannot be read are left out."""
    parts = _parts(_without_comments(line[:MOST]))
    first = next(parts, [])
    if not first:
        return None
    named, rest = "", [first]
    if "=" not in first:
        named, rest = _unquoted(first[0]).lower(), []
    found = [one for part in (*rest, *parts) if (one := _found(part)) is not None]
    return Results(named, tuple(found))


def _believed(mail: Mail, server: str) -> Iterator[Found]:
    """What our own server found, from the topmost of its lines on."""
    wanted = "" if server.strip() == NAMELESS else server.strip().lower()
    begun, most = 0, MOST_LINES if wanted else 1
    for name, told in list(mail.items())[:MOST_HEADERS]:
        read = results_in(str(told)) if name.lower() == HEADER else None
        if read is not None and read.server == wanted and begun < most:
            begun += 1
            yield from read.found
        elif begun or (name.lower() == HEADER and not wanted):
            # Under the first other line begins what somebody else may have written.
            return


def _first(told: Iterable[Found], method: str) -> Found | None:
    """What the topmost line says of it: what is said once more further down is not asked."""
    return next(_of_method(told, method), None)


def _of_method(told: Iterable[Found], method: str) -> Iterator[Found]:
    return (one for one in told if one.method == method)


def _is_of(domain: str, one: Found) -> bool:
    """Whether a signature or a server is of this domain, or of one above it: who holds that holds this too.
    TRICKY: the other way round (a domain below it) is what hosts let their customers have."""
    told = one.of.get("header.d") or one.of.get("header.i") or one.of.get("smtp.mailfrom") or ""
    theirs = _domain(told if "@" in told else f"@{told}")
    return bool(theirs) and (domain == theirs or domain.endswith(f".{theirs}"))


def _domain(address: str) -> str:
    """The part behind the last @ in small letters; empty for what is no name of several parts."""
    told = address.rpartition("@")[2].strip().strip("<>").rstrip(".").lower()
    if not told.isascii():
        try:
            told = told.encode("idna").decode()
        except UnicodeError:
            return ""
    return told if len(told) <= 253 and _DOMAIN.fullmatch(told) else ""


def _names_one(mail: Mail) -> bool:
    """Whether there is one line that says who wrote it, with one address in it."""
    lines = [str(line)[:MOST] for line in mail.get_all("From") or []]
    try:
        named = [address for _, address in getaddresses(lines) if "@" in address]
    except (ValueError, IndexError, TypeError, RecursionError):
        return False
    return len(lines) == len(named) == 1


def _without_comments(line: str) -> str:
    """A line without what stands in parentheses, which may stand in each other; those in quotes stay."""
    kept: list[str] = []
    deep, quoted, escaped = 0, False, False
    for letter in line:
        if escaped:
            escaped = False
        elif letter == "\\" and (quoted or deep):
            escaped = True
        elif letter == '"' and not deep:
            quoted = not quoted
        elif letter == "(" and not quoted:
            deep += 1
        elif letter == ")" and deep:
            deep -= 1
            kept.append(" ")
            continue
        if not deep:
            kept.append(letter)
    return "".join(kept)


def _parts(line: str) -> Iterator[list[str]]:
    """The words between semicolons, `=` by itself, quotes whole."""
    some: list[str] = []
    for word in _PIECES.findall(line):
        if word == ";":
            yield some
            some = []
        else:
            some.append(word)
    yield some


def _found(words: Sequence[str]) -> Found | None:
    """`dkim=pass header.d=windmee.example` as words; None for what says nothing, such as `none`."""
    pairs = [
        (words[place - 1].lower(), _unquoted(words[place + 1]))
        for place, word in enumerate(words)
        if word == "=" and 0 < place < len(words) - 1 and "=" not in (words[place - 1], words[place + 1])
    ]  # fmt: skip
    if not pairs or words[1:2] != ["="]:
        return None
    (method, result), more = pairs[0], pairs[1:]
    of: dict[str, str] = {}
    for name, value in more:
        of.setdefault(name, value)
    return Found(method.partition("/")[0], result.lower(), of)


def _unquoted(word: str) -> str:
    told = re.sub(r"\\(.)", r"\1", word[1:-1]) if len(word) > 1 and word[0] == '"' else word
    return clean(told)
