"""The front door: home, the first start, and whether the house is awake."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import activate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from openroads.champions.queries import spotlights_on_home
from openroads.directory.models import Person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.listening import policy as listening_policy
from openroads.listening.home import front_page
from openroads.web import actions, health, metrics
from openroads.web.forms import STEPS
from openroads.web.welcome import fits, is_demo_house, is_new_house
from openroads.webcare import policy as webcare_policy

LISTENS_FIRST = (Role.CONVERSATION_MANAGER, Role.LISTENER, Role.ADMINISTRATOR, Role.EDITOR)
"""Whose home is what is new, also when they answer people beside that."""
SIGN_IN = "allauth.account.auth_backends.AuthenticationBackend"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What changed, in people's words; for who answers, the inbox; for who may not read conversations, what
    there is for them."""
    person = request.user
    assert isinstance(person, Person)
    if webcare_policy.may_answer(person) and not has_role(person, *LISTENS_FIRST):
        return redirect("webcare:inbox")
    if not listening_policy.may_read_conversations(person):
        context = {"person": person, "spotlights": spotlights_on_home(person)}
        return render(request, "web/home_plain.html", context)
    context = {"front": front_page(person), "spotlights": spotlights_on_home(person)}
    return render(request, "web/home.html", context)


@login_not_required
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this process can do its work now, and which part cannot: 200 or 503."""
    found = health.looks()
    told = {"ready": health.is_ready(found), "looks": {look.name: look.told for look in found}}
    return JsonResponse(told, status=200 if told["ready"] else 503)


@login_not_required
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: for who shows the token, or for this machine alone."""
    if not metrics.may_read_metrics(request):
        told = "Figures are read on this machine, or with OPENROADS_METRICS_TOKEN.\n"
        return HttpResponse(told, status=403, content_type="text/plain; charset=utf-8")
    return HttpResponse(metrics.metrics_text(), content_type=metrics.CONTENT_TYPE)


AWAKE = {"livez": livez, "readyz": readyz, "metrics": metrics_page}
"""What machines ask, by path: answered before anything else looks at the request."""


@login_not_required
def welcome(request: HttpRequest, step: str = "") -> HttpResponse:
    """The first start, a page per step. Only with the key from the console, and only in a new house."""
    if not is_new_house():
        return redirect("web:home")
    if "key" in request.GET and fits(request.GET["key"]):
        request.session["welcome_key"] = request.GET["key"]
        return redirect("web:welcome_step", STEPS[0][0])
    if not fits(request.session.get("welcome_key", "")):
        return render(request, "web/welcome_closed.html", status=403)
    names = [name for name, _title, _form in STEPS]
    if step not in names:
        return redirect("web:welcome_step", names[0])
    return _welcome_step(request, names.index(step))


def _welcome_step(request: HttpRequest, at: int) -> HttpResponse:
    name, title, form_class = STEPS[at]
    answers: dict[str, Any] = request.session.setdefault("welcome", {})
    form = form_class(request.POST or None, initial=_known(form_class, answers.get(name, {})))
    if request.method == "POST" and form.is_valid():
        if at + 1 == len(STEPS):
            return _found(request, answers, form.cleaned_data)
        answers[name] = {key: request.POST.getlist(key) for key in form.fields}
        request.session.modified = True
        response = redirect("web:welcome_step", STEPS[at + 1][0])
        if name == "language":
            activate(form.cleaned_data["language"])
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE, max_age=settings.LANGUAGE_COOKIE_AGE,
            )  # fmt: skip
        return response
    steps = [(label, place < at, place == at) for place, (_n, label, _f) in enumerate(STEPS)]
    context = {
        "form": form, "title": title, "steps": steps, "number": at + 1, "of": len(STEPS),
        "before": STEPS[at - 1][0] if at else "", "last": at + 1 == len(STEPS),
    }  # fmt: skip
    return render(request, "web/welcome.html", context, status=400 if form.errors else 200)


def _found(
    request: HttpRequest, answers: dict[str, dict[str, list[str]]], you: dict[str, Any]
) -> HttpResponse:
    """All steps answered: read the earlier ones again, found the house, sign its first person in."""
    told: dict[str, dict[str, Any]] = {"administrator": you}
    for name, _title, form_class in STEPS[:-1]:
        form = form_class(_data(form_class, answers.get(name, {})))
        if not form.is_valid():
            return redirect("web:welcome_step", name)
        told[name] = form.cleaned_data
    person = actions.found_house(told=told)
    for key in ("welcome", "welcome_key"):
        request.session.pop(key, None)
    login(request, person, backend=SIGN_IN)
    return redirect("listening:imports")


def _known(form_class: type[Any], answers: dict[str, list[str]]) -> dict[str, Any]:
    """Answers given before, as initial values, when somebody goes back a step."""
    many = {key for key, field in form_class.base_fields.items() if hasattr(field.widget, "allow_multiple_selected") and field.widget.allow_multiple_selected}  # fmt: skip
    return {key: values if key in many else "".join(values) for key, values in answers.items()}


def _data(form_class: type[Any], answers: dict[str, list[str]]) -> dict[str, Any]:
    return {key: value for key, value in _known(form_class, answers).items() if value}


@login_not_required
@require_POST
def enter_demo(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo people. Exists only while the demo company is served."""
    if not is_demo_house():
        raise Http404(_("This house is not a demo."))
    asked = request.POST.get("person", "")
    person = Person.objects.filter(
        pk=int(asked) if asked.isdecimal() else 0, is_active=True
    ).first()
    if person is None or person.is_system:
        raise Http404(_("Nobody of that name works here."))
    login(request, person, backend=SIGN_IN)
    return redirect("web:home")


@login_not_required
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines have nothing to look for here but the help centre."""
    return HttpResponse(
        "User-agent: *\nAllow: /help/\nAllow: /static/\nDisallow: /\n",
        content_type="text/plain; charset=utf-8",
    )
