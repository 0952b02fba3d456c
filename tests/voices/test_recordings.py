"""Real recordings from the sound to the words, and sounds nobody speaks in."""

from __future__ import annotations

import shutil
import subprocess
import tracemalloc
import wave
from pathlib import Path

import numpy as np
import pytest

from app.voices.activity import Activity
from app.voices.people import MOST_PEOPLE, find_people
from app.voices.telephone import is_narrow
from app.voices.windows import (
    MINUTE_WINDOWS,
    WINDOW_STEP_SAMPLES,
    joined,
    listen,
    minute_count,
    window_count,
)
from app.voices.words import who_speaks
from tests.support.made_voices import heard_of
from tests.support.sounds import ffmpeg
from tests.voices.conftest import Sound


def heard_in(sound, models):
    narrow = is_narrow(sound)
    return joined(list(listen(sound, models, is_narrow=narrow))), narrow


def count_of(sound, models):
    heard, narrow = heard_in(sound, models)
    return find_people(heard, is_narrow=narrow).count


@pytest.fixture(scope="module")
def two(sound_of, models):
    sound = sound_of("two-readers-alternating")
    return sound, *heard_in(sound, models)


@pytest.fixture(scope="module")
def said(clips: Path):
    """Words of a quarter of a second through every turn of the two readers: who says each."""
    words, readers = [], []
    for line in (clips / "two-readers-alternating.rttm").read_text("utf-8").splitlines():
        _, _, _, start, length, _, _, reader, *_ = line.split()
        begin_ms, length_ms = round(float(start) * 1_000), round(float(length) * 1_000)
        for place in range(length_ms // 300):
            words.append((begin_ms + place * 300, begin_ms + place * 300 + 250))
            readers.append(reader)
    return words, readers


@pytest.mark.parametrize("is_thorough", [True, False])
def test_every_word_of_two_readers_is_right(two, said, models, is_thorough):
    sound, heard, narrow = two
    words, readers = said
    people = find_people(heard, is_narrow=narrow)
    listened = (sound, models.encoder_for(is_narrow=narrow)) if is_thorough else None
    spoken = who_speaks(words, Activity(heard, people, sound.sample_count), listened)

    assert people.count == 2
    assert [("A", "B")[person] for person in spoken.people] == readers
    assert ((spoken.sureness > 0.5) & (spoken.sureness <= 1)).all()


def test_turns_of_two_readers_are_theirs(two, clips: Path):
    sound, heard, narrow = two
    people = find_people(heard, is_narrow=narrow)
    turns = Activity(heard, people, sound.sample_count).turns()
    lines = (clips / "two-readers-alternating.rttm").read_text("utf-8").splitlines()

    assert [turn.person for turn in turns] == [0, 1] * 5
    for turn, line in zip(turns, lines, strict=True):
        start_s = float(line.split()[3])
        assert turn.start_ms / 1_000 == pytest.approx(start_s, abs=0.5)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_five_readers_are_five_or_as_many_as_were_asked_for(sound_of, models):
    heard, narrow = heard_in(sound_of("five-minutes"), models)

    assert find_people(heard, is_narrow=narrow).count == 5
    for asked in range(1, 6):
        assert find_people(heard, is_narrow=narrow, asked=asked).count == asked


def test_a_number_is_an_upper_bound_where_there_are_fewer(two):
    _, heard, narrow = two

    assert find_people(heard, is_narrow=narrow, asked=1).count == 1
    assert find_people(heard, is_narrow=narrow, asked=6).count in range(2, 7)


@pytest.mark.parametrize("name", ["kennedy-1961", "lj001-0001"])
def test_one_reader_is_one(sound_of, models, name):
    assert count_of(sound_of(name), models) == 1


def noise(seconds: float) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.1, round(seconds * 16_000))


def tone(seconds: float) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * 16_000)) / 16_000)


def chords(seconds: float) -> np.ndarray:
    t = np.arange(round(seconds * 16_000)) / 16_000
    whole = sum(0.1 * np.sin(2 * np.pi * hz * t) for hz in (220, 277, 330, 440))
    return whole * (1 + np.sin(4 * np.pi * t))


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0),
        np.zeros(1),
        np.zeros(4_800),
        np.zeros(400_000),
        np.full(320_000, np.nan),
        noise(20),
        tone(20),
        chords(20),
    ],
    ids=["nothing", "one", "0.3 s", "silence", "nan", "noise", "tone", "chords"],
)
def test_where_nobody_speaks_there_is_nobody(models, samples):
    sound = Sound(samples.astype(np.float32))
    heard, narrow = heard_in(sound, models)
    people = find_people(heard, is_narrow=narrow, asked=3)
    activity = Activity(heard, people, sound.sample_count)
    spoken = who_speaks([(0, 300), (300, 100), (9_000, 9_900)], activity)

    assert people.count == 0
    assert activity.turns() == []
    assert spoken.people.tolist() == [-1, -1, -1]
    assert spoken.sureness.tolist() == [0, 0, 0]


def test_two_seconds_of_speech_are_one_person(sound_of, models):
    sound = sound_of("lj001-0001")

    assert count_of(Sound(sound.read(16_000, 32_000)), models) == 1


def test_clipped_whispered_and_broken_samples_end_nothing(sound_of, models):
    speech = sound_of("two-readers-alternating").read(0, 400_000)
    clipped = np.clip(speech * 50, -1, 1)
    quiet = speech * 0.002
    broken = speech.copy()
    broken[::7_001] = np.nan

    for samples in (clipped, quiet, broken):
        assert count_of(Sound(samples.astype(np.float32)), models) in {1, 2, 3}


def whispered(speech: np.ndarray) -> np.ndarray:
    """Say the same without a voice: the mouth as it was, breath in place of the cords."""
    chance = np.random.default_rng(1)
    frame, step, order = 480, 240, 18
    window = np.hanning(frame)
    out = np.zeros(speech.size + frame)
    for begin in range(0, speech.size - frame, step):
        part = speech[begin : begin + frame] * window
        likeness = np.correlate(part, part, "full")[frame - 1 : frame + order]
        if likeness[0] < 1e-6:
            continue
        matrix = likeness[np.abs(np.subtract.outer(np.arange(order), np.arange(order)))]
        shape = np.linalg.solve(matrix + 1e-4 * likeness[0] * np.eye(order), likeness[1:])
        breath = chance.normal(0, 1, frame + 64)
        spectrum = np.fft.rfft(breath) / np.fft.rfft(
            np.concatenate([[1.0], -shape]), frame + 64
        )
        made = np.fft.irfft(spectrum, frame + 64)[:frame] * window
        out[begin : begin + frame] += made * np.sqrt(
            likeness[0] / (np.square(made).sum() + 1e-9)
        )
    return (out[: speech.size] * 0.5).astype(np.float32)


def test_whispering_ends_nothing_and_is_somebodys_where_it_is_heard(two, said, models):
    sound, _, _ = two
    quiet = Sound(whispered(sound.read(0, 25 * 16_000)))
    heard, narrow = heard_in(quiet, models)
    people = find_people(heard, is_narrow=narrow)
    words = [word for word in said[0] if word[1] < 25_000]
    spoken = who_speaks(words, Activity(heard, people, quiet.sample_count))

    assert people.count in {1, 2, 3}  # who whispers may be taken for another
    assert set(spoken.people.tolist()) <= set(range(people.count))
    assert ((spoken.sureness >= 0) & (spoken.sureness <= 1)).all()


def test_melody_with_overtones_and_a_beat_is_nobody(models):
    t = np.arange(20 * 16_000) / 16_000
    hz = np.repeat([262, 294, 330, 349, 392, 440, 494, 523] * 5, t.size // 40)
    notes = sum(np.sin(2 * np.pi * k * np.cumsum(hz) / 16_000) / k for k in range(1, 7))
    beat = np.exp(-(t % 0.5) * 30) * np.random.default_rng(2).normal(0, 1, t.size)
    sound = Sound((0.15 * notes + 0.1 * beat).astype(np.float32))

    assert count_of(sound, models) == 0


def test_speech_in_no_language_at_all_is_told_apart_as_any(two, said, models):
    sound, _, _ = two
    backward = Sound(sound.read(0, sound.sample_count)[::-1].copy())
    end_ms = sound.sample_count // 16
    words = [(end_ms - end, end_ms - start) for start, end in reversed(said[0])]
    readers = list(reversed(said[1]))
    heard, narrow = heard_in(backward, models)
    people = find_people(heard, is_narrow=narrow)
    activity = Activity(heard, people, backward.sample_count)
    spoken = who_speaks(words, activity, (backward, models.encoder))
    right = [
        ("B", "A")[person] == who for person, who in zip(spoken.people, readers, strict=True)
    ]

    assert people.count == 2
    assert sum(right) > 0.98 * len(right)


def test_words_where_there_is_no_sound_are_somebodys_but_not_surely(two, models):
    sound, heard, narrow = two
    people = find_people(heard, is_narrow=narrow)
    words = [(1_000, 1_400), (90_000, 90_500), (80_000, 70_000), (-500, -100)]
    spoken = who_speaks(words, Activity(heard, people, sound.sample_count), None)

    assert set(spoken.people.tolist()) <= {0, 1}
    assert spoken.sureness[1] < 0.7


def test_telephone_line_is_recognised_and_its_two_voices_told_apart(two, said, models):
    sound, _, _ = two
    spectrum = np.fft.rfft(sound.read(0, sound.sample_count))
    hz = np.fft.rfftfreq(sound.sample_count, 1 / 16_000)
    spectrum[(hz < 300) | (hz > 3_400)] = 0
    line = Sound(np.fft.irfft(spectrum, sound.sample_count).astype(np.float32))
    heard, narrow = heard_in(line, models)
    people = find_people(heard, is_narrow=narrow)
    words, readers = said
    spoken = who_speaks(
        words, Activity(heard, people, line.sample_count), (line, models.narrow_encoder)
    )

    assert narrow
    assert people.count == 2
    assert [("A", "B")[person] for person in spoken.people] == readers


def test_talked_over_words_are_not_sure(two, models):
    sound, _, _ = two
    whole = sound.read(0, sound.sample_count)
    # The second reader begins at 7.48 s; laid over the first, both speak at once.
    over = whole[: 7 * 16_000] + whole[round(7.5 * 16_000) : round(14.5 * 16_000)]
    both = Sound(np.concatenate([over, whole[round(7.5 * 16_000) :]]) * np.float32(0.5))
    heard, narrow = heard_in(both, models)
    people = find_people(heard, is_narrow=narrow)
    words = [(start, start + 250) for start in range(1_000, 4_500, 300)]
    spoken = who_speaks(words, Activity(heard, people, both.sample_count))

    assert people.count == 2
    assert np.median(spoken.sureness) <= 0.5


def test_no_more_than_twelve_people_are_told_apart(two):
    _, heard, narrow = two

    assert find_people(heard, is_narrow=narrow, asked=40).count <= MOST_PEOPLE


def test_windows_reach_the_end_whatever_the_length():
    for seconds in (0.1, 9.9, 10, 10.6, 15.4, 15.6, 60, 61, 3_600):
        count = window_count(round(seconds * 16_000))
        assert (count - 1) * 5 + 10 >= seconds - 0.51
        assert count == 1 or (count - 2) * 5 + 10 < seconds - 0.49
        assert minute_count(round(seconds * 16_000)) == -(-count // MINUTE_WINDOWS)
    assert window_count(0) == 0


def test_twelve_people_are_twelve():
    whose = [place % 12 for place in range(12 * 6)]
    people = find_people(heard_of(whose), is_narrow=False)

    assert people.count == 12
    assert people.labels.tolist() == whose


@pytest.mark.slow
def test_one_voice_for_three_hours_is_one_person_in_little_memory():
    windows = 3 * 3_600 // 5
    heard = heard_of([0] * windows, spread=0.08)
    tracemalloc.start()
    try:
        people = find_people(heard, is_narrow=False)
        activity = Activity(heard, people, (windows + 1) * WINDOW_STEP_SAMPLES)
        turns = activity.turns()
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert people.count == 1
    assert {turn.person for turn in turns} == {0}
    assert peak_bytes < 100_000_000


def test_a_television_in_the_room_is_somebody_at_most(two, said, sound_of, models):
    sound, _, _ = two
    speech = sound.read(0, sound.sample_count)
    other = sound_of("kennedy-1961")
    set_on = other.read(0, other.sample_count)
    played = np.resize(set_on, speech.size) * np.float32(10 ** (-16 / 20))
    mixed = Sound(speech + played)
    heard, narrow = heard_in(mixed, models)
    people = find_people(heard, is_narrow=narrow)
    words, readers = said
    spoken = who_speaks(
        words, Activity(heard, people, mixed.sample_count), (mixed, models.encoder)
    )

    # What it says may count as somebody's; who is in the room is told apart all the same.
    assert people.count in {2, 3}
    by_reader = {
        reader: np.bincount(
            [
                person
                for person, who in zip(spoken.people, readers, strict=True)
                if who == reader
            ]
        ).argmax()
        for reader in "AB"
    }
    right = [
        by_reader[who] == person for person, who in zip(spoken.people, readers, strict=True)
    ]
    assert by_reader["A"] != by_reader["B"]
    assert sum(right) > 0.9 * len(right)


@pytest.mark.skipif(shutil.which("text2wave") is None, reason="festival speaks no other tongue")
def test_another_language_is_one_person_as_any(tmp_path: Path, models):
    path = tmp_path / "said.wav"
    text = " ".join(["Quo usque tandem abutere patientia nostra, quam diu etiam?"] * 6)
    for voice in ("czech_ph", "suo_fi_lj_diphone", "lp_diphone"):
        command = ["text2wave", "-eval", f"(voice_{voice})", "-o", str(path)]
        subprocess.run(command, input=text.encode(), capture_output=True, check=False)
        if path.exists() and path.stat().st_size > 100_000:
            break
    else:
        pytest.skip("none of festival's other voices is here")
    wav = tmp_path / "said-16.wav"
    ffmpeg("-i", path, "-ar", "16000", "-ac", "1", wav)
    with wave.open(str(wav)) as stream:
        samples = np.frombuffer(stream.readframes(stream.getnframes()), "<i2")

    assert count_of(Sound((samples / 32_768).astype(np.float32)), models) == 1
