"""The page on which a colleague answers, reached by the signed address in a mail, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openroads.directory.company import COMPANY, Company
from openroads.webcare.approach import queries
from openroads.webcare.approach.actions.answering import answer_question, closed_why
from openroads.webcare.approach.forms import AnswerForm
from openroads.webcare.approach.models import ColleagueQuestion
from openroads.webcare.help.forms import blame


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question, who asks and by when, and a field for the answer; nothing else of the case. Looking
    changes nothing: mail programs look. What was answered can be corrected here."""
    question = queries.question_of_token(token)
    if question is None:
        raise Http404
    why = closed_why(question, timezone.now())
    form = AnswerForm(request.POST or None, initial={"text": question.answer})
    if request.method == "POST" and not why and form.is_valid():
        try:
            answer_question(question=question, how=ColleagueQuestion.How.LINK, **form.cleaned_data)
            return _hidden(redirect("colleague:answer", token))
        except ValidationError as problem:
            blame(form, problem)
    status = 410 if why else 400 if form.errors else 200
    context = {
        "company": Company.objects.filter(pk=COMPANY).first(),
        "question": None if why else question,
        "answered": question.state == ColleagueQuestion.State.ANSWERED,
        "form": form,
        "why": why,
    }
    return _hidden(render(request, "webcare/approach/answer.html", context, status=status))


def _hidden(response: HttpResponse) -> HttpResponse:
    """The address is a key: no search engine keeps it, no other site hears of it, no cache holds the page."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
