"""Taking in what other programs send. Who sends is proved by a signature over the very bytes, never by a cookie."""

import base64
import binascii
import re
from collections.abc import Callable
from functools import wraps
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from openroads.api.document import document
from openroads.api.problems import problem, too_large
from openroads.changes.actions import trackers
from openroads.changes.change_queries import door_at
from openroads.connectors.failures import Refused
from openroads.connectors.pushed import KINDS, MOST_BYTES
from openroads.listening.pushed import actions, queries

CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")
View = Callable[..., HttpResponse]


def sent_by_program(*methods: str) -> Callable[[View], View]:
    """A view for programs: no session, no form token, no body larger than is taken, other methods
    refused as a problem."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, **named: str) -> HttpResponse:
            if request.method not in methods:
                return problem(405, f"Send this by {' or '.join(methods)}.", {"Allow": ", ".join(methods)})  # fmt: skip
            return too_large(request, MOST_BYTES) or view(request, **named)

        return login_not_required(csrf_exempt(answered))

    return decorate


@sent_by_program("POST")
def posts(request: HttpRequest, source: str) -> HttpResponse:
    """Posts as JSON or JSON Lines, signed as Standard Webhooks say."""
    address = queries.address_of(source, "web")
    if address is None:
        return problem(404, "There is no source at this address.")
    signed = actions.Signed(
        id=request.headers.get("webhook-id", ""),
        timestamp=request.headers.get("webhook-timestamp", ""),
        signature=request.headers.get("webhook-signature", ""),
        key=request.headers.get("Idempotency-Key", ""),
    )
    kind = (request.content_type or "").lower()
    try:
        answer = actions.take_posts(
            address=address, signed=signed, kind=kind, body=request.body, now=timezone.now()
        )
    except actions.NotSigned:
        return problem(401, "The signature is missing, wrong, or more than five minutes old.", {"WWW-Authenticate": "Webhook-Signature"})  # fmt: skip
    except actions.WrongKind:
        return problem(415, f"Send one of {', '.join(KINDS)}.")
    except actions.NotListening:
        return problem(409, "This source is paused; send it again when it listens.")
    except actions.OtherBody:
        return problem(409, "Under this id something else was sent before; give each request its own.")  # fmt: skip
    except actions.TooOften as often:
        return problem(429, "Too many requests; come back later.", {"Retry-After": str(often.after)})  # fmt: skip
    except Refused as refused:
        return problem(400, str(refused.why))
    if not answer["accepted"]:
        told = {name: answer[name] for name in ("lines", "rejected", "rejections")}
        return problem(422, "None of the lines is a post; nothing was kept.", **told)
    return JsonResponse(answer, status=202)


@sent_by_program("GET", "POST")
def meta(request: HttpRequest, source: str) -> HttpResponse:
    """Meta's webhooks: asked for a word once, and then told what is new."""
    address = queries.address_of(source, *actions.META)
    if address is None:
        return problem(404, "There is no source at this address.")
    if request.method == "GET":
        return _subscribed(request, lambda word: actions.knows_word(address, word))
    signature = request.headers.get("X-Hub-Signature-256", "")
    try:
        actions.take_from_meta(
            address=address, signature=signature, body=request.body, now=timezone.now()
        )
    except actions.NotSigned:
        return problem(401, "The signature is missing or wrong.")
    except actions.TooOften as often:
        return problem(503, "Too much waits to be read.", {"Retry-After": str(often.after)})
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def _subscribed(request: HttpRequest, knows: Callable[[str], bool]) -> HttpResponse:
    """The answer to who asks whether this address is ours: their own figure, as plain text."""
    challenge = request.GET.get("hub.challenge", "")
    if request.GET.get("hub.mode") != "subscribe" or not CHALLENGE.fullmatch(challenge):
        return problem(400, "This address takes webhooks of Meta.")
    if not knows(request.GET.get("hub.verify_token", "")):
        return problem(404, "There is no source that knows this word.")
    return HttpResponse(challenge, content_type="text/plain; charset=utf-8")


@sent_by_program("POST")
def trustpilot(request: HttpRequest, source: str) -> HttpResponse:
    """Trustpilot's webhooks, which carry the word of this address."""
    address = queries.address_of(source, *actions.TRUSTPILOT)
    if address is None:
        return problem(404, "There is no source at this address.")
    try:
        actions.take_from_trustpilot(
            address=address, word=_word_in(request), body=request.body, now=timezone.now()
        )
    except actions.NotSigned:
        return problem(401, "The word of this address is missing or wrong.", {"WWW-Authenticate": "Basic"})  # fmt: skip
    except actions.TooOften as often:
        return problem(503, "Too much waits to be read.", {"Retry-After": str(often.after)})
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@sent_by_program("POST")
def tracker(request: HttpRequest, source: str) -> HttpResponse:
    """An issue moved in a tracker of the company, signed as Standard Webhooks say."""
    door = door_at(source)
    if door is None:
        return problem(404, "There is no tracker at this address.")
    if len(request.body) > trackers.MOST_BYTES:
        return problem(413, "A message of a tracker is small.")
    signed = trackers.Signed(
        request.headers.get("webhook-id", ""),
        request.headers.get("webhook-timestamp", ""),
        request.headers.get("webhook-signature", ""),
    )
    try:
        answer = trackers.take_move(door=door, signed=signed, body=request.body, now=timezone.now())
    except trackers.NotSigned:
        return problem(401, "The signature is missing, wrong, or more than five minutes old.", {"WWW-Authenticate": "Webhook-Signature"})  # fmt: skip
    except Refused as refused:
        return problem(400, str(refused.why))
    return JsonResponse(answer, status=202)


def _word_in(request: HttpRequest) -> str:
    """The password of Basic authentication, or `?word=` where the sender knows no headers."""
    scheme, _, told = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(told, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return request.GET.get("word", "")


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """What can be sent, for programs that read OpenAPI."""
    return JsonResponse(document())
