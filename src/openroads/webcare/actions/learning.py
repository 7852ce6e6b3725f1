"""From a case to an insight: what one person told us becomes evidence of what many did."""

from datetime import UTC

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openroads.analysis.pseudonyms import pseudonym
from openroads.archive.queries.cases import Collected
from openroads.changes import actions as changes
from openroads.changes.evidence import Frozen, Origin, Quoted
from openroads.changes.models import Evidence, Insight
from openroads.directory import policy as directory_policy
from openroads.directory.models import Department, Person
from openroads.ui.veiling import veiled_text, without_names
from openroads.webcare import policy, queries
from openroads.webcare.actions.claiming import locked
from openroads.webcare.belonging import answering_handles
from openroads.webcare.happening import Type, happened
from openroads.webcare.models import Case, Message
from openroads.webcare.words import mark_of, words_of


def join_insight(*, by: Person, case: Case, insight: Insight) -> Insight:
    """Let an insight that waits rest on this case, too."""
    directory_policy.require(by, policy.may_act_in, case)
    evidence = _frozen(case)  # the archive is asked before anything is locked
    with transaction.atomic():
        case = locked(case)
        changes.add_evidence(by=by, insight=insight, evidence=evidence)
        return _linked(by, case, insight)


def begin_insight(*, by: Person, case: Case, title: str, department: Department) -> Insight:
    """Open an insight that begins with this case."""
    directory_policy.require(by, policy.may_act_in, case)
    evidence = _frozen(case)
    with transaction.atomic():
        case = locked(case)
        insight = changes.open_insight(
            by=by, title=title, department=department, evidence=[evidence],
            origin=Origin("webcare", str(case.pk), f"/answer/cases/{case.pk}/"),
        )  # fmt: skip
        return _linked(by, case, insight)


def _linked(by: Person, case: Case, insight: Insight) -> Insight:
    case.insight = insight.code
    case.save(update_fields=["insight"])
    happened(case, Type.LINKED, by=by, insight=insight.code)
    return insight


def _frozen(case: Case) -> Frozen:
    """The case as evidence: one case by one person, with their words. Raises ValidationError when none of
    their words are held any more, and for a private case: its words are for who answers alone."""
    if case.kind == Case.Kind.PRIVATE:
        quotes: tuple[Quoted, ...] = ()
        count = Message.objects.filter(case=case, kind=Message.Kind.THEIRS).count()
        first = case.opened_at.date()
    else:
        said = [one for one in queries.messages_of(case) if one.kind == Message.Kind.THEIRS]
        posts = sorted(words_of(said).values(), key=lambda post: post.place)
        if not posts:
            raise ValidationError(
                _("Nothing they said is held any more, so there is nothing to rest on.")
            )
        quotes, count = tuple(_quoted(post, answering_handles()) for post in posts[:3]), len(posts)
        first = posts[0].published_at.date()
    return Frozen(
        kind=Evidence.Kind.CASE, name=_("Case %(code)s") % {"code": case.code},
        url=f"/answer/cases/{case.pk}/", first_on=first, posts=count, people=1, cases=1, quotes=quotes,
    )  # fmt: skip


def _quoted(post: Collected, ours: frozenset[str]) -> Quoted:
    """A post as evidence keeps it: without who wrote it, and without names in its words."""
    own, name = [post.author.lstrip("@"), post.author_name], pseudonym(post.author_key)
    title, text = (
        veiled_text(without_names(told, own, name), ours) for told in (post.title, post.text)
    )
    return Quoted(
        post=post.id, published_at=post.published_at.astimezone(UTC), source=post.source,
        network=post.network, language=post.language,
        tone=None if post.tone != post.tone else float(post.tone), mood=post.mood,
        title=title, text=text, place=f"/listen/posts/{mark_of(post)}/",
    )  # fmt: skip
