"""Reading texts with the company's own languages and names, on as many cores as the job is worth."""

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from openroads.analysis.pipeline import Analyser, Analysis, Name
from openroads.connectors.port import Page

WORTH_A_POOL = 20_000
"""Rows from which starting other processes (about 1.5 s each) pays for itself."""


@dataclass(frozen=True)
class Reader:
    """What an analyser needs to know; equal readers share one analyser per thread."""

    languages: tuple[str, ...] = ("nl", "en")
    names: tuple[Name, ...] = ()


_mine = threading.local()


def analyser_for(reader: Reader) -> Analyser:
    """This thread's analyser for these languages and names, with its caches warm."""
    if getattr(_mine, "reader", None) != reader:
        _mine.reader, _mine.analyser = (
            reader,
            Analyser(languages=reader.languages, names=reader.names),
        )
    analyser: Analyser = _mine.analyser
    return analyser


def _analyse(reader: Reader, texts: list[str], hints: list[str]) -> Analysis:
    return analyser_for(reader).analyse(texts, hints)


def analysed(
    pages: Iterable[Page], reader: Reader, rows: int | None = None
) -> Iterator[tuple[Page, Analysis]]:
    """Each page with its analysis, in order.

    With more than `WORTH_A_POOL` rows expected and a second core, the analysis runs in processes of
    its own while this one reads and stores. They are spawned, never forked: a forked child that
    touches the embedded engine hangs.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if (rows or 0) < WORTH_A_POOL or (cores or 1) < 2:
        for page in pages:
            texts, hints = _columns(page)
            yield page, _analyse(reader, texts, hints)
        return
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        ahead: deque[tuple[Page, Future[Analysis]]] = deque()
        try:
            for page in pages:
                ahead.append((page, pool.submit(_analyse, reader, *_columns(page))))
                if len(ahead) > 2 * (cores or 1):
                    first, result = ahead.popleft()
                    yield first, result.result()
            while ahead:
                first, result = ahead.popleft()
                yield first, result.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _columns(page: Page) -> tuple[list[str], list[str]]:
    texts = [f"{m.title}\n{m.text}" if m.title else m.text for m in page.messages]
    return texts, [m.language for m in page.messages]
