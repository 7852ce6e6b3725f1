"""The networks by the names the archive keeps and readers see."""

from typing import Final

NETWORKS: Final[tuple[tuple[str, str], ...]] = (
    ("x", "X"),
    ("bluesky", "Bluesky"),
    ("mastodon", "Mastodon"),
    ("threads", "Threads"),
    ("instagram", "Instagram"),
    ("facebook", "Facebook"),
    ("linkedin", "LinkedIn"),
    ("tiktok", "TikTok"),
    ("youtube", "YouTube"),
    ("reddit", "Reddit"),
    ("pinterest", "Pinterest"),
    ("telegram", "Telegram"),
    ("whatsapp", "WhatsApp"),
    ("trustpilot", "Trustpilot"),
    ("google", "Google reviews"),
    ("kiyoh", "Kiyoh"),
    ("bol", "bol"),
    ("tweakers", "Tweakers"),
    ("appstore", "App Store"),
    ("playstore", "Google Play"),
    ("hackernews", "Hacker News"),
    ("stackexchange", "Stack Exchange"),
    ("lemmy", "Lemmy"),
    ("review", "Reviews"),
    ("forum", "Forum"),
    ("news", "News"),
    ("blog", "Blog"),
    ("mail", "E-mail"),
    ("chat", "Chat"),
    ("survey", "Survey"),
    ("web", "Web"),
    ("file", "Imported file"),
)
"""Every network as (kind, label), in the order in which lists show them."""

LABELS: Final[dict[str, str]] = dict(NETWORKS)
