"""Every setting of Openroads, declared once: its name, its default, what it does, how it is read."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

from openroads.config.values import PREFIX, Setting, read_value

TESTS_ONLY = "OPENROADS_TEST_"
"""Variables of the test suite; the product neither reads them nor warns of them."""

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
            setattr(values, setting.field, read_value(setting, given))
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
