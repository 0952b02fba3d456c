from __future__ import annotations

from pathlib import Path

from app.core.errors import Action
from app.core.job import JobState
from app.core.options import ModelId, TranscriptionOptions
from tests.support.bench import opened, recovery_of
from tests.support.fake_waves import FakeWaves, Fault, fake_waves

__all__ = ["fake_waves"]
PULSE = TranscriptionOptions(model=ModelId.PULSE)
PRO = TranscriptionOptions(model=ModelId.PULSE_PRO)


async def test_a_text_whose_answer_was_lost_is_found_in_the_log(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    fake_waves.answer = "We choose to go to the moon"
    fake_waves.script(Fault(change=lambda _: {"status": "success"}))
    async with opened(tmp_path, fake_waves) as bench:
        (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], PULSE)
        await bench.done(job)
        assert bench.failure(job).action is Action.ASK_RESEND

        assert await recovery_of(bench).look(job.job_id)

        assert bench.now(job).state is JobState.DONE
        transcript = bench.transcript(job)
        assert transcript.text == "We choose to go to the moon"
        assert all(word.is_estimated for word in transcript.words())
        assert 10_000 < transcript.duration_ms < 12_000
        assert len(fake_waves.transcriptions) == 1


async def test_nothing_in_the_log_leaves_the_job_as_it_is(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    fake_waves.script(Fault(change=lambda _: {"status": "success"}))
    async with opened(tmp_path, fake_waves) as bench:
        (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], PULSE)
        before = await bench.done(job)
        fake_waves.log.clear()
        assert not await recovery_of(bench).look(job.job_id)
        assert bench.now(job) == before


async def test_raw_replies_are_there_and_the_service_forgets_when_asked(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    async with opened(tmp_path, fake_waves) as bench:
        (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], PRO)
        done = await bench.done(job)
        recovery = recovery_of(bench)
        (reply,) = (await recovery.replies(done)).values()
        assert b"transcription" in reply.raw
        assert reply.request_id == fake_waves.log[0]["request_id"]
        assert fake_waves.key.encode() not in reply.raw

        await recovery.forget(reply.request_id)
        assert fake_waves.log == []
