"""The folder of a brought model: which one it is, and what is kept of it beside its files."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.learning.aspects import CLASSES
from openroads.analysis.sentences import say
from openroads.listening.labels.onnx_model import BadFolder, OnnxModel, digest_of, open_folder

__all__ = ["BadFolder", "OnnxModel", "digest_of", "kept", "open_folder", "opened"]


def opened(folder: Path | None, language: str, digest: str, tried: bytes) -> OnnxModel:
    """The model that was tested, with what it said then. Raises BadFolder when no folder is set, or its
    files are not those that were tested."""
    if folder is None:
        raise BadFolder(say("No folder of a model is set (OPENROADS_TONE_MODEL)."))
    model = open_folder(folder, language, digest)
    with np.load(io.BytesIO(tried), allow_pickle=False) as arrays:
        said, truth = arrays["said"], arrays["truth"]
    if said.shape != (len(truth), len(CLASSES["tone"])):
        raise BadFolder(say("What is kept of the model is damaged; test it anew."))
    return replace(model, tried_on=said, tried_truth=truth)


def kept(said: NDArray[np.float32], truth: NDArray[np.int8]) -> bytes:
    """What a model said of labelled posts and what they are, as an npz without pickles."""
    packed = io.BytesIO()
    np.savez_compressed(packed, said=said.astype("<f4"), truth=truth.astype("|i1"))
    return packed.getvalue()
