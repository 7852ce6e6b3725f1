"""Forgetting: what is taken out of insights and tellings when posts or their authors are erased."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from openroads.archive.masking import Masks
from openroads.changes.models import Sample, Told, Voice
from openroads.delivery.actions import forget_replies

AT_ONCE = 500
"""Rows looked at in one go."""


@transaction.atomic
def forget_posts(*, posts: Sequence[int]) -> int:
    """Take the words of erased posts out of every insight and telling; that something was quoted or
    told stays, and when it was removed. Returns how many quotes went."""
    every = list(posts)
    for start in range(0, len(every), AT_ONCE):
        some = every[start : start + AT_ONCE]
        Voice.objects.filter(post__in=some).delete()
        _let_go(Q(post__in=some), Q(back_post__in=some))
    return _remove(list(Sample.objects.filter(post__in=every, removed_on=None)))


@transaction.atomic
def forget_posts_before(*, source: int, moment: datetime) -> int:
    """The same for what a source keeps no longer."""
    past = Sample.objects.filter(source=source, published_at__lt=moment, removed_on=None)
    Voice.objects.filter(source=source, published_at__lt=moment).delete()
    old = Q(source=source, published_at__lt=moment)
    _let_go(old, Q(source=source, back_at__lt=moment))
    return _remove(list(past))


def mask_quotes(*, masks: Masks) -> int:
    """Blank the names of an erased author in the words of others that were quoted, and in what was
    written to them; returns in how many."""
    changed = 0
    for sample in Sample.objects.filter(removed_on=None).iterator(chunk_size=AT_ONCE):
        title, text = masks.masked(sample.title), masks.masked(sample.text)
        if (title, text) != (sample.title, sample.text):
            Sample.objects.filter(pk=sample.pk).update(title=title, text=text)
            changed += 1
    for told in Told.objects.exclude(text="", back_text="").iterator(chunk_size=AT_ONCE):
        text, back = masks.masked(told.text), masks.masked(told.back_text)
        if (text, back) != (told.text, told.back_text):
            Told.objects.filter(pk=told.pk).update(text=text, back_text=back)
            changed += 1
    return changed


def _let_go(raised: Q, answered: Q) -> None:
    """Who was erased is counted on as they were counted; nothing of theirs stays. A draft nobody sent
    has nobody to go to any more."""
    drafts = Told.objects.filter(raised, state=Told.State.DRAFT)
    drafts.update(state=Told.State.OUT, why=Told.Why.GONE)
    sent = Told.objects.filter(raised, delivery__draft__isnull=False).select_related("delivery")
    ours: dict[str, list[str]] = {}
    for one in sent:
        if one.delivery is not None and one.delivery.draft:
            ours.setdefault(one.network, []).append(one.delivery.draft["reply_to"])
    for network, posts in ours.items():
        forget_replies(network=network, to=(), answering=posts)
    # published_at goes null with the post: a moment and a network can point at one person.
    Told.objects.filter(raised).update(
        post=None, published_at=None, author_key=0, text="", back_text="", back_post=None
    )
    Told.objects.filter(answered).update(back_text="", back_post=None)


def _remove(samples: list[Sample]) -> int:
    today = timezone.localdate()
    for start in range(0, len(samples), AT_ONCE):
        Sample.objects.filter(pk__in=[one.pk for one in samples[start : start + AT_ONCE]]).update(
            title="", text="", place="", tone=None, mood=-128, removed_on=today
        )
    return len(samples)
