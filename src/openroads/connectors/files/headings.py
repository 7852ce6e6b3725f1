"""What the headings of exports mean, in English and Dutch, and what their words stand for."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Per field the headings we know, best first. Folded: lower case, no accents, words by one space.
# Gathered from what the exports of X, Brandwatch, Talkwalker, Meltwater, Hootsuite, Coosto,
# OBI4wan, Facepager, review sites and help desks call their columns.
_HEADINGS: Final[dict[str, str]] = {
    "native_id": (
        "tweet id|id str|post id|message id|bericht id|berichtid|mention id|comment id|review id|"
        "document id|resource id|status id|external id|item id|native id|uri|guid|uuid|ticket id|"
        "reactie id|recensie id|permalink id|id|#"
    ),
    "text": (
        "full text|full tweet text|tweet text|post text|message text|review text|review body|"
        "text|tekst|bericht|berichttekst|message|body|content|inhoud|tweet|tweet content|post|"
        "comment|comment text|opmerking|reactie|review|recensie|recensietekst|beoordeling tekst|"
        "toelichting|hit sentence|snippet|opening text|content snippet|post message|caption|"
        "description|omschrijving|beschrijving|mention|mention content|verbatim|feedback|"
        "review content|vraag|question|antwoord|answer|selftext|sentence|zin"
    ),
    "said_at": (
        "created at|tweet created|date created|created|created time|created utc|date utc|"
        "published at|published|publish date|publication date|publicatiedatum|publicatie datum|"
        "published date|datum en tijd|datum tijd|datumtijd|date time|datetime|timestamp|"
        "unix timestamp|date|datum|date gmt|posted at|posted on|post date|postdatum|plaatsingsdatum|"
        "geplaatst op|geplaatst|aangemaakt op|aangemaakt|tijdstip|said at|sent at|verzonden|"
        "verzonden op|message date|review date|recensiedatum|indexed|pubdate|time|tijd"
    ),
    "said_time": "time|tijd|tijdstip|publicatietijd|time of day|uur",
    "author": (
        "author id|author handle|author username|screen name|user screen name|username|user name|"
        "gebruikersnaam|handle|from user|from user screen name|user id|author|auteur|schrijver|"
        "user|gebruiker|account|account name|profile|profiel|sender|afzender|from|van|extra author "
        "attributes short name|customer id|klantnummer|klant id|contact id|reviewer id|reviewer"
    ),
    "author_name": (
        "full name|display name|author name|author full name|weergavenaam|user display name|naam|"
        "name|auteursnaam|naam auteur|reviewer name|afzender naam|extra author attributes name"
    ),
    "url": (
        "url|permalink|post url|tweet url|link|tweet permalink|post link|document url|mention url|"
        "message url|bericht url|source url|bron url|address|webadres|href|thread url"
    ),
    "title": "title|titel|headline|kop|onderwerp|subject|review title|recensietitel|heading",
    "language": "language|lang|taal|language code|taalcode|post language",
    "network": (
        "network|netwerk|source platform|platform|source|bron|channel|kanaal|medium|source type|"
        "media type|bron type|brontype|social network|content source name|page type|site|"
        "domain|domein"
    ),
    "reply_to": (
        "in response to tweet id|in reply to status id|in reply to status id str|in reply to id|"
        "in reply to|reply to|reply to id|parent id|antwoord op|in antwoord op|twitter reply to|"
        "replied to|parent post id"
    ),
    "thread": "conversation id|thread id|thread|conversation|gesprek id|gesprek|thread entry id",
    "repost": (
        "is retweet|is repost|retweet|repost|twitter retweet of|retweeted status id|is rt|"
        "is shared|retweet of"
    ),
    "likes": (
        "likes|like count|favorite count|favorites|favourites|favoriete count|aantal likes|"
        "vind ik leuks|twitter likes|diggcount|engagement likes|reactions|digg count|score|ups"
    ),
    "replies": (
        "replies|reply count|comments|comment count|aantal reacties|reacties|num comments|"
        "twitter replies|engagement comments|commentcount"
    ),
    "reposts": (
        "retweets|retweet count|reposts|repost count|shares|share count|aantal retweets|gedeeld|"
        "twitter retweets|engagement shares|sharecount|aantal keer gedeeld"
    ),
    "views": (
        "views|view count|impressions|weergaven|impressies|playcount|play count|reach|bereik|"
        "potential reach"
    ),
    "rating": (
        "rating|stars|star rating|sterren|aantal sterren|cijfer|waardering|review rating|"
        "beoordeling|overall rating|rapportcijfer|nps score"
    ),
    "inbound": "inbound|is customer|from customer|incoming|inkomend|van klant",
}  # fmt: skip

RANKS: Final[dict[str, dict[str, int]]] = {
    field: {name: rank for rank, name in enumerate(names.split("|"))}
    for field, names in _HEADINGS.items()
}
"""Per field: folded heading -> rank, 0 is the surest."""
KNOWN: Final[frozenset[str]] = frozenset(name for names in RANKS.values() for name in names)

_LANGUAGES: Final[dict[str, str]] = {
    "dutch": "nl", "nederlands": "nl", "english": "en", "engels": "en", "german": "de",
    "duits": "de", "deutsch": "de", "french": "fr", "frans": "fr", "francais": "fr",
    "spanish": "es", "spaans": "es", "italian": "it", "italiaans": "it", "portuguese": "pt",
    "portugees": "pt", "turkish": "tr", "turks": "tr", "polish": "pl", "pools": "pl",
    "arabic": "ar", "arabisch": "ar",
}  # fmt: skip
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,2}")


def fold(heading: str) -> str:
    """A heading in the form RANKS knows: "Tweet_ID" is "tweet id", "createdAt" is "created at"."""
    heading = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", heading.strip()[:200])
    stripped = unicodedata.normalize("NFKD", heading)
    letters = "".join(c if c.isalnum() or c == "#" else " " for c in stripped if not
                      unicodedata.combining(c))  # fmt: skip
    return " ".join(letters.casefold().split())


def is_utc(heading: str) -> bool:
    """Whether a heading says its times are in UTC, as in "Date (GMT)"."""
    words = fold(heading).split()
    return "utc" in words or "gmt" in words


@lru_cache(maxsize=1_000)
def language_tag(word: str) -> str:
    """The language an export names as a tag ("Dutch" is "nl"); empty when it names none we know."""
    folded = fold(word)
    if folded in _LANGUAGES:
        return _LANGUAGES[folded]
    lowered = word.strip().lower()
    if _LANGUAGE_TAG.fullmatch(lowered) and lowered not in ("und", "unknown", "qme", "qht"):
        return lowered.replace("_", "-").split("-")[0] if len(lowered) <= 11 else ""
    return ""
