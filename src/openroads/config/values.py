"""One setting, and how its value is read from what an owner wrote. A ValueError says what is wrong, with its mend."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

PREFIX = "OPENROADS_"

Kind = Literal[
    "text", "folder", "url", "number", "bytes", "yes or no", "list", "choice", "time", "time zone",
    "database", "archive", "mail", "money",
]  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """One variable of the environment. `default` is written as an owner would write it."""

    name: str
    default: str
    help: str
    kind: Kind = "text"
    secret: bool = False
    choices: tuple[str, ...] = ()
    least: int = 0

    @property
    def variable(self) -> str:
        return PREFIX + self.name

    @property
    def field(self) -> str:
        """Under which name it stands on `settings.OPENROADS`."""
        return self.name.lower()


def _text(setting: Setting, given: str) -> str:
    if any(ord(sign) < 32 for sign in given):
        raise ValueError("holds a line break or control character; write it on one line.")
    return given


def _folder(setting: Setting, given: str) -> Path | None:
    if not given:
        return None
    folder = Path(given).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"is {given!r}, which is a file. Name a folder.")
    return folder


def _url(setting: Setting, given: str) -> str:
    if not given:
        return ""
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"is {given!r}. Write a whole address, such as https://roads.example.")
    if setting.name == "URL" and (parts.path.strip("/") or parts.query or parts.fragment):
        raise ValueError(f"is {given!r}. Leave out all that follows the host: no path is possible.")
    return given.rstrip("/")


def _number(setting: Setting, given: str) -> int:
    if not given.isdecimal() or not given.isascii():
        raise ValueError(f"is {given!r}. Write a whole number.")
    number = int(given)
    if number < setting.least or (setting.name == "PORT" and number > 65535):
        most = " and at most 65535" if setting.name == "PORT" else ""
        raise ValueError(f"is {given}. Write a number of at least {setting.least}{most}.")
    return number


def _money(setting: Setting, given: str) -> Decimal | None:
    """An amount of a currency; None when nothing was written."""
    if not given:
        return None
    if not re.fullmatch(r"\d{1,7}(\.\d{1,6})?", given):
        raise ValueError(f"is {given!r}. Write an amount such as 25 or 0.15.")
    return Decimal(given)


def _bytes(setting: Setting, given: str) -> int:
    """K, M and G are thousands, millions and milliards: what `1200M` says to most people."""
    match = re.fullmatch(r"(\d+)\s*([KMG]?)B?", given, re.IGNORECASE)
    if not match:
        raise ValueError(f"is {given!r}. Write a size such as 1200M or 2G.")
    size = int(match[1]) * {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}[match[2].upper()]
    if size < setting.least:
        raise ValueError(f"is {given!r}. Give at least {setting.least // 10**6}M.")
    return size


def _yes_or_no(setting: Setting, given: str) -> bool:
    word = given.lower()
    if word in ("yes", "true", "1", "on"):
        return True
    if word in ("no", "false", "0", "off"):
        return False
    raise ValueError(f"is {given!r}. Write yes or no.")


def _list(setting: Setting, given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip())


def _choice(setting: Setting, given: str) -> str:
    if given not in setting.choices:
        raise ValueError(f"is {given!r}. Write {' or '.join(setting.choices)}.")
    return given


def _time(setting: Setting, given: str) -> str:
    if given and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", given):
        raise ValueError(f"is {given!r}. Write a time of the day such as 02:30.")
    return given


def _time_zone(setting: Setting, given: str) -> str:
    zones = available_timezones()
    if given not in zones:
        near = difflib.get_close_matches(given, zones, n=1)
        raise ValueError(
            f"is {given!r}. Write a zone such as {near[0] if near else 'Europe/Paris'}."
        )
    return given


def _database(setting: Setting, given: str) -> dict[str, Any]:
    """Django's own words for the connection; empty = SQLite in the data folder.

    TRICKY: the value itself is never repeated in an error: it may hold the password.
    """
    if not given:
        return {}
    mend = "cannot be read. Write postgresql://user:password@host:5432/name."
    parts, port = _split(given, mend)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ValueError(mend)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": options,
    }


def _split(given: str, mend: str) -> tuple[SplitResult, int | None]:
    """TRICKY: urlsplit quotes what stands where the port should be: part of a password."""
    try:
        parts = urlsplit(given)
        return parts, parts.port
    except ValueError:
        raise ValueError(mend) from None


def _archive(setting: Setting, given: str) -> str:
    mend = "cannot be read. Write http(s)://user:password@host:8123/name."
    if given and _split(given, mend)[0].scheme not in ("http", "https"):
        raise ValueError(mend)
    return given


def _mail(setting: Setting, given: str) -> dict[str, Any]:
    """Django's EMAIL_* settings without the prefix."""
    if given in ("none", "console"):
        name = {"none": "dummy", "console": "console"}[given]
        return {"BACKEND": f"django.core.mail.backends.{name}.EmailBackend"}
    mend = "cannot be read. Write none, console or smtp://user:password@host:587."
    parts, port = _split(given, mend)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(mend)
    port = port or (465 if parts.scheme == "smtps" else 587)
    tls = dict(pair.partition("=")[::2] for pair in parts.query.split("&")).get("tls", "")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "HOST": parts.hostname,
        "PORT": port,
        "HOST_USER": unquote(parts.username or ""),
        "HOST_PASSWORD": unquote(parts.password or ""),
        "USE_SSL": parts.scheme == "smtps",
        "USE_TLS": parts.scheme == "smtp" and (tls == "yes" or (not tls and port == 587)),
    }


_READERS: dict[Kind, Callable[[Setting, str], Any]] = {
    "text": _text,
    "folder": _folder,
    "url": _url,
    "money": _money,
    "number": _number,
    "bytes": _bytes,
    "yes or no": _yes_or_no,
    "list": _list,
    "choice": _choice,
    "time": _time,
    "time zone": _time_zone,
    "database": _database,
    "archive": _archive,
    "mail": _mail,
}


def read_value(setting: Setting, given: str) -> Any:
    """What was given for a setting, as its kind is read."""
    return _READERS[setting.kind](setting, given)
