"""Following feeds, reading the company's own site, and taking in its texts."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.feeds import Feed
from openroads.connectors.http import Guarded
from openroads.connectors.metering import UsedUp
from openroads.connectors.pagetext import MAX_PAGE_BYTES
from openroads.connectors.port import Page, Rejected
from openroads.connectors.sentences import say
from openroads.connectors.site import MAX_PAGES, Site
from openroads.connectors.texts import read_texts
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.actions.landing import land
from openroads.listening.actions.texts import Learned, close_texts, learn_texts, unseen_texts
from openroads.listening.ear.actions import note_failure, note_success
from openroads.listening.ear.visiting import Tally, begin_visit, end_visit
from openroads.listening.models import Source, Visited
from openroads.listening.networks import network_of
from openroads.listening.register.grounds import Grounds, enter
from openroads.listening.saying import line_of, translated
from openroads.listening.spending.queries import price_is_unseen
from openroads.ui.formats import moment

VISIT_SOURCE = "listening.visit_source"
WEEK = 7 * 24 * 60
GONE = (404, 410)
MOST_ASKED = 50
"""Pages that one visit asks for because it did not come past them."""
BETWEEN_PAGES = 0.5
MOST_WAIT = 2.0

Piece = TypeVar("Piece")


class Chunked(Protocol):
    """An uploaded file."""

    def chunks(self) -> Iterable[bytes]: ...


@transaction.atomic
def follow_feed(
    *,
    by: Person,
    address: str,
    purpose: str,
    name: str = "",
    voice: str = Source.Voice.CUSTOMER,
    brand: Brand | None = None,
    grounds: Grounds | None = None,
) -> Source:
    """Follow a feed from now on; the first visit is made at once. On what `grounds` goes into the
    register; so for every source that begins."""
    directory_policy.require(by, policy.may_keep_sources)
    source, made = Source.objects.get_or_create(
        kind=Source.Kind.FEED,
        network="feed",
        fingerprint="",
        address=address,
        brand=brand,
        defaults={"name": name or address[:120], "purpose": purpose, "voice": voice},
    )
    if made:
        entry = enter(source, grounds, by)
        trail.record(by, "followed feed", source, address=address, basis=entry.basis)
    send_to(by, source)
    return source


@transaction.atomic
def read_site(
    *, by: Person, brand: Brand, address: str, purpose: str = "", grounds: Grounds | None = None
) -> Source:
    """Read the brand's own site now and every week, keeping what it said before."""
    directory_policy.require(by, policy.may_keep_sources)
    source, made = Source.objects.get_or_create(
        kind=Source.Kind.SITE,
        network="site",
        fingerprint="",
        address=address,
        brand=brand,
        defaults={
            "name": address[:120], "purpose": purpose, "voice": Source.Voice.BRAND,
            "every_minutes": WEEK,
        },
    )  # fmt: skip
    if made:
        entry = enter(source, grounds, by)
        trail.record(by, "read own site", source, address=address, basis=entry.basis)
    send_to(by, source)
    return source


@transaction.atomic
def visit_now(*, by: Person, source: Source) -> None:
    """Put a visit in line. Raises Refused for a source that comes by itself: files and texts."""
    directory_policy.require(by, policy.may_keep_sources)
    if not source.is_visited:
        raise Refused(say("Only feeds, networks and websites can be visited."))
    _refuse_unseen_price(source)
    trail.record(by, "sent for a visit", source)
    send_to(by, source)


@transaction.atomic
def pause_source(*, by: Person, source: Source, listening: bool) -> Source:
    """Stop listening at a source, or begin again; what is collected stays. Raises Refused for a paid one
    whose price nobody agreed to."""
    directory_policy.require(by, policy.may_keep_sources)
    if listening:
        _refuse_unseen_price(source)
    source.listening, source.hears_since = listening, None
    source.save(update_fields=["listening", "hears_since"])
    trail.record(by, "resumed source" if listening else "paused source", source)
    return source


@transaction.atomic
def describe_source(
    *, by: Person, source: Source, name: str, purpose: str, expires_on: date | None = None
) -> Source:
    """Say what a source is called, why it is read and until when its key holds; what it was is in the
    trail."""
    directory_policy.require(by, policy.may_keep_sources)
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    said: dict[str, Any] = {"name": name, "purpose": purpose, "expires_on": expires_on}
    changed = {field: new for field, new in said.items() if getattr(source, field) != new}
    if changed:
        facts = {
            field: {"was": getattr(source, field), "now": new} for field, new in changed.items()
        }
        for field, new in changed.items():
            setattr(source, field, new)
        source.save(update_fields=list(changed))
        trail.record(by, "changed source", source, **facts)
    return source


def _refuse_unseen_price(source: Source) -> None:
    if price_is_unseen(source):
        raise Refused(
            say("This source is off until somebody has seen what it costs and switched it on.")
        )


def send_to(by: Person, source: Source) -> None:
    """Put a visit in line, once however often it is asked."""
    enqueue(VISIT_SOURCE, key=f"source-{source.pk}", by=by, source_id=source.pk)


class Visit:
    """One visit on its way: it stops when the worker must, and knows how many pages it asked for."""

    def __init__(self, alive: Callable[[], bool]) -> None:
        self._alive = alive
        self.stopped = False
        self.asked = 1

    def goes_on(self) -> bool:
        """Say that the visit is alive; False from the moment that it must stop."""
        self.stopped = self.stopped or not self._alive()
        return not self.stopped

    def pause(self, seconds: float) -> None:
        """What a site's reader does between two pages."""
        self.goes_on()
        self.asked += 1
        if not self.stopped:
            time.sleep(seconds)

    def wait(self, seconds: float) -> None:
        """What a network's reader does between two questions. Raises TryLater when the visit must stop:
        a page that is half read is read again next time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and self.goes_on():
            time.sleep(min(left, MOST_WAIT))
        if self.stopped:
            raise TryLater(say("The visit was broken off."), 0.0)

    def until_stopped(self, pages: Iterable[Piece]) -> Iterator[Piece]:
        """The pages, as long as the visit goes on."""
        for page in pages:
            yield page
            if not self.goes_on():
                return


def visit_source(
    *, by: Person, source: Source, client: Guarded, alive: Callable[[], bool] = lambda: True
) -> None:
    """Fetch what is new at a feed or site and store it. What goes wrong is written on the source, in
    the language of the house: everybody reads it there.

    The cursor is saved after the batch is durable, so a kill in between reads a page twice and
    stores it once. Raises TryLater so that the job comes back, and what nobody foresaw after saying
    on the source that it went wrong. When `alive` answers no it stops, to be done again.
    """
    with override(settings.LANGUAGE_CODE):
        _visit(by, source, client, Visit(alive))


def _visit(by: Person, source: Source, client: Guarded, visit: Visit) -> None:
    # At once: a visit that takes longer than the beat of the time-table must not be due meanwhile.
    _next_time(source)
    if source.is_only_streamed:
        return  # it hears by its stream; nobody can ask for more
    visited, tally = begin_visit(source), Tally()
    try:
        if source.kind == Source.Kind.SITE:
            notes = _read_site(by, source, client, visit, tally)
        else:
            pages = visit.until_stopped(_pages_of(source, client, visit))
            notes = _store(source, tally.over(pages), tally)
    except UsedUp as used_up:
        end_visit(visited, tally)
        _rest(source, used_up)
        return
    except (Refused, TryLater) as error:
        if visit.stopped:
            visited.delete()  # the house closes: nothing is wrong with the source
            return
        why, for_good = translated(error.why), isinstance(error, Refused)
        _failed(source, visited, tally, why, for_good=for_good)
        if isinstance(error, TryLater):
            raise
        return
    except Exception:
        why = _(
            "Something in the house went wrong during the visit. "
            "The administrator finds the fault in the log."
        )
        _failed(source, visited, tally, why)
        raise
    if visit.stopped:
        visited.delete()  # it is made again from where it was
        return
    end_visit(visited, tally)
    now = timezone.now()
    note_success(source=source, tally=tally, now=now)
    source.last_error = ""
    source.note = " ".join(notes)[:500]
    source.last_ok_at = now
    source.next_at = source.after_visit(now)
    source.save(update_fields=["last_error", "note", "last_ok_at", "next_at"])


def _failed(
    source: Source, visited: Visited, tally: Tally, why: str, *, for_good: bool = False
) -> None:
    _next_time(source, why)
    end_visit(visited, tally, error=why, for_good=for_good)
    note_failure(source=source, visited=visited)


def _next_time(source: Source, error: str | None = None) -> None:
    """Move the next visit on from now, with what went wrong at this one."""
    source.next_at = source.after_visit(timezone.now())
    if error is not None:
        source.last_error = error[:500]
    source.save(update_fields=["next_at"] if error is None else ["next_at", "last_error"])


def _rest(source: Source, used_up: UsedUp) -> None:
    """Leave a source alone until it may be asked again: it is not deaf, what it may ask is spent."""
    source.last_error = ""
    source.next_at = max(used_up.until, timezone.now())
    said = _("It goes on %(when)s.") % {"when": moment(source.next_at)}
    source.note = f"{translated(used_up.why)} {said}"[:500]
    source.save(update_fields=["last_error", "next_at", "note"])


def _pages_of(source: Source, client: Guarded, visit: Visit) -> Iterator[Page]:
    """What a feed shows now, or what is new on a network."""
    if source.kind == Source.Kind.NETWORK:
        _refuse_unseen_price(source)
        return network_of(source, client, visit.wait).read(source.told["topic"], source.cursor)
    return Feed(client, now=timezone.now()).read(source.address, source.cursor)


def _store(source: Source, pages: Iterable[Page], tally: Tally) -> list[str]:
    """Store what was read, page by page; returns what its reader should know."""
    notes: list[str] = []
    for page, landed in land(source, pages):
        tally.landed(landed)
        source.cursor = page.cursor
        source.save(update_fields=["cursor"])
        notes += map(translated, page.notes)
    return notes


def _read_site(
    by: Person, source: Source, client: Guarded, visit: Visit, tally: Tally
) -> list[str]:
    """Learn the pages of the site and close the texts of pages that are gone; returns which pages
    were left out, and why."""
    assert source.brand is not None
    began, today = timezone.now(), timezone.localdate()
    site = Site(client, sleep=visit.pause)
    pages = visit.until_stopped(site.pages(source.address))
    learned = learn_texts(by=by, source=source, brand=source.brand, pages=pages, today=today)
    tally.pages, tally.rejected = visit.asked, len(site.skipped)
    tally.added, tally.changed, tally.same = learned.new, learned.changed, learned.same
    if sum(learned) and visit.goes_on():
        unseen = unseen_texts(source, began)
        seen_all = not site.skipped and visit.asked < MAX_PAGES
        gone = unseen if seen_all else [text for text in unseen[:MOST_ASKED] if _is_gone(client, text.url, visit)]  # fmt: skip
        close_texts(by=by, texts=gone, today=today)
    return [line_of(skipped) for skipped in site.skipped]


def _is_gone(client: Guarded, address: str, visit: Visit) -> bool:
    """Whether a page the visit did not come past says itself that it is there no more."""
    visit.pause(BETWEEN_PAGES)
    if visit.stopped or not address:
        return False
    try:
        answer = client.get(address, max_bytes=MAX_PAGE_BYTES, also=GONE)
    except (Refused, TryLater):
        return False
    return answer.status in GONE


def upload_texts(
    *, by: Person, brand: Brand, file: Chunked, name: str, valid_from: date | None = None
) -> tuple[Learned, list[Rejected]]:
    """Take in a file with the brand's own texts. What could not be read comes back with the reason of
    each; raises Refused with a sentence when the file holds no text at all."""
    directory_policy.require(by, policy.may_keep_sources)
    source, made = Source.objects.get_or_create(
        kind=Source.Kind.TEXTS,
        network="texts",
        fingerprint="",
        address="",
        brand=brand,
        defaults={"name": brand.name, "voice": Source.Voice.BRAND},
    )
    if made:
        enter(source, None, by)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"texts{Path(name).suffix.lower()[:8]}"
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        pages, rejected = read_texts(path, name)
    dated = [
        page if page.valid_from or valid_from is None else replace(page, valid_from=valid_from)
        for page in pages
    ]
    learned = learn_texts(
        by=by, source=source, brand=brand, pages=dated, today=timezone.localdate()
    )
    return learned, rejected
