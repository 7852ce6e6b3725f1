"""Asking, and answering what was asked: by the erasing room, within a month, with the outcome kept."""

from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from openroads.delivery.actions import post_mail
from openroads.delivery.notices import language_of, notify
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.listening import queries as room
from openroads.listening.ear.actions import administrators
from openroads.listening.erasing import actions as erasing
from openroads.listening.models import Erasure, PrivacyRequest
from openroads.listening.requests import policy
from openroads.listening.requests.clock import LONGER_MONTHS, due_on, months_after
from openroads.ui.formats import day

State = PrivacyRequest.State


@transaction.atomic
def ask(*, asks: str, network: str, handle: str, contact: str, words: str = "") -> PrivacyRequest:
    """What somebody outside asks. It is put in the queue whether or not anything is held of them:
    nobody learns that by asking. A mail says that it came; one to an address a day, so that nobody is
    flooded by it; what they wrote is not in it, so that the house mails nobody's words."""
    now = timezone.now()
    request = PrivacyRequest.objects.create(
        asks=asks, network=network, handle=handle, contact=contact, words=words,
        language=(get_language() or settings.LANGUAGE_CODE)[:2], came_at=now, due_on=due_on(now),
    )  # fmt: skip
    trail.record(system_person(), "received a request about privacy", request, what=asks)
    _acknowledge(request)
    _tell_administrators(request)
    return request


@transaction.atomic
def take_up(*, by: Person, request: PrivacyRequest) -> PrivacyRequest:
    """Somebody looks at it."""
    directory_policy.require(by, policy.may_answer_requests)
    if PrivacyRequest.objects.filter(pk=request.pk, state=State.NEW).update(state=State.OPEN):
        request.state = State.OPEN
        trail.record(by, "took up a request about privacy", request)
    return request


def hand_out(*, by: Person, request: PrivacyRequest, readable: bool) -> Iterator[str]:
    """What is held of who asks, to be handed to them; the request says when that was done."""
    directory_policy.require(by, policy.may_answer_requests)
    _refuse_closed(request)
    lines = erasing.export_author(
        by=by, network=request.network, handle=request.handle, readable=readable
    )
    PrivacyRequest.objects.filter(pk=request.pk).update(handed_out_at=timezone.now())
    return lines


@transaction.atomic
def erase_for(*, by: Person, request: PrivacyRequest, again: str) -> Erasure:
    """Erase who asks, with the handle typed once more; the request keeps which erasure it was."""
    directory_policy.require(by, policy.may_answer_requests)
    request = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    _refuse_closed(request)
    erasure = erasing.ask_erasure(
        by=by, network=request.network, handle=request.handle, again=again
    )
    request.erasure, request.state = erasure, State.OPEN
    request.save(update_fields=["erasure", "state"])
    return erasure


@transaction.atomic
def take_longer(*, by: Person, request: PrivacyRequest, why: str) -> PrivacyRequest:
    """Take two months more, once, and tell who asked why (article 12(3)); within the first month."""
    directory_policy.require(by, policy.may_answer_requests)
    request = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    _refuse_closed(request)
    if request.longer_why:
        raise ValidationError(_("It was made longer already."))
    if request.due_on < timezone.localdate():
        raise ValidationError(_("The month has passed: it cannot be made longer any more."))
    request.due_on = months_after(request.due_on, LONGER_MONTHS)
    request.longer_why = why
    request.save(update_fields=["due_on", "longer_why"])
    trail.record(by, "took longer for a request about privacy", request, until=str(request.due_on))
    with override(request.language):
        text = _("We need more time for your request about your data and answer it before %(day)s at the latest. The reason: %(why)s") % {"day": day(request.due_on), "why": why}  # fmt: skip
        _mail(by, request, "longer", _("Your request about your data takes longer"), text)
    return request


@transaction.atomic
def close(*, by: Person, request: PrivacyRequest, done: bool, answer: str) -> PrivacyRequest:
    """Answer who asked and close: done, or refused with the reason and where to complain. Who they were
    goes out of the queue; what they asked and what came of it stay."""
    directory_policy.require(by, policy.may_answer_requests)
    request = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    _refuse_closed(request)
    if done and request.erasure is not None and request.erasure.is_unfinished:
        raise ValidationError(_("The erasure is not done yet. Close the request when it is."))
    if not done and not answer.strip():
        raise ValidationError({"answer": _("Say why: who asked has a right to the reason.")})
    with override(request.language):
        text = _("Your request about your data was carried out.") if done else _("Your request about your data was not carried out.")  # fmt: skip
        complain = _("You can complain to the data protection authority; in the Netherlands that is the Autoriteit Persoonsgegevens (autoriteitpersoonsgegevens.nl).")  # fmt: skip
        parts = (text, answer.strip(), "" if done else complain)
        _mail(by, request, "answer", _("Answer to your request about your data"), "\n\n".join(part for part in parts if part))  # fmt: skip
    request.state = State.DONE if done else State.REFUSED
    request.closed_at, request.closed_by, request.answer = timezone.now(), by, answer
    request.handle = request.contact = request.words = ""
    request.save()
    trail.record(by, "closed a request about privacy", request, what=request.state)
    return request


def _refuse_closed(request: PrivacyRequest) -> None:
    if not request.is_waiting:
        raise ValidationError(_("This request is closed: who asked is no longer known here."))


def _acknowledge(request: PrivacyRequest) -> None:
    address = salted_hmac("openroads.privacy.acknowledged", request.contact.lower(), algorithm="sha256").hexdigest()[:32]  # fmt: skip
    text = _("Your request about your data has arrived. We answer it before %(day)s at the latest. We may ask you to show that the account is yours, for instance by a message from it.") % {"day": day(request.due_on)}  # fmt: skip
    post_mail(
        by=system_person(),
        deed=f"privacy request from {address} on {timezone.localdate(request.came_at)}",
        to=request.contact,
        subject=_("Your request about your data has arrived"),
        text=_signed(text),
    )


def _mail(by: Person, request: PrivacyRequest, deed: str, subject: str, text: str) -> None:
    post_mail(
        by=by, deed=f"privacy request {request.pk}: {deed}", to=request.contact, subject=subject,
        text=_signed(text),
    )  # fmt: skip


def _signed(text: str) -> str:
    company = room.company()
    return f"{text}\n\n{company.name}" if company else text


def _tell_administrators(request: PrivacyRequest) -> None:
    for person in administrators():
        with override(language_of(person)):
            notify(
                to=person,
                deed=f"privacy request {request.pk}",
                title=_("Somebody asks about their own data"),
                text=_("It must be answered before %(day)s at the latest.") % {"day": day(request.due_on)},
                url=reverse("requests:request", args=(request.pk,)),
                mail=True,
            )  # fmt: skip
