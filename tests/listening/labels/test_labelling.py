"""Saying what a post is: it holds at once, in the sums too, and can be taken back."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from openroads.archive.ingest import verify_rollups
from openroads.archive.queries.corrections import PostRead, posts_read
from openroads.archive.queries.state import volume_by_day
from openroads.directory.conversations import archive
from openroads.directory.models import TrailEntry
from openroads.listening.labels import judging, queries
from openroads.listening.labels.actions.labelling import label_post, undo_label
from openroads.listening.labels.actions.rescoring import forget_posts, hold_labels
from openroads.listening.labels.models import Aspect, Label
from openroads.listening.labels.settling import settle_rows
from tests.listening.labels.conftest import JUNE, every_post, posts_csv

NEUTRAL = "neutral"


def negatives() -> int:
    return sum(row.negative for row in volume_by_day(archive(), JUNE))


def now(post: PostRead) -> PostRead:
    return posts_read(archive(), [(post.id, post.published_at)])[post.id]


def say(by: Any, post: PostRead, value: str, aspect: str = "tone", **more: Any) -> Label:
    return label_post(by=by, post=post.id, published_at=post.published_at, aspect=aspect, value=value, **more)  # fmt: skip


@pytest.fixture
def post(riders: list[PostRead]) -> PostRead:
    """One that the word lists take for neutral."""
    return next(row for row in riders if row.mood == 0)


def test_a_correction_holds_at_once_in_the_archive_and_its_sums(post: PostRead, daan: Any) -> None:
    before = negatives()
    label = say(daan, post, "negative")
    assert (label.why, label.said, label.said_by, label.language) == ("correction", NEUTRAL, "1", "en")  # fmt: skip
    assert (now(post).mood, now(post).analyser) == (-1, "1+person")
    assert now(post).tone == post.tone
    assert negatives() == before + 1
    assert verify_rollups(archive()) == []
    entry = TrailEntry.objects.filter(verb="labelled a post").get()
    assert (entry.by, entry.thing) == (daan, str(label.pk))


def test_kind_follows_the_mood_until_somebody_says_otherwise(post: PostRead, sanne: Any) -> None:
    say(sanne, post, "question", "kind")
    assert (now(post).mood, now(post).kind) == (0, "question")
    say(sanne, post, "positive")
    assert (now(post).mood, now(post).kind) == (1, "question")


def test_saying_what_the_analyser_said_confirms_it(post: PostRead, sanne: Any) -> None:
    assert say(sanne, post, NEUTRAL).why == "confirmation"
    assert now(post).mood == 0


def test_a_label_taken_back_gives_the_word_to_the_analyser_again(post: PostRead, sanne: Any) -> None:  # fmt: skip
    before = negatives()
    label = say(sanne, post, "negative")
    undo_label(by=sanne, label=label)
    undo_label(by=sanne, label=label)
    assert (now(post).mood, now(post).kind, now(post).analyser) == (0, post.kind, "1")
    assert negatives() == before
    assert queries.answers("tone") == []
    assert TrailEntry.objects.filter(verb="took a label back").count() == 1


def test_a_person_has_one_label_per_post_and_the_last_of_all_holds(
    post: PostRead, sanne: Any, noor: Any
) -> None:
    say(sanne, post, "negative")
    say(sanne, post, "positive")
    hers = say(noor, post, "negative")
    assert (hers.said, hers.said_by) == (NEUTRAL, "1"), "what the analyser said, not Sanne"
    assert [(label.by.name, label.value) for label in queries.labels_for(noor, post.id)] == [
        ("Sanne de Wit", "positive"),
        ("Noor Verbeek", "negative"),
    ]
    assert now(post).mood == -1
    undo_label(by=noor, label=hers)
    assert now(post).mood == 1
    assert Label.objects.count() == 3, "nothing is changed afterwards"


def test_who_may_say_what(post: PostRead, cast: dict[str, Any]) -> None:
    label = say(cast["noor"], post, "negative")
    for name in ("ilse", "omar", "ida", "marloes", "fleur", "tom"):
        with pytest.raises(PermissionDenied):
            say(cast[name], post, "positive")
        with pytest.raises(PermissionDenied):
            undo_label(by=cast[name], label=label)
        assert not queries.labels_for(cast[name], post.id).exists()
    with pytest.raises(PermissionDenied):
        undo_label(by=cast["daan"], label=label)  # an agent takes back his own only
    undo_label(by=cast["sanne"], label=label)
    assert say(cast["bram"], post, "positive").by == cast["bram"]


@pytest.mark.parametrize(
    ("aspect", "value"),
    [("tone", "sad"), ("kind", "negative"), ("mood", "negative"), ("language", "x1"), ("tone", "")],
)
def test_an_answer_that_is_none_is_refused(post: PostRead, sanne: Any, aspect: str, value: str) -> None:  # fmt: skip
    with pytest.raises(ValidationError):
        say(sanne, post, value, aspect)
    assert not Label.objects.exists()


def test_a_post_that_is_gone_cannot_be_labelled(post: PostRead, sanne: Any) -> None:
    with pytest.raises(ValidationError):
        label_post(by=sanne, post=12345, published_at=post.published_at, aspect="tone", value=NEUTRAL)  # fmt: skip


def test_ids_of_the_archive_fit_whatever_their_size(riders: list[PostRead], sanne: Any) -> None:
    largest = max(riders, key=lambda row: row.id)
    assert largest.id >= 1 << 63, "half of all ids are"
    label = say(sanne, largest, "positive")
    assert Label.objects.get(post=largest.id).post == largest.id
    assert Label.objects.filter(post__in=[largest.id, 1]).get() == label
    assert queries.held_values([largest.id])[largest.id][Aspect.TONE] == label


def test_a_language_put_right_and_taken_back(post: PostRead, sanne: Any) -> None:
    label = say(sanne, post, "de-AT", "language")
    assert (label.value, now(post).language, now(post).mood) == ("de", "de", -128)
    assert verify_rollups(archive()) == []
    undo_label(by=sanne, label=label)
    assert (now(post).language, now(post).mood, now(post).analyser) == ("en", post.mood, "1")


def test_a_post_that_changed_at_its_source_is_what_people_said_again(
    riders: list[PostRead], post: PostRead, sanne: Any, brought: Any
) -> None:
    say(sanne, post, "negative")
    assert hold_labels() == 0
    brought(posts_csv(60, likes=3))
    assert now(post).mood == 0, "the analyser read it anew"
    assert hold_labels() == 1
    assert now(post).mood == -1
    assert verify_rollups(archive()) == []
    assert hold_labels() == 0


def test_posts_nobody_labelled_are_left_as_the_analyser_read_them(riders: list[PostRead]) -> None:
    settled = settle_rows(riders, ())
    assert (settled.written, settled.changed) == (0, 0)


def test_how_far_people_agree_is_told_of_posts_with_two_labels(
    riders: list[PostRead], sanne: Any, noor: Any
) -> None:
    values = ["negative", NEUTRAL, "positive"] * 4
    for place, (row, value) in enumerate(zip(riders, values, strict=False)):
        say(sanne, row, value)
        if place < 9:
            say(noor, row, value if place else NEUTRAL)
    found = judging.agreement("tone")
    assert (found.units, found.values) == (9, 18)
    assert 0.7 < found.alpha < 1
    assert judging.agreement("kind").units == 0


def test_what_was_said_of_an_erased_post_goes_with_it(post: PostRead, sanne: Any) -> None:
    say(sanne, post, "negative")
    assert forget_posts(posts=[post.id]) == 1
    assert queries.answers("tone") == []


def test_june_is_as_the_tests_suppose(riders: list[PostRead]) -> None:
    assert len(riders) == len(every_post()) == 60
    assert {row.language for row in riders} == {"en"}
    assert JUNE.since == date(2026, 6, 1)
