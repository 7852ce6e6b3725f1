"""What every request gets: an id, a line in the log, and headers Django has no setting for."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("openroads.request")

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), publickey-credentials-get=(self), "
    "publickey-credentials-create=(self)"
)


def request_log(answer: Answer) -> Answer:
    """Bind a request id to all that is logged meanwhile, and write one line when it is answered.

    The route is logged, not the path: a path may hold the key of a password reset.
    """

    def logged(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = answer(request)
            match = request.resolver_match
            log.info(
                "answered",
                method=request.method,
                route=match.route if match else "(none)",
                status=response.status_code,
                ms=round(1000 * (time.perf_counter() - started)),
            )
        response.headers["X-Request-ID"] = request_id
        return response

    return logged


def last_headers(answer: Answer) -> Answer:
    """No device permissions, and no copies of pages that are not the same for everybody."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # What the session was never asked for is the same for everybody (static files, health).
        personal = "Cookie" in response.headers.get("Vary", "")
        if personal and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return with_headers
