"""What is looked for in a stream nobody else sifts: Boolean queries, asked of a post before it is analysed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from openroads.analysis.query.matcher import Matcher, Post, matcher
from openroads.analysis.query.parse import parse
from openroads.analysis.query.syntax import (
    And,
    Field,
    Figure,
    Near,
    Node,
    Or,
    Phrase,
    Word,
    leaves,
)
from openroads.analysis.query.words import searchable
from openroads.analysis.tokens import is_emoji, readable, split
from openroads.archive.message import Message
from openroads.connectors.failures import Refused
from openroads.connectors.sentences import say

_AFTERWARDS: Final = ("tone", "kind")
"""What only the analysis knows, which a post has behind it when it is kept."""


def query_of(search: str) -> Node:
    """A search as a Boolean query: words beside each other must all be there. Raises Refused, with a
    sentence, for what cannot be read or cannot be asked of a stream."""
    read = parse(search)
    if read.query is None:
        told = read.faults[0].text if read.faults else say("Say what to look for.")
        raise Refused(told)
    for leaf in leaves(read.query):
        if isinstance(leaf, Figure) or (isinstance(leaf, Field) and leaf.name in _AFTERWARDS):
            asked = leaf.name
            raise Refused(
                say(
                    "“{asked}:” cannot be asked of a stream: a post is only just said then.",
                    asked=asked,
                )
            )
    return read.query


class Wanted:
    """Any of some searches. A post is first looked at by its words: only queries that could find it are
    asked at all, so that fifty cost hardly more than one."""

    def __init__(self, searches: Iterable[str], queries: Iterable[Node] = ()) -> None:
        self._by_word: dict[str, list[Matcher]] = {}
        self._by_piece: list[tuple[str, Matcher]] = []
        self._always: list[Matcher] = []
        for query in (*map(query_of, dict.fromkeys(searches)), *queries):
            self._file(query, _matcher(query))
        self._words = frozenset(self._by_word)

    def finds(self, message: Message, language: str = "") -> bool:
        """Whether anything of it is looked for."""
        post = Post(
            published_at=message.said_at,
            text=message.text,
            title=message.title,
            author=message.author,
            author_name=message.author_name,
            url=message.url,
            network=message.network,
            language=(language or message.language).partition("-")[0].lower(),
            reply_to=message.reply_to,
            quotes=message.quotes,
        )
        likely = self._likely(post)
        if not likely:
            return False
        # What costs more is looked for only where a word was found.
        tokens = split(readable(message.text).lower())
        marked = replace(
            post,
            hashtags=[token[1:] for token in tokens if token[0] == "#" and len(token) > 1],
            mentions=[token[1:] for token in tokens if token[0] == "@" and len(token) > 1],
            emoji=[token for token in tokens if is_emoji(token)],
        )
        return any(asks(marked) for asks in likely)

    def may_find(self, text: str) -> bool:
        """Whether a text has a word it is worth looking further for: cheap, and never no where `finds`
        says yes of a post with this text and no title."""
        if self._always:
            return True
        found = searchable("", text)
        if not self._words.isdisjoint(found.split(" ")):
            return True
        return any(piece in found for piece, _ in self._by_piece)

    def _likely(self, post: Post) -> list[Matcher]:
        found = list(self._always)
        for word in self._words.intersection(post.words):
            found += self._by_word[word]
        for piece, asks in self._by_piece:
            if piece in post.searchable:
                found.append(asks)
        return found

    def _file(self, query: Node, asks: Matcher) -> None:
        needed = _needed(query)
        if needed is None:
            self._always.append(asks)
            return
        for piece, whole in needed.items():
            if whole:
                self._by_word.setdefault(piece, []).append(asks)
            else:
                self._by_piece.append((piece, asks))


@lru_cache(maxsize=512)
def _matcher(query: Node) -> Matcher:
    return matcher(query)


def _needed(node: Node) -> Mapping[str, bool] | None:
    """Words, or pieces of words (False), of which one at least stands in every post the query finds; None
    where that cannot be told."""
    if isinstance(node, Word):
        return _of_word(node)
    if isinstance(node, Phrase):
        return _best([_of_word(word) for word in node.words])
    if isinstance(node, Near):
        return _best([_either([_needed(run) for run in side]) for side in (node.left, node.right)])
    if isinstance(node, And):
        return _best([_needed(part) for part in node.parts])
    if isinstance(node, Or):
        return _either([_needed(part) for part in node.parts])
    if isinstance(node, Field) and node.name in ("hashtag", "mention") and node.value.isalnum():
        return {node.value: True}
    return None


def _of_word(word: Word) -> Mapping[str, bool] | None:
    if not word.wild:
        return {word.text: True}
    longest = max(word.text.split("*"), key=len)
    return {longest: False} if len(longest) > 1 else None


def _either(parts: list[Mapping[str, bool] | None]) -> Mapping[str, bool] | None:
    """One of all of them; nothing can be told when it cannot be of one."""
    together: dict[str, bool] = {}
    for part in parts:
        if part is None:
            return None
        together |= part
    return together


def _best(parts: list[Mapping[str, bool] | None]) -> Mapping[str, bool] | None:
    """The rarest of what must all be there: taken to be whole words, few of them, long ones."""
    told = [part for part in parts if part]
    if not told:
        return None
    return max(told, key=lambda part: (all(part.values()), -len(part), min(map(len, part))))
