"""Forgetting: what is taken out of successes and spotlights when people outside are erased."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from openroads.archive.masking import Masks
from openroads.champions.models import Spotlight, Success

INSTEAD = gettext_noop("(taken out: this person was erased)")
AT_ONCE = 500
_TEXTS = ("title", "story", "proof", "tell_how", "withdrawn_why")


def forget_origins(*, room: str, ids: Sequence[str]) -> int:
    """Take our words out of everything that came from these things of a room; kind, day, level and amounts
    stay and count on, and who was shown because of it is shown no more. Returns of how many. Doing it
    again changes nothing."""
    done = 0
    every = list(ids)
    for start in range(0, len(every), AT_ONCE):
        done += _forget(room, every[start : start + AT_ONCE])
    return done


@transaction.atomic
def _forget(room: str, ids: Sequence[str]) -> int:
    theirs = Q(origin_room=room, origin_id__in=ids)
    spotlights = Spotlight.objects.filter(
        theirs | Q(success__origin_room=room, success__origin_id__in=ids)
    )
    open_ones = spotlights.filter(state__in=(Spotlight.State.ASKED, Spotlight.State.YES))
    open_ones.update(state=Spotlight.State.CALLED_OFF, ended_at=timezone.now())
    done = spotlights.exclude(why=INSTEAD).update(why=INSTEAD)
    spotlights.filter(theirs).update(origin_url="")
    told = Success.objects.filter(theirs).exclude(title=INSTEAD)
    return done + told.update(
        title=INSTEAD, story="", proof="", withdrawn_why="", origin_url="", tell=Success.Tell.NOBODY,
        tell_by=None, tell_at=None, tell_how="",
    )  # fmt: skip


def mask_names(*, masks: Masks) -> int:
    """Blank the names of erased people that stand in our words all the same; returns in how many."""
    if not masks:
        return 0
    changed = 0
    for success in Success.objects.iterator(chunk_size=AT_ONCE):
        masked = {name: masks.masked(getattr(success, name)) for name in _TEXTS}
        if any(masked[name] != getattr(success, name) for name in _TEXTS):
            changed += Success.objects.filter(pk=success.pk).update(**masked)
    for spotlight in Spotlight.objects.iterator(chunk_size=AT_ONCE):
        why = masks.masked(spotlight.why)
        if why != spotlight.why:
            changed += Spotlight.objects.filter(pk=spotlight.pk).update(why=why)
    return changed
