"""Giving a transcript its recording, as those meet it who hear it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.core.document import Document
from app.jobs.attaching import Attaching, Candidate
from app.jobs.open_transcript import OpenTranscript
from app.store.audio_links import SOUND_NOT_KEPT, AudioLink
from app.store.stored import StoredTranscript
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.tasks import Tasks
from app.ui.transcript.attaching import AttachingController, AttachSheet, MissingRecording
from app.ui.window import MainWindow
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
    assert sheet.use_button.is_refused


class Patient(Attaching):
    """Finds a recording beside the transcript, once it is let."""

    def __init__(self) -> None:
        self.is_looking, self.may_find = asyncio.Event(), asyncio.Event()

    @override
    async def beside(self, stored: StoredTranscript) -> Path | None:
        return Path("/talks/talk.m4a")

    @override
    async def look(self, stored: StoredTranscript, path: Path) -> Candidate:
        self.is_looking.set()
        await self.may_find.wait()
        return Candidate(path, 5_000)


@pytest.mark.parametrize("is_still_missing", [True, False])
def test_what_lies_beside_is_offered_only_while_there_is_no_recording(
    appearance: Appearance, qtbot: QtBot, run_async, *, is_still_missing: bool
) -> None:
    page = SimpleNamespace(stored=SimpleNamespace(link=AudioLink("")), document=Document(WORDS))
    window = MainWindow()
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())

    actions = Actions(appearance)

    async def flow() -> None:
        attaching, tasks = Patient(), Tasks(lambda *told: pytest.fail(str(told)))
        opened = cast("OpenTranscript", page)
        controller = AttachingController(
            stage=window,
            actions=actions,
            appearance=appearance,
            attaching=attaching,
            tasks=tasks,
            on_page=lambda: opened,
        )
        qtbot.addWidget(controller.missing)
        controller.show_missing(True)
        assert "has been moved" in controller.missing.text
        await attaching.is_looking.wait()
        if not is_still_missing:
            controller.show_missing(False)  # one was chosen meanwhile
        attaching.may_find.set()
        await asyncio.gather(*tasks.running, return_exceptions=True)
        assert controller.missing.isHidden() != is_still_missing
        assert ("talk.m4a" in controller.missing.text) == is_still_missing
        await tasks.aclose()

    run_async(flow())
