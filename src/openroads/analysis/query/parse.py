"""Reads the text of a query into its tree; whatever is wrong comes back as values that point at it.

NOT binds before NEAR, NEAR before AND, AND before OR; words beside each other are joined by AND. The
reader never gives up at the first fault: it leaves out what it cannot use and reads on.
"""

from collections.abc import Callable

from openroads.analysis.query.faults import LIMITS, Fault, Limits, Parsed, Report
from openroads.analysis.query.fields import Fields, Given
from openroads.analysis.query.known import Known
from openroads.analysis.query.lexing import Piece, pieces
from openroads.analysis.query.nearness import Read, near
from openroads.analysis.query.show import show
from openroads.analysis.query.syntax import (
    And,
    Node,
    Or,
    all_of,
    any_of,
    no,
    positive,
)
from openroads.analysis.query.terms import Terms
from openroads.analysis.sentences import say

NOBODY = Known()
SMALL = {"and": "AND", "or": "OR", "not": "NOT", "en": "EN", "of": "OF", "niet": "NIET"}


def parse(text: str, known: Known = NOBODY, limits: Limits = LIMITS) -> Parsed:
    """What a query means, or what is wrong with it. `known` are the names it may use."""
    if len(text) > limits.letters:
        fault = Fault(
            "too_long", limits.letters, len(text),
            say("A query can have {most} characters at most.", most=limits.letters),
        )  # fmt: skip
        return Parsed(text, None, (fault,))
    report = Report()
    query = _Reader(text, report, known, limits).whole()
    faults, notes = report.told()
    return Parsed(text, None if faults else query, faults, notes)


class _Reader:
    """Walks once over the pieces of a query."""

    def __init__(self, text: str, report: Report, known: Known, limits: Limits) -> None:
        self._text = text
        self._pieces = pieces(text)
        self._at = 0
        self._depth = self._nears = self._fields_read = 0
        self._outermost: list[Read] = []
        self._report = report
        self._limits = limits
        self._terms = Terms(report, limits, known)
        self._fields = Fields(report, self._terms, known)

    def whole(self) -> Node | None:
        """The tree of the whole text."""
        if not self._pieces:
            self._report.fault(
                "empty", 0, len(self._text), say("Write at least one word to search for.")
            )
            return None
        reads = []
        while self._at < len(self._pieces):
            if read := self._alternatives():
                reads.append(read)
            if piece := self._next("close"):
                self._report.fault(
                    "no_opening", piece.start, piece.end, say("Nothing was opened that ends here.")
                )
        nodes = [read.node for read in reads if read.node]
        if not nodes or self._report.faults:
            return None
        query = all_of(*nodes)
        if not positive(query):
            self._refuse_negative()
        return query

    # --------------------------------------------------------------------------------- OR, AND, NEAR
    def _alternatives(self) -> Read | None:
        """Parts joined by OR, up to a closing parenthesis or the end."""
        reads = []
        if first := self._together():
            reads.append(first)
        while operator := self._next("or"):
            self._look_round(operator)
            if not reads:
                self._nothing_before(operator)
            if following := self._together():
                reads.append(following)
            else:
                self._nothing_after(operator)
                reads.append(Read(None, operator.end, operator.end))
        if not self._depth:
            self._outermost = reads
        read = _joined(reads, any_of)
        if read and isinstance(read.node, Or):
            self._say_how_mixed(reads, read.node)
        return read

    def _together(self) -> Read | None:
        """Parts joined by AND, or by nothing."""
        reads: list[Read] = []
        while (piece := self._peek()) and piece.kind not in ("or", "close"):
            if piece.kind == "and":
                self._at += 1
                self._look_round(piece)
                if not reads:
                    self._nothing_before(piece)
                following = self._peek()
                if not following or following.kind in ("and", "or", "close"):
                    self._nothing_after(piece)
                continue
            reads.append(self._nearness())
        return _joined(reads, all_of)

    def _nearness(self) -> Read:
        """One part, or two joined by NEAR."""
        operator = self._peek()
        if operator and operator.kind == "near":  # nothing stands before it
            self._at += 1
            self._nothing_before(operator)
            following = self._peek()
            if not following or following.kind in ("and", "or", "close"):
                return Read(None, operator.start, operator.end)
        left = self._one()
        while operator := self._next("near"):
            following = self._peek()
            if not following or following.kind in ("and", "or", "close", "near"):
                self._nothing_after(operator)
                left = Read(None, left.start, operator.end)
                continue
            left = self._near(left, operator, self._one())
        return left

    def _near(self, left: Read, operator: Piece, right: Read) -> Read:
        self._nears += 1
        if self._nears == self._limits.nears + 1:
            self._report.fault(
                "many_nears", operator.start, operator.end,
                say("A query can have {most} times NEAR at most.", most=self._limits.nears),
            )  # fmt: skip
        node = near(left, operator, right, self._text, self._report, self._limits)
        return Read(node, left.start, right.end)

    # ------------------------------------------------------------------------------------- one part
    def _one(self) -> Read:
        """A word, phrase, field or group, with any NOTs before it. Something stands here."""
        nots, start = 0, self._pieces[self._at].start
        while operator := self._next("not"):
            nots += 1
            following = self._peek()
            if not following or following.kind in ("and", "or", "close", "near"):
                self._nothing_after(operator)
                return Read(None, start, operator.end)
            self._look_round(operator)
        piece = self._pieces[self._at]
        self._at += 1
        if piece.kind == "open":
            read = self._group(piece)
        elif piece.kind == "field":
            read = self._field(piece)
        elif piece.kind == "quote":
            read = Read(self._terms.quoted(piece), piece.start, piece.end)
        else:
            self._say_if_small(piece)
            read = Read(self._terms.plain(piece), piece.start, piece.end)
        if not nots:
            return read
        node = no(read.node) if read.node and nots % 2 else read.node
        return Read(node, start, read.end, read.bracketed)

    def _group(self, opening: Piece) -> Read:
        if self._depth == self._limits.depth:
            return self._too_deep(opening)
        self._depth += 1
        read = self._alternatives()
        self._depth -= 1
        closing = self._next("close")
        end = closing.end if closing else len(self._text)
        if not closing:
            self._report.fault(
                "no_closing", opening.start, opening.end,
                say("This parenthesis is not closed."),
            )  # fmt: skip
        elif read is None:
            self._report.fault(
                "empty_group",
                opening.start,
                end,
                say("There is nothing between these parentheses."),
            )
        return Read(read.node if read else None, opening.start, end, bracketed=True)

    def _too_deep(self, opening: Piece) -> Read:
        """Leaves out a group within too many others, up to where it ends."""
        open_now, end = 1, opening.end
        while open_now and self._at < len(self._pieces):
            piece = self._pieces[self._at]
            open_now += (piece.kind == "open") - (piece.kind == "close")
            end = piece.end
            self._at += 1
        self._report.fault(
            "too_deep", opening.start, opening.end,
            say("Parentheses can stand {most} deep at most.", most=self._limits.depth),
        )  # fmt: skip
        return Read(None, opening.start, end)

    def _field(self, piece: Piece) -> Read:
        """A field with its value, or with several between parentheses: lang:(nl OR en)."""
        name = self._fields.name_of(piece.name)
        if name is None:
            self._fields.unknown(piece.name, piece.value, piece.start, piece.end)
            return Read(None, piece.start, piece.end)
        opening = self._peek()
        if piece.value or piece.text[-1] != ":" or not opening or opening.start != piece.end:
            opening = None
        if opening and opening.kind == "open":
            self._at += 1
            return self._values(name, piece, opening)
        if not piece.closed:
            self._report.fault(
                "unclosed_quote", piece.value_start, piece.end,
                say("This quotation mark has no second one."),
            )  # fmt: skip
            return Read(None, piece.start, piece.end)
        start = piece.value_start if piece.value else piece.start
        return self._leaf(name, Given(name, piece.value, start, piece.end), piece.start)

    def _values(self, name: str, field: Piece, opening: Piece) -> Read:
        reads: list[Read] = []
        while (piece := self._peek()) and piece.kind != "close":
            self._at += 1
            if piece.kind == "or":
                continue
            if piece.kind in ("plain", "quote") and piece.closed:
                value = piece.value if piece.kind == "quote" else piece.text
                given = Given(name, value, piece.start, piece.end)
                reads.append(self._leaf(name, given, piece.start))
                continue
            self._report.fault(
                "odd_values", piece.start, piece.end,
                say("Between these parentheses stand values of {field} with OR between them.",
                    field=name),
            )  # fmt: skip
            reads.append(Read(None, piece.start, piece.end))
            if piece.kind == "open":
                self._at = self._closing_of(self._at) + 1
        closing = self._next("close")
        end = closing.end if closing else len(self._text)
        if not closing or not reads:
            self._report.fault(
                "empty_group" if closing else "no_closing", opening.start, end,
                say("There is nothing between these parentheses.") if closing
                else say("This parenthesis is not closed."),
            )  # fmt: skip
        read = _joined(reads, any_of)
        return Read(read.node if read else None, field.start, end, bracketed=True)

    def _closing_of(self, place: int) -> int:
        """The place of the parenthesis that closes what was opened just before `place`."""
        open_now = 1
        for at in range(place, len(self._pieces)):
            kind = self._pieces[at].kind
            open_now += (kind == "open") - (kind == "close")
            if not open_now:
                return at
        return len(self._pieces) - 1

    def _leaf(self, name: str, given: Given, start: int) -> Read:
        self._fields_read += 1
        if self._fields_read == self._limits.fields + 1:
            self._report.fault(
                "many_fields", start, given.end,
                say("A query can have {most} fields at most.", most=self._limits.fields),
            )  # fmt: skip
        return Read(self._fields.read(given), start, given.end)

    # ---------------------------------------------------------------------------- what is said of it
    def _nothing_before(self, operator: Piece) -> None:
        self._report.fault(
            "nothing_before", operator.start, operator.end,
            say("“{operator}” joins two things, and nothing stands before it.",
                operator=operator.text),
        )  # fmt: skip

    def _nothing_after(self, operator: Piece) -> None:
        self._report.fault(
            "nothing_after", operator.start, operator.end,
            say("Something must follow “{operator}”.", operator=operator.text),
        )  # fmt: skip

    def _refuse_negative(self) -> None:
        read = next(each for each in self._outermost if each.node and not positive(each.node))
        self._report.fault(
            "only_not", read.start, read.end,
            say("A query says what to look for. NOT alone would find nearly everything: put "
                "something beside it, in every alternative."),
        )  # fmt: skip

    def _say_if_small(self, piece: Piece) -> None:
        """An operator in small letters is a word: say so where it may have been meant as one."""
        operator = SMALL.get(piece.text.lower())
        following = self._peek()
        if operator and following and following.kind in ("plain", "quote", "open", "field"):
            self._report.note(
                "small_operator", piece.start, piece.end,
                say("“{word}” is a word to search for here. The operator is {operator}, in "
                    "capitals.", word=piece.text, operator=operator),
                operator,
            )  # fmt: skip

    def _look_round(self, operator: Piece) -> None:
        """An operator among other words in capitals may have been meant as one of them."""
        at = self._pieces.index(operator)
        beside = self._pieces[max(at - 1, 0) : at] + self._pieces[at + 1 : at + 2]
        if any(
            len(each.text) > 2 and each.kind == "plain" and each.text.isupper() for each in beside
        ):
            self._report.note(
                "capital_operator", operator.start, operator.end,
                say("“{word}” is an operator here. To search for the word, write it in small "
                    "letters.", word=operator.text),
                operator.text.lower(),
            )  # fmt: skip

    def _say_how_mixed(self, reads: list[Read], read: Or) -> None:
        if any(isinstance(each.node, And) and not each.bracketed for each in reads):
            start, end = reads[0].start, reads[-1].end
            self._report.note(
                "mixed", start, end,
                say("AND goes before OR. Parentheses show what belongs together."), show(read),
            )  # fmt: skip

    # -------------------------------------------------------------------------------------- walking
    def _peek(self) -> Piece | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _next(self, kind: str) -> Piece | None:
        """The next piece when it is of this kind, and past it."""
        piece = self._peek()
        if piece is None or piece.kind != kind:
            return None
        self._at += 1
        return piece


def _joined(reads: list[Read], join: Callable[..., Node]) -> Read | None:
    """Several parts as one; None when there is none."""
    if len(reads) < 2:
        return reads[0] if reads else None
    nodes = [read.node for read in reads if read.node]
    node = join(*nodes) if len(nodes) == len(reads) else None
    return Read(node, reads[0].start, reads[-1].end)
