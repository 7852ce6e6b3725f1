"""What each column of a table means, by its heading and by what its cells look like."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from openroads.connectors.dates import OrderVotes, votes
from openroads.connectors.files.headings import RANKS, fold
from openroads.connectors.networks import network_of_name
from openroads.connectors.sentences import Sentence, say

LOSSY_NUMBER = re.compile(r"\d(?:[.,]\d+)?e\+?\d{2}", re.IGNORECASE)
"""A whole number that went through Excel as a figure: "5.67588E+17". Its last digits are gone."""
_URL = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_TRUTH: Final = {
    "true",
    "false",
    "yes",
    "no",
    "ja",
    "nee",
    "waar",
    "onwaar",
    "0",
    "1",
    "y",
    "n",
    "j",
}


# Of JSON's dotted headings the last word is enough for these ("public_metrics.like_count"); an
# "author.id" must not become the id of the post.
_NESTED: Final = frozenset({"likes", "replies", "reposts", "views", "rating", "language", "text"})


@dataclass(frozen=True, slots=True)
class Look:
    """What the non-empty cells of one column have in common, as shares of them (0 to 1)."""

    filled: int
    share_filled: float
    distinct: float
    words: float
    """Mean number of words per cell."""
    length: float
    urls: float
    numbers: float
    truth: float
    lossy: float
    dates: OrderVotes


def look(cells: Sequence[str], now: datetime) -> Look:
    """The look of a column from a sample of its cells."""
    full = [cell.strip() for cell in cells if cell.strip()]
    count = max(1, len(full))

    def share(matching: int) -> float:
        return matching / count

    return Look(
        filled=len(full),
        share_filled=len(full) / max(1, len(cells)),
        distinct=share(len(set(full))),
        words=sum(len(_WORD.findall(cell[:2_000])) for cell in full) / count,
        length=sum(map(len, full)) / count,
        urls=share(sum(1 for cell in full if _URL.fullmatch(cell))),
        numbers=share(sum(1 for cell in full if re.fullmatch(r"-?[\d.,]+", cell))),
        truth=share(sum(1 for cell in full if cell.lower() in _TRUTH)),
        lossy=share(sum(1 for cell in full if LOSSY_NUMBER.fullmatch(cell))),
        dates=votes((cell for cell in full), now),
    )


def fits(meaning: str, seen: Look) -> bool:
    """Whether cells that look so can have that meaning, whatever the heading says."""
    if not seen.filled:
        return meaning not in ("text", "said_at", "native_id")
    match meaning:
        case "text":
            return seen.words >= 1 and seen.urls < 0.8 and seen.dates.readable_share < 0.8
        case "said_at":
            return seen.dates.readable_share >= 0.5
        case "said_time":
            return seen.dates.readable_share < 0.5 and seen.length <= 14
        case "native_id":
            return seen.distinct >= 0.8 and seen.share_filled > 0.8 and seen.words < 6
        case "url":
            return seen.urls >= 0.5
        case "likes" | "replies" | "reposts" | "views":
            return seen.numbers >= 0.5
        case "rating":
            return seen.numbers >= 0.5 and seen.length <= 6
        case "inbound":
            return seen.truth >= 0.9
        case "author" | "author_name":
            return seen.words < 8 and seen.urls < 0.8
        case "repost":
            return True
        case "reply_to" | "thread":
            return seen.words < 4 or seen.urls > 0.5
        case "language":
            return seen.length < 20
        case "title":
            return seen.words >= 0.5
    return True


def by_heading(header: Sequence[str], looks: Sequence[Look]) -> dict[str, str]:
    """Field -> heading for the columns whose heading we know and whose cells agree.

    Every column means one thing; the surest heading wins. Fields are settled in the order in which
    a mistake would hurt most.
    """
    found: dict[str, str] = {}
    taken: set[int] = set()
    folded = [fold(name) for name in header]
    for meaning, ranks in RANKS.items():
        options = [
            (ranks[name], position)
            for position, name in enumerate(folded)
            if name in ranks and position not in taken and fits(meaning, looks[position])
        ]
        if not options and meaning in _NESTED:
            options = [
                (ranks[tail], position)
                for position, name in enumerate(header)
                if (tail := fold(name.rpartition(".")[2])) in ranks and "." in name
                and position not in taken and fits(meaning, looks[position])
            ]  # fmt: skip
        if meaning == "text" and not options:
            # A handful of posts of one letter or one emoji is still text under such a heading.
            options = [
                (ranks[name], position)
                for position, name in enumerate(folded)
                if name in ranks and position not in taken and _may_be_text(looks[position])
            ]
        if meaning == "text" and options:
            # Exports with a snippet and a full text: of the headings that say "text", the column
            # that holds more of it.
            best = max(looks[position].length for _, position in options)
            options = [o for o in options if looks[o[1]].length >= 0.5 * best]
        if meaning == "said_time" and "said_at" not in found:
            continue
        if meaning == "network":
            options = [o for o in options if _names_networks(looks[o[1]], folded[o[1]])]
        if options:
            _, position = min(options)
            found[meaning] = header[position]
            taken.add(position)
    return found


def _may_be_text(seen: Look) -> bool:
    return bool(seen.filled) and max(seen.urls, seen.numbers, seen.dates.readable_share) < 0.8


def _names_networks(seen: Look, name: str) -> bool:
    return seen.words <= 4 and (seen.distinct <= 0.5 or seen.filled < 20 or "platform" in name)


def by_content(
    header: Sequence[str],
    looks: Sequence[Look],
    found: dict[str, str],
    cells: Sequence[Sequence[str]],
) -> None:
    """Add to `found` what only the cells can tell: the text, the date, the address, the network."""
    free = [p for p, name in enumerate(header) if name not in found.values()]
    if "text" not in found:
        texts = [
            p for p in free
            if looks[p].words >= 3 and looks[p].urls < 0.5 and looks[p].dates.readable_share < 0.5
            and looks[p].distinct > 0.3
        ]  # fmt: skip
        if texts:
            best = max(texts, key=lambda p: looks[p].words)
            found["text"] = header[best]
            free.remove(best)
    if "said_at" not in found:
        dates = [p for p in free if looks[p].filled and looks[p].dates.readable_share >= 0.9]
        # A column of plain figures is a date only under a heading that says so: 10-digit customer
        # numbers look like seconds since 1970.
        dates = [
            p for p in dates
            if looks[p].dates.iso + looks[p].dates.numeric >= 0.9 * looks[p].dates.seen
            and looks[p].numbers < 0.9
        ]  # fmt: skip
        if dates:
            best = max(dates, key=lambda p: (looks[p].share_filled, looks[p].distinct))
            found["said_at"] = header[best]
            free.remove(best)
    if "url" not in found:
        urls = [p for p in free if looks[p].filled and looks[p].urls >= 0.8]
        if urls:
            best = max(urls, key=lambda p: looks[p].distinct)
            found["url"] = header[best]
            free.remove(best)
    if "network" not in found:
        for p in free:
            words = {row[p].strip() for row in cells if p < len(row) and row[p].strip()}
            if 0 < len(words) <= 20 and all(network_of_name(word) for word in words):
                if not all(word.isdigit() for word in words):
                    found["network"] = header[p]
                    return


def doubts_about_dates(heading: str, seen: OrderVotes, order: str) -> list[Sentence]:
    """What a person should know of a column of dates that is read in `order`."""
    doubts = []
    if seen.ambiguous and order == "dmy":
        doubts.append(
            say(
                "No date in “{heading}” shows which part is the day. It is read as day first: check "
                "the preview, and choose month first if that is wrong.",
                heading=heading,
            )
        )
    elif seen.ambiguous:
        doubts.append(
            say(
                "No date in “{heading}” shows which part is the day. It is read as month first: "
                "check the preview, and choose day first if that is wrong.",
                heading=heading,
            )
        )
    elif seen.mixed:
        doubts.append(
            say(
                "“{heading}” has dates with the day first ({day_first}) and dates with the month "
                "first ({month_first}). Dates that could be either, and those of the smaller group, "
                "are rejected unless you choose one order.",
                heading=heading,
                day_first=seen.day_first,
                month_first=seen.month_first,
            )
        )
    if seen.unreadable:
        doubts.append(
            say(
                "“{heading}” holds values that are not dates ({unreadable} of the {seen} sampled); "
                "those rows are rejected.",
                heading=heading,
                unreadable=seen.unreadable,
                seen=seen.seen,
            )
        )
    return doubts
