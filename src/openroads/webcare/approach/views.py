"""Pages of how we answer: the register, the approach of a case, questions to colleagues, their mailbox."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory.models import Person
from openroads.webcare.approach import figures, policy, queries
from openroads.webcare.approach.actions import asking, mailboxes, rows
from openroads.webcare.approach.forms import ApproachForm, AskForm, MailboxForm, PlaceForm
from openroads.webcare.approach.models import Approach, ColleagueQuestion
from openroads.webcare.clocks.words import length_words
from openroads.webcare.help.forms import blame
from openroads.webcare.models import Case
from openroads.webcare.policy import may_answer
from openroads.webcare.queries import cases_for

READ_OR_SEND = ["GET", "HEAD", "POST"]


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_read_approach(request.user):
        raise PermissionDenied
    return request.user


def _keeper(request: HttpRequest) -> Person:
    person = _reader(request)
    if not policy.may_keep_approach(person):
        raise PermissionDenied
    return person


def _answerer(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not may_answer(request.user):
        raise PermissionDenied
    return request.user


def _case(request: HttpRequest, number: int) -> tuple[Person, Case]:
    person = _answerer(request)
    return person, get_object_or_404(cases_for(person), pk=number)


# -------------------------------------------------------------------------------------- approaches
@require_safe
def approaches(request: HttpRequest) -> HttpResponse:
    """How we answer whom, for everybody who works here; and how it goes, for who sees figures."""
    person = _reader(request)
    every = list(queries.approaches_for(person))
    groups: dict[str, list[Approach]] = {}
    for one in every:
        groups.setdefault(one.people, []).append(one)
    sees = policy.may_see_measured(person)
    context = {
        "groups": list(groups.items()),
        "measured": figures.measured(every, timezone.now()) if sees and every else [],
        "days": figures.PERIOD.days,
        "may_keep": policy.may_keep_approach(person),
    }
    return render(request, "webcare/approach/approaches.html", context)


@require_http_methods(READ_OR_SEND)
def add_approach(request: HttpRequest) -> HttpResponse:
    """Say how one kind of question is answered."""
    person = _keeper(request)
    return _write(request, person, None, ApproachForm(request.POST or None))


@require_http_methods(READ_OR_SEND)
def approach(request: HttpRequest, approach_id: int) -> HttpResponse:
    """Change how one kind of question is answered."""
    person = _keeper(request)
    found = get_object_or_404(queries.in_force(), pk=approach_id)
    return _write(request, person, found, ApproachForm(request.POST or None, approach=found))


def _write(
    request: HttpRequest, person: Person, found: Approach | None, form: ApproachForm
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                rows.add_approach(by=person, told=form.cleaned_data)
            else:
                rows.change_approach(by=person, approach=found, told=form.cleaned_data)
            messages.success(request, _("Saved. Everybody who works here can read it."))
            return redirect("webcare:approaches")
        except ValidationError as problem:
            blame(form, problem)
    context = {"form": form, "approach": found}
    return render(
        request, "webcare/approach/write.html", context, status=400 if form.errors else 200
    )


@require_POST
def end_approach(request: HttpRequest, approach_id: int) -> HttpResponse:
    """Answer by it no more."""
    person = _keeper(request)
    found = get_object_or_404(queries.in_force(), pk=approach_id)
    rows.end_approach(by=person, approach=found)
    messages.success(request, _("Ended. Cases that went by it keep it in their figures."))
    return redirect("webcare:approaches")


@require_http_methods(READ_OR_SEND)
def case_approach(request: HttpRequest, case: int) -> HttpResponse:
    """Choose by which approach a case is answered."""
    person, found = _case(request, case)
    now = queries.approach_for(found)
    form = PlaceForm(request.POST or None, initial={"approach": now.pk if now else None})
    if request.method == "POST" and form.is_valid():
        rows.place_case(by=person, case=found, approach=form.cleaned_data["approach"])
        messages.success(request, _("Saved."))
        return redirect("webcare:case", found.pk)
    context = {"form": form, "case": found, "approach": now}
    return render(
        request, "webcare/approach/case.html", context, status=400 if form.errors else 200
    )


# --------------------------------------------------------------------------------------- questions
@require_http_methods(READ_OR_SEND)
def ask_colleague(request: HttpRequest, case: int) -> HttpResponse:
    """Ask a colleague about a case."""
    person, found = _case(request, case)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = asking.ask_colleague(by=person, case=found, **form.cleaned_data)
            messages.success(
                request, _("Asked. You hear of it when %(whom)s answers.") % {"whom": made.whom}
            )
            return redirect("webcare:question", made.pk)
        except ValidationError as problem:
            blame(form, problem)
    context: dict[str, Any] = {
        "form": form,
        "case": found,
        "questions": queries.questions_of(found),
    }
    return render(request, "webcare/approach/ask.html", context, status=400 if form.errors else 200)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """What colleagues were asked: what waits first, the late ones before."""
    person = _answerer(request)
    every = queries.waiting_first(person)
    today = timezone.localdate()
    waiting = [one for one in every if one.state == ColleagueQuestion.State.ASKED]
    context = {
        "rows": every,
        "waiting": len(waiting),
        "late": sum(one.due_on < today for one in waiting),
        "today": today,
        "may_set": policy.may_set_mailbox(person),
    }
    return render(request, "webcare/approach/questions.html", context)


@require_safe
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """One question with its answer."""
    person = _answerer(request)
    found = get_object_or_404(queries.questions_for(person), pk=question_id)
    waits = found.state == ColleagueQuestion.State.ASKED
    context = {
        "question": found,
        "wait": length_words((found.ended_at or timezone.now()) - found.asked_at, days=True),
        "is_late": waits and found.due_on < timezone.localdate(),
        "may_withdraw": waits and policy.may_withdraw(person, found),
    }
    return render(request, "webcare/approach/question.html", context)


@require_POST
def withdraw_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Take a question back."""
    person = _answerer(request)
    found = get_object_or_404(queries.questions_for(person), pk=question_id)
    asking.withdraw_question(by=person, question=found)
    messages.success(request, _("Withdrawn. The address in the mail opens nothing any more."))
    return redirect("webcare:question", found.pk)


@require_http_methods(READ_OR_SEND)
def answer_mailbox(request: HttpRequest) -> HttpResponse:
    """Where colleagues' answers arrive by mail."""
    person = _reader(request)
    if not policy.may_set_mailbox(person):
        raise PermissionDenied
    row = queries.mailbox()
    form = MailboxForm(request.POST or None, mailbox=row)
    if request.method == "POST" and form.is_valid():
        try:
            mailboxes.set_mailbox(by=person, **form.cleaned_data)
            messages.success(
                request, _("Saved. It is read within a minute; look here whether that went well.")
            )
            return redirect("webcare:answer_mailbox")
        except ValidationError as problem:
            blame(form, problem)
    context = {"form": form, "mailbox": row}
    return render(
        request, "webcare/approach/mailbox.html", context, status=400 if form.errors else 200
    )
