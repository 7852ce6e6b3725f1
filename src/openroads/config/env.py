"""Every setting of Openroads, declared once: its name, its default, what it does, how it is read."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

PREFIX = "OPENROADS_"
TESTS_ONLY = "OPENROADS_TEST_"
"""Variables of the test suite; the product neither reads them nor warns of them."""

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


SETTINGS = (
    Setting("DATA", "./data", "Folder that holds database, archive, uploads and keys.", "folder"),
    Setting(
        "URL",
        "http://127.0.0.1:8000",
        "The address people type. Cookies are Secure, and HSTS is sent, when it starts with https.",
        "url",
    ),
    Setting("HOST", "127.0.0.1", "Network address to listen on; 0.0.0.0 for every one."),
    Setting("PORT", "8000", "Port to listen on.", "number", least=1),
    Setting(
        "ALLOWED_HOSTS",
        "",
        "Other host names this server answers to, besides the one in OPENROADS_URL.",
        "list",
    ),
    Setting(
        "TRUSTED_PROXY_COUNT",
        "0",
        "How many reverse proxies of yours stand in front. With 0, X-Forwarded-For is ignored.",
        "number",
    ),
    Setting(
        "DATABASE_URL",
        "",
        "Where people, imports and changes are kept. Empty: SQLite in the data folder. At scale: "
        "postgresql://user:password@host:5432/name.",
        "database",
        secret=True,
    ),
    Setting(
        "ARCHIVE_URL",
        "",
        "Where the conversations are kept. Empty: the embedded engine in the data folder. At "
        "scale: http(s)://user:password@host:8123/name of a ClickHouse server.",
        "archive",
        secret=True,
    ),
    Setting(
        "ARCHIVE_MEMORY",
        "1200M",
        "Most memory the embedded archive may take (K, M or G).",
        "bytes",
        least=200_000_000,
    ),
    Setting(
        "UPLOAD_LIMIT",
        "2G",
        "Largest file that can be brought with a browser (K, M or G). The command line has no limit.",
        "bytes",
        least=1_000_000,
    ),
    Setting(
        "SECRET_KEY",
        "",
        "Signs sessions and links. Empty: made once and kept in keys.json in the data folder.",
        secret=True,
    ),
    Setting(
        "ENCRYPTION_KEYS",
        "",
        "Fernet keys for secrets at rest, newest first, separated by commas. Empty: made once and "
        "kept in keys.json in the data folder.",
        "list",
        secret=True,
    ),
    Setting(
        "LANGUAGE",
        "en",
        "Language for visitors whose browser asks for neither Dutch nor English.",
        "choice",
        choices=("en", "nl"),
    ),
    Setting(
        "TIME_ZONE",
        "Europe/Amsterdam",
        "Time zone of the clock: moments on pages, when daily work is done, and times in files that "
        "name no zone. The days posts are counted by run from midnight to midnight UTC.",
        "time zone",
    ),
    Setting("WEB_THREADS", "8", "Threads that answer pages.", "number", least=1),
    Setting("WORKER_THREADS", "2", "Threads that do jobs; 0 leaves them to workers.", "number"),
    Setting(
        "HTTP_ALLOW",
        "",
        "Hosts or networks inside your own network that feeds and sites may be read from, such as "
        "10.1.0.0/16 or intranet.example. Everything else must have a public address.",
        "list",
    ),
    Setting(
        "MAIL_URL",
        "none",
        "How mail leaves: none, console, smtp://user:password@host:587 (STARTTLS when offered with "
        "?tls=yes, which is the default on 587) or smtps://user:password@host:465.",
        "mail",
        secret=True,
    ),
    Setting("MAIL_FROM", "openroads@localhost", "Sender of the mail that leaves."),
    Setting("OIDC_ISSUER", "", "Single sign-on: the issuer's address (OpenID Connect).", "url"),
    Setting("OIDC_CLIENT_ID", "", "Single sign-on: client id of Openroads at the issuer."),
    Setting("OIDC_CLIENT_SECRET", "", "Single sign-on: the client's secret.", secret=True),
    Setting("OIDC_NAME", "Company account", "Single sign-on: the words on its button."),
    Setting(
        "OIDC_OPEN",
        "no",
        "Whether someone who signs on for the first time becomes an employee without an invitation.",
        "yes or no",
    ),
    Setting(
        "TONE_MODEL",
        "",
        "Folder of a model of tone in ONNX (model.onnx, tokenizer.json, config.json). It is a candidate: "
        "it reads only when your own checked posts say that it is better. Needs openroads[onnx].",
        "folder",
    ),
    Setting(
        "LANGUAGE_MODEL_URL",
        "",
        "Address of a language model that speaks the API of OpenAI, up to and with its version, such as "
        "https://models.example/v1. It writes labels of themes; nothing is sent until an administrator "
        "allows a source. Empty: none.",
        "url",
    ),
    Setting(
        "LANGUAGE_MODEL_KEY", "", "The key of the language model, if it wants one.", secret=True
    ),
    Setting("LANGUAGE_MODEL_NAME", "", "Which model is asked, as its server calls it."),
    Setting(
        "LANGUAGE_MODEL_PRICE_IN",
        "",
        "What a million tokens sent to the language model cost; 0 for a model of your own.",
        "money",
    ),
    Setting(
        "LANGUAGE_MODEL_PRICE_OUT",
        "",
        "What a million tokens written by the language model cost; 0 for a model of your own.",
        "money",
    ),
    Setting(
        "LANGUAGE_MODEL_BUDGET",
        "0",
        "What the language model may cost in a calendar month (UTC). It is never passed.",
        "money",
    ),
    Setting(
        "LANGUAGE_MODEL_CURRENCY",
        "USD",
        "The currency of prices and budget of the language model.",
        "choice",
        choices=("USD", "EUR", "GBP"),
    ),
    Setting(
        "LOG_FORMAT",
        "console",
        "How the log is written: for people, or one JSON object per line.",
        "choice",
        choices=("console", "json"),
    ),
    Setting(
        "BACKUP_AT",
        "",
        "Time of the day, such as 02:30, at which a running house backs itself up into the folder "
        "backups of its data; the newest seven stay. Empty: only when somebody asks.",
        "time",
    ),
    Setting(
        "METRICS_TOKEN",
        "",
        "Who shows it (Authorization: Bearer ...) may read /metrics. Empty: only this machine, and "
        "nobody when a proxy stands in front.",
        secret=True,
    ),
    Setting(
        "DEMO", "no", "Whether this is the demo company: login offers its people.", "yes or no"
    ),
)


class WrongSettings(Exception):
    """One or more settings cannot be read; the message names each with its mend."""


@dataclass(frozen=True)
class Environment:
    """What was read: `values` (one attribute per setting) and `warnings` (sentences)."""

    values: SimpleNamespace
    warnings: tuple[str, ...] = ()


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Every setting, read and checked. Raises WrongSettings, which names all that is wrong."""
    values = SimpleNamespace()
    wrong: list[str] = []
    for setting in SETTINGS:
        try:
            given = _given(setting, environ)
            setattr(values, setting.field, _READERS[setting.kind](setting, given))
        except ValueError as problem:
            wrong.append(f"{setting.variable} {problem}")
    if not wrong:
        wrong.extend(_together(values))
    if wrong:
        raise WrongSettings("\n".join(wrong))
    return Environment(values, tuple(_unknown(environ)))


def _given(setting: Setting, environ: Mapping[str, str]) -> str:
    """The text given: the variable itself, a file named by `_FILE`, or the default."""
    file = environ.get(setting.variable + "_FILE", "") if setting.secret else ""
    given = environ.get(setting.variable, "")
    if file and given:
        raise ValueError(f"and {setting.variable}_FILE are both set; keep one of the two.")
    if not file:
        return given.strip() or setting.default
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not text"
        raise ValueError(f"cannot be read from {file}: {reason}. Check the path.") from None


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = {setting.variable for setting in SETTINGS}
    known |= {f"{setting.variable}_FILE" for setting in SETTINGS if setting.secret}
    warnings = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name.startswith(TESTS_ONLY) or name in known:
            continue
        names = [other.removeprefix(PREFIX) for other in known]
        near = difflib.get_close_matches(name.removeprefix(PREFIX), names, n=1)
        mend = f" Did you mean {PREFIX}{near[0]}?" if near else " It does nothing."
        warnings.append(f"{name} is not a setting of Openroads.{mend}")
    return warnings


def _together(values: SimpleNamespace) -> list[str]:
    """What each alone may be, but not together."""
    wrong = []
    oidc = {"OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}
    missing = sorted(name for name in oidc if not getattr(values, name.lower()))
    if missing and len(missing) < len(oidc):
        names = " and ".join(PREFIX + name for name in missing)
        wrong.append(f"{names}: still missing; single sign-on needs issuer, client id and secret.")
    issuer = urlsplit(values.oidc_issuer)
    if issuer.scheme == "http" and issuer.hostname not in ("127.0.0.1", "localhost", "::1"):
        wrong.append(
            f"OPENROADS_OIDC_ISSUER is {values.oidc_issuer!r}: whoever is on the way could log in as "
            "anybody. Give its https address."
        )
    wrong.extend(_language_model(values))
    if values.worker_threads == 0 and not values.database_url:
        wrong.append(
            "OPENROADS_WORKER_THREADS is 0, but on SQLite nobody else does the jobs. "
            "Give it 1 or more."
        )
    return wrong


def _language_model(values: SimpleNamespace) -> list[str]:
    """What a language model needs besides its address."""
    if not values.language_model_url:
        return []
    wrong = [
        f"{PREFIX}{name}: still missing; the language model needs it. {mend}"
        for name, mend in (
            ("LANGUAGE_MODEL_NAME", "Write the name its server gives it."),
            ("LANGUAGE_MODEL_PRICE_IN", "Write 0 when asking costs nothing."),
            ("LANGUAGE_MODEL_PRICE_OUT", "Write 0 when asking costs nothing."),
        )
        if getattr(values, name.lower()) in ("", None)
    ]
    parts = urlsplit(values.language_model_url)
    if parts.scheme == "http" and not values.http_allow:
        wrong.append(
            f"OPENROADS_LANGUAGE_MODEL_URL is {values.language_model_url!r}: whoever is on the way could "
            "read the posts. Give its https address, or name its host in OPENROADS_HTTP_ALLOW."
        )
    return wrong


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
