"""What every request gets: an id, a line in the log, and headers Django has no setting for."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from openroads.web.metrics import answers
from openroads.web.views import AWAKE

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
            match, seconds = request.resolver_match, time.perf_counter() - started
            awake = request.path_info.removeprefix("/") in AWAKE
            route = match.route if match else request.path_info if awake else "(none)"
            answers.add(str(request.method), route, response.status_code, seconds)
            if not awake or response.status_code >= 500:  # asked every few seconds, all day
                log.info(
                    "answered",
                    method=request.method,
                    route=route,
                    status=response.status_code,
                    ms=round(1000 * seconds),
                )
        response.headers["X-Request-ID"] = request_id
        return response

    return logged


def awake_first(answer: Answer) -> Answer:
    """Whether the house is awake is answered before anything else looks at the request.

    A container or load balancer asks by an address of its own, which is no host name of ours, and
    must hear an answer when the database, where sessions stand, is away.
    """

    def answered(request: HttpRequest) -> HttpResponse:
        view = AWAKE.get(request.path_info.removeprefix("/"))
        if view is None:
            return answer(request)
        response: HttpResponse = view(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


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
