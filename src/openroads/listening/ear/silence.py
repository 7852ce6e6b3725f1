"""Noticing that a source is unusually silent, and that somebody spoke there again; telling of it once."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads.delivery.notices import language_of, notify
from openroads.directory import trail
from openroads.directory.people import system_person
from openroads.listening.ear.actions import administrators
from openroads.listening.ear.models import Silence
from openroads.listening.ear.state import Ear, Health, listening_ears
from openroads.listening.ear.words import span
from openroads.listening.models import Source
from openroads.ui.formats import moment


def look_for_silence(*, now: datetime) -> int:
    """Tell of sources that became unusually silent, and close the spell of those that spoke again.
    Returns of how many was told.

    A spell ends only with a newer post: that what is usual there is reckoned otherwise, or that it was
    deaf or paused meanwhile, begins no second spell and sends no second notice.
    """
    spells = {spell.source_id: spell for spell in Silence.objects.filter(spoke_at=None)}
    told = 0
    for ear in listening_ears(now):
        spell = spells.get(ear.source.pk)
        if spell is None:
            told += ear.health == Health.SILENT and _fell_silent(ear, now)
        elif ear.health == Health.HEARS and ear.last_at and ear.last_at > spell.quiet_since:
            _spoke_again(spell, ear.source, now)
    return told


@transaction.atomic
def _fell_silent(ear: Ear, now: datetime) -> bool:
    """By notice, not by mail: silence may be just that, where deafness is a fault."""
    assert ear.last_at is not None and ear.usual_silence is not None
    source = ear.source
    spell, is_new = Silence.objects.get_or_create(
        source=source, spoke_at=None,
        defaults={"quiet_since": ear.last_at, "usual": ear.usual_silence, "noticed_at": now},
    )  # fmt: skip
    if not is_new:  # another worker looked at the same time
        return False
    trail.record(system_person(), "source fell silent", source, since=ear.last_at.isoformat())
    for person in administrators():
        with override(language_of(person)):
            notify(
                to=person,
                deed=f"silent {spell.pk}",
                title=_("%(name)s is unusually silent") % {"name": source.name},
                text=_("Nothing since %(since)s; up to %(usual)s is usual there. Its visits go well, so look whether people still speak there and whether it still asks for the right words.") % {
                    "since": moment(ear.last_at), "usual": span(ear.usual_silence),
                },
                url=reverse("listening:source", args=(source.pk,)),
            )  # fmt: skip
    return True


@transaction.atomic
def _spoke_again(spell: Silence, source: Source, now: datetime) -> None:
    spell.spoke_at = now
    spell.save(update_fields=["spoke_at"])
    trail.record(system_person(), "source spoke again", source)
