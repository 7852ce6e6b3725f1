"""Notes between colleagues, and telling who is named in them."""

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.delivery.notices import notify
from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.webcare import policy, queries
from openroads.webcare.actions.claiming import check_not_merged, locked
from openroads.webcare.happening import Type, happened
from openroads.webcare.models import Case, Draft, Message
from openroads.webcare.settling import add_message

_NAMED = re.compile(r"@([\w'’-]+(?:[ ][\w'’-]+){0,3})")


@transaction.atomic
def add_note(*, by: Person, case: Case, text: str) -> Message:
    """Write something that only colleagues see. Who is named with an @ and answers people is told. Raises
    ValidationError for nothing written."""
    directory_policy.require(by, policy.may_act_in, case)
    said = text.strip()
    if not said:
        raise ValidationError({"text": _("Write a note first.")})
    case = locked(case)
    check_not_merged(case)
    named = named_in(said, queries.people_who_answer(case.team))
    message = add_message(
        case, kind=Message.Kind.NOTE, said_at=timezone.now(), by=by, text=said,
        mentions=[one.pk for one in named],
    )  # fmt: skip
    happened(case, Type.NOTED, by=by, message=message)
    Draft.objects.filter(case=case, by=by, kind="note").delete()
    for person in named:
        if person.pk != by.pk:
            notify(
                to=person, deed=f"message {message.pk} names {person.pk}",
                title=_("%(name)s named you in %(code)s") % {"name": by, "code": case.code},
                text=said[:300], url=f"/answer/cases/{case.pk}/",
            )  # fmt: skip
    return message


def named_in(text: str, people: Sequence[Person]) -> list[Person]:
    """The colleagues a note names with an @: by their whole name, or by a first name that only one bears."""
    said = [found[1].lower() for found in _NAMED.finditer(text)]
    firsts = [person.name.split()[0].lower() for person in people if person.name]
    found = []
    for person in people:
        whole = person.name.lower()
        first = whole.split()[0] if whole else ""
        alone = firsts.count(first) == 1
        if any(each.startswith(whole) or (alone and each.split()[0] == first) for each in said):
            found.append(person)
    return found
