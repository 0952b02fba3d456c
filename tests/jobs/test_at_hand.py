"""Words of a transcript that is open, and what a job finds out about them meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core import edits
from app.core.options import TranscriptionOptions
from app.core.transcript import SpeakerId, Transcript, TranscriptId
from app.jobs.at_hand import WordsAtHand
from app.jobs.open_transcript import Clock, OpenTranscript
from app.store.audio_links import AudioLink
from app.store.library import Library
from app.store.opening import open_database
from tests.support.builders import transcript

HEARD = transcript((None, "one two"), (None, "three"))
TOLD = transcript(("A", "one two"), ("B", "three"))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    database, _notice = open_database(tmp_path / "library.db")
    yield Library(database)
    database.close()


def kept(library: Library) -> TranscriptId:
    return library.add(
        HEARD, name="Talk", options=TranscriptionOptions(), link=AudioLink(""), now_ms=1
    )


def corrected(words: Transcript) -> Transcript:
    change = edits.correct_words(words, 0, 0, 1, "once")
    assert change is not None
    return change.applied_to(words)


def write(opened: OpenTranscript) -> None:
    opened.apply(edits.correct_words(opened.document.transcript, 0, 0, 1, "once"))


async def test_writing_right_behind_what_was_found_out_is_no_change_by_others(
    library: Library,
) -> None:
    one = kept(library)
    opened = OpenTranscript(library.load(one), library)
    at_hand = WordsAtHand(library)
    at_hand.serve(lambda: opened)

    assert await at_hand.take_over(one, HEARD, TOLD, "Identify speakers")
    write(opened)  # before anything of it is saved
    assert await opened.close()

    assert library.load(one).transcript == corrected(TOLD)
    assert not opened.was_changed_elsewhere


async def test_writing_while_that_is_saved_is_no_change_by_others_either(
    library: Library,
) -> None:
    one = kept(library)
    is_saving, may_save = asyncio.Event(), asyncio.Event()

    async def work(job: object) -> object:
        is_saving.set()
        await may_save.wait()
        assert callable(job)
        return job()

    opened = OpenTranscript(library.load(one), library, replace(Clock(), work=work))
    at_hand = WordsAtHand(library)
    at_hand.serve(lambda: opened)

    taking = asyncio.create_task(at_hand.take_over(one, HEARD, TOLD, "Identify speakers"))
    await is_saving.wait()
    write(opened)
    saving = asyncio.create_task(opened.save())
    may_save.set()
    assert not await taking  # its words are others by now: asked again, it is told of these
    await saving
    now = opened.document.transcript
    told = replace(
        now,
        paragraphs=tuple(
            replace(paragraph, speaker_id=SpeakerId(name))
            for paragraph, name in zip(now.paragraphs, "AB", strict=True)
        ),
        speakers=TOLD.speakers,
    )
    assert await at_hand.take_over(one, now, told, "Identify speakers")
    assert await opened.close()

    assert library.load(one).transcript == told == corrected(TOLD)
    assert not opened.was_changed_elsewhere
