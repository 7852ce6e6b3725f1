"""Pages of the shell itself: the menu, the theme, the single keys, the sheet of parts."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe

from openroads import __version__
from openroads.ui import colours

DAY = 60 * 60 * 24
YEAR = 60 * 60 * 24 * 365


@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    """Every way, page and deed; with `q` those that have the words. The palette without a script."""
    return render(request, "ui/menu.html", {"words": request.GET.get("q", "")[:200]})


@login_not_required
@require_safe
@condition(etag_func=lambda request, accent: f'"{__version__}-{accent}"')
def stylesheet(request: HttpRequest, accent: str) -> HttpResponse:
    """The colour of a company for pages everybody may read. It is all in the address: nothing is looked up."""
    told = colours.stylesheet(f"#{accent.upper()}")
    answer = HttpResponse(told, content_type="text/css; charset=utf-8")
    patch_cache_control(answer, public=True, max_age=DAY)
    return answer


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the reader's system has it."""
    response = redirect(_back(request))
    chosen = request.POST.get("theme", "")
    # "system" is kept too: on this device it goes before what the reader chose for all of them.
    _remember(response, "theme", chosen if chosen in ("light", "dark") else "system")
    return response


@login_not_required
@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """Switch the single keys off or on (WCAG 2.1.4)."""
    response = redirect(_back(request))
    _remember(response, "keys", "off" if request.POST.get("keys") == "off" else "on")
    return response


@login_not_required
@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """The living sheet of parts; on a demo only."""
    if not settings.OPENROADS.demo:
        raise Http404(_("The sheet of parts is shown on a demo."))
    return render(request, "ui/parts.html")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=name != "theme",  # theme.js shows the change before the page comes back
    )


def _back(request: HttpRequest) -> str:
    """Where the reader came from, when that is a page of this house."""
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else "/"
