"""Turns the phrase files under voices/ and brand/ into sentences: slots, alternatives, sections."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a sentence that the scene fills: {km}."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives of which one is said: [on time|late]."""

    options: "tuple[Phrase, ...]"


Phrase = tuple[str | Slot | Choice, ...]


def compile_phrase(line: str) -> Phrase:
    """One line of a phrase file as literals, slots and (nestable) alternatives; ValueError on an unclosed mark."""
    phrase, end = _compile(line, 0, nested=False)
    if end != len(line):
        raise ValueError(f"stray ']' in phrase: {line}")
    return phrase[0]


def _compile(line: str, at: int, *, nested: bool) -> tuple[tuple[Phrase, ...], int]:
    options: list[Phrase] = []
    nodes: list[str | Slot | Choice] = []
    literal = ""

    def flush() -> None:
        nonlocal literal
        if literal:
            nodes.append(literal)
            literal = ""

    while at < len(line):
        mark = line[at]
        if mark == "{":
            flush()
            end = line.index("}", at)
            nodes.append(Slot(line[at + 1 : end]))
            at = end + 1
        elif mark == "[":
            flush()
            inner, at = _compile(line, at + 1, nested=True)
            nodes.append(Choice(inner))
        elif nested and mark == "|":
            flush()
            options.append(tuple(nodes))
            nodes = []
            at += 1
        elif mark == "]":
            if not nested:
                return (tuple(nodes),), at
            flush()
            return (*options, tuple(nodes)), at + 1
        else:
            literal += mark
            at += 1
    if nested:
        raise ValueError(f"unclosed '[' in phrase: {line}")
    flush()
    return (tuple(nodes),), at


def say(phrase: Phrase, fill: Callable[[str], str], dice: Callable[[], float]) -> str:
    """The phrase as text: slots through `fill`, alternatives by `dice` (uniform on 0..1)."""
    out: list[str] = []
    for node in phrase:
        if type(node) is str:
            out.append(node)
        elif type(node) is Slot:
            out.append(fill(node.name))
        elif type(node) is Choice:
            out.append(say(node.options[int(dice() * len(node.options))], fill, dice))
    return "".join(out)


def sentence(phrase: Phrase, fill: Callable[[str], str], dice: Callable[[], float]) -> str:
    """Like `say`, with single spaces and a capital at the start."""
    text = say(phrase, fill, dice)
    while "  " in text:
        text = text.replace("  ", " ")
    text = text.strip()
    return text[:1].upper() + text[1:]


def slots_of(phrase: Phrase) -> set[str]:
    """Every slot name a phrase can ask for."""
    names: set[str] = set()
    for node in phrase:
        if isinstance(node, Slot):
            names.add(node.name)
        elif isinstance(node, Choice):
            for option in node.options:
                names |= slots_of(option)
    return names


def words_in(phrase: Phrase) -> int:
    """About how many words a phrase says: a slot is one, an alternative its first option."""
    count = 0
    for node in phrase:
        if isinstance(node, str):
            count += len(node.split())
        else:
            count += 1 if isinstance(node, Slot) else words_in(node.options[0])
    return count


def sections(lines: Iterable[str]) -> dict[str, list[str]]:
    """The raw lines of a phrase file by section (`== name`); `#` opens a comment, empty lines fall away."""
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for raw in lines:
        line = raw.strip()
        if not line or line.startswith("# "):
            continue
        if line.startswith("=="):
            here = found.setdefault(line[2:].strip(), [])
        else:
            here.append(line)
    return found


@cache
def phrases(folder: str, language: str, name: str) -> dict[str, tuple[Phrase, ...]]:
    """The compiled sections of voices/nl/winter.txt and the like."""
    path = HERE / folder / language / f"{name}.txt"
    raw = sections(path.read_text(encoding="utf-8").splitlines())
    return {
        section: tuple(compile_phrase(line) for line in lines) for section, lines in raw.items()
    }


@cache
def words(language: str) -> dict[str, list[str]]:
    """The word lists of voices/nl/words.txt by section."""
    path = HERE / "voices" / language / "words.txt"
    raw = sections(path.read_text(encoding="utf-8").splitlines())
    return {section: "|".join(lines).split("|") for section, lines in raw.items()}
