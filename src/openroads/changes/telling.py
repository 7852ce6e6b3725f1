"""What is said to colleagues, and to programs, about insights and changes: notices in the language of who
reads them, and events."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openroads.changes.models import Change, Decision, Insight
from openroads.delivery.hooks import declare_event, tell_hooks
from openroads.delivery.notices import language_of, notify
from openroads.directory.models import Person
from openroads.ui.formats import day

declare_event("insight.opened", gettext_lazy("an insight is opened"))
declare_event("change.decided", gettext_lazy("a department decides on an insight"))
declare_event("change.postponed", gettext_lazy("a change gets another day"))
declare_event("change.live", gettext_lazy("a change is live"))
declare_event("change.stopped", gettext_lazy("a change is stopped"))
declare_event("change.measured", gettext_lazy("a change is measured again"))


def address_of(insight: Insight) -> str:
    """Where an insight can be read, within the house."""
    return reverse("changes:insight", args=[insight.number])


def tell_waiting(insight: Insight, people: Iterable[Person], *, by: Person, when: str) -> None:
    """Tell who decides that an insight waits; who did it needs no telling. `when` makes the deed
    one of its kind: an insight may come to the same department twice."""
    for person in people:
        if person.pk == by.pk:
            continue
        with translation.override(language_of(person)):
            notify(
                to=person,
                deed=f"insight {insight.pk} waits {when} for person {person.pk}",
                title=_("%(code)s waits for a decision: %(title)s")
                % {"code": insight.code, "title": insight.title},
                text=_("Given to %(department)s by %(name)s. Decide within %(n)s days.")
                % {"department": insight.department, "name": by, "n": insight.decide_within},
                url=address_of(insight),
                mail=True,
            )


def tell_ended(insight: Insight, people: Iterable[Person], *, by: Person) -> None:
    """Tell who waited for it that nothing has to be decided any more."""
    for person in people:
        if person.pk == by.pk:
            continue
        with translation.override(language_of(person)):
            if insight.joined_to is not None:
                title = _("%(code)s is part of %(other)s now") % {
                    "code": insight.code, "other": insight.joined_to.code,
                }  # fmt: skip
            else:
                title = _("%(code)s was withdrawn") % {"code": insight.code}
            notify(
                to=person,
                deed=f"insight {insight.pk} ended for person {person.pk}",
                title=title,
                text=insight.closed_why,
                url=address_of(insight.joined_to or insight),
            )


def tell_opened(insight: Insight, *, by: Person) -> None:
    """Tell the programs of others that asked to hear of insights."""
    tell_hooks(
        by=by,
        event="insight.opened",
        deed=f"insight {insight.pk} opened",
        facts={
            "code": insight.code,
            "title": insight.title,
            "department": insight.department.name,
            "opened_at": insight.opened_at.isoformat(),
            "decide_by": insight.decide_by.isoformat(),
            "url": f"{settings.OPENROADS.url}{address_of(insight)}",
        },
    )


def address_of_change(change: Change) -> str:
    """Where a change can be read, within the house."""
    return reverse("changes:change", args=[change.number])


def tell_decided(decision: Decision, *, by: Person) -> None:
    """Tell who opened the insight what became of it, and the programs of others."""
    insight = decision.insight
    opener = insight.opened_by
    if opener.pk != by.pk:
        with translation.override(language_of(opener)):
            notify(
                to=opener,
                deed=f"decision {decision.pk} for person {opener.pk}",
                title=_("%(code)s is decided: %(answer)s")
                % {"code": insight.code, "answer": decision.get_answer_display()},
                text=f"{insight.title}. {decision.reason}",
                url=address_of(insight),
            )
    tell_hooks(
        by=by,
        event="change.decided",
        deed=f"decision {decision.pk}",
        facts={
            "insight": insight.code,
            "title": insight.title,
            "answer": decision.answer,
            "department": insight.department.name,
            "decided_at": decision.decided_at.isoformat(),
            "back_on": decision.back_on.isoformat() if decision.back_on else None,
            "change": facts_of(decision.change) if hasattr(decision, "change") else None,
            "url": f"{settings.OPENROADS.url}{address_of(insight)}",
        },
    )


def facts_of(change: Change) -> dict[str, object]:
    """A change as programs of others are told: no person in it."""
    return {
        "code": change.code,
        "title": change.title,
        "state": change.state,
        "department": change.department.name,
        "due_on": change.due_on.isoformat(),
        "live_on": change.live_on.isoformat() if change.live_on else None,
        "proof": change.proof,
        "proof_url": change.proof_url,
        "tracker_url": change.tracker_url,
        "tracker_key": change.tracker_key,
        "url": f"{settings.OPENROADS.url}{address_of_change(change)}",
    }


def tell_changed(event: str, change: Change, *, by: Person, when: str) -> None:
    """Tell the programs of others what happened to a change; `when` makes it one of its kind."""
    deed = f"{event} {change.pk} {when}".strip()
    tell_hooks(by=by, event=event, deed=deed, facts=facts_of(change))


def tell_owner(change: Change, *, by: Person) -> None:
    """Tell somebody that a change is theirs."""
    if change.owner_id == by.pk:
        return
    with translation.override(language_of(change.owner)):
        notify(
            to=change.owner,
            deed=f"change {change.pk} is of person {change.owner_id}",
            title=_("%(code)s is yours: %(title)s") % {"code": change.code, "title": change.title},
            text=_("It is promised for %(day)s.") % {"day": day(change.due_on)},
            url=address_of_change(change),
            mail=True,
        )


def tell_live(change: Change, tellers: Iterable[Person], *, by: Person) -> None:
    """Tell who answers people that this can be told back, and the programs of others that it is live."""
    for person in tellers:
        with translation.override(language_of(person)):
            notify(
                to=person,
                deed=f"change {change.pk} can be told by person {person.pk}",
                title=_("%(code)s is live: tell who raised it") % {"code": change.code},
                text=change.what,
                url=reverse("changes:telling", args=[change.number]),
            )
    tell_changed("change.live", change, by=by, when="")


def remind(
    people: Iterable[Person], *, deed: str, title: Callable[[], str], text: Callable[[], str],
    url: str, mail: bool = False,
) -> None:  # fmt: skip
    """Tell people that a promised day comes or is past; each once for a deed, in their language."""
    for person in people:
        with translation.override(language_of(person)):
            notify(
                to=person, deed=f"{deed} for person {person.pk}", title=title(), text=text(), url=url,
                mail=mail,
            )  # fmt: skip
