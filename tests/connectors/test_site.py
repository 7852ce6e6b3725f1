"""The brand's own site: what robots.txt allows, each page once, with the day it declares."""

import gzip
import socket
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from openroads.connectors.failures import Refused, TryLater
from openroads.connectors.http import Guarded
from openroads.connectors.pagetext import page_text
from openroads.connectors.site import PageText, Site, read_sitemap, tidy
from tests.connectors.conftest import Server

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def page(name: str, links: str = "", head: str = "", lang: str = "nl") -> str:
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{name} | Windmee</title>{head}</head><body>'
        f"<nav><a href='/'>Home</a> {links}</nav><main><article><h1>{name}</h1><p>De {name} is een fiets "
        "voor de stad, met een accu die een hele week meegaat en remmen die altijd pakken.</p><p>Onze "
        f"monteurs komen aan huis en de {name} heeft vijf jaar garantie op het frame.</p></article></main>"
        "<footer>© Windmee algemene voorwaarden</footer></body></html>"
    )


def site_for(server: Server) -> tuple[Site, list[float]]:
    pauses: list[float] = []
    client = Guarded(allow=[f"127.0.0.1:{server.port}"])
    return Site(client, sleep=pauses.append, now=NOW), pauses


def titles(pages: Iterator[PageText]) -> list[str]:
    return [one.title for one in pages]


def test_the_sitemap_is_followed_through_its_index_and_gzip(server: Server) -> None:
    urls = "".join(f"<url><loc>{server.url}/{n}</loc></url>" for n in ("kade", "polder"))
    server.says(
        "/robots.txt", f"User-agent: *\nDisallow: /geheim\nSitemap: {server.url}/index.xml\n"
    )
    server.says(
        "/index.xml",
        f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>{server.url}/a.xml.gz"
        "</loc></sitemap></sitemapindex>",
    )
    more = (
        f"<url><loc>{server.url}/geheim</loc></url><url><loc>https://elders.example/x</loc></url>"
    )
    server.says(
        "/a.xml.gz",
        gzip.compress(f"<urlset>{urls}{more}</urlset>".encode()),
        kind="application/gzip",
    )
    server.says("/", page("Windmee"))
    server.says(
        "/kade", page("Kade", head='<meta property="article:published_time" content="2025-02-16">')
    )
    server.says("/polder", page("Polder", lang="en"))
    site, pauses = site_for(server)
    told = list(site.pages(server.url))
    assert [one.title for one in told] == ["Windmee", "Kade", "Polder"]
    kade = told[1]
    assert kade.url == f"{server.url}/kade"
    assert (kade.language, kade.published_on) == ("nl", date(2025, 2, 16))
    assert "vijf jaar garantie" in kade.text and "algemene voorwaarden" not in kade.text
    assert "/geheim" not in server.paths()
    assert [row.reason for row in site.skipped] == [
        "The robots.txt of this site asks not to read this page."
    ]
    assert pauses == [0.5, 0.5]


def test_without_a_sitemap_links_are_followed_breadth_first_to_the_limit(server: Server) -> None:
    links = "<a href='/een'>1</a><a href='/twee?utm_source=x#deel'>2</a><a href='/foto.jpg'>f</a>"
    links += "<a href='https://elders.example/'>weg</a><a href='mailto:x@y.nl'>m</a><a href='javascript:x'>j</a>"
    server.says("/", page("Thuis", links))
    server.says("/een", page("Een", "<a href='/een/diep'>diep</a><a href='/twee'>2</a>"))
    server.says("/twee", page("Twee"))
    server.says("/een/diep", page("Diep"))
    site, _ = site_for(server)
    assert titles(site.pages(server.url)) == ["Thuis", "Een", "Twee", "Diep"]
    assert titles(site.pages(server.url, limit=2)) == ["Thuis", "Een"]
    asked = [path for path in server.paths() if "foto" in path or "utm" in path]
    assert asked == []


def test_each_page_is_told_once_under_its_canonical_address(server: Server) -> None:
    canonical = f'<link rel="canonical" href="{server.url}/kade">'
    server.says(
        "/",
        page(
            "Thuis", "<a href='/kade?kleur=rood'>r</a><a href='/kade'>k</a><a href='/kopie'>c</a>"
        ),
    )
    server.says("/kade", page("Kade", head=canonical))
    server.says("/kopie", page("Thuis"))
    site, _ = site_for(server)
    assert [one.url for one in site.pages(server.url)] == [f"{server.url}/", f"{server.url}/kade"]


def test_a_canonical_address_elsewhere_is_not_believed(server: Server) -> None:
    server.says("/", page("Thuis", head='<link rel="canonical" href="https://elders.example/">'))
    site, _ = site_for(server)
    assert [one.url for one in site.pages(server.url)] == [f"{server.url}/"]


def test_a_home_page_that_sends_on_brings_its_own_rules(server: Server) -> None:
    other = Server()
    try:
        server.sends_on("/", f"{other.url}/")
        other.says("/robots.txt", "User-agent: *\nDisallow: /geheim\n")
        other.says("/", page("Thuis", "<a href='/een'>1</a><a href='/geheim'>2</a>"))
        other.says("/een", page("Een"))
        other.says("/geheim", page("Geheim"))
        client = Guarded(allow=["127.0.0.0/8"])
        told = Site(client, sleep=lambda seconds: None, now=NOW).pages(server.url)
        assert titles(told) == ["Thuis", "Een"]
        other.says("/robots.txt", "User-agent: *\nDisallow: /\n")
        with pytest.raises(Refused, match=r"robots\.txt"):
            list(Site(client, sleep=lambda seconds: None, now=NOW).pages(server.url))
    finally:
        other.close()


def test_a_site_that_asks_not_to_be_read_is_not_read(server: Server) -> None:
    server.says("/robots.txt", "User-agent: Openroads\nDisallow: /\n")
    server.says("/", page("Thuis"))
    site, _ = site_for(server)
    with pytest.raises(Refused, match=r"robots\.txt"):
        list(site.pages(server.url))
    assert server.paths() == ["/robots.txt"]


def test_the_asked_delay_is_kept_up_to_ten_seconds(server: Server) -> None:
    server.says("/robots.txt", "User-agent: *\nCrawl-delay: 60\n")
    server.says("/", page("Thuis", "<a href='/een'>1</a>"))
    server.says("/een", page("Een"))
    site, pauses = site_for(server)
    list(site.pages(server.url))
    assert pauses == [10.0]


def test_a_page_that_fails_is_noted_and_the_rest_is_read(server: Server) -> None:
    server.says(
        "/",
        page(
            "Thuis",
            "<a href='/stuk'>1</a><a href='/pdf'>2</a><a href='/diep'>d</a><a href='/goed'>3</a>",
        ),
    )
    server.says("/stuk", "x", status=500)
    server.says("/pdf", b"%PDF", kind="application/pdf")
    server.says("/diep", "<html>" + "<div>" * 50_000)
    server.says("/goed", page("Goed"))
    site, _ = site_for(server)
    assert titles(site.pages(server.url)) == ["Thuis", "Goed"]
    assert len(site.skipped) == 3
    assert "nested" in site.skipped[2].reason


def test_a_first_page_that_fails_is_an_error(server: Server) -> None:
    server.says("/", "x", status=503)
    site, _ = site_for(server)
    with pytest.raises(TryLater):
        list(site.pages(server.url))
    for wrong in ("geen adres!", "ftp://windmee.example", "javascript:alert(1)"):
        with pytest.raises(Refused):
            list(site.pages(wrong))


def test_wildcards_of_robots_are_understood(server: Server) -> None:
    """RFC 9309: a star stands for any text, a dollar for the end, and the longest rule decides."""
    server.says("/robots.txt", "User-agent: *\nDisallow: /*?sort=\nDisallow: /fiets$\nAllow: /fiets/kade\n")  # fmt: skip
    links = "".join(
        f"<a href='{each}'>x</a>" for each in ("/lijst?sort=1", "/fiets", "/fiets/kade")
    )
    server.says("/", page("Thuis", links))
    for path in ("/lijst", "/fiets", "/fiets/kade"):
        server.says(path, page(path.strip("/")))
    site, _ = site_for(server)
    assert titles(site.pages(server.url)) == ["Thuis", "fiets/kade"]


def test_robots_that_cannot_be_read_now_stop_the_visit(server: Server) -> None:
    server.says("/robots.txt", "x", status=500)
    server.says("/", page("Thuis"))
    site, _ = site_for(server)
    with pytest.raises(TryLater):
        list(site.pages(server.url))
    assert server.paths() == ["/robots.txt"]


HOSTILE_MAPS = {
    "bomb": b'<!DOCTYPE x [<!ENTITY a "aa">]><urlset><url><loc>&a;</loc></url></urlset>',
    "dtd": b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><urlset/>',
    "deep": b"<urlset>" + b"<url>" * 100_000,
    "gzip bomb": gzip.compress(b"\0" * 50_000_000),
    "not xml": b"<urlset><url>",
    "half gzip": gzip.compress(b"<urlset/>")[:12],
    "noise": b"<" + bytes(range(256)) * 100,
}


@pytest.mark.parametrize("name", HOSTILE_MAPS)
def test_hostile_sitemaps_are_refused_or_empty_within_a_second(name: str) -> None:
    began = time.thread_time()
    try:
        assert read_sitemap(HOSTILE_MAPS[name])[0] == []
    except Refused as refused:
        assert refused.why.startswith("The sitemap")
    assert time.thread_time() - began < 1


HOSTILE_PAGES = {
    "nested": b"<html><body>" + b"<div>" * 100_000 + b"hallo",
    "attributes": b"<html><p " + b"a=1 " * 50_000 + b">hallo daar dit is een zin</p>",
    "many elements": b"<html><body>" + b"<span>hallo daar</span> " * 60_000,
    "table": b"<html><body><table>" + b"<tr><td>hallo daar dit is een zin." * 13_000,
    "angles": b"<html><body>" + b"<" * 1_900_000,
    "unclosed anchors": b"<html>" + b"<a " * 29_000,
    "canonical": b"<html><link " + b"rel=canonical " * 4_000 + b"<p>",
    "noise": bytes(range(256)) * 4_000,
    "empty": b"",
    "too large": b"<html>" + b"x" * 3_000_000,
}


@pytest.mark.parametrize("name", HOSTILE_PAGES)
def test_hostile_pages_are_read_or_refused_within_seconds(name: str) -> None:
    began = time.thread_time()
    try:
        page_text(HOSTILE_PAGES[name])
    except Refused as refused:
        assert refused.why.startswith("The page")
    assert time.thread_time() - began < 4


def test_extraction_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    head = '<link rel="canonical" href="https://windmee.example/kade"><base href="https://windmee.example/">'
    told = page_text(page("Kade", head=head).encode(), "https://windmee.example/kade")
    assert told is not None and told.title == "Kade"


def test_a_day_of_publication_in_the_future_is_not_believed() -> None:
    head = '<meta property="article:published_time" content="2031-02-16">'
    told = page_text(page("Kade", head=head).encode(), today=NOW.date())
    assert told is not None and told.published_on is None


def test_addresses_are_tidied() -> None:
    assert tidy("https://Windmee.Example/a?utm_source=x&b=1#c") == "https://windmee.example/a?b=1"
    assert tidy("https://windmee.example") == "https://windmee.example/"
    assert tidy("javascript:alert(1)") == ""
