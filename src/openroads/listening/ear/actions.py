"""Noticing that a source is deaf, that it hears again and that nothing is missing; telling of it once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads.delivery.notices import language_of, notify
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.listening import policy
from openroads.listening.ear.models import Deafness, Visited
from openroads.listening.ear.state import SOON, failed_in_a_row
from openroads.listening.ear.visiting import Tally
from openroads.listening.models import Source
from openroads.ui.formats import moment

IN_A_ROW = 3
"""Visits that may fail before a source is called deaf, where the fault may pass by itself."""
COOL_DOWN = timedelta(hours=6)
"""Between two mails about one source: one that comes and goes is told of once, as long as it lasts."""
WINDOWED = (Source.Kind.FEED,)
"""Kinds that show their last entries only: what fell out of the window is not read any more."""


@transaction.atomic
def note_failure(*, source: Source, visited: Visited) -> Deafness | None:
    """After a visit that failed: deaf at once when the fault will not pass by itself, else after three
    in a row. One spell at a time; gives it when there is one."""
    spell = Deafness.objects.select_for_update().filter(source=source, heard_at=None).first()
    if spell is None:
        failed = failed_in_a_row([source.pk]).get(source.pk, 0)
        if not visited.for_good and failed < IN_A_ROW:
            return None
        spell = Deafness.objects.create(
            source=source, began_at=visited.began_at, hole_from=source.last_ok_at,
            why=visited.error,
        )  # fmt: skip
        trail.record(system_person(), "source went deaf", source, reason=visited.error)
    _tell_deaf(spell, source, timezone.now())
    return spell


@transaction.atomic
def note_success(*, source: Source, tally: Tally, now: datetime) -> Deafness | None:
    """After a visit that went well: the spell is over, and the hole is filled when this visit looked
    into it. Networks are asked from where they were left off, so that one visit fills it; a feed shows
    its last entries, so that it is filled when these reach back so far, or nothing was new."""
    open_spell = Deafness.objects.select_for_update().filter(source=source, heard_at=None).first()
    if open_spell is None:
        return None
    open_spell.heard_at = now
    if source.kind not in WINDOWED or _reaches_back(tally, open_spell):
        open_spell.filled_at = now
    open_spell.save(update_fields=["heard_at", "filled_at"])
    trail.record(system_person(), "source hears again", source, filled=bool(open_spell.filled_at))
    if open_spell.told_at is not None:
        _tell_heard(open_spell, source)
    return open_spell


@transaction.atomic
def call_filled(*, by: Person, spell: Deafness) -> None:
    """A person brought in what was missing, or looked and nothing was."""
    directory_policy.require(by, policy.may_keep_sources)
    if spell.heard_at is not None and spell.filled_at is None:
        spell.filled_at = timezone.now()
        spell.save(update_fields=["filled_at"])
        trail.record(by, "called a hole filled", spell.source)


def look_at_ears(*, now: datetime) -> int:
    """Tell of spells that last and were not told of yet (the one before was too short ago), and of keys
    that expire; clear out old visits. Returns how many mails were posted."""
    told = 0
    for spell in Deafness.objects.filter(heard_at=None, told_at=None).select_related("source"):
        with transaction.atomic():
            told += _tell_deaf(spell, spell.source, now)
    today = timezone.localdate(now)
    for source in Source.objects.filter(listening=True, expires_on__lte=today + SOON):
        with transaction.atomic():
            _tell_expiry(source)
    Visited.objects.filter(began_at__lt=now - Visited.KEPT).delete()
    return told


def administrators() -> list[Person]:
    """Who is told of what the house cannot mend itself."""
    people = Person.objects.filter(is_active=True, is_system=False).prefetch_related("grants")
    return [one for one in people if has_role(one, Role.ADMINISTRATOR, everywhere=True)]


def _reaches_back(tally: Tally, spell: Deafness) -> bool:
    if tally.oldest is None:
        return True
    return spell.hole_from is not None and tally.oldest <= spell.hole_from


def _tell_deaf(spell: Deafness, source: Source, now: datetime) -> bool:
    """Once per spell, and not sooner after the last mail about this source than the cool-down."""
    if spell.told_at is not None or not source.listening:
        return False
    last = Deafness.objects.filter(source=source).exclude(told_at=None).order_by("-told_at").first()
    if last is not None and last.told_at is not None and now - last.told_at < COOL_DOWN:
        return False
    for person in administrators():
        with override(language_of(person)):
            since = moment(spell.hole_from) if spell.hole_from else _("its first visit")
            notify(
                to=person,
                deed=f"deaf {spell.pk}",
                title=_("%(name)s is deaf") % {"name": source.name},
                text=_("Nothing was heard there since %(since)s. What the visit said: %(why)s") % {
                    "since": since, "why": spell.why,
                },
                url=reverse("listening:source", args=(source.pk,)),
                mail=True,
            )  # fmt: skip
    spell.told_at = now
    spell.save(update_fields=["told_at"])
    return True


def _tell_heard(spell: Deafness, source: Source) -> None:
    for person in administrators():
        with override(language_of(person)):
            missing = (
                _("What was said meanwhile has been read.")
                if spell.filled_at
                else _("What was said between %(since)s and %(until)s may be missing.")
                % {"since": moment(spell.hole_from), "until": moment(spell.heard_at)}
            )
            notify(
                to=person,
                deed=f"heard again {spell.pk}",
                title=_("%(name)s hears again") % {"name": source.name},
                text=missing,
                url=reverse("listening:source", args=(source.pk,)),
                mail=True,
            )


def _tell_expiry(source: Source) -> None:
    for person in administrators():
        with override(language_of(person)):
            notify(
                to=person,
                deed=f"key of source {source.pk} expires {source.expires_on}",
                title=_("The key of %(name)s expires soon") % {"name": source.name},
                text=_("After that nothing is heard there until somebody gives a new one."),
                url=reverse("listening:source", args=(source.pk,)),
                mail=True,
            )
