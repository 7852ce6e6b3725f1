"""A person outside: everything we hold, who they may be too, and what their case becomes evidence of."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory.models import Person
from openroads.webcare import contacts, pages
from openroads.webcare.actions import knowing, learning, moving
from openroads.webcare.contact_forms import InsightForm, JoinForm
from openroads.webcare.forms import BlockForm
from openroads.webcare.models import Contact, Identity
from openroads.webcare.views.inbox import agent, case_of

READ_OR_SEND = ["GET", "HEAD", "POST"]


def _contact(request: HttpRequest, number: int) -> tuple[Person, Contact]:
    person = agent(request)
    return person, get_object_or_404(contacts.contacts_for(person), pk=number)


def _identity(request: HttpRequest, number: int) -> tuple[Person, Identity]:
    person = agent(request)
    rows = Identity.objects.select_related("contact", "moved_from")
    return person, get_object_or_404(rows, pk=number, contact__in=contacts.contacts_for(person))


@require_safe
def contact(request: HttpRequest, contact: int) -> HttpResponse:
    """Everything we hold about somebody; as a file with `?as=json`."""
    person, found = _contact(request, contact)
    if found.merged_into_id is not None:
        return redirect("webcare:contact", found.merged_into_id)
    if request.GET.get("as") == "json":
        told = json.dumps(contacts.export_of(person, found), ensure_ascii=False, indent=2)
        answer = HttpResponse(told, content_type="application/json")
        answer["Content-Disposition"] = f'attachment; filename="contact-{found.pk}.json"'
        return answer
    accounts = contacts.accounts_of(person, found)
    name = next((one.name for one in accounts if one.name), pages.name_of(None))
    context = {
        "contact": found, "name": name, "accounts": accounts,
        "cases": pages.past_of(contacts.cases_of(person, found), timezone.now()),
        "suggested": contacts.suggested_for(person, found, accounts), "form": JoinForm(),
    }  # fmt: skip
    return render(request, "webcare/contact.html", context)


@require_POST
def join(request: HttpRequest, contact: int) -> HttpResponse:
    """Say that somebody is somebody else, too."""
    person, found = _contact(request, contact)
    form = JoinForm(request.POST)
    other = request.POST.get("into", "")
    into = contacts.contacts_for(person).filter(pk=int(other)).first() if other.isdecimal() and len(other) < 12 else None  # fmt: skip
    if into is None or not form.is_valid():
        messages.error(request, _("Say how you know that this is the same person."))
        return redirect("webcare:contact", found.pk)
    try:
        kept = knowing.join_contacts(
            by=person, contact=found, into=into, how=form.cleaned_data["how"]
        )
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("webcare:contact", found.pk)
    messages.success(request, _("They are one person now. You can part them again."))
    return redirect("webcare:contact", kept.pk)


@require_POST
def apart(request: HttpRequest, contact: int) -> HttpResponse:
    """Part again what was joined."""
    person, found = _contact(request, contact)
    chosen = request.POST.get("identity", "")
    rows = Identity.objects.filter(contact=found).select_related("contact", "moved_from")
    one = get_object_or_404(rows, pk=int(chosen) if chosen.isdecimal() and len(chosen) < 12 else 0)
    try:
        knowing.part_contact(by=person, identity=one)
        messages.success(request, _("They are two people again."))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("webcare:contact", found.pk)


@require_http_methods(READ_OR_SEND)
def block(request: HttpRequest, identity: int) -> HttpResponse:
    """Take nothing in any more of an account."""
    person, found = _identity(request, identity)
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        moving.block_identity(by=person, identity=found, why=form.cleaned_data["why"])
        messages.success(request, _("Nothing of this account becomes a case any more."))
        return redirect("webcare:contact", found.contact_id)
    context: dict[str, Any] = {
        "contact": found.contact, "form": form, "title": _("Block this account"),
        "told": _("What they say is still heard, but becomes no case. What is there stays."),
        "deed": _("Block it"), "danger": True,
    }  # fmt: skip
    return render(request, "webcare/form.html", context, status=400 if form.errors else 200)


@require_POST
def unblock(request: HttpRequest, identity: int) -> HttpResponse:
    """Take in again what it says."""
    person, found = _identity(request, identity)
    moving.unblock_identity(by=person, identity=found)
    messages.success(request, _("What this account says can become a case again."))
    return redirect("webcare:contact", found.contact_id)


@require_http_methods(READ_OR_SEND)
def insight(request: HttpRequest, case: int) -> HttpResponse:
    """Make a case evidence: of an insight that waits, or of a new one."""
    person, found = case_of(request, case)
    form = InsightForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            if told["insight"] is not None:
                made = learning.join_insight(by=person, case=found, insight=told["insight"])
            else:
                made = learning.begin_insight(
                    by=person, case=found, title=told["title"], department=told["department"]
                )
            messages.success(request, _("It is evidence of %(code)s now.") % {"code": made.code})
            return redirect("webcare:case", found.pk)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
    context = {
        "case": found, "form": form, "title": _("Evidence of an insight"),
        "told": _("Who told us hears from us when something changes."), "deed": _("Make it evidence"),
    }  # fmt: skip
    return render(request, "webcare/form.html", context, status=400 if form.errors else 200)
