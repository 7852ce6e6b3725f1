"""Drawing posts at random to be checked by people: by these the analyser is judged."""

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import blake2b

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.analysis.learning.sampling import allocated
from openroads.archive.queries import corrections
from openroads.archive.scope import Scope
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import queries as listening
from openroads.listening.gap_queries import days_kept
from openroads.listening.labels import policy
from openroads.listening.labels.models import AuditItem, AuditSample

A_DAY = 20
"""Posts of a daily sample: ten minutes of somebody's day."""

MOST = 2_000


def draw_audit_sample(
    *, by: Person, since: date, until: date, size: int = A_DAY
) -> AuditSample | None:
    """Draw `size` of the customers' posts of some days (`until` is out), as many of each of the
    company's languages as of all others together; None when nothing was said.

    The days decide the draw (with the house's own secret, so that nobody can foresee it): asked again
    it gives the sample there is. Raises ValidationError for no days, or more than 2,000 posts.
    """
    directory_policy.require(by, policy.may_teach)
    if since >= until:
        raise ValidationError({"until": _("The last day lies before the first.")})
    if not 0 < size <= MOST:
        raise ValidationError({"size": _("Draw between 1 and %(most)s posts.") % {"most": MOST}})
    there = AuditSample.objects.filter(since=since, until=until).first()
    return there or _draw(by, since, until, size)


def _draw(by: Person, since: date, until: date, size: int) -> AuditSample | None:
    """Ask the archive first: it may take seconds, and nobody else could write to the state meanwhile."""
    scope, own, seed = Scope(since, until), list(listening.reader().languages), _seed(since, until)
    population = {row.stratum: row.posts for row in corrections.population(archive(), scope, own)}
    taken = allocated(population, size)
    if not any(taken.values()):
        return None
    rows = corrections.drawn(archive(), scope, own, most=max(taken.values()), seed=seed)
    sample = AuditSample(since=since, until=until, seed=seed, population=population, by=by)
    return _keep(sample, rows, taken)


@transaction.atomic
def _keep(
    drawn: AuditSample, rows: Sequence[corrections.Drawn], taken: dict[str, int]
) -> AuditSample:
    """The sample of a stretch of days, or the one that somebody drew at the same moment."""
    sample, made = AuditSample.objects.get_or_create(
        since=drawn.since, until=drawn.until,
        defaults={"seed": drawn.seed, "population": drawn.population, "by": drawn.by},
    )  # fmt: skip
    if not made:
        return sample
    left = dict(taken)
    items: list[AuditItem] = []
    for row in rows:
        if left[row.stratum] > 0:
            left[row.stratum] -= 1
            weight = drawn.population[row.stratum] / taken[row.stratum]
            items.append(
                AuditItem(
                    sample=sample,
                    post=row.id,
                    published_at=row.published_at,
                    stratum=row.stratum,
                    weight=weight,
                    place=len(items),
                )
            )
    AuditItem.objects.bulk_create(items)
    trail.record(
        drawn.by, "drew a random sample", sample,
        since=drawn.since.isoformat(), until=drawn.until.isoformat(), posts=len(items),
    )  # fmt: skip
    return sample


def draw_of_day(*, by: Person, day: date) -> AuditSample | None:
    """The daily sample of one day."""
    return draw_audit_sample(by=by, since=day, until=day + timedelta(days=1))


def _seed(since: date, until: date) -> int:
    told = f"{since}{until}".encode()
    key = settings.SECRET_KEY.encode()[:64]
    return int.from_bytes(blake2b(told, digest_size=7, key=key).digest(), "little")


def draw_last_days(*, by: Person, days: int, size: int = A_DAY) -> AuditSample | None:
    """A sample of the last so many days of which anything was heard; None when nothing was."""
    directory_policy.require(by, policy.may_teach)
    last = days_kept()[1]
    if last is None:
        return None
    until = min(last, timezone.localdate()) + timedelta(days=1)
    return draw_audit_sample(by=by, since=until - timedelta(days=days), until=until, size=size)
