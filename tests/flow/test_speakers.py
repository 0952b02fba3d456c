"""One or two people, and known voices, in the real window; what was heard is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from app.core.options import TranscriptionOptions
from app.core.paragraphs import group_words
from app.core.transcript import Speaker, SpeakerId, Transcript, TranscriptId, Word
from app.store.audio_links import link_to
from app.ui.actions import ActionId
from app.ui.stage import Page
from app.ui.transcript.speakers_sheet import SpeakersSheet
from tests.flow.conftest import Opened, OpenProgram
from tests.support.made_voices import words_of, write_heard
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

A, B = SpeakerId("speaker_0"), SpeakerId("speaker_1")
TURNS = [0, 1, 2] * 8
"""Three people; the transcript takes the last two for one."""


def listened_to(opened: Opened, recording: Path, heard: list[int]) -> TranscriptId:
    """Keep a transcript whose recording was listened to."""
    link = link_to(recording)
    telling = opened.services.telling
    folder = telling.heard_path(link.content_hash, 0, 0).parent
    folder.mkdir(parents=True, exist_ok=True)
    length_ms = write_heard(folder / "made", heard, seed=recording.stat().st_size)
    (folder / "made").rename(telling.heard_path(link.content_hash, 0, length_ms))
    words: list[Word] = []
    ids: list[SpeakerId | None] = []
    for window, person in enumerate(heard):
        spans = words_of([window])
        words += [Word(f"{person}w{start}", start, end) for start, end in spans]
        ids += [A if person == 0 else B] * len(spans)
    made = Transcript(group_words(words, ids), (Speaker(A), Speaker(B)), duration_ms=length_ms)
    return opened.storage.library.add(
        made, name=recording.stem, options=TranscriptionOptions(), link=link, now_ms=1
    )


async def read(opened: Opened, transcript_id: TranscriptId) -> Transcript:
    await opened.program.rooms.reading.open(transcript_id)
    await until(lambda: opened.window.page is Page.TRANSCRIPT)
    await until(lambda: bool(opened.transcript.speakers))
    return opened.transcript


def said_by(transcript: Transcript) -> dict[str, set[SpeakerId | None]]:
    """Give, of each person, under whose name their words stand."""
    found: dict[str, set[SpeakerId | None]] = {}
    for paragraph in transcript.paragraphs:
        for word in paragraph.words:
            found.setdefault(word.text[0], set()).add(paragraph.speaker_id)
    return found


async def asked(opened: Opened) -> SpeakersSheet:
    opened.program.front.actions[ActionId.SPEAKERS].trigger()
    await until(lambda: any(one.isVisible() for one in sheets(opened)))
    return next(one for one in sheets(opened) if one.isVisible())


def sheets(opened: Opened) -> list[SpeakersSheet]:
    return opened.window.findChildren(SpeakersSheet)


def test_a_speaker_who_is_two_is_parted_and_merged_and_all_taken_back(
    open_program: OpenProgram, run_async, clips: Path
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            made = listened_to(opened, clips / "lj001-0001.flac", TURNS)
            before = await read(opened, made)
            sheet = await asked(opened)
            sheet.choose(B)
            sheet.other.setCurrentIndex(0)
            assert sheet.part.isVisible()
            assert not sheet.merge.isVisible()
            sheet.look.click()
            await until(lambda: "Most likely two people" in sheet.evidence.text(), 60)
            sheet.part.click()
            await until(lambda: len(opened.transcript.speakers) == 3, 60)
            new = SpeakerId("speaker_2")
            told = said_by(opened.transcript)
            assert told["0"] == {A}
            assert told["1"] | told["2"] == {B, new}
            assert told["1"].isdisjoint(told["2"])
            assert all(
                word.speaker_confidence is not None
                for one in opened.transcript.paragraphs
                if one.speaker_id != A
                for word in one.words
            )

            sheet = await asked(opened)
            sheet.choose(B)
            sheet.other.setCurrentIndex(sheet.other.findData(new))
            sheet.merge.click()
            await until(lambda: len(opened.transcript.speakers) == 2)
            assert said_by(opened.transcript) == {"0": {A}, "1": {B}, "2": {B}}

            undo = opened.program.front.actions[ActionId.UNDO]
            undo.trigger()
            assert len(opened.transcript.speakers) == 3
            undo.trigger()
            assert opened.transcript == before
            assert not undo.isEnabled()

    run_async(flow(), timeout_s=200)


def test_a_number_of_people_is_taken_at_once_and_leaves_who_was_named(
    open_program: OpenProgram, run_async, clips: Path
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            made = listened_to(opened, clips / "lj001-0001.flac", TURNS)
            await read(opened, made)
            opened.view.rename_requested.emit(A, "Ann")
            named = opened.transcript
            sheet = await asked(opened)
            sheet.choose(A)
            sheet.other.setCurrentIndex(0)
            assert sheet.part.is_refused  # named by hand
            assert "You named" in sheet.reason.text()
            sheet.people.show_number(3)
            sheet.tell.click()
            await until(lambda: len(opened.transcript.speakers) == 3, 60)
            told = said_by(opened.transcript)
            assert told["0"] == {A}
            assert told["1"].isdisjoint(told["2"])
            assert [one.name for one in opened.transcript.speakers if one.name] == ["Ann"]
            opened.program.front.actions[ActionId.UNDO].trigger()
            assert opened.transcript == named

    run_async(flow(), timeout_s=200)


def test_a_voice_that_was_named_is_suggested_where_it_is_heard_next(
    open_program: OpenProgram, run_async, clips: Path
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            notice = opened.window.notice
            opened.storage.settings.change(knows_voices=True)
            first = listened_to(opened, clips / "lj001-0001.flac", TURNS)
            second = listened_to(opened, clips / "lj001-0002.flac", [1, 0] * 12)
            await read(opened, first)
            opened.view.rename_requested.emit(A, "Ann")
            await until(lambda: "Remember Ann's voice" in notice.text, 60)
            assert opened.services.knowing.known.voices() == ()  # not unasked
            opened.named(QPushButton, "Remember this voice").click()
            await until(lambda: "Ann's voice is remembered" in notice.text, 60)

            before = await read(opened, second)
            await until(lambda: notice.text == "Speaker 1 sounds like Ann.", 60)
            assert opened.transcript == before  # suggested, not given
            opened.named(QPushButton, "Name them Ann").click()
            await until(lambda: opened.transcript.speaker_label(A) == "Ann")
            opened.program.front.actions[ActionId.UNDO].trigger()
            assert opened.transcript == before

    run_async(flow(), timeout_s=200)
