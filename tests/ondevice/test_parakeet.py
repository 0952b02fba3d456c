"""The second engine answers as the first does: real loading, a tiny model of the same form."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.models import Device
from app.ondevice.parakeet import ParakeetModel, spans_to_hear, words_from
from app.ondevice.protocol import (
    ChunkEnd,
    Done,
    Failed,
    Heard,
    Lag,
    Loaded,
    Request,
    Speed,
    Trouble,
    read_answer,
)
from app.ondevice.worker import Worker
from tests.support.parakeets import write_parakeet

WavOf = Callable[[str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_parakeet(tmp_path / "parakeet")


def test_a_recording_is_heard_through_the_childs_own_words(folder: Path, wav_of: WavOf) -> None:
    told = io.BytesIO()
    worker = Worker(told, find_cards=lambda _: [])
    request = Request(
        str(folder),
        str(wav_of("kennedy-1961")),
        "en",
        lag_ms=None,
        engine="parakeet",
        is_measured=False,
        is_card_avoided=False,
    )

    worker.answer(request)

    answers = [read_answer(line) for line in told.getvalue().splitlines()]
    assert answers[0] == Loaded(Device.CPU)
    assert [type(one) for one in answers[1:3]] == [Speed, Lag]
    assert answers[2] == Lag(0, 0)  # it misheard the sample, so nothing is known of that
    assert answers[-1] == Done("en")
    words = [word for one in answers if isinstance(one, Heard) for word in one.words]
    assert [word[0] for word in words][:2] == ["hello", "world."]
    assert all(0.9 < word[3] <= 1 for word in words)
    ends = [one for one in answers if isinstance(one, ChunkEnd)]
    assert ends[-1].end_ms == 11_000
    # It says two words wherever it hears; all else that is spoken is without words.
    assert ends[-1].wordless


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("encoder-model.int8.onnx", b"not a network"),
        ("encoder-model.int8.onnx", None),
        ("vocab.txt", b"\xff\xfe"),
        ("decoder_joint-model.int8.onnx", b""),
    ],
)
def test_a_damaged_model_is_a_sentence(
    folder: Path, wav_of: WavOf, name: str, content: bytes | None
) -> None:
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    told = io.BytesIO()

    Worker(told, find_cards=lambda _: []).answer(
        Request(str(folder), str(wav_of("kennedy-1961")), "en", engine="parakeet")
    )

    (answer,) = [read_answer(line) for line in told.getvalue().splitlines()]
    assert isinstance(answer, Failed)
    assert answer.trouble is Trouble.MODEL


def test_a_whisper_in_its_place_is_refused(wav_of: WavOf, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"another engine's")
    told = io.BytesIO()

    Worker(told, find_cards=lambda _: []).answer(
        Request(str(tmp_path), str(wav_of("kennedy-1961")), "en", engine="parakeet")
    )

    assert b'"failed"' in told.getvalue()


def test_names_cannot_be_given_to_it(folder: Path) -> None:
    model = ParakeetModel(folder, threads=1)
    noise = np.random.default_rng(1).normal(0, 0.1, 32_000).astype(np.float32)

    plain, about = model.transcribe(noise, language="en")
    named, _ = model.transcribe(noise, language="en", hotwords="Thornton")

    assert about.language == "en"
    assert [word.word for one in plain for word in one.words or []] == [" hello", " world."]
    assert not list(named)


def test_signs_become_words_with_times() -> None:
    signs = [" Thorn", "ton", ",", " said"]
    words = words_from(signs, [0.08, 0.24, 0.4, 0.8], [0.0, -0.1, -0.2, -2.0], 10_000)

    assert [word.word for word in words] == [" Thornton,", " said"]
    assert [(round(word.start, 2), round(word.end, 2)) for word in words] == [
        (10.08, 10.56),
        (10.8, 11.2),
    ]
    assert words[0].probability == pytest.approx(0.905, abs=0.01)
    assert words_from([], [], [], 0) == []
    assert [word.word for word in words_from(["ja"], [0.0], [], 0)] == [" ja"]


@given(st.lists(st.integers(1, 60_000), max_size=10))
def test_no_span_is_too_long_and_all_speech_is_in_one(lengths: list[int]) -> None:
    edges = [0]
    for length in lengths:
        edges.append(edges[-1] + length)
    speech = list(zip(edges[::2], edges[1::2], strict=False))
    spans = spans_to_hear(speech)
    assert all(0 < end - start <= 24_000 for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    covered = sum(end - start for start, end in spans)
    assert covered >= sum(end - start for start, end in speech)
