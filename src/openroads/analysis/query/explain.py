"""Says in plain words what a query looks for, one line for each thing a post must or must not have."""

from collections.abc import Iterable
from datetime import timedelta

from openroads.analysis.query.known import Known
from openroads.analysis.query.show import figure
from openroads.analysis.query.syntax import (
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
from openroads.analysis.sentences import Sentence, say

NOBODY = Known()


def explained(query: Node, known: Known = NOBODY) -> tuple[Sentence, ...]:
    """What every post found has, line by line: "with the word “accu”", "not: in the language en"."""
    parts = query.parts if isinstance(query, And) else (query,)
    return tuple(_said(part, known) for part in parts)


def _said(node: Node, known: Known) -> Sentence:
    if isinstance(node, Not):
        return say("not: {what}", what=_said(node.part, known))
    if isinstance(node, And):
        return say("all of this: {list}", list=_listed(_said(part, known) for part in node.parts))
    if isinstance(node, Or):
        if all(isinstance(part, Word) and not part.wild for part in node.parts):
            return say("with one of the words {words}", words=_quoted(node.parts))
        return say("one of these: {list}", list=_listed(_said(part, known) for part in node.parts))
    if isinstance(node, Word | Phrase):
        return say("with {words}", words=_run(node))
    if isinstance(node, Near):
        return _near(node)
    if isinstance(node, Days):
        return _days(node)
    if isinstance(node, Figure):
        return _figure(node)
    if isinstance(node, About):
        name = known.names(node.name).get(node.id, f"{node.id}")
        return {
            "brand": say("about the brand {name}", name=name),
            "product": say("about the product {name}", name=name),
            "source": say("from the source {name}", name=name),
        }[node.name]
    return _field(node, known)


def _listed(parts: Iterable[Sentence]) -> Sentence:
    first, *rest = parts
    for part in rest:
        first = say("{before}; {after}", before=first, after=part)
    return first


def _quoted(words: Iterable[Node]) -> str:
    return ", ".join(f"“{word.text}”" for word in words if isinstance(word, Word))


def _run(run: Run) -> Sentence:
    if isinstance(run, Phrase):
        words = " ".join(word.text for word in run.words)
        return say("the words “{words}” in this order, side by side", words=words)
    if run.wild:
        return say("a word of the form “{word}”", word=run.text)
    return say("the word “{word}”", word=run.text)


def _near(near: Near) -> Sentence:
    left, right = (_any(side) for side in (near.left, near.right))
    if near.ordered:
        return say(
            "with {first}, and behind it, {between} words between at most, {second}",
            first=left, second=right, between=near.between,
        )  # fmt: skip
    return say(
        "with {first} and {second}, {between} words between at most",
        first=left, second=right, between=near.between,
    )  # fmt: skip


def _any(side: tuple[Run, ...]) -> Sentence:
    first, *rest = map(_run, side)
    for each in rest:
        first = say("{before} or {after}", before=first, after=each)
    return first


def _days(days: Days) -> Sentence:
    last = days.until - timedelta(days=1) if days.until else None
    if days.since and last:
        if days.since == last:
            return say("posted on {day}", day=last.isoformat())
        return say(
            "posted from {first} to {last}", first=days.since.isoformat(), last=last.isoformat()
        )
    if days.since:
        return say("posted on {day} or later", day=days.since.isoformat())
    return say("posted on {day} or earlier", day=last.isoformat() if last else "")


def _figure(asked: Figure) -> Sentence:
    value = figure(asked.value)
    amount = {
        "=": say("exactly {number}", number=value),
        ">": say("more than {number}", number=value),
        ">=": say("at least {number}", number=value),
        "<": say("less than {number}", number=value),
        "<=": say("at most {number}", number=value),
    }[asked.test]
    return {
        "likes": say("likes: {amount}", amount=amount),
        "replies": say("replies: {amount}", amount=amount),
        "reposts": say("reposts: {amount}", amount=amount),
        "views": say("views: {amount}", amount=amount),
        "rating": say("rating: {amount}", amount=amount),
    }[asked.name]


def _field(field: Field, known: Known) -> Sentence:
    value = field.value
    if field.name == "network":
        return say("on {network}", network=known.networks.get(value, value))
    if field.name == "lang":
        if value == "und":
            return say("in a language that cannot be told")
        return say("in the language {language}", language=value)
    return {
        "author": lambda: say("written by {author}", author=value),
        "site": lambda: say("from the site {site}", site=value),
        "hashtag": lambda: say("with the hashtag #{tag}", tag=value),
        "mention": lambda: say("that mentions @{name}", name=value),
        "emoji": lambda: say("with the emoji {emoji}", emoji=value),
        "tone": lambda: _TONES[value],
        "kind": lambda: _KINDS[value],
        "has": lambda: _HAS[value],
    }[field.name]()


_TONES = {
    "positive": say("with a positive tone"),
    "neutral": say("with a neutral tone"),
    "negative": say("with a negative tone"),
    "unknown": say("with a tone that is not known"),
}
_KINDS = {
    "question": say("that are a question"),
    "complaint": say("that are a complaint"),
    "praise": say("that are praise"),
    "other": say("that are neither question, complaint nor praise"),
}
_HAS = {
    "link": say("with a link in the text"),
    "emoji": say("with an emoji"),
    "hashtag": say("with a hashtag"),
    "mention": say("that mention somebody"),
    "title": say("with a title"),
    "author": say("with an author who is named"),
    "reply": say("that answer another post"),
    "quote": say("that quote another post"),
    "rating": say("with a rating"),
    "likes": say("whose likes are known"),
    "replies": say("whose replies are known"),
    "reposts": say("whose reposts are known"),
    "views": say("whose views are known"),
}
