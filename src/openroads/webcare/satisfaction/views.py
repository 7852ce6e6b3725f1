"""The public page with one question, and the page on which asking is set."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openroads.directory.company import COMPANY, Company
from openroads.directory.models import Person
from openroads.ui.networks import network_word
from openroads.webcare import policy
from openroads.webcare.satisfaction import actions, queries
from openroads.webcare.satisfaction.forms import AskingForm, ScoreForm
from openroads.webcare.satisfaction.models import ANSWERABLE, Survey


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, token: str) -> HttpResponse:
    """How did we do? Looking gives no score: whatever previews a link must not answer for a person."""
    survey = queries.survey_of(token)
    if survey is None and not queries.is_over(token):
        raise Http404
    if survey is None or not survey.can_be_answered(timezone.now()):
        with override(_language(request, survey)):
            return _hidden(
                render(request, "webcare/satisfaction/over.html", _company(), status=410)
            )
    with override(_language(request, survey)):
        return _hidden(_score(request, survey, token))


def _score(request: HttpRequest, survey: Survey, token: str) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = ScoreForm(sent, initial={"comment": survey.comment})
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_score(survey=survey, **form.cleaned_data)
            return redirect("webcare:score", token)
        except ValidationError as problem:
            form.add_error(None, problem)
    context = {
        "survey": survey, "form": form, "until": survey.at + ANSWERABLE, "scores": range(1, 6),
        "token": token, **_company(),
    }  # fmt: skip
    status = 400 if form.errors else 200
    return render(request, "webcare/satisfaction/score.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """On which networks people are asked."""
    person = request.user
    assert isinstance(person, Person)
    if not policy.may_lead(person):
        raise PermissionDenied
    sent = AskingForm(request.POST) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        try:
            actions.set_asking(by=person, **sent.cleaned_data)
            messages.success(request, _("Set: it holds for cases that are closed from now on."))
            return redirect("webcare:satisfaction")
        except ValidationError as problem:
            sent.add_error(None, problem)
    rows = [
        (row, network_word(row.network), _form_of(row, sent))
        for row in queries.rows_of_networks(timezone.now())
    ]
    context = {
        "rows": [row for row in rows if row[0].used],
        "others": [row for row in rows if not row[0].used],
    }
    status = 400 if sent is not None else 200
    return render(request, "webcare/satisfaction/settings.html", context, status=status)


def _form_of(row: queries.NetworkRow, sent: AskingForm | None) -> AskingForm:
    if sent is not None and sent.data.get("network") == row.network:
        sent.auto_id = f"{row.network}_%s"
        return sent
    told = {name: getattr(row.setting, name) for name in ("on", "also_public", "delay_minutes")}
    return AskingForm(initial={"network": row.network, **told}, auto_id=f"{row.network}_%s")


def _language(request: HttpRequest, survey: Survey | None) -> str:
    """The language of the case, unless the visitor chose one here."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    fallback = get_language() or settings.LANGUAGE_CODE
    return fallback if chosen or survey is None else survey.language or fallback


def _company() -> dict[str, Company | None]:
    return {"company": Company.objects.filter(pk=COMPANY).first()}


def _hidden(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    # The address is the key: nobody outside is told it. Not "no-referrer": a browser would then send no
    # origin with the form, and it would be refused.
    response["Referrer-Policy"] = "same-origin"
    return response
