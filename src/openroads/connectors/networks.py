"""The networks we know by name, and which of them an address belongs to."""

from typing import Final
from urllib.parse import urlsplit

from openroads.archive.networks import LABELS, NETWORKS

__all__ = ["LABELS", "NETWORKS", "network_of_host", "network_of_name", "network_of_url"]

# The registrable end of a host name: a host belongs when it equals it or ends in "." plus it.
_HOSTS: Final[dict[str, str]] = {
    "x.com": "x",
    "twitter.com": "x",
    "t.co": "x",
    "bsky.app": "bluesky",
    "bsky.social": "bluesky",
    "mastodon.social": "mastodon",
    "mastodon.online": "mastodon",
    "mastodon.nl": "mastodon",
    "mstdn.social": "mastodon",
    "mas.to": "mastodon",
    "threads.net": "threads",
    "threads.com": "threads",
    "instagram.com": "instagram",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "fb.watch": "facebook",
    "linkedin.com": "linkedin",
    "lnkd.in": "linkedin",
    "tiktok.com": "tiktok",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "reddit.com": "reddit",
    "redd.it": "reddit",
    "pinterest.com": "pinterest",
    "pinterest.nl": "pinterest",
    "t.me": "telegram",
    "wa.me": "whatsapp",
    "trustpilot.com": "trustpilot",
    "trustpilot.nl": "trustpilot",
    "kiyoh.com": "kiyoh",
    "bol.com": "bol",
    "tweakers.net": "tweakers",
    "apps.apple.com": "appstore",
    "itunes.apple.com": "appstore",
    "play.google.com": "playstore",
    "news.ycombinator.com": "hackernews",
    "stackoverflow.com": "stackexchange",
    "stackexchange.com": "stackexchange",
}

# What exports write in their source columns, folded by `_fold`.
_NAMES: Final[dict[str, str]] = {
    **{kind: kind for kind, _ in NETWORKS},
    **{"".join(c for c in label.casefold() if c.isalnum()): kind for kind, label in NETWORKS},
    "twitter": "x",
    "twittercom": "x",
    "xtwitter": "x",
    "xformerlytwitter": "x",
    "tweet": "x",
    "facebookpublic": "facebook",
    "facebookpage": "facebook",
    "instagrambusiness": "instagram",
    "bsky": "bluesky",
    "fediverse": "mastodon",
    "googlemybusiness": "google",
    "googlebusinessprofile": "google",
    "googlereview": "google",
    "googlemaps": "google",
    "googleplay": "playstore",
    "bolcom": "bol",
    "reviews": "review",
    "recensie": "review",
    "recensies": "review",
    "beoordeling": "review",
    "beoordelingen": "review",
    "forums": "forum",
    "onlinenews": "news",
    "nieuws": "news",
    "nieuwssite": "news",
    "nieuwssites": "news",
    "blogs": "blog",
    "email": "mail",
    "emails": "mail",
    "livechat": "chat",
    "webcare": "chat",
    "enquete": "survey",
    "internet": "web",
    "website": "web",
    "websites": "web",
    "general": "web",
}


def _fold(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def network_of_host(host: str) -> str:
    """The kind of the network that owns a host name; empty when we do not know it."""
    labels = host.lower().rstrip(".").split(".")
    for start in range(len(labels) - 1):
        kind = _HOSTS.get(".".join(labels[start:]))
        if kind:
            return kind
    if "mastodon" in labels or any(label.startswith("mastodon") for label in labels):
        return "mastodon"
    return ""


def network_of_url(url: str) -> str:
    """The kind of the network an address belongs to; empty when unknown or not an address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    return network_of_host(host)


def network_of_name(name: str) -> str:
    """The kind an export's own word stands for ("Twitter" is "x"); empty when unknown.

    A bare host name ("www.reddit.com") is understood too.
    """
    folded = _fold(name)
    if folded in _NAMES:
        return _NAMES[folded]
    if folded.endswith("com") and folded[:-3] in _NAMES:
        return _NAMES[folded[:-3]]
    if "." in name and " " not in name.strip():
        return network_of_host(name.strip())
    return ""
