"""Feeds: entries become messages, titles and links are hostile, and nothing stalls."""

import json
import time
from datetime import UTC, datetime

import pytest

from openroads.connectors.failures import Refused
from openroads.connectors.feeds import Feed, read_feed, unwrapped
from openroads.connectors.http import Guarded
from tests.connectors.conftest import Server

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
URL = "https://fietsblog.example/feed"


def rss(items: str, language: str = "nl-nl") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Blog</title>'
        f"<language>{language}</language>{items}</channel></rss>"
    ).encode()


ITEM = (
    "<item><title>Accu &amp; winter</title><link>https://fietsblog.example/1</link>"
    "<guid>post-1</guid><author>Marloes</author><pubDate>Sun, 16 Feb 2025 10:00:00 +0100</pubDate>"
    "<description>&lt;p&gt;De accu is &lt;b&gt;leeg&lt;/b&gt;&lt;/p&gt;</description></item>"
)


def test_an_rss_entry_becomes_a_message() -> None:
    (message,) = read_feed(rss(ITEM), URL, NOW).messages
    assert (message.native_id, message.title, message.text) == (
        "post-1", "Accu & winter", "De accu is leeg",
    )  # fmt: skip
    assert message.said_at == datetime(2025, 2, 16, 9, 0, tzinfo=UTC)
    assert (message.url, message.network, message.language) == (
        "https://fietsblog.example/1", "web", "nl",
    )  # fmt: skip


def test_atom_and_json_feeds_are_feeds_too() -> None:
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>urn:1</id>'
        b'<title type="html">Kade &lt;i&gt;test&lt;/i&gt;</title><link href="/kade"/>'
        b'<published>2025-02-16T10:00:00Z</published><content type="html">Lange tekst over de '
        b"Kade</content><summary>kort</summary></entry></feed>"
    )
    (message,) = read_feed(atom, URL, NOW).messages
    assert (message.native_id, message.title, message.text, message.url) == (
        "urn:1", "Kade test", "Lange tekst over de Kade", "https://fietsblog.example/kade",
    )  # fmt: skip
    told = {
        "version": "https://jsonfeed.org/version/1.1", "language": "nl",
        "items": [
            {"id": "9", "url": "https://www.reddit.com/r/fietsen/9", "title": "Vraag",
             "content_html": "<p>Wat kost de Polder?</p>", "authors": [{"name": "Omar"}],
             "date_published": "2025-02-16T10:00:00+01:00"},
        ],
    }  # fmt: skip
    (message,) = read_feed(json.dumps(told).encode(), URL, NOW).messages
    assert (message.text, message.author, message.network) == (
        "Wat kost de Polder?",
        "Omar",
        "reddit",
    )
    assert message.said_at == datetime(2025, 2, 16, 9, 0, tzinfo=UTC)


def test_a_summary_is_read_only_where_the_whole_says_nothing() -> None:
    def told(whole: str, summary: str) -> str:
        item = (
            f"<item><guid>1</guid><description><![CDATA[{summary}]]></description>"
            f"<content:encoded><![CDATA[{whole}]]></content:encoded></item>"
        )
        return read_feed(rss(item), URL, NOW).messages[0].text

    # As WordPress sends a comment: its summary has the markup as words, and is the longer one.
    link = "&lt;a href=&quot;https://fietsblog.example/&quot;&gt;hier&lt;/a&gt;"
    assert told('Zie <a href="https://f.example">hier</a>', f"Zie {link}") == "Zie hier"
    assert told('<img src="x.png">', "Een foto van de Kade") == "Een foto van de Kade"


def test_google_alerts_links_are_unwrapped() -> None:
    link = (
        "https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://krant.example/windmee&amp;ct=ga"
    )
    entry = ITEM.replace("https://fietsblog.example/1", link)
    assert read_feed(rss(entry), URL, NOW).messages[0].url == "https://krant.example/windmee"
    assert unwrapped("https://www.google.com/url?q=javascript:alert(1)") == "javascript:alert(1)"
    evil = ITEM.replace(
        "https://fietsblog.example/1", "https://www.google.com/url?url=javascript:x"
    )
    assert read_feed(rss(evil), URL, NOW).messages[0].url == ""
    assert unwrapped("https://google.com.evil.example/url?url=https://a.nl") != "https://a.nl"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "http://[", "  ", "vbscript:x"]
)
def test_hostile_titles_and_links_are_disarmed(link: str) -> None:
    entry = (
        f"<item><title>&lt;script&gt;alert(1)&lt;/script&gt;T &lt;img src=x onerror=alert(1)&gt;</title>"
        f"<link>{link}</link><description>&lt;iframe src='javascript:x'&gt;&lt;/iframe&gt;Gewoon"
        "</description></item>"
    )
    (message,) = read_feed(rss(entry), URL, NOW).messages
    assert (message.title, message.text, message.url) == ("T", "Gewoon", "")


def test_entries_without_a_usable_date_stand_where_we_first_saw_them_and_stay_there() -> None:
    undated = ITEM.replace("<pubDate>Sun, 16 Feb 2025 10:00:00 +0100</pubDate>", "")
    future = ITEM.replace("2025", "2099").replace("post-1", "post-2")
    empty = ITEM.replace("Sun, 16 Feb 2025", "Thu, 01 Jan 1970").replace("post-1", "post-3")
    body = rss(undated + future + empty)
    first = read_feed(body, URL, NOW)
    assert [m.said_at for m in first.messages] == [NOW, NOW, NOW]
    assert "without a usable date stand at the moment we first saw them (3 of 3)" in first.notes[0]
    later = read_feed(body, URL, datetime(2026, 12, 1, tzinfo=UTC), json.loads(first.cursor))
    assert [m.said_at for m in later.messages] == [NOW, NOW, NOW]


def test_ids_are_stable_without_a_guid() -> None:
    bare = "<item><title>Zonder alles</title></item>"
    one = read_feed(rss(bare), URL, NOW).messages[0]
    two = read_feed(rss(ITEM + bare), URL, NOW).messages[1]
    assert one.native_id == two.native_id and one.text == "Zonder alles" and one.title == ""


HOSTILE = {
    "many items": rss("<item><title>x</title></item>" * 60_000),
    "deep": rss("<a>" * 100_000),
    "deep in a description": rss("<item><description><![CDATA[" + "<div>" * 400_000 + "]]></description></item>"),
    "escaped deep": rss("<item><description>" + "&lt;div&gt;" * 200_000 + "</description></item>"),
    "attributes": rss("<item><title " + " ".join(f'a{n}="1"' for n in range(50_000)) + ">x</title></item>"),
    "bomb": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><rss><channel/></rss>',
    "bomb in utf-16": '<!DOCTYPE x [<!ENTITY a "aa">]><rss><channel/></rss>'.encode("utf-16"),
    "ten megabytes": rss("x" * 10_000_000),
    "angles": b"<rss>" + b"<" * 2_900_000,
    "open cdata": b"<rss><channel>" + b"<![CDATA[" * 300_000,
    "open comments": b"<rss><channel>" + b"<!--" * 700_000,
    "ampersands": rss("<item><title>" + "&amp;" * 500_000 + "</title></item>"),
    "broken utf-8": rss("<item><title>Caf\udce9 x</title></item>".encode("utf-8", "surrogateescape").decode("latin-1")),
    "wrong encoding": rss(ITEM).replace(b"utf-8", b"x-klingon"),
    "json deep": b'{"items": ' + b"[" * 200_000,
    "json wrong types": b'{"items": [{"id": {"a": 1}, "authors": "x", "date_published": []}, 5]}',
    "noise": bytes(range(256)) * 1_000,
    "nothing": b"   ",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_feeds_are_read_or_refused_within_a_second(name: str) -> None:
    began = time.thread_time()
    try:
        page = read_feed(HOSTILE[name], URL, NOW)
    except Refused as refused:
        assert refused.why.endswith(".")
    else:
        for message in page.messages:
            assert "<script" not in message.text + message.title
            assert len(message.text) <= 50_000
    assert time.thread_time() - began < 1.5


def client_for(server: Server) -> Guarded:
    return Guarded(allow=[f"127.0.0.1:{server.port}"])


def test_a_feed_that_did_not_change_gives_an_empty_page(server: Server) -> None:
    server.says("/feed", rss(ITEM), kind="application/rss+xml", ETag='"v1"')
    feed = Feed(client_for(server), now=NOW)
    (page,) = feed.read(f"{server.url}/feed")
    assert len(page.messages) == 1
    server.says("/feed", b"", status=304)
    (again,) = feed.read(f"{server.url}/feed", page.cursor)
    assert again.messages == [] and again.cursor == page.cursor
    assert server.asked[1][1]["if-none-match"] == '"v1"'
    (mended,) = Feed(client_for(server), now=NOW).read(f"{server.url}/feed", "geen cursor")
    assert mended.messages == []


def test_a_page_that_points_to_its_feed_is_enough(server: Server) -> None:
    server.says(
        "/",
        "<html><head><link rel=alternate type='application/rss+xml' href='/feed?a=1&amp;b=2'></head></html>",
    )
    server.says("/feed", rss(ITEM), kind="application/rss+xml")
    (page,) = Feed(client_for(server), now=NOW).read(server.url)
    assert page.messages[0].native_id == "post-1"
    assert server.paths() == ["/", "/feed?a=1&b=2"]
    server.says("/", "<html><body>Niets</body></html>")
    with pytest.raises(Refused, match="points to no feed"):
        list(Feed(client_for(server), now=NOW).read(server.url))


def test_a_feed_may_not_lead_inside(server: Server) -> None:
    server.says(
        "/", "<html><link type='application/rss+xml' href='http://127.0.0.1:1/feed'></html>"
    )
    with pytest.raises(Refused, match="not on the public internet|not one Openroads speaks"):
        list(Feed(client_for(server), now=NOW).read(server.url))
