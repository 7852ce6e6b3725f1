"""Writing to people: answers, notes, drafts, taking back, the second look."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.connectors.answering import Picture
from openroads.directory.models import Person
from openroads.ui.formats import number
from openroads.webcare import pages, queries
from openroads.webcare.actions import approving, arriving, drafting, noting, replying
from openroads.webcare.answerable import way_of
from openroads.webcare.forms import ElsewhereForm, RefuseForm
from openroads.webcare.models import Message
from openroads.webcare.pictures import LARGEST, picture_of
from openroads.webcare.views.inbox import WRITES, agent, case_of, show_case

MOST_HELP = 20


@require_POST
def reply(request: HttpRequest, case: int) -> HttpResponse:
    """Answer, or write a note. With a fault the page comes back with what was written."""
    person, found = case_of(request, case)
    told = _told(request)
    try:
        if told["kind"] == "note":
            noting.add_note(by=person, case=found, text=told["text"])
            messages.success(request, _("Noted. Only colleagues see it."))
            return redirect("webcare:case", found.pk)
        message = replying.send_reply(
            by=person, case=found, text=told["text"], key=told["key"], seen=told["seen"],
            private=told["kind"] == "private", then=request.POST.get("then", "waiting"),
            helped_by=told["helped_by"].split(",") if told["helped_by"] else (),
            regardless=request.POST.get("regardless") == "1", picture=_picture(request),
        )  # fmt: skip
    except ValidationError as problem:
        found.refresh_from_db()
        return show_case(request, person, found, error=problem, told=told)
    if message.approval == Message.Approval.ASKED:
        messages.success(request, _("A second person looks at it before it leaves."))
    else:
        messages.success(request, _("It leaves in 15 seconds. Until then you can take it back."))
    return redirect("webcare:case", found.pk)


@require_POST
def draft(request: HttpRequest, case: int) -> HttpResponse:
    """Keep what is being written; gives how long it is, as the network counts."""
    person, found = case_of(request, case)
    told = _told(request)
    kept = drafting.keep_draft(
        by=person, case=found, text=told["text"], kind=told["kind"], seen=told["seen"],
        helped_by=told["helped_by"].split(",") if told["helped_by"] else (),
    )  # fmt: skip
    if not request.headers.get("HX-Request"):
        messages.success(request, _("Kept as a draft.") if kept else _("The draft is gone."))
        return redirect("webcare:case", found.pk)
    way = way_of(found)
    context: dict[str, Any] = {"kept": kept is not None, "count": "", "most": ""}
    if way.limits is not None and told["kind"] != "note":
        count = way.limits.count(told["text"])
        context["count"] = number(count)
        if way.limits.characters is not None:
            context |= {
                "most": number(way.limits.characters), "is_over": count > way.limits.characters,
            }  # fmt: skip
    return render(request, "webcare/_count.html", context)


@require_POST
def take_back(request: HttpRequest, message: int) -> HttpResponse:
    """Take an answer back while it can be."""
    person, found = _message(request, message)
    try:
        replying.take_back(by=person, message=found)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, _("Taken back. What you wrote is a draft again."))
    return redirect("webcare:case", found.case_id)


@require_safe
def state(request: HttpRequest, message: int) -> HttpResponse:
    """What became of an answer: a small part that the page asks for until nothing more happens."""
    _person, found = _message(request, message)
    now = timezone.now()
    words, how = pages.state_words(found, now)
    settled = pages.is_settled(found)
    context = {"message": found, "state": words, "how": how, "is_settled": settled}
    return render(request, "webcare/_state.html", context)


@require_POST
def approve(request: HttpRequest, message: int) -> HttpResponse:
    """Let an answer of a colleague go."""
    person, found = _message(request, message)
    try:
        approving.approve_reply(by=person, message=found)
        messages.success(request, _("Approved. It leaves in 15 seconds."))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("webcare:case", found.case_id)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, message: int) -> HttpResponse:
    """Send an answer back to its writer, saying why."""
    person, found = _message(request, message)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            approving.refuse_reply(by=person, message=found, why=form.cleaned_data["why"])
            messages.success(request, _("Sent back to %(name)s.") % {"name": found.by})
            return redirect("webcare:case", found.case_id)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
    context = {
        "case": found.case, "form": form, "title": _("Send it back to its writer"),
        "told": found.text, "deed": _("Send it back"),
    }  # fmt: skip
    return render(request, "webcare/form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def elsewhere(request: HttpRequest, case: int) -> HttpResponse:
    """Write down an answer that was given at the network itself."""
    person, found = case_of(request, case)
    form = ElsewhereForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            arriving.note_answered_elsewhere(by=person, case=found, **form.cleaned_data)
            messages.success(request, _("Written down as answered."))
            return redirect("webcare:case", found.pk)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
    context = {
        "case": found, "form": form, "title": _("Answered at the network itself"),
        "told": _("It counts as an answer, with its address as proof."), "deed": _("Write it down"),
    }  # fmt: skip
    return render(request, "webcare/form.html", context, status=400 if form.errors else 200)


@require_safe
def picture(request: HttpRequest, message: int) -> HttpResponse:
    """The picture of an answer, for who may see its case."""
    _person, found = _message(request, message)
    if found.picture is None:
        raise Http404
    answer = HttpResponse(bytes(found.picture), content_type=found.picture_kind)
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Content-Disposition"] = "inline"
    return answer


def _picture(request: HttpRequest) -> Picture | None:
    """The picture that was chosen, if one was."""
    chosen = request.FILES.get("picture")
    if chosen is None or chosen.size is None:
        return None
    body = chosen.read(LARGEST + 1)
    return picture_of(chosen.name or "", body, request.POST.get("alt", ""))


def _message(request: HttpRequest, number: int) -> tuple[Person, Message]:
    """A message in a case that exists for who asks."""
    person = agent(request)
    rows = Message.objects.select_related("case", "delivery", "by")
    return person, get_object_or_404(rows, pk=number, case__in=queries.cases_for(person))


def _told(request: HttpRequest) -> dict[str, Any]:
    """What a form of the box said."""
    # PostgreSQL holds no NUL in a text.
    told = {
        name: request.POST.get(name, "").replace("\0", "") for name in ("text", "key", "helped_by")
    }
    seen, kind = request.POST.get("seen", ""), request.POST.get("kind", "")
    return {
        "kind": kind if kind in WRITES else "public",
        "text": told["text"].replace("\r\n", "\n")[:20_000],
        "key": told["key"][:64],
        "seen": int(seen) if seen.isdecimal() and len(seen) < 8 else 0,
        "helped_by": ",".join(told["helped_by"][:1_000].split(",")[:MOST_HELP]),
        "is_draft": True,
    }
