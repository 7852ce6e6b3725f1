"""A model somebody else trained, in a folder: read, judged by people's labels, in force only when surely better."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from openroads.analysis.learning.features import Columns
from openroads.archive.ingest import verify_rollups
from openroads.archive.queries.corrections import PostRead
from openroads.delivery.runner import work_off
from openroads.directory.conversations import archive
from openroads.listening.labels import judging, queries
from openroads.listening.labels.actions import learning
from openroads.listening.labels.folders import kept, opened
from openroads.listening.labels.models import Decision, LearnedModel
from openroads.listening.labels.onnx_model import BadFolder, OnnxModel, digest_of, open_folder
from tests.listening.labels.conftest import JUNE, MARKS, every_post, posts_csv
from tests.listening.labels.test_learning import check, draw, many, share_right  # noqa: F401

NAMES = ["positive", "negative", "neutral"]
"""The order of its answers, which is not ours."""


def model_folder(folder: Path, *, deaf_to: str = "", names: list[str] = NAMES) -> Path:
    """A folder with a model that adds up what each word weighs; it knows the riders' words, but for one answer."""
    folder.mkdir(exist_ok=True)
    words = {"[PAD]": 0, "[UNK]": 1, **{word: 2 + n for n, word in enumerate(MARKS)}}
    weights = np.zeros((len(words), len(names)), np.float32)
    for word, value in MARKS.items():
        if value != deaf_to and value in names:
            weights[words[word], names.index(value)] = 4.0
    cut = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    cut.pre_tokenizer = pre_tokenizers.Whitespace()
    cut.save(str(folder / "tokenizer.json"))
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["each"]),
            helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["mask", "last"], ["wide"]),
            helper.make_node("Mul", ["each", "wide"], ["heard"]),
            helper.make_node("ReduceSum", ["heard", "middle"], ["logits"], keepdims=0),
        ],
        "adds",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "m"]) for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", len(names)])],
        [
            numpy_helper.from_array(weights, "table"),
            numpy_helper.from_array(np.array([2], np.int64), "last"),
            numpy_helper.from_array(np.array([1], np.int64), "middle"),
        ],
    )  # fmt: skip
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(made, str(folder / "model.onnx"))
    told = {"id2label": {str(n): name for n, name in enumerate(names)}, "pad_token_id": 0}
    (folder / "config.json").write_text(json.dumps(told))
    return folder


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Any:
    """The house's folder, with a model that knows the riders' words."""
    before = settings.OPENROADS.tone_model
    settings.OPENROADS.tone_model = model_folder(tmp_path / "tone")
    queries.loaded.cache_clear()
    yield settings.OPENROADS.tone_model
    settings.OPENROADS.tone_model = before


def test_answers_come_in_our_order_and_only_of_its_language(tmp_path: Path) -> None:
    model = open_folder(model_folder(tmp_path / "m"), "en")
    texts = ["my brake sings again", "this brake simply flies", "het rem sings", "in blue " * 900]
    told = model.predict(texts, Columns(["en", "en", "nl", "en"], np.zeros(4, np.float32)))
    assert told.classes.tolist() == [0, 2, -1, 1]
    # One word weighs 4 and two answers nothing: e^4 / (e^4 + 2)
    assert told.probabilities[0, 0] == pytest.approx(np.exp(4) / (np.exp(4) + 2), rel=1e-5)
    assert np.isnan(told.probabilities[2]).all()
    assert told.probabilities[[0, 1, 3]].sum(axis=1) == pytest.approx([1, 1, 1])
    assert model.version == f"tone-en-onnx-{digest_of(tmp_path / 'm')[:10]}"


def test_stars_are_put_together_and_a_model_may_know_no_neutral(tmp_path: Path) -> None:
    stars = model_folder(tmp_path / "s", names=["1 star", "2 stars", "3 stars", "4 stars", "5 stars"])  # fmt: skip
    told = open_folder(stars, "en").predict(["xyz"], Columns(["en"], np.zeros(1, np.float32)))
    assert told.probabilities[0] == pytest.approx([0.4, 0.2, 0.4])
    two = model_folder(tmp_path / "t", names=["NEG", "POS"])
    told = open_folder(two, "en").predict(["xyz"], Columns(["en"], np.zeros(1, np.float32)))
    assert told.probabilities[0] == pytest.approx([0.5, 0.0, 0.5])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.onnx", None, "no file model.onnx"),
        ("config.json", None, "no file config.json"),
        ("config.json", "{", "no JSON"),
        ("config.json", "[]", "which answer is which"),
        ("config.json", '{"id2label": {"0": "LABEL_0", "1": "b", "2": "c"}}', "label_0"),
        ("config.json", '{"id2label": {"0": "neutral"}}', "must know negative"),
        ("config.json", '{"id2label": {"0": "neg", "1": "pos"}}', "one figure per answer"),
        ("tokenizer.json", "{}", "tokenizer.json cannot be read"),
        ("model.onnx", "no model", "model.onnx cannot be read"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(
    tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    here = model_folder(tmp_path / "m")
    (here / name).unlink() if content is None else (here / name).write_text(content)
    with pytest.raises(BadFolder, match=said):
        open_folder(here, "en")
    with pytest.raises(BadFolder, match="no folder"):
        open_folder(tmp_path / "nowhere", "en")


def test_other_files_are_another_model(tmp_path: Path) -> None:
    here = model_folder(tmp_path / "m")
    said, truth = np.full((4, 3), 1 / 3, np.float32), np.array([0, 1, 2, 2], np.int8)
    before = digest_of(here)
    model = opened(here, "en", before, kept(said, truth))
    assert isinstance(model, OnnxModel)
    assert (model.tried_on.tolist(), model.tried_truth.tolist()) == (said.tolist(), [0, 1, 2, 2])
    model_folder(here, deaf_to="positive")
    with pytest.raises(BadFolder, match="not those that were tested"):
        opened(here, "en", before, kept(said, truth))
    with pytest.raises(BadFolder, match="OPENROADS_TONE_MODEL"):
        opened(None, "en", before, b"")


def test_a_folder_is_judged_by_the_rule_reads_the_archive_and_goes_back(
    many: list[PostRead], sanne: Any, daan: Any, folder: Path, brought: Any, client: Client  # noqa: F811
) -> None:  # fmt: skip
    sample = draw(sanne, 205)
    check(sanne, sample, 199)
    with pytest.raises(ValidationError, match="200"):
        learning.try_folder(by=sanne, language="en")
    with pytest.raises(PermissionDenied):
        learning.try_folder(by=daan, language="en")
    check(sanne, sample, 205)
    learning.try_folder(by=sanne, language="en")
    work_off()

    decision, model = Decision.objects.get(), LearnedModel.objects.get()
    assert (decision.outcome, decision.size, decision.why) == ("switched", 200, "better")
    assert (decision.new_score, decision.tried) == (1.0, model.digest[:10])
    assert decision.low is not None
    assert decision.old_score is not None
    assert 0 < decision.low < 1 - decision.old_score + 0.1
    assert (model.made, model.labels, model.audited) == ("folder", 0, 205)
    assert model.version == f"tone-en-onnx-{digest_of(folder)[:10]}"
    rows = every_post()
    assert share_right(rows) == 1.0
    assert {row.analyser for row in rows} == {f"1+{model.version}", f"1+{model.version}+person"}
    assert verify_rollups(archive()) == []
    shares = judging.measured_shares(JUNE, "tone", "en")
    assert shares.labels == 205
    assert shares.shares.corrected.sum() == pytest.approx(1)

    with pytest.raises(ValidationError, match="400"):
        learning.try_folder(by=sanne, language="en")
    brought(posts_csv(10, seed=9))
    assert share_right(every_post()) == 1.0, "what comes in is read by it too"
    client.force_login(sanne)
    page = client.get(reverse("labels:model", args=["tone", "en"]))
    told = page.content.decode()
    assert "read by a model from your own folder" in told
    assert "Put back: word lists and rules" in told

    # A model that is learned here must now beat it, and cannot.
    learned = learning.learn(by=sanne, aspect="tone", language="en")
    assert learned is not None
    assert (learned.outcome, learned.old_score, learned.before) == ("kept", 1.0, model)
    model_folder(folder, deaf_to="positive")
    queries.loaded.cache_clear()
    assert queries.models_in_force() == (), "other files do not read"
    assert "not those that were tested" in client.get(page.request["PATH_INFO"]).content.decode()
    learning.switch_back(by=sanne, aspect="tone", language="en")
    work_off()
    assert {row.analyser for row in every_post()} == {"1", "1+person"}


def test_a_folder_that_is_not_surely_better_does_not_take_over(
    many: list[PostRead], sanne: Any, folder: Path  # noqa: F811
) -> None:  # fmt: skip
    check(sanne, draw(sanne, 200), 200)
    assert learning.learn(by=sanne, aspect="tone", language="en").outcome == "switched"  # type: ignore[union-attr]
    before = queries.in_force("tone", "en")
    model_folder(folder, deaf_to="positive")
    assert learning.retrain_what_is_due(by=sanne) == 1, "the night tests it too"
    work_off()
    kept_ = Decision.objects.filter(candidate__made="folder").get()
    assert (kept_.outcome, kept_.why) == ("kept", "not_surely_better")
    assert kept_.low is not None
    assert kept_.low < 0
    assert queries.in_force("tone", "en") == before
    assert learning.retrain_what_is_due(by=sanne) == 0
