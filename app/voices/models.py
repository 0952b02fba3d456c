"""The two models that tell voices apart, and the check that they are the right ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from app.voices.features import BANDS, Features, Samples, features_of

Vector: TypeAlias = NDArray[np.float32]
"""A voice as a direction: its length is 1, and the product of two is their likeness."""
Vectors: TypeAlias = NDArray[np.float32]
"""One a row."""

VECTOR_SIZE = 192
LEAST_ROWS = 30
"""The voice model is given no less: what is shorter is repeated."""
_FILL = 0.1
"""Noise added to telephone sound, 20 dB below it, so that no band is empty."""


class ModelError(Exception):
    """A model is missing, damaged, or not to be loaded."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of the models.

    Attributes:
        name: Its name in the folder.
        sha256: What it must hash to.
    """

    name: str
    sha256: str


SEGMENTATION = ModelFile(
    "segmentation.onnx", "c6a77c35b17ac3f3df4f5f68d97113063b625ad3b65ca3e8258792f1b60fdeee"
)
ENCODER = ModelFile(
    "encoder.onnx", "c9b71e1ad1a8565da5a9986a8a7e304f4b3c3b8dcac9def465a152fe043e02db"
)
TELEPHONE_MEAN = ModelFile(
    "telephone.npy", "3423525968726e91b16d31404e324a0887fdb6ce3b06fb908de2fd2e3f462eaa"
)
MODEL_FILES = (SEGMENTATION, ENCODER, TELEPHONE_MEAN)
MODELS_MARK = ENCODER.sha256[:16]
"""Vectors of models with another mark mean something else and are of no use."""


class _Session(Protocol):
    def run(
        self, output_names: None, input_feed: dict[str, NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]: ...


class Segmenter:
    """Tells, of ten seconds of sound, which of up to three voices speak at each moment."""

    def __init__(self, session: _Session) -> None:
        self._session = session

    def chances(self, window: Samples) -> NDArray[np.float32]:
        """Give, per frame, how likely each class is: nobody, each voice, each pair."""
        return self._session.run(None, {"waveforms": window[None, None]})[0][0]


class Encoder:
    """Tells voices apart: gives the vector of whoever speaks.

    Attributes:
        is_narrow: Whether it is for telephone sound, which has no upper half. All such
            voices are alike to the model, so what they share is taken off.
    """

    def __init__(self, session: _Session, telephone_mean: Vector, *, is_narrow: bool) -> None:
        self.is_narrow = is_narrow
        self._session = session
        self._telephone_mean = telephone_mean

    def features(self, samples: Samples) -> Features:
        """Give what ``vector`` needs, of which it can be given any rows."""
        if self.is_narrow and samples.size:
            # The same noise each time: the same sound gives the same vector.
            noise = np.random.default_rng(1).standard_normal(samples.size, np.float32)
            level = np.sqrt(np.mean(np.square(samples), dtype=np.float64))
            samples = (samples + noise * np.float32(level * _FILL)).astype(np.float32)
        return features_of(samples)

    def vector(self, rows: Features) -> Vector:
        """Give the voice heard in these rows; there must be at least one."""
        if len(rows) < LEAST_ROWS:
            rows = np.resize(rows, (LEAST_ROWS, BANDS))
        level = rows - rows.mean(axis=0)
        found = unit(self._session.run(None, {"fbank": level[None]})[0][0])
        return unit(found - self._telephone_mean) if self.is_narrow else found


@dataclass(frozen=True, slots=True)
class Models:
    """Both models, loaded.

    Attributes:
        segmenter: Who speaks within ten seconds.
        encoder: The voice of a piece of sound.
        narrow_encoder: The same for telephone sound.
    """

    segmenter: Segmenter
    encoder: Encoder
    narrow_encoder: Encoder

    @classmethod
    def load(cls, folder: Path, threads: int = 1) -> Models:
        """Check and load the models.

        Args:
            folder: Where ``MODEL_FILES`` lie.
            threads: How many processors to use.

        Raises:
            ModelError: One of them is missing, damaged, or not to be loaded.
            MemoryError: There is no room for them.
        """
        segmentation, encoder, telephone = (_checked(folder, file) for file in MODEL_FILES)
        mean = np.frombuffer(telephone[-VECTOR_SIZE * 4 :], "<f4")
        voice = _session(encoder, threads)
        return cls(
            Segmenter(_session(segmentation, threads)),
            Encoder(voice, mean, is_narrow=False),
            Encoder(voice, mean, is_narrow=True),
        )

    def encoder_for(self, *, is_narrow: bool) -> Encoder:
        """Give the encoder for a kind of sound."""
        return self.narrow_encoder if is_narrow else self.encoder


def load_segmenter(folder: Path) -> Segmenter:
    """Check and load the one model that tells whether anybody speaks at all.

    Raises:
        ModelError: It is missing, damaged, or not to be loaded.
        MemoryError: There is no room for it.
    """
    return Segmenter(_session(_checked(folder, SEGMENTATION), 1))


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring vectors to the length 1; one of nothing stays nothing."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / (length + np.float32(1e-9))).astype(np.float32, copy=False)


def _checked(folder: Path, file: ModelFile) -> bytes:
    path = folder / file.name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: {error}") from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ModelError(f"{path} is damaged")
    return content


def _session(content: bytes, threads: int) -> _Session:
    runtime: Any = import_module("onnxruntime")  # takes a while, and has no types
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Kept memory is never given back, and spinning threads double the processor time.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        session: object = runtime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime has a dozen kinds, all of them its own
        if "alloc" in str(error):
            raise MemoryError(str(error)) from error
        raise ModelError(str(error)) from error
    return cast("_Session", session)
