"""The bar tells how a take stands."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.core.live import lag_message
from app.core.take import Gap, GapReason, Source, SourceKind, Trouble, Troubled, trouble_message
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.recording.view import RecordingBar
from app.ui.recording.wording import gap_text, room_text
from tests.support.heard import everything, faults

SOURCES = (Source(SourceKind.MICROPHONE), Source(SourceKind.COMPUTER))


@pytest.fixture
def bar(appearance: Appearance, qtbot: QtBot) -> RecordingBar:
    made = RecordingBar(appearance)
    qtbot.addWidget(made)
    made.begin(SOURCES)
    return made


def said(bar: RecordingBar) -> set[str]:
    return {one.text() for one in bar.findChildren(QLabel) if not one.isHidden()}


def test_a_pause_is_seen_and_its_button_resumes(bar: RecordingBar) -> None:
    assert "●" in said(bar)
    bar.show_state(is_paused=True, is_finishing=False)
    assert "Paused" in said(bar)
    assert "●" not in said(bar)
    assert bar.pause.accessibleName() == "Resume"


def test_while_it_is_saved_nothing_can_be_pressed(bar: RecordingBar) -> None:
    bar.show_state(is_paused=False, is_finishing=True)
    assert not any(one.isEnabled() for one in (bar.mark, bar.pause, bar.stop))


def test_trouble_stands_there_as_long_as_it_lasts(bar: RecordingBar) -> None:
    text = trouble_message(Troubled(Trouble.SILENT, 0), SOURCES).fill()
    bar.show_trouble(text, is_bad=True)
    assert text in said(bar)
    bar.show_trouble("", is_bad=False)
    assert text not in said(bar)


@pytest.mark.parametrize("trouble", list(Trouble))
@pytest.mark.parametrize("channel", [0, 1, None])
def test_each_trouble_is_a_sentence(trouble: Trouble, channel: int | None) -> None:
    text = trouble_message(Troubled(trouble, channel, name="USB"), SOURCES).fill()
    assert text[0].isupper()
    assert text[-1] in ".?"
    assert "{" not in text


def test_room_is_told_only_where_it_runs_out() -> None:
    assert room_text(5_000_000, 10**12, 1) == "5 MB"
    assert "room for 10:00 more" in room_text(5_000_000, 57_600_000, 1)
    assert gap_text(Gap(63_000, 5_000, GapReason.ASLEEP)) == (
        "0:05 missing at 1:03: the computer was asleep"
    )
    assert gap_text(Gap(63_000, 300, GapReason.ASLEEP)).startswith("0:01 missing")


def test_of_a_dictation_there_is_something_to_copy_and_no_moment_to_mark(
    bar: RecordingBar, qtbot: QtBot
) -> None:
    assert bar.copy.isHidden()
    bar.begin(SOURCES[:1], is_dictation=True)
    assert "Dictating" in said(bar)
    assert bar.mark.isHidden()
    with qtbot.waitSignal(bar.copy_requested):
        bar.copy.click()
    bar.show_state(is_paused=True, is_finishing=False)
    assert "Paused" in said(bar)


def test_how_a_take_stands_is_heard_and_never_with_each_level(
    bar: RecordingBar, announced: list[str]
) -> None:
    bar.begin(SOURCES)
    for at_ms in range(0, 1_000, 100):
        bar.show_state(is_paused=False, is_finishing=False)
        bar.show_time(at_ms, "1 MB")
        bar.show_peaks([0.5, 0.1])
        bar.show_missing_words("Words come when you are online again.")
    bar.show_state(is_paused=True, is_finishing=False)
    bar.show_state(is_paused=False, is_finishing=False)
    bar.show_trouble("Marked at 0:01", is_bad=False)
    bar.show_trouble("Marked at 0:01", is_bad=False)
    bar.show_state(is_paused=False, is_finishing=True)
    assert announced == [
        "Recording",
        "Words come when you are online again.",
        "Paused",
        "Recording",
        "Marked at 0:01",
        "Saving the recording…",
    ]


def test_that_words_lag_is_seen_as_long_as_they_do_and_heard_once(
    bar: RecordingBar, announced: list[str]
) -> None:
    bar.begin(SOURCES)
    for seconds in (12, 13, 14):
        text = lag_message(f"{seconds} s", is_kept=True).fill()
        bar.show_lag(text)
        assert text in said(bar)
    bar.show_lag("")
    assert not any("behind" in one for one in said(bar))
    bar.show_lag(lag_message("6 s", is_kept=False).fill())
    assert announced == [
        "Recording",
        "Text is 12 s behind; the audio is safe.",
        "Text is 6 s behind.",
    ]


def test_large_text_in_a_small_window_leaves_the_size_whole(
    appearance: Appearance, bar: RecordingBar, qtbot: QtBot
) -> None:
    bar.setStyleSheet("QLabel, QPushButton { font-size: 24pt; }")
    bar.resize(600, 300)
    bar.show()
    qtbot.waitExposed(bar)
    bar.show_time(65_000, "1 MB")
    size = next(one for one in bar.findChildren(ElidedLabel) if one.text() == "1 MB")
    qtbot.waitUntil(lambda: size.width() >= size.sizeHint().width())
    bar.show_time(65_000, "123 MB · room for 10:00 more")
    qtbot.waitUntil(lambda: size.width() >= size.sizeHint().width())
    assert bar.stop.width() >= bar.stop.minimumSizeHint().width()


def test_a_dictation_that_begins_is_heard(bar: RecordingBar, announced: list[str]) -> None:
    bar.begin(SOURCES[:1], is_dictation=True)
    assert announced == ["Dictating"]


def test_by_ear_the_bar_has_its_buttons_its_time_and_a_level_for_each_source(
    bar: RecordingBar, qtbot: QtBot
) -> None:
    qtbot.waitExposed(bar)
    bar.show_time(65_000, "")
    top = QAccessible.queryAccessibleInterface(bar)
    assert top is not None
    found = [(one.role(), one.text(QAccessible.Text.Name)) for one in everything(top)]
    role = QAccessible.Role
    assert {(role.Button, one) for one in ("Mark", "Pause", "Stop")} <= set(found)
    assert (role.StaticText, "1 minute 5 seconds") in found
    levels = [name for kind, name in found if name.startswith("Level: ")]
    assert len(levels) == len(set(levels)) == len(SOURCES)
    assert {kind for kind, name in found if name in levels} == {role.StaticText}
    assert faults(bar) == []


def told(bar: RecordingBar, start: str) -> list[tuple[str, str]]:
    """Give name and description of what assistive technology finds under such a name."""
    top = QAccessible.queryAccessibleInterface(bar)
    return [
        (one.text(QAccessible.Text.Name), one.text(QAccessible.Text.Description))
        for one in everything(top)
        if one.text(QAccessible.Text.Name).startswith(start)
    ]


def test_how_loud_it_is_can_be_asked_for_in_words(bar: RecordingBar, qtbot: QtBot) -> None:
    bar.show()
    loud, soft = "Level: Microphone", "Level: This computer's audio"
    assert told(bar, "Level:") == [(loud, "No sound"), (soft, "No sound")]
    bar.show_peaks([0.3, 0.005])
    assert told(bar, "Level:") == [(loud, "Good"), (soft, "Quiet")]
    bar.show_peaks([1.0, 0.0])
    assert told(bar, "Level:") == [(loud, "Too loud"), (soft, "Quiet")]
    bar.show_peaks([0.0, 0.0])
    assert told(bar, loud) == [(loud, "Too loud")]  # a moment ago
    for _ in range(20):
        bar.show_peaks([0.0, 0.0])
    assert told(bar, "Level:") == [(loud, "No sound"), (soft, "No sound")]


def test_levels_are_not_announced_and_a_silent_microphone_is_once(
    bar: RecordingBar, announced: list[str]
) -> None:
    bar.show()
    for peak in (0.3, 0.005, 1.0, 0.0):
        bar.show_peaks([peak, peak])
    assert announced == []
    text = trouble_message(Troubled(Trouble.SILENT, 0), SOURCES).fill()
    for _ in range(3):
        bar.show_trouble(text, is_bad=True)
    assert announced == [text]


def test_length_and_size_are_told_as_they_are_said(bar: RecordingBar, qtbot: QtBot) -> None:
    bar.show()
    bar.show_time(65_000, "12 MB · room for 10:00 more")
    assert told(bar, "1 minute 5 seconds") == [("1 minute 5 seconds", "Recorded time")]
    assert told(bar, "12 MB") == [("12 MB · room for 10:00 more", "Size of the recording")]


def test_a_mark_is_heard_once_also_where_something_else_is_shown(
    bar: RecordingBar, announced: list[str]
) -> None:
    bar.show_trouble("The microphone is silent.", is_bad=True)
    for _ in range(3):
        bar.say_marked("Marked at 0:01")
    bar.show_trouble("Marked at 0:02", is_bad=False)
    bar.say_marked("Marked at 0:02")
    assert announced == ["The microphone is silent.", "Marked at 0:01", "Marked at 0:02"]
