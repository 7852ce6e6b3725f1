"""Doing things with successes: recording, correcting, confirming, withdrawing, and saying who may hear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.champions import policy, queries, telling
from openroads.champions.handing import Origin, Origins
from openroads.champions.models import Success
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.ui.veiling import without_names

FACTS = ("kind", "title", "story", "on", "level", "proof", "low", "base", "high", "currency")
WIDER = {Success.Tell.NOBODY: 0, Success.Tell.COLLEAGUES: 1, Success.Tell.OUTSIDE: 2}


@dataclass(frozen=True)
class Told:
    """What is told of a success."""

    kind: str
    title: str
    on: date
    level: str
    story: str = ""
    proof: str = ""
    low: Decimal | None = None
    base: Decimal | None = None
    high: Decimal | None = None
    currency: str = Success.Currency.EUR


def record_success(
    *,
    by: Person,
    owner: Person,
    told: Told,
    tell: str = Success.Tell.NOBODY,
    tell_how: str = "",
    origin: Origin | None = None,
    origins: Origins | None = None,
) -> Success:
    """Write a success down. Of a colleague nobody hears until they agreed: they are asked, and `tell` is left out.

    With an `origin` its room is told, by `origins`, in the same transaction. Raises ValidationError for what
    does not hold together, and for a second success of one person from one origin.
    """
    directory_policy.require(by, policy.may_record)
    _check_colleague(owner)
    facts = _checked(told, _names(origin, origins), has_origin=origin is not None)
    with transaction.atomic():
        trail.wait_for_turn()  # two at the same moment must not get one number, nor one origin twice
        if origin is not None:
            _check_once(origin, owner)
        last = Success.objects.aggregate(last=Max("number"))["last"] or 0
        success = Success(
            number=last + 1, owner=owner, recorded_by=by, recorded_at=timezone.now(), **facts,
            **facts_of_origin(origin),
        )  # fmt: skip
        if owner.pk == by.pk:
            _agree(success, by, tell, tell_how)
        success.save()
        trail.record(
            by, "recorded a success", success, name=success.code, kind=success.kind,
            level=success.level, owner=str(owner),
        )  # fmt: skip
        telling.tell_owner(success, by=by)
        if success.needs_confirming:
            telling.tell_keepers(success, by=by)
        if origin is not None and origins is not None:
            origins.note(by=by, origin=origin, became="success", code=success.code)
    return success


def correct_success(
    *, by: Person, success: Success, told: Told, seen: int, origins: Origins | None = None
) -> Success:
    """Say it otherwise. What was confirmed must be looked at again; and where another than whose it is
    changes the words, nobody hears of them until they agreed anew. Raises ValidationError when somebody
    corrected it since version `seen`."""
    directory_policy.require(by, policy.may_correct, success)
    origin = origins.seen(by, success.origin_room, success.origin_id) if origins else None
    facts = _checked(told, _names(origin, origins), has_origin=bool(success.origin_room))
    with transaction.atomic():
        success = _locked(success, seen)
        before = {name: getattr(success, name) for name in FACTS}
        changed = [name for name in FACTS if before[name] != facts[name]]
        if not changed:
            return success
        for name in changed:
            setattr(success, name, facts[name])
        success.version += 1
        success.confirmed_by = success.confirmed_at = None
        reworded = by.pk != success.owner_id and bool({"title", "story"} & set(changed))
        if reworded:
            _fall_silent(success)
        success.save()
        kept = {name: {"was": str(before[name]), "now": str(facts[name])} for name in ("kind", "level") if name in changed}  # fmt: skip
        trail.record(by, "corrected a success", success, name=success.code, **kept)
        if reworded:
            telling.tell_owner(success, by=by)
        if success.needs_confirming:
            telling.tell_keepers(success, by=by)
    return success


@transaction.atomic
def confirm_success(*, by: Person, success: Success, seen: int) -> Success:
    """Say, as a second person, that it is known the way it says: levels A and B. Confirming twice changes
    nothing. Raises ValidationError when it was corrected since version `seen`."""
    directory_policy.require(by, policy.may_confirm, success)
    success = _locked(success, seen)
    if not success.needs_confirming:
        return success
    success.confirmed_by, success.confirmed_at = by, timezone.now()
    success.save(update_fields=["confirmed_by", "confirmed_at"])
    trail.record(by, "confirmed a success", success, name=success.code, level=success.level)
    return success


@transaction.atomic
def withdraw_success(*, by: Person, success: Success, why: str) -> Success:
    """Take it back, saying why: it counts nowhere any more. Raises ValidationError without a reason."""
    directory_policy.require(by, policy.may_correct, success)
    success = _locked(success)
    reason = " ".join(why.split())
    if not reason:
        raise ValidationError({"why": _("Say why: who finds it later wants to know.")})
    success.withdrawn_by, success.withdrawn_at, success.withdrawn_why = by, timezone.now(), reason[:300]  # fmt: skip
    success.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_why"])
    trail.record(by, "withdrew a success", success, name=success.code)
    return success


@transaction.atomic
def let_tell(*, by: Person, success: Success, tell: str, how: str = "") -> Success:
    """Say who may hear of it: whose it is says so, and can take it back at any moment; who keeps successes
    may only say that fewer hear of it. People outside hear of it when the people it is about agreed, and
    `how` says how they did; without, raises ValidationError."""
    directory_policy.require(by, policy.may_keep_silent, success)
    success = _locked(success)
    narrows = WIDER[Success.Tell(tell)] < WIDER[Success.Tell(success.tell)]
    if not narrows:
        directory_policy.require(by, policy.may_let_tell, success)
    was = success.tell
    _agree(success, by, tell, how)
    success.save(update_fields=["tell", "tell_by", "tell_at", "tell_how"])
    trail.record(
        by, "said who may hear of a success", success, name=success.code,
        tell={"was": was, "now": success.tell},
    )  # fmt: skip
    return success


def _agree(success: Success, by: Person, tell: str, how: str) -> None:
    agreed = " ".join(how.split())
    if tell == Success.Tell.OUTSIDE and not agreed:
        raise ValidationError(
            {"tell_how": _("Say how the people it is about agreed. Without that only colleagues hear of it.")}
        )  # fmt: skip
    if tell == Success.Tell.NOBODY:
        _fall_silent(success)
        return
    success.tell, success.tell_by, success.tell_at = tell, by, timezone.now()
    success.tell_how = agreed[:300] if tell == Success.Tell.OUTSIDE else ""


def _fall_silent(success: Success) -> None:
    success.tell, success.tell_by, success.tell_at, success.tell_how = (
        Success.Tell.NOBODY, None, None, "",
    )  # fmt: skip


def _locked(success: Success, seen: int | None = None) -> Success:
    """The row as it is now, held until the transaction ends. Raises ValidationError when it was withdrawn, or
    corrected since it was read."""
    found = Success.objects.select_for_update(of=("self",)).get(pk=success.pk)
    if found.is_withdrawn:
        raise ValidationError(_("It was withdrawn. What was withdrawn stays as it was."))
    if seen is not None and found.version != seen:
        raise ValidationError(_("Somebody corrected it meanwhile. Read it again first."))
    return found


def _check_colleague(owner: Person) -> None:
    if not queries.colleagues().filter(pk=owner.pk).exists():
        raise ValidationError({"owner": _("Choose somebody who works here.")})


def _check_once(origin: Origin, owner: Person) -> None:
    known = queries.living_of(origin.room, origin.id, owner)
    if known is not None:
        raise ValidationError(
            {"owner": _("%(name)s has this as %(code)s already. Correct that one.")
             % {"name": owner, "code": known.code}}
        )  # fmt: skip


def _names(origin: Origin | None, origins: Origins | None) -> Sequence[str]:
    """What people outside behind an origin are called; asked before anything is locked."""
    return origins.names(origin) if origin is not None and origins is not None else ()


def _checked(told: Told, names: Sequence[str], *, has_origin: bool) -> dict[str, Any]:
    """The facts as they are kept. Raises ValidationError with a sentence for each field that does not hold."""
    faults: dict[str, str] = {}
    title, story, proof = " ".join(told.title.split()), told.story.strip(), " ".join(told.proof.split())  # fmt: skip
    if not title:
        faults["title"] = _("Say in one sentence what happened.")
    if told.on > timezone.localdate():
        faults["on"] = _("This day is still to come.")
    if told.level == Success.Level.A and not proof:
        faults["proof"] = _("Level A stands in the books: say where.")
    if told.level == Success.Level.B and not (proof or has_origin):
        faults["proof"] = _("At level B the customer says so: say where that can be seen.")
    low, base, high = _amounts(told, faults)
    faults = check_no_names({"title": title, "story": story, "proof": proof}, names) | faults
    if faults:
        raise ValidationError(faults)
    return {
        "kind": Success.Kind(told.kind), "title": title[:160], "story": story, "on": told.on,
        "level": Success.Level(told.level), "proof": proof[:300], "low": low, "base": base, "high": high,
        "currency": Success.Currency(told.currency),
    }  # fmt: skip


def _amounts(
    told: Told, faults: dict[str, str]
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    low, base, high = told.low, told.base, told.high
    if base is None and low is None and high is None:
        return None, None, None
    if base is not None and low is None and high is None and told.level == Success.Level.A:
        return base, base, base  # the books know it to the cent
    if low is None or base is None or high is None:
        faults["base"] = _("Give all three amounts, or none. Nobody knows is a good answer.")
    elif not 0 <= low <= base <= high:
        faults["base"] = _("The amounts go up: at least, most likely, at most.")
    return low, base, high


def facts_of_origin(origin: Origin | None) -> dict[str, str]:
    """Where a thing came from, as its row keeps it."""
    if origin is None:
        return {}
    return {"origin_room": origin.room, "origin_id": origin.id, "origin_url": origin.link.url}


def check_no_names(texts: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """A sentence for each text in which a name of people outside stands."""
    faults = {}
    for field, text in texts.items():
        for name in names:
            if name and without_names(text, [name], "") != text:
                faults[field] = _("“%(name)s” is what somebody outside is called. Say “a customer”: who is erased must not stay here.") % {"name": name}  # fmt: skip
    return faults
