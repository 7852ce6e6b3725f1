"""Following something, ending it, leaving a team's, and sending what is due."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from openroads.archive.queries.choice import Condition
from openroads.archive.queries.explore import newest_posts
from openroads.archive.queries.posts import Quote
from openroads.archive.queries.topics import last_version
from openroads.delivery.actions import post_mail
from openroads.delivery.notices import language_of, notify
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person, Team
from openroads.directory.people import system_person
from openroads.listening.culture import policy, queries
from openroads.listening.culture.digests import DigestText, at_once_of, digest_of
from openroads.listening.culture.following import Followed, followed
from openroads.listening.culture.mails import mail_of
from openroads.listening.culture.models import Digest, Left, Subscription
from openroads.listening.explore import asking
from openroads.listening.explore.models import SavedView
from openroads.listening.topics.models import Topic

SEND_DIGESTS = "listening.send_digests"
SENT_FROM = time(7)
"""When the day's and the week's digests leave, in the house's zone; weeks on Monday."""
COOL_DOWN = timedelta(hours=4)
LATE = timedelta(days=3)
"""How old a post that comes in may be and still be told of at once."""
MOST_AT_ONCE = 200

Alive = Callable[[], bool]


@transaction.atomic
def subscribe(
    *,
    by: Person,
    name: str,
    rhythm: str,
    team: Team | None = None,
    topic: Topic | None = None,
    view: SavedView | None = None,
    query: str = "",
) -> Subscription:
    """Let oneself or a team hear of a topic, a view or a choice; the same once more changes only the
    rhythm and the name. What was said before is not told."""
    if team is None:
        directory_policy.require(by, policy.may_subscribe)
    else:
        directory_policy.require(by, policy.may_subscribe_team, team)
    if rhythm not in Subscription.Rhythm.values:
        raise ValidationError({"rhythm": _("Choose how often.")})
    whose = {"person": None if team else by, "team": team}
    what = {"topic": topic, "view": view, "query": query if not (topic or view) else ""}
    known = Subscription.objects.filter(ended_at=None, **whose, **what).first()
    if known is not None:
        known.name, known.rhythm = name, rhythm
        known.save(update_fields=["name", "rhythm"])
        Left.objects.filter(subscription=known, person=by).delete()
        trail.record(by, "changed a subscription", known, name=name, value=rhythm)
        return known
    made = Subscription.objects.create(
        by=by, name=name, rhythm=rhythm, told_until=timezone.localdate(),
        told_version=last_version(archive()), **whose, **what,
    )  # fmt: skip
    trail.record(by, "subscribed", made, name=name, value=rhythm, team=team.name if team else "")
    return made


@transaction.atomic
def end_subscription(*, by: Person, subscription: Subscription) -> None:
    """End it for everybody it goes to."""
    directory_policy.require(by, policy.may_end, subscription)
    changed = Subscription.objects.filter(pk=subscription.pk, ended_at=None)
    if changed.update(ended_at=timezone.now()):
        trail.record(by, "ended a subscription", subscription, name=subscription.name)


@transaction.atomic
def leave(*, person: Person, subscription: Subscription) -> bool:
    """Get no more of it; one's own ends with that. The one way without signing in: the address in the
    mail is signed. False when that was so already."""
    if subscription.person_id == person.pk:
        left = bool(
            Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(
                ended_at=timezone.now()
            )
        )
    else:
        _row, left = Left.objects.get_or_create(subscription=subscription, person=person)
    if left:
        trail.record(person, "left a subscription", subscription, name=subscription.name)
    return left


@transaction.atomic
def come_back(*, by: Person, subscription: Subscription) -> None:
    """Get it again after having left."""
    directory_policy.require(by, policy.may_subscribe)
    if Left.objects.filter(subscription=subscription, person=by).delete()[0]:
        trail.record(by, "came back to a subscription", subscription, name=subscription.name)


@transaction.atomic
def open_digest(*, by: Person, digest: Digest) -> None:
    """Note that it was opened: by the link in it, which its reader followed."""
    Digest.objects.filter(pk=digest.pk, person=by, opened_at=None).update(opened_at=timezone.now())


# ---------------------------------------------------------------------------------------- sending
def send_due(*, now: datetime, alive: Alive = lambda: True) -> int:
    """Put what is due in the out-tray; returns how many digests. Done twice it sends nothing twice:
    each is one deed of a subscription, a person and a time."""
    sent = 0
    every = Subscription.objects.filter(ended_at=None).select_related("topic", "view", "team")
    for subscription in every.order_by("pk"):
        if not alive():
            return sent
        if subscription.rhythm == Subscription.Rhythm.AT_ONCE:
            sent += _send_at_once(subscription, now)
        elif (days := due_days(subscription, now)) is not None:
            sent += _send_period(subscription, *days, now=now)
    return sent


def due_days(subscription: Subscription, now: datetime) -> tuple[date, date] | None:
    """The days a digest should tell of now (the last one out), or None when they were told. Days that
    passed while nobody worked are not made up for: a late digest of old days helps nobody."""
    since, until = days_of(subscription, now)
    told = subscription.told_until
    return None if told is not None and told >= until else (since, until)


def days_of(subscription: Subscription, now: datetime) -> tuple[date, date]:
    """The last whole day, or the last whole week from Monday on, that can be told of now."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    until = local.date() if local.time() >= SENT_FROM else local.date() - timedelta(days=1)
    if subscription.rhythm == Subscription.Rhythm.WEEKLY:
        until -= timedelta(days=until.weekday())
        return until - timedelta(days=7), until
    return until - timedelta(days=1), until


def _send_period(subscription: Subscription, since: date, until: date, *, now: datetime) -> int:
    sent = 0
    quiet = True
    for person in queries.recipients_of(subscription):
        with translation.override(language_of(person)):
            choice = followed(subscription, person, since, until, language=language_of(person))
            if choice is None:
                continue
            told = digest_of(subscription.name, choice, rhythm=subscription.rhythm)
            quiet = quiet and not told.posts
            if told.posts or _says_nothing(subscription):
                sent += _post(subscription, person, until.isoformat(), choice, told)
    Subscription.objects.filter(pk=subscription.pk).update(
        told_until=until, quiet_told=quiet, **({"sent_at": now} if sent else {})
    )
    return sent


def _says_nothing(subscription: Subscription) -> bool:
    """A week without a word is told once, until there are words again; a day never."""
    return subscription.rhythm == Subscription.Rhythm.WEEKLY and not subscription.quiet_told


def _send_at_once(subscription: Subscription, now: datetime) -> int:
    if subscription.sent_at is not None and now < subscription.sent_at + COOL_DOWN:
        return 0
    upto = last_version(archive())
    if upto <= subscription.told_version:
        return 0
    sent, told_posts = 0, set(subscription.told_posts)
    until = now.date() + timedelta(days=1)
    fresh: list[Quote] = []
    for person in queries.recipients_of(subscription):
        with translation.override(language_of(person)):
            since = (now - LATE).date()
            choice = followed(subscription, person, since, until, language=language_of(person))
            if choice is None:
                continue
            fresh = [
                post
                for post in _arrived(choice, subscription.told_version)
                if str(post.id) not in told_posts
            ]
            if fresh:
                told = at_once_of(subscription.name, choice, fresh)
                sent += _post(subscription, person, f"v{upto}", choice, told)
    kept = [*subscription.told_posts, *(str(post.id) for post in fresh)][-5 * MOST_AT_ONCE :]
    Subscription.objects.filter(pk=subscription.pk).update(
        told_version=upto, told_posts=kept, **({"sent_at": now} if sent else {})
    )
    return sent


def _arrived(choice: Followed, version: int) -> Sequence[Quote]:
    """Posts of the choice that were written to the archive after a version of it, newest first. A
    corrected post is written anew, so who asks leaves out what was told already."""
    beside = choice.condition
    arrived = Condition(
        f"({beside.sql}) AND post.version > {{told_version:UInt64}}"
        if beside
        else "post.version > {told_version:UInt64}",
        {**(beside.params if beside else {}), "told_version": version},
    )
    sieve = asking.sieve_of(choice.over(choice.since, choice.until), arrived)
    return newest_posts(archive(), sieve, limit=MOST_AT_ONCE)


@transaction.atomic
def _post(
    subscription: Subscription, person: Person, key: str, choice: Followed, told: DigestText
) -> int:
    """One digest in the out-tray and among the notices, once; 1 when it was not there yet."""
    digest, made = Digest.objects.get_or_create(
        subscription=subscription, person=person, key=key,
        defaults={"since": choice.since, "until": choice.until, "posts": told.posts},
    )  # fmt: skip
    if not made:
        return 0
    mail = mail_of(digest, told)
    deed = f"digest {subscription.pk} {key} person {person.pk}"
    post_mail(
        by=system_person(), deed=deed, to=person.email, subject=mail.subject, text=mail.text,
        html=mail.html, headers=mail.headers,
    )  # fmt: skip
    notify(
        to=person, deed=deed, title=mail.subject, text=told.counted,
        url=reverse("culture:digest", args=[digest.pk]),
    )  # fmt: skip
    return 1


def _language_of(person: Person) -> str:
    return person.language or settings.LANGUAGE_CODE
