"""One file per way in: rows, feeds and pages become messages. Knows no Django."""

from openroads.connectors.feeds import Feed
from openroads.connectors.files.upload import Upload
from openroads.connectors.port import Connector
from openroads.connectors.site import Site

CONNECTORS: tuple[type[Connector], ...] = (Upload, Feed)
"""Every connector that brings messages. A new network is one line here, its file and its tests."""
TEXT_SOURCES: tuple[type[Site], ...] = (Site,)
"""Every way to read what the brand itself says."""
