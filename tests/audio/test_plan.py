from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.audio.plan import Form, Lane, PartLimits, make_plan, seeks_truly, smaller
from app.core.options import ModelId, TranscriptionOptions
from app.core.recording import Recording

PULSE = TranscriptionOptions(model=ModelId.PULSE)
MONO = Recording(Path("talk.flac"), 5_000_000, 1, 300_000, "flac", "flac", 1, 16_000)
HOUR = Recording(Path("a.wav"), 635_000_000, 1, 3_600_000, "wav", "pcm_s16le", 2, 44_100)
SONG = Recording(Path("a.mp3"), 9_600_000, 1, 300_000, "mp3", "mp3", 2, 44_100)


@pytest.mark.parametrize(
    ("recording", "options", "form"),
    [
        (MONO, PULSE, Form.ORIGINAL),
        (MONO, TranscriptionOptions(), Form.WAV),
        (replace(MONO, size_bytes=250_000_001), PULSE, Form.FLAC),
        (replace(MONO, size_bytes=250_000_000), PULSE, Form.ORIGINAL),
        (replace(MONO, duration_ms=600_001), PULSE, Form.FLAC),
        (replace(MONO, starts_ms=3_000), PULSE, Form.FLAC),
        (replace(MONO, damaged_at_ms=100_000), PULSE, Form.FLAC),
        (MONO, replace(PULSE, start_ms=1_000), Form.FLAC),
        (MONO, replace(PULSE, end_ms=200_000), Form.FLAC),
        (MONO, replace(PULSE, end_ms=300_000), Form.ORIGINAL),
        (MONO, replace(PULSE, save_data=True), Form.OPUS),
        (replace(MONO, size_bytes=1_000_000), replace(PULSE, save_data=True), Form.ORIGINAL),
        (SONG, PULSE, Form.FLAC),
        (replace(SONG, size_bytes=4_800_000), PULSE, Form.ORIGINAL),
        (replace(SONG, size_bytes=4_800_000, channels=6), PULSE, Form.FLAC),
        (SONG, replace(PULSE, save_data=True), Form.OPUS),
        (replace(MONO, container="asf", codec="wmav2"), PULSE, Form.FLAC),
        (replace(MONO, container="wav", codec="pcm_mulaw"), PULSE, Form.FLAC),
        (replace(MONO, container="mov", codec="aac"), PULSE, Form.ORIGINAL),
        (replace(MONO, container="mov", codec="aac", has_video=True), PULSE, Form.FLAC),
    ],
)
def test_the_form_that_is_sent(
    recording: Recording, options: TranscriptionOptions, form: Form
) -> None:
    assert make_plan(recording, options).form is form


def test_the_reason_names_both_sides() -> None:
    whole = make_plan(HOUR, PULSE, PartLimits(split_ms=7_200_000))

    assert whole.reason.fill() == "stereo 44.1 kHz WAV 635 MB → mono FLAC 58 MB"
    assert "in parts of up to 10:00" in make_plan(HOUR, PULSE).reason.fill()
    assert make_plan(MONO, PULSE).reason.fill() == "mono 16 kHz FLAC 5.0 MB, sent as it is"


def test_only_what_is_sent_is_split() -> None:
    assert make_plan(HOUR, PULSE).split_ms == 600_000
    assert make_plan(HOUR, TranscriptionOptions()).split_ms is None
    assert make_plan(HOUR, replace(PULSE, end_ms=600_000)).split_ms is None


def test_a_part_never_exceeds_the_size_limit_even_as_noise() -> None:
    plan = make_plan(HOUR, PULSE, PartLimits(split_ms=36_000_000, most_bytes=10_000_000))

    assert plan.split_ms is not None
    assert plan.split_ms * 32 <= 10_000_000


def test_channels_apart_only_where_there_are_two() -> None:
    apart = replace(PULSE, channels_are_speakers=True)

    assert make_plan(replace(SONG, size_bytes=1), apart).lanes == (Lane(0, 0), Lane(0, 1))
    assert make_plan(replace(SONG, size_bytes=1), apart).form is Form.FLAC
    assert make_plan(MONO, apart).lanes == (Lane(),)
    assert make_plan(MONO, apart).form is Form.ORIGINAL


def test_damage_ends_the_plan() -> None:
    damaged = replace(MONO, damaged_at_ms=100_000)

    assert make_plan(damaged, PULSE).end_ms == 100_000
    assert make_plan(damaged, replace(PULSE, end_ms=50_000)).end_ms == 50_000


@pytest.mark.parametrize(
    ("recording", "is_true"),
    [
        (MONO, True),
        (HOUR, True),
        (SONG, True),
        (replace(SONG, is_variable_rate=True), False),
        (replace(MONO, container="aac", codec="aac"), False),
        (replace(MONO, container="asf", codec="wmav2"), False),
        (replace(MONO, container="mov", codec="aac"), True),
        (replace(MONO, container="mov", codec="amr_nb"), False),
        (replace(MONO, container="mov", codec="aac", starts_ms=3_000), False),
        (replace(MONO, container="never-seen", codec="new"), False),
    ],
)
def test_a_copy_is_played_unless_seeking_is_proven(recording: Recording, is_true: bool) -> None:
    assert seeks_truly(recording) is is_true
    assert make_plan(recording, PULSE).needs_proxy is not is_true


def test_each_refusal_makes_it_smaller_until_nothing_is_left() -> None:
    plan = make_plan(MONO, PULSE)
    steps = []
    while plan is not None:
        steps.append((plan.form, plan.split_ms))
        plan = smaller(plan)

    assert steps == [
        (Form.ORIGINAL, None),
        (Form.FLAC, 600_000),
        (Form.OPUS, 600_000),
        (Form.OPUS, 300_000),
        (Form.OPUS, 150_000),
        (Form.OPUS, 75_000),
    ]
