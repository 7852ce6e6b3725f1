"""Doing things with spotlights: asking, saying yes or no, stepping out, calling off."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.champions import policy, queries, telling
from openroads.champions.actions.successes import check_no_names, facts_of_origin
from openroads.champions.handing import Origin, Origins
from openroads.champions.models import Spotlight, Success
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person

LONGEST = timedelta(days=31)
State = Spotlight.State


def ask_for_spotlight(
    *,
    by: Person,
    person: Person,
    why: str,
    since: date,
    until: date,
    success: Success | None = None,
    origin: Origin | None = None,
    origins: Origins | None = None,
) -> Spotlight:
    """Ask a colleague whether everybody may see why they are valued, from `since` until `until` (out). They
    are told by notice and mail; nothing is shown before they say yes.

    Raises ValidationError for oneself, for days that are over or more than a month, and while another
    spotlight on the same person is open.
    """
    directory_policy.require(by, policy.may_ask_for_spotlight)
    words, faults = why.strip(), _faults(by, person, why.strip(), since, until)
    if origin is not None and origins is not None:
        faults = check_no_names({"why": words}, origins.names(origin)) | faults
    if faults:
        raise ValidationError(faults)
    with transaction.atomic():
        trail.wait_for_turn()  # two who think of the same colleague at once
        _check_free(person)
        spotlight = Spotlight.objects.create(
            person=person, why=words, since=since, until=until, success=success, asked_by=by,
            asked_at=timezone.now(), **facts_of_origin(origin),
        )  # fmt: skip
        trail.record(
            by, "asked somebody into the spotlight", spotlight, person=str(person),
            since=since.isoformat(), until=until.isoformat(),
        )  # fmt: skip
        telling.ask_person(spotlight)
        if origin is not None and origins is not None:
            origins.note(by=by, origin=origin, became="spotlight", code="")
    return spotlight


@transaction.atomic
def answer_spotlight(*, by: Person, spotlight: Spotlight, yes: bool) -> Spotlight:
    """Say yes or no, once. Raises ValidationError when it was answered or called off."""
    directory_policy.require(by, policy.may_answer_spotlight, spotlight)
    spotlight = _locked(spotlight)
    if spotlight.state != State.ASKED:
        raise ValidationError(_("There is nothing to answer any more."))
    spotlight.state, spotlight.answered_at = State.YES if yes else State.NO, timezone.now()
    spotlight.save(update_fields=["state", "answered_at"])
    trail.record(by, "said yes to the spotlight" if yes else "said no to the spotlight", spotlight)
    telling.tell_answer(spotlight)
    return spotlight


@transaction.atomic
def step_out(*, by: Person, spotlight: Spotlight) -> Spotlight:
    """Take one's yes back, at any moment and without a reason: from now on nobody sees it. Stepping out
    twice changes nothing."""
    directory_policy.require(by, policy.may_answer_spotlight, spotlight)
    spotlight = _locked(spotlight)
    if spotlight.state != State.YES:
        return spotlight
    spotlight.state, spotlight.ended_at = State.STEPPED_OUT, timezone.now()
    spotlight.save(update_fields=["state", "ended_at"])
    trail.record(by, "stepped out of the spotlight", spotlight)
    telling.tell_answer(spotlight)
    return spotlight


@transaction.atomic
def call_off(*, by: Person, spotlight: Spotlight) -> Spotlight:
    """End it for the person: nothing has to be answered, nothing is shown. Twice changes nothing."""
    directory_policy.require(by, policy.may_call_off, spotlight)
    spotlight = _locked(spotlight)
    if not spotlight.is_open:
        return spotlight
    spotlight.state, spotlight.ended_at = State.CALLED_OFF, timezone.now()
    spotlight.save(update_fields=["state", "ended_at"])
    trail.record(by, "called a spotlight off", spotlight)
    telling.tell_called_off(spotlight, by=by)
    return spotlight


def _check_free(person: Person) -> None:
    open_ones = Spotlight.objects.filter(person=person, state__in=(State.ASKED, State.YES))
    if open_ones.filter(until__gt=timezone.localdate()).exists():
        told = _("%(name)s is asked already, or stands in the spotlight.") % {"name": person}
        raise ValidationError({"person": told})


def _faults(by: Person, person: Person, why: str, since: date, until: date) -> dict[str, str]:
    faults: dict[str, str] = {}
    if person.pk == by.pk:
        faults["person"] = _("Somebody else puts you in the spotlight.")
    elif not queries.colleagues().filter(pk=person.pk).exists():
        faults["person"] = _("Choose somebody who works here.")
    if not why:
        faults["why"] = _("Say why: this is what everybody reads.")
    if until <= max(since, timezone.localdate()):
        faults["until"] = _("The last day comes after the first, and is still to come.")
    elif until - since > LONGEST:
        faults["until"] = _("A month at most: then it is somebody else’s turn.")
    return faults


def _locked(spotlight: Spotlight) -> Spotlight:
    return Spotlight.objects.select_for_update(of=("self",)).get(pk=spotlight.pk)
