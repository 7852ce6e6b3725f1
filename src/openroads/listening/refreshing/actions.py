"""Looking kept posts up again, and letting go of those that could not be looked up in time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from openroads.archive.batch import milliseconds, post_id
from openroads.archive.erase import erase_posts
from openroads.archive.message import Message
from openroads.archive.queries.stored import (
    Place,
    StoredPost,
    deleted_ids,
    named_ids,
    stored_ids,
    stored_months,
    stored_posts,
)
from openroads.archive.unnaming import forget_names
from openroads.connectors.failures import Refused
from openroads.connectors.metering import UsedUp
from openroads.connectors.port import Page
from openroads.connectors.refreshing import Refreshes, Rule
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening.actions.landing import land
from openroads.listening.labels.actions.rescoring import forget_posts
from openroads.listening.models import Source
from openroads.listening.refreshing.models import Recheck, RecheckDay
from openroads.listening.remembering import forget_answers
from openroads.listening.saying import translated

REFRESH_SOURCE = "listening.refresh_source"
AT_ONCE = 500
"""Posts between two savings of where a walk is."""

Alive = Callable[[], bool]


@dataclass
class Month:
    """A month of a source's posts and since when all of them are known to be as they are."""

    row: Recheck
    oldest: datetime

    @property
    def fresh_since(self) -> datetime:
        return self.row.verified_at or self.oldest

    @property
    def place(self) -> Place:
        """Where a walk that is under way goes on."""
        after, _, number = self.row.cursor.partition(" ")
        return Place(int(after), int(number)) if number else Place()


def refresh_source(*, source: Source, network: Refreshes, alive: Alive = lambda: True) -> None:
    """Look up every kept post of a source whose time has come, the longest unseen first; what changed
    there is changed here, what is gone there goes here.

    Where it is, is saved after each portion. It ends early, to go on at the next time, when `alive` says no or an
    allowance is gone. A refusal is written on the source, in the language of the house; TryLater is
    raised, so that the job comes back.
    """
    rule, now = network.rule(source.told), timezone.now()
    due = [each for each in months_of(source) if each.row.began_at or each.fresh_since <= now - rule.after]  # fmt: skip
    try:
        for month in sorted(due, key=lambda each: each.fresh_since):
            if not _walk(source, network, month, alive):
                return
    except UsedUp:
        return  # what is spent is renewed; what was not looked up by then is still due
    except Refused as refused:
        with override(settings.LANGUAGE_CODE):
            Source.objects.filter(pk=source.pk).update(last_error=translated(refused.why)[:500])


def months_of(source: Source) -> list[Month]:
    """The months in which a source has posts, with how far each was looked up."""
    rows = {row.month: row for row in Recheck.objects.filter(source=source)}
    stored = stored_months(archive(), source.pk)
    return [Month(rows.get(each.month) or Recheck(source=source, month=each.month), each.oldest) for each in stored]  # fmt: skip


def _walk(source: Source, network: Refreshes, month: Month, alive: Alive) -> bool:
    """Look up the rest of a month; False when it must stop before the end."""
    row = month.row
    if row.began_at is None:
        row.began_at, row.cursor = timezone.now(), ""
        row.save()
    while found := stored_posts(
        archive(), source.pk, row.month, month.place, row.began_at, AT_ONCE
    ):
        _look_up(source, network, found)
        last = found[-1]
        row.cursor = f"{milliseconds(last.published_at)} {last.id}"
        row.save(update_fields=["cursor"])
        if not alive():
            return False
    row.verified_at, row.began_at, row.cursor = row.began_at, None, ""
    row.save(update_fields=["verified_at", "began_at", "cursor"])
    return True


def _look_up(source: Source, network: Refreshes, found: list[StoredPost]) -> None:
    kept = {post.native_id: post for post in found}
    told = list(_as_kept(network.refresh(list(kept)), kept))
    changed = deleted = 0
    for _page, landed in land(source, [Page(told, "")] if told else []):
        changed, deleted = changed + landed.changed, deleted + landed.deleted
    gone = [post_id(source.pk, each.native_id) for each in told if each.op == "delete"]
    if gone:
        forget_posts(posts=gone)
    count(source=source, checked=len(found), changed=changed, deleted=deleted)


def _as_kept(told: Iterator[Message], kept: dict[str, StoredPost]) -> Iterator[Message]:
    """What was asked for, at its own moment; what a second look does not tell stays as it was told first."""
    for message in told:
        post = kept.get(message.native_id)
        if post is None:
            continue  # nobody asked for it
        if message.op == "delete":
            yield replace(message, said_at=post.published_at)
            continue
        yield replace(
            message,
            said_at=post.published_at,
            **{name: getattr(message, name) or getattr(post, name) for name in ("url", "title", "reply_to", "thread", "quotes")},
            **{
                name: getattr(post, name) if getattr(message, name) is None else getattr(message, name)
                for name in ("likes", "replies", "reposts", "views", "rating")
            },
        )  # fmt: skip


def let_go(*, by: Person, source: Source, rule: Rule, now: datetime) -> int:
    """Erase the posts of a source that were not looked up within its time, and the names that were not;
    returns how many posts went. One entry in the trail when any did."""
    forgotten = unnamed = 0
    for month in months_of(source):
        if rule.names is not None:
            unnamed += forget_names(archive(), _unseen(source, month, rule.names, now, named_ids))
        if rule.forget is not None:
            ids = _unseen(source, month, rule.forget, now, stored_ids)
            forgotten += erase_posts(archive(), ids)
            if ids:
                forget_posts(posts=ids)
    if not (forgotten or unnamed):
        return 0
    forget_answers()
    count(source=source, forgotten=forgotten, unnamed=unnamed)
    trail.record(
        by,
        "let go of posts that were not looked up in time",
        source,
        posts=forgotten,
        names=unnamed,
    )
    return forgotten


Asked = Callable[..., list[int]]


def _unseen(
    source: Source, month: Month, within: timedelta, now: datetime, ask: Asked
) -> list[int]:
    """Posts of a month that nobody has seen for so long: not collected since, nor passed by a walk that
    began since."""
    limit = now - within
    if month.fresh_since > limit:
        return []
    walks = month.row.began_at is not None and month.row.began_at > limit
    place = month.place if walks else Place()
    return ask(archive(), source.pk, month.row.month, place, limit)


def clear_deleted() -> int:
    """Take the words of deleted posts out of the files too; returns how many posts. A deletion hides a
    post at once, but its earlier versions stay on the disk until files are merged."""
    ids = deleted_ids(archive())
    if ids:
        erase_posts(archive(), ids)
    return len(ids)


def sweep(*, by: Person) -> None:
    """The night's work: deleted posts out of the files, and one entry in the trail that says what looking
    up brought since the day before."""
    cleared = clear_deleted()
    yesterday = (timezone.now() - timedelta(days=1)).date()
    days = RecheckDay.objects.filter(on=yesterday)
    if cleared or days:
        told = {name: sum(getattr(day, name) for day in days) for name in ("checked", "changed", "deleted", "forgotten")}  # fmt: skip
        trail.record(
            by, "looked kept posts up again", None, on=str(yesterday), cleared=cleared, **told
        )


def count(*, source: Source, **more: int) -> None:
    """Add to what came of looking up today."""
    row, _made = RecheckDay.objects.get_or_create(source=source, on=timezone.now().date())
    RecheckDay.objects.filter(pk=row.pk).update(**{name: F(name) + n for name, n in more.items()})
