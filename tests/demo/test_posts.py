"""The demo's posts: repeatable, believable in their figures, and carrying the stories the screens tell."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from openroads.archive.message import Message
from openroads.demo.company import OWN_HANDLES
from openroads.demo.posts import ZONE, Feed, windmee_posts
from openroads.demo.season import PLUG_NEWS, Day
from openroads.demo.writer import Meaning

TODAY = date(2026, 11, 24)
COUNT = 20_000


@pytest.fixture(scope="module")
def posts() -> list[Message]:
    return list(windmee_posts(TODAY, COUNT))


@pytest.fixture(scope="module")
def customers(posts: list[Message]) -> list[Message]:
    return [post for post in posts if post.author not in OWN_HANDLES and not post.repost]


def days_ago(post: Message) -> int:
    return (TODAY - post.said_at.astimezone(ZONE).date()).days


def share(posts: list[Message], words: tuple[str, ...], since: int, until: int) -> float:
    """Of the posts said `since` to (not with) `until` days ago, the part that holds one of the words."""
    of = [post.text.lower() for post in posts if until < days_ago(post) <= since]
    return sum(any(word in text for word in words) for text in of) / len(of)


WINTER = ("winterbereik", "winter range", "vorst", "freez", "frost", "in de kou", "in the cold")


def test_there_are_exactly_as_many_as_asked(posts: list[Message]) -> None:
    assert len(posts) == COUNT


def test_the_same_day_and_seed_give_the_same_posts() -> None:
    assert list(windmee_posts(TODAY, 1_500)) == list(windmee_posts(TODAY, 1_500))


def test_another_process_with_another_hash_seed_gives_the_same_posts() -> None:
    script = (
        "from datetime import date; from hashlib import sha256;"
        "from openroads.demo.posts import windmee_posts;"
        "told = repr(list(windmee_posts(date(2026, 11, 24), 1500)));"
        "import sys; sys.stdout.write(sha256(told.encode()).hexdigest())"
    )
    source = Path(__file__).parents[2] / "src"
    env = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": str(source)}
    there = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    ).stdout
    here = sha256(repr(list(windmee_posts(TODAY, 1_500))).encode()).hexdigest()
    assert there == here


def test_another_seed_gives_other_posts() -> None:
    one, other = (list(windmee_posts(TODAY, 500, seed)) for seed in (7, 8))
    assert [post.text for post in one] != [post.text for post in other]


def test_they_come_in_order_of_time_and_end_yesterday_evening(posts: list[Message]) -> None:
    moments = [post.said_at for post in posts]
    assert moments == sorted(moments)
    midnight = datetime(2026, 11, 24, tzinfo=ZONE).astimezone(UTC)
    assert midnight - timedelta(hours=6) < moments[-1] < midnight
    assert timedelta(days=540) < moments[-1] - moments[0] < timedelta(days=550)
    assert all(moment.utcoffset() == timedelta(0) for moment in moments)


def test_no_two_have_the_same_id_within_a_network(posts: list[Message]) -> None:
    assert len({(post.network, post.native_id) for post in posts}) == COUNT


def test_sixty_two_in_a_hundred_are_dutch_and_thirty_five_english(posts: list[Message]) -> None:
    claimed = Counter(post.language for post in posts if post.language and post.network == "x")
    total = sum(claimed.values())
    assert 0.55 < claimed["nl"] / total < 0.69
    assert 0.28 < claimed["en"] / total < 0.41


def test_all_ten_networks_speak(posts: list[Message]) -> None:
    seen = Counter(post.network for post in posts)
    assert set(seen) == {
        "x", "bluesky", "mastodon", "reddit", "instagram", "facebook", "trustpilot", "youtube",
        "forum", "mail",
    }  # fmt: skip
    assert min(seen.values()) > COUNT * 0.03


def test_hardly_any_text_is_said_twice_by_accident(customers: list[Message]) -> None:
    seen = Counter(post.text for post in customers)
    assert sum(many - 1 for many in seen.values()) / len(customers) < 0.02


def test_planned_copies_are_there(posts: list[Message]) -> None:
    seen = Counter(post.text for post in posts)
    assert any("winactie" in text and many >= 3 for text, many in seen.items())
    released = [post for post in posts if "Windmee uit Zwolle heeft dat" in post.text]
    assert len({post.author for post in released}) >= 5
    assert sum(post.repost for post in posts) > COUNT * 0.01
    assert any(post.text.startswith("RT @") for post in posts if post.repost)


def test_a_few_people_say_much_and_most_say_little(customers: list[Message]) -> None:
    said = Counter((post.network, post.author) for post in customers)
    assert len(said) > len(customers) / 5
    assert max(said.values()) >= 8 * sum(said.values()) / len(said)
    names = {post.author_name for post in customers}
    assert len(names) > 3_000


def test_no_slot_stays_open_and_no_space_stands_double(customers: list[Message]) -> None:
    for post in customers:
        if "7*7" in post.text:
            continue
        assert "{" not in post.text and "|" not in post.text, post.text
        assert "  " not in post.text, post.text
        assert " ." not in post.text.replace(" ...", ""), post.text


def test_unknown_engagement_is_none_and_never_zero_for_want_of_knowing(
    posts: list[Message],
) -> None:
    assert all(post.views is None for post in posts if post.network == "bluesky")
    assert all(
        post.likes is None and post.replies is None for post in posts if post.network == "mail"
    )
    assert all(post.views is not None for post in posts if post.network == "x")
    likes = sorted(post.likes for post in posts if post.likes is not None)
    assert likes[len(likes) * 99 // 100] > 15 * max(1, likes[len(likes) // 2])


def test_reviews_have_stars_and_the_rest_has_none(customers: list[Message]) -> None:
    stars = Counter(post.rating for post in customers if post.network == "trustpilot")
    assert {1.0, 2.0, 3.0, 4.0, 5.0} <= set(stars)
    assert all(post.rating is None for post in customers if post.network != "trustpilot")


def test_replies_point_at_a_post_said_before(posts: list[Message]) -> None:
    at = {(post.network, post.native_id): post.said_at for post in posts}
    replies = [post for post in posts if post.reply_to]
    assert len(replies) > COUNT * 0.05
    assert all(at[post.network, post.reply_to] <= post.said_at for post in replies)


def test_the_company_speaks_and_answers_under_its_own_names(posts: list[Message]) -> None:
    own = Counter(post.author for post in posts if post.author in OWN_HANDLES)
    assert own["windmee"] > COUNT * 0.008
    assert own["windmee_service"] > COUNT * 0.01


def test_the_winter_story_rises_threefold_with_the_first_frost(customers: list[Message]) -> None:
    now = share(customers, WINTER, 14, 0)
    assert now >= 3 * share(customers, WINTER, 75, 45)
    assert now > 0.08
    assert share(customers, WINTER, 365, 325) > 2 * share(customers, WINTER, 200, 160)


def test_the_plug_bursts_and_ebbs_after_the_new_plug(customers: list[Message]) -> None:
    plug = ("laadstekker", "charger plug")
    burst = share(customers, plug, PLUG_NEWS + 45, PLUG_NEWS)
    assert burst > 3 * share(customers, plug, 540, 300)
    assert share(customers, plug, 60, 0) < 0.5 * burst


def test_people_travel_and_lose_bikes_in_summer(customers: list[Message]) -> None:
    away = ("vakantie", "holiday", "camping", "knooppunt")
    assert share(customers, away, 160, 100) > 2 * share(customers, away, 330, 270)


def test_a_fifth_more_is_said_at_the_end_than_at_the_start(posts: list[Message]) -> None:
    early = sum(480 < days_ago(post) <= 540 for post in posts)
    late = sum(30 < days_ago(post) <= 90 for post in posts)
    assert 1.08 < late / early < 1.30


def test_weekends_are_calmer(posts: list[Message]) -> None:
    by_day = Counter(post.said_at.astimezone(ZONE).weekday() for post in posts)
    assert by_day[5] < 0.92 * by_day[0]


def test_marloes_asked_yesterday_and_tonnie_answered_her(posts: list[Message]) -> None:
    asked = next(post for post in posts if post.author == "marloes.fietst")
    assert asked.said_at.astimezone(ZONE).strftime("%d %H:%M") == "23 16:30"
    assert "nog 48 km" in asked.text
    answer = next(post for post in posts if post.author == "tonnieopdepedalen")
    assert answer.reply_to == asked.native_id and answer.thread == asked.native_id


def test_hostile_texts_are_among_them_as_in_life(posts: list[Message]) -> None:
    texts = " ".join(post.text for post in posts)
    for mark in ("<script>", "onerror=", "DROP TABLE", "🚲💚💚", "دراجة"):
        assert mark in texts


def test_addresses_never_lead_to_a_real_site(posts: list[Message]) -> None:
    assert all(not post.url or ".example/" in post.url for post in posts)


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2027, 3, 29), date(2027, 7, 1)])
def test_any_day_of_the_year_will_do(today: date) -> None:
    posts = list(windmee_posts(today, 900))
    assert len(posts) == 900
    assert all(post.said_at.astimezone(ZONE).date() < today for post in posts)


@pytest.mark.parametrize("on", [date(2027, 3, 28), date(2026, 10, 25)])
def test_the_day_the_clocks_change_keeps_its_posts_to_itself(on: date) -> None:
    feed = Feed(on + timedelta(days=1), seed=7, count=900)
    moments = [post.said_at for post in feed.day(Day(on, 1, 2_000))]
    assert moments == sorted(moments)
    assert {moment.astimezone(ZONE).date() for moment in moments} == {on}
    assert moments[-1].astimezone(ZONE).hour == 23


def test_how_a_post_was_meant_is_noted_without_changing_any() -> None:
    meant: dict[tuple[str, str], Meaning] = {}
    noted = list(windmee_posts(TODAY, 600, meant=meant))
    assert noted == list(windmee_posts(TODAY, 600))
    here = {(each.network, each.native_id) for each in noted}
    assert set(meant) <= here
    assert len(meant) > 300
    assert {each.mood for each in meant.values()} <= {"-", "?", "+", "=", ""}
    assert {"winter", "plug", "order"} <= {each.theme for each in meant.values()}
