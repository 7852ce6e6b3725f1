"""Documents as lists of terms: a fixed random draw of customers' posts, and all the brand says."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openroads.analysis.term_docs import TermDocs
from openroads.archive.client import Archive
from openroads.archive.queries.totals import PassageTotals
from openroads.archive.scope import IN_SCOPE_BY_DAY, VALID_IN_SCOPE, Scope

# Grouped by what FINAL would add up, in half its time.
SAMPLE = f"""
SELECT draw, any(author_key) AS author, any(terms) AS words
FROM counted_post
WHERE {IN_SCOPE_BY_DAY} AND voice = 'customer' AND bucket >= {{bucket:UInt8}}
GROUP BY draw, content HAVING sum(sign) > 0
ORDER BY draw LIMIT {{limit:UInt32}}
"""

# The same posts with all that a gap reads of them, one row each that was ever told.
DRAWN = f"""
SELECT draw, content, author_key AS author, terms AS words, sign
FROM counted_post
WHERE {IN_SCOPE_BY_DAY} AND voice = 'customer' AND bucket >= {{bucket:UInt8}}
"""

# TRICKY: FINAL adds up signs, and drops rows that come to nothing, only where `sign` is read.
DATED_BRAND_DOCUMENTS = f"""
SELECT words, mood, about, since, until, text, length FROM (
    SELECT terms AS words, mood, products AS about, valid_from AS since,
           ifNull(valid_to, toDate('2149-06-06')) AS until,
           CAST(text_id, 'Nullable(UInt64)') AS text, passage.words AS length
    FROM passage FINAL WHERE {VALID_IN_SCOPE}
    UNION ALL
    SELECT terms AS words, mood, products AS about, day AS since, day + 1 AS until,
           NULL AS text, toUInt32(0) AS length
    FROM counted_post FINAL WHERE {IN_SCOPE_BY_DAY} AND voice = 'brand' AND sign > 0
)
"""


@dataclass(frozen=True)
class Documents:
    """Term ids per document, flat: document i has `terms[offsets[i]:offsets[i + 1]]`."""

    offsets: NDArray[np.int64]
    terms: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.offsets) - 1


@dataclass(frozen=True)
class Sample(Documents):
    """Documents with who wrote them: a number per person, one of its own for each nameless post."""

    person: NDArray[np.uint64]


@dataclass(frozen=True)
class DatedDocuments:
    """The brand's passages and own posts with the days they stood (from `since`, up to but not on
    `until`), their mood (1, 0, -1, -128 unknown) and the products each is about. Of a passage the
    text it is of and its words are told too; an own post is of none."""

    documents: Documents
    mood: NDArray[np.int8]
    products: tuple[frozenset[int], ...]
    since: NDArray[np.datetime64]
    until: NDArray[np.datetime64]
    of_text: NDArray[np.bool_]
    text: NDArray[np.uint64]
    words: NDArray[np.int64]

    def passages(self, chosen: NDArray[np.bool_]) -> PassageTotals:
        """How much the passages among some of these come to."""
        told = chosen & self.of_text
        return PassageTotals(
            len(np.unique(self.text[told])), int(told.sum()), int(self.words[told].sum())
        )


@dataclass(frozen=True)
class Drawn:
    """A fixed random draw of customers' posts, one in `one_in`: a row each, and a row of -1 beside
    the one of a post that is no more."""

    rows: pa.Table
    one_in: int

    def docs(self) -> TermDocs:
        """Posts of the draw per term."""
        documents, sign = flat_lists(self.rows, "words"), self.rows["sign"].to_numpy()
        if not (sign < 0).any():
            return TermDocs.of_uses(documents.terms)
        return TermDocs.of_parts([(documents.terms, np.repeat(sign, np.diff(documents.offsets)))])

    def sample(self, limit: int) -> Sample:
        """What `sample_documents` draws, if so many are here."""
        draw, sign = self.rows["draw"].to_numpy(), self.rows["sign"].to_numpy()
        if (sign == 1).all():
            order = np.argsort(draw, kind="stable")
        else:  # a post told anew: what its rows come to
            content = self.rows["content"].to_numpy()
            order = np.lexsort((content, draw))
            there, other = draw[order], content[order]
            begins = np.flatnonzero(
                np.concatenate(([True], (there[1:] != there[:-1]) | (other[1:] != other[:-1])))
            )
            order = order[begins[np.add.reduceat(sign[order], begins) > 0]]
        return _sample(self.rows.take(pa.array(order[:limit])))


def sample_documents(
    archive: Archive, scope: Scope, limit: int = 20_000, *, posts: int = 0
) -> Sample:
    """The terms of customers' posts: all of them, or a fixed random draw of `limit`.

    `posts` is how many there are in scope; who knows it spares the archive looking through them
    all. The draw is of the posts with the smallest numbers, so a smaller draw is part of a larger.
    """
    # Each bucket leaves half for those beyond it: look where a few more lie than are wanted. The
    # number there scatters by its square root, so five of those are enough for ever.
    enough = limit + 5 * int(limit**0.5) + 5
    bucket = min(max((posts // enough).bit_length() - 1, 0), 20)
    return _sample(archive.table(SAMPLE, {**scope.params(), "limit": limit, "bucket": bucket}))


def drawn_documents(archive: Archive, scope: Scope, halvings: int) -> Drawn:
    """A fixed draw of customers' posts: those of which so many throws of a coin all came up heads."""
    rows = archive.table(DRAWN, {**scope.params(), "bucket": halvings})
    return Drawn(rows, int(2**halvings))


def _sample(table: pa.Table) -> Sample:
    draw, author = table["draw"].to_numpy(), table["author"].to_numpy()
    documents = flat_lists(table, "words")
    return Sample(documents.offsets, documents.terms, np.where(author == 0, draw, author))


def dated_brand_documents(archive: Archive, scope: Scope) -> DatedDocuments:
    """Everything the brand said in scope, with the days on which it said so."""
    table = archive.table(DATED_BRAND_DOCUMENTS, scope.params())
    return DatedDocuments(
        flat_lists(table, "words"),
        table["mood"].to_numpy(),
        tuple(frozenset(row) for row in table["about"].to_pylist()),
        table["since"].to_numpy().astype("datetime64[D]"),
        table["until"].to_numpy().astype("datetime64[D]"),
        table["text"].is_valid().to_numpy(),
        table["text"].fill_null(0).to_numpy(),
        table["length"].to_numpy().astype(np.int64),
    )


def flat_lists(table: pa.Table, column: str) -> Documents:
    """A column of lists of term ids, flat with offsets."""
    lists = table[column].combine_chunks()
    if isinstance(lists, pa.ChunkedArray):
        lists = pa.concat_arrays(lists.chunks) if lists.num_chunks else pa.array([], lists.type)
    lengths = lists.value_lengths().to_numpy(zero_copy_only=False)
    offsets = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
    return Documents(offsets, lists.flatten().to_numpy(zero_copy_only=False))
