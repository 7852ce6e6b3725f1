"""Doing things with a change: correcting it, postponing, going live with its proof, stopping, its yield."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.changes import policy, queries, telling
from openroads.changes.models import Change, TrackerMove
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person

FIELDS = ("title", "about", "owner", "tracker_url", "tracker_key")


@dataclass(frozen=True)
class Yield:
    """What a change brings in a month, with its bounds, and how it is known. None: not said."""

    low: Decimal | None = None
    base: Decimal | None = None
    high: Decimal | None = None
    what: str = ""
    level: str = ""
    by: str = ""


@transaction.atomic
def correct_change(
    *, by: Person, change: Change, title: str, about: str, owner: Person, tracker_url: str,
    tracker_key: str,
) -> Change:  # fmt: skip
    """Say anew what it is called, whose it is, and where the work is followed."""
    directory_policy.require(by, policy.may_keep_change, change)
    said = {
        "title": " ".join(title.split())[:200], "about": about.strip()[:120], "owner": owner,
        "tracker_url": tracker_url.strip(), "tracker_key": tracker_key.strip()[:80],
    }  # fmt: skip
    if not said["title"]:
        raise ValidationError({"title": _("Say what will change, in a few words.")})
    moved = {}
    for name, now in said.items():
        was = getattr(change, name)
        if was != now:
            moved[name] = {"was": str(was), "now": str(now)}
            setattr(change, name, now)
    if not moved:
        return change
    change.save(update_fields=list(said))
    moved = {TRAIL_NAMES.get(name, name): fact for name, fact in moved.items()}
    trail.record(by, "corrected a change", change, **moved)
    if "owner" in moved:
        telling.tell_owner(change, by=by)
    return change


TRAIL_NAMES = {"about": "products", "tracker_url": "url", "tracker_key": "key"}


@transaction.atomic
def postpone(*, by: Person, change: Change, due_on: date, why: str) -> Change:
    """Promise another day, saying why. The clock runs on from the decision."""
    directory_policy.require(by, policy.may_keep_change, change)
    _check_making(change)
    reason = " ".join(why.split())
    if not reason:
        raise ValidationError({"why": _("Say why: who waits for it wants to know.")})
    if due_on < timezone.localdate() or due_on == change.due_on:
        raise ValidationError({"due_on": _("Choose another day, one to come.")})
    was, change.due_on = change.due_on, due_on
    change.save(update_fields=["due_on"])
    trail.record(by, "postponed a change", change, until={"was": str(was), "now": str(due_on)}, why=reason)  # fmt: skip
    telling.tell_changed("change.postponed", change, by=by, when=f"{due_on} from {was}")
    return change


@transaction.atomic
def go_live(
    *, by: Person, change: Change, live_on: date, what: str, proof: str, proof_url: str = "",
    cost: Decimal | None = None, cost_what: str = "",
) -> Change:  # fmt: skip
    """Say that it is live since a day, what is different now, and by what anybody can see it.

    Raises ValidationError without proof, for a day to come and for one before the decision.
    """
    directory_policy.require(by, policy.may_keep_change, change)
    _check_making(change)
    said, seen = " ".join(what.split()), " ".join(proof.split())
    if not said:
        raise ValidationError({"what": _("Say what is different now, for who raised it.")})
    if not seen:
        raise ValidationError({"proof": _("Say by what anybody can see it: a bulletin, a release, a photo.")})  # fmt: skip
    if live_on > timezone.localdate():
        raise ValidationError({"live_on": _("This day is still to come.")})
    if live_on < change.decided_on:
        raise ValidationError({"live_on": _("It cannot be live before it was decided.")})
    if cost is not None and cost < 0:
        raise ValidationError({"cost": _("A cost is not below zero.")})
    change.state, change.live_on, change.live_by = Change.State.LIVE, live_on, by
    change.what, change.proof, change.proof_url = said[:500], seen[:200], proof_url.strip()
    change.cost, change.cost_what = cost, cost_what.strip()[:120]
    change.save(
        update_fields=["state", "live_on", "live_by", "what", "proof", "proof_url", "cost", "cost_what"]
    )  # fmt: skip
    TrackerMove.objects.filter(change=change, settled_at=None).update(settled_at=timezone.now())
    trail.record(
        by, "went live with a change", change, name=change.code, on=str(live_on), proof=seen,
        url=change.proof_url, cost=str(cost if cost is not None else ""),
    )  # fmt: skip
    telling.tell_live(change, queries.tellers(), by=by)
    return change


@transaction.atomic
def stop(*, by: Person, change: Change, why: str) -> Change:
    """End a change that will not be made after all, saying why."""
    directory_policy.require(by, policy.may_keep_change, change)
    _check_making(change)
    reason = " ".join(why.split())
    if not reason:
        raise ValidationError({"why": _("Say why: who waits for it wants to know.")})
    change.state, change.stopped_on = Change.State.STOPPED, timezone.localdate()
    change.stopped_why = reason[:300]
    change.save(update_fields=["state", "stopped_on", "stopped_why"])
    trail.record(by, "stopped a change", change, name=change.code, why=reason)
    telling.tell_changed("change.stopped", change, by=by, when="")
    return change


@transaction.atomic
def say_yield(*, by: Person, change: Change, told: Yield) -> Change:
    """Say what a live change brings in a month, between what and what, and how that is known."""
    directory_policy.require(by, policy.may_keep_change, change)
    if change.live_on is None:
        raise ValidationError(_("Nothing comes of it before it is live."))
    given = [told.low, told.base, told.high]
    known = [value for value in given if value is not None]
    if known and (len(known) < 3 or known != sorted(known)):
        raise ValidationError({"base": _("Say all three: at least, probably, at most, in this order.")})  # fmt: skip
    if known and not told.level:
        raise ValidationError({"level": _("Say how it is known.")})
    change.yield_low, change.yield_base, change.yield_high = given
    change.yield_what, change.yield_level = told.what.strip()[:120], told.level if known else ""
    change.yield_by = told.by.strip()[:80]
    change.save(
        update_fields=["yield_low", "yield_base", "yield_high", "yield_what", "yield_level", "yield_by"]
    )  # fmt: skip
    trail.record(
        by, "said what a change brings", change, brings=str(told.base if told.base is not None else ""),
        level=told.level,
    )  # fmt: skip
    return change


@transaction.atomic
def settle_move(*, by: Person, move: TrackerMove) -> None:
    """Leave what a tracker says for what it is: not live."""
    directory_policy.require(by, policy.may_keep_change, move.change)
    if move.settled_at is None:
        move.settled_at = timezone.now()
        move.save(update_fields=["settled_at"])
        trail.record(by, "left a move in a tracker", move.change, outcome=move.status)


def _check_making(change: Change) -> None:
    """For this transaction alone: two who say at once that it is live, or stopped, say it once."""
    rows = Change.objects.select_for_update().filter(pk=change.pk, state=Change.State.MAKING)
    if rows.first() is None:
        raise ValidationError(_("%(code)s is not being made any more.") % {"code": change.code})
