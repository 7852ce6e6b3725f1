"""Looking at every series: what opens a pattern, what keeps it, what ends it, and what must not raise one."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from openroads.directory.company import Brand
from openroads.directory.models import TrailEntry
from openroads.listening.explore.actions import mark_event, save_view, say_kind
from openroads.listening.explore.models import Event
from openroads.listening.models import Source
from openroads.listening.patterns import saying
from openroads.listening.patterns.alerting import text
from openroads.listening.patterns.exhibit import exhibit_of
from openroads.listening.patterns.looking import heard_now, look
from openroads.listening.patterns.models import Look, Pattern
from openroads.listening.patterns.wording import look_for_words
from tests.listening.patterns.conftest import NOW, TODAY, Talk

YESTERDAY = TODAY - timedelta(days=1)


def ago(days: int) -> Any:
    return TODAY - timedelta(days=days)


def open_ones() -> dict[str, Pattern]:
    return {row.series: row for row in Pattern.objects.filter(state="open").exclude(what="word")}


def test_people_who_talk_as_usual_make_no_pattern(talk: Talk) -> None:
    talk.usual()
    talk.heard()
    seen = look(now=NOW)
    assert seen is not None and seen.series >= 6 and seen.upto == YESTERDAY
    assert not Pattern.objects.exists()


def test_a_burst_is_opened_with_what_is_behind_it(talk: Talk, windmee: Any) -> None:
    talk.usual()
    for day in (ago(2), YESTERDAY):
        talk.say(day, 18, "Windmee battery winter")
        talk.say(day, 6, "Windmee battery winter", by="loud")
    talk.say(YESTERDAY, 2, "Windmee battery winter", repost=True)
    Event.objects.create(on=ago(2), what="First frost")
    Event.objects.create(on=ago(40), what="Long ago")
    talk.heard()
    look(now=NOW)
    found = open_ones()
    assert set(found) == {f"brand:{windmee.pk}", "network:reddit"}, (
        "everything heard is the brand's"
    )
    brand = found[f"brand:{windmee.pk}"]
    assert (brand.since.date(), brand.until.date(), brand.in_time) == (ago(2), TODAY, True)
    usual = sum(6 + (n * 7 % 3) - 1 for n in (1, 2))
    assert brand.posts == 48 + usual and brand.low <= brand.mean <= brand.high < 30
    assert (brand.by_one, brand.reposts) == (12, 2)
    assert brand.people == 36 + usual + 1
    words = {shown: posts for _key, shown, _language, posts, _mean in brand.words}
    assert words["battery"] == words["winter"] == 48
    assert [why for why in brand.why if why["kind"] == "event"] == [
        {
            "kind": "event", "sort": "other", "on": ago(2).isoformat(), "until": ago(2).isoformat(),
            "told": "First frost", "when": "during",
        }
    ]  # fmt: skip
    assert brand.networks == [["reddit", brand.posts]]
    assert TrailEntry.objects.filter(verb="found a pattern").count() == 2


def test_what_began_during_a_campaign_says_so(
    talk: Talk, windmee: Any, sanne: Any, ada: Any
) -> None:
    """Also when somebody marks it, or says what kind it is, only after the burst was seen."""
    talk.usual()
    talk.say(YESTERDAY, 30, "Windmee battery")
    talk.heard()
    rival = Brand.objects.create(name="Tramont", own=False)
    mark_event(by=sanne, on=ago(20), until=TODAY, what="Spring sale", kind=Event.Kind.CAMPAIGN)
    mark_event(by=sanne, on=ago(20), until=ago(8), what="Summer sale", kind=Event.Kind.CAMPAIGN)
    mark_event(by=sanne, on=ago(3), until=ago(2), what="App down", kind=Event.Kind.OUTAGE, brand=windmee)  # fmt: skip
    mark_event(by=sanne, on=YESTERDAY, what="Their news", kind=Event.Kind.OWN, brand=rival)
    view = save_view(by=sanne, name="Mine", query="", shared=False)
    mark_event(by=sanne, on=YESTERDAY, what="A note of mine", view=view)
    look(now=NOW)
    found = open_ones()[f"brand:{windmee.pk}"]
    first, second, *more = exhibit_of(sanne, found, heard_now()).reasons
    assert first == "It began during the campaign “Spring sale” (4 to 24 November 2026)."
    assert second == "It began shortly after the outage “App down” (21 to 22 November 2026)."
    assert not any("news" in line or "note" in line or "Summer" in line for line in more)
    assert first in text(found), "who is alerted reads it too"
    frost = mark_event(by=sanne, on=YESTERDAY, what="First frost")
    assert "It began during “First frost” (23 November 2026)." in exhibit_of(sanne, found, heard_now()).reasons  # fmt: skip
    say_kind(by=sanne, event=frost, kind=Event.Kind.HOLIDAY)
    shown = exhibit_of(sanne, found, heard_now())
    assert "It began during the holiday “First frost” (23 November 2026)." in shown.reasons
    assert shown.chart is not None
    assert ("23 November 2026", "First frost (holiday)") in shown.chart.marked
    assert "Spring sale (campaign)" in shown.chart.drawing
    with override("nl"):
        assert exhibit_of(sanne, found, heard_now()).reasons[0].startswith("Het begon tijdens de campagne “Spring sale”")  # fmt: skip


def test_what_was_kept_before_events_had_kinds_still_reads(windmee: Any) -> None:
    old = {"kind": "event", "on": "2026-11-22", "told": "First frost"}
    assert saying.reason(old) == "“First frost” was marked on 22 November 2026."


def test_looking_again_changes_nothing_but_what_came(talk: Talk, windmee: Any) -> None:
    talk.usual()
    talk.say(YESTERDAY, 30, "Windmee battery")
    talk.heard()
    look(now=NOW)
    before = open_ones()[f"brand:{windmee.pk}"]
    look(now=NOW + timedelta(hours=1))
    assert {row.pk: row.posts for row in Pattern.objects.all()}[before.pk] == before.posts
    talk.say(TODAY, 25, "Windmee battery")
    talk.heard()
    look(now=NOW + timedelta(hours=2))
    after = open_ones()[f"brand:{windmee.pk}"]
    assert (after.pk, after.posts) == (before.pk, before.posts + 25)
    assert Look.objects.count() == 3


def test_it_ends_when_it_is_calm_and_goes_on_when_it_flares_up(talk: Talk, windmee: Any) -> None:
    talk.usual()
    talk.say(ago(5), 40, "Windmee battery")
    talk.heard()
    then = NOW - timedelta(days=4)
    look(now=then)
    first = open_ones().get(f"brand:{windmee.pk}")
    look(now=NOW)
    assert not open_ones()
    ended = Pattern.objects.get(series=f"brand:{windmee.pk}")
    assert ended.ended_at == NOW and (first is None or first.pk == ended.pk)
    talk.say(YESTERDAY, 40, "Windmee battery")
    talk.heard()
    look(now=NOW + timedelta(hours=1))
    again = open_ones()[f"brand:{windmee.pk}"]
    assert again.pk == ended.pk and again.ended_at is None and again.posts > 80


def test_an_old_file_raises_no_alarm(talk: Talk, another: Any) -> None:
    """A file with a storm of a month ago comes in today."""
    talk.usual()
    talk.heard()
    talk.say(ago(30), 60, "Windmee storm", late=30, source=another, network="forum")
    talk.say(ago(29), 60, "Windmee storm", late=29, source=another, network="forum")
    talk.heard()
    look(now=NOW)
    assert not open_ones()
    assert not Pattern.objects.filter(in_time=True).exists()


def test_what_came_in_late_is_shown_and_is_no_news(talk: Talk, windmee: Any) -> None:
    talk.usual()
    talk.say(ago(2), 40, "Windmee storm", late=2)
    talk.heard()
    look(now=NOW)
    brand = Pattern.objects.get(series=f"brand:{windmee.pk}")
    assert brand.posts > 40 and not brand.in_time


def test_a_new_ear_is_more_heard_and_not_more_said(talk: Talk, another: Any, windmee: Any) -> None:
    talk.usual()
    for day in range(20, 0, -1):
        talk.say(ago(day), 12, source=another, network="forum")
    talk.heard()
    seen = look(now=NOW)
    assert seen is not None and seen.left_out == ["Forum"]
    assert not open_ones()


def test_a_deaf_ear_is_no_silence(talk: Talk, another: Any, windmee: Any) -> None:
    talk.usual(posts=10)
    talk.usual(posts=10, source=another, network="forum")
    talk.heard()
    quiet = NOW + timedelta(days=3)
    for day in (TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)):
        talk.say(day, 10)
    import tests.listening.patterns.conftest as house

    before, house.NOW = house.NOW, quiet
    try:
        talk.heard()
    finally:
        house.NOW = before
    seen = look(now=quiet)
    assert seen is not None and [name for name, _on in seen.deaf] == ["forum"]
    assert not Pattern.objects.filter(side="quieter").exists(), "half as much was heard, not said"


def test_less_than_usual_is_a_lull_when_every_ear_hears(talk: Talk, windmee: Any) -> None:
    talk.usual(posts=24)
    talk._said = {
        key: [one for one in said if one.said_at.date() < ago(2) or int(one.native_id[1:]) % 4 == 0]
        for key, said in talk._said.items()
    }  # type: ignore[assignment]
    talk.heard()
    look(now=NOW)
    brand = Pattern.objects.get(series=f"brand:{windmee.pk}")
    assert (brand.side, brand.state) == ("quieter", "open") and brand.posts < brand.low
    Pattern.objects.all().delete()
    Source.objects.update(last_error="It does not answer.")
    look(now=NOW)
    assert not Pattern.objects.exists(), "an ear is deaf: nothing can be said of silence"


def test_new_words_are_those_of_many(talk: Talk) -> None:
    talk.usual(posts=8)
    talk.say(YESTERDAY, 9, "Windmee flapdoodle")
    talk.say(YESTERDAY, 9, "Windmee gadgetry", by="one person")
    talk.heard()
    assert look_for_words(now=NOW) == 1
    (word,) = Pattern.objects.filter(what="word")
    assert (word.shown, word.posts, word.people, word.state) == ("flapdoodle", 9, 9, "open")
    assert word.mean < 1 and word.chance < 1e-4
    assert look_for_words(now=NOW) == 1 and Pattern.objects.filter(what="word").count() == 1


def test_a_house_that_heard_nothing_has_nothing_to_look_at(talk: Talk) -> None:
    assert look(now=timezone.now()) is None and look_for_words(now=timezone.now()) is None
