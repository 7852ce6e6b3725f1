"""Recognises the company's brands and products by the forms people write, before any word is
lemmatised.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from openroads.analysis.marks import NAMED, of_phrases
from openroads.analysis.tokens import readable, split

MARK = "\x1f"
"""Opens a token that stands for a recognised name; no text can contain such a token by itself."""


@dataclass(frozen=True)
class Name:
    """A brand or product, with the forms people write; `forms[0]` is how we show it. A product
    names its brand's id.
    """

    id: int
    kind: Literal["brand", "product"]
    forms: tuple[str, ...]
    brand: int = 0


class Names:
    """Finds names in token lists, whatever their case, as words, hashtags and mentions, with or
    without 's.
    """

    def __init__(self, names: Sequence[Name]) -> None:
        self._starts: dict[str, list[tuple[list[str], str, Name]]] = {}
        for name in names:
            shown = " ".join(name.forms[0].split()) if name.forms else ""
            for form in name.forms if shown else ():
                self._learn(form, shown, name)
        for runs in self._starts.values():
            runs.sort(key=lambda run: -len(run[0]))
        self.words = frozenset(
            first for first, runs in self._starts.items() if any(not run[0] for run in runs)
        )
        """One-word forms in lower case: the words that carry no feeling because they are
        somebody's name.
        """
        self.runs = frozenset(
            " ".join([first, *run[0]])
            for first, runs in self._starts.items()
            for run in runs
            if run[0]
        )
        """Forms of several words, in lower case, joined by one space."""

    def marks(self) -> dict[str, int]:
        """The words that mark a text as worth looking through: names, and the same behind @ and #,
        and with 's.
        """
        runs = ([first, *rest] for first, runs in self._starts.items() for rest, _, _ in runs)
        return of_phrases(runs, NAMED)

    def _learn(self, form: str, shown: str, name: Name) -> None:
        tokens = split(readable(form).lower())
        if not tokens:
            return
        first, *rest = tokens
        bare = first.lstrip("@#")
        whole = "".join(tokens)
        self._starts.setdefault(first, []).append((rest, shown, name))
        for known in {f"@{bare}", f"#{bare}"} - {first} if not rest else {f"#{whole}", f"@{whole}"}:
            self._starts.setdefault(known, []).append(([], shown, name))
        last = tokens[-1] + "'s"
        if rest:
            self._starts[first].append(([*rest[:-1], last], shown, name))
        else:
            self._starts.setdefault(last, []).append(([], shown, name))

    def find(
        self, tokens: list[str], places: Iterable[int]
    ) -> tuple[list[str], list[int], list[int]]:
        """The tokens with each name replaced by one marked token, the brand ids and the product
        ids found (sorted). They are sought at `places` (ascending): none may begin elsewhere.

        A mention counts for the ids but stays a mention: people address the brand, they do not
        talk about it.
        """
        out: list[str] = []
        brands: set[int] = set()
        products: set[int] = set()
        free = 0
        for place in places:
            if place < free:
                continue
            token = tokens[place]
            for rest, shown, name in self._starts.get(token, ()):
                end = place + 1 + len(rest)
                if not rest or rest == tokens[place + 1 : end]:
                    if name.kind == "product":
                        products.add(name.id)
                        if name.brand:
                            brands.add(name.brand)
                    else:
                        brands.add(name.id)
                    out += tokens[free:place]
                    if token[0] == "@":
                        out.append(token)
                    else:
                        out.append(MARK + ("#" if token[0] == "#" else "") + shown)
                    free = end
                    break
        return out + tokens[free:], sorted(brands), sorted(products)
