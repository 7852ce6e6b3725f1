"""Models on disk: plain arrays in an npz file, never pickle; a hostile or damaged file is refused."""

import io
import json
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.learning.aspects import CLASSES
from openroads.analysis.learning.features import CUES, RECIPE
from openroads.analysis.learning.model import ARRAYS, Model

SCHEMA = 1
LARGEST = 64 * 1024 * 1024
"""Bytes of a file, packed and unpacked; 5,000 labels take about a half of one hundredth of it."""

HEAD = "head"
HEAD_BYTES = 4096
MOST_LANGUAGES = 20
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
DTYPES = {
    "piece_keys": "<u4",
    "piece_weights": "<f4",
    "piece_worth": "<f4",
    "pair_keys": "<u4",
    "pair_weights": "<f4",
    "pair_worth": "<f4",
    "cue_weights": "<f4",
    "tried_on": "<f4",
    "tried_truth": "|i1",
}


class BadWeights(ValueError):
    """The file is no model of ours, damaged, or of another version; the text says which."""


def dumped(model: Model) -> bytes:
    """A model as the bytes of an npz file; the same model always gives the same bytes."""
    head = {
        "schema": SCHEMA,
        "recipe": RECIPE,
        "applies_to": model.applies_to,
        "languages": list(model.languages),
        "labels": model.labels,
        "unseen": model.unseen,
        "digest": model.digest,
    }
    told = json.dumps(head, sort_keys=True).encode()
    arrays = {HEAD: np.frombuffer(told, np.uint8)}
    arrays |= {name: getattr(model, name).astype(DTYPES[name]) for name in ARRAYS}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, values in arrays.items():
            plain = io.BytesIO()
            np.lib.format.write_array(plain, np.ascontiguousarray(values), allow_pickle=False)
            # TRICKY: without a day of its own every entry would carry the time of writing.
            file.writestr(zipfile.ZipInfo(f"{name}.npy", FIRST_DAY), plain.getvalue(),
                          compress_type=zipfile.ZIP_DEFLATED)  # fmt: skip
    return packed.getvalue()


def loaded(packed: bytes, *, expected: str = "") -> Model:
    """The model in these bytes.

    `expected` is the digest the house noted when it saved it: a file somebody made is whole in
    itself, but it is not that one. Raises `BadWeights` with a sentence; nothing in the file is run
    and nothing larger than `LARGEST` is unpacked.
    """
    if len(packed) > LARGEST:
        raise BadWeights(f"The file is larger than {LARGEST} bytes.")
    try:
        arrays = _arrays(packed)
        head = json.loads(arrays.pop(HEAD).tobytes())
    except BadWeights:
        raise
    except Exception as error:  # zipfile, numpy and json fail in a dozen ways
        raise BadWeights(f"The file cannot be read as weights: {error}.") from error
    model = _model(head, arrays)
    if model.digest != head["digest"]:
        raise BadWeights("The file is damaged: its contents do not match its own hash.")
    if expected and model.digest != expected:
        raise BadWeights("The file is not the one that was saved here.")
    return model


def save(model: Model, path: Path) -> None:
    """Write a model beside its place and move it there, so that a kill leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_bytes(dumped(model))
    half.replace(path)


def load(path: Path, *, expected: str = "") -> Model:
    """The model in a file, checked as `loaded` does. Raises FileNotFoundError when it is gone."""
    if path.stat().st_size > LARGEST:
        raise BadWeights(f"The file is larger than {LARGEST} bytes.")
    return loaded(path.read_bytes(), expected=expected)


def _arrays(packed: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of the file by name; sizes are checked before anything is unpacked."""
    wanted = {f"{name}.npy" for name in (HEAD, *ARRAYS)}
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        entries = file.infolist()
        if len(entries) != len(wanted) or {entry.filename for entry in entries} != wanted:
            raise BadWeights("The file holds other things than a model does.")
        if sum(entry.file_size for entry in entries) > LARGEST:
            raise BadWeights(f"Unpacked the file is larger than {LARGEST} bytes.")
        return {entry.filename.removesuffix(".npy"): _array(file, entry) for entry in entries}


def _array(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NDArray[Any]:
    name = entry.filename.removesuffix(".npy")
    with file.open(entry) as packed:
        plain = packed.read(entry.file_size + 1)
    if len(plain) != entry.file_size:
        raise BadWeights(f"{name} is not as long as the file says.")
    source = io.BytesIO(plain)
    if np.lib.format.read_magic(source) != (1, 0):
        raise BadWeights(f"{name} is not an array of the kind we write.")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(source)
    asked = np.dtype("|u1" if name == HEAD else DTYPES[name])
    left = len(plain) - source.tell()
    if dtype != asked or dtype.hasobject or by_columns or len(shape) > 2:
        raise BadWeights(f"{name} holds other figures than a model does.")
    if any(side < 0 for side in shape) or math.prod(shape) * dtype.itemsize != left:
        raise BadWeights(f"{name} is not as long as its shape says.")
    if name == HEAD and left > HEAD_BYTES:
        raise BadWeights("The head of the file is too long.")
    return np.frombuffer(plain[source.tell() :], dtype).reshape(shape)


def _model(head: Any, arrays: dict[str, NDArray[Any]]) -> Model:
    """A model of arrays that fit each other."""
    if not isinstance(head, dict) or head.get("schema") != SCHEMA or head.get("recipe") != RECIPE:
        raise BadWeights("The file was written by another version: train again.")
    aspect, languages = head.get("applies_to"), head.get("languages")
    labels, unseen = head.get("labels"), head.get("unseen")
    if aspect not in CLASSES or not isinstance(head.get("digest"), str):
        raise BadWeights("The file does not say what it is for.")
    if not (
        isinstance(languages, list)
        and 0 < len(languages) <= MOST_LANGUAGES
        and all(isinstance(one, str) and 0 < len(one) <= 8 for one in languages)
        and type(labels) is int
        and labels >= 0
        and isinstance(unseen, float)
        and 0.0 < unseen < 100.0
    ):
        raise BadWeights("The head of the file makes no sense.")
    classes = len(CLASSES[aspect])
    pieces, pairs, tried = (
        len(arrays[name]) for name in ("piece_keys", "pair_keys", "tried_truth")
    )
    shapes = {
        "piece_keys": (pieces,),
        "piece_weights": (pieces, classes),
        "piece_worth": (pieces,),
        "pair_keys": (pairs,),
        "pair_weights": (pairs, classes),
        "pair_worth": (pairs,),
        "cue_weights": (len(CUES) + 1, classes),
        "tried_on": (tried, classes),
        "tried_truth": (tried,),
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise BadWeights(f"{name} does not fit the rest.")
        if arrays[name].dtype.kind == "f" and not np.isfinite(arrays[name]).all():
            raise BadWeights(f"{name} holds figures that are none.")
    for name in ("piece_keys", "pair_keys"):
        if (arrays[name][1:] <= arrays[name][:-1]).any():
            raise BadWeights(f"{name} is not in order.")
    if tried and not 0 <= arrays["tried_truth"].min() <= arrays["tried_truth"].max() < classes:
        raise BadWeights("tried_truth holds answers that are none.")
    return Model(
        applies_to=aspect, languages=tuple(languages), labels=labels, unseen=unseen, **arrays
    )
