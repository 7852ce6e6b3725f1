"""Parts every room uses in its pages: figures and days in words, a person's words, tone."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.ui import formats
from openroads.ui.networks import network_word

register = template.Library()

register.filter("number", formats.number)
register.filter("count", formats.number)
register.filter("signed", formats.signed)
register.filter("percent", formats.percent)
register.filter("euro", formats.euro)
register.filter("weekday", formats.weekday)
register.filter("listed", formats.listed)

PERSON_CUTS_AT = 700
"""Characters of a post that a card shows; the rest is one click away at its network."""


@register.filter
def day(value: date | None) -> str:
    """24 November 2026."""
    return formats.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """ "yesterday 16:30" under two days, otherwise the day."""
    return formats.moment(value)


@register.filter
def unlocalized(value: float | int | None) -> str:
    """A figure as a machine reads it: no thousands mark, a point for decimals."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.4f}"


@register.simple_tag
def unknown() -> str:
    """The word for what was not measured: never a dash, never 0."""
    return _("unknown")


def tone_word(tone: float | None, mood: int | None = None) -> str:
    """What a tone of -1..1 is called; the mood, when given, decides between negative and positive."""
    if tone is None or math.isnan(tone) or mood == -128:
        return _("tone unknown")
    side = mood if mood is not None else (tone > 0.05) - (tone < -0.05)
    if side == 0:
        return _("neutral")
    words = {
        (-1, True): _("negative"),
        (-1, False): _("slightly negative"),
        (1, True): _("positive"),
        (1, False): _("slightly positive"),
    }
    return words[side, abs(tone) >= 0.4]


@register.inclusion_tag("ui/_feel.html")
def feel(tone: float | None, mood: int | None = None) -> dict[str, Any]:
    """Tone as a place on a short line, then a colour, then the word; unknown has no dot at all."""
    word = tone_word(tone, mood)
    if tone is None or math.isnan(tone) or mood == -128:
        return {"word": word}
    side = mood if mood is not None else (tone > 0.05) - (tone < -0.05)
    colour = {-1: "neg-2", 0: "neutral", 1: "pos-2"}[side]
    place = 4 + 13 * (max(-1.0, min(1.0, tone)) + 1)
    return {"word": word, "place": f"{place:.1f}", "colour": f"var(--{colour})"}


@register.inclusion_tag("ui/_quote.html")
def quote(post: Any) -> dict[str, Any]:
    """A person's words, who and where, language and tone. Takes a row of `archive.queries.posts`.

    The text is shown as text: whatever a stranger wrote, it is never markup. Of a post with a
    `removed_on` nothing is shown but that it was removed, and when.
    """
    if removed := getattr(post, "removed_on", None):
        return {"removed_on": removed}
    text = post.text.strip()
    shown = text[:PERSON_CUTS_AT]
    return {
        "text": shown,
        "cut": len(shown) < len(text),
        "title": post.title,
        "who": post.author_name or post.author or _("somebody"),
        "network": network_word(post.network),
        "url": post.url if post.url.startswith(("https://", "http://")) else "",
        "when": post.published_at,
        "language": post.language if post.language not in ("", "und") else "",
        "tone": post.tone,
        "mood": post.mood,
        "numbers": _numbers(post),
    }


def _numbers(post: Any) -> str:
    """Engagement the network told; what it did not tell is not said."""
    likes, replies, reposts = post.likes or 0, post.replies or 0, post.reposts or 0
    words = [
        (likes, ngettext("%(n)s like", "%(n)s likes", likes)),
        (replies, ngettext("%(n)s reply", "%(n)s replies", replies)),
        (reposts, ngettext("%(n)s repost", "%(n)s reposts", reposts)),
    ]
    return ", ".join(word % {"n": formats.number(n)} for n, word in words if n)
