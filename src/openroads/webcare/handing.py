"""A case as other rooms see it that make something of it: its door for who sees it, and a line in its log.

No words of people go along: they stand in the archive, and what another room says of them is its own.
"""

from collections.abc import Sequence

from django.urls import reverse

from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.ui.handing import Link
from openroads.webcare import policy, queries
from openroads.webcare.actions.claiming import locked
from openroads.webcare.actions.forgetting import cases_of_erased
from openroads.webcare.happening import Type, happened
from openroads.webcare.models import Case, Message
from openroads.webcare.words import words_of

BECAME = {"success": Type.SUCCESS, "spotlight": Type.SPOTLIGHT}


def seen(person: Person, id: str) -> Link | None:
    """The door to a case, when it exists for this person."""
    if not (id.isascii() and id.isdecimal() and len(id) < 12):
        return None
    case = queries.cases_for(person).filter(pk=int(id)).first()
    return Link(case.code, reverse("webcare:case", args=[case.pk])) if case is not None else None


def names(id: str) -> Sequence[str]:
    """What people in a case are called, as networks say it: names and handles."""
    said = Message.objects.filter(case=int(id), kind=Message.Kind.THEIRS).order_by("-seq")[:20]
    posts = words_of(list(said)).values()
    found = {name.lstrip("@") for post in posts for name in (post.author_name, post.author)}
    return sorted(found - {""})


def note(*, by: Person, id: str, became: str, code: str) -> None:
    """Write down in its log that something was made of a case. Inside the transaction of that deed."""
    case = locked(Case(pk=int(id)))
    directory_policy.require(by, policy.may_act_in, case)
    happened(case, BECAME[became], by=by, code=code)


def erased() -> Sequence[str]:
    """The cases of people who were erased."""
    return [str(pk) for pk in cases_of_erased()]
