"""Names are suggested for voices that are plainly somebody's, and for no others."""

from __future__ import annotations

import base64
import math
import struct

import pytest

from app.core.known_voices import KnownVoice, likeness, suggested
from app.core.transcript import SpeakerId

S, T = SpeakerId("speaker_0"), SpeakerId("speaker_1")


def voice(
    degrees: float,
    name: str = "",
    *,
    seconds: float = 20,
    is_narrow: bool = False,
    models: str = "m",
) -> KnownVoice:
    """Make a voice up: its likeness to another is the cosine of what lies between."""
    turn = math.radians(degrees)
    packed = struct.pack("<2e", math.cos(turn), math.sin(turn))
    vector = base64.b64encode(packed).decode("ascii")
    return KnownVoice(name, vector, seconds, is_narrow, models)


def test_a_voice_that_is_plainly_somebodys_is_suggested() -> None:
    known = [voice(0, "Ann"), voice(170, "Bob")]
    assert suggested({S: voice(30)}, known) == {S: "Ann"}
    assert suggested({S: voice(150), T: voice(10)}, known) == {S: "Bob", T: "Ann"}


@pytest.mark.parametrize(
    "heard",
    [
        voice(58),  # 0.53
        voice(0, seconds=9.9),
        voice(0, is_narrow=True),
        voice(0, models="of another year"),
        KnownVoice("", "not base 64!", 20, False, "m"),
        KnownVoice("", base64.b64encode(b"\x00\x7e\x00\x7e").decode(), 20, False, "m"),
        KnownVoice("", "", 20, False, "m"),
    ],
    ids=["too unlike", "too short", "telephone", "other models", "nonsense", "NaN", "nothing"],
)
def test_what_is_not_plain_is_nobodys(heard: KnownVoice) -> None:
    assert suggested({S: heard}, [voice(0, "Ann")]) == {}


def test_the_limits_are_those_of_the_measurements() -> None:
    assert suggested({S: voice(56)}, [voice(0, "Ann")]) == {S: "Ann"}  # 0.559
    assert suggested({S: voice(0)}, [voice(0, "Ann", seconds=9.9)]) == {}
    assert suggested({S: voice(0)}, [voice(0, "Ann", seconds=10)]) == {S: "Ann"}
    # Ahead of the next by 0.10: cosines 0.866 and 0.777, then 0.866 and 0.743
    assert suggested({S: voice(30)}, [voice(0, "Ann"), voice(69, "Bob")]) == {}
    assert suggested({S: voice(30)}, [voice(0, "Ann"), voice(72, "Bob")]) == {S: "Ann"}


def test_two_kinds_of_sound_of_one_person_stand_for_one() -> None:
    known = [voice(0, "Ann"), voice(5, "Ann", is_narrow=True)]
    assert suggested({S: voice(3)}, known) == {S: "Ann"}
    assert suggested({S: voice(3, is_narrow=True)}, known) == {S: "Ann"}
    assert suggested({S: voice(3, is_narrow=True)}, known[:1]) == {}


def test_nobody_is_suggested_for_two_speakers() -> None:
    assert suggested({S: voice(30), T: voice(10)}, [voice(0, "Ann")]) == {T: "Ann"}


def test_nobody_is_known_at_first() -> None:
    assert suggested({S: voice(0)}, []) == {}
    assert likeness(voice(0), voice(60)) == pytest.approx(0.5, abs=1e-3)
