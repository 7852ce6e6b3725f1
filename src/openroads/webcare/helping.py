"""What stands beside a case to answer it with: articles, saved replies, the way we answer such a thing."""

from dataclasses import dataclass

from django.urls import reverse

from openroads.archive.queries.cases import Collected
from openroads.directory.models import Person
from openroads.webcare.approach.models import Approach, ColleagueQuestion
from openroads.webcare.approach.queries import approach_for, questions_of
from openroads.webcare.help.suggesting import Suggestion, suggest
from openroads.webcare.models import Case
from openroads.webcare.saved.filling import filled
from openroads.webcare.saved.models import SavedReply


@dataclass(frozen=True)
class Beside:
    """What helps to answer a case."""

    suggestions: list[Suggestion]
    approach: Approach | None
    questions: list[ColleagueQuestion]
    ask: str
    """Where a colleague is asked."""


def beside(case: Case, post: Collected | None) -> Beside:
    """What helps with the last word of a case; without words, only what was asked of colleagues."""
    text = f"{post.title} {post.text}" if post is not None else ""
    return Beside(
        suggest(text, case.language, case.product, case.topics) if text else [],
        approach_for(case, text),
        questions_of(case),
        reverse("webcare:ask_colleague", args=[case.pk]),
    )


def with_help(
    text: str, helped_by: str, code: str, case: Case, post: Collected | None, person: Person
) -> tuple[str, str]:
    """What stands in the box after something was put into it, and with what it was made then. What is
    in it already, or unknown, changes nothing."""
    known = [one for one in helped_by.split(",") if one]
    if code in known:
        return text, helped_by
    found = next((one for one in beside(case, post).suggestions if one.code == code), None)
    if found is None:
        return text, helped_by
    words = found.insert
    if found.is_reply:
        reply = SavedReply.objects.get(pk=int(code.removeprefix("reply ")))
        name = (post.author_name or "").split()[0] if post is not None and post.author_name else ""
        words = filled(reply, case, name, person.name.split()[0] if person.name else "")
    joined = f"{text.rstrip()}\n\n{words}" if text.strip() else words
    return joined, ",".join([*known, code])
