"""How long the window stands still when there is plenty of everything.

Thirty thousand words on the page, two thousand transcripts in the library, five hundred files
added at once, ten hours to export: each use of them in the program as it is started.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg

from app.core.options import TranscriptionOptions
from app.store.audio_links import AudioLink, link_to
from app.store.paths import AppPaths
from bench import CannotMeasureError, Figure
from bench.first_use import CLIP, MOST_STILL_MS
from bench.library import made_transcript
from bench.transcript_view import long_transcript

WORDS = ("words", "looks", "playing", "library", "files", "export")
"""What can be measured on its own: ``bench plenty library``."""
ROUNDS = 3
LONGEST_S = 600
WORD_COUNT = 30_000
TEN_HOURS_WORDS = 100_000
TRANSCRIPTS = 2_000
WORDS_EACH = 500
FILES = 500


def figures(only: Path | None = None, *, short: bool = False) -> Iterator[Figure]:
    """Use each of them; of some rounds the quietest counts.

    Args:
        only: One of ``WORDS``, to measure that alone.
        short: One round.
    """
    for what in WORDS if only is None else (only.name,):
        rounds = [told(what) for _ in range(1 if short else ROUNDS)]
        for place, (name, _, _) in enumerate(rounds[0]):
            # Others use this machine too, and their turns on the processors look like stalls.
            still = min(one[place][1] for one in rounds)
            busy = min(one[place][2] for one in rounds)
            if name not in {"start", "leave"}:  # those are in first_use
                yield Figure(f"{name}, longest stall", still, "ms", target=MOST_STILL_MS)
                yield Figure(f"{name}, most processor time in one go", busy, "ms")


def told(what: str) -> list[tuple[str, float, float]]:
    """Use the program once, and give what it tells of each use.

    Args:
        what: One of ``WORDS``.
    """
    with tempfile.TemporaryDirectory(prefix="wordlight-bench-") as folder:
        made = _fill(what, Path(folder))
        done = subprocess.run(
            [sys.executable, "-m", "bench.plenty_window", what, str(made)],
            env={
                "QT_QPA_PLATFORM": "offscreen",
                **os.environ,
                "WORDLIGHT_HOME": str(Path(folder, "home")),
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
        raise CannotMeasureError(f"the program ended with {done.returncode}: {done.stdout}")
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def _fill(what: str, folder: Path) -> Path:
    """Put there what is used; gives the file or folder that is handed over beside it."""
    from app.bootstrap.services import Storage

    clip = folder / "talk.flac"
    shutil.copy(CLIP, clip)
    storage = Storage.open(AppPaths.below(folder / "home"))
    try:
        storage.settings.change(is_welcomed=True, is_queue_paused=what == "files")
        add, options = storage.library.add, TranscriptionOptions()
        if what == "library":
            chance = random.Random(5)
            for number in range(TRANSCRIPTS):
                words = made_transcript(chance, WORDS_EACH)
                link = AudioLink(f"/talks/{number}.wav")
                add(words, name=f"Talk {number}", options=options, link=link, now_ms=number)
            return folder
        if what == "files":
            talks = folder / "talks"
            talks.mkdir()
            for number in range(FILES):
                shutil.copy(clip, talks / f"talk {number}.flac")
            return talks
        count = TEN_HOURS_WORDS if what == "export" else WORD_COUNT
        words = long_transcript(count)
        if what == "playing":
            _write_noise(clip, words.duration_ms)
        add(words, name="talk", options=options, link=link_to(clip), now_ms=0)
        return folder / "out.txt"
    finally:
        storage.close()


def _write_noise(path: Path, duration_ms: int) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", "-f", "lavfi"]
    command += ["-i", f"anoisesrc=r=8000:a=0.01:d={duration_ms / 1_000}", str(path)]
    subprocess.run(command, check=True)
