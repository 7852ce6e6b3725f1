"""One file per way in: rows, feeds and pages become messages. Knows no Django."""

from openroads.connectors.appstore import AppStore
from openroads.connectors.bluesky import Bluesky
from openroads.connectors.discourse import Discourse
from openroads.connectors.facebook import Facebook
from openroads.connectors.feeds import Feed
from openroads.connectors.files.upload import Upload
from openroads.connectors.googlereviews import GoogleReviews
from openroads.connectors.hackernews import HackerNews
from openroads.connectors.instagram import Instagram
from openroads.connectors.jetstream import Jetstream
from openroads.connectors.lemmy import Lemmy
from openroads.connectors.linkedin import LinkedIn
from openroads.connectors.mailbox import Mailbox
from openroads.connectors.mastodon import Mastodon
from openroads.connectors.mastodon_stream import MastodonStream
from openroads.connectors.port import Connector, Streamed
from openroads.connectors.reddit import Reddit
from openroads.connectors.searching import Searched
from openroads.connectors.site import Site
from openroads.connectors.stackexchange import StackExchange
from openroads.connectors.trustpilot import Trustpilot
from openroads.connectors.x import X
from openroads.connectors.youtube import YouTube

SEARCHED: tuple[type[Searched], ...] = (
    Bluesky,
    Mastodon,
    HackerNews,
    Discourse,
    Lemmy,
    StackExchange,
    Facebook,
    Instagram,
    GoogleReviews,
    Trustpilot,
    AppStore,
    Mailbox,
    YouTube,
    Reddit,
    LinkedIn,
    X,
)
"""Every network that is searched."""
STREAMED: tuple[type[Streamed], ...] = (Jetstream, MastodonStream)
"""Every network that can be heard as it is said, beside its search."""
CONNECTORS: tuple[type[Connector], ...] = (Upload, Feed, *SEARCHED)
"""Every connector that brings messages. A new network is one line here, its file and its tests."""
TEXT_SOURCES: tuple[type[Site], ...] = (Site,)
"""Every way to read what the brand itself says."""
