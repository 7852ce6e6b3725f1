"""Which posts are meant: a choice, and the rows a question about it reads."""

from dataclasses import dataclass, field
from typing import Any, Literal

from openroads.archive.scope import COUNTED, IN_SCOPE, IN_SCOPE_BY_DAY, Scope

AuthorGroup = Literal["", "once", "few", "often"]

GROUPS: dict[str, tuple[int, int]] = {"": (0, 0), "once": (1, 1), "few": (2, 4), "often": (5, 0)}
"""Least and most posts somebody wrote in the period (and brand) to be in the group; most 0: no end."""

ASKED_OF_POST = """
    voice = {voice:String}
    AND (empty({sources:Array(UInt32)}) OR has({sources:Array(UInt32)}, source))
    AND (empty({moods:Array(Int8)}) OR has({moods:Array(Int8)}, mood))
    AND (empty({kinds:Array(String)}) OR has({kinds:Array(String)}, kind))
"""

# TRICKY: the inner question runs also when no group is asked for; its own first condition then
# reads nothing.
OF_AUTHORS = f"""
    ({{group_least:UInt32}} = 0 OR author_key IN (
        SELECT author_key FROM counted_post
        WHERE {{group_least:UInt32}} > 0 AND author_key != 0
          AND {IN_SCOPE_BY_DAY} AND voice = {{voice:String}}
        GROUP BY author_key
        HAVING sum(sign) >= {{group_least:UInt32}}
           AND ({{group_most:UInt32}} = 0 OR sum(sign) <= {{group_most:UInt32}})))
"""

SIEVED = f"""
    {IN_SCOPE} AND {COUNTED} AND {ASKED_OF_POST}
    AND (empty({{terms:Array(UInt32)}}) OR hasAll(post.terms, {{terms:Array(UInt32)}}))
    AND {OF_AUTHORS}
"""
"""The one text for "this post is in the choice"; an empty part lets all through."""

# The same posts twice, in the columns all that counts them is made of: the narrow table where it knows
# everything that is asked, the posts themselves for a condition on what was said.
NARROW = f"""
    SELECT day, source, network, language, mood, kind, author_key, reactions, told, bucket,
           brands, counted_post.terms AS terms, sign
    FROM counted_post
    WHERE {IN_SCOPE_BY_DAY} AND {ASKED_OF_POST}
      AND (empty({{terms:Array(UInt32)}}) OR hasAll(counted_post.terms, {{terms:Array(UInt32)}}))
      AND {OF_AUTHORS}
"""

WHOLE = f"""
    SELECT toDate(published_at) AS day, source, network, language, mood, kind, author_key,
           toUInt64(ifNull(likes, 0)) + ifNull(replies, 0) + ifNull(reposts, 0) AS reactions,
           isNotNull(likes) OR isNotNull(replies) OR isNotNull(reposts) AS told,
           toUInt8(least(20, 63 - floor(log2(greatest(cityHash64(id), 1))))) AS bucket,
           brands, post.terms AS terms, toInt32(1) AS sign
    FROM post FINAL WHERE {SIEVED} AND (CONDITION)
"""

SUMMED = """
    SELECT day, source, network, language, mood, kind, volume_day.posts AS sign
    FROM volume_day
    WHERE day >= {since:Date} AND day < {until:Date}
      AND brand = {brand:UInt16} AND product = {product:UInt16}
      AND (empty({languages:Array(String)}) OR has({languages:Array(String)}, language))
      AND """ + ASKED_OF_POST  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """A further condition on a post, as SQL over the columns of `post`; values travel as
    parameters, never inside the text."""

    sql: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sieve:
    """Which posts are meant: a scope and whatever else is asked of them; empty means all.

    `moods` are 1, 0, -1 and -128 (unknown). `terms` are ids that must all be in a post. `authors`
    are people by how often they wrote in the scope. Reposts and copies are never in it.
    """

    scope: Scope
    voice: Literal["customer", "brand"] = "customer"
    sources: tuple[int, ...] = ()
    moods: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    terms: tuple[int, ...] = ()
    authors: AuthorGroup = ""
    condition: Condition | None = None

    def params(self) -> dict[str, Any]:
        """Everything but the condition as query parameters, and the condition's own."""
        least, most = GROUPS[self.authors]
        return {
            **self.scope.params(),
            "voice": self.voice,
            "sources": list(self.sources),
            "moods": list(self.moods),
            "kinds": list(self.kinds),
            "terms": list(self.terms),
            "group_least": least,
            "group_most": most,
            **(self.condition.params if self.condition else {}),
        }

    def sql(self) -> str:
        """The whole condition."""
        return f"{SIEVED} AND ({self.condition.sql})" if self.condition else SIEVED

    @property
    def summed(self) -> bool:
        """Whether the sums by day answer how many there are: words and people are not in these."""
        few_products = not self.scope.products or (
            len(self.scope.products) == 1 and self.scope.brand != 0
        )
        return few_products and not (self.terms or self.authors or self.condition)

    @property
    def product(self) -> int:
        """The one product the sums are asked for; 0: all."""
        return self.scope.products[0] if self.scope.products else 0


def asked_of(text: str, sieve: Sieve) -> str:
    """A question about the posts of a choice, its place marked (CHOSEN): constant texts only, no
    values."""
    chosen = NARROW
    if sieve.condition is not None:
        chosen = WHOLE.replace("(CONDITION)", f"({sieve.condition.sql})")
    return text.replace("(CHOSEN)", f"({chosen})")


def asked_in_sums(text: str) -> str:
    """The same question to the sums by day, where these answer it (`Sieve.summed`); it needs a
    parameter `product`."""
    return text.replace("(CHOSEN)", f"({SUMMED})")
