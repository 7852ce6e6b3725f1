"""Telling back: who raised it, a draft for each of them, sent by a person's click, and who heard."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.archive.client import Archive
from openroads.archive.queries.raised import Addressee, addressees, answers_to, raised_in
from openroads.changes import policy
from openroads.changes.asking import CannotAsk, sieve_of
from openroads.changes.evidence import MOST_RAISED
from openroads.changes.models import Change, Telling, Told, Voice
from openroads.connectors.answering import Draft
from openroads.delivery.actions import queue_reply, recall
from openroads.delivery.channels import limits_of
from openroads.delivery.models import Channel, Delivery
from openroads.delivery.queries import channel_for
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person

VARIABLES = ("name", "change", "link")
LONGEST = 2_000
UNDO = timedelta(seconds=15)
"""How long a message can be taken back before it leaves."""
AT_ONCE = 500
_PLACE = re.compile(r"\{([a-z]+)\}")
BACK_FOR = timedelta(days=90)
"""How long after our message an answer counts as one to it."""


@dataclass(frozen=True)
class Way:
    """How somebody can be reached: a channel, or why there is none."""

    channel: Channel | None
    why: str = ""


def begin_telling(
    *, by: Person, change: Change, texts: dict[str, str], link: str, engine: Archive
) -> Telling:
    """Write what is told, and make a draft for everybody who raised it, up to the day it went live.

    Those whom no channel of ours reaches, whose network lets us answer no more, or whom nobody named
    are out of reach from the start, and counted. Raises ValidationError before it is live, and for
    texts that cannot be sent.
    """
    directory_policy.require(by, policy.may_begin_telling)
    if change.live_on is None:
        raise ValidationError(_("There is nothing to tell before it is live."))
    said = _texts(texts)
    if not Telling.objects.filter(change=change).exists():
        hear_since(change=change, engine=engine)  # the archive is asked before anything is locked
    with transaction.atomic():
        return _begin(by, change, said, link)


def _begin(by: Person, change: Change, said: dict[str, str], link: str) -> Telling:
    telling, made = Telling.objects.get_or_create(
        change=change, defaults={"texts": said, "link": link, "begun_by": by, "begun_at": timezone.now()}
    )  # fmt: skip
    if not made:
        telling.texts, telling.link = said, link
        telling.save(update_fields=["texts", "link"])
        trail.record(by, "corrected what is told back", change, languages=sorted(said))
        return telling
    people = _people(change)
    ways: dict[tuple[str, int], Channel | None] = {}
    rows = [_row(telling, voices, ways) for voices in people]
    Told.objects.bulk_create(rows, batch_size=AT_ONCE)
    trail.record(
        by,
        "began to tell back",
        change,
        name=change.code,
        languages=sorted(said),
        entries=len(rows),
    )
    return telling


def hear_since(*, change: Change, engine: Archive) -> int:
    """Keep who raised it between the freezing and the day it went live too; returns how many posts."""
    assert change.live_on is not None
    added = 0
    for one in change.insight.evidence.all():
        if one.sieve is None or one.until is None or one.until >= change.live_on:
            continue
        try:
            sieve = sieve_of(one.sieve, one.until, change.live_on)
        except CannotAsk:
            continue
        rows = [
            Voice(insight=change.insight, **vars(row))
            for row in raised_in(engine, sieve, limit=MOST_RAISED)
        ]
        Voice.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
        added += len(rows)
    return added


def draft_of(told: Told, whom: Addressee | None) -> str:
    """What would be sent to somebody: their language's text, else the English or the only one, with
    their name, the change and the link in it."""
    texts: dict[str, str] = told.telling.texts
    text = texts.get(told.language) or texts.get("en") or next(iter(texts.values()), "")
    change = told.telling.change
    known = {
        "name": _called(whom),
        "change": change.what or change.title,
        "link": told.telling.link,
    }
    # In one go: what somebody calls themselves is never read for places. A place with nothing in it leaves
    # no gap.
    text = _PLACE.sub(lambda found: known.get(found[1], found[0]), text)
    return re.sub(" {2,}", " ", text).strip()


def send_told(*, by: Person, told: Told, text: str, engine: Archive) -> Delivery:
    """Put a draft that somebody read in the out-tray. Raises ValidationError when it cannot go."""
    directory_policy.require(by, policy.may_tell_back)
    found = whom_of([told], engine)  # the archive is asked before anybody else has to wait
    with transaction.atomic():
        trail.wait_for_turn()  # two agents at one draft send it once
        now = Told.objects.select_related("telling__change").get(pk=told.pk)
        if now.state != Told.State.DRAFT:
            raise ValidationError(_("Somebody sent this already, or left it out."))
        whom = found.get(now.post or 0)  # nobody, when they were erased meanwhile
        way = way_to(now.network, now.source, now.published_at)
        why = way.why if whom is not None else Told.Why.GONE
        if way.channel is not None and whom is not None:
            delivery = _queue(by, now, whom, way.channel, text)
            now.state, now.text, now.delivery = Told.State.WAITING, text.strip(), delivery
            now.sent_by, now.sent_at = by, timezone.now()
            now.save(update_fields=["state", "text", "delivery", "sent_by", "sent_at"])
            trail.record(by, "told somebody back", now.telling.change, network=now.network)
            return delivery
        Told.objects.filter(pk=now.pk).update(state=Told.State.OUT, why=why)
    raise ValidationError(_("They cannot be reached any more: %(why)s.") % {"why": Told.Why(why).label})  # fmt: skip


@transaction.atomic
def undo_told(*, by: Person, told: Told) -> bool:
    """Take a message back before it leaves; False when it has left."""
    directory_policy.require(by, policy.may_tell_back)
    if told.delivery is None or told.state != Told.State.WAITING or not recall(by=by, delivery=told.delivery):  # fmt: skip
        return False
    # The deed of a delivery leaves once; a second try is another one.
    Told.objects.filter(pk=told.pk).update(
        state=Told.State.DRAFT, text="", delivery=None, sent_by=None, sent_at=None
    )
    return True


@transaction.atomic
def skip_told(*, by: Person, told: Told) -> None:
    """Leave somebody out: telling them would not be kind, or not right."""
    directory_policy.require(by, policy.may_tell_back)
    if Told.objects.filter(pk=told.pk, state=Told.State.DRAFT).update(state=Told.State.SKIPPED):
        trail.record(by, "left somebody out of telling back", told.telling.change, network=told.network)  # fmt: skip


def look_after(*, engine: Archive, now: datetime) -> int:
    """See which messages left, which were refused, and who wrote back; returns how many rows changed."""
    changed = 0
    waiting = Told.objects.filter(state=Told.State.WAITING).select_related("delivery", "telling__change")  # fmt: skip
    for told in waiting.iterator(chunk_size=AT_ONCE):
        changed += _settle(told)
    heard = Told.objects.filter(
        state=Told.State.HEARD, back_at=None, heard_at__gte=now - BACK_FOR, delivery__isnull=False
    ).select_related("delivery")
    for source in heard.order_by().values_list("source", flat=True).distinct():
        changed += _hear_back(list(heard.filter(source=source)), engine, now)
    return changed


def way_to(network: str, source: int, published_at: datetime | None) -> Way:
    """How somebody who wrote there can be reached now."""
    channel = channel_for(network=network, source=source)
    return _way(channel, published_at)


def whom_of(rows: Sequence[Told], engine: Archive) -> dict[int, Addressee]:
    """Who they are and what they wrote, by post, asked of the archive."""
    known = [(row.post, row.published_at) for row in rows if row.post and row.published_at]
    if not known:
        return {}
    days = [at.astimezone(UTC).date() for _post, at in known]
    return addressees(
        engine, [post for post, _at in known], min(days), max(days) + timedelta(days=1)
    )


def _way(channel: Channel | None, published_at: datetime | None) -> Way:
    if channel is None:
        return Way(None, Told.Why.NO_CHANNEL)
    limits = limits_of(channel)
    if limits.public:
        return Way(channel)
    if limits.hours is not None and published_at is not None and timezone.now() > published_at + timedelta(hours=limits.hours):  # fmt: skip
        return Way(None, Told.Why.WINDOW)
    return Way(channel)


def _people(change: Change) -> list[list[Voice]]:
    """The voices of each person, the newest first; a post that names nobody is a person of its own."""
    found: dict[object, list[Voice]] = {}
    for voice in Voice.objects.filter(insight=change.insight).order_by("-published_at", "-pk"):
        key: object = voice.author_key or (voice.pk, "nameless")
        found.setdefault(key, []).append(voice)
    return list(found.values())


def _row(
    telling: Telling, voices: list[Voice], ways: dict[tuple[str, int], Channel | None]
) -> Told:
    """One person: answered under the newest of their posts that a channel reaches."""
    told, why = voices[0], Told.Why.NAMELESS.value
    state = Told.State.OUT
    if told.author_key:
        for voice in voices:
            place = (voice.network, voice.source)
            if place not in ways:
                ways[place] = channel_for(network=voice.network, source=voice.source)
            way = _way(ways[place], voice.published_at)
            if way.channel is not None:
                told, why, state = voice, "", Told.State.DRAFT
                break
            why = way.why
    return Told(
        telling=telling, post=told.post, published_at=told.published_at, source=told.source,
        network=told.network, language=told.language, author_key=told.author_key,
        posts=len(voices), state=state, why=why,
    )  # fmt: skip


def _queue(by: Person, told: Told, whom: Addressee, channel: Channel, text: str) -> Delivery:
    private = not limits_of(channel).public
    draft = Draft(
        key=f"told-{told.pk}", text=text.strip(), private=private, to=whom.author,
        reply_to=whom.native_id, thread=whom.thread, language=told.language,
        subject=_("What we changed: %(title)s") % {"title": told.telling.change.title} if private else "",
    )  # fmt: skip
    earlier = Delivery.objects.filter(deed__startswith=f"change told {told.pk} ").count()
    return queue_reply(
        by=by, channel=channel, draft=draft, deed=f"change told {told.pk} {earlier + 1}", after=UNDO
    )


def _settle(told: Told) -> int:
    state = told.delivery.state if told.delivery else Delivery.State.REFUSED
    if state == Delivery.State.SENT:
        assert told.delivery is not None
        heard = told.delivery.sent_at or timezone.now()
        Told.objects.filter(pk=told.pk).update(state=Told.State.HEARD, heard_at=heard)
        _first_told(told.telling.change, timezone.localdate(heard))
        return 1
    if state in (Delivery.State.REFUSED, Delivery.State.LEFT, Delivery.State.RECALLED):
        return Told.objects.filter(pk=told.pk).update(state=Told.State.REFUSED)
    return 0


@transaction.atomic
def _first_told(change: Change, on: date) -> None:
    """The day the first of them heard; from then on the change is told."""
    now = Change.objects.select_for_update().get(pk=change.pk)
    if now.told_on is not None and now.told_on <= on:
        return
    now.told_on = on
    if now.state == Change.State.LIVE:
        now.state = Change.State.MEASURED if now.measured_on else Change.State.TOLD
    now.save(update_fields=["told_on", "state"])


def _hear_back(rows: list[Told], engine: Archive, now: datetime) -> int:
    """Posts of theirs in answer to our message, by the network's id of it."""
    ours = {
        row.delivery.receipt_id: row for row in rows if row.delivery and row.delivery.receipt_id
    }
    first = min((row.heard_at for row in rows if row.heard_at), default=None)
    if not ours or first is None:
        return 0
    since = first.astimezone(UTC).date()
    found = 0
    for answer in answers_to(engine, list(ours), since, now.astimezone(UTC).date() + timedelta(days=1)):  # fmt: skip
        row = ours[answer.reply_to]
        if row.back_at is not None or answer.author_key != row.author_key or not row.author_key:
            continue
        row.back_at, row.back_post = answer.published_at, answer.post
        row.back_text, row.back_language = answer.text[:500], answer.language
        row.save(update_fields=["back_at", "back_post", "back_text", "back_language"])
        found += 1
    return found


def _texts(texts: dict[str, str]) -> dict[str, str]:
    said = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not said:
        raise ValidationError(_("Write the text in at least one language."))
    for language, text in said.items():
        if len(text) > LONGEST:
            raise ValidationError({language: _("At most %(n)s characters.") % {"n": LONGEST}})
        for word in _braced(text):
            if word not in VARIABLES:
                raise ValidationError({language: _("“%(word)s” between braces is nothing we know; use name, change and link.") % {"word": word}})  # fmt: skip
    return said


def _braced(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:] if "}" in part]


def _called(whom: Addressee | None) -> str:
    """What somebody is called: the name they show, else their handle."""
    if whom is None:
        return ""
    return whom.author_name.strip() or whom.author.strip()
