"""Write an ONNX model byte by byte, so that it comes out the same wherever it is made.

Only the fields that our two networks need, in the order of their numbers, as the format
(https://onnx.ai, ``onnx.proto``) lays them down.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

FLOAT, INT64, HALF = 1, 7, 10
_DATA_TYPES = {np.dtype("f4"): FLOAT, np.dtype("i8"): INT64, np.dtype("f2"): HALF}
_A_FLOAT, _AN_INT, _A_STRING, _INTS = 1, 2, 3, 7
_IR_VERSION, _OPSET = 8, 17
_LEAST_PACKED = 64
"""Smaller constants are not worth a conversion when the model is loaded."""


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
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


def _attribute(name: str, value: float | str | Sequence[int]) -> bytes:
    begin = _block(1, name)
    if isinstance(value, float):
        return begin + _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, _A_FLOAT)
    if isinstance(value, int):
        return begin + _number(3, value) + _number(20, _AN_INT)
    if isinstance(value, str):
        return begin + _block(4, value) + _number(20, _A_STRING)
    return begin + b"".join(_number(8, one) for one in value) + _number(20, _INTS)


def _tensor(name: str, array: Any) -> bytes:
    sizes = b"".join(_number(1, size) for size in array.shape)
    kind = _number(2, _DATA_TYPES[array.dtype])
    return sizes + kind + _block(8, name) + _block(9, array.tobytes())


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sizes = b"".join(
        _block(1, _block(2, size) if isinstance(size, str) else _number(1, size))
        for size in shape
    )
    return _block(1, name) + _block(2, _block(1, _number(1, FLOAT) + _block(2, sizes)))


class Graph:
    """A network being written down: each call adds one step and gives its result's name."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._count = 0

    def constant(self, array: Any, *, is_exact: bool = False) -> str:
        """Add numbers; larger arrays are kept as 16 bit and unpacked when loaded."""
        name = self._name("c")
        array = np.ascontiguousarray(array)
        if not is_exact and array.dtype == np.float32 and array.size > _LEAST_PACKED:
            self._constants.append(_tensor(name + "_h", array.astype("<f2")))
            self._node("Cast", [name + "_h"], [name], {"to": FLOAT})
        else:
            self._constants.append(_tensor(name, array))
        return name

    def whole(self, *values: int) -> str:
        """Add a few whole numbers."""
        return self.constant(np.array(values, np.int64))

    def step(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        """Add a step."""
        name = self._name("t")
        self._node(kind, inputs, [name], attributes)
        return name

    def result(self, kind: str, inputs: Sequence[str], name: str, **attributes: Any) -> None:
        """Add the last step."""
        self._node(kind, inputs, [name], attributes)

    def model(
        self,
        title: str,
        given: tuple[str, Sequence[int | str]],
        result: tuple[str, Sequence[int | str]],
    ) -> bytes:
        """Give the file.

        Args:
            title: Name of the network.
            given: Name and sizes of what it is given.
            result: Name and sizes of what it gives.
        """
        graph = b"".join(
            (
                *(_block(1, node) for node in self._nodes),
                _block(2, title),
                *(_block(5, constant) for constant in self._constants),
                _block(11, _value(*given)),
                _block(12, _value(*result)),
            )
        )
        opset = _block(1, "") + _number(2, _OPSET)
        return _number(1, _IR_VERSION) + _block(7, graph) + _block(8, opset)

    def _name(self, hint: str) -> str:
        self._count += 1
        return f"{hint}_{self._count}"

    def _node(
        self, kind: str, inputs: Sequence[str], outputs: Sequence[str], attributes: Any
    ) -> None:
        self._nodes.append(
            b"".join(
                (
                    *(_block(1, one) for one in inputs),
                    *(_block(2, one) for one in outputs),
                    _block(4, kind),
                    *(_block(5, _attribute(*one)) for one in sorted(attributes.items())),
                )
            )
        )
