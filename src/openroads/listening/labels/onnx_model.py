"""A model of tone somebody else trained, read from a folder on this machine (ONNX). It knows no Django:
processes that only read texts load it too."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.learning.aspects import CLASSES, Aspect
from openroads.analysis.learning.features import Columns, Features
from openroads.analysis.learning.model import ELSEWHERE, Told
from openroads.analysis.learning.weights import BadWeights
from openroads.analysis.sentences import Sentence, say

FILES = ("model.onnx", "tokenizer.json", "config.json")
BESIDE = "model.onnx_data"
"""Where large models keep their weights: part of what the model is, when it is there."""
LONGEST = 256
"""Pieces of words of a post that are read; the time it takes grows faster than the length."""
MOST_TEXT = 4_000
"""Characters of a post that are cut into pieces at all."""
AT_ONCE = 32
THREADS = 2
MOST_CONFIG = 4_000_000

WORDS = {
    "negative": ("negative", "neg", "negatief", "very negative", "1 star", "2 stars"),
    "neutral": ("neutral", "neu", "neutraal", "mixed", "3 stars"),
    "positive": ("positive", "pos", "positief", "very positive", "4 stars", "5 stars"),
}
"""What models call their answers, in small letters."""
_PLACES = {
    word: place for place, name in enumerate(CLASSES["tone"]) for word in WORDS[name]
}  # fmt: skip
_KNOWN_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class BadFolder(BadWeights):
    """The folder holds no model that can be read; `why` is a sentence that says what is wrong."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True, eq=False)
class OnnxModel:
    """A model from a folder, as it reads the tone of one language. The same files have the same version."""

    folder: Path
    language: str
    digest: str
    tried_on: NDArray[np.float32] = field(repr=False)
    """What it said of labelled posts; it learned from none of them. Shares are corrected by these."""
    tried_truth: NDArray[np.int8] = field(repr=False)

    @property
    def applies_to(self) -> Aspect:
        """Tone is all it tells."""
        return "tone"

    @property
    def languages(self) -> tuple[str, ...]:
        """The one it was tried for, whatever else it may know."""
        return (self.language,)

    @property
    def classes(self) -> tuple[str, ...]:
        """The answers, in the order of the probabilities."""
        return CLASSES["tone"]

    @property
    def version(self) -> str:
        """A name that no other files have: "tone-nl-onnx-1f0c6a9be2"."""
        return f"tone-{self.language}-onnx-{self.digest[:10]}"

    def predict(self, texts: Sequence[str], columns: Columns) -> Told:
        """Class and probabilities of each text; -1 and NaN where the language is another."""
        return self._told(texts, columns.language)

    def told(self, texts: Sequence[str], features: Features, language: Sequence[str]) -> Told:
        """The same, for who reads with several models: it needs the texts alone."""
        return self._told(texts, language)

    def _told(self, texts: Sequence[str], language: Sequence[str]) -> Told:
        mine = [place for place, one in enumerate(language) if one == self.language]
        probabilities = np.full((len(texts), len(self.classes)), np.nan, np.float32)
        classes = np.full(len(texts), ELSEWHERE, np.int8)
        if mine:
            found = _opened(self.folder, self.digest).scores([texts[place] for place in mine])
            probabilities[mine] = found
            classes[mine] = found.argmax(axis=1).astype(np.int8)
        return Told(classes, probabilities)


def open_folder(folder: Path, language: str, expected: str = "") -> OnnxModel:
    """The model of a folder for a language, tried once on a sentence.

    `expected` is the digest noted when it was tested: other files are another model and must pass a
    test of their own. Raises BadFolder with a sentence.
    """
    digest = digest_of(folder)
    if expected and digest != expected:
        raise BadFolder(say("The files in the folder are not those that were tested; test them anew."))  # fmt: skip
    _opened(folder, digest).scores(["a sentence to try it on", ""])
    empty = np.zeros((0, len(CLASSES["tone"])), np.float32)
    return OnnxModel(folder, language, digest, empty, np.zeros(0, np.int8))


def digest_of(folder: Path) -> str:
    """A hash over the files of a model. Raises BadFolder when one is missing."""
    if not folder.is_dir():
        raise BadFolder(say("There is no folder {folder}.", folder=str(folder)))
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise BadFolder(say("The folder has no file {names}.", names=", ".join(missing)))
    told = blake2b(digest_size=20)
    try:
        for name in (*FILES, BESIDE):
            if (folder / name).is_file():
                told.update(f"{name} {(folder / name).stat().st_size} ".encode())
                with (folder / name).open("rb") as file:
                    while piece := file.read(1 << 20):
                        told.update(piece)
    except OSError:
        raise BadFolder(say("The files in {folder} cannot be read.", folder=str(folder))) from None
    return told.hexdigest()


def label_places(told: object) -> list[int]:
    """Where each answer of a model stands among ours, from `id2label` of its config.json."""
    labels = told.get("id2label") if isinstance(told, dict) else None
    if not isinstance(labels, dict) or sorted(labels) != sorted(map(str, range(len(labels)))):
        raise BadFolder(say("config.json does not say which answer is which (id2label)."))
    names = [str(labels[str(place)]).strip().lower() for place in range(len(labels))]
    unknown = [name for name in names if name not in _PLACES]
    if unknown:
        raise BadFolder(
            say(
                "config.json calls an answer “{name}”; write negative, neutral or positive in id2label.",
                name=unknown[0][:40],
            )
        )
    places = [_PLACES[name] for name in names]
    if not {0, 2} <= set(places):
        raise BadFolder(say("A model of tone must know negative and positive; this one does not."))
    return places


@dataclass(frozen=True)
class _Opened:
    """The files, read."""

    session: Any
    tokenizer: Any
    places: Sequence[int]
    inputs: Sequence[tuple[str, Any]]

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Probabilities of negative, neutral and positive per text; rows sum to 1."""
        found = np.zeros((len(texts), len(CLASSES["tone"])), np.float32)
        # Texts of one length together: a batch is as long as its longest text.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            raw = self._run([texts[place][:MOST_TEXT] for place in some])
            for column, place in enumerate(self.places):
                found[some, place] += raw[:, column]
        return found

    def _run(self, texts: Sequence[str]) -> NDArray[np.float32]:
        cut = self.tokenizer.encode_batch(list(texts))
        given = {
            "input_ids": [one.ids for one in cut],
            "attention_mask": [one.attention_mask for one in cut],
            "token_type_ids": [one.type_ids for one in cut],
        }
        fed = {name: np.array(given[name], kind) for name, kind in self.inputs}
        try:
            raw = np.asarray(self.session.run(None, fed)[0], np.float64)
        except Exception as error:
            raise BadFolder(say("model.onnx cannot be run: {error}", error=str(error)[:200])) from error  # fmt: skip
        if raw.shape != (len(texts), len(self.places)) or not np.isfinite(raw).all():
            raise BadFolder(say("model.onnx does not give one figure per answer of config.json."))
        raised = np.exp(raw - raw.max(axis=1, keepdims=True))
        shares: NDArray[np.float32] = (raised / raised.sum(axis=1, keepdims=True)).astype(
            np.float32
        )
        return shares


@lru_cache(maxsize=2)
def _opened(folder: Path, digest: str) -> _Opened:
    """The model in memory; the digest is part of the key, so that other files are read anew."""
    try:
        import onnxruntime  # noqa: PLC0415 (optional: the extra "onnx")
        from tokenizers import Tokenizer  # noqa: PLC0415
    except ImportError:
        raise BadFolder(say("This installation cannot read such models; install openroads[onnx].")) from None  # fmt: skip
    told = _config(folder)
    places = label_places(told)
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:
        raise BadFolder(say("tokenizer.json cannot be read: {error}", error=str(error)[:200])) from error  # fmt: skip
    padding = tokenizer.padding or {"pad_id": told.get("pad_token_id") or 0}
    tokenizer.enable_truncation(max_length=_length(told))
    tokenizer.enable_padding(
        pad_id=int(padding["pad_id"]), pad_token=str(padding.get("pad_token", "[PAD]"))
    )
    session, inputs = _session(onnxruntime, folder)
    return _Opened(session, tokenizer, places, inputs)


def _config(folder: Path) -> dict[str, Any]:
    try:
        with (folder / "config.json").open("rb") as file:
            told = json.loads(file.read(MOST_CONFIG))
    except (OSError, ValueError):
        raise BadFolder(say("config.json is no JSON.")) from None
    if not isinstance(told, dict):
        raise BadFolder(say("config.json does not say which answer is which (id2label)."))
    return told


def _length(told: dict[str, Any]) -> int:
    most = told.get("max_position_embeddings")
    return min(LONGEST, most) if isinstance(most, int) and most > 2 else LONGEST


def _session(onnxruntime: Any, folder: Path) -> tuple[Any, list[tuple[str, Any]]]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    try:
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise BadFolder(say("model.onnx cannot be read: {error}", error=str(error)[:200])) from error  # fmt: skip
    asked = [(one.name, one.type) for one in session.get_inputs()]
    strange = [name for name, _kind in asked if name not in _KNOWN_INPUTS]
    if strange or "input_ids" not in dict(asked):
        raise BadFolder(say("model.onnx wants something else than the pieces of a text."))
    kinds = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
    if any(kind not in kinds for _name, kind in asked):
        raise BadFolder(say("model.onnx wants something else than the pieces of a text."))
    return session, [(name, kinds[kind]) for name, kind in asked]
