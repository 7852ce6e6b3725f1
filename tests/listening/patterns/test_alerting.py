"""Who is told of a pattern, when, how often, and in which language; and what people say of it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from openroads.delivery.models import Delivery, Endpoint, Notice
from openroads.directory.models import Membership, Team
from openroads.listening.patterns import actions, queries
from openroads.listening.patterns.alerting import is_quiet, tell
from openroads.listening.patterns.models import Alert, AlertRule, Pattern, PatternReading

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@pytest.fixture
def pattern(windmee: Any) -> Pattern:
    return Pattern.objects.create(
        series=f"brand:{windmee.pk}", what="brand", brand=windmee, shown="Windmee",
        since=NOON - timedelta(days=2), until=NOON, posts=40, mean=12.0, low=6, high=19, chance=1e-7,
        people=31, by_one=3, words=[["winter", "winter", "en", 20, 2.0]],
        why=[{"kind": "event", "on": "2026-11-22", "told": "First frost"}],
    )  # fmt: skip


def grown(pattern: Pattern, posts: int) -> None:
    Pattern.objects.filter(pk=pattern.pk).update(posts=posts)


def over(pattern: Pattern) -> None:
    Pattern.objects.filter(pk=pattern.pk).update(state="ended", ended_at=NOON)


def test_one_message_when_it_begins_one_when_it_doubles_one_when_it_is_over(
    pattern: Pattern, sanne: Any
) -> None:
    actions.add_rule(by=sanne, least=20, mail=True)
    assert [tell(now=NOON) for _ in range(3)] == [1, 0, 0]
    grown(pattern, 79)
    assert tell(now=NOON) == 0
    grown(pattern, 80)
    assert [tell(now=NOON), tell(now=NOON)] == [1, 0]
    grown(pattern, 160)
    assert tell(now=NOON) == 1
    over(pattern)
    assert [tell(now=NOON), tell(now=NOON)] == [1, 0]
    stages = list(Alert.objects.values_list("stage", "posts"))
    assert stages == [("began", 40), ("doubled", 80), ("doubled", 160), ("over", 160)]
    titles = list(Notice.objects.filter(to=sanne).order_by("pk").values_list("title", flat=True))
    assert titles[0] == "Windmee is louder than expected: 40 posts (expected 6 to 19)"
    assert len(titles) == 4 and "back to what is usual" in titles[3]
    assert Delivery.objects.filter(recipient=sanne.email).count() == 4
    first = Notice.objects.filter(to=sanne).order_by("pk")[0]
    assert first.url == reverse("patterns:pattern", args=(pattern.pk,))
    assert "First frost" in first.text and "winter" in first.text


def test_everybody_is_told_in_their_own_language(pattern: Pattern, sanne: Any, daan: Any) -> None:
    daan.language = "nl"
    daan.save()
    team = Team.objects.create(name="Webcare")
    for person in (sanne, daan):
        Membership.objects.create(person=person, team=team)
    actions.add_rule(by=sanne, team=team, least=20)
    tell(now=NOON)
    assert Notice.objects.get(to=daan).title == "Windmee is luider dan verwacht: 40 berichten (verwacht 6 tot 19)"  # fmt: skip
    assert Notice.objects.get(to=sanne).title.startswith("Windmee is louder")
    assert Alert.objects.get().people == 2


def test_two_rules_about_one_thing_tell_a_person_once(pattern: Pattern, sanne: Any) -> None:
    actions.add_rule(by=sanne, least=5)
    actions.add_rule(by=sanne, series=pattern.series, least=5, mail=True)
    assert tell(now=NOON) == 2
    assert Notice.objects.filter(to=sanne).count() == 1
    assert Delivery.objects.filter(recipient=sanne.email).count() == 1, (
        "the rule with mail goes first"
    )


def test_what_is_too_small_about_something_else_late_or_paused_tells_nobody(
    pattern: Pattern, sanne: Any
) -> None:
    actions.add_rule(by=sanne, least=41)
    actions.add_rule(by=sanne, series="topic:99", least=1)
    paused = actions.add_rule(by=sanne, least=1)
    actions.pause_rule(by=sanne, rule=paused, paused=True)
    assert tell(now=NOON) == 0
    actions.pause_rule(by=sanne, rule=paused, paused=False)
    Pattern.objects.filter(pk=pattern.pk).update(in_time=False)
    assert tell(now=NOON) == 0


def test_in_silent_hours_it_waits_and_is_told_afterwards(pattern: Pattern, sanne: Any) -> None:
    rule = actions.add_rule(by=sanne, least=1, quiet_from=time(22), quiet_until=time(7))
    night = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # half past eleven in Amsterdam
    assert is_quiet(rule, night) and not is_quiet(rule, NOON)
    assert is_quiet(rule, datetime(2026, 11, 25, 5, 59, tzinfo=UTC))
    assert tell(now=night) == 0
    assert tell(now=night + timedelta(hours=8)) == 1


def test_webhooks_are_told_figures_and_nobodys_words(
    pattern: Pattern, sanne: Any, ada: Any
) -> None:
    from openroads.listening.patterns import schedule  # noqa: F401 (declares the event)

    Endpoint.objects.create(name="Chat", address="https://hooks.example/x", events=["alert.raised"], secret="s", by=ada)  # fmt: skip
    actions.add_rule(by=sanne, least=1, hook=True)
    tell(now=NOON)
    (sent,) = Delivery.objects.filter(subject="alert.raised")
    assert '"posts": 40' in sent.text and '"stage": "began"' in sent.text and "winter" in sent.text


def test_who_may_alert_whom(pattern: Pattern, daan: Any, ida: Any, sanne: Any) -> None:
    team = Team.objects.create(name="Webcare")
    mine = actions.add_rule(by=daan, least=3)
    for deed in (
        lambda: actions.add_rule(by=daan, team=team),
        lambda: actions.add_rule(by=daan, hook=True),
        lambda: actions.add_rule(by=ida),
        lambda: actions.end_rule(by=sanne, rule=mine),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    with pytest.raises(ValidationError):
        actions.add_rule(by=daan, quiet_from=time(22))
    assert list(queries.rules_for(ida)) == [] and list(queries.rules_for(daan)) == [mine]
    actions.end_rule(by=daan, rule=mine)
    assert not AlertRule.objects.exists()


def test_somebody_who_reads_no_conversations_is_told_nothing(pattern: Pattern, sanne: Any, ida: Any) -> None:  # fmt: skip
    team = Team.objects.create(name="People")
    Membership.objects.create(person=ida, team=team)
    actions.add_rule(by=sanne, team=team, least=1)
    tell(now=NOON)
    assert not Notice.objects.filter(to=ida).exists()


def test_what_people_say_of_patterns_is_the_precision(
    pattern: Pattern, sanne: Any, daan: Any, noor: Any, ida: Any
) -> None:
    actions.judge(by=sanne, pattern=pattern, verdict="useful")
    assert queries.judged_patterns() == queries.Judged(1, 1)
    actions.judge(by=daan, pattern=pattern, verdict="not")
    assert queries.judged_patterns() == queries.Judged(0, 1), "half is not most"
    actions.judge(by=daan, pattern=pattern, verdict="")
    actions.see(by=noor, pattern=pattern)
    assert queries.judged_patterns() == queries.Judged(1, 1)
    assert PatternReading.objects.count() == 3
    with pytest.raises(ValidationError):
        actions.judge(by=sanne, pattern=pattern, verdict="perhaps")
    with pytest.raises(PermissionDenied):
        actions.judge(by=ida, pattern=pattern, verdict="useful")


def test_rules_are_made_changed_and_ended_on_their_page(
    pattern: Pattern, sanne: Any, signed_in: Any
) -> None:
    browser = signed_in(sanne)
    add = reverse("patterns:add_rule")
    assert browser.post(add, {"least": "0"}).status_code == 400
    assert browser.post(add, {"least": "7", "series": pattern.series, "quiet_from": "22:00"}).status_code == 400  # fmt: skip
    assert browser.post(add, {"least": "7", "series": pattern.series}).status_code == 302
    rule = AlertRule.objects.get()
    assert (rule.person, rule.series, rule.least) == (sanne, pattern.series, 7)
    change = reverse("patterns:change_rule", args=(rule.pk,))
    browser.post(change, {"least": "9", "series": "", "mail": "on"})
    rule.refresh_from_db()
    assert (rule.series, rule.least, rule.mail) == ("", 9, True)
    page = browser.get(reverse("patterns:rules")).content.decode()
    assert "You are alerted by 1 rule" in page and "anything, from 9 posts" in page
    browser.post(reverse("patterns:end_rule", args=(rule.pk,)))
    assert not AlertRule.objects.exists()
