"""What was taught holds for what is read from then on: models in force, and languages people said."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from openroads.analysis.learning.features import Columns
from openroads.analysis.learning.model import Model
from openroads.analysis.learning.training import Labelled, train
from openroads.analysis.pipeline import ANALYSER, Analyser, joined
from openroads.archive.erased import only
from openroads.archive.queries.corrections import PostRead
from openroads.listening import apart
from openroads.listening.apart import Reader
from openroads.listening.labels.actions.labelling import undo_label
from tests.listening.conftest import outcome
from tests.listening.corpus import NOUNS
from tests.listening.labels.conftest import THINGS, every_post, posts_csv
from tests.listening.labels.test_labelling import now, say

SAID = {"positive": "is pure butter", "negative": "sings again", "neutral": "comes in blue"}
TEXTS = [f"my {thing} {said}" for thing in (*THINGS, *NOUNS[:10]) for said in SAID.values()]
ANSWERS = list(SAID) * (len(TEXTS) // 3)


@pytest.fixture(scope="module")
def model() -> Model:
    """One that knows what riders mean."""
    analysis = Analyser().analyse(TEXTS, ["en"] * len(TEXTS))
    columns = replace(Columns.of(analysis), language=["en"] * len(TEXTS))
    return train(Labelled(TEXTS, columns, ANSWERS), "tone")


def test_a_reader_apart_tells_by_the_models_it_was_begun_with(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_given", [(Reader(), (model,))])
    texts = ["this saddle is pure butter", "my brake sings again"]
    found = apart.analyse_as_given(texts, ["en", "en"], ["en", "en"])
    assert found.mood.tolist() == [1, -1]
    assert found.analyser == [f"{ANALYSER}+{model.version}"] * 2
    plain = apart.analyse(Reader(), texts, ["en", "en"], ["en", "en"])
    assert plain.analyser == [ANALYSER] * 2
    assert found.mood_by_lists.tolist() == plain.mood.tolist() == plain.mood_by_lists.tolist()
    assert found.kind_by_rules == plain.kind
    both = joined([found, plain])
    assert both.analyser == found.analyser + plain.analyser
    assert only(both, [1, 2]).analyser == [found.analyser[1], ANALYSER]


def test_a_language_somebody_said_holds_whatever_the_words_look_like() -> None:
    analyser = Analyser()
    text = "what a wonderful, wonderful ride"
    assert analyser.analyse([text]).language == ["en"]
    told = analyser.analyse([text, text], None, ["nl", ""])
    assert told.language == ["nl", "en"]
    assert told.language_p[0] == 1
    assert told.tone[0] != told.tone[1]
    assert np.isnan(analyser.analyse([text], None, ["de"]).tone[0])
    with pytest.raises(ValueError, match="1 texts came with 2"):
        analyser.analyse([text], None, ["nl", "en"])


def test_a_post_read_again_stays_in_the_language_a_person_said(
    riders: list[PostRead], sanne: Any, brought: Any
) -> None:
    post = riders[0]
    before = {row.id: row for row in riders}
    label = say(sanne, post, "nl", "language")
    assert now(post).language == "nl"
    assert now(post).tone != before[post.id].tone or post.tone == 0
    brought(posts_csv(60, likes=4))
    again = {row.id: row for row in every_post()}
    assert again[post.id].language == "nl", "before any job held the labels"
    assert sum(row.language == "en" for row in again.values()) == 59
    undo_label(by=sanne, label=label)
    assert (now(post).language, now(post).tone, now(post).mood) == (post.language, post.tone, post.mood)  # fmt: skip


def test_a_file_read_again_under_another_model_has_not_changed(
    riders: list[PostRead], brought: Any, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openroads.listening.labels import queries

    monkeypatch.setattr(queries, "models_in_force", lambda: (model,))
    assert outcome(brought(posts_csv(60), name="again.csv"))["changed"] == 0
    assert {row.analyser for row in every_post()} == {ANALYSER}
    brought(posts_csv(20, seed=9))
    assert {row.analyser for row in every_post()} == {ANALYSER, f"{ANALYSER}+{model.version}"}
