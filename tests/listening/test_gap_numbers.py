"""The gap of a corpus counted by hand: the page, the posts behind a word and the file say the same."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from openroads.directory.company import Product
from openroads.listening.actions.sources import upload_texts
from openroads.ui.formats import number
from tests.listening import corpus

PERIOD = {"since": corpus.FIRST.isoformat(), "until": corpus.LAST.isoformat()}


class Uploaded:
    """A file as a form gives it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def chunks(self) -> Iterator[bytes]:
        yield self._text.encode()


@pytest.fixture(scope="module")
def house(lasting_house: Any) -> Any:
    """A house that has heard the corpus; nothing in this file changes it."""
    from openroads.delivery.runner import work_off
    from openroads.listening.actions import imports

    brand, sanne = lasting_house
    item = imports.receive_file(
        by=sanne, name="posts.csv", content=[corpus.posts_csv().encode()], brand=brand
    )
    imports.start_import(by=sanne, item=item)
    work_off()
    item.refresh_from_db()
    everything = corpus.POSTS + corpus.REPOSTS + corpus.COPIES + corpus.OWN
    assert (item.state, item.rejected, item.added) == ("done", 0, everything)
    upload_texts(by=sanne, brand=brand, file=Uploaded(corpus.texts_csv()), name="texts.csv")
    return sanne


@pytest.fixture
def reader(house: Any, db: None) -> Client:
    """Sanne's browser."""
    browser = Client()
    browser.force_login(house)
    return browser


def gap_of(browser: Client, **told: Any) -> Any:
    return browser.get(reverse("listening:gap"), PERIOD | told).context["page"]


def words_of(browser: Client, **told: Any) -> dict[str, dict[str, str]]:
    answer = browser.get(reverse("listening:gap_csv"), PERIOD | told)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return {row["word"]: row for row in csv.DictReader(io.StringIO(text))}


def test_what_was_read_and_left_out_is_counted(reader: Client) -> None:
    page = gap_of(reader)
    assert page.too_little is None
    posts, people, texts = corpus.POSTS, corpus.PEOPLE, corpus.TEXTS + corpus.OWN
    assert page.counted.startswith(f"{posts} posts by {people} people; {texts} texts of ours.")
    left = re.search(
        r"(\d+) reposts?, (\d+) cop(?:y|ies)[^,]*, (\d+) posts? of our own", page.counted
    )
    assert left, page.counted
    assert tuple(map(int, left.groups())) == (corpus.REPOSTS, corpus.COPIES, corpus.OWN)


def test_both_lists_hold_the_words_each_side_says(reader: Client) -> None:
    page = gap_of(reader)
    they = {row.shown: row for row in page.they.rows}
    assert set(they) == {"battery", "saddle"}
    assert they["battery"].they == number(10_000 * corpus.BATTERY / corpus.WORDS)
    assert they["battery"].we == "0"
    we = {row.shown: row for row in page.we.rows}
    assert set(we) >= {"premium", "design"}
    assert we["premium"].we == number(10_000 * (corpus.TEXTS + corpus.OWN) / corpus.OWN_WORDS)
    assert "premium" in page.finding and "battery" in page.finding and "riders" in page.finding


def test_words_of_fewer_than_five_people_are_shown_nowhere(reader: Client) -> None:
    for place in ("gap", "gap_csv"):
        answer = reader.get(reverse(f"listening:{place}"), PERIOD)
        body = b"".join(answer) if answer.streaming else answer.content
        assert b"battery" in body
        assert b"charger" not in body, "14 posts, but of 4 people"


def test_the_file_holds_the_figures_of_the_page(reader: Client) -> None:
    words = words_of(reader)
    battery, premium = words["battery"], words["premium"]
    assert (battery["posts"], battery["people"], battery["passages of ours"]) == ("40", "40", "0")
    assert float(battery["customers per 10,000 words"]) == round(1e4 * 40 / corpus.WORDS, 2)
    assert (battery["side"], premium["side"]) == ("they", "we")
    assert premium["passages of ours"] == str(corpus.TEXTS + corpus.OWN)
    assert (premium["posts"], premium["people"]) == ("0", "0")
    assert float(battery["z"]) > 3.3 and float(premium["z"]) < -3.3
    assert (battery["first day"], battery["last day"]) == (PERIOD["since"], PERIOD["until"])
    axis = gap_of(reader).axis
    assert {word for word in words if f">{word}<" in axis} >= {"battery", "premium", "saddle"}


def test_per_product_only_its_own_posts_count(reader: Client) -> None:
    kade, polder = Product.objects.get(name="Kade").pk, Product.objects.get(name="Polder").pk
    rows = {row.name: row for row in gap_of(reader, whole=1).beside.products}
    assert (rows["Kade"].posts, rows["Polder"].posts) == ("12", "0")
    assert (rows["Kade"].score, rows["Polder"].score) == (None, None), "too few to say"
    answer = reader.get(reverse("listening:posts"), PERIOD | {"product": kade, "word": "battery"})
    assert answer.context["shown"].finding == "12 posts say “battery”"
    assert len(answer.context["shown"].posts) == 12
    answer = reader.get(reverse("listening:gap"), PERIOD | {"product": polder})
    assert answer.context["page"].too_little.finding == "Too few posts to speak of a gap"


def test_the_names_of_brand_and_products_are_no_findings(reader: Client) -> None:
    assert not {"kade", "Kade", "windmee", "Windmee"} & set(words_of(reader))


def test_the_drill_counts_the_people_behind_a_word(reader: Client) -> None:
    drill = gap_of(reader, word="saddle").drill
    assert (drill.shown, drill.counted) == ("saddle", "30 posts, 30 people")
    assert drill.ours == [] and f"{corpus.TEXTS + corpus.OWN} texts" in drill.nothing_of_ours
    assert all("saddle" in post.text for post in drill.posts)
    ours = gap_of(reader, word="design").drill
    assert ours.counted.startswith("0 posts") and "design" in ours.ours[0].text


def corpus_brand() -> int:
    from openroads.directory.company import Brand

    return Brand.objects.get().pk


def pages_of_posts(browser: Client, **told: Any) -> Iterator[Any]:
    query: dict[str, Any] = PERIOD | told
    while True:
        shown = browser.get(reverse("listening:posts"), query).context["shown"]
        yield shown
        if not shown.older:
            return
        query = {
            key: values[-1] for key, values in parse_qs(urlsplit(f"?{shown.older}").query).items()
        }


def test_turning_the_pages_skips_and_repeats_no_post(reader: Client) -> None:
    pages = list(pages_of_posts(reader, word="battery"))
    assert [len(page.posts) for page in pages] == [20, 20]
    posts = [post for page in pages for post in page.posts]
    assert len({post.id for post in posts}) == corpus.BATTERY
    assert [post.place for post in posts] == sorted((post.place for post in posts), reverse=True)


def test_the_posts_page_shows_as_many_posts_as_it_says(reader: Client) -> None:
    pages = list(pages_of_posts(reader))
    assert re.findall(r"\d+", pages[0].finding) == [str(corpus.POSTS)]
    shown = [post.id for page in pages for post in page.posts]
    assert len(shown) == len(set(shown)) == corpus.POSTS, "copies and reposts are not among them"


def test_a_period_counts_the_days_it_names_both_included(reader: Client) -> None:
    one = reader.get(reverse("listening:posts"), {"since": "2026-06-03", "until": "2026-06-03"})
    days = {post.published_at.date().isoformat() for post in one.context["shown"].posts}
    assert days == {"2026-06-03"}
    apart = sum(
        int(re.match(r"(\d+)", gap_of(reader, since=since, until=until).counted)[1])  # type: ignore[index]
        for since, until in (("2026-06-01", "2026-06-10"), ("2026-06-11", "2026-06-28"))
    )
    assert apart == corpus.POSTS


def test_only_texts_that_stood_in_the_period_count(reader: Client) -> None:
    before = gap_of(reader, since="2023-01-01", until="2023-12-31")
    assert before.counted.startswith("0 posts by 0 people; 0 texts of ours")


def test_the_pdf_and_the_dutch_page_tell_of_the_same_gap(reader: Client) -> None:
    pdf = reader.get(reverse("listening:gap_pdf"), PERIOD)
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF-")
    dutch = reader.get(reverse("listening:gap"), PERIOD, headers={"accept-language": "nl"})
    reader.cookies["language"] = "nl"
    assert f"{corpus.POSTS}" in dutch.context["page"].counted


def test_the_months_and_products_of_a_gap_follow_its_lists(reader: Client) -> None:
    """What is asked for the first time shows the gap at once; with it all remembered nothing follows."""
    told = PERIOD | {"until": "2026-06-27"}  # days nobody else here asks for
    address = reverse("listening:gap")
    first = reader.get(address, told)
    page = first.context["page"]
    assert page.they.rows and page.score
    assert (page.beside.trend, page.beside.products) == (None, ())
    assert page.beside.scale in first.content.decode()
    later = re.search(r'hx-get="([^"]+)" hx-trigger="load"', first.content.decode())
    assert later and f'<a href="{later[1]}">' in first.content.decode(), (
        "who has no script follows it"
    )
    assert page.drill is None and page.drill_later.shown in ("battery", "saddle")
    assert f'hx-get="?{page.drill_later.query.replace("&", "&amp;")}"' in first.content.decode()
    people = reader.get(f"{address}?{page.drill_later.query}").context["page"].drill
    assert re.fullmatch(r"(\d+) posts, \1 people", people.counted)
    query = later[1].replace("&amp;", "&")
    part = reader.get(f"{address}{query}", headers={"hx-request": "true"}).content.decode()
    assert "Kade" in part and "<html" not in part and "hx-get" not in part
    whole = reader.get(f"{address}{query}").content.decode()
    again = reader.get(address, told)
    assert again.context["page"].beside.products
    for body in (whole, again.content.decode()):
        assert "Kade" in body and "<html" in body and 'hx-trigger="load"' not in body
    assert again.context["page"].score == page.score
    assert again.context["page"].drill == people and again.context["page"].drill_later is None


def test_the_page_most_people_open_is_read_ahead_whole(reader: Client) -> None:
    from openroads.listening import gap_queries

    gap_queries.read_ahead(gap_queries.asked_by_default(language="en"))
    page = reader.get(reverse("listening:gap")).context["page"]
    assert page.beside.products and page.drill
    assert not page.beside.later and page.drill_later is None


def test_what_stands_beside_a_gap_is_the_gap_of_those_days_and_products(
    house: Any, db: None
) -> None:
    """Counts of the months and products are those of a scope of theirs, counted post by post."""
    from openroads.archive.queries.gap import term_counts
    from openroads.archive.scope import Scope
    from openroads.directory.conversations import archive
    from openroads.listening.gap_beside import Beside, read_beside
    from openroads.listening.gap_reading import read_gap, read_gap_alone

    brand = corpus_brand()
    scope = Scope(corpus.FIRST, corpus.LAST + timedelta(days=1), brand=brand)
    alone = read_gap_alone(archive(), scope, ())
    kade = Product.objects.get(name="Kade").pk
    whole = read_gap(archive(), scope, (kade,), ())
    assert alone.beside is None and whole.gap == alone.gap and whole.left_out == alone.left_out
    assert whole.beside is not None
    month = whole.beside.months[-1]
    assert (month.since.isoformat(), month.posts, month.passages) == (
        "2026-06-01", corpus.POSTS, alone.gap.totals.passages,
    )  # fmt: skip
    assert [point.posts for point in whole.beside.months[:-1]] == [0] * 11
    assert month.score is not None and alone.gap.score is not None
    assert month.score.value == pytest.approx(alone.gap.score.value, abs=1e-12), "the same words"
    ((product, point),) = whole.beside.products
    counted = term_counts(archive(), Scope(scope.since, scope.until, brand, (kade,)))
    assert (product, point.posts) == (kade, 12) and counted.docs.max() == 12
    assert read_beside(archive(), scope, alone.vocabulary[:0], (kade,)) == Beside()


def test_a_gap_chosen_by_a_draw_is_counted_one_by_one(
    house: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large archive words are chosen by a draw of the posts; what is shown of them is exact."""
    from openroads.archive.queries import explore
    from openroads.archive.scope import Scope
    from openroads.directory.conversations import archive
    from openroads.listening.gap_reading import read_gap

    scope = Scope(corpus.FIRST, corpus.LAST + timedelta(days=1))
    exact = read_gap(archive(), scope, (), ()).gap
    monkeypatch.setattr(explore, "DRAWN", exact.totals.posts // 2)
    drawn = read_gap(archive(), scope, (), ()).gap
    told = {word.key: (word.they_docs, word.we_docs, word.they_people) for word in exact.words}
    again = {word.key: (word.they_docs, word.we_docs, word.they_people) for word in drawn.words}
    assert len(again) > 10
    assert {key: told[key] for key in again} == again
    assert exact.score is not None and drawn.score is not None
    assert drawn.score.value == pytest.approx(exact.score.value, abs=0.02)
