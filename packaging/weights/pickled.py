"""Read the tensors of a PyTorch file without PyTorch, and without running what is in it."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from typing_extensions import override

_KINDS: dict[str, Any] = {
    "FloatStorage": np.float32,
    "DoubleStorage": np.float64,
    "HalfStorage": np.float16,
    "LongStorage": np.int64,
    "IntStorage": np.int32,
    "BoolStorage": np.bool_,
}


class _Nothing:
    """Stands for every class that is not needed: does nothing, whatever is asked of it."""

    def __init__(self, *_: object) -> None: ...

    def __setstate__(self, _: object) -> None: ...

    def __setitem__(self, *_: object) -> None: ...

    def append(self, _: object) -> None: ...


def _tensor(storage: Any, offset: int, size: Any, stride: Any, *_: object) -> Any:
    steps = [step * storage.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(storage[offset:], size, steps).copy()


class _Reader(pickle.Unpickler):
    """Makes tensors of storages, and nothing of everything else."""

    def __init__(self, content: bytes, archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(io.BytesIO(content))
        self._archive = archive
        self._root = root

    @override
    def find_class(self, _module: str, name: str) -> Any:
        if name in _KINDS:
            return name
        if name == "_rebuild_tensor_v2":
            return _tensor
        if name == "OrderedDict":
            return OrderedDict
        return _Nothing

    @override
    def persistent_load(self, place: Any) -> Any:
        _, kind, key, _, count = place
        raw = self._archive.read(f"{self._root}/data/{key}")
        return np.frombuffer(raw, _KINDS[kind], count)


def tensors_of(path: Path) -> dict[str, Any]:
    """Give everything in a PyTorch file of the zip form, tensors as arrays."""
    with zipfile.ZipFile(path) as archive:
        name = next(one for one in archive.namelist() if one.endswith("/data.pkl"))
        return _Reader(archive.read(name), archive, name.rpartition("/")[0]).load()
