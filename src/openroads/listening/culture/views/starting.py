"""Starting an insight from any posts, adding them to one that waits, and counting a set again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openroads.changes import actions as changes
from openroads.changes import policy as changes_policy
from openroads.changes.evidence import Frozen, Origin
from openroads.changes.models import Insight
from openroads.directory.models import Person
from openroads.listening.culture import queries
from openroads.listening.culture.actions.hours import came_to_insight
from openroads.listening.culture.forms import AddForm, InsightForm
from openroads.listening.culture.freezing import Chosen, chosen_by, count_now, evidence_of
from openroads.listening.culture.models import Hour
from openroads.listening.culture.said import set_words
from openroads.listening.culture.views.readers import READ_OR_SEND, blame, reader


@require_http_methods(READ_OR_SEND)
def start(request: HttpRequest) -> HttpResponse:
    """A set of posts with its figures and a few quotes; send it to a department as an insight, or add
    it to one that waits. The address holds the set; it is counted anew when it is sent."""
    person = reader(request)
    if not changes_policy.may_open_insight(person):
        raise PermissionDenied
    told = QueryDict(request.GET.urlencode())
    chosen = chosen_by(told, person)
    if chosen is None:
        return render(request, "listening/culture/nothing.html", status=404)
    hour = _hour(person, told)
    adds = request.method == "POST" and "insight" in request.POST
    new = InsightForm(None if adds else request.POST or None, initial={"title": chosen.title})
    old = AddForm(request.POST if adds else None, person=person)
    form = old if adds else new
    if request.method == "POST" and form.is_valid():
        evidence = _evidence(chosen, request.POST.getlist("quote"))
        try:
            insight = _add(person, old, evidence) if adds else _open(person, new, evidence, told)
        except ValidationError as problem:
            blame(form, problem)
        else:
            if hour is not None:
                came_to_insight(by=person, hour=hour, insight=insight)
            _say(request, insight, adds)
            return redirect("changes:insight", insight.number)
    picked = request.POST.getlist("quote") if request.method == "POST" else None
    context = {
        "chosen": chosen,
        "words": set_words(chosen.frozen),
        "quotes": [
            (str(post.id), post, picked is None or str(post.id) in picked)
            for post in chosen.samples
        ],
        "new": new,
        "old": old,
        "may_add": old.fields["insight"].queryset.exists(),  # type: ignore[attr-defined]
        "query_string": told.urlencode(),
    }
    return render(request, "listening/culture/start.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """The set of an address counted now: a fragment for the page of an insight, a page without a
    script."""
    person = reader(request)
    found = count_now(QueryDict(request.GET.urlencode()), person)
    if found is None:
        raise Http404
    frozen, later = found
    context = {"words": set_words(frozen), "later": later, "url": frozen.url}
    whole = not request.headers.get("HX-Request")
    template = "listening/culture/now.html" if whole else "listening/culture/_now.html"
    return render(request, template, context)


def _evidence(chosen: Chosen, quotes: list[str]) -> Frozen:
    """The set with the quotes that were left ticked, and no others."""
    return evidence_of(chosen, [post for post in chosen.samples if str(post.id) in quotes])


def _open(person: Person, form: InsightForm, evidence: Frozen, told: QueryDict) -> Insight:
    origin = Origin("listening", told.get("view", "") or told.get("topic", ""), evidence.url)
    return changes.open_insight(by=person, evidence=[evidence], origin=origin, **form.cleaned_data)


def _add(person: Person, form: AddForm, evidence: Frozen) -> Insight:
    insight: Insight = form.cleaned_data["insight"]
    changes.add_evidence(by=person, insight=insight, evidence=evidence)
    return insight


def _hour(person: Person, told: QueryDict) -> Hour | None:
    number = told.get("hour", "")
    if not number.isdecimal() or len(number) > 9:
        return None
    return queries.hours_for(person).filter(pk=int(number)).first()


def _say(request: HttpRequest, insight: Insight, adds: bool) -> None:
    told = {"code": insight.code, "department": insight.department}
    sentence = _("Added to %(code)s.") if adds else _("%(code)s waits for %(department)s now.")
    messages.success(request, sentence % told)
