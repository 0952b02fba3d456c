"""The same sound gives the same words: none is lost, and none lies behind the last sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from typing_extensions import override

from app.ondevice.hearing import Hearing, Piece, last_sound_ms, moved
from app.ondevice.protocol import Heard, HeardWord
from app.ondevice.sound import Sound
from app.ondevice.timing import Timing


@dataclass
class Said:
    word: str
    start: float
    end: float
    probability: float = 0.9


@dataclass
class Part:
    end: float
    words: Any = None
    avg_logprob: float = -0.3
    compression_ratio: float = 1.2
    no_speech_prob: float = 0.1


@dataclass
class About:
    language: str = "en"


@dataclass
class Model:
    """Hears what it is told to, and another thing when it is asked once more."""

    first: Sequence[Part]
    again: Sequence[Part] = ()
    with_names: Sequence[Part] = ()
    asked: list[dict[str, Any]] = field(default_factory=list)

    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[Iterable[Part], About]:
        self.asked.append({"seconds": len(audio) / 16_000, **options})
        if not options["vad_filter"]:
            return self.again, About()
        return self.with_names if options["hotwords"] else self.first, About()


def heard(model: Any, samples: NDArray[np.int16], *names: str, language: str = "xx") -> Piece:
    *_, piece = Hearing(model, Timing(), names).hear(samples, language)
    assert isinstance(piece, Piece)
    return piece


def texts(piece: Piece) -> list[str]:
    return [word[0] for word in piece.words]


def tone(seconds: float, amplitude: int = 5_000) -> NDArray[np.int16]:
    times = np.arange(int(seconds * 16_000)) / 16_000
    return (amplitude * np.sin(2 * np.pi * 300 * times)).astype(np.int16)


@pytest.fixture
def speech(wav_of: Callable[[str], Path]) -> NDArray[np.int16]:
    """Eleven seconds, in which somebody speaks from 0.3 to 10.5."""
    sound = Sound.open(wav_of("kennedy-1961"))
    return sound.read(0, sound.sample_count)


@pytest.mark.parametrize("noise", [0, 1, 2])
@pytest.mark.parametrize("seconds", [0.0, 0.5, 2.0])
def test_where_the_last_sound_ends(seconds: float, noise: int) -> None:
    quiet = np.random.default_rng(1).integers(-noise, noise + 1, 16_000 * 3).astype(np.int16)
    samples = np.concatenate((tone(seconds), quiet))

    assert abs(last_sound_ms(samples) - seconds * 1_000) <= 20


def test_words_behind_the_last_sound_are_none() -> None:
    samples = np.concatenate((tone(2.0), np.zeros(48_000, np.int16)))
    words = [Said(" we", 0.5, 0.8), Said(" meet", 1.9, 2.3), Said(" thanks", 4.0, 4.4)]

    assert texts(heard(Model([Part(5.0, words)]), samples)) == ["we", "meet"]


def test_what_is_hardly_heard_where_nobody_speaks_is_no_word() -> None:
    words = [Said(" you", 0.5, 0.8, 0.02), Said(" we", 1.2, 1.5, 0.8)]

    assert texts(heard(Model([Part(2.0, words)]), tone(3.0))) == ["we"]


def test_silence_is_not_even_asked_about() -> None:
    model = Model([Part(1.0, [Said(" thanks", 0.1, 0.5)])])

    assert heard(model, np.zeros(16_000, np.int16)) == Piece()
    assert model.asked == []


@pytest.mark.parametrize(
    ("first", "again", "believed"),
    [("Ask.", "ask", ["Ask."]), ("bye", "thanks", ["thanks"]), ("ask", "", [])],
)
def test_of_a_scrap_of_sound_is_believed_what_two_looks_have(
    first: str, again: str, believed: list[str]
) -> None:
    """It is heard with silence around it, then without the detector, at last as it is."""
    model = Model(
        [Part(1.5, [Said(f" {word}", 0.6, 1.0) for word in first.split()])],
        [Part(1.5, [Said(f" {word}", 0.1, 0.5) for word in again.split()])],
    )

    piece = heard(model, tone(0.6))

    assert texts(piece) == believed
    assert all(0 <= word[1] <= word[2] <= 600 for word in piece.words)
    looks = [(one["vad_filter"], one["seconds"]) for one in model.asked]
    assert looks[:2] == [(True, 1.6), (False, 1.6)]
    assert looks[2:] == ([] if first.lower().startswith(again or "-") else [(False, 0.6)])


def test_less_than_a_word_is_not_even_asked_about() -> None:
    model = Model([Part(1.0, [Said(" thanks", 0.01, 0.05)])])

    assert heard(model, tone(0.06)) == Piece()
    assert model.asked == []


def test_speech_without_words_is_heard_again_alone(speech: NDArray[np.int16]) -> None:
    first = [Part(3.0, [Said(" and", 0.3, 0.6), Said(" so", 0.6, 2.2)])]
    again = [Part(5.0, [Said(" what", 0.5, 0.9), Said(" your", 0.9, 1.2)])]
    model = Model(first, again)

    piece = heard(model, speech)

    assert texts(piece)[:4] == ["and", "so", "what", "your"]
    assert all(one["seconds"] < 11 for one in model.asked[1:])
    assert all(a[1] <= b[1] for a, b in pairwise(piece.words))


def test_what_a_word_hides_that_seemed_to_begin_earlier_is_heard_again(
    speech: NDArray[np.int16],
) -> None:
    """*Ask not* went without words, and *what* seemed to begin where it is said."""
    before = [Said(" my", 0.9, 1.2), Said(" fellow", 1.2, 1.6), Said(" Americans", 1.6, 2.1)]
    behind = [Said(" what", 4.6, 5.6), Said(" your", 5.6, 5.8), Said(" country", 5.8, 6.4)]
    rest = [Said(" can", 6.4, 6.9), Said(" do", 6.9, 7.5), Said(" ask", 8.2, 9.3)]
    hidden = [Said(" ask", 0.4, 0.8), Said(" not", 0.9, 1.3), Said(" what", 1.35, 2.0)]
    words = [*before, *behind, *rest, Said(" country", 9.4, 10.4)]
    model = Model([Part(10.5, words)], [Part(1.5, hidden)])

    piece = heard(model, speech)

    assert texts(piece)[2:6] == ["Americans", "ask", "not", "what"]
    # Once with what is said around it, which is no surer, and once alone.
    assert [one["vad_filter"] for one in model.asked] == [True, False, False]
    assert all(a[2] <= b[1] for a, b in pairwise(piece.words))
    assert piece.words[5][1] == pytest.approx(5_350, abs=60)
    assert piece.wordless == ()


def test_what_is_unsure_when_heard_again_stays_without_words(
    speech: NDArray[np.int16],
) -> None:
    first = [Part(3.0, [Said(" and", 0.3, 0.6), Said(" so", 0.6, 2.2)])]
    unsure = [Said(" never", 0.5, 0.9)]
    for again in (
        Part(5.0, unsure, avg_logprob=-1.4),
        Part(5.0, unsure, compression_ratio=3.0),
        Part(5.0, unsure, no_speech_prob=0.9),
        Part(5.0),
    ):
        piece = heard(Model(first, [again]), speech)

        assert texts(piece) == ["and", "so"]
        assert piece.wordless
        assert all(end - start >= 1_000 for start, end in piece.wordless)
        assert piece.wordless[-1][1] <= 11_000


@pytest.mark.parametrize(
    ("compression", "silence", "is_believed"),
    [(20.6, 0.78, False), (20.6, 0.2, True), (3.0, 0.78, True)],
)
def test_going_round_in_circles_in_noise_is_no_speech(
    compression: float, silence: float, speech: NDArray[np.int16], *, is_believed: bool
) -> None:
    """Somebody who tests a microphone says *test* forty times, and is heard."""
    words = [Said(" test", at / 2, at / 2 + 0.4) for at in range(20)]
    part = Part(10.5, words, compression_ratio=compression, no_speech_prob=silence)

    piece = heard(Model([part]), speech)

    assert texts(piece) == (["test"] * 20 if is_believed else [])
    assert bool(piece.wordless) is not is_believed


def test_what_was_heard_with_doubt_is_heard_a_second_time(
    speech: NDArray[np.int16],
) -> None:
    first = [Said(" end", 0.3, 0.6, 0.3), Said(" so", 0.6, 0.9, 0.2), Said(" my", 0.9, 1.2)]
    second = [Said(" and", 0.3, 0.6, 0.7), Said(" so", 0.6, 0.9), Said(" may", 0.9, 1.2, 0.4)]
    model = Model([Part(2.0, first)], [Part(2.0, second)])

    assert texts(heard(model, speech))[:3] == ["and", "so", "my"]


def test_for_somebody_who_waits_nothing_is_heard_for_better_words(
    speech: NDArray[np.int16],
) -> None:
    first = [
        Said(f" {word}", at / 2, at / 2 + 0.4, 0.3) for at, word in enumerate("abcdefgh" * 3)
    ]
    model = Model([Part(12.0, first)])

    *_, piece = Hearing(model, Timing(), is_hurried=True).hear(speech, "xx")

    assert isinstance(piece, Piece)
    assert [one["vad_filter"] for one in model.asked] == [True]


def test_a_listed_name_is_taken_from_the_second_hearing(speech: NDArray[np.int16]) -> None:
    plain = [Said(" my", 0.9, 1.2), Said(" fellow", 1.2, 1.6), Said(" cans", 1.6, 2.1)]
    told = [Said(" my", 0.9, 1.2), Said(" Kans,", 1.6, 2.1)]

    model = Model([Part(2.2, plain)], with_names=[Part(2.2, told)])
    assert texts(heard(model, speech, "Kans")) == ["my", "Kans,"]
    assert [one["hotwords"] for one in model.asked if one["vad_filter"]] == [None, "Kans"]

    model = Model([Part(2.2, plain)], with_names=[Part(2.2, told)])
    assert texts(heard(model, speech, "Dover")) == ["my", "fellow", "cans"]


def test_words_are_moved_to_the_clock_of_the_recording() -> None:
    word: HeardWord = ("we", 10, 20, 0.5, False)

    told, end = moved(Piece("en", (word,), ((30, 1_200),)), 5_000, 9_000)

    assert told == Heard(9_000, [("we", 5_010, 5_020, 0.5, False)])
    assert (end.end_ms, end.language, end.wordless) == (9_000, "en", [(5_030, 6_200)])


@dataclass
class Polyglot(Model):
    """Tells the languages it is told to, one by one."""

    told: list[tuple[str, float]] = field(default_factory=list)

    def languages_in(self, _audio: NDArray[np.float32]) -> dict[str, float]:
        return dict([self.told.pop(0)])

    @override
    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[Iterable[Part], About]:
        self.asked.append({"seconds": len(audio) / 16_000, **options})
        code = str(options["language"])
        if not options["vad_filter"]:
            return [], About(code)
        return [Part(3.0, [Said(f" {code}", 1.0, 2.0)])], About(code)


def test_each_stretch_is_heard_in_its_own_language(speech: NDArray[np.int16]) -> None:
    pause = np.zeros(2 * 16_000, np.int16)
    both = np.concatenate([speech, pause, speech])
    german, english = [("de", 0.99), ("de", 0.9), ("de", 0.9)], [("en", 0.4), ("en", 0.95)]
    model = Polyglot((), told=[*german, english[1], *english])

    hearing = Hearing(model, Timing())
    *_, piece = hearing.hear_runs(both, hearing.runs(both)(""))

    assert isinstance(piece, Piece)
    heard_in = [one["language"] for one in model.asked if one["vad_filter"]]
    assert heard_in == list(dict.fromkeys(heard_in))
    assert {"de", "en"} == set(heard_in)
    assert texts(piece) == ["de", "en"]
    assert [code for _, code in piece.languages] == ["de", "en"]
    assert piece.words[1][1] >= piece.languages[1][0] > 3_000
    assert sum(one["seconds"] for one in model.asked if one["vad_filter"]) == pytest.approx(
        both.size / 16_000, abs=0.01
    )
    _, end = moved(piece, 60_000, 84_000)
    assert end.languages == [(start + 60_000, code) for start, code in piece.languages]
