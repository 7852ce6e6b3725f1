"""Pages of deciding: yes, no or later, and who decides beside the head."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openroads.changes import pages, policy, queries
from openroads.changes.actions import deciding
from openroads.changes.forms import DecideForm, DelegateForm
from openroads.changes.models import Decision, Delegate
from openroads.changes.views.doing import READ_OR_SEND, allow, done
from openroads.changes.views.insights import one_insight
from openroads.directory.models import Department


@require_http_methods(READ_OR_SEND)
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Answer an insight, with what it rests on in sight."""
    person, insight = one_insight(request, number)
    allow(policy.may_decide(person, insight))
    form = DecideForm(request.POST or None, insight=insight, person=person)

    def do() -> str:
        told = form.cleaned_data
        yes = told["answer"] == Decision.Answer.YES
        change = form.new_change() if yes else None
        if yes and change is None:
            return ""
        decision = deciding.decide(
            by=person, insight=insight, answer=told["answer"], reason=told["reason"],
            agreed=told["agreed"], cost_ceiling=told["cost_ceiling"],
            back_on=told["back_on"], change=change,
        )  # fmt: skip
        if yes:
            return _("Decided. %(code)s has begun.") % {"code": decision.change.code}
        return _("Decided. Who opened it is told.")

    evidence = list(queries.with_evidence(queries.insights_for(person)).get(pk=insight.pk).evidence.all())  # fmt: skip
    words = {
        "insight": insight, "title": _("Decide on %(code)s") % {"code": insight.code},
        "counted": pages.counted(evidence),
        "quotes": [sample for one in evidence for sample in one.samples.all()][:2],
        "may_let": policy.may_let_decide(person, insight.department),
    }  # fmt: skip
    back = reverse("changes:insight", args=[insight.number])
    if request.method == "POST" and form.is_valid() and form.cleaned_data["answer"] == "yes":
        back = reverse("changes:changes")
    return done(request, form, do, back, words, template="changes/decide.html")


@require_http_methods(READ_OR_SEND)
def delegates(request: HttpRequest, part_id: int) -> HttpResponse:
    """Who decides for a department beside its head, and letting one more."""
    person = request.user
    department = get_object_or_404(Department, pk=part_id)
    allow(policy.may_let_decide(person, department))  # type: ignore[arg-type]
    form = DelegateForm(request.POST or None, department=department)

    def do() -> str:
        row = deciding.let_decide(by=person, department=department, **form.cleaned_data)  # type: ignore[arg-type]
        return _("%(name)s decides too now.") % {"name": row.person}

    back = reverse("changes:delegates", args=[department.pk])
    words = {"department": department, "rows": queries.delegates_of(department)}
    return done(request, form, do, back, words, template="changes/delegates.html")


@require_POST
def end_delegate(request: HttpRequest, part_id: int, delegate_id: int) -> HttpResponse:
    """Somebody decides no more beside the head."""
    department = get_object_or_404(Department, pk=part_id)
    allow(policy.may_let_decide(request.user, department))  # type: ignore[arg-type]
    row = get_object_or_404(Delegate, pk=delegate_id, department=department)
    deciding.end_delegate(by=request.user, delegate=row)  # type: ignore[arg-type]
    messages.success(request, _("%(name)s decides no more.") % {"name": row.person})
    return redirect("changes:delegates", department.pk)
