"""Giving a transcript its recording, as those meet it who hear it."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.jobs.attaching import Candidate
from app.store.audio_links import SOUND_NOT_KEPT
from app.ui.kit.appearance import Appearance
from app.ui.transcript.attaching import AttachSheet, MissingRecording
from tests.support.builders import transcript

WORDS = transcript(("A", "we met again and again"))


def test_that_a_recording_is_missing_is_heard_whenever_that_comes_up(
    qapp, qtbot: QtBot, announced: list[str]
) -> None:
    missing = MissingRecording()
    qtbot.addWidget(missing)
    for _ in range(2):
        missing.say("The recording is not here.")
    missing.hide()
    missing.say("The recording is not here.")
    assert announced == ["The recording is not here."] * 2


def test_what_is_not_missed_is_not_asked_for(qapp, qtbot: QtBot) -> None:
    missing = MissingRecording()
    qtbot.addWidget(missing)
    missing.say(SOUND_NOT_KEPT.fill(), can_give=False)
    assert missing.give_button.isHidden()
    missing.say("The recording is not here.")
    assert not missing.give_button.isHidden()


def test_whether_the_words_fit_is_heard_while_the_offset_is_typed(
    appearance: Appearance, qtbot: QtBot, announced: list[str]
) -> None:
    sheet = AttachSheet(appearance, WORDS, Candidate(Path("/talks/talk.m4a"), 5_000))
    qtbot.addWidget(sheet)
    sheet.show()
    assert announced == []  # what a dialog says is read when it opens
    sheet.offset.setValue(500.0)
    sheet.offset.setValue(501.0)
    (said,) = announced
    assert said.startswith("No words would fall inside the recording.")
    assert not sheet.use_button.isEnabled()
