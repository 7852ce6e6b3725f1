"""What stands beside a case while one answers: answers that fit and helped, the approach, what colleagues said."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openroads.directory.models import Person
from openroads.webcare.actions.drafting import keep_draft
from openroads.webcare.approach.queries import approach_for, questions_of
from openroads.webcare.help.queries import last_answer_of
from openroads.webcare.help.suggesting import of_code, reply_code, suggest
from openroads.webcare.models import Case
from openroads.webcare.policy import may_answer
from openroads.webcare.queries import cases_for, draft_of
from openroads.webcare.saved.filling import filled
from openroads.webcare.saved.queries import reply_of_code
from openroads.webcare.words import last_word_of


@dataclass(frozen=True)
class Said:
    """The last words of a person, and what to call them; empty where those are not held any more."""

    text: str = ""
    first_name: str = ""


def _case(request: HttpRequest, number: int) -> tuple[Person, Case]:
    person = request.user
    if not (isinstance(person, Person) and may_answer(person)):
        raise PermissionDenied
    return person, get_object_or_404(cases_for(person), pk=number)


def _said(case: Case) -> Said:
    post = last_word_of(case)
    if post is None:
        return Said()
    first = (post.author_name or "").partition(" ")[0]
    return Said(f"{post.title}\n{post.text}".strip(), first if first.isalpha() else "")


@require_safe
def beside(request: HttpRequest, case: int) -> HttpResponse:
    """The piece beside a case; as a page of its own for a browser without scripts."""
    _person, found = _case(request, case)
    said = _said(found)
    context = {
        "case": found,
        "suggestions": suggest(said.text, found.language, found.product, found.topics),
        "approach": approach_for(found, said.text),
        "questions": questions_of(found),
        "last_answer": last_answer_of(found),
    }
    piece = request.headers.get("HX-Request") == "true"
    template = "webcare/help/_beside.html" if piece else "webcare/help/beside.html"
    return render(request, template, context)


@require_POST
def use_answer(request: HttpRequest, case: int) -> HttpResponse:
    """Put an article or a saved reply (of a suggestion, or typed as /accu) behind what one was writing."""
    person, found = _case(request, case)
    told = request.POST.get("code", "").replace("\0", "").strip()[:60]
    reply = reply_of_code(told, found.language) if " " not in told else None
    chosen = of_code(reply_code(reply) if reply else told, found.language)
    if chosen is None:
        messages.error(request, _("No saved reply has this short code.") if " " not in told else _("This answer is not in use any more."))  # fmt: skip
        return redirect("webcare:case", found.pk)
    text = chosen.insert
    if chosen.reply is not None:
        text = filled(chosen.reply, found, _said(found).first_name, person.name.partition(" ")[0])
    draft = draft_of(found, person)
    # A page with a script sends along what was typed since the draft was last kept.
    typed = request.POST.get("text", draft.text if draft else "")
    before = typed.replace("\0", "").replace("\r\n", "\n")[:20_000].rstrip()
    usual = "private" if found.kind == Case.Kind.PRIVATE else "public"
    keep_draft(
        by=person, case=found, text=f"{before}\n\n{text}".strip(),
        kind=draft.kind if draft else usual, seen=found.last_seq,
        helped_by=list(dict.fromkeys([*(draft.helped_by if draft else ()), chosen.code])),
    )  # fmt: skip
    messages.success(request, _("It stands in your answer now. Read it before you send it."))
    return redirect(f"/answer/cases/{found.pk}/#text")
