from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.ondevice.installed import ModelFolders
from tests.support.sounds import ffmpeg


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process hear the clips for all tests that look at what was heard."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and "heard" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("heard"))


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> ModelFolders:
    """The real models; base is put together once for all tests."""
    return ModelFolders(tmp_path_factory.mktemp("own-models"), shared=None)


@pytest.fixture(scope="session")
def wav_of(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("wav")

    def convert(name: str) -> Path:
        wav = folder / f"{name}.wav"
        if not wav.exists():
            ffmpeg("-i", clips / f"{name}.flac", "-ar", "16000", "-ac", "1", wav)
        return wav

    return convert


def write_wav(path: Path, samples: NDArray[np.int16]) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(samples.tobytes())
    return path


@pytest.fixture
def wav_with(tmp_path: Path) -> Callable[[NDArray[np.int16]], Path]:
    return lambda samples: write_wav(tmp_path / "made.wav", samples)
