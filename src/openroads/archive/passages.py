"""The brand's own texts in passages of a paragraph, each valid from a day and perhaps to a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from openroads.analysis.pipeline import ANALYSER, Analysis
from openroads.archive.batch import Landed, hash64, terms_column
from openroads.archive.client import Archive
from openroads.archive.queries import writing as sql
from openroads.archive.termbook import book_of


@dataclass(frozen=True)
class Passage:
    """About a paragraph of one of the brand's texts. `valid_to` is the first day it no longer
    stood there; None while it does."""

    text_id: int
    position: int
    brand: int
    url: str
    title: str
    text: str
    valid_from: date
    valid_to: date | None


def ingest_passages(archive: Archive, passages: Sequence[Passage], analysis: Analysis) -> Landed:
    """Write the passages of one or more texts, all passages of a text in one call.

    Idempotent: unchanged passages are not written; passages a text had and no longer has are
    deleted. `analysis` is of the same passages in the same order.
    """
    if len(analysis.language) != len(passages):
        raise ValueError("The analysis is not of these passages: their numbers differ.")
    with archive.write_lock:
        book = book_of(archive)
        term_ids = book.ids(analysis)
        texts = sorted({passage.text_id for passage in passages})
        held = {
            (row["text_id"], row["position"]): row["digest"]
            for row in archive.written(sql.PASSAGES_HELD, {"texts": texts}).to_pylist()
        }
        last = {(one.text_id, one.position): place for place, one in enumerate(passages)}
        keys = analysis.term_keys
        digests = {
            key: _digest(passages[place], analysis, keys, place) for key, place in last.items()
        }
        coming = [key for key in last if held.get(key) != digests[key]]
        gone = [key for key in held if key not in last]
        version = int(archive.written(sql.LAST_VERSIONS, {})["passage"][0].as_py() or 0) + 1
        if gone:
            _bury(archive, gone, version)
        if coming:
            places = [last[key] for key in coming]
            table = _rows(passages, analysis, places, terms_column(
                np.asarray(analysis.term_offsets), term_ids))  # fmt: skip
            table = table.append_column(
                "digest", pa.array([digests[key] for key in coming], pa.uint64())
            ).append_column("version", pa.array([version] * len(coming), pa.uint32()))
            archive.insert("passage", table)
    changed = sum(key in held for key in coming)
    return Landed(len(coming) - changed, changed, len(passages) - len(coming), len(gone))


def withdraw_text(archive: Archive, text_id: int) -> int:
    """Take a text out of the archive for good, as if the brand never said it; returns how many
    passages it had. A text that was said until some day keeps its passages, with `valid_to`."""
    with archive.write_lock:
        found = int(archive.written(sql.LEFT_OF_TEXT, {"text_id": text_id})["n"][0].as_py())
        archive.command(sql.ERASE_TEXT, {"text_id": text_id})
        archive.command(sql.CLEAN_PASSAGES)
    return found


def _bury(archive: Archive, gone: Sequence[tuple[int, int]], version: int) -> None:
    archive.command(
        sql.GONE_PASSAGES,
        {
            "texts": [text for text, _ in gone],
            "positions": [position for _, position in gone],
            "version": version,
        },
    )


def _digest(passage: Passage, analysis: Analysis, keys: Sequence[str], place: int) -> int:
    start, end = analysis.term_offsets[place], analysis.term_offsets[place + 1]
    products = repr(sorted(analysis.products[place]))
    return hash64(
        repr(passage), products, str(analysis.mood[place]), analysis.language[place], ANALYSER,
        *keys[start:end],
    )  # fmt: skip


def _rows(
    passages: Sequence[Passage], analysis: Analysis, places: Sequence[int], terms: pa.Array
) -> pa.Table:
    chosen = [passages[place] for place in places]
    order = np.asarray(places, np.int64)
    products = [sorted(set(analysis.products[place])) for place in places]
    columns: Mapping[str, pa.Array] = {
        "id": pa.array([hash64(str(p.text_id), str(p.position)) for p in chosen], pa.uint64()),
        "text_id": pa.array([p.text_id for p in chosen], pa.uint64()),
        "position": pa.array([p.position for p in chosen], pa.uint32()),
        "brand": pa.array([p.brand for p in chosen], pa.uint16()),
        "url": pa.array([p.url for p in chosen], pa.string()),
        "title": pa.array([p.title for p in chosen], pa.string()),
        "text": pa.array([p.text for p in chosen], pa.string()),
        "valid_from": pa.array([p.valid_from for p in chosen], pa.date32()),
        "valid_to": pa.array([p.valid_to for p in chosen], pa.date32()),
        "language": pa.array([analysis.language[place] for place in places], pa.string()),
        "tone": pa.array(np.asarray(analysis.tone, np.float32)[order]),
        "mood": pa.array(np.asarray(analysis.mood, np.int8)[order]),
        "words": pa.array(np.asarray(analysis.words, np.uint32)[order]),
        "terms": terms.take(pa.array(order)),
        "products": pa.array(products, pa.list_(pa.uint16())),
        "analyser": pa.array([ANALYSER] * len(order), pa.string()),
    }
    return pa.table(dict(columns))
