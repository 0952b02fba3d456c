"""A language that was wrongly chosen: it is noticed, and put right in a few clicks."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.options import AUTO, TranscriptionOptions
from app.store.audio_links import link_to
from app.ui.queue.sheets import RepeatSheet
from tests.flow.conftest import OpenProgram
from tests.support.builders import heard
from tests.support.seen import press
from tests.support.waiting import until


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_what_was_heard_in_the_wrong_language_is_heard_in_the_right_one(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
) -> None:
    talk = Path(shutil.copy(clips / "made/spanish.flac", tmp_path / "talk.flac"))
    wrong = replace(heard(*[0.5] * 30), language="en", model="on-device:tiny.en")

    async def flow() -> None:
        async with open_program() as opened:
            known = opened.storage.library.add(
                wrong,
                name="Talk",
                options=TranscriptionOptions(language="en"),
                link=link_to(talk),
                now_ms=1,
            )
            opened.program.rooms.library.transcript_needed.emit(known, None)
            notice = opened.window.notice
            await until(lambda: notice.text == "Many words are uncertain. Is this English?")
            press(opened.window, "Detect language")
            await until(lambda: bool(opened.window.findChildren(RepeatSheet)))
            (sheet,) = opened.window.findChildren(RepeatSheet)
            assert sheet.panel.options.language == AUTO
            press(sheet, "Transcribe again")
            await until(lambda: len(opened.jobs) == 1)
            await until(lambda: opened.jobs[0].state.is_over, 100)
            assert opened.jobs[0].options.language == AUTO
            assert opened.transcript.text == wrong.text  # nobody is taken from what they read
            await opened.shown(opened.jobs[0])
            assert opened.transcript.language == "es"
            assert "mañana" in opened.transcript.text
            assert opened.storage.library.load(known).transcript.text == wrong.text

    run_async(flow(), timeout_s=130)
