"""Listening here and there: where the reckoning is done."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

from app.audio.hearing import hear
from app.audio.probe import probe
from app.core.recording import SoundChoice
from tests.support.recordings import Make

_SLOW = (str(Path(np.__file__).parent), shutil.__file__)
"""What reckons with sound, and what clears folders."""


@contextmanager
def called_here() -> Generator[set[str]]:
    """Give what of the slow is called in this thread, also from C."""
    called: set[str] = set()

    def on_call(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(_SLOW):
            called.add(code.co_qualname)

    before = sys.getprofile()
    sys.setprofile(on_call)
    try:
        yield called
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("choice", [None, SoundChoice((0,))], ids=["looked for", "chosen"])
async def test_the_thread_of_the_window_neither_reckons_with_sound_nor_clears_it_away(
    make: Make, clips: Path, choice: SoundChoice | None
) -> None:
    path = make(
        "film.mkv",
        *("-i", str(clips / "five-minutes.flac")),
        *("-filter_complex", "[0:a]pan=stereo|c0=c0|c1=-0.9*c0[a]"),
        *("-map", "[a]", "-map", "1:a", "-t", "5"),
    )
    recording = await probe(path)  # loads NumPy

    with called_here() as called:
        heard = await hear(recording, choice)

    assert heard.tracks == recording.tracks
    assert heard.tracks[0].weights == (1.0, 0.0)
    assert called == set()
