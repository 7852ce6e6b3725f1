"""Putting an answer on the public page, and taking it off."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.changes import policy
from openroads.changes.models import Change, Insight, PublicWord
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person

TEXTS = ("said_en", "said_nl", "did_en", "did_nl")


@transaction.atomic
def publish(*, by: Person, insight: Insight, kind: str, texts: dict[str, str]) -> PublicWord:
    """Let everybody read what was said and what was done, or why not, in both languages.

    Raises ValidationError for an insight nobody decided on, for "we did" before it is live, and where
    one of the four texts is missing.
    """
    directory_policy.require(by, policy.may_publish)
    said = {name: " ".join(texts.get(name, "").split()) for name in TEXTS}
    missing = {name: [_("Write it in both languages.")] for name in TEXTS if not said[name]}
    if missing:
        raise ValidationError(missing)
    _check(insight, PublicWord.Kind(kind))
    word, made = PublicWord.objects.get_or_create(
        insight=insight,
        defaults={"kind": kind, "published_by": by, "published_at": timezone.now(), **said},
    )
    if not made:
        was_ended = word.ended_at is not None
        word.kind, word.ended_at = kind, None
        for name, text in said.items():
            setattr(word, name, text)
        if was_ended:
            word.published_by, word.published_at = by, timezone.now()
        word.save()
    trail.record(by, "published an answer", insight, name=insight.code, kind=kind, said=said["did_en"])  # fmt: skip
    return word


@transaction.atomic
def take_back(*, by: Person, word: PublicWord) -> None:
    """Take an answer off the public page."""
    directory_policy.require(by, policy.may_publish)
    if word.ended_at is not None:
        return
    word.ended_at = timezone.now()
    word.save(update_fields=["ended_at"])
    trail.record(by, "took a public answer back", word.insight, name=word.insight.code)


def kinds_for(insight: Insight) -> list[str]:
    """What can truly be said of an insight now."""
    if insight.state == Insight.State.NO:
        return [PublicWord.Kind.DID_NOT]
    change = Change.objects.filter(insight=insight).first()
    if change is None:
        return []
    if change.state == Change.State.STOPPED:
        return [PublicWord.Kind.DID_NOT]
    return [PublicWord.Kind.DOING if change.live_on is None else PublicWord.Kind.DID]


def _check(insight: Insight, kind: PublicWord.Kind) -> None:
    able = kinds_for(insight)
    if not able:
        raise ValidationError(_("Nothing is decided yet: there is nothing to tell."))
    if kind not in able:
        raise ValidationError({"kind": _("This is not what was done.")})
