"""One file per way in: rows, feeds and pages become messages. Knows no Django."""

from openroads.connectors.bluesky import Bluesky
from openroads.connectors.discourse import Discourse
from openroads.connectors.feeds import Feed
from openroads.connectors.files.upload import Upload
from openroads.connectors.hackernews import HackerNews
from openroads.connectors.lemmy import Lemmy
from openroads.connectors.linkedin import LinkedIn
from openroads.connectors.mastodon import Mastodon
from openroads.connectors.port import Connector
from openroads.connectors.reddit import Reddit
from openroads.connectors.searching import Searched
from openroads.connectors.site import Site
from openroads.connectors.stackexchange import StackExchange
from openroads.connectors.x import X
from openroads.connectors.youtube import YouTube

SEARCHED: tuple[type[Searched], ...] = (
    Bluesky,
    Mastodon,
    HackerNews,
    Discourse,
    Lemmy,
    StackExchange,
    YouTube,
    Reddit,
    LinkedIn,
    X,
)
"""Every network that is searched."""
CONNECTORS: tuple[type[Connector], ...] = (Upload, Feed, *SEARCHED)
"""Every connector that brings messages. A new network is one line here, its file and its tests."""
TEXT_SOURCES: tuple[type[Site], ...] = (Site,)
"""Every way to read what the brand itself says."""
