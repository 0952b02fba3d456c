"""A long recording in parts: every word once, at its time, whatever the cuts."""

from __future__ import annotations

import itertools
import statistics
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.core.job import JobState
from app.core.options import ModelId, TranscriptionOptions
from tests.support.bench import opened
from tests.support.fake_waves import FakeWaves, Heard, Upload
from tests.support.sounds import ffmpeg

RATE_HZ = 16_000
MINUTES = 35
STEP_S, WORD_S = 0.4, 0.33
JITTER_S = 0.03


def decoded(source: Path | None = None, content: bytes = b"") -> NDArray[np.int16]:
    """Decode a file, or its content, to 16 kHz mono samples."""
    raw = ("-f", "s16le", "-ac", "1", "-ar", str(RATE_HZ))
    return np.frombuffer(ffmpeg("-i", source or "pipe:0", *raw, "-", fed=content), np.int16)


def long_recording(clips: Path, path: Path) -> NDArray[np.int16]:
    """Make 35 minutes of the five, each time a little quieter, so that no two are alike."""
    five = decoded(clips / "five-minutes.flac")
    needed = MINUTES * 60 * RATE_HZ
    louder = [five * (1 - 0.07 * turn) for turn in range(needed // len(five) + 1)]
    samples = np.concatenate(louder)[:needed].astype(np.int16)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return samples


class Listener:
    """Answers for a part from the known text, with times of its own small error."""

    def __init__(self, samples: NDArray[np.int16], words: list[str]) -> None:
        self._whole = samples.tobytes()
        self._words = words
        self.spans: list[tuple[float, float]] = []

    def __call__(self, upload: Upload) -> list[Heard]:
        heard = decoded(content=upload.body)
        look = heard[len(heard) // 2 : len(heard) // 2 + RATE_HZ].tobytes()
        found = self._whole.find(look)
        assert found >= 0
        start_s = found / 2 / RATE_HZ - (len(heard) // 2) / RATE_HZ
        end_s = start_s + len(heard) / RATE_HZ
        self.spans.append((start_s, end_s))
        chance = np.random.default_rng(upload.ordinal)
        answer: list[Heard] = []
        for place, word in enumerate(self._words):
            begin = place * STEP_S
            if begin < start_s or begin + WORD_S > end_s:
                continue  # cut in two: neither part understands it, and the overlap has it
            off = chance.uniform(-JITTER_S, JITTER_S, 2)
            answer.append(
                Heard(word, begin - start_s + off[0], begin + WORD_S - start_s + off[1])
            )
        return answer


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_words_of_a_split_recording_are_those_of_the_whole(
    run_async, fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    path = tmp_path / "long.wav"
    samples = long_recording(clips, path)
    text = (clips / "five-minutes.txt").read_text("utf-8").split()
    count = int(len(samples) / RATE_HZ / STEP_S) - 1
    words = [text[place % len(text)] for place in range(count)]
    listener = Listener(samples, words)
    fake_waves.answer = listener

    async def flow() -> None:
        async with opened(tmp_path / "home", fake_waves) as bench:
            options = TranscriptionOptions(model=ModelId.PULSE)
            (job,) = await bench.queue.add([path], options)
            done = await bench.done(job)
            assert done.state is JobState.DONE, bench.sentence(job)
            stitched = list(bench.transcript(job).words())
            assert [word.text for word in stitched] == words
            errors_ms = [
                abs(word.start_ms - place * STEP_S * 1000)
                for place, word in enumerate(stitched)
            ]
            assert statistics.median(errors_ms) < 120
            assert max(errors_ms) < 120

    run_async(flow(), timeout_s=150)
    assert len(listener.spans) >= MINUTES // 10
    ordered = sorted(listener.spans)
    for (_, before_end), (start, _) in itertools.pairwise(ordered):
        assert start < before_end  # they overlap
