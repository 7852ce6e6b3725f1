"""Reads words, phrases, #tags, @names and emoji of a query, and keeps their stars within limits."""

import re

from openroads.analysis.query.faults import Limits, Report
from openroads.analysis.query.known import Known
from openroads.analysis.query.lexing import Piece
from openroads.analysis.query.syntax import STAR, Field, Node, Phrase, Word, all_of
from openroads.analysis.query.words import cut_pattern, fold
from openroads.analysis.sentences import say
from openroads.analysis.tokens import EMOJI

NOBODY_KNOWN = Known()
_STARS = re.compile(r"\*+")
_MARKED = re.compile(r"[#@]([\w*]+)")
_EMOJI = re.compile(EMOJI)
_SHADES = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")
INSTEAD = {
    "&": "AND", "&&": "AND", "+": "AND", "|": "OR", "||": "OR", "/": "OR", "-": "NOT", "!": "NOT",
    "–": "NOT",
}  # fmt: skip
"""Operators of other systems."""
HIDDEN_MENTION = say("You do not see whom people mention, but for the company’s own accounts.")


class Terms:
    """The words of one query; counts them as they come."""

    def __init__(self, report: Report, limits: Limits, known: Known = NOBODY_KNOWN) -> None:
        self._report = report
        self._limits = limits
        self._known = known
        self._words = self._wild = 0

    def plain(self, piece: Piece) -> Node | None:
        """What stands outside quotation marks; None when there is nothing to search for."""
        if piece.text[0] in "#@" and len(piece.text) > 1:
            return self._marked(piece)
        words, faces = cut_pattern(piece.text), emoji(piece.text)
        if not words and not faces:
            self._report.fault(
                "nothing_to_search", piece.start, piece.end,
                say("“{written}” has no letters or figures to search for.", written=piece.text),
                INSTEAD.get(piece.text, ""),
            )  # fmt: skip
            return None
        if re.match(r"-\w", piece.text):
            self._report.note(
                "minus", piece.start, piece.end,
                say("A minus leaves nothing out. To leave posts out, write NOT before the word."),
                f"NOT {piece.text[1:]}",
            )  # fmt: skip
        run = self._run(words, piece.start, piece.end) if words else None
        if words and run is None:
            return None
        return all_of(*([run] if run else []), *(Field("emoji", face) for face in faces))

    def quoted(self, piece: Piece) -> Node | None:
        """A phrase between quotation marks (one word alone is a word)."""
        if not piece.closed:
            self._report.fault(
                "unclosed_quote", piece.start, piece.end,
                say("This quotation mark has no second one."),
                f"{piece.text.rstrip()}\"" if piece.value.strip() else "",
            )  # fmt: skip
            return None
        words = cut_pattern(piece.value)
        if not words:
            self._report.fault(
                "empty_quote", piece.start, piece.end,
                say("There are no words between these quotation marks."),
            )  # fmt: skip
            return None
        if emoji(piece.value):
            self._report.note(
                "emoji_in_phrase", piece.start, piece.end,
                say("Emoji in a phrase are not searched for. Put them outside the marks."),
            )  # fmt: skip
        return self._run(words, piece.start, piece.end)

    def starred(self, value: str, start: int, end: int) -> str | None:
        """A word or value with its stars brought to one form; None when they break a limit."""
        value = _STARS.sub(STAR, value)
        if STAR not in value:
            return value
        before = self._limits.before_star
        if len(value.partition(STAR)[0]) < before:
            self._report.fault(
                "short_before_star", start, end,
                say("A star needs at least {least} letters before it.", least=before),
            )  # fmt: skip
        elif value.count(STAR) > self._limits.stars:
            self._report.fault(
                "many_stars", start, end,
                say("A word can have {most} stars at most.", most=self._limits.stars),
            )  # fmt: skip
        else:
            self._wild += 1
            if self._wild == self._limits.wildcards + 1:
                self._report.fault(
                    "many_wildcards", start, end,
                    say("A query can have {most} words with a star at most.",
                        most=self._limits.wildcards),
                )  # fmt: skip
            return value
        return None

    def _run(self, words: list[str], start: int, end: int) -> Word | Phrase | None:
        """A word or phrase, counted; None when one of its words cannot be searched."""
        before, self._words = self._words, self._words + len(words)
        if before <= self._limits.words < self._words:
            self._report.fault(
                "many_words", start, end,
                say("A query can have {most} words at most.", most=self._limits.words),
            )  # fmt: skip
        if len(words) > self._limits.in_phrase:
            self._report.fault(
                "long_phrase", start, end,
                say("A phrase can have {most} words at most.", most=self._limits.in_phrase),
            )  # fmt: skip
        if any(len(word) > self._limits.word_letters for word in words):
            self._report.fault(
                "long_word", start, end,
                say("A word can have {most} letters at most.", most=self._limits.word_letters),
            )  # fmt: skip
        read = [self.starred(word, start, end) for word in words]
        kept = tuple(Word(word) for word in read if word is not None)
        if len(kept) < len(read):
            return None
        return kept[0] if len(kept) == 1 else Phrase(kept)

    def _marked(self, piece: Piece) -> Node | None:
        """One or more of #tag and @name, written together or alone."""
        parts: list[Node] = []
        rest = piece.text
        while found := _MARKED.match(rest):
            value = self.starred(fold(found[1]), piece.start, piece.end)
            if value is None:
                return None
            if rest[0] == "@" and not self._known.may_name(value):
                self._report.fault("hidden_mention", piece.start, piece.end, HIDDEN_MENTION)
                return None
            parts.append(Field("hashtag" if rest[0] == "#" else "mention", value))
            rest = rest[found.end() :]
        if not parts or cut_pattern(rest):
            self._report.fault(
                "odd_mark", piece.start, piece.end,
                say("Behind # and @ stand letters, figures and _ only."),
                piece.text[: len(piece.text) - len(rest)],
            )  # fmt: skip
            return None
        return all_of(*parts)


def emoji(text: str) -> list[str]:
    """The emoji in a text, each once and without its shade of skin."""
    faces = (shadeless(face) for face in _EMOJI.findall(text))
    return [face for face in dict.fromkeys(faces) if face]


def shadeless(face: str) -> str:
    """An emoji without its shade of skin and its mark of presentation, as queries compare it."""
    return _SHADES.sub("", face)
