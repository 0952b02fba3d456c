"""Voices told apart within a job: real sound, real models, whoever recognised the words."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.audio.parts import Part
from app.audio.prepare import Prepared
from app.audio.probe import probe
from app.core import edits
from app.core.job import Job, JobId, JobState
from app.core.options import ModelId, TranscriptionOptions
from app.core.paragraphs import group_words
from app.core.transcript import Speaker, SpeakerId, Transcript, Word
from app.jobs.events import JobChanged
from app.jobs.job_progress import JobProgress
from app.jobs.open_transcript import OpenTranscript
from app.jobs.telling import NOT_TOLD, TELLING, trim
from app.store.audio_links import link_to
from app.ui.queue.wording import RowAction, buttons, state_text
from tests.support.bench import Bench, opened
from tests.support.fake_waves import FakeWaves, Heard, Upload, fake_waves

__all__ = ["fake_waves"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

HERE = TranscriptionOptions(language="en", diarize=True)
PRO = TranscriptionOptions(model=ModelId.PULSE_PRO, diarize=True)

LAST_WORDS = (
    *("do for them", "typography", "man", "movable types", "sposed"),
    *("form", "than he was", "middle ages", "himself", "germany and france"),
)
"""Of the ten turns of the two readers."""


def readers(clips: Path) -> Callable[[int], str]:
    """Give who of the two reads at a time; at a pause, whose turn is nearest."""
    turns: list[tuple[float, float, str]] = []
    for line in (clips / "two-readers-alternating.rttm").read_text("utf-8").splitlines():
        _, _, _, start, length, _, _, name, *_ = line.split()
        turns.append((float(start), float(start) + float(length), name))

    def who(at_ms: int) -> str:
        at = at_ms / 1_000
        return min(turns, key=lambda turn: max(turn[0] - at, at - turn[1], 0))[2]

    return who


def right(transcript: Transcript, clips: Path) -> list[bool]:
    who = readers(clips)
    names = {"speaker_0": "A", "speaker_1": "B"}
    return [
        names.get(str(paragraph.speaker_id)) == who((word.start_ms + word.end_ms) // 2)
        for paragraph in transcript.paragraphs
        for word in paragraph.words
    ]


def each_second(upload: Upload) -> list[Heard]:
    """Pulse Pro's words: one in the middle of each second."""
    return [
        Heard(f"word{second}", second + 0.4, second + 0.7)
        for second in range(int(upload.duration_s))
    ]


async def done(bench: Bench, job: Job) -> Job:
    over = await bench.done(job)
    assert over.state is JobState.DONE, bench.sentence(job)
    return over


async def test_every_word_of_two_readers_recognised_here_is_theirs(
    clips: Path, tmp_path: Path
) -> None:
    async with opened(tmp_path / "home") as bench:
        (job,) = await bench.queue.add([clips / "two-readers-alternating.flac"], HERE)
        over = await done(bench, job)
        transcript = bench.transcript(job)

    assert over.note != NOT_TOLD
    assert len(transcript.speakers) == 2
    # By the words, not by their times: the recogniser puts one into the pause before it.
    assert [paragraph.speaker_id for paragraph in transcript.paragraphs] == [
        "speaker_0",
        "speaker_1",
    ] * 5
    for paragraph, last in zip(transcript.paragraphs, LAST_WORDS, strict=True):
        assert paragraph.text.lower().rstrip(".,").endswith(last)
    assert transcript.word_count > 100
    assert all(word.speaker_confidence is not None for word in transcript.words())
    assert not over.awaits_voices
    notes = {event.job.note for event in bench.seen if isinstance(event, JobChanged)}
    assert TELLING in notes


async def test_words_of_pulse_pro_get_speakers_and_the_service_is_not_asked_for_them(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    fake_waves.answer = each_second
    async with opened(tmp_path / "home", fake_waves) as bench:
        (job,) = await bench.queue.add([clips / "two-readers-alternating.flac"], PRO)
        await done(bench, job)
        transcript = bench.transcript(job)

    assert len(transcript.speakers) == 2
    # The service's words here lie on pauses too, where either reader is right.
    assert sum(right(transcript, clips)) >= transcript.word_count - 2
    assert all("diarize" not in one.query for one in fake_waves.transcriptions)


async def test_one_person_is_found_if_one_was_asked_for(clips: Path, tmp_path: Path) -> None:
    async with opened(tmp_path / "home") as bench:
        (job,) = await bench.queue.add(
            [clips / "two-readers-alternating.flac"], replace(HERE, speakers=1)
        )
        await done(bench, job)

        assert len(bench.transcript(job).speakers) == 1


async def test_models_that_are_not_there_cost_the_speakers_and_no_word(
    clips: Path, tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    expected_log("Voices could not be told apart")
    expected_log("Kept without speakers")
    async with opened(tmp_path / "home", voice_models=tmp_path / "none") as bench:
        (job,) = await bench.queue.add([clips / "lj001-0008.flac"], HERE)
        over = await done(bench, job)
        transcript = bench.transcript(job)

    assert over.note == NOT_TOLD
    assert over.awaits_voices
    assert transcript.word_count > 3
    assert transcript.speakers == ()
    # The row says so, and what is pressed there does only what is missing.
    assert "speakers not identified" in state_text(over, now_ms=0)
    assert [one.action for one in buttons(over)] == [RowAction.TELL_AGAIN]

    async with opened(tmp_path / "home") as bench:
        await bench.queue.retry([job.job_id])
        over = await done(bench, job)
        assert over.note is None
        assert not over.awaits_voices
        assert buttons(over) == ()
        assert len(bench.transcript(job).speakers) == 1
        assert len(bench.storage.library.entries()) == 1
        await bench.queue.retry([job.job_id])  # what is done stays done
        assert bench.now(job).state is JobState.DONE


async def test_job_that_was_ended_while_telling_goes_on_and_pays_nothing_twice(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    fake_waves.answer = each_second
    async with opened(tmp_path / "home", fake_waves) as bench:
        (job,) = await bench.queue.add([clips / "two-readers-alternating.flac"], PRO)
        await bench.until(lambda: bench.now(job).note == TELLING)
    sent = len(fake_waves.transcriptions)

    async with opened(tmp_path / "home", fake_waves) as bench:
        await done(bench, job)
        transcript = bench.transcript(job)

    assert len(fake_waves.transcriptions) == sent
    assert len(transcript.speakers) == 2


async def test_words_are_kept_and_worked_on_before_who_says_them_is_told(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    fake_waves.answer = each_second
    async with opened(tmp_path / "home", fake_waves) as bench:
        library = bench.storage.library
        (job,) = await bench.queue.add([clips / "two-readers-alternating.flac"], PRO)
        await bench.until(lambda: bench.now(job).awaits_voices)
        begun = bench.now(job)
        assert begun.transcript_id is not None
        assert begun.state is JobState.TRANSCRIBING
        stored = library.load(begun.transcript_id)
        assert stored.transcript.word_count > 50
        assert stored.transcript.speakers == ()

        page = OpenTranscript(stored, library)  # a person opens it and puts a word right
        bench.telling.at_hand.serve(lambda: page)
        page.apply(edits.correct_words(page.document.transcript, 0, 0, 1, "Corrected"))
        over = await done(bench, job)
        await page.close()

        assert not over.awaits_voices
        assert over.transcript_id is not None
        assert over.transcript_id == begun.transcript_id
        assert len(library.entries()) == 1
        transcript = bench.transcript(job)
        assert transcript == page.document.transcript
        assert next(transcript.words()).text == "Corrected"
        assert len(transcript.speakers) == 2
        assert sum(right(transcript, clips)) >= transcript.word_count - 2
        page.undo()
        assert page.document.transcript.speakers == ()
        assert library.original(over.transcript_id).speakers == ()
        assert sum(map(len, library.replies(over.transcript_id)[0].raw.split())) > 0


async def test_speakers_nobody_waited_for_are_as_if_they_had_been_there_at_once(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    fake_waves.answer = each_second
    async with opened(tmp_path / "home", fake_waves) as bench:
        (job,) = await bench.queue.add([clips / "two-readers-alternating.flac"], PRO)
        over = await done(bench, job)
        assert over.transcript_id is not None
        record = bench.storage.library.record(over.transcript_id)

        assert not record.is_edited
        assert bench.storage.library.versions(over.transcript_id) == ()
        assert len(bench.storage.library.original(over.transcript_id).speakers) == 2
        assert record.entry.speakers == ("", "")


async def test_cancelled_while_telling_it_ends_within_a_second_and_goes_on_when_asked(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    fake_waves.answer = each_second
    async with opened(tmp_path / "home", fake_waves) as bench:
        (job,) = await bench.queue.add([clips / "two-readers-alternating.flac"], PRO)
        await bench.until(
            lambda: bench.now(job).awaits_voices and bench.now(job).progress is not None, 60
        )
        began = time.monotonic()
        await bench.queue.cancel([job.job_id])
        await bench.queue.join()
        assert time.monotonic() - began < 1
        assert bench.now(job).state is JobState.CANCELLED
        assert bench.transcript(job).word_count > 50  # the words are there all the same
        sent = len(fake_waves.transcriptions)

        await bench.queue.retry([job.job_id])
        await done(bench, job)
        assert len(bench.transcript(job).speakers) == 2
        assert len(bench.storage.library.entries()) == 1
        assert len(fake_waves.transcriptions) == sent


async def test_transcript_that_is_there_gets_its_speakers_and_other_numbers_at_once(
    clips: Path, tmp_path: Path
) -> None:
    path = clips / "two-readers-alternating.flac"
    words = [Word(f"w{at}", at * 1_000 + 400, at * 1_000 + 700) for at in range(57)]
    plain = Transcript(group_words(words, [None] * 57), duration_ms=57_923)
    told: list[int] = []
    async with opened(tmp_path / "home") as bench:
        library = bench.storage.library
        made = library.add(
            plain, name="Import", options=TranscriptionOptions(), link=link_to(path), now_ms=1
        )
        first = await bench.telling.tell_again(
            library.record(made), plain, path, on_progress=lambda done, _: told.append(done)
        )
        assert told
        assert len(first.speakers) == 2
        assert sum(right(first, clips)) >= 55

        told.clear()
        one = await bench.telling.tell_again(
            library.record(made),
            first,
            path,
            asked=1,
            on_progress=lambda done, _: told.append(done),
        )
        assert len(one.speakers) == 1
        assert told == []  # by what was kept: nothing was listened to again
        again = await bench.telling.tell_again(library.record(made), one, path)
        assert sum(right(again, clips)) >= 55
        assert list((tmp_path / "home" / "cache" / "temp").glob("voices-*")) == []


async def test_labels_of_parts_are_linked_by_voice(clips: Path, tmp_path: Path) -> None:
    path = clips / "two-readers-alternating.flac"
    who = readers(clips)
    # The service numbers anew in the second part, and the seam's words told nothing.
    names = {(1, "A"): "a", (1, "B"): "b", (2, "A"): "d", (2, "B"): "c"}
    words = [Word(f"w{at}", at * 400, at * 400 + 350) for at in range(144)]
    ids = [
        SpeakerId(names[1 if word.start_ms < 29_000 else 2, who(word.start_ms)])
        for word in words
    ]
    speakers = tuple(Speaker(SpeakerId(one), part=2 if one in "cd" else 0) for one in "abcd")
    stitched = Transcript(group_words(words, ids), speakers, duration_ms=57_923)
    options = TranscriptionOptions(model=ModelId.PULSE, diarize=True)
    job = Job(JobId("j"), str(path), options, 1, state=JobState.TRANSCRIBING)
    progress = JobProgress(lambda: job, taken, lambda _: None, lambda: 1)
    parts = (Part(path, 0, 31_000, 0, None), Part(path, 27_000, 57_923, 1, None))
    async with opened(tmp_path / "home") as bench:
        prepared = Prepared(parts, path, None, 57_923, None, TELLING)
        recording = await probe(path)
        linked = await bench.telling.link(progress, recording, prepared, stitched)

    assert [one.speaker_id for one in linked.speakers] == ["a", "b"]
    assert [one.part for one in linked.speakers] == [0, 0]
    told = [paragraph.speaker_id for paragraph in linked.paragraphs for _ in paragraph.words]
    assert told == [{"A": "a", "B": "b"}[who(word.start_ms)] for word in words]


async def taken(_job: Job) -> None:
    """A step that is kept by nobody."""


async def test_what_is_not_wanted_is_not_done(clips: Path, tmp_path: Path) -> None:
    async with opened(tmp_path / "home", voice_models=tmp_path / "none") as bench:
        (job,) = await bench.queue.add(
            [clips / "lj001-0008.flac"], replace(HERE, diarize=False)
        )
        over = await done(bench, job)

        assert over.note != NOT_TOLD
        assert bench.transcript(job).speakers == ()


def test_what_was_heard_longest_ago_goes_first(tmp_path: Path) -> None:
    for age, name in enumerate("abc"):
        path = tmp_path / f"{name}.voices"
        path.write_bytes(bytes(100))
        os.utime(path, ns=(0, (10 - age) * 10**9))
    (tmp_path / "other").write_bytes(bytes(1_000))

    trim(tmp_path, 150, tmp_path / "c.voices")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.voices", "other"]
