"""Deciding on an insight, letting somebody else decide, and what was put off coming back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.changes import policy, queries, telling
from openroads.changes.models import Change, Decision, Delegate, Insight
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Department, Person
from openroads.directory.people import system_person


@dataclass(frozen=True)
class NewChange:
    """The change a yes begins: what it is in a few words, who sees to it and by when."""

    title: str
    owner: Person
    due_on: date
    about: str = ""
    tracker_url: str = ""
    tracker_key: str = ""


@transaction.atomic
def decide(
    *,
    by: Person,
    insight: Insight,
    answer: str,
    reason: str,
    agreed: str = "",
    cost_ceiling: Decimal | None = None,
    back_on: date | None = None,
    change: NewChange | None = None,
) -> Decision:
    """Answer an insight: yes begins its change, no ends it, later lets it come back on a day.

    Raises ValidationError without a reason, for an insight that waits no more, for a yes without its
    change and for a later without a day to come.
    """
    directory_policy.require(by, policy.may_decide, insight)
    trail.wait_for_turn()  # two heads who press at once decide once, and no number is given twice
    if not Insight.objects.filter(pk=insight.pk, state=Insight.State.OPEN).exists():
        raise ValidationError(_("%(code)s waits for nothing any more.") % {"code": insight.code})
    given = Decision.Answer(answer)
    because = " ".join(reason.split())
    if not because:
        raise ValidationError({"reason": _("Say why: everybody who raised it may ask.")})
    if cost_ceiling is not None and cost_ceiling < 0:
        raise ValidationError({"cost_ceiling": _("A cost is not below zero.")})
    later = given is Decision.Answer.LATER
    if later and (back_on is None or back_on <= timezone.localdate()):
        raise ValidationError({"back_on": _("Say on which day it comes back; a day to come.")})
    if given is Decision.Answer.YES and change is None:
        raise ValidationError({"title": _("A yes begins a change: say what it is, whose, and by when.")})  # fmt: skip
    yes = given is Decision.Answer.YES
    decision = Decision.objects.create(
        insight=insight, answer=given, reason=because[:1_000], agreed=agreed.strip()[:200],
        cost_ceiling=cost_ceiling if yes else None, back_on=back_on if later else None,
        decided_by=by, decided_at=timezone.now(),
    )  # fmt: skip
    insight.state = Insight.State(given.value)
    insight.closed_at = None if later else decision.decided_at
    insight.save(update_fields=["state", "closed_at"])
    trail.record(
        by, "decided on an insight", insight, name=insight.code, outcome=given.value, why=because,
        ceiling=str(decision.cost_ceiling or ""), on=str(decision.back_on or ""),
    )  # fmt: skip
    if yes and change is not None:
        _begin(by, decision, change)
    telling.tell_decided(decision, by=by)
    return decision


@transaction.atomic
def bring_back(*, on: date) -> int:
    """Let what was put off until this day wait again, and tell who decides; returns how many."""
    house = system_person()
    due = Insight.objects.filter(state=Insight.State.LATER).select_related("department__head")
    back = 0
    for insight in due:
        last = insight.decisions.order_by("-decided_at", "-pk").first()
        if last is None or last.back_on is None or last.back_on > on:
            continue
        insight.state, insight.back_at = Insight.State.OPEN, timezone.now()
        insight.save(update_fields=["state", "back_at"])
        entry = trail.record(house, "an insight came back", insight, name=insight.code)
        deciders = queries.deciders_of(insight.department)
        telling.tell_waiting(insight, deciders, by=house, when=str(entry.number))
        back += 1
    return back


@transaction.atomic
def let_decide(*, by: Person, department: Department, person: Person, until: date) -> Delegate:
    """Let somebody of the company decide for a department too, up to and with a day."""
    directory_policy.require(by, policy.may_let_decide, department)
    if not queries.delegates_to_choose(department).filter(pk=person.pk).exists():
        raise ValidationError({"person": _("Choose a colleague who may sign in.")})
    if until < timezone.localdate():
        raise ValidationError({"until": _("Choose a day to come.")})
    row, _made = Delegate.objects.update_or_create(
        department=department, person=person,
        defaults={"until": until, "given_by": by, "given_at": timezone.now()},
    )  # fmt: skip
    trail.record(by, "let somebody decide", department, person=person.name, until=str(until))
    return row


@transaction.atomic
def end_delegate(*, by: Person, delegate: Delegate) -> None:
    """They decide for this department no more."""
    directory_policy.require(by, policy.may_let_decide, delegate.department)
    trail.record(
        by, "let somebody decide no more", delegate.department, person=delegate.person.name
    )
    delegate.delete()


def _begin(by: Person, decision: Decision, new: NewChange) -> Change:
    insight = decision.insight
    title = " ".join(new.title.split())
    if not title:
        raise ValidationError({"title": _("Say what will change, in a few words.")})
    if new.due_on < timezone.localdate():
        raise ValidationError({"due_on": _("Choose a day to come.")})
    if not queries.makers_to_choose().filter(pk=new.owner.pk).exists():
        raise ValidationError({"owner": _("Choose a colleague who may sign in.")})
    last = Change.objects.aggregate(last=Max("number"))["last"] or 0
    change = Change.objects.create(
        number=last + 1, insight=insight, decision=decision, title=title[:200],
        about=new.about.strip()[:120], department=insight.department, owner=new.owner, opened_by=by,
        opened_at=decision.decided_at, first_due_on=new.due_on, due_on=new.due_on,
        tracker_url=new.tracker_url, tracker_key=new.tracker_key.strip()[:80],
    )  # fmt: skip
    trail.record(
        by, "began a change", change, name=change.code, title=title, owner=new.owner.name,
        until=str(new.due_on),
    )  # fmt: skip
    telling.tell_owner(change, by=by)
    return change
