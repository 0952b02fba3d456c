"""What recognition on this computer costs: processor time and memory, beside the bare engine.

``python3 packaging/dev.py bench recognise [--short]``. The child of the program and a script
of the bare engine are each a process of their own, with the same model, beam, cores and
voice filter; what they take is what the system counted. The bare engine does not align words
to the sound, so at equal settings that is not counted; what it takes stands beside it.
``--short`` leaves the hour out.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the path comes first

from app.core.options import TranscriptionOptions  # noqa: E402
from app.core.transcript import Transcript  # noqa: E402
from app.ondevice.aligner import Aligner, Placed, is_available  # noqa: E402
from app.ondevice.catalog import PACKAGES, Package  # noqa: E402
from app.ondevice.installed import ModelFolders  # noqa: E402
from app.ondevice.recogniser import Recogniser  # noqa: E402
from app.ondevice.sound import Sound  # noqa: E402
from app.system.cores import physical_cores  # noqa: E402
from bench import CannotMeasureError, Figure  # noqa: E402
from bench.sounds import RATE, clip, write  # noqa: E402

MODELS = ("tiny.en", "base")
MINUTES = (1, 10, 60)
COMPARED_MINUTES = 10
"""The bare engine keeps a whole recording in memory; an hour of it says nothing more."""
MOST_RATIO = 0.9
MOST_MB = 700
_BARE = """
import sys
from faster_whisper import WhisperModel
folder, sound, threads = sys.argv[1:]
model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=int(threads),
                     local_files_only=True)
segments, _ = model.transcribe(sound, language="en", beam_size=5, word_timestamps=True,
                               vad_filter=True)
print(sum(len(one.words) for one in segments))
"""


def figures(*, short: bool = False) -> Iterator[Figure]:
    """Recognise one, ten and sixty minutes with each model."""
    if not sys.platform.startswith("linux"):
        raise CannotMeasureError("memory of another process is read from /proc")
    base = clip("five-minutes").samples
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folders = ModelFolders(folder / "models")
        for model in MODELS:
            package = PACKAGES[model]
            if not folders.is_installed(package):
                print(f"{model} is not installed", flush=True)
                continue
            for minutes in MINUTES[:2] if short else MINUTES:
                count = minutes * 60 * RATE
                sound = np.resize(base, count)
                path = write(folder / "sound.wav", sound)
                cpu_s, peak_mb, heard = asyncio.run(_ours(package, folders, path))
                aligning_s = _aligning(heard, path)
                what = f"{model}, {minutes} min"
                bare = None
                if minutes <= COMPARED_MINUTES:
                    bare = _bare(package, folders, path) / (minutes * 60)
                yield Figure(
                    f"{what}: processor, equal settings",
                    (cpu_s - aligning_s) / (minutes * 60),
                    "s per second",
                    bare,
                    "bare",
                    MOST_RATIO if minutes == COMPARED_MINUTES else None,
                )
                yield Figure(
                    f"{what}: processor, with words aligned",
                    cpu_s / (minutes * 60),
                    "s per second",
                    bare,
                    "bare",
                )
                yield Figure(f"{what}: peak memory", peak_mb, "MB", target=MOST_MB)


async def _ours(
    package: Package, folders: ModelFolders, path: Path
) -> tuple[float, float, Transcript]:
    """Give processor seconds and peak memory of the child for a recording, and its words."""
    folders.save_speed(package, 100.0)  # known: nothing is found out on the way
    before_s = _children_s()
    recogniser = Recogniser(folders)
    options = TranscriptionOptions(language="en", package=package.name)
    heard = await recogniser.transcribe(path, options)
    status = Path(f"/proc/{recogniser.process_id}/status").read_text("ascii")
    await recogniser.aclose()
    peak_kb = next(line.split()[1] for line in status.splitlines() if line[:6] == "VmHWM:")
    return _children_s() - before_s, int(peak_kb) / 1_000, heard


def _aligning(heard: Transcript, path: Path) -> float:
    """Give processor seconds that aligning the words takes."""
    if not is_available("en"):
        return 0.0
    words = [Placed(one.text, one.start_ms, one.end_ms) for one in heard.words()]
    before_s = time.process_time()
    for _ in Aligner().align(words, Sound.open(path)):
        pass
    return time.process_time() - before_s


def _bare(package: Package, folders: ModelFolders, path: Path) -> float:
    """Give processor seconds of the bare engine for a recording."""
    before_s = _children_s()
    threads = str(physical_cores())
    subprocess.run(
        [sys.executable, "-c", _BARE, str(folders.ready(package)), str(path), threads],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return _children_s() - before_s


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
