"""Keeping a view, marking an event, and taking either away again."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.models import Department, Person, Team
from openroads.listening import policy
from openroads.listening.explore.models import Event, SavedView


@transaction.atomic
def save_view(
    *,
    by: Person,
    name: str,
    query: str,
    shared: bool,
    department: Department | None = None,
    team: Team | None = None,
) -> SavedView:
    """Keep a view under a name, for oneself, for the people of a department or team, or for all who
    may read; the same name once more replaces what it stood for."""
    directory_policy.require(by, policy.may_read_conversations)
    view, _new = SavedView.objects.update_or_create(
        by=by,
        name=name,
        defaults={"query": query, "shared": shared, "department": department, "team": team},
    )
    trail.record(by, "saved a view", view, name=name)
    return view


@transaction.atomic
def share_view(
    *, by: Person, view: SavedView, shared: bool, department: Department | None, team: Team | None
) -> SavedView:
    """Say who else sees a view; only who saved it can."""
    directory_policy.require(by, policy.may_forget_view, view)
    view.shared, view.department, view.team = shared, department, team
    view.save(update_fields=["shared", "department", "team"])
    trail.record(
        by, "shared a view", view, name=view.name, department=department.name if department else "",
        team=team.name if team else "", value=shared,
    )  # fmt: skip
    return view


@transaction.atomic
def forget_view(*, by: Person, view: SavedView) -> None:
    """Take a view away; only who saved it can."""
    directory_policy.require(by, policy.may_forget_view, view)
    trail.record(by, "forgot a view", view, name=view.name)
    view.delete()


@transaction.atomic
def mark_event(
    *,
    by: Person,
    on: date,
    what: str,
    brand: Brand | None = None,
    until: date | None = None,
    note: str = "",
    kind: str = Event.Kind.OTHER,
    view: SavedView | None = None,
) -> Event:
    """Mark what happened on a day (or until another, included) on every line over time, or, with a
    `view`, on the lines of that view; said twice it is one event."""
    if view is None:
        directory_policy.require(by, policy.may_mark_events)
    else:
        directory_policy.require(by, policy.may_note_on, view)
    if until is not None and until < on:
        raise ValidationError({"until": _("The last day comes before the first.")})
    event, made = Event.objects.get_or_create(
        on=on, what=what, view=view,
        defaults={"brand": brand, "by": by, "until": until, "note": note, "kind": kind},
    )  # fmt: skip
    if made:
        trail.record(by, "marked an event", event, name=what, since=on.isoformat(), kind=kind)
    return event


@transaction.atomic
def say_kind(*, by: Person, event: Event, kind: str) -> Event:
    """Say what kind an event is, also of one that somebody marked before events had kinds."""
    directory_policy.require(by, policy.may_take_mark_away, event)
    if kind not in Event.Kind.values:
        raise ValidationError({"kind": _("There is no such kind of event.")})
    if event.kind != kind:
        was, event.kind = event.kind, kind
        event.save(update_fields=["kind"])
        trail.record(by, "said the kind of an event", event, name=event.what, kind={"was": was, "now": kind})  # fmt: skip
    return event


@transaction.atomic
def unmark_event(*, by: Person, event: Event) -> None:
    """Take a mark away; a note on a view also by who made it, or whose view it is."""
    directory_policy.require(by, policy.may_take_mark_away, event)
    trail.record(by, "took an event away", event, name=event.what, since=event.on.isoformat())
    event.delete()
