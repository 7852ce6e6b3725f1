"""The pages of patterns, the front page and the page of measurements, over one house that was heard."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from openroads.listening.explore.models import Event
from openroads.listening.patterns import actions, trying
from openroads.listening.patterns.looking import look
from openroads.listening.patterns.models import BackTest, Pattern, PatternReading
from tests.listening.patterns.conftest import NOW, TODAY, Talk


def page(browser: Client, name: str, *args: Any) -> str:
    answer = browser.get(reverse(name, args=args))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_from_nothing_to_a_headline(talk: Talk, windmee: Any, sanne: Any, signed_in: Any) -> None:
    """One house, because to hear one takes longest: nothing yet; a burst; who knows; how well it works."""
    browser = signed_in(sanne)
    assert "Nobody has looked yet" in page(browser, "patterns:patterns")
    assert "Not measured yet" in page(browser, "patterns:measured")
    talk.usual(days=150)
    talk.say(TODAY - timedelta(days=1), 40, "Windmee <b>battery</b>")
    talk.heard()
    look(now=NOW)
    found = Pattern.objects.get(series=f"brand:{windmee.pk}")
    listed = page(browser, "patterns:patterns")
    assert "Windmee: louder than expected" in listed and "What is said on Reddit" in listed
    assert "Read the 4" in listed and "expected" in listed and "<b>battery" not in listed
    home = page(browser, "web:home")
    assert "“Windmee” is what riders talk about now" in home
    assert reverse("patterns:pattern", args=(found.pk,)) in home
    one = page(browser, "patterns:pattern", found.pk)
    assert "battery" in one and "A second method" in one
    assert PatternReading.objects.filter(person=sanne, pattern=found).exists(), "who opens it knows"
    browser.post(reverse("patterns:judge", args=(found.pk,)), {"verdict": "useful"})
    assert queries_say_useful(found)
    test = trying.try_detector(rounds=2)
    assert test is not None and 2 <= test.series <= 4, "those that count the same are tried once"
    used = next(row for row in test.alarms if row["chance"] == test.chance)
    assert used["weeks"] > 30 and used["low"] <= used["rate"] <= used["high"]
    sizes = [row for row in test.found if row["chance"] == test.chance]
    assert [row["times"] for row in sizes] == [2.0, 3.0, 5.0] and all(
        row["planted"] for row in sizes
    )
    again = trying.try_detector(rounds=2)
    assert again is not None and again.found == test.found, "the same draw"
    told = page(browser, "patterns:measured")
    assert "false" in told and "too few to say" in told and "5 times what was expected" in told
    assert BackTest.objects.count() == 2


def test_what_watches_by_the_hour_is_tried_on_our_own_hours(talk: Talk, sanne: Any, signed_in: Any) -> None:  # fmt: skip
    """Fifteen weeks of more than two posts an hour: ten to learn from, five to judge."""
    talk.usual(days=105, posts=56, apart=25)
    talk.say(TODAY - timedelta(days=3), 100, "Windmee battery")
    talk.heard()
    look(now=NOW)
    test = trying.try_by_hour(rounds=1)
    assert test is not None and test.grain == "hour" and test.series >= 1
    assert (test.since, test.until) == (TODAY - timedelta(days=35), TODAY)
    used = next(row for row in test.alarms if row["chance"] == test.chance)
    assert used["weeks"] == 5 * test.series and used["low"] <= used["rate"] <= used["high"]
    assert (used["alarms"], used["explained"]) == (test.series, 0), "the burst of three days ago"
    threefold = [row for row in test.found if row["times"] == 3.0 and row["chance"] == test.chance]
    assert threefold[0]["planted"] == threefold[0]["found"] == 1
    told = page(signed_in(sanne), "patterns:measured")
    hourly = told[told.index('id="hourly"') :]
    assert f"{test.series} series, {5 * test.series} series weeks" in hourly
    assert "3 times what was expected" in hourly and "1.5 times" in hourly and "hour" in hourly
    assert "promised" not in hourly, "what is promised is of the day"
    Event.objects.create(on=TODAY - timedelta(days=10), until=TODAY, what="Sale", kind="campaign")
    again = trying.try_by_hour(rounds=1)
    assert again is not None
    used = next(row for row in again.alarms if row["chance"] == again.chance)
    assert used["explained"] == used["alarms"] == test.series, "it began during the campaign"


def test_by_the_hour_too_few_weeks_or_posts_are_called_unknown(talk: Talk, sanne: Any, signed_in: Any) -> None:  # fmt: skip
    assert trying.try_by_hour() is None, "nothing was ever heard"
    assert "Not measured yet" in page(signed_in(sanne), "patterns:measured")
    talk.usual(days=30)
    talk.heard()
    look(now=NOW)
    test = trying.try_by_hour()
    assert test is not None and not test.alarms
    assert "Unknown, 4 weeks: at least 14 weeks" in page(signed_in(sanne), "patterns:measured")
    talk.say(TODAY - timedelta(days=120), 2)
    talk.heard()
    look(now=NOW)
    trying.try_by_hour()
    told = page(signed_in(sanne), "patterns:measured")
    assert "Unknown, 17 weeks: no series brought 48 posts a day" in told


def queries_say_useful(pattern: Pattern) -> bool:
    return PatternReading.objects.filter(pattern=pattern, verdict="useful").exists()


def test_who_may_have_it_tried_out(talk: Talk, sanne: Any, daan: Any, signed_in: Any) -> None:
    assert signed_in(daan).post(reverse("patterns:try_again")).status_code == 403
    assert signed_in(sanne).post(reverse("patterns:try_again")).status_code == 302


def test_a_pattern_found_afterwards_is_no_headline(windmee: Any, sanne: Any) -> None:
    from openroads.listening.patterns.front import loudest

    found = Pattern.objects.create(
        series="all", what="all", since=NOW - timedelta(days=3), until=NOW, posts=50, high=10, in_time=False
    )  # fmt: skip
    assert loudest(sanne, "riders") is None
    assert actions.see(by=sanne, pattern=found).verdict == ""
