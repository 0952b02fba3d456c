"""The sound of a take is read while it grows, as if it had been read whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.capture.growing import GrowingSound
from app.capture.journal import TakeFolder, wav_header
from app.core.live import LIVE_RATE_HZ
from app.core.take import RATE_HZ


def tone(hertz: int, seconds: float, peak: int = 8_000) -> NDArray[np.int16]:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (peak * np.sin(2 * np.pi * hertz * at)).astype(np.int16)


def append(folder: TakeFolder, number: int, raw: bytes, channels: int = 1) -> None:
    path = folder.path / f"part-{number}.wav"
    with path.open("ab") as file:
        if not file.tell():
            file.write(wav_header(channels))
        file.write(raw)


def all_of(sound: GrowingSound) -> bytes:
    found = bytearray()
    while piece := sound.read():
        found += piece
    return bytes(found)


@pytest.fixture
def files() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def sound_of(files: ExitStack, folder: TakeFolder, channel: int = 0) -> GrowingSound:
    return files.enter_context(closing(GrowingSound(folder, channel)))


def samples(raw: bytes) -> NDArray[np.int16]:
    return np.frombuffer(raw, "<i2")


def test_sound_that_grows_by_odd_bytes_is_the_sound_read_at_once(
    tmp_path: Path, files: ExitStack
) -> None:
    raw = np.random.default_rng(4).integers(-9_000, 9_000, 2 * 90_001).astype(np.int16)
    stereo = raw.tobytes()
    whole_folder, growing_folder = TakeFolder(tmp_path / "a"), TakeFolder(tmp_path / "b")
    for folder in (whole_folder, growing_folder):
        folder.path.mkdir()
    append(whole_folder, 1, stereo, channels=2)
    whole = all_of(sound_of(files, whole_folder, 1))

    growing = sound_of(files, growing_folder, 1)
    found = bytearray(growing.read())  # there is nothing yet
    for at in range(0, len(stereo), 7_777):
        append(growing_folder, 1, stereo[at : at + 7_777], channels=2)
        found += all_of(growing)

    assert bytes(found) == whole
    assert samples(whole).size == pytest.approx(30_000, abs=12)


def test_each_source_is_read_by_itself(tmp_path: Path, files: ExitStack) -> None:
    folder = TakeFolder(tmp_path)
    rows = np.stack((tone(440, 1), tone(440, 1) // 4), axis=1)
    append(folder, 1, rows.tobytes(), channels=2)

    loud, quiet = (samples(all_of(sound_of(files, folder, channel))) for channel in (0, 1))

    assert np.abs(loud[100:-100]).max() == pytest.approx(8_000, rel=0.02)
    assert np.abs(quiet[100:-100]).max() == pytest.approx(2_000, rel=0.02)


def test_it_goes_on_in_the_part_of_the_next_process(tmp_path: Path, files: ExitStack) -> None:
    folder = TakeFolder(tmp_path)
    append(folder, 1, tone(300, 0.5).tobytes() + b"\x01")  # cut within a sample
    growing = sound_of(files, folder)
    first = all_of(growing)
    append(folder, 2, tone(300, 0.5).tobytes())
    second = all_of(growing)

    assert (len(first) + len(second)) // 2 == pytest.approx(LIVE_RATE_HZ, abs=12)
    assert np.abs(samples(second)[60:]).max() == pytest.approx(8_000, rel=0.02)


@pytest.mark.parametrize(("hertz", "least", "most"), [(3_000, 0.97, 1.03), (11_000, 0, 0.02)])
def test_what_is_too_high_for_the_rate_does_not_come_back_as_something_lower(
    tmp_path: Path, files: ExitStack, hertz: int, least: float, most: float
) -> None:
    folder = TakeFolder(tmp_path)
    append(folder, 1, tone(hertz, 1).tobytes())

    heard = samples(all_of(sound_of(files, folder)))[200:-200]

    assert least <= np.abs(heard).max() / 8_000 <= most
