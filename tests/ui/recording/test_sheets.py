"""What is to be recorded follows what is plugged in."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.core.live import LiveBy
from app.core.take import Device, Source, SourceKind
from app.ui.kit.appearance import Appearance
from app.ui.kit.letters import text_of
from app.ui.recording.sheets import RecordSheet
from app.ui.wording import goes_into

USB = Source(SourceKind.MICROPHONE, "usb", "USB microphone")
BUILT_IN = Source(SourceKind.MICROPHONE, "built-in", "Built-in microphone")
PLAYED = Source(SourceKind.COMPUTER, "speakers.monitor", "Speakers")
ALL = (Device(USB, is_default=True), Device(BUILT_IN), Device(PLAYED, is_default=True))
DEFAULT = Source(SourceKind.MICROPHONE)
COMPUTER = Source(SourceKind.COMPUTER)


@pytest.fixture
def make(appearance: Appearance, qtbot: QtBot):
    def made(devices=ALL, microphone: str = "", *, with_computer: bool = False) -> RecordSheet:
        sheet = RecordSheet(
            appearance, devices, microphone=microphone, with_computer=with_computer
        )
        qtbot.addWidget(sheet)
        return sheet

    return made


@pytest.mark.parametrize(
    ("microphone", "with_computer", "sources"),
    [
        ("", False, (DEFAULT,)),
        ("built-in", True, (BUILT_IN, COMPUTER)),
        ("none", True, (COMPUTER,)),
        ("one that is gone", False, (DEFAULT,)),
    ],
)
def test_what_was_recorded_last_is_chosen(make, microphone, with_computer, sources) -> None:
    assert make(microphone=microphone, with_computer=with_computer).sources() == sources


def test_a_microphone_that_is_unplugged_and_plugged_in_again_is_chosen_again(make) -> None:
    sheet = make(microphone="built-in")
    sheet.show_devices(ALL[:1])
    assert sheet.sources() == (DEFAULT,)
    sheet.show_devices(ALL)
    assert sheet.sources() == (BUILT_IN,)


def test_without_a_microphone_only_the_computer_is_left(make) -> None:
    sheet = make(ALL[2:], with_computer=True)
    assert sheet.sources() == (COMPUTER,)


def test_where_the_computers_sound_cannot_be_had_it_is_not_recorded(make) -> None:
    sheet = make(ALL[:2], with_computer=True)
    assert sheet.computer.is_refused
    assert sheet.computer.toolTip()
    assert sheet.sources() == (DEFAULT,)


def test_words_while_recording_may_be_wanted_or_not_and_stay_or_be_made_better(
    appearance: Appearance, qtbot: QtBot
) -> None:
    sheet = RecordSheet(
        appearance,
        ALL,
        microphone="",
        with_computer=False,
        live_text=LiveBy.NOTHING,
        keeps_live_text=True,
    )
    qtbot.addWidget(sheet)
    assert sheet.live_text is LiveBy.NOTHING
    assert sheet.better.isHidden()  # greyed, it would have to say why
    sheet.live.setCurrentIndex(sheet.live.findData(LiveBy.HERE.value))
    sheet.live.activated.emit(0)
    assert sheet.live_text is LiveBy.HERE
    assert not sheet.better.isHidden()
    assert not sheet.better.isChecked()


def test_a_dictation_keeps_words_only_and_has_to_have_some(
    appearance: Appearance, qtbot: QtBot
) -> None:
    sheet = RecordSheet(
        appearance,
        ALL,
        microphone="",
        with_computer=False,
        dictates=True,
        spoken_punctuation=True,
    )
    qtbot.addWidget(sheet)
    assert sheet.is_dictation
    assert sheet.signs.isChecked()
    assert not sheet.signs.isHidden()
    assert sheet.better.isHidden()
    begin = next(one for one in sheet.findChildren(QPushButton) if text_of(one) == "Dictate")
    sheet.words_only.setChecked(False)
    assert begin.text() == begin.accessibleName() == "Record"
    assert sheet.signs.isHidden()
    assert not sheet.better.isHidden()
    sheet.words_only.setChecked(True)
    sheet.live.setCurrentIndex(sheet.live.findData(LiveBy.NOTHING.value))
    sheet.live.activated.emit(sheet.live.currentIndex())
    assert not sheet.is_dictation
    assert sheet.words_only.isHidden()


def test_signs_are_not_written_unless_that_is_wanted(make) -> None:
    sheet = make()
    assert not sheet.signs.isChecked()
    assert not sheet.is_dictation


def test_where_the_recording_goes_is_said_while_a_project_is_shown(
    appearance: Appearance, qtbot: QtBot
) -> None:
    sheets = [
        RecordSheet(appearance, ALL, microphone="", with_computer=False, target=target)
        for target in ("", goes_into("Thesis"))
    ]
    for sheet in sheets:
        qtbot.addWidget(sheet)
    said = [[one.text() for one in sheet.findChildren(QLabel)] for sheet in sheets]
    assert set(said[1]) - set(said[0]) == {"New recordings go into Thesis."}
