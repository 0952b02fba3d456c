"""A tiny model of Parakeet's form, written byte by byte: it says the same wherever it hears.

Its three files have the names, inputs and outputs of the real ones: an encoder that takes
128 mel bands and gives one vector each 80 ms, a decoder with joint network that gives a
chance for each sign and for how far to go on, and the signs. After nothing it says the first
sign, after that the next, and then nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

FLOAT, INT32, INT64 = 1, 6, 7
_KINDS = {np.dtype("f4"): FLOAT, np.dtype("i4"): INT32, np.dtype("i8"): INT64}
BANDS, WIDTH, STATE, DURATIONS = 128, 4, 3, 5
SIGNS = ("▁he", "llo", "▁world", ".", "<blk>")
STEPS = (2, 4, 1, 1)
"""How many frames each sign goes on for; the frames are 80 ms."""


def write_parakeet(folder: Path) -> Path:
    """Write the model into a folder, and give it."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = "".join(f"{sign} {number}\n" for number, sign in enumerate(SIGNS))
    (folder / "vocab.txt").write_text(vocabulary, "utf-8")
    (folder / "config.json").write_text(
        '{"model_type": "nemo-conformer-tdt", "features_size": 128, "subsampling_factor": 8}'
    )
    (folder / "encoder-model.int8.onnx").write_bytes(_encoder())
    (folder / "decoder_joint-model.int8.onnx").write_bytes(_decoder())
    return folder


def _encoder() -> bytes:
    """Take every eighth frame and four bands of it."""
    nodes = [
        _node("Slice", ["audio_signal", "from", "to", "axes", "steps"], ["outputs"]),
        _node("Add", ["length", "seven"], ["longer"]),
        _node("Div", ["longer", "eight"], ["encoded_lengths"]),
    ]
    constants = [
        _tensor("from", np.array([0, 0], np.int64)),
        _tensor("to", np.array([WIDTH, 1 << 40], np.int64)),
        _tensor("axes", np.array([1, 2], np.int64)),
        _tensor("steps", np.array([1, 8], np.int64)),
        _tensor("seven", np.array(7, np.int64)),
        _tensor("eight", np.array(8, np.int64)),
    ]
    given = [
        _value("audio_signal", FLOAT, ["batch", BANDS, "time"]),
        _value("length", INT64, ["batch"]),
    ]
    made = [
        _value("outputs", FLOAT, ["batch", WIDTH, "frames"]),
        _value("encoded_lengths", INT64, ["batch"]),
    ]
    return _model(nodes, constants, given, made)


def _decoder() -> bytes:
    """Go by the sign before alone."""
    table = np.full((len(SIGNS), len(SIGNS) + DURATIONS), -4.0, np.float32)
    blank = len(SIGNS) - 1
    for number, steps in enumerate(STEPS):
        before = blank if number == 0 else number - 1
        table[before, number] = 4.0
        table[before, len(SIGNS) + steps] = 4.0
    table[blank - 1, blank] = table[blank - 1, len(SIGNS) + 1] = 4.0
    nodes = [
        _node("Gather", ["table", "targets"], ["chances"]),
        _node("Unsqueeze", ["chances", "one"], ["outputs"]),
        _node("Identity", ["input_states_1"], ["output_states_1"]),
        _node("Identity", ["input_states_2"], ["output_states_2"]),
        # What is given has to be taken: the joint network looks at the sound too.
        _node("ReduceSum", ["encoder_outputs"], ["unused"]),
        _node("Cast", ["target_length"], ["unused_too"], to=FLOAT),
    ]
    constants = [_tensor("table", table), _tensor("one", np.array([1], np.int64))]
    states = ["layers", "batch", STATE]
    given = [
        _value("encoder_outputs", FLOAT, ["batch", WIDTH, 1]),
        _value("targets", INT32, ["batch", 1]),
        _value("target_length", INT32, ["batch"]),
        _value("input_states_1", FLOAT, [1, "batch", STATE]),
        _value("input_states_2", FLOAT, [1, "batch", STATE]),
    ]
    made = [
        _value("outputs", FLOAT, ["batch", 1, 1, len(SIGNS) + DURATIONS]),
        _value("output_states_1", FLOAT, states),
        _value("output_states_2", FLOAT, states),
    ]
    return _model(nodes, constants, given, made)


# ------------------------------------------------------------- the format (onnx.proto)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _block(field: int, content: bytes | str) -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _tensor(name: str, array: Any) -> bytes:
    sizes = b"".join(_number(1, size) for size in array.shape)
    return (
        sizes + _number(2, _KINDS[array.dtype]) + _block(8, name) + _block(9, array.tobytes())
    )


def _value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    sizes = b"".join(
        _block(1, _block(2, size) if isinstance(size, str) else _number(1, size))
        for size in shape
    )
    return _block(1, name) + _block(2, _block(1, _number(1, kind) + _block(2, sizes)))


def _node(kind: str, inputs: Sequence[str], outputs: Sequence[str], **numbers: int) -> bytes:
    return b"".join(
        (
            *(_block(1, one) for one in inputs),
            *(_block(2, one) for one in outputs),
            _block(4, kind),
            *(
                _block(5, _block(1, name) + _number(3, value) + _number(20, 2))
                for name, value in numbers.items()
            ),
        )
    )


def _model(
    nodes: Sequence[bytes],
    constants: Sequence[bytes],
    given: Sequence[bytes],
    made: Sequence[bytes],
) -> bytes:
    graph = b"".join(
        (
            *(_block(1, one) for one in nodes),
            _block(2, "tiny"),
            *(_block(5, one) for one in constants),
            *(_block(11, one) for one in given),
            *(_block(12, one) for one in made),
        )
    )
    return _number(1, 8) + _block(7, graph) + _block(8, _block(1, "") + _number(2, 17))
