"""Finds posts by a Boolean query: how many, on which days, and which, newest first.

The tree of a query (see `openroads.analysis.query`) becomes a condition on the columns of `post`. What
the query is shaped like shows in the text of the SQL; what it says travels in parameters only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openroads.analysis.pseudonyms import SPACE, number_of
from openroads.analysis.query.matcher import HOST, LINK
from openroads.analysis.query.syntax import (
    STAR,
    TONES,
    About,
    And,
    Days,
    Field,
    Figure,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Run,
    Word,
)
from openroads.analysis.query.words import BETWEEN
from openroads.archive.batch import milliseconds
from openroads.archive.client import Archive
from openroads.archive.queries.choice import Condition
from openroads.archive.queries.newest import PlaceFound, newest_places, quotes_at
from openroads.archive.queries.posts import Place, Quote
from openroads.archive.scope import IN_SCOPE, Scope, midnight

__all__ = [
    "Condition",
    "DayFound",
    "condition",
    "count",
    "found_by_day",
    "ids_found",
    "posts_found",
]

# Columns are written with their table, because a query around a condition may give their names to
# something else.
FOLDED = "removeDiacriticsUTF8(caseFoldUTF8({}))"
HANDLE = f"trim(LEADING '@' FROM {FOLDED.format('post.author')})"
SHOWN_NAME = FOLDED.format("post.author_name")
SHADELESS = r"replaceRegexpAll(face, '[\\x{FE0F}\\x{1F3FB}-\\x{1F3FF}]', '')"

FOUND_IN_SCOPE = f"""
    {IN_SCOPE} AND NOT repost
    AND ({{voice:String}} = '' OR voice = {{voice:String}})
    AND ({{copies:Bool}} OR original = 0)
"""

COUNT = f"SELECT toInt64(count()) AS posts FROM post FINAL WHERE {FOUND_IN_SCOPE} AND (FOUND)"

BY_DAY = f"""
SELECT toDate(published_at) AS day, toInt64(count()) AS posts
FROM post FINAL WHERE {FOUND_IN_SCOPE} AND (FOUND) GROUP BY day ORDER BY day
"""


@dataclass(frozen=True)
class DayFound:
    """Posts found on one UTC day."""

    day: date
    posts: int


@dataclass(frozen=True)
class _Total:
    posts: int


def count(
    archive: Archive, scope: Scope, query: Node, *, voice: str = "customer", copies: bool = False
) -> int:
    """How many posts a query finds; reposts never, copies of earlier posts when asked. Every voice
    when `voice` is empty; so in all questions here."""
    sql, params = _asked(COUNT, scope, query, voice, copies)
    return archive.rows(_Total, sql, params)[0].posts


def found_by_day(
    archive: Archive, scope: Scope, query: Node, *, voice: str = "customer", copies: bool = False
) -> list[DayFound]:
    """How many a query finds per day, oldest first; days without are absent."""
    sql, params = _asked(BY_DAY, scope, query, voice, copies)
    return archive.rows(DayFound, sql, params)


def ids_found(
    archive: Archive,
    scope: Scope,
    query: Node,
    *,
    before: Place = None,
    limit: int = 1_000,
    voice: str = "customer",
    copies: bool = False,
) -> list[PlaceFound]:
    """Where the newest posts stand that a query finds; `before` is the `place` of the last one seen."""
    made = condition(query)
    params = {**scope.params(), "voice": voice, "copies": copies, **made.params}
    found = f"{FOUND_IN_SCOPE} AND ({made.sql})"
    return newest_places(archive, scope, found, params, before=before, limit=limit)


def posts_found(
    archive: Archive,
    scope: Scope,
    query: Node,
    *,
    before: Place = None,
    limit: int = 20,
    voice: str = "customer",
    copies: bool = False,
) -> list[Quote]:
    """The same with what they say."""
    places = ids_found(
        archive, scope, query, before=before, limit=limit, voice=voice, copies=copies
    )
    return quotes_at(archive, places)


def _asked(
    text: str, scope: Scope, query: Node, voice: str, copies: bool
) -> tuple[str, dict[str, Any]]:
    made = condition(query)
    sql = text.replace("(FOUND)", f"({made.sql})")
    return sql, {**scope.params(), "voice": voice, "copies": copies, **made.params}


# ----------------------------------------------------------------------------------- the condition
def condition(query: Node, beside: Condition | None = None) -> Condition:
    """What a query asks of a post, as SQL over the columns of `post` with parameters q0, q1, ...

    With a condition it stands `beside`, it asks for both.
    """
    params: dict[str, Any] = dict(beside.params) if beside else {}
    sql = _sql(query, params)
    return Condition(f"({beside.sql}) AND ({sql})" if beside else sql, params)


def _sql(query: Node, params: dict[str, Any]) -> str:
    if isinstance(query, Not):
        return f"NOT {_sql(query.part, params)}"
    if isinstance(query, And | Or):
        return _joined(query, params)
    if isinstance(query, Word | Phrase):
        return _run(query, params)
    if isinstance(query, Near):
        return _near(query, params)
    if isinstance(query, Days):
        return _days(query, params)
    if isinstance(query, Figure):
        return _figure(query, params)
    return _about(query, params) if isinstance(query, About) else _field(query, params)


def _bind(params: dict[str, Any], value: object, kind: str = "String") -> str:
    """The value as a parameter: what stands for it in the text."""
    name = f"q{len(params)}"
    params[name] = value
    return f"{{{name}:{kind}}}"


def _joined(query: And | Or, params: dict[str, Any]) -> str:
    """Parts together; the plain words among them are one question to the index."""
    plain = [part.text for part in query.parts if isinstance(part, Word) and not part.wild]
    rest = [part for part in query.parts if not isinstance(part, Word) or part.wild]
    every = isinstance(query, And)
    texts = [_has_tokens(plain, params, every)] if plain else []
    texts += [_sql(part, params) for part in rest]
    return f"({(' AND ' if every else ' OR ').join(texts)})"


def _has_tokens(words: Sequence[str], params: dict[str, Any], every: bool = True) -> str:
    """Answered by the index alone: its tokens are exactly our words."""
    name = "hasAllTokens" if every else "hasAnyTokens"
    return f"{name}(post.searchable, {_bind(params, list(words), 'Array(String)')})"


def _run(run: Run, params: dict[str, Any]) -> str:
    words = (run,) if isinstance(run, Word) else run.words
    plain = [word.text for word in words if not word.wild]
    if len(plain) == len(words) == 1:
        return _has_tokens(plain, params)
    asked = [_has_tokens(plain, params)] if plain else []
    text = f" {' '.join(word.text for word in words)}"
    if len(plain) == len(words):
        asked.append(f"position(post.searchable, {_bind(params, f'{text} ')}) > 0")
    elif text.count(STAR) == 1 and text.endswith(STAR):
        asked.append(f"position(post.searchable, {_bind(params, text[:-1])}) > 0")
    else:
        asked.append(f"match(post.searchable, {_bind(params, f' {_pattern(run)} ')})")
    return f"({' AND '.join(asked)})"


def _near(near: Near, params: dict[str, Any]) -> str:
    """The words that must be there by the index, how they stand by a pattern."""
    asked = []
    for side in (near.left, near.right):
        plain = [[word.text for word in _words(run) if not word.wild] for run in side]
        if len(side) == 1 and plain[0]:
            asked.append(_has_tokens(plain[0], params))
        elif all(plain):
            asked.append(_has_tokens([words[0] for words in plain], params, every=False))
    left, right = (f"(?:{'|'.join(map(_pattern, side))})" for side in (near.left, near.right))
    between = f"(?: [^ {BETWEEN}]+){{0,{near.between}}}"
    pattern = f" {left}{between} {right} "
    if not near.ordered:
        pattern = f" (?:{left}{between} {right}|{right}{between} {left}) "
    asked.append(f"match(post.searchable, {_bind(params, pattern)})")
    return f"({' AND '.join(asked)})"


def _words(run: Run) -> tuple[Word, ...]:
    return (run,) if isinstance(run, Word) else run.words


def _pattern(run: Run) -> str:
    # Words are letters, figures and stars: nothing else in them could mean something to a pattern.
    return " ".join(word.text.replace(STAR, "[^ ]*") for word in _words(run))


def _days(days: Days, params: dict[str, Any]) -> str:
    asked = []
    for sign, day in ((">=", days.since), ("<", days.until)):
        if day:
            moment = _bind(params, milliseconds(midnight(day)), "Int64")
            asked.append(f"post.published_at {sign} fromUnixTimestamp64Milli({moment}, 'UTC')")
    return f"({' AND '.join(asked)})"


def _figure(figure: Figure, params: dict[str, Any]) -> str:
    if figure.name == "rating":  # kept in half the figures of a float, so compared in these
        wanted = f"toFloat32({_bind(params, figure.value, 'Float64')})"
    else:
        wanted = _bind(params, int(figure.value), "UInt64")
    return f"ifNull({_FIGURES[figure.name]} {_TESTS[figure.test]} {wanted}, false)"


def _about(about: About, params: dict[str, Any]) -> str:
    wanted = _bind(params, about.id, "UInt32")
    if about.name == "source":
        return f"post.source = {wanted}"
    return f"has({_ABOUT[about.name]}, {wanted})"


def _field(field: Field, params: dict[str, Any]) -> str:
    name, value = field.name, field.value
    if name == "tone":
        return f"post.mood = {_bind(params, TONES[value], 'Int8')}"
    if name == "has":
        return _has(value, params)
    if name == "site":
        host = f"lower(extract(post.url, {_bind(params, HOST)}))"
        ends = _bind(params, f".{value}")
        return f"({host} = {_bind(params, value)} OR endsWith({host}, {ends}))"
    if name == "author" and (number := number_of(value)) is not None:
        return f"post.author_key % {_bind(params, SPACE, 'UInt64')} = {_bind(params, number, 'UInt64')}"
    if name == "author":
        test = _like(value, params)
        return f"({HANDLE} {test} OR {SHOWN_NAME} {test})"
    if name in ("lang", "network", "kind"):
        return f"{_COLUMNS[name]} = {_bind(params, value)}"
    each = SHADELESS if name == "emoji" else FOLDED.format("face")
    return f"arrayExists(face -> {each} {_like(value, params)}, {_COLUMNS[name]})"


def _like(value: str, params: dict[str, Any]) -> str:
    """How a value is compared: a star stands for any characters."""
    if STAR not in value:
        return f"= {_bind(params, value)}"
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"LIKE {_bind(params, escaped.replace(STAR, '%'))}"


def _has(what: str, params: dict[str, Any]) -> str:
    if what == "link":
        return f"match(post.text, {_bind(params, LINK)})"
    return _HAS[what]


_TESTS = {"=": "=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}
_FIGURES = {
    "likes": "post.likes", "replies": "post.replies", "reposts": "post.reposts",
    "views": "post.views", "rating": "post.rating",
}  # fmt: skip
_ABOUT = {"brand": "post.brands", "product": "post.products"}
_COLUMNS = {
    "lang": "post.language", "network": "post.network", "kind": "post.kind",
    "hashtag": "post.hashtags", "mention": "post.mentions", "emoji": "post.emoji",
}  # fmt: skip
_HAS = {
    "emoji": "notEmpty(post.emoji)",
    "hashtag": "notEmpty(post.hashtags)",
    "mention": "notEmpty(post.mentions)",
    "title": "notEmpty(post.title)",
    "author": "(notEmpty(post.author) OR notEmpty(post.author_name))",
    "reply": "notEmpty(post.reply_to)",
    "quote": "notEmpty(post.quotes)",
    **{name: f"isNotNull({column})" for name, column in _FIGURES.items()},
}
