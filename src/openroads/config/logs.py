"""The log: one line per event, with the request's id, without secrets, whatever a stranger typed."""

import logging
import re
import sys
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import structlog

HIDDEN = "(hidden)"

_SECRET_NAME = re.compile(
    r"pass(word|phrase)?|secret|token|authorization|cookie|credential|api_?key|private_?key"
    r"|encryption_?key|session_?key|otp|recovery_codes",
    re.IGNORECASE,
)
_SECRET_IN_TEXT = re.compile(
    r"(?P<url>\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)"
    r"|(?P<pair>\b[\w-]*(?:password|passwd|secret|token|api_?key|sessionid|authorization|cookie)"
    r"[\"']?\s*[=:]\s*[\"']?(?:(?:bearer|basic)\s+)?)[^\s\"'&,;]+"
    r"|(?P<scheme>\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}"
    r"|(?P<reset>/account/password/reset/key/)[^\s\"'?]+"
    r"|(?P<welcome>/welcome/\?key=)[^\s\"'&]+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def hide_secrets_in(text: str) -> str:
    """`text` with what follows Bearer, password=, ://name: and the like taken out, and without
    anybody's e-mail address."""
    text = _SECRET_IN_TEXT.sub(lambda match: f"{match[match.lastgroup or 0]}{HIDDEN}", text)
    return _ADDRESS.sub(HIDDEN, text)


def mask(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Hide every value with a telling name, and secrets inside the texts of the others."""
    return {name: _masked(name, value) for name, value in event.items()}


def one_line(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Write line breaks, escape codes and other control characters as visible signs."""
    return {
        name: value if name == "exception" else _visible(value) for name, value in event.items()
    }


def indent_traceback(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """For people: a traceback keeps its lines, each marked, so that none can pass for an event."""
    if trace := event.get("exception"):
        lines = (_visible(line) for line in str(trace).splitlines())
        event["exception"] = "\n".join(f"    | {line}" for line in lines)
    return event


def log_what_nobody_caught() -> None:
    """Warnings, and errors that end a thread or the process, become lines of the log like the rest."""
    lost = structlog.get_logger("openroads")

    def of_thread(told: threading.ExceptHookArgs) -> None:
        name = told.thread.name if told.thread else ""
        info = (told.exc_type, told.exc_value, told.exc_traceback)
        lost.critical("a thread ended in an error", thread=name, exc_info=info)

    def of_process(
        kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        lost.critical("the process ended in an error", exc_info=(kind, problem, trace))

    threading.excepthook = of_thread
    sys.excepthook = of_process
    logging.captureWarnings(True)


def logging_configuration(log_format: str) -> dict[str, Any]:
    """What `logging.config` wants to hear, for `console` or `json`; also sets up structlog."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mask,
        one_line,
    ]
    if log_format == "json":
        last.append(structlog.processors.JSONRenderer(ensure_ascii=False))
    else:
        last += [
            indent_traceback,
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": last,
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": logging.INFO},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},  # request_log writes each answer already
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "django_tasks": {"level": "WARNING"},
            "waitress.queue": {"level": "ERROR"},
            "httpx2": {"level": "WARNING"},
        },
    }


def _masked(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _masked(str(key), inner) for key, inner in value.items()}
    if _SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, (list, tuple)):
        return [_masked(name, inner) for inner in value]
    return hide_secrets_in(value) if isinstance(value, str) else value


def _visible(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_visible(str(key)): _visible(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_visible(inner) for inner in value]
    if not isinstance(value, str):
        return value
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), value)
