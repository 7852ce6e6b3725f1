"""What we say and who else speaks: own texts with their days, feeds and the site, visited for real."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from openroads.archive.queries.posts import passages_with_term, posts_in_scope
from openroads.archive.queries.state import kept
from openroads.archive.scope import Scope
from openroads.connectors.failures import Refused
from openroads.connectors.http import Guarded
from openroads.delivery.runner import work_off
from openroads.directory.company import Brand
from openroads.directory.conversations import archive
from openroads.directory.models import TrailEntry
from openroads.listening.actions import sources
from openroads.listening.actions.texts import remove_texts, restore_texts
from openroads.listening.models import BrandText, Source
from tests.connectors.conftest import Server


class Uploaded:
    """A file as a form gives it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def chunks(self) -> Iterator[bytes]:
        yield self._text.encode()


def said_between(since: str, until: str) -> set[str]:
    """What counts as our words in a period (the last day included)."""
    scope = Scope(date.fromisoformat(since), date.fromisoformat(until))
    return {row.text for row in passages_with_term(archive(), scope, 0, limit=100)}


def table(*rows: tuple[str, str, str, str]) -> Uploaded:
    lines = ["url,text,valid_from,valid_to", *(",".join(row) for row in rows)]
    return Uploaded("\n".join(lines) + "\n")


KADE = ("https://w.example/kade", "The Kade takes you anywhere in every season", "2025-01-01", "2025-07-01")  # fmt: skip
POLDER = ("https://w.example/polder", "The Polder carries the whole family to school", "2025-03-01", "")  # fmt: skip


def test_a_text_counts_in_the_periods_in_which_it_was_said(windmee: Brand, sanne: Any) -> None:
    learned, rejected = sources.upload_texts(by=sanne, brand=windmee, file=table(KADE, POLDER), name="t.csv")  # fmt: skip
    assert (tuple(learned), rejected) == ((2, 0, 0), [])
    assert said_between("2025-01-01", "2025-02-01") == {KADE[1]}
    assert said_between("2025-04-01", "2025-05-01") == {KADE[1], POLDER[1]}
    assert said_between("2025-07-01", "2025-08-01") == {POLDER[1]}, "until means up to that day"
    assert said_between("2024-11-01", "2025-01-01") == set()


def test_texts_that_are_here_are_the_same_and_an_edited_row_replaces_its_own(
    windmee: Brand, sanne: Any
) -> None:
    for expected in ((2, 0, 0), (0, 0, 2)):
        learned, _rejected = sources.upload_texts(by=sanne, brand=windmee, file=table(KADE, POLDER), name="t.csv")  # fmt: skip
        assert tuple(learned) == expected
    edited = (KADE[0], "The Kade takes you nearly anywhere", *KADE[2:])
    sources.upload_texts(by=sanne, brand=windmee, file=table(edited, POLDER), name="t.csv")
    assert said_between("2025-04-01", "2025-05-01") == {edited[1], POLDER[1]}
    assert BrandText.objects.count() == 2


def test_a_text_taken_out_no_longer_counts(windmee: Brand, sanne: Any, signed_in: Any) -> None:
    sources.upload_texts(by=sanne, brand=windmee, file=table(KADE, POLDER), name="t.csv")
    text = BrandText.objects.get(url=KADE[0])
    signed_in(sanne).post(reverse("listening:remove_text", args=(text.pk,)))
    assert said_between("2025-04-01", "2025-05-01") == {POLDER[1]}
    remove_texts(by=sanne, texts=list(BrandText.objects.filter(url=POLDER[0])))
    assert said_between("2025-04-01", "2025-05-01") == set()


def test_a_text_taken_out_is_brought_back_and_counts_again(
    windmee: Brand, sanne: Any, daan: Any, signed_in: Any
) -> None:
    sources.upload_texts(by=sanne, brand=windmee, file=table(KADE, POLDER), name="t.csv")
    text = BrandText.objects.get(url=KADE[0])
    page, browser = reverse("listening:text", args=(text.pk,)), signed_in(sanne)
    gone = browser.post(reverse("listening:remove_text", args=(text.pk,)), follow=True)
    assert "Bring this text back" in gone.content.decode() and KADE[1] in gone.content.decode()
    assert said_between("2025-04-01", "2025-05-01") == {POLDER[1]}
    reader = signed_in(daan).get(page).content.decode()
    assert "Taken out of what we say on" in reader and KADE[1] not in reader, "shown as removed"
    assert "Bring this text back" not in reader
    assert (
        signed_in(daan).post(reverse("listening:restore_text", args=(text.pk,))).status_code == 403
    )
    assert KADE[0] in browser.get(reverse("listening:texts") + "?out=1").content.decode()
    assert (
        KADE[0] not in signed_in(daan).get(reverse("listening:texts") + "?out=1").content.decode()
    )
    browser.post(reverse("listening:restore_text", args=(text.pk,)))
    assert said_between("2025-04-01", "2025-05-01") == {KADE[1], POLDER[1]}
    text.refresh_from_db()
    assert (text.withdrawn_at, text.passages) == (None, 1)
    assert TrailEntry.objects.first().verb == "brought back own text"
    assert browser.post(reverse("listening:restore_text", args=(text.pk,))).status_code == 404


def test_a_text_brought_back_is_the_same_at_the_next_reading(windmee: Brand, sanne: Any) -> None:
    sources.upload_texts(by=sanne, brand=windmee, file=table(POLDER), name="t.csv")
    text = BrandText.objects.get()
    remove_texts(by=sanne, texts=[text])
    learned, _rejected = sources.upload_texts(by=sanne, brand=windmee, file=table(POLDER), name="t.csv")  # fmt: skip
    assert tuple(learned) == (0, 0, 1) and said_between("2025-04-01", "2025-05-01") == set()
    assert restore_texts(by=sanne, texts=[text]) == 1
    learned, _rejected = sources.upload_texts(by=sanne, brand=windmee, file=table(POLDER), name="t.csv")  # fmt: skip
    assert tuple(learned) == (0, 0, 1) and said_between("2025-04-01", "2025-05-01") == {POLDER[1]}


def test_a_file_without_texts_is_refused_on_the_form(
    windmee: Brand, sanne: Any, signed_in: Any
) -> None:
    with pytest.raises(Refused):
        sources.upload_texts(by=sanne, brand=windmee, file=Uploaded(""), name="t.csv")
    from django.core.files.uploadedfile import SimpleUploadedFile

    empty = SimpleUploadedFile("t.csv", b"url,title\nhttps://w.example/,Home\n")
    answer = signed_in(sanne).post(reverse("listening:add_texts"), {"brand": windmee.pk, "file": empty})  # fmt: skip
    assert answer.status_code == 400
    assert str(answer.context["form"].errors["file"][0]).endswith(".")


def page_of(title: str, *paragraphs: str) -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<!doctype html><html lang=en><head><title>{title}</title></head><body><main><h1>{title}</h1>{body}</main></body></html>"  # fmt: skip


FREEDOM = "Every Windmee is built by hand, for people who want the freedom of the open road in every season."
SERVICE = (
    "Our workshops in the whole country look after your bicycle, with the care it was made with."
)


def test_the_own_site_is_read_kept_and_compared_at_the_next_visit(
    windmee: Brand, sanne: Any, server: Server, signed_in: Any
) -> None:
    server.says("/robots.txt", "User-agent: *\nDisallow: /secret\n", kind="text/plain")
    links = '<a href="/service">Service</a> <a href="/secret">No</a> <a href="https://elsewhere.example/">x</a>'
    server.says("/", page_of("Freedom", FREEDOM, links))
    server.says("/service", page_of("Service", SERVICE))
    server.says("/secret", page_of("Secret", "Nobody may read this."))
    source = sources.read_site(by=sanne, brand=windmee, address=f"{server.url}/")
    work_off()
    source.refresh_from_db()
    assert source.last_error == "" and source.last_ok_at is not None
    assert {text.title for text in BrandText.objects.all()} == {"Freedom", "Service"}
    assert "/secret" not in server.paths(), "robots.txt is respected"

    server.says("/service", page_of("Service", SERVICE.replace("workshops", "mechanics")))
    sources.visit_now(by=sanne, source=source)
    work_off()
    versions = BrandText.objects.filter(title="Service").order_by("pk")
    today = timezone.localdate()
    assert [text.valid_to for text in versions] == [today, None]
    assert BrandText.objects.filter(title="Freedom").count() == 1
    later = [text.text for text in versions if text.valid_to is None]
    assert len(later) == 1 and "mechanics" in later[0]
    shown = signed_in(sanne).get(reverse("listening:text", args=(versions[1].pk,))).content.decode()
    assert "What this page said when" in shown


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Forum</title><link>http://f.example/</link>
{items}</channel></rss>"""
ITEM = """<item><guid>{n}</guid><title>{title}</title><link>{link}</link>
<pubDate>Mon, {day:02} Jun 2026 10:00:00 GMT</pubDate><description>{text}</description></item>"""


def item(n: int, title: str, text: str = "The battery of my Kade is flat", link: str = "") -> str:
    return ITEM.format(n=n, title=title, text=text, day=n, link=link or f"http://f.example/{n}")


def heard() -> list[Any]:
    return posts_in_scope(archive(), Scope(date(2026, 6, 1), date(2026, 7, 1)))


def test_a_feed_is_followed_and_each_visit_adds_only_what_is_new(
    windmee: Brand, sanne: Any, server: Server
) -> None:
    server.says("/feed", FEED.format(items=item(1, "One") + item(2, "Two")), kind="application/rss+xml")  # fmt: skip
    source = sources.follow_feed(by=sanne, address=f"{server.url}/feed", purpose="To hear riders")
    work_off()
    assert {post.title for post in heard()} == {"One", "Two"}
    server.says("/feed", FEED.format(items=item(3, "Three") + item(1, "One") + item(2, "Two")), kind="application/rss+xml")  # fmt: skip
    sources.visit_now(by=sanne, source=source)
    work_off()
    assert sorted(post.title for post in heard()) == ["One", "Three", "Two"]
    assert sum(row.posts for row in kept(archive())) == 3
    source.refresh_from_db()
    assert source.next_at > timezone.now()


def test_a_hostile_feed_arrives_as_text(windmee: Brand, sanne: Any, server: Server, signed_in: Any) -> None:  # fmt: skip
    bad = item(1, "&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x onerror=alert(1)&gt; Kade", "javascript:alert(1)")  # fmt: skip
    server.says("/feed", FEED.format(items=bad), kind="application/rss+xml")
    sources.follow_feed(by=sanne, address=f"{server.url}/feed", purpose="x")
    work_off()
    (post,) = heard()
    assert not post.url.startswith("javascript:")
    address = f"{reverse('listening:posts')}?since=2026-06-01&until=2026-06-30"
    page = signed_in(sanne).get(address).content.decode()
    assert "<script>alert" not in page and "onerror=alert" not in page.replace("&lt;img", "")
    assert "javascript:alert" not in page


def test_a_deaf_source_says_so_on_its_page_and_on_home(
    windmee: Brand, sanne: Any, server: Server, signed_in: Any
) -> None:
    server.says("/feed", "gone", status=410)
    source = sources.follow_feed(by=sanne, address=f"{server.url}/feed", name="Forum", purpose="x")
    work_off()
    source.refresh_from_db()
    assert source.last_error.endswith(".") and source.next_at > timezone.now()
    browser = signed_in(sanne)
    page = browser.get(reverse("listening:sources")).content.decode()
    assert "Of 1 ear 1 is deaf" in page and source.last_error in page
    assert "Forum is deaf" in browser.get("/").content.decode()
    server.says("/feed", FEED.format(items=item(1, "One")), kind="application/rss+xml")
    browser.post(reverse("listening:visit_source", args=(source.pk,)))
    work_off()
    source.refresh_from_db()
    assert source.last_error == ""
    assert "deaf" not in browser.get("/").content.decode()


def test_an_address_inside_the_own_network_is_visited_only_when_allowed(
    windmee: Brand, sanne: Any, server: Server, settings: Any
) -> None:
    server.says("/feed", FEED.format(items=item(1, "One")), kind="application/rss+xml")
    settings.OPENROADS.http_allow = ()
    source = sources.follow_feed(by=sanne, address=f"{server.url}/feed", purpose="x")
    work_off()
    source.refresh_from_db()
    assert source.last_error and server.asked == [], "not one byte was asked for"
    with pytest.raises(Refused):
        Guarded(()).get(f"{server.url}/feed")


def test_a_paused_source_is_left_alone_until_it_listens_again(
    windmee: Brand, sanne: Any, server: Server
) -> None:
    from openroads.listening import queries

    server.says("/feed", FEED.format(items=item(1, "One")), kind="application/rss+xml")
    source = sources.follow_feed(by=sanne, address=f"{server.url}/feed", purpose="x")
    sources.pause_source(by=sanne, source=source, listening=False)
    later = timezone.now() + timezone.timedelta(days=9)
    assert source not in queries.due_sources(later)
    sources.pause_source(by=sanne, source=source, listening=True)
    assert source in queries.due_sources(later)
    assert Source.objects.count() == 1
