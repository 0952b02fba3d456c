from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typing_extensions import override

from app.audio.plan import Form
from app.core.errors import Action
from app.core.job import Job, JobId, JobState
from app.core.live import LiveLeft
from app.core.options import ModelId, TranscriptionOptions
from app.core.preferences import ListedWord
from app.core.transcript import Transcript, TranscriptId
from app.jobs.preparation import Cut, Preparation
from app.jobs.replies import Replies
from app.store.audio_links import link_to
from app.store.job_steps import JobSteps
from app.waves.codec import Reply, decode_reply
from app.waves.errors import NoTranscriptError
from tests.support.bench import Bench, opened
from tests.support.fake_waves import FakeWaves, Fault, Heard, Upload, duration_s, fake_waves
from tests.support.sounds import ffmpeg
from tests.support.speech import turn

__all__ = ["fake_waves"]

pytestmark = pytest.mark.slow  # real sound, cut and encoded

PULSE = TranscriptionOptions(model=ModelId.PULSE)
HERE = TranscriptionOptions(model=ModelId.ON_DEVICE, language="en")
LISTED = (ListedWord("Hurd", ("heard",)), ListedWord("Bester", ("better",)))


async def done(bench: Bench, job: Job) -> Job:
    over = await bench.done(job)
    assert over.state is JobState.DONE, bench.sentence(job)
    return over


def numbered(upload: Upload) -> list[Heard]:
    """A word each second, named after what was sent, so that each part can be told."""
    return [
        Heard(f"{upload.sha256[:6]}.{second}", second + 0.1, second + 0.6)
        for second in range(int(upload.duration_s))
    ]


async def test_only_the_part_that_failed_is_sent_again(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    fake_waves.answer = numbered
    fake_waves.script(None, Fault.status(400, {"error": "not this one"}))
    async with opened(tmp_path / "home", fake_waves) as bench:
        bench.storage.settings.change(split_ms=120_000)
        (job,) = await bench.queue.add([clips / "five-minutes.flac"], PULSE)
        over = await bench.done(job)
        assert over.state is JobState.NEEDS_ATTENTION
        first = fake_waves.transcriptions
        (refused,) = [one for one in first if one.status == 400]
        assert len(first) >= 3
        assert len(bench.storage.jobs.steps.replies(job.job_id)) == len(first) - 1

    # The next day the parts are to be longer; this job goes on as it began.
    async with opened(tmp_path / "home", fake_waves) as bench:
        bench.storage.settings.change(split_ms=200_000)
        await bench.queue.retry([job.job_id])
        await done(bench, job)
        (again,) = fake_waves.transcriptions[len(first) :]
        assert again.sha256 == refused.sha256
        whole = bench.transcript(job)

    heard_of = {word.text.partition(".")[0] for word in whole.words()}
    assert heard_of == {one.sha256[:6] for one in first}
    starts = [word.start_ms for word in whole.words()]
    assert starts == sorted(starts)
    assert abs(whole.duration_ms - 295_000) < 1_500


async def test_a_reply_that_comes_while_another_is_written_is_kept_too(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))  # the second waits behind the first
    is_writing, may_end = asyncio.Event(), threading.Event()

    class Slow(JobSteps):
        @override
        def save_reply(
            self, job_id: JobId, part: int, raw: bytes, request_id: str = ""
        ) -> None:
            loop.call_soon_threadsafe(is_writing.set)
            assert may_end.wait(20)
            super().save_reply(job_id, part, raw, request_id)

    async with opened(tmp_path) as bench:
        bench.queue.pause()
        replies = Replies(Slow(bench.storage.database))
        (job,) = await bench.queue.add([tmp_path / "talk.wav"], PULSE)
        first, second = (
            decode_reply(200, {}, raw, PULSE, duration_ms=1_000)
            for raw in (b'{"transcription": "one"}', b'{"transcription": "two"}')
        )
        assert isinstance(first, Reply)
        assert isinstance(second, Reply)

        keeping = asyncio.ensure_future(replies.save(job.job_id, 0, first))
        await is_writing.wait()
        other = asyncio.ensure_future(replies.save(job.job_id, 1, second))
        await asyncio.sleep(0)
        may_end.set()
        await asyncio.gather(keeping, other)

        saved = bench.storage.jobs.steps.replies(job.job_id)
        assert {place: reply.raw for place, reply in saved.items()} == {
            0: first.raw,
            1: second.raw,
        }


async def test_a_job_whose_preparation_is_damaged_starts_afresh(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    """Nobody can say which parts the replies belong to, so none of them is used."""
    fake_waves.answer = numbered
    fake_waves.script(None, Fault.status(400, {"error": "not this one"}))
    async with opened(tmp_path, fake_waves) as bench:
        bench.storage.settings.change(split_ms=120_000)
        (job,) = await bench.queue.add([clips / "five-minutes.flac"], PULSE)
        await bench.done(job)
        first = len(fake_waves.transcriptions)
        bench.storage.jobs.steps.save_preparation(
            job.job_id, '{"form": "flac", "parts": [[0]]}'
        )
        bench.storage.settings.change(split_ms=24 * 3_600_000)
        await bench.queue.retry([job.job_id])
        await done(bench, job)
        (whole,) = fake_waves.transcriptions[first:]
        words = bench.transcript(job).words()
        assert {word.text.partition(".")[0] for word in words} == {whole.sha256[:6]}


async def test_replies_are_not_put_together_when_nobody_knows_how(tmp_path: Path) -> None:
    async with opened(tmp_path) as bench:
        bench.queue.pause()
        (job,) = await bench.queue.add([tmp_path / "talk.wav"], PULSE)
        steps = bench.storage.jobs.steps
        replies = Replies(steps)
        steps.save_reply(job.job_id, 0, b'{"transcription": "one"}')
        assert replies.transcript(job).text == "one"
        steps.save_reply(job.job_id, 1, b'{"transcription": "two"}')
        with pytest.raises(NoTranscriptError):
            replies.transcript(job)
        cut = Preparation("", Form.FLAC, None, (Cut(0, 1_000), Cut(1_000, 2_000)))
        steps.save_preparation(job.job_id, cut.to_json())
        assert replies.transcript(job).text.split() == ["one", "two"]


async def test_each_channel_is_recognised_alone_and_is_a_speaker(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    path = tmp_path / "interview.wav"
    late = "[1:a]adelay=6s[later];[0:a]apad[first];[first][later]join=channel_layout=stereo"
    ffmpeg(
        *("-i", clips / "lj001-0002.flac", "-i", clips / "lj001-0008.flac"),
        *("-filter_complex", late, "-t", "8", path),
    )

    def answer(upload: Upload) -> list[Heard]:
        sent = tmp_path / f"sent-{upload.ordinal}.flac"
        sent.write_bytes(upload.body)
        sound = np.frombuffer(ffmpeg("-i", sent, "-f", "s16le", "-ac", "1", "-"), "<i2")
        early, late = np.abs(sound[: len(sound) // 2]), np.abs(sound[-len(sound) // 5 :])
        if early.max() > late.max():
            return [Heard("asked", 0.5, 1.0), Heard("again", 7.5, 7.9)]
        return [Heard("answered", 6.2, 6.8)]

    fake_waves.answer = answer
    async with opened(tmp_path / "home", fake_waves) as bench:
        (job,) = await bench.queue.add([path], replace(PULSE, channels_are_speakers=True))
        over = await done(bench, job)
        whole = bench.transcript(job)
        assert over.note is not None
        assert over.note.fill().endswith("channels separate")

    assert len(fake_waves.transcriptions) == 2
    assert [(whole.speaker_label(one.speaker_id), one.text) for one in whole.paragraphs] == [
        ("Speaker 1", "asked"),
        ("Speaker 2", "answered"),
        ("Speaker 1", "again"),
    ]


async def test_of_a_part_only_no_more_is_sent_and_its_times_are_the_recordings(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    fake_waves.answer = [Heard("here", 0.5, 1.0)]
    async with opened(tmp_path / "home", fake_waves) as bench:
        options = replace(PULSE, start_ms=60_000, end_ms=75_000)
        (job,) = await bench.queue.add([clips / "five-minutes.flac"], options)
        await done(bench, job)
        whole = bench.transcript(job)

    (sent,) = fake_waves.transcriptions
    assert duration_s(sent.body, sent.size) == 15
    assert [(word.text, word.start_ms) for word in whole.words()] == [("here", 60_500)]
    assert whole.duration_ms > 290_000


async def test_a_part_behind_the_end_is_said_to_be_before_anything_is_sent(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    async with opened(tmp_path / "home", fake_waves) as bench:
        options = replace(PULSE, start_ms=600_000)
        (job,) = await bench.queue.add([clips / "lj001-0008.flac"], options)
        await bench.done(job)
        assert "after the end of the recording" in bench.sentence(job)
        assert bench.failure(job).action is Action.CHOOSE_MODEL
    assert not fake_waves.transcriptions


async def test_a_recording_longer_than_it_says_is_cut_by_its_true_length(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    path = tmp_path / "talk.flac"
    ffmpeg(*("-stream_loop", "2", "-i", clips / "five-minutes.flac"), path)
    lying = bytearray(path.read_bytes())
    lying[21:26] = (lying[21] & 0xF0).to_bytes(1) + (10 * 16_000).to_bytes(4)
    path.write_bytes(lying)
    fake_waves.answer = numbered

    async with opened(tmp_path / "home", fake_waves) as bench:
        (job,) = await bench.queue.add([path], PULSE)
        over = await done(bench, job)
        whole = bench.transcript(job)

    assert len(fake_waves.transcriptions) == 2
    assert over.duration_ms == whole.duration_ms
    assert whole.duration_ms > 880_000
    assert max(word.start_ms for word in whole.words()) > 870_000


def add_live_text(bench: Bench, recording: Path) -> TranscriptId:
    """Put what was heard while a clip was recorded into the library."""
    live = Transcript((turn("Heard while it was said.", 100, None),), language="en")
    return bench.storage.library.add(
        live, name="Recording", options=HERE, link=link_to(recording), now_ms=1
    )


@pytest.mark.parametrize("applies", [True, False])
async def test_live_text_that_is_to_stay_is_not_recognised_once_more(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path, applies: bool
) -> None:
    async with opened(tmp_path, fake_waves) as bench:
        known = add_live_text(bench, clips / "lj001-0002.flac")
        left = LiveLeft(known, is_final=True, is_whole=True)
        bench.storage.settings.change(word_list=LISTED, applies_word_list=applies)
        (job,) = await bench.queue.add([clips / "lj001-0002.flac"], HERE, live=left)
        over = await done(bench, job)

        assert over.transcript_id == known
        word = "Hurd" if applies else "Heard"
        assert bench.transcript(job).text == f"{word} while it was said."
        assert [one.transcript_id for one in bench.storage.library.entries()] == [known]
    assert fake_waves.transcriptions == []


@pytest.mark.parametrize("applies", [True, False])
async def test_better_words_take_the_place_of_live_text_in_the_same_transcript(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path, applies: bool
) -> None:
    fake_waves.answer = lambda _upload: [Heard("Better.", 0.1, 0.6)]
    async with opened(tmp_path, fake_waves) as bench:
        known = add_live_text(bench, clips / "lj001-0002.flac")
        bench.storage.settings.change(word_list=LISTED, applies_word_list=applies)
        (job,) = await bench.queue.add(
            [clips / "lj001-0002.flac"], PULSE, live=LiveLeft(known, is_final=False)
        )
        over = await done(bench, job)

        assert over.transcript_id == known
        assert bench.transcript(job).text == ("Bester." if applies else "Better.")
        library = bench.storage.library
        assert library.original(known).text == "Better."
        assert [one.transcript_id for one in library.entries()] == [known]
        earlier = [library.version(known, one.taken_ms) for one in library.version_list(known)]
        assert "Heard while it was said." in [one.text for one in earlier]
    assert len(fake_waves.transcriptions) == 1


async def test_a_live_text_that_was_deleted_meanwhile_makes_an_ordinary_job(
    fake_waves: FakeWaves, clips: Path, tmp_path: Path
) -> None:
    fake_waves.answer = lambda _upload: [Heard("Better.", 0.1, 0.6)]
    async with opened(tmp_path, fake_waves) as bench:
        known = add_live_text(bench, clips / "lj001-0002.flac")
        bench.storage.library.purge([known])
        left = LiveLeft(known, is_final=True, is_whole=True)
        (job,) = await bench.queue.add([clips / "lj001-0002.flac"], PULSE, live=left)
        await done(bench, job)

        assert bench.transcript(job).text == "Better."
