"""The help centre as everybody reads it: finding an article, reading it, saying whether it helped."""

import hashlib
import secrets
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from openroads.directory.company import COMPANY, Company
from openroads.webcare.help import actions, queries
from openroads.webcare.help.body import as_html, begins, slug_of
from openroads.webcare.help.forms import FeedbackForm
from openroads.webcare.help.models import ArticleVersion

RATES = {"help": "20/h/ip", "help_anywhere": "2000/d/key"}
"""How often one address may say something, and all together: more is no person but a machine."""
SALT = "openroads.webcare.help.slip"
A_DAY = 86_400


@login_not_required
@require_safe
def centre(request: HttpRequest) -> HttpResponse:
    """Every public article, or those that answer the words asked for."""
    language = queries.house_language(request.GET.get("language", ""))
    words = request.GET.get("q", "").strip()[:200]
    if words:
        found = queries.public_found(words, language)
    else:
        read = (queries.shown(one, language) for one in queries.public_articles())
        found = sorted((one for one in read if one), key=lambda one: one.version.title.lower())
    rows = [(one, begins(one.version.body), slug_of(one.version.title)) for one in found]
    context = {"rows": rows, "words": words, "language": language}
    return _page(request, "webcare/help/public.html", context, language)


@login_not_required
@require_safe
def article(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """One article, in the language asked for or the one it has."""
    language = queries.house_language(request.GET.get("language", ""))
    found = get_object_or_404(queries.public_articles(), number=number)
    read = queries.shown(found, language)
    assert read is not None  # an article begins with its first version
    right = slug_of(read.version.title)
    if slug != right and slug not in {slug_of(one.title) for one in read.others}:
        asked = request.GET.urlencode()
        return redirect(
            reverse("centre:article", args=[number, right]) + (f"?{asked}" if asked else "")
        )
    path = reverse("centre:article", args=[number, right])
    context = {
        "read": read,
        "html": as_html(read.version.body),
        "canonical": f"{settings.OPENROADS.url.rstrip('/')}{path}?language={read.version.language}",
        "others": [(one, slug_of(one.title)) for one in read.others],
        "form": FeedbackForm(initial={"slip": _slip(read.version)}),
        "said": request.GET.get("said") == "1",
        "language": language,
    }
    return _page(request, "webcare/help/public_article.html", context, language)


@login_not_required
@require_POST
def feedback(request: HttpRequest, number: int) -> HttpResponse:
    """Whether it helped. Who says it twice, or what a machine fills in, gets the same thanks."""
    found = get_object_or_404(queries.public_articles(), number=number)
    form = FeedbackForm(request.POST)
    version = _of_slip(form.data.get("slip", ""), found.pk)
    if version is None or not form.is_valid():
        return _page(
            request, "webcare/help/feedback_refused.html", {"article": found}, "", status=400
        )
    if not form.is_of_machine:
        if not _may_say_now(request):
            return _page(request, "webcare/help/too_often.html", {"article": found}, "", status=429)
        slip = hashlib.sha256(form.cleaned_data["slip"].encode()).hexdigest()
        helped, words = form.cleaned_data["helped"] == "yes", form.cleaned_data["words"]
        actions.take_feedback(article=found, version=version, helped=helped, words=words, slip=slip)
    path = reverse("centre:article", args=[number, slug_of(version.title)])
    return redirect(f"{path}?language={version.language}&said=1#useful")


def _page(request: HttpRequest, template: str, context: dict[str, Any], language: str, status: int = 200) -> HttpResponse:  # fmt: skip
    """A page open to all, all of it in the language of the article; hidden from search engines where the house wants that."""
    company = Company.objects.filter(pk=COMPANY).first()
    findable = queries.centre().is_findable and status == 200
    context |= {"company": company, "is_findable": findable}
    with translation.override(language or translation.get_language()):
        response = render(request, template, context, status=status)
    if not findable:
        response["X-Robots-Tag"] = "noindex"
    return response


def _slip(version: ArticleVersion) -> str:
    """What a shown page is known by: signed, good for a day, and for one answer."""
    return signing.dumps([version.pk, secrets.token_urlsafe(9)], salt=SALT)


def _of_slip(slip: str, article: int) -> ArticleVersion | None:
    """The version a slip of ours is about; None for any other, an old one, or one of another article."""
    try:
        version, _once = signing.loads(slip[:300], salt=SALT, max_age=A_DAY)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return ArticleVersion.objects.filter(pk=version, article=article).first()


def _may_say_now(request: HttpRequest) -> bool:
    return all(
        ratelimit.consume(request, app="openroads.help", action=action, config=RATES, key=action)
        for action in RATES
    )
