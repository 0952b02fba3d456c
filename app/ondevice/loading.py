"""Load a model on a graphics card where there is one that works, else on the processor.

That there is a card says little: a library it needs may be missing, which shows only at the
first sum. So a model on a card first hears a second of silence.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from importlib.resources import files as module_files
from pathlib import Path
from typing import cast

import numpy as np

from app.core.models import Device
from app.ondevice.hearing import Model
from app.ondevice.protocol import Request
from app.ondevice.sound import SAMPLE_RATE_HZ
from app.system.memory import give_back_large_at_once

Make = Callable[[Request, Device], Model]
"""Loads the model of a request on a device."""
Find = Callable[[str], Sequence[Device]]
"""Gives the cards an engine may run on, the best first."""
_MANY_WORKERS = 4
_LARGE_BYTES = 100_000_000
"""So many workers with so large a model would take more than 700 MB."""
UNABLE = (RuntimeError, ValueError, OSError, MemoryError)
"""What engines raise where they cannot."""


def load(request: Request, make: Make, find: Find) -> tuple[Model, Device, str]:
    """Load the model of a request.

    Returns:
        The model, what it runs on, and why a card that is there was not used.

    Raises:
        RuntimeError: Not even the processor can run it; likewise ``ValueError``, ``OSError``
            and ``MemoryError``.
    """
    trouble = ""
    for device in () if request.is_card_avoided else find(request.engine):
        try:
            model = make(request, device)
            silence = np.zeros(SAMPLE_RATE_HZ, np.float32)
            segments, _ = model.transcribe(silence, language="en", word_timestamps=True)
            list(segments)
        except UNABLE as error:
            trouble = repr(error)
        else:
            return model, device, ""
    return make(request, Device.CPU), Device.CPU, trouble


def find_cards(engine: str) -> Sequence[Device]:
    """Give the cards an engine may run on, the best first."""
    if engine == "parakeet":
        import onnxruntime  # pyright: ignore[reportMissingTypeStubs] – it ships none

        from app.ondevice.parakeet import PROVIDERS

        here = cast("Sequence[str]", onnxruntime.get_available_providers())  # pyright: ignore[reportUnknownMemberType]
        return [device for name, device in PROVIDERS.items() if name in here]
    _open_cublas()
    import ctranslate2  # pyright: ignore[reportMissingTypeStubs] – it ships none

    count = cast("int", ctranslate2.get_cuda_device_count())  # pyright: ignore[reportUnknownMemberType]
    return [Device.CUDA] if count else []


def maker(workers: int, threads: int) -> Make:
    """Give what loads models that hear so many sounds at a time, each with so many threads."""

    def make(request: Request, device: Device) -> Model:
        folder = Path(request.model_folder)
        if request.engine == "parakeet":
            from app.ondevice.parakeet import ParakeetModel

            return cast("Model", ParakeetModel(folder, threads=threads, device=device))
        from app.ondevice.whisper import SureWhisper

        if is_tight(workers, _size_of(folder)):
            give_back_large_at_once()
        with _with_heads(folder, request.heads) as ready:
            return cast(
                "Model",
                SureWhisper(
                    str(ready),
                    device=device.value,
                    compute_type="int8" if device is Device.CPU else "int8_float16",
                    cpu_threads=threads,
                    num_workers=workers,
                    local_files_only=True,
                ),
            )

    return make


def is_tight(workers: int, size_bytes: int) -> bool:
    """Tell whether so many workers with so large a model take much memory.

    Args:
        workers: How many sounds are heard at a time.
        size_bytes: Size of the model's files.
    """
    return workers >= _MANY_WORKERS and size_bytes >= _LARGE_BYTES


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


@contextmanager
def _with_heads(folder: Path, heads: Sequence[tuple[int, int]]) -> Generator[Path]:
    """Give a folder with a model's files and other attention heads to tell word times by.

    It is needed only while the model is loaded. Handed over in memory instead, the files
    would stay there twice.
    """
    if not heads:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="wordlight-model-") as name:
        for path in folder.iterdir():
            if path.is_file():
                _link(path, Path(name, path.name))
        config = Path(name, "config.json")
        content: dict[str, object] = json.loads(config.read_bytes())
        content["alignment_heads"] = [list(head) for head in heads]
        config.unlink()  # a link to the model's own
        config.write_text(json.dumps(content), "utf-8")
        yield Path(name)


def _link(path: Path, at: Path) -> None:
    """Let a file be found at another place, as cheaply as the system allows."""
    for link in (os.symlink, os.link):
        with suppress(OSError):
            link(path.resolve(), at)
            return
    shutil.copyfile(path, at)


def _open_cublas() -> None:
    """Open the library of the extra ``cuda``, so that the recogniser finds it."""
    name = "cublas64_12.dll" if sys.platform == "win32" else "libcublas.so.12"
    with suppress(ModuleNotFoundError, OSError):
        for place in module_files("nvidia.cublas").iterdir():
            for library in Path(str(place)).glob(name):
                ctypes.CDLL(str(library))
