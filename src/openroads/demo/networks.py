"""What each network adds to a post: its ids, addresses, lengths and the engagement it tells, or does not tell."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Network:
    """`tells` are the engagement figures this network gives; the others stay None. `scale` is a typical post's likes."""

    name: str
    limit: int
    tells: frozenset[str]
    scale: float
    replies: bool = True
    titled: bool = False
    tagged: float = 0.0
    claims: bool = False


class Engagement(NamedTuple):
    """Counts of one post; None = the network does not say."""

    likes: int | None
    replies: int | None
    reposts: int | None
    views: int | None


def _net(name: str, limit: int, tells: str, scale: float, **more: bool | float) -> Network:
    return Network(name, limit, frozenset(tells.split()), scale, **more)  # type: ignore[arg-type]


NETWORKS: dict[str, Network] = {
    net.name: net
    for net in (
        _net("x", 280, "likes replies reposts views", 2.2, tagged=0.20, claims=True),
        _net("bluesky", 300, "likes replies reposts", 2.6, tagged=0.10, claims=True),
        _net("mastodon", 500, "likes replies reposts", 2.0, tagged=0.34, claims=True),
        _net("reddit", 1500, "likes replies", 5.0, titled=True),
        _net("instagram", 600, "likes replies", 9.0, tagged=0.45),
        _net("facebook", 700, "likes replies reposts", 3.5, tagged=0.06),
        _net("trustpilot", 1200, "likes", 0.6, replies=False, titled=True),
        _net("youtube", 400, "likes replies", 2.0),
        _net("forum", 1500, "likes replies views", 1.4, titled=True),
        _net("mail", 1800, "", 0.0, replies=False, titled=True),
    )
}
SHORT = frozenset({"x", "bluesky", "youtube"})
PUBLIC = frozenset({"x", "bluesky", "mastodon", "instagram"})
"""Networks where a post is found by the brand's name, so that the name stands in it."""
_BASE32 = "234567abcdefghijklmnopqrstuvwxyz"


def _tid(number: int) -> str:
    out = ""
    for _ in range(13):
        out = _BASE32[number & 31] + out
        number >>= 5
    return out


def _code(number: int, salt: int, length: int) -> str:
    mixed = (number * 0x9E3779B97F4A7C15 + salt) & ((1 << 96) - 1)
    return f"{mixed:024x}"[:length] + f"{number:x}"


def identify(
    network: str, serial: int, at: datetime, author: str, thread: str, seed: int
) -> tuple[str, str]:
    """The native id and address of a post: unique by `serial`, shaped as the network shapes them.

    Addresses stand under .example, so that no link of the demo ever reaches a real person.
    """
    stamp = int(at.timestamp() * 1000)
    match network:
        case "x":
            native = str(((stamp - 1288834974657) << 22) + serial % 4194304)
            return native, f"https://x.example/{author}/status/{native}"
        case "bluesky":
            key = _tid(((stamp * 1000) << 10) + serial)
            native = f"at://did:plc:{_code(hash_text(author), seed, 16)}/app.bsky.feed.post/{key}"
            return native, f"https://bluesky.example/profile/{author}/post/{key}"
        case "mastodon":
            native = str((stamp << 16) + serial % 65536 + 1)
            return native, f"https://mastodon.example/@{author}/{native}"
        case "reddit":
            native = ("t1_" if thread else "t3_") + f"{serial + 48_000_000:x}"
            return native, f"https://reddit.example/r/ebikes/comments/{native}"
        case "youtube":
            native = "Ug" + _code(serial, seed, 18)
            return native, f"https://youtube.example/watch?v=windmee&lc={native}"
        case "trustpilot":
            native = _code(serial, seed, 18)
            return native, f"https://reviews.example/windmee/{native}"
        case "forum":
            native = str(serial + 20_000)
            return native, f"https://forum.example/t/{native}"
        case "mail":
            return f"<{_code(serial, seed, 16)}@post.example>", ""
        case _:
            native = str(17_800_000_000_000_000 + serial * 1013)
            return native, f"https://{network}.example/p/{native}"


def hash_text(text: str) -> int:
    """A hash that is the same in every process (the built-in one is not)."""
    value = 1469598103934665603
    for letter in text:
        value = ((value ^ ord(letter)) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
    return value


def engagement(rng: Random, net: Network, lift: float = 1.0) -> Engagement:
    """Likes, replies, reposts and views: heavy-tailed counts, None where the network does not tell.

    `lift` multiplies what is usual for a customer's post on this network.
    """
    dice = rng.random
    likes = int(net.scale * lift * rng.lognormvariate(0.0, 1.25) * 0.8)
    replies = int(likes * 0.22 * dice() + 1.7 * dice() ** 2)
    reposts = int(likes * 0.18 * dice())
    views = int((likes + 1) * (18 + 60 * dice()) + 40 * dice())
    tells = net.tells
    return Engagement(
        likes if "likes" in tells else None,
        replies if "replies" in tells else None,
        reposts if "reposts" in tells else None,
        views if "views" in tells else None,
    )
