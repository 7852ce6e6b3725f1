"""What a query may call by name: the brands, products, sources and networks of a house."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from openroads.analysis.query.syntax import AboutName
from openroads.analysis.query.words import fold

Names = Mapping[int, str]


@dataclass(frozen=True)
class Known:
    """Names by id. Capitals and accents do not matter; two may share a name, then both are meant.

    `networks` are kinds with their labels ("appstore": "App Store"); without any, every kind is
    taken as it is written. Without `people` nobody is found by a handle or a name, but for the
    company's own accounts (`ours`, in small letters): only by a pseudonym.
    """

    brands: Names = field(default_factory=dict)
    products: Names = field(default_factory=dict)
    sources: Names = field(default_factory=dict)
    networks: Mapping[str, str] = field(default_factory=dict)
    people: bool = True
    ours: frozenset[str] = frozenset()

    def names(self, about: AboutName) -> Names:
        """Every name of that sort."""
        return {"brand": self.brands, "product": self.products, "source": self.sources}[about]

    def ids(self, about: AboutName, name: str) -> list[int]:
        """Those of this name, lowest first; the name may be shown or folded."""
        wanted = fold(name)
        return sorted(id for id, each in self.names(about).items() if fold(each) == wanted)

    def may_name(self, handle: str) -> bool:
        """Whether a query may say this handle."""
        return self.people or handle in self.ours

    def network(self, name: str) -> str | None:
        """The kind of a network by its kind or its label; None when there is no such network."""
        wanted = fold(name)
        if not self.networks:
            return wanted
        fits = (kind for kind, label in self.networks.items() if wanted in (kind, fold(label)))
        return next(fits, None)


def listed(names: Iterable[str], most: int = 8) -> str:
    """Some names as they stand in a sentence: "a, b, c"."""
    shown = [name for _, name in zip(range(most + 1), names, strict=False)]
    return ", ".join(shown[:most]) + (", …" if len(shown) > most else "")
