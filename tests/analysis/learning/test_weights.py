"""Models on disk: they come back as they were, and no file whatsoever does harm."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.learning.lessons_of_bikes import bikes, english
from openroads.analysis.learning import weights
from openroads.analysis.learning.training import train
from openroads.analysis.learning.weights import BadWeights, dumped, load, loaded, save

MODEL = train(bikes(60), "tone")
PACKED = dumped(MODEL)
TEXTS = ["the lamp failed after a week", "so pleased with it", "it comes in blue", ""]


def entries(packed=PACKED):
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        return {name: file.read(name) for name in file.namelist()}


def repacked(contents, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return packed.getvalue()


def array(values, **how):
    plain = io.BytesIO()
    np.lib.format.write_array(plain, values, **how)
    return plain.getvalue()


def with_head(**changes):
    content = entries()
    told = np.lib.format.read_array(io.BytesIO(content["head.npy"]))
    head = json.loads(told.tobytes()) | changes
    content["head.npy"] = array(np.frombuffer(json.dumps(head).encode(), np.uint8))
    return repacked(content)


def test_a_model_comes_back_as_it_was(tmp_path):
    path = tmp_path / "deep" / "model.npz"
    save(MODEL, path)
    again = load(path, expected=MODEL.digest)
    assert again.version == MODEL.version
    assert (
        again.predict(TEXTS, english(4)).probabilities
        == MODEL.predict(TEXTS, english(4)).probabilities
    ).all()
    assert list(path.parent.iterdir()) == [path], "no half file is left beside it"


def test_the_same_model_gives_the_same_bytes_and_holds_no_word():
    assert dumped(MODEL) == dumped(loaded(PACKED)) == PACKED
    plain = b"".join(entries().values())
    assert not any(word.encode() in plain for word in ("charger", "pleased", "number7"))


def test_a_file_that_another_model_is_in_is_not_the_one_saved_here():
    other = dumped(train(bikes(61), "tone"))
    assert loaded(other).labels == 61
    with pytest.raises(BadWeights, match="not the one"):
        loaded(other, expected=MODEL.digest)


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("the file was run",))


def objects():
    return array(np.array([Bomb()], object), allow_pickle=True)


def endless_shape():
    head = b"{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999, 3), }".ljust(117)
    return b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + head + b"\n"


HOSTILE = {
    "no zip": b"PK nothing",
    "empty": b"",
    "a pickle": pickle.dumps(Bomb()),
    "cut off": PACKED[: len(PACKED) // 2],
    "an entry more": repacked(entries() | {"extra.npy": array(np.zeros(1))}),
    "an entry less": repacked({name: content for name, content in entries().items() if "pair" not in name}),
    "a way out": repacked({f"../{name}": content for name, content in entries().items()}),
    "objects": repacked(entries() | {"piece_weights.npy": objects()}),
    "head of objects": repacked(entries() | {"head.npy": objects()}),
    "endless shape": repacked(entries() | {"piece_weights.npy": endless_shape()}),
    "other figures": repacked(entries() | {"piece_worth.npy": array(MODEL.piece_worth.astype(np.float64))}),
    "no figures": repacked(entries() | {"piece_worth.npy": array(MODEL.piece_worth * np.float32(np.nan))}),
    "shorter": repacked(entries() | {"piece_worth.npy": array(MODEL.piece_worth[:-1])}),
    "out of order": repacked(entries() | {"piece_keys.npy": array(MODEL.piece_keys[::-1].copy())}),
    "other weights": repacked(entries() | {"piece_weights.npy": array(MODEL.piece_weights * 2)}),
    "answers that are none": repacked(entries() | {"tried_truth.npy": array(MODEL.tried_truth + np.int8(3))}),
    "another schema": with_head(schema=99),
    "another recipe": with_head(recipe="0"),
    "another aspect": with_head(applies_to="mood"),
    "no languages": with_head(languages=[]),
    "odd languages": with_head(languages=[["en"]]),
    "more labels than are true": with_head(labels=5_000),
    "labels of another kind": with_head(labels=True),
    "no worth": with_head(unseen=float("nan")),
    "a list": repacked(entries() | {"head.npy": array(np.frombuffer(b"[1]", np.uint8))}),
}  # fmt: skip


@pytest.mark.parametrize("packed", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_or_damaged_file_is_refused_with_a_sentence(packed):
    with pytest.raises(BadWeights) as refused:
        loaded(packed)
    assert str(refused.value).endswith(".")


def test_a_file_that_would_unpack_to_gigabytes_is_not_unpacked():
    zeros = b"\x00" * 1_000_000
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries().items():
            if name == "piece_weights.npy":
                with file.open(name, "w", force_zip64=True) as entry:
                    for _ in range(200):
                        entry.write(zeros)
            else:
                file.writestr(name, content)
    assert len(packed.getvalue()) < 1_000_000
    with pytest.raises(BadWeights, match="larger"):
        loaded(packed.getvalue())


def test_a_file_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "LARGEST", 100)
    (tmp_path / "model.npz").write_bytes(PACKED)
    with pytest.raises(BadWeights, match="larger"):
        load(tmp_path / "model.npz")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_byte_that_changed_is_noticed_or_changes_nothing(data):
    place = data.draw(st.integers(0, len(PACKED) - 1))
    value = data.draw(st.integers(0, 255))
    damaged = PACKED[:place] + bytes([value]) + PACKED[place + 1 :]
    try:
        found = loaded(damaged)
    except BadWeights:
        return
    assert found.digest == MODEL.digest
