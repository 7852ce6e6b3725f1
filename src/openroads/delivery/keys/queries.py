"""Reading which keys there are, and whose a key is."""

import hashlib
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from openroads.delivery.keys.models import ApiKey
from openroads.delivery.policy import may_keep_delivery
from openroads.directory.models import Person


def digest_of(token: str) -> str:
    """What is kept of a key. It is too long to be guessed, so one quick digest is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def keys_for(person: Person) -> QuerySet[ApiKey]:
    """The keys that were not ended, for who keeps them."""
    if not may_keep_delivery(person):
        return ApiKey.objects.none()
    return ApiKey.objects.filter(ended_at=None).select_related("person", "made_by")


def key_behind(token: str, now: datetime) -> ApiKey | None:
    """The key a program shows, if it opens anything now."""
    found = ApiKey.objects.filter(digest=digest_of(token), ended_at=None)
    key = found.select_related("person").first()
    return key if key is not None and key.holds_on(timezone.localdate(now)) else None
