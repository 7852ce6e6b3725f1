"""The feeds of a blog by others (Debian's WordPress), read as they are served: posts, categories, searches, comments,
what changed and what did not, and a blog in trouble."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from openroads.archive.message import Message
from openroads.connectors.failures import TryLater
from openroads.connectors.feeds import Feed
from openroads.connectors.http import Guarded
from openroads.connectors.port import Page
from tests.cli.houses import free_port
from tests.peers import wordpress
from tests.peers.wordpress import Blog

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blog]:
    """One blog for the tests of this file; each has words of its own."""
    if lacking := wordpress.lacking():
        told = f"no WordPress on this machine: {lacking}"
        if os.environ.get("OPENROADS_TEST_EVERYTHING"):
            pytest.fail(told)
        pytest.skip(told)
    with wordpress.running(tmp_path_factory.mktemp("blog"), free_port()) as running:
        running.do("update_option", "timezone_string", "Europe/Amsterdam")
        # More than the tests write: each finds its posts on the first page, whatever ran before.
        running.do("update_option", "posts_per_rss", 100)
        yield running


@pytest.fixture
def word() -> str:
    """A word nobody used before."""
    return f"windmee{time.monotonic_ns()}"


def visit(blog: Blog, path: str = "/feed/", cursor: str = "") -> Page:
    (page,) = Feed(Guarded([blog.address])).read(blog.url + path, cursor)
    return page


def about(page: Page, word: str) -> list[Message]:
    return [each for each in page.messages if word in each.title + each.text]


def a_second_later() -> None:
    """WordPress tells versions apart by the second of the last change; so its mark is another one now."""
    time.sleep(1.1)


def test_a_post_is_read_with_its_title_writer_moment_and_address(blog: Blog, word: str) -> None:
    words = '<!-- wp:paragraph --><p>Mijn accu is "leeg" &amp; koud.</p><p>Alweer&hellip;</p>'
    blog.post(f"Accu & winter {word}", words, post_date="2026-11-02 09:30:00")
    (message,) = about(visit(blog), word)
    assert message.title == f"Accu & winter {word}"
    assert message.text == "Mijn accu is “leeg” & koud.\n\nAlweer…"
    assert message.said_at == datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
    assert (message.author, message.network) == ("marloes", "web")
    assert message.language == "en"
    assert message.url == f"{blog.url}/2026/accu-winter-{word}/"


def test_rss_atom_and_rdf_give_the_same_words(blog: Blog, word: str) -> None:
    blog.post(f"Accu {word}", "<p>Leeg &amp; koud</p>", post_date="2026-11-02 09:30:00")
    told = [about(visit(blog, f"/feed/{kind}"), word) for kind in ("", "atom/", "rdf/")]
    assert {(each.title, each.text, each.said_at) for (each,) in told} == {
        (f"Accu {word}", "Leeg & koud", datetime(2026, 11, 2, 8, 30, tzinfo=UTC))
    }


def test_emoji_are_read_which_wordpress_sends_as_pictures(blog: Blog, word: str) -> None:
    post = blog.post(f"Accu {word}", "<p>Leeg 😡 op de 🚲 van 👩🏽‍🔧 uit 🇳🇱</p>")
    blog.comment(post, "Omar", f"Bij mij ook 😀 {word}")
    (message,) = about(visit(blog), word)
    assert message.text == "Leeg 😡 op de 🚲 van 👩🏽‍🔧 uit 🇳🇱"
    (comment,) = [each for each in about(visit(blog, "/comments/feed/"), word) if each.author == "Omar"]  # fmt: skip
    assert comment.text == f"Bij mij ook 😀 {word}"


def test_what_has_not_changed_is_not_sent_again(blog: Blog, word: str) -> None:
    blog.post(f"Accu {word}", "<p>Leeg</p>")
    first = visit(blog)
    assert about(first, word) and json.loads(first.cursor)["etag"]
    again = visit(blog, cursor=first.cursor)
    assert again.messages == [] and again.cursor == first.cursor


def test_a_new_post_comes_at_the_next_visit(blog: Blog, word: str) -> None:
    before = visit(blog)
    a_second_later()
    blog.post(f"Accu {word}", "<p>Leeg</p>")
    assert len(about(visit(blog, cursor=before.cursor), word)) == 1


def test_an_edited_post_is_read_again_under_the_same_id_and_moment(blog: Blog, word: str) -> None:
    number = blog.post(f"Accu {word}", "<p>Leeg</p>", post_date="2026-11-02 09:30:00")
    before = visit(blog)
    a_second_later()
    # Another title, and another address with it: what a post is known by stays.
    told = {"ID": number, "post_title": f"Accu {word} (2)", "post_content": "<p>Vol</p>", "post_name": f"vol-{word}"}  # fmt: skip
    blog.do("wp_update_post", told)
    (was,), (now,) = about(before, word), about(visit(blog, cursor=before.cursor), word)
    assert (now.title, now.text) == (f"Accu {word} (2)", "Vol")
    assert (now.native_id, now.said_at) == (was.native_id, was.said_at)
    assert now.url == f"{blog.url}/2026/vol-{word}/"


def test_a_category_a_tag_and_a_search_are_feeds_of_their_own(blog: Blog, word: str) -> None:
    category = blog.do("wp_create_category", word)
    inside = blog.post("Erin", "<p>Leeg</p>", post_category=[category], tags_input=[f"t{word}"])
    blog.post("Erbuiten", "<p>Vol</p>")
    found = blog.post(f"Erbuiten {word}", "<p>Vol</p>")
    for path, number in (
        (f"/category/{word}/feed/", inside), (f"/tag/t{word}/feed/", inside), (f"/?s={word}&feed=rss2", found),
    ):  # fmt: skip
        messages = visit(blog, path).messages
        assert len(messages) == 1, path
        message = messages[0]
        assert message.title == blog.do("get_post_field", "post_title", number), path
        # The same post as in the feed of everything: read twice, it is kept once.
        assert message.native_id in {each.native_id for each in visit(blog).messages}


def test_comments_are_read_with_who_said_them_and_where(blog: Blog, word: str) -> None:
    post = blog.post(f"Accu {word}", "<p>Leeg</p>")
    link = '<a href="https://fietsblog.example/">%s</a>'
    said = f"Bij mij ook {word}, zie {link % 'hier'} en {link % 'daar'}\nEcht"
    number = blog.comment(post, "Omar & zn", said, comment_date_gmt="2026-11-02 09:30:00")
    for path in ("/comments/feed/", f"/2026/accu-{word}/feed/", "/comments/feed/atom/"):
        (message,) = [m for m in about(visit(blog, path), word) if m.author == "Omar & zn"]
        assert message.text == f"Bij mij ook {word}, zie hier en daar\n\nEcht", path
        assert message.said_at == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
        assert message.url == f"{blog.url}/2026/accu-{word}/#comment-{number}"


def test_a_new_comment_comes_at_the_next_visit_and_the_posts_have_not_changed(
    blog: Blog, word: str
) -> None:
    post = blog.post(f"Accu {word}", "<p>Leeg</p>")
    posts, comments = visit(blog), visit(blog, "/comments/feed/")
    a_second_later()
    blog.comment(post, "Omar", f"Bij mij ook {word}")
    assert visit(blog, cursor=posts.cursor).messages == []
    assert about(visit(blog, "/comments/feed/", comments.cursor), word)


def test_a_comment_that_is_approved_late_comes_with_the_next_one(blog: Blog, word: str) -> None:
    """WordPress goes by when comments were written: what was approved or edited later changes no mark."""
    late = blog.comment(1, "Omar", f"Laat {word}", comment_approved=0)
    known = blog.comment(1, "Ilse", f"Op tijd {word}")
    before = visit(blog, "/comments/feed/")
    a_second_later()
    blog.do("wp_set_comment_status", late, "approve")
    blog.do("wp_update_comment", {"comment_ID": known, "comment_content": f"Bewerkt {word}"})
    assert visit(blog, "/comments/feed/", before.cursor).messages == []
    blog.comment(1, "Daan", f"Nieuw {word}")
    found = {each.text for each in about(visit(blog, "/comments/feed/", before.cursor), word)}
    assert found == {f"Laat {word}", f"Bewerkt {word}", f"Nieuw {word}"}


def test_a_post_that_was_taken_away_is_in_the_feed_no_more(blog: Blog, word: str) -> None:
    number = blog.post(f"Accu {word}", "<p>Leeg</p>")
    assert about(visit(blog), word)
    blog.do("wp_trash_post", number)
    # Nobody says that it was deleted: a feed has also forgotten what is merely old.
    assert about(visit(blog), word) == []


def test_what_is_not_public_does_not_come(blog: Blog, word: str) -> None:
    post = blog.post("Accu", f"<p>Geheim {word}</p>", post_password="x")
    for status in ("private", "draft", "pending"):
        blog.post("Accu", f"<p>Geheim {word}</p>", post_status=status)
    blog.post("Accu", f"<p>Geheim {word}</p>", post_status="future", post_date="2036-01-01 10:00:00")  # fmt: skip
    blog.comment(post, "Omar", f"Onder wat geheim is {word}")
    blog.comment(1, "Omar", f"Nog niet goedgekeurd {word}", comment_approved=0)
    blog.comment(1, "Omar", f"Spam {word}", comment_approved="spam")
    for path in ("/feed/", "/feed/atom/", "/comments/feed/"):
        assert about(visit(blog, path), word) == []


def test_a_blog_s_front_page_leads_to_its_feed(blog: Blog, word: str) -> None:
    blog.post(f"Accu {word}", "<p>Leeg</p>")
    first = visit(blog, "/")
    assert about(first, word)
    assert about(visit(blog, "/", first.cursor), word)


def test_an_address_that_moved_is_followed_and_still_told_apart(blog: Blog, word: str) -> None:
    blog.post(f"Accu {word}", "<p>Leeg</p>")
    first = visit(blog, "/feed")
    assert about(first, word)
    assert visit(blog, "/feed", first.cursor).messages == []


def test_markup_that_runs_is_taken_off_and_a_stray_byte_loses_nothing(
    blog: Blog, word: str
) -> None:
    """WordPress lets control characters into its feeds, which makes them ill-formed XML."""
    blog.post(f"Ervoor {word}", "<p>Leeg</p>")
    blog.post(f"Accu {word}", "<p>A\x0bB</p><script>alert(1)</script><p onclick='x()'>]]> C</p>")
    blog.post(f"Erna {word}", "<p>Vol</p>")
    for path in ("/feed/", "/feed/atom/"):
        found = {each.title: each.text for each in about(visit(blog, path), word)}
        assert found.keys() == {f"Ervoor {word}", f"Accu {word}", f"Erna {word}"}, path
        assert "alert" not in found[f"Accu {word}"] and "C" in found[f"Accu {word}"], path


def test_a_blog_that_sends_excerpts_only_is_read_as_far_as_it_goes(blog: Blog, word: str) -> None:
    blog.post(f"Accu {word}", "<p>" + "Nog een woord. " * 100 + "</p>")
    blog.do("update_option", "rss_use_excerpt", 1)
    try:
        (message,) = about(visit(blog), word)
    finally:
        blog.do("update_option", "rss_use_excerpt", 0)
    assert message.text.startswith("Nog een woord.") and len(message.text) < 600


def test_a_blog_that_is_being_updated_is_tried_again_when_it_says(blog: Blog, word: str) -> None:
    blog.post(f"Accu {word}", "<p>Leeg</p>")
    mark = blog.site / ".maintenance"
    mark.write_text(f"<?php $upgrading = {int(time.time())};")
    try:
        with pytest.raises(TryLater) as later:
            visit(blog)
    finally:
        mark.unlink()
    assert later.value.after == 600
    assert about(visit(blog), word)


def test_a_blog_without_its_database_is_tried_later_and_nothing_is_lost(
    blog: Blog, word: str
) -> None:
    before = visit(blog)
    a_second_later()
    blog.post(f"Accu {word}", "<p>Leeg</p>")
    with blog.without_database(), pytest.raises(TryLater):
        visit(blog, cursor=before.cursor)
    assert about(visit(blog, cursor=before.cursor), word)
