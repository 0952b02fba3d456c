from __future__ import annotations

from pathlib import Path

import pytest

from app.audio.encode import clip, encode_opus
from app.audio.probe import probe
from app.core.errors import RecordingError
from tests.audio.conftest import Make


async def test_a_whole_recording_becomes_opus(make: Make, tmp_path: Path) -> None:
    told: list[int] = []
    target = tmp_path / "page.ogg"

    await encode_opus(make("talk.flac"), target, told.append)

    found = await probe(target)
    assert (found.codec, found.channels) == ("opus", 1)
    assert abs(found.duration_ms - 57_923) < 100
    assert told
    assert told[-1] <= 58_000


async def test_a_stretch_becomes_a_file(make: Make, tmp_path: Path) -> None:
    target = tmp_path / "quote.wav"

    await clip(make("talk.flac"), 10_000, 12_500, target)

    assert (await probe(target)).duration_ms == 2_500


async def test_a_failure_leaves_no_file(tmp_path: Path) -> None:
    source = tmp_path / "talk.mp3"
    source.write_text("no sound")
    target = tmp_path / "out" / "page.ogg"
    target.parent.mkdir()

    with pytest.raises(RecordingError):
        await encode_opus(source, target)
    assert not any(target.parent.iterdir())
