"""Pages speak the language a person chose, also on a device that has no cookie yet."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponse]


def language_of_person(answer: Answer) -> Answer:
    """The cookie comes first; without it, the language of whoever is signed in."""

    def in_language(request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            language = getattr(request.user, "language", "")
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = translation.get_language()
        return answer(request)

    return in_language
