"""Making a key for reading, ending it, and counting how often it is used."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads.delivery import policy
from openroads.delivery.keys.models import ApiKey
from openroads.delivery.keys.queries import digest_of
from openroads.delivery.notices import language_of, notify
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person

BEGINS = "or_"
"""So begins every key, by which programs that look for secrets in code know one."""
MOST_A_MINUTE = 120
NOTED_EACH = timedelta(hours=1)
"""A key that reads all day writes down so often that it was used, and no more."""


@transaction.atomic
def make_key(
    *, by: Person, name: str, person: Person, reads: Sequence[str], names: bool = False, until: date | None = None
) -> tuple[ApiKey, str]:  # fmt: skip
    """A key that sees what `person` sees of these kinds, with the key itself, which is shown this once. That
    person is told. Raises ValidationError for somebody who may not sign in, for no kind at all, and for a day
    that is no later day."""
    directory_policy.require(by, policy.may_keep_delivery)
    if person.is_system or not person.is_active:
        raise ValidationError({"person": _("This person may not sign in.")})
    if until is not None and until <= timezone.localdate():
        raise ValidationError({"until": _("Choose a day after today.")})
    chosen = [kind for kind in ApiKey.Reads.values if kind in reads]
    if not chosen:
        raise ValidationError({"reads": _("Choose at least one.")})
    token = BEGINS + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name, person=person, reads=chosen, names=names, until=until, made_by=by,
        digest=digest_of(token), start=token[:8],
    )  # fmt: skip
    trail.record(by, "made a key for reading", key, name=name, person=person.name, reads=chosen, names_seen=names, until=str(until or ""))  # fmt: skip
    if person.pk != by.pk:
        with override(language_of(person)):
            title = _("A program reads what you see: %(name)s") % {"name": name}
            text = _("%(by)s made a key with which it reads here in your place. An administrator can end it.") % {"by": by.name}  # fmt: skip
        notify(to=person, deed=f"key {key.pk} reads", title=title, text=text)
    return key, token


@transaction.atomic
def end_key(*, by: Person, key: ApiKey) -> None:
    """Let a key open nothing any more, from this moment."""
    directory_policy.require(by, policy.may_keep_delivery)
    if ApiKey.objects.filter(pk=key.pk, ended_at=None).update(ended_at=timezone.now()):
        trail.record(by, "ended a key for reading", key, name=key.name, person=key.person.name)


def seconds_to_wait(key: ApiKey, now: datetime) -> int:
    """Count one request of a key; 0, or how long to wait when it was one too many in this minute."""
    counted = f"key-{key.pk}-{now:%H%M}"
    cache.add(counted, 0, 90)
    try:
        times = cache.incr(counted)
    except ValueError:  # it was thrown out this instant
        return 0
    return 60 - now.second if times > MOST_A_MINUTE else 0


def note_use(key: ApiKey, now: datetime) -> None:
    """Write down that a key was used, once an hour."""
    if key.used_at is None or key.used_at < now - NOTED_EACH:
        unwritten = Q(used_at=None) | Q(used_at__lt=now - NOTED_EACH)
        ApiKey.objects.filter(unwritten, pk=key.pk).update(used_at=now)
