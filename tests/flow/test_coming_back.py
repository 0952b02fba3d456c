"""A transcript that is opened again: where one was, and how long its recording is."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.core.options import TranscriptionOptions
from app.core.transcript import Paragraph, Transcript, TranscriptId, Word
from app.store.audio_links import link_to
from app.ui.stage import Page
from app.ui.wording import clock
from tests.flow.conftest import Opened, OpenProgram
from tests.support.waiting import until

WORDS = (Word("One", 100, 300), Word("two.", 300, 600))
LATER = (Word("Three.", 4_000, 4_400),)
TALK = Transcript(
    (Paragraph(WORDS, None, 100, 600), Paragraph(LATER, None, 4_000, 4_400)),
    duration_ms=60_000,
)


def put(opened: Opened, recording: Path) -> TranscriptId:
    """Put a transcript of a recording into the library."""
    options, link = TranscriptionOptions(), link_to(recording)
    return opened.storage.library.add(
        TALK, name=recording.stem, options=options, link=link, now_ms=1
    )


def test_at_a_pause_the_last_word_is_lit_and_all_say_one_length(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
) -> None:
    recording = Path(shutil.copy(clips / "kennedy-1961.flac", tmp_path))

    async def flow() -> None:
        async with open_program() as opened:
            library = opened.storage.library
            transcript_id = put(opened, recording)
            stored = library.load(transcript_id)
            library.save_position(transcript_id, replace(stored.place, position_ms=6_000))
            opened.program.rooms.library.open(transcript_id)
            player = opened.session.player
            await until(lambda: player.path is not None and player.position_ms == 6_000)
            assert opened.view.text.spoken == 2
            await until(lambda: 0 < player.duration_ms < 60_000)
            head = opened.program.front.head.meta
            await until(lambda: head.text().startswith(clock(player.duration_ms)))
            # Library and exports tell the same, and so will the page when it opens again.
            await until(
                lambda: (
                    (now := library.entry(transcript_id)) is not None
                    and now.duration_ms == 11_000
                )
            )
            assert player.duration_ms == opened.transcript.duration_ms == 11_000
            assert library.load(transcript_id).transcript.duration_ms == 11_000
            current = opened.program.rooms.reading.current
            assert current is not None
            assert not current.document.can_undo  # nobody did that
            opened.program.rooms.library.open(transcript_id)

    run_async(flow())


def test_what_is_added_after_the_start_is_shown_until_somebody_reads_what_was_reopened(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
) -> None:
    files = [
        Path(shutil.copy(clips / "lj001-0002.flac", tmp_path / f"{n}.flac")) for n in "abcd"
    ]
    known = TranscriptId("")

    async def added(opened: Opened, file: Path) -> Page:
        """Add a recording that waits; gives the page that stands there then."""
        opened.services.queue.pause()
        stands_at: list[str] = []
        opened.program.rooms.queue.adding.stands_at.connect(stands_at.append)
        opened.drop(file)
        await until(lambda: bool(stands_at))
        opening = {"open the last transcript", "open a transcript"}
        await until(lambda: opening.isdisjoint(one.get_name() for one in asyncio.all_tasks()))
        return opened.window.page

    async def reopened(opened: Opened) -> None:
        await until(lambda: opened.program.rooms.reopened.is_untouched)
        assert opened.window.page is Page.TRANSCRIPT

    async def read_first() -> None:
        nonlocal known
        async with open_program() as opened:
            known = put(opened, files[0])
            opened.program.rooms.library.open(known)
            await until(lambda: opened.window.page is Page.TRANSCRIPT)
            assert await added(opened, files[0]) is Page.TRANSCRIPT  # opened by a person

    async def added_at_once() -> None:
        async with open_program() as opened:
            assert await added(opened, files[1]) is Page.JOB

    async def added_afterwards() -> None:
        async with open_program() as opened:
            await reopened(opened)
            assert await added(opened, files[2]) is Page.JOB

    async def read_again() -> None:
        async with open_program() as opened:
            await reopened(opened)
            viewport = opened.view.text.viewport()
            QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
            QTest.keyClick(opened.view.text, Qt.Key.Key_Right)
            assert await added(opened, files[3]) is Page.TRANSCRIPT

    for flow in (read_first, added_at_once, added_afterwards, read_again):
        run_async(flow())


def test_asked_for_twice_while_it_opens_it_comes_with_its_sound(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
) -> None:
    files = [Path(shutil.copy(clips / "lj001-0002.flac", tmp_path / f"{n}.flac")) for n in "ab"]

    async def flow() -> None:
        async with open_program() as opened:
            known = [put(opened, file) for file in files]
            rooms = opened.program.rooms
            for steps in range(30):
                place = steps % 2
                rooms.library.open(known[place])
                for _ in range(steps):
                    await asyncio.sleep(0)
                rooms.library.open(known[place])
                await until(lambda place=place: opened.session.player.path == files[place])

    run_async(flow())


def test_nothing_comes_to_the_page_of_a_window_that_is_being_closed(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
) -> None:
    recording = Path(shutil.copy(clips / "lj001-0002.flac", tmp_path))

    async def flow() -> None:
        async with open_program() as opened:
            rooms, known = opened.program.rooms, put(opened, recording)
            came: list[object] = []
            rooms.reading.opened.connect(came.append)
            await rooms.reading.settle()
            rooms.library.open(known)
            opened.program.leave()
        assert not came

    run_async(flow())


def test_what_was_asked_for_last_stays_with_its_sound(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
) -> None:
    files = [
        Path(shutil.copy(clips / "lj001-0002.flac", tmp_path / f"{n}.flac")) for n in "abc"
    ]

    async def flow() -> None:
        async with open_program() as opened:
            known = [put(opened, file) for file in files]
            rooms = opened.program.rooms
            for steps in range(30):
                last = (steps + 2) % 3
                for place in (steps % 3, (steps + 1) % 3, last):
                    rooms.library.open(known[place])
                    for _ in range(steps // 2):
                        await asyncio.sleep(0)
                await until(lambda last=last: opened.session.player.path == files[last])
                stored = rooms.reading.stored
                assert stored is not None
                assert stored.entry.transcript_id == known[last]

    run_async(flow())
