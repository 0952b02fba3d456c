"""Whatever the models are, the child answers in the words of its protocol."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.ondevice.catalog import TINY_ENGLISH
from app.ondevice.installed import ModelFolders
from app.ondevice.protocol import (
    Align,
    Aligned,
    Answer,
    Asked,
    Done,
    Failed,
    Lag,
    Request,
    Speed,
    Trouble,
    read_answer,
)
from app.ondevice.worker import Worker

WavOf = Callable[[str], Path]


def answers(asked: Asked) -> list[Answer]:
    told = io.BytesIO()
    Worker(told).answer(asked)
    return [read_answer(line) for line in told.getvalue().splitlines()]


def test_known_words_are_found_in_a_sound(wav_of: WavOf) -> None:
    pytest.importorskip("soundswallower")
    about = [
        ("And", 200, 500),
        ("so", 500, 1_100),
        ("my", 1_100, 1_200),
        ("fellow", 1_200, 1_700),
    ]
    words = [*about, ("Americans", 1_700, 2_400)]

    *found, done = answers(
        Align(str(wav_of("kennedy-1961")), "en", [(*word, False) for word in words])
    )

    assert done == Done("en")
    assert [type(one) for one in found] == [Aligned]
    (aligned,) = found
    assert isinstance(aligned, Aligned)
    assert len(aligned.times) == len(words)
    true = [290, 570, 970, 1_250, 1_630]
    for (start, _), known in zip(aligned.times, true, strict=True):
        assert abs(start - known) <= 60


def test_words_that_nobody_says_stay_where_they_are(
    wav_with: Callable[[NDArray[np.int16]], Path],
) -> None:
    pytest.importorskip("soundswallower")
    noise = np.random.default_rng(3).normal(0, 900, 96_000).astype(np.int16)

    found = answers(Align(str(wav_with(noise)), "en", [("北京", 0, 900, False)]))

    assert found == [Done("en")]


def test_a_sound_that_is_none_is_said_to_be(tmp_path: Path) -> None:
    pytest.importorskip("soundswallower")
    (tmp_path / "no.wav").write_bytes(b"RIFF")

    (failed,) = answers(Align(str(tmp_path / "no.wav"), "en", [("and", 0, 900, False)]))

    assert isinstance(failed, Failed)
    assert failed.trouble is Trouble.SOUND


@pytest.mark.slow
def test_what_nobody_knows_of_a_model_is_found_out_by_the_clip_that_comes_along(
    wav_of: WavOf, folders: ModelFolders
) -> None:
    """How late its words are by its own heads, and how quick it is.

    On exact speech tiny.en is 97 ms late (``dev.py bench words``).
    """
    request = Request(
        str(folders.ready(TINY_ENGLISH)),
        str(wav_of("kennedy-1961")),
        "en",
        lag_ms=None,
        is_measured=False,
    )

    told = answers(request)

    (lag,) = [one for one in told if isinstance(one, Lag)]
    assert lag.start_ms == pytest.approx(97, abs=30)
    assert lag.end_ms == pytest.approx(100, abs=40)
    (speed,) = [one for one in told if isinstance(one, Speed)]
    # Though other tests keep this computer busy: what counts is the work, not the wait.
    assert 5 < speed.ms_per_second < 700
    assert told[-1] == Done("en")
