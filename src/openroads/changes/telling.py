"""What is said to colleagues about insights: notices in the language of who reads them."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openroads.changes.models import Insight
from openroads.delivery.hooks import declare_event, tell_hooks
from openroads.delivery.notices import language_of, notify
from openroads.directory.models import Person

declare_event("insight.opened", gettext_lazy("an insight is opened"))


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
