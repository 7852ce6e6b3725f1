"""What a process of its own does that reads texts for the house. It imports the analysis and little
else: every such process loads this again."""

import os
import signal
import threading
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import wait

from openroads.analysis.learning.applying import applied
from openroads.analysis.learning.model import Teller
from openroads.analysis.pipeline import Analyser, Analysis, Name

WARMING = ["wij lezen de woordenboeken van het Nederlands", "and those of the English words too"]


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


def analyse(
    reader: Reader,
    texts: list[str],
    hints: list[str],
    told: list[str] | None = None,
    models: tuple[Teller, ...] = (),
) -> Analysis:
    """What these texts say. `told` are languages by people ("" for none); mood and kind are by the
    models in their languages."""
    return applied(models, texts, analyser_for(reader).analyse(texts, hints, told))


_given: list[tuple[Reader, tuple[Teller, ...]]] = []


def analyse_as_given(texts: list[str], hints: list[str], told: list[str] | None) -> Analysis:
    """The same with what this process was begun with: models are large, and sent once."""
    reader, models = _given[-1]
    return analyse(reader, texts, hints, told, models)


def begin(reader: Reader, models: tuple[Teller, ...] = ()) -> None:
    """Make this process ready, and let only the house decide when it stops.

    Ctrl+C and systemd's stop reach every process of the house at once: a reader that died of it
    would make a fault of a job that is just being handed back. And nobody closes the pipes of a
    house that was killed: its readers would wait for work for ever.
    """
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="ends-with-parent", daemon=True).start()
    # Model and dictionaries are read while the house opens its file and its archive.
    _given.append((reader, models))
    analyse_as_given(WARMING, [""] * len(WARMING), None)
