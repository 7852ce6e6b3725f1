"""What went wrong, for programs: problem+json (RFC 9457), in English, with nothing of what was sent."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, JsonResponse

TYPE: Final = "application/problem+json"
BODY_REFUSED: Final = "HTTP_OPENROADS_BODY_REFUSED"
"""What the server says of a request whose body it did not keep."""


def problem(
    status: int, detail: str, headers: dict[str, str] | None = None, **more: object
) -> JsonResponse:
    """An answer that says what is wrong and what to do."""
    told = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return JsonResponse(told, status=status, content_type=TYPE, headers=headers)


def too_large(request: HttpRequest, most: int) -> JsonResponse | None:
    """The answer to a body that is too large; None for one that is not, which may be read."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    length = int(told) if str(told).isascii() and str(told).isdigit() else most + 1
    if request.META.get(BODY_REFUSED) or length > most:
        return problem(413, f"A request is at most {most:,} bytes; send the rest in another.")
    return None
