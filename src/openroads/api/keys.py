"""Letting programs read by a key: who asks, whether the key opens this, and how often it may."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from openroads.api.asking import WrongQuestion
from openroads.api.problems import problem
from openroads.delivery.keys.actions import note_use, seconds_to_wait
from openroads.delivery.keys.models import ApiKey
from openroads.delivery.keys.queries import key_behind
from openroads.directory.models import Person
from openroads.listening.sight.policy import may_see_names

METHODS: Final = ("GET", "HEAD")


@dataclass(frozen=True)
class Reader:
    """Who reads: a key in the place of a person. `names` only where both the key and the person have them."""

    key: ApiKey
    person: Person
    names: bool


View = Callable[..., HttpResponse]


def read_by_key(kind: str) -> Callable[[View], View]:
    """A view for programs that read: `Authorization: Bearer` and a key that reads `kind`. No cookie counts, and
    what is answered is kept by nobody on the way. The view is handed the reader, and may raise WrongQuestion."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, **named: object) -> HttpResponse:
            with override("en"):
                answer = _answer(request, kind, view, named)
            answer["Cache-Control"] = "private, no-store"
            return answer

        return login_not_required(csrf_exempt(answered))

    return decorate


def _answer(request: HttpRequest, kind: str, view: View, named: dict[str, object]) -> HttpResponse:
    now = timezone.now()
    key = key_behind(_shown(request), now)
    if key is None:
        return problem(401, "Show a key that holds: Authorization: Bearer or_….", {"WWW-Authenticate": "Bearer"})  # fmt: skip
    if request.method not in METHODS:
        return problem(405, f"Read this by {' or '.join(METHODS)}.", {"Allow": ", ".join(METHODS)})
    if kind not in key.reads:
        return problem(403, f"This key does not read {kind}.", {"WWW-Authenticate": 'Bearer error="insufficient_scope"'})  # fmt: skip
    if wait := seconds_to_wait(key, now):
        return problem(429, "Too many requests; come back later.", {"Retry-After": str(wait)})
    note_use(key, now)
    reader = Reader(key, key.person, key.names and may_see_names(key.person))
    try:
        return view(request, reader, **named)
    except WrongQuestion as wrong:
        return problem(400, str(wrong), parameter=wrong.parameter)


def _shown(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
