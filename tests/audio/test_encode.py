from __future__ import annotations

from pathlib import Path

import pytest

from app.audio.probe import probe
from app.audio.share import encode_opus
from app.core.errors import RecordingError
from tests.support.recordings import Make


async def test_a_whole_recording_becomes_opus(make: Make, tmp_path: Path) -> None:
    told: list[int] = []
    target = tmp_path / "page.ogg"

    target.write_bytes(await encode_opus(await probe(make("talk.flac")), told.append))

    found = await probe(target)
    assert (found.codec, found.channels) == ("opus", 1)
    assert abs(found.duration_ms - 57_923) < 100
    assert told == sorted(told)
    assert 57_000 <= told[-1] <= 58_000


async def test_what_is_no_recording_any_more_is_told(make: Make) -> None:
    source = make("talk.flac")
    recording = await probe(source)
    source.write_text("no sound")

    with pytest.raises(RecordingError):
        await encode_opus(recording)
