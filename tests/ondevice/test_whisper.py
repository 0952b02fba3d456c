"""What is unsure is looked at again without chance, and the likeliest is taken."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from faster_whisper import WhisperModel
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.transcribe import TranscriptionOptions

from app.ondevice.hearing import as_floats, last_sound_ms
from app.ondevice.pauses import pauses_in
from app.ondevice.sound import PIECE_MS
from app.ondevice.whisper import Features, SureWhisper

SOT = 7
PROMPT = [1, 2, 3, SOT, 8]
TOKENIZER: Any = SimpleNamespace(sot=SOT)


@dataclass
class Looks:
    """Decodes what a test says, look by look: how likely, how repetitive, how silent."""

    said: list[tuple[float, float, float]]
    asked: list[tuple[list[int], int, list[float]]] = field(default_factory=list)

    def __call__(
        self, _sound: object, prompt: list[int], _tokens: object, how: Any
    ) -> tuple[Any, float, float, float]:
        likely, repeats, silent = self.said[len(self.asked)]
        self.asked.append((prompt, how.no_repeat_ngram_size, list(how.temperatures)))
        return SimpleNamespace(no_speech_prob=silent), likely, 0.0, repeats


def look(
    monkeypatch: pytest.MonkeyPatch, said: list[tuple[float, float, float]], **how: Any
) -> tuple[Looks, tuple[Any, float, float, float]]:
    looks = Looks(said)
    monkeypatch.setattr(WhisperModel, "generate_with_fallback", looks)
    options: Any = _options(**how)
    model = SureWhisper.__new__(SureWhisper)
    prompt = how.get("prompt", PROMPT)
    return looks, model.generate_with_fallback(None, prompt, TOKENIZER, options)


def _options(temperatures: tuple[float, ...] = (0.0, 0.2, 0.4), **_: Any) -> Any:
    names = TranscriptionOptions.__dataclass_fields__
    values: dict[str, Any] = dict.fromkeys(names)
    values |= {
        "temperatures": list(temperatures),
        "compression_ratio_threshold": 2.4,
        "log_prob_threshold": -1.0,
        "no_speech_threshold": 0.6,
        "no_repeat_ngram_size": 0,
    }
    return TranscriptionOptions(**values)


def test_what_is_sure_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, found = look(monkeypatch, [(-0.3, 1.5, 0.1)])

    assert looks.asked == [(PROMPT, 0, [0.0])]
    assert found[1:] == (-0.3, 0.0, 1.5)


def test_silence_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, _ = look(monkeypatch, [(-1.4, 1.5, 0.9)])
    assert len(looks.asked) == 1


def test_what_is_unsure_is_looked_at_without_the_words_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks, found = look(monkeypatch, [(-0.3, 9.0, 0.1), (-0.4, 1.5, 0.1)])

    assert [asked[:2] for asked in looks.asked] == [(PROMPT, 0), ([SOT, 8], 0)]
    assert found[1:] == (-0.4, 1.0, 1.5)  # warm, so that what follows does not go by it


def test_of_what_stays_unsure_the_likeliest_that_goes_round_in_no_circles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks, found = look(monkeypatch, [(-0.3, 9.0, 0.1), (-1.9, 1.5, 0.1), (-1.2, 1.7, 0.1)])

    assert [asked[:2] for asked in looks.asked][2] == ([SOT, 8], 4)
    assert all(asked[2] == [0.0] for asked in looks.asked)
    assert found[1:] == (-1.2, 1.0, 1.7)


def test_where_all_looks_go_round_in_circles_the_one_that_does_least_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, found = look(monkeypatch, [(-0.2, 15.2, 0.4), (-0.3, 9.0, 0.4), (-1.04, 2.5, 0.4)])
    assert found[1:] == (-1.04, 1.0, 2.5)


def test_where_nothing_goes_before_it_is_looked_at_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks, _ = look(monkeypatch, [(-1.3, 1.0, 0.1), (-1.1, 1.0, 0.1)], prompt=[SOT, 8])
    assert [asked[1] for asked in looks.asked] == [0, 4]


def test_whoever_asks_for_one_look_gets_one(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, found = look(monkeypatch, [(-1.3, 1.0, 0.1)], temperatures=(0.0,))
    assert len(looks.asked) == 1
    assert found[2] == 0.0


@pytest.mark.parametrize("seconds", [0.5, 10.0, 25.3])
def test_what_a_model_hears_is_the_same_in_steps(seconds: float) -> None:
    sound = np.random.default_rng(2).normal(0, 0.1, int(seconds * 16_000)).astype(np.float32)

    assert np.array_equal(Features()(sound), FeatureExtractor()(sound))


def test_a_brief_look_hears_a_short_sound_without_half_a_minute_of_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frames: list[int] = []

    def encode(_model: object, features: Any) -> None:
        frames.append(features.shape[-1])

    def transcribe(model: Any, _audio: object, **_options: object) -> tuple[Any, str]:
        def segments() -> Any:  # as lazily as the engine
            model.encode(np.zeros((80, 3_000), np.float32))
            yield "words"

        return segments(), "info"

    monkeypatch.setattr(WhisperModel, "__init__", lambda model, _folder, **_how: None)
    monkeypatch.setattr(WhisperModel, "feat_kwargs", {}, raising=False)
    monkeypatch.setattr(WhisperModel, "encode", encode)
    monkeypatch.setattr(WhisperModel, "transcribe", transcribe)
    model = SureWhisper("folder")
    two_seconds = np.zeros(32_000, np.float32)
    segments, info = model.transcribe(two_seconds, is_brief=True)
    assert (list(segments), info) == (["words"], "info")
    list(model.transcribe(two_seconds)[0])
    assert frames == [200 + 1_000, 3_000]


def test_few_workers_take_in_sound_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes 150 MB for a moment."""
    at_work: list[int] = []
    most: list[int] = []
    is_one_in, may_end = threading.Event(), threading.Event()

    def encode(_model: object, number: int) -> int:
        at_work.append(number)
        most.append(len(at_work))
        is_one_in.set()
        may_end.wait(20)
        at_work.remove(number)
        return number

    def made(_model: object, _folder: str, **_how: object) -> None:
        cast("Any", _model).feat_kwargs = {}

    monkeypatch.setattr(WhisperModel, "__init__", made)
    monkeypatch.setattr(WhisperModel, "encode", encode)
    for workers, may_be in ((1, 1), (2, 1), (4, 2)):
        most.clear()
        is_one_in.clear()
        may_end.clear()
        model = SureWhisper("", num_workers=workers)
        with ThreadPoolExecutor(workers) as pool:
            found = [
                pool.submit(model.encode, cast("Any", number)) for number in range(workers)
            ]
            assert is_one_in.wait(20)
            may_end.set()
            assert sorted(one.result() for one in found) == list(range(workers))
        assert max(most) <= may_be


def peak_mb(work: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def test_a_whole_piece_is_looked_at_without_taking_many_times_its_size() -> None:
    """Two and a half minutes: ten megabytes as a model takes it, five as they are read."""
    sound = np.random.default_rng(2).normal(0, 0.1, PIECE_MS * 16).astype(np.float32)
    samples = (sound * 20_000).astype(np.int16)
    features = Features()

    assert peak_mb(lambda: features(sound)) < 45
    assert peak_mb(lambda: pauses_in(samples)) < 10
    assert peak_mb(lambda: last_sound_ms(samples)) < 10
    assert peak_mb(lambda: last_sound_ms(np.zeros_like(samples))) < 10
    assert peak_mb(lambda: as_floats(samples)) < 11
