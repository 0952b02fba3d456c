"""How long the window stands still when something is done for the first time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.core.options import TranscriptionOptions
from app.store.audio_links import link_to
from app.store.paths import AppPaths
from bench import CannotMeasureError, Figure
from bench.transcript_view import long_transcript

MOST_STILL_MS = 16  # the rule of the house
LONGEST_S = 300
WORD_COUNT = 10_000
LONG_WORD_COUNT = 30_000  # three hours
ROUNDS = 3
CLIP = Path(__file__).resolve().parents[2] / "tests" / "clips" / "lj001-0008.flac"


def figures(*, short: bool = False) -> Iterator[Figure]:
    """Use the program for the first time in each way; of some rounds the quietest counts.

    Args:
        short: One round.
    """
    for what in ("file", "library", "long"):
        rounds = [_told(what) for _ in range(1 if short else ROUNDS)]
        for place, (name, _, _) in enumerate(rounds[0]):
            # Others use this machine too, and their turns on the processors look like stalls.
            still = min(one[place][1] for one in rounds)
            busy = min(one[place][2] for one in rounds)
            yield Figure(f"{name}, longest stall", still, "ms", target=MOST_STILL_MS)
            yield Figure(f"{name}, most processor time in one go", busy, "ms")


def _told(what: str) -> list[tuple[str, float, float]]:
    with tempfile.TemporaryDirectory(prefix="wordlight-bench-") as folder:
        home, clip = Path(folder, "home"), Path(folder, "talk.flac")
        shutil.copy(CLIP, clip)
        _fill(home, clip, LONG_WORD_COUNT if what == "long" else WORD_COUNT)
        done = subprocess.run(
            [sys.executable, "-m", "bench.first_use_window", what, str(clip)],
            env={
                "QT_QPA_PLATFORM": "offscreen",
                **os.environ,
                "WORDLIGHT_HOME": str(home),
                "WORDLIGHT_LANGUAGE": "en",
                "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
    if done.returncode:
        raise CannotMeasureError(f"the program ended with {done.returncode}")
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def _fill(home: Path, clip: Path, word_count: int) -> None:
    """Put a transcript into the library, and let the first steps be over."""
    from app.bootstrap.services import Storage

    storage = Storage.open(AppPaths.below(home))
    try:
        storage.settings.change(is_welcomed=True)
        storage.library.add(
            long_transcript(word_count),
            name="talk",
            options=TranscriptionOptions(),
            link=link_to(clip),
            now_ms=0,
        )
    finally:
        storage.close()
