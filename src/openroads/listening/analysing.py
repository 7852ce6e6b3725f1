"""Reading texts with the company's own languages and names, on as many cores as the job is worth."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

from openroads.analysis.learning.model import Teller
from openroads.analysis.pipeline import Analysis, joined
from openroads.connectors.port import Page
from openroads.listening.apart import Reader, analyse, analyse_as_given, analyser_for, begin

__all__ = ["Reader", "Taught", "analysed", "analyser_for", "stored_at_once"]

BYTES_A_ROW = 250
"""What a row of a file takes, about."""
WORTH_A_POOL = 20_000
"""Rows from which starting other processes (about 1.5 s each) pays for itself."""

MOST_READERS = 3
"""Processes: storing takes as long as two of them read."""

AHEAD = 12
"""Pages read ahead of the one being stored."""

MUCH_TEXT = 20_000_000
"""Characters read ahead, or stored at once, at most (but for the last page)."""

STORED_AT_ONCE = 10_000
"""Rows of one portion: five pages cost the engine half of what they cost one by one, and a kill still
costs only a portion that is read again."""

Pages = Iterator[tuple[Page, Analysis]]


@dataclass(frozen=True)
class Taught:
    """What people taught this house: the models in force, and the languages they put right."""

    models: tuple[Teller, ...] = ()
    languages: Callable[[Page], list[str] | None] = lambda page: None
    """Of a page of posts the language a person said each is in ("" for none); None: nobody did."""


UNTAUGHT = Taught()


def rows_in(size: int) -> int:
    """About how many rows a file of so many bytes holds: tells whether more cores are worth starting."""
    return size // BYTES_A_ROW


def analysed(
    pages: Iterable[Page], reader: Reader, rows: int | None = None, taught: Taught = UNTAUGHT
) -> Pages:
    """Each page with its analysis, in order; mood and kind by the models in force.

    With more than `WORTH_A_POOL` rows expected and a second core, the analysis runs in processes of
    its own while this one reads and stores; they make themselves ready from this call on. They are
    spawned, never forked: a forked child that touches the embedded engine hangs.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    readers = min((cores or 1) - 1, MOST_READERS)
    if (rows or 0) < WORTH_A_POOL or readers < 1:
        return ((page, analyse(reader, *_columns(page, taught), taught.models)) for page in pages)
    pool = ProcessPoolExecutor(
        readers,
        mp_context=get_context("spawn"),
        initializer=begin,
        initargs=(reader, taught.models),
    )
    for _ in range(readers):
        pool.submit(analyse_as_given, [], [], None)  # the pool starts a process only for work
    return _by_pool(pool, pages, taught)


def _by_pool(pool: ProcessPoolExecutor, pages: Iterable[Page], taught: Taught) -> Pages:
    ahead: deque[tuple[Page, int, Future[Analysis]]] = deque()
    characters = 0
    with pool:
        try:
            for page in pages:
                texts, hints, told = _columns(page, taught)
                size = sum(map(len, texts))
                ahead.append((page, size, pool.submit(analyse_as_given, texts, hints, told)))
                characters += size
                while ahead and (
                    len(ahead) > AHEAD or characters > MUCH_TEXT or ahead[0][2].done()
                ):
                    first, size, result = ahead.popleft()
                    characters -= size
                    yield first, result.result()
            while ahead:
                first, _, result = ahead.popleft()
                yield first, result.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def stored_at_once(pages: Pages, rows: int | None = None) -> Pages:
    """Pages of one source in portions worth storing: as they come from a small source, several
    together from one of which more than `WORTH_A_POOL` rows are expected."""
    if (rows or 0) < WORTH_A_POOL:
        yield from pages
        return
    held: list[tuple[Page, Analysis]] = []
    size = characters = 0
    for page, analysis in pages:
        held.append((page, analysis))
        size += len(page.messages) + len(page.rejected)
        characters += sum(len(message.text) for message in page.messages)
        if size >= STORED_AT_ONCE or characters > MUCH_TEXT:
            yield _together(held)
            held, size, characters = [], 0, 0
    if held:
        yield _together(held)


def _together(held: list[tuple[Page, Analysis]]) -> tuple[Page, Analysis]:
    pages = [page for page, _ in held]
    if len(pages) == 1:
        return held[0]
    page = replace(
        pages[-1],
        messages=[message for page in pages for message in page.messages],
        rejected=[row for page in pages for row in page.rejected],
        notes=tuple(note for page in pages for note in page.notes),
    )
    return page, joined([analysis for _, analysis in held])


def _columns(page: Page, taught: Taught) -> tuple[list[str], list[str], list[str] | None]:
    texts = [f"{m.title}\n{m.text}" if m.title else m.text for m in page.messages]
    return texts, [m.language for m in page.messages], taught.languages(page)
