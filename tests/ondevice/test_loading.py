"""A card is used where it works; else, and when it gives up, the processor goes on."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typing_extensions import override

from app.core.models import Device
from app.ondevice.catalog import PACKAGES, TINY_ENGLISH
from app.ondevice.installed import ModelFolders
from app.ondevice.loading import find_cards, is_tight, load, maker
from app.ondevice.protocol import (
    Answer,
    ChunkEnd,
    Done,
    Failed,
    Heard,
    Loaded,
    Request,
    read_answer,
)
from app.ondevice.sound import Sound
from app.ondevice.worker import Worker
from tests.ondevice.test_hearing import About, Part, Said

WavOf = Callable[[str], Path]
MISSING = "Library libcublas.so.12 is not found or cannot be loaded"


@dataclass
class Card:
    """A model on a device, which hears a word and may give up at some call."""

    device: Device
    fails_at: int = 0
    error: Exception = field(default_factory=lambda: RuntimeError(MISSING))
    calls: int = 0

    def transcribe(self, _audio: Any, **_options: Any) -> tuple[Iterable[Part], About]:
        self.calls += 1
        if self.calls == self.fails_at:
            raise self.error
        return [Part(1.0, [Said(f" {self.device.value}", 0.3, 1.0)])], About()


@dataclass
class Maker:
    """Makes models; those on a card give up at some call."""

    fails_at: int = 0
    error: Exception = field(default_factory=lambda: RuntimeError(MISSING))
    made: list[Device] = field(default_factory=list)

    def __call__(self, _request: Request, device: Device) -> Any:
        self.made.append(device)
        return Card(device, 0 if device is Device.CPU else self.fails_at, self.error)


def asked(wav: Path | str = "", **more: Any) -> Request:
    return Request("folder", str(wav), "xx", is_card_avoided=False, **more)


def test_a_card_that_works_is_taken() -> None:
    model, device, trouble = load(asked(), Maker(), lambda _: [Device.CUDA])
    assert (device, trouble) == (Device.CUDA, "")
    assert model.calls == 1  # type: ignore[attr-defined]  # a second of silence


@pytest.mark.parametrize(
    "error", [RuntimeError(MISSING), ValueError("int8_float16"), MemoryError()]
)
def test_a_card_whose_library_is_missing_is_not_taken_and_it_says_why(error: Exception) -> None:
    made = Maker(1, error)
    _, device, trouble = load(asked(), made, lambda _: [Device.CUDA])
    assert device is Device.CPU
    assert repr(error) == trouble
    assert made.made == [Device.CUDA, Device.CPU]


def test_a_card_that_failed_before_is_not_tried() -> None:
    made = Maker()
    load(Request("f", "", is_card_avoided=True), made, lambda _: [Device.CUDA])
    assert made.made == [Device.CPU]


def answers(made: Maker, request: Request) -> list[Answer]:
    told = io.BytesIO()
    Worker(told, make=made, find_cards=lambda _: [Device.CUDA]).answer(request)
    return [read_answer(line) for line in told.getvalue().splitlines()]


def test_where_the_card_gives_up_mid_way_the_processor_goes_on(wav_of: WavOf) -> None:
    made = Maker(3, RuntimeError("CUDA failed with error out of memory"))
    told = answers(made, asked(wav_of("five-minutes")))

    loaded = [one for one in told if isinstance(one, Loaded)]
    assert [one.device for one in loaded] == ["cuda", "cpu", "cpu"]
    assert "out of memory" in loaded[1].trouble
    assert told[-1] == Done("en")
    ends = [one.end_ms for one in told if isinstance(one, ChunkEnd)]
    assert ends == sorted(set(ends))  # each piece once
    assert ends[-1] > 290_000
    texts = [word[0] for one in told if isinstance(one, Heard) for word in one.words]
    assert texts[0] in {"cuda", "cpu"}
    assert texts[-1] == "cpu"


def test_what_the_processor_cannot_do_either_is_said(wav_of: WavOf) -> None:
    class Broken(Maker):
        @override
        def __call__(self, _request: Request, device: Device) -> Any:
            return Card(device, 1, RuntimeError("no sums at all"))

    told = answers(Broken(), Request("f", str(wav_of("kennedy-1961")), "xx"))
    assert isinstance(told[-1], Failed)


def test_without_a_card_none_is_found() -> None:
    assert list(find_cards("whisper")) == []
    assert Device.CUDA not in find_cards("parakeet")


def test_a_model_tells_times_by_the_heads_that_are_asked_for(
    folders: ModelFolders, wav_of: WavOf
) -> None:
    folder = folders.ready(TINY_ENGLISH)
    config = (folder / "config.json").read_bytes()
    sound = Sound.open(wav_of("kennedy-1961"))
    samples = sound.read(0, sound.sample_count).astype(np.float32) / np.float32(32_768)
    spoken: list[list[tuple[str, float]]] = []
    for heads in ([], [(2, 1), (2, 5)]):
        model = maker(1, 1)(Request(str(folder), "", "en", heads=heads), Device.CPU)
        segments, _ = model.transcribe(samples, language="en", word_timestamps=True)
        spoken.append([(one.word, one.start) for part in segments for one in part.words or ()])

    assert [word for word, _ in spoken[0]] == [word for word, _ in spoken[1]] != []
    assert [at for _, at in spoken[0]] != [at for _, at in spoken[1]]
    assert (folder / "config.json").read_bytes() == config


@pytest.mark.parametrize(
    ("workers", "name", "expected"),
    [(4, "base", True), (3, "base", False), (4, "tiny.en", False), (1, "small", False)],
)
def test_memory_is_given_back_at_once_where_many_use_a_large_model(
    workers: int, name: str, *, expected: bool
) -> None:
    assert is_tight(workers, PACKAGES[name].size_bytes) == expected
