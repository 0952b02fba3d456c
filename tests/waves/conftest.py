"""Fixtures of the speech service's tests."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.waves.client import WavesClient
from app.waves.retry_policy import Wait
from tests.support.fake_waves import FakeWaves, fake_waves

__all__ = ["fake_waves"]


def wav_bytes(length_s: float = 2.0) -> bytes:
    """A silent recording."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(b"\x00\x00" * round(length_s * 16_000))
    return file.getvalue()


class Naps:
    """A sleep that takes no time and is remembered; optionally never ends."""

    def __init__(self) -> None:
        self.taken_s: list[float] = []

    async def __call__(self, delay_s: float) -> None:
        self.taken_s.append(delay_s)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    path.write_bytes(wav_bytes())
    return path


@pytest.fixture
def large_recording(tmp_path: Path) -> Path:
    """Large enough not to disappear in the system's buffers."""
    path = tmp_path / "long.wav"
    path.write_bytes(wav_bytes() + bytes(24 * 1024 * 1024))
    return path


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def waits() -> list[Wait | None]:
    return []


@pytest_asyncio.fixture
async def client(fake_waves: FakeWaves, naps: Naps) -> AsyncIterator[WavesClient]:
    client = WavesClient(
        fake_waves.address, lambda: fake_waves.key, sleep=naps, random=lambda: 1.0
    )
    yield client
    await client.aclose()
