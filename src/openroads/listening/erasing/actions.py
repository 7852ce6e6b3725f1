"""Erasing an author: asking for it, doing it everywhere, and keeping it done."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.archive.erase import erase_authors, old_parts, posts_of_authors
from openroads.archive.queries import authors
from openroads.changes import actions as changes
from openroads.delivery.actions import forget_replies, take_words_out
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import policy, queries
from openroads.listening.actions.ahead import read_ahead
from openroads.listening.culture.actions import hours
from openroads.listening.culture.actions.exporting import forget_exports
from openroads.listening.erasing import copies, masking, proof
from openroads.listening.erasing.held import Held, held_of, plain_handle
from openroads.listening.erasing.models import Erasure
from openroads.listening.erasing.readable import readable_page
from openroads.listening.labels.actions.rescoring import forget_posts
from openroads.listening.models import Import
from openroads.listening.remembering import forget_answers

ERASE_AUTHOR = "listening.erase_author"
SEARCH_ERASED = "listening.search_erased"
KEEP_ERASED = "listening.keep_erased"
AT_ONCE = 10_000
"""Ids in one statement: databases take no more than some tens of thousands."""

FIRST_LOOK, MOST_BETWEEN_LOOKS = timedelta(seconds=5), timedelta(minutes=2)
LONGEST_WAIT = timedelta(minutes=30)
"""Until when the engine must have removed the files it rewrote: it takes half a minute to five, a
ClickHouse server eight."""

Alive = Callable[[], bool]


def look_up(*, by: Person, network: str, handle: str) -> Held:
    """What is held of an author. Raises ValidationError for an empty handle."""
    directory_policy.require(by, policy.may_erase)
    if not plain_handle(handle):
        raise ValidationError({"handle": _("Give the handle.")})
    return held_of(network, handle)


def look_for_names(*, by: Person, held: Held, names: Sequence[str]) -> list[masking.Named]:
    """In how many posts of others the handle and these names stand, each apart: what would be
    masked. Raises ValidationError for what is no name, or one of our own."""
    directory_policy.require(by, policy.may_erase)
    masking.check_names([held.handle, *names])
    return masking.named_by_others([held.handle, *names], held.keys)


def export_author(
    *, by: Person, network: str, handle: str, readable: bool = False
) -> Iterator[str]:
    """Everything the archive holds of an author, as JSON Lines: first what this is, why and on what
    ground each source is read and how long it is kept, then a line per post; or, `readable`, the same
    as a page that anybody can open. The trail says that it was handed out, not of whom."""
    held = look_up(by=by, network=network, handle=handle)
    trail.record(by, "exported what is held of an author", posts=held.posts, network=network)
    return readable_page(held) if readable else _lines(held)


@transaction.atomic
def ask_erasure(
    *,
    by: Person,
    network: str,
    handle: str,
    again: str,
    mask_mentions: bool = False,
    names: Sequence[str] = (),
) -> Erasure:
    """Put the erasure of an author in line; `again` is the handle typed a second time. With
    `mask_mentions` the handle, and these other `names` of theirs, are masked in what others wrote
    and will write.

    With nothing held it still keeps them from being taken in. Raises ValidationError for two
    different handles and for an account of the company's own.
    """
    directory_policy.require(by, policy.may_erase)
    plain = plain_handle(handle)
    if not plain:
        raise ValidationError({"handle": _("Give the handle.")})
    if plain_handle(again) != plain:
        raise ValidationError({"again": _("This is another handle than the one above. Nothing was erased.")})  # fmt: skip
    if plain in queries.own_handles():
        raise ValidationError(
            {"handle": _("This is an account of your own company. Take it out of your accounts first.")}
        )  # fmt: skip
    if mask_mentions:
        masking.check_names([plain, *names])
    erasure = Erasure.objects.create(
        network=network, handle=plain, by=by, mask_mentions=mask_mentions,
        names=json.dumps(list(names)) if mask_mentions and names else "",
    )  # fmt: skip
    trail.record(by, "asked for the erasure of an author", erasure, network=network)
    enqueue(ERASE_AUTHOR, key=f"erasure-{erasure.pk}", by=by, erasure_id=erasure.pk)
    return erasure


def carry_out(*, erasure: Erasure, alive: Alive = lambda: True) -> Erasure:
    """Erase everywhere and put the search in line. Taken up again after a kill it does the rest:
    every step may be done twice. When `alive` answers no it stops, to be done again."""
    if erasure.state not in Erasure.TO_ERASE:
        return erasure
    erasure.state = Erasure.State.RUNNING
    erasure.save(update_fields=["state"])
    try:
        _begin(erasure, alive)
        _erase(erasure)
        _mask(erasure)
        _clear_copies(erasure, alive)
    except copies.HandedBack:
        return erasure
    with transaction.atomic():
        erasure.state, erasure.erased_at = Erasure.State.SEARCHING, timezone.now()
        erasure.old_parts = sorted(old_parts(archive()))
        erasure.save(update_fields=["state", "erased_at", "old_parts"])
        look_later(erasure, 1)
    read_ahead()
    return erasure


def look_later(erasure: Erasure, look: int) -> None:
    """Put the search in line: the engine keeps the files it rewrote for a while, half a minute as a
    rule; each look waits twice as long as the one before."""
    after = min(FIRST_LOOK * 2 ** min(look - 1, 10), MOST_BETWEEN_LOOKS)
    enqueue(
        SEARCH_ERASED, key=f"erasure-{erasure.pk}-look-{look}", by=erasure.by, after=after,
        erasure_id=erasure.pk, look=look,
    )  # fmt: skip


def search(*, erasure: Erasure, alive: Alive = lambda: True) -> bool:
    """Look everywhere for what may be left and write down what was found; False when the engine
    has not removed its old files yet, or when `alive` answers no."""
    if erasure.state != Erasure.State.SEARCHING:
        return True
    if masking.left_in_archive(erasure):  # an import had read them already when the masks came
        _mask(erasure)
        erasure.old_parts = sorted(old_parts(archive()))
        erasure.save(update_fields=["old_parts"])
        return False
    kept = old_parts(archive()).intersection(erasure.old_parts)
    patient = timezone.now() < (erasure.erased_at or timezone.now()) + LONGEST_WAIT
    if kept and patient:
        return False
    left = [proof.Left("archive", len(kept))] if kept else []
    try:
        left += _found(erasure, alive)
    except copies.HandedBack:
        return False
    erasure.left = [vars(one) for one in left]
    _finish(erasure)
    return True


@transaction.atomic
def drop_file(*, by: Person, erasure: Erasure, import_id: int) -> Erasure:
    """Delete an uploaded file that an import was not done with; what was read of it stays."""
    directory_policy.require(by, policy.may_erase)
    erasure = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if import_id not in [file["import"] for file in erasure.waiting_files]:
        return erasure
    if not copies.delete_upload(import_id):
        raise ValidationError(_("This file is being read. Stop its import first."))
    _mark_deleted(erasure, import_id)
    trail.record(by, "deleted uploaded file", erasure, number=import_id)
    return erasure


@transaction.atomic
def call_settled(*, by: Person, erasure: Erasure) -> Erasure:
    """Somebody looked at what was left: it is nothing of this author, or it is gone."""
    directory_policy.require(by, policy.may_erase)
    if erasure.state == Erasure.State.LOOK:
        erasure.state = Erasure.State.DONE
        erasure.save(update_fields=["state"])
        trail.record(by, "looked at what was left", erasure)
    return erasure


def keep_erased(*, by: Person, alive: Alive = lambda: True) -> int:
    """Erase anew who came back: an archive that was restored from a backup knows nothing of those
    who were erased since. Delete the files imports are done with by now. Returns how many authors
    were erased again."""
    known = authors.erased_authors(archive())
    again = 0
    for erasure in Erasure.objects.exclude(state__in=Erasure.UNFINISHED):
        if not alive():
            return again
        for file in erasure.waiting_files:
            _delete_when_done(erasure, int(file["import"]))
        if not known.issuperset(erasure.author_keys):
            erased = erase_authors(archive(), erasure.author_keys, for_good=timezone.now())
            forget_answers()
            trail.record(by, "erased author again", erasure, posts=erased.posts)
            again += 1
    return again


def _lines(held: Held) -> Iterator[str]:
    head = {
        "what": "openroads access export",
        "network": held.network,
        "handle": held.handle,
        "made_at": timezone.now().isoformat(),
        "posts": held.posts,
        "sources": [
            {**vars(row), "first": row.first.isoformat(), "last": row.last.isoformat()}
            for row in held.sources
        ],
        "posts_of_others_that_address_them": held.mentions,
    }
    yield json.dumps(head, ensure_ascii=False) + "\n"
    for post in authors.posts_of_author(archive(), held.keys):
        yield json.dumps(post.as_told(), ensure_ascii=False) + "\n"


def _begin(erasure: Erasure, alive: Alive) -> None:
    """Write down what is there, once: after a kill it is partly gone."""
    if erasure.keys:
        return
    held = held_of(erasure.network, erasure.handle)
    erasure.masks = masking.as_kept(masking.masks_of(masking.names_of(erasure)))
    clues = proof.clues_of(authors.traces_of_author(archive(), held.keys))
    clues += masking.long_names_of(erasure)
    found, _searched = _bytes(clues, alive)
    erasure.posts, erasure.mentions, erasure.own_texts = held.posts, held.mentions, held.own_texts
    erasure.sources = [_told(vars(row)) for row in held.sources]
    erasure.clues, erasure.found_before = json.dumps(clues), len(found)
    erasure.keys = [str(key) for key in held.keys]
    erasure.save()


def _erase(erasure: Erasure) -> None:
    """What colleagues said of the posts first: by the ids, which go with the posts."""
    ids = posts_of_authors(archive(), erasure.author_keys)
    for start in range(0, len(ids), AT_ONCE):
        forget_posts(posts=ids[start : start + AT_ONCE])
        changes.forget_posts(posts=ids[start : start + AT_ONCE])
        hours.forget_posts(posts=ids[start : start + AT_ONCE])
    _forget_replies(erasure)
    forget_exports()
    take_words_out(
        deeds="digest ",
        instead=_("Somebody whose words stood here was erased. Openroads has what others said."),
    )
    erased = erase_authors(archive(), erasure.author_keys, for_good=timezone.now())
    erasure.posts = max(erasure.posts, erased.posts)
    erasure.words += erased.words
    erasure.save(update_fields=["posts", "words"])
    forget_answers()


def _forget_replies(erasure: Erasure) -> None:
    """What we answered them: to their handle, and to each of their posts."""
    handles = authors.handle_forms(erasure.handle)
    forget_replies(network=erasure.network, to=handles, answering=())
    held = authors.posts_of_author(archive(), erasure.author_keys)
    while posts := [post.native_id for post in islice(held, 500)]:
        forget_replies(network=erasure.network, to=(), answering=posts)


def _mask(erasure: Erasure) -> None:
    """What others wrote, after the register keeps the masks: what comes in now is masked already."""
    if erasure.mask_mentions:
        erasure.masked += masking.mask_archive(erasure)
        changes.mask_quotes(masks=masking.masks_of(masking.names_of(erasure)))
        erasure.save(update_fields=["masked"])
        forget_answers()


def _clear_copies(erasure: Erasure, alive: Alive) -> None:
    author = copies.Author(
        erasure.network, erasure.handle, frozenset(erasure.author_keys), archive().author_key,
        masking.masks_of(masking.names_of(erasure)),
    )  # fmt: skip
    erasure.previews += copies.clear_previews(author)
    erasure.rejected += copies.clear_rejected(author, alive) + copies.clear_pushed()
    known = {file["import"] for file in erasure.files}
    found = copies.clear_uploads(author, alive)
    erasure.files += [file for file in found if file["import"] not in known]
    erasure.save(update_fields=["previews", "rejected", "files"])


def _found(erasure: Erasure, alive: Alive) -> list[proof.Left]:
    """What the archive, the database and the files hold of them still, but for files that wait."""
    clues: list[str] = json.loads(erasure.clues or "[]")
    proof.settle_database()
    rows = sum(row.posts for row in authors.held_of_author(archive(), erasure.author_keys))
    rows += masking.left_in_archive(erasure)
    left = [proof.Left("archive", rows)] if rows else []
    left += proof.words_in_database(clues, erasure.handle)
    found, erasure.searched = _bytes(clues, alive)
    held = [file["import"] for file in erasure.waiting_files]
    waiting = list(Import.objects.filter(pk__in=held).values_list("path", flat=True))
    return left + [one for one in found if not any(path.endswith(one.where) for path in waiting)]


@transaction.atomic
def _finish(erasure: Erasure) -> None:
    erasure.handle = erasure.clues = erasure.names = ""
    erasure.old_parts = []
    erasure.state = Erasure.State.LOOK if erasure.left else Erasure.State.DONE
    erasure.finished_at = timezone.now()
    erasure.save()
    trail.record(erasure.by, "erased author", erasure, network=erasure.network, posts=erasure.posts)


def _bytes(clues: list[str], alive: Alive) -> tuple[list[proof.Left], int]:
    return proof.bytes_in_folder(settings.OPENROADS.data, clues, lambda: copies.go_on(alive))


@transaction.atomic
def _delete_when_done(erasure: Erasure, import_id: int) -> None:
    item = Import.objects.filter(pk=import_id).first()
    if item is not None and item.path:
        if item.state != Import.State.DONE or not copies.delete_upload(import_id):
            return
    _mark_deleted(erasure, import_id)


def _mark_deleted(erasure: Erasure, import_id: int) -> None:
    for file in erasure.files:
        if file["import"] == import_id:
            file["deleted"] = True
    erasure.save(update_fields=["files"])


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }
