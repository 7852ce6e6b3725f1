"""Pages of telling back: the text for all, who is reached, and each draft on its own."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.changes import change_queries, policy, story
from openroads.changes.actions import telling as actions
from openroads.changes.forms import DraftForm, TellingForm
from openroads.changes.models import Change, Told
from openroads.changes.views.doing import READ_OR_SEND, allow, blame, done, one_change
from openroads.delivery.channels import limits_of
from openroads.directory.conversations import archive
from openroads.directory.models import Person

IN_LIST = 50


@require_safe
def telling(request: HttpRequest, number: int) -> HttpResponse:
    """How far the telling came, and who waits for a message; names for who sends them."""
    person, found = one_change(request, number)
    if found.live_on is None:
        return redirect("changes:change", found.number)
    told = change_queries.telling_of(found)
    if told is None:
        may_begin = policy.may_begin_telling(person)
        return redirect("changes:telling_texts", number) if may_begin else redirect("changes:change", number)  # fmt: skip
    names, reach = policy.may_tell_back(person), change_queries.reach_of(found)
    rows = list(
        told.people.filter(state__in=("draft", "waiting")).order_by("-state", "pk")[:IN_LIST]
    )
    whom = actions.whom_of(rows, archive()) if names else {}
    context = {
        "change": found, "telling": told, "reach": reach, "told": "; ".join(story.reach_words(reach)) if reach else "",
        "why": change_queries.out_of_reach(told), "names": names,
        "rows": [(row, whom.get(row.post or 0)) for row in rows],
        "next": next((row for row in rows if row.state == Told.State.DRAFT), None),
        "may_write": policy.may_begin_telling(person),
    }  # fmt: skip
    return render(request, "changes/telling.html", context)


@require_http_methods(READ_OR_SEND)
def texts(request: HttpRequest, number: int) -> HttpResponse:
    """Write what all are told, in each language."""
    person, found = one_change(request, number)
    allow(policy.may_begin_telling(person))
    told = change_queries.telling_of(found)
    begun = {**told.texts, "link": told.link} if told else _suggested()
    form = TellingForm(request.POST or None, initial=begun)

    def do() -> str:
        said = {name: form.cleaned_data[name] for name in ("nl", "en")}
        made = actions.begin_telling(by=person, change=found, texts=said, link=form.cleaned_data["link"], engine=archive())  # fmt: skip
        n = made.people.count()
        return ngettext("A draft for %(n)s person.", "Drafts for %(n)s people.", n) % {"n": n}

    words = {"change": found, "voices": found.insight.voices.count()}
    back = reverse("changes:telling", args=[number])
    return done(request, form, do, back, words, template="changes/telling_texts.html")


@require_http_methods(READ_OR_SEND)
def draft(request: HttpRequest, number: int, told_id: int) -> HttpResponse:
    """One person: what they wrote, what they would get, and the button that sends it."""
    person, found, told = _one(request, number, told_id)
    whom = actions.whom_of([told], archive()).get(told.post or 0)
    way = actions.way_to(told.network, told.source, told.published_at)
    form = DraftForm(request.POST or None, initial={"text": actions.draft_of(told, whom)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_told(
                by=person, told=told, text=form.cleaned_data["text"], engine=archive()
            )
        except ValidationError as problem:
            blame(form, problem)
        else:
            messages.success(
                request, _("On its way; for 15 seconds it can be taken back in the list.")
            )
            return _onward(found, told)
    context = {
        "change": found, "told": told, "whom": whom, "form": form, "way": way,
        "limit": limits_of(way.channel).characters if way.channel else None,
        "is_draft": told.state == Told.State.DRAFT,
    }  # fmt: skip
    return render(request, "changes/draft.html", context, status=400 if form.errors else 200)


@require_POST
def skip(request: HttpRequest, number: int, told_id: int) -> HttpResponse:
    """Leave somebody out."""
    person, found, told = _one(request, number, told_id)
    actions.skip_told(by=person, told=told)
    messages.success(request, _("Left out."))
    return _onward(found, told)


@require_POST
def undo(request: HttpRequest, number: int, told_id: int) -> HttpResponse:
    """Take a message back before it leaves."""
    person, found, told = _one(request, number, told_id)
    if actions.undo_told(by=person, told=told):
        messages.success(request, _("Taken back; it is a draft again."))
    else:
        messages.error(request, _("It has left already."))
    return redirect("changes:telling", found.number)


def _one(request: HttpRequest, number: int, told_id: int) -> tuple[Person, Change, Told]:
    person, found = one_change(request, number)
    allow(policy.may_tell_back(person))
    rows = Told.objects.select_related("telling__change", "delivery")
    return person, found, get_object_or_404(rows, pk=told_id, telling__change=found)


def _onward(found: Change, told: Told) -> HttpResponse:
    """The next draft, or the list when there is none."""
    left = told.telling.people.filter(state=Told.State.DRAFT).exclude(pk=told.pk)
    after = left.filter(pk__gt=told.pk).first() or left.first()
    if after is None:
        return redirect("changes:telling", found.number)
    return redirect("changes:draft", found.number, after.pk)


def _suggested() -> dict[str, str]:
    """A text to begin with in each language, and the public page as its link."""
    said = {"link": settings.OPENROADS.url.rstrip("/") + reverse("public:you_said")}
    for language in ("nl", "en"):
        with translation.override(language):
            said[language] = _("Hello {name}, you told us about this. We changed it: {change} Thank you. {link}")  # fmt: skip
    return said
