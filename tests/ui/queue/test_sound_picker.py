"""What is offered of a recording's sound is what the recording has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.options import TranscriptionOptions
from app.core.recording import Track
from app.ui.kit.appearance import Appearance
from app.ui.queue.sound_picker import SoundPicker


@pytest.fixture
def picker(appearance: Appearance, qtbot) -> SoundPicker:
    made = SoundPicker(appearance)
    qtbot.addWidget(made)
    return made


def offered(picker: SoundPicker) -> list[str]:
    return [picker.itemText(place) for place in range(picker.count())]


def tracks(*channels: int) -> list[Track]:
    return [Track(number, "aac", count, 48_000) for number, count in enumerate(channels)]


def test_each_of_many_tracks_is_offered_with_what_was_heard_on_it(picker: SoundPicker) -> None:
    several = tracks(1, 1, 1, 1, 1, 1)
    several[0] = replace(several[0], is_silent=True)
    several[2] = replace(several[2], is_steady=True)
    several[5] = replace(several[5], is_readable=False)
    picker.offer(several)
    assert offered(picker) == [
        "All tracks with speech",
        "One speaker per track",
        "Track 1 · silent",
        "Track 2",
        "Track 3 · no speech",
        "Track 4",
        "Track 5",
        "Track 6 · cannot be read",
    ]


def test_a_track_is_named_as_the_file_names_it(picker: SoundPicker) -> None:
    several = tracks(1, 1, 1, 1)
    several[0] = replace(several[0], title="Desktop", is_steady=True)
    several[1] = replace(several[1], title="Mic/Aux", language="eng")
    several[2] = replace(several[2], language="ger")
    several[3] = replace(several[3], language="zzz")
    picker.offer(several)
    assert offered(picker)[2:] == [
        "Track 1 · Desktop · no speech",
        "Track 2 · Mic/Aux",
        "Track 3 · German",
        "Track 4",
    ]


@pytest.mark.parametrize(
    ("channels", "names"),
    [
        (1, []),
        (2, ["Left channel only", "Right channel only"]),
        (6, [f"Channel {number} only" for number in range(1, 7)]),
        (64, [f"Channel {number} only" for number in range(1, 65)]),
    ],
)
def test_the_channels_of_one_track_are_offered(
    picker: SoundPicker, channels: int, names: list[str]
) -> None:
    picker.offer(tracks(channels))
    assert offered(picker) == ["Everything", *names]


def test_a_choice_is_told_and_shown(picker: SoundPicker, qtbot) -> None:
    picker.offer(tracks(2, 2, 2, 2, 2))
    told: list[TranscriptionOptions] = []
    picker.choice_made.connect(told.append)
    for text in ("Track 5", "Right channel only", "One speaker per track"):
        picker.setCurrentIndex(picker.findText(text))
        picker.activated.emit(picker.currentIndex())
    assert [(one.track, one.channel, one.tracks_are_speakers) for one in told] == [
        (4, None, False),
        (None, 1, False),
        (None, None, True),
    ]


def test_what_was_chosen_stays_chosen_when_it_becomes_known_what_there_is(
    picker: SoundPicker,
) -> None:
    picker.show_options(TranscriptionOptions(track=7))
    assert picker.currentText() == "Track 8"
    picker.offer(tracks(2, 2))
    assert picker.currentText() == "Track 8"
    picker.show_options(TranscriptionOptions(track=1))
    assert picker.currentText() == "Track 2"
    picker.show_options(TranscriptionOptions(track=1, channel=1))
    assert picker.currentText() == "Track 2 · Right channel only"
