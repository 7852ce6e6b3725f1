"""The shape of what the page shell shows: the road of ways, the commands of the palette, the counts.

`openroads.web.menu` composes these values and a context processor hands them to every page as:

- `road`: list of `Way`, in the order of work; the first four stand at the thumb on a phone;
- `house`: the company's name;
- `commands`: list of `Command` for the palette, beside the ways and their pages;
- `notices` (int) and `notices_url` (str): unread notices; the bar leaves them out without a url;
- `settings_url` (str): the foot of the road leaves it out when empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page under a way."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Way:
    """One way of work on the road: Home, Listen, Answer...

    `count` counts people who wait and nothing else; None shows no figure. `key` is the letter that
    leads here after `g`. `apart` starts a new group (the steering rooms).
    """

    label: str
    url: str
    current: bool = False
    count: int | None = None
    pages: Sequence[Page] = ()
    key: str = ""
    apart: bool = False

    @property
    def here(self) -> str:
        """The value of aria-current: the page itself, or the way that holds the page."""
        if not self.current:
            return ""
        return "true" if any(page.current for page in self.pages) else "page"


@dataclass(frozen=True)
class Command:
    """Something to do from the palette: a verb and its object, and where it leads.

    With `takes_words` the typed words are appended to `url` (`/posts/?q=`): "Find posts with ...".
    """

    label: str
    url: str
    hint: str = ""
    takes_words: bool = False


def entries(road: Iterable[Way], commands: Iterable[Command]) -> Iterator[Command]:
    """Everything the palette can lead to: commands first, then the ways with their pages."""
    yield from commands
    for way in road:
        yield Command(label=str(way.label), url=way.url)
        for page in way.pages:
            yield Command(label=str(page.label), url=page.url, hint=str(way.label))


def found(words: str, road: Iterable[Way], commands: Iterable[Command]) -> list[Command]:
    """The entries whose label or hint holds every typed word; those that take words always stay."""
    wanted = words.casefold().split()
    return [
        entry
        for entry in entries(road, commands)
        if entry.takes_words
        or all(word in f"{entry.label} {entry.hint}".casefold() for word in wanted)
    ]
