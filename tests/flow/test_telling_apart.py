"""Telling the voices of a transcript apart that is there, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.options import TranscriptionOptions
from app.core.paragraphs import group_words
from app.core.transcript import Transcript, Word
from app.store.audio_links import AudioLink, link_to
from app.ui.actions import ActionId
from app.ui.stage import Page
from app.ui.transcript.telling import TellSheet
from tests.flow.conftest import Opened, OpenProgram
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

WORDS = [Word(f"w{at}", at * 1_000 + 400, at * 1_000 + 700) for at in range(57)]
PLAIN = Transcript(group_words(WORDS, [None] * 57), duration_ms=57_923)


async def put_on_page(opened: Opened, link: AudioLink) -> None:
    transcript_id = opened.storage.library.add(
        PLAIN, name="Talk", options=TranscriptionOptions(), link=link, now_ms=1
    )
    await opened.program.rooms.reading.open(transcript_id)
    await until(lambda: opened.window.page is Page.TRANSCRIPT)


async def asked(opened: Opened, people: str) -> None:
    """Choose the command, and say how many people there are."""
    opened.program.front.actions[ActionId.TELL_APART].trigger()
    await until(lambda: any(one.isVisible() for one in sheets(opened)))
    (sheet,) = [one for one in sheets(opened) if one.isVisible()]
    sheet.people.setCurrentIndex(sheet.people.findText(people))
    sheet.tell_button.click()


def sheets(opened: Opened) -> list[TellSheet]:
    return opened.window.findChildren(TellSheet)


def test_two_voices_become_two_speakers_in_one_step_and_another_number_is_quick(
    open_program: OpenProgram, run_async, clips: Path
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            await put_on_page(opened, link_to(clips / "two-readers-alternating.flac"))
            await asked(opened, "Automatic")
            await until(lambda: len(opened.transcript.speakers) == 2, 120)
            told = opened.transcript
            assert "2 speakers" in opened.program.front.head.meta.text()
            assert opened.storage.library is not None

            await asked(opened, "1")
            await until(lambda: len(opened.transcript.speakers) == 1, 60)

            undo = opened.program.front.actions[ActionId.UNDO]
            undo.trigger()
            assert opened.transcript == told
            undo.trigger()
            assert opened.transcript == PLAIN
            assert not undo.isEnabled()
            assert opened.window.notice.text == "Undone: Identify speakers"
            opened.program.front.actions[ActionId.REDO].trigger()
            assert opened.transcript == told
            assert opened.window.notice.text == "Redone: Identify speakers"

    run_async(flow(), timeout_s=200)


def test_without_a_recording_it_says_so(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            await put_on_page(opened, AudioLink(str(tmp_path / "gone.wav")))
            missing = opened.program.rooms.attaching.missing
            await until(lambda: "has been moved" in missing.text)
            opened.program.front.actions[ActionId.TELL_APART].trigger()
            await until(lambda: "is needed to identify speakers" in opened.window.notice.text)
            assert sheets(opened) == []

    run_async(flow(), timeout_s=60)
