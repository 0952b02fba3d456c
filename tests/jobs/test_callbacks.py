from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import Action
from app.core.job import Job, JobId, JobState
from app.core.options import ModelId, TranscriptionOptions
from app.core.preferences import Settings
from app.jobs.callbacks import Callbacks
from app.jobs.webhook import webhook_for
from app.waves.errors import AddressError
from tests.support.bench import Bench, listening, opened
from tests.support.fake_waves import FakeWaves, fake_waves, post

__all__ = ["fake_waves"]
PRO = TranscriptionOptions(model=ModelId.PULSE_PRO, by_webhook=True)
SECRET = "a-secret-of-some-length"


def silent(fake: FakeWaves) -> list[dict[str, Any]]:
    """Let the fake accept and deliver nothing; gives what it would have delivered."""
    replies: list[dict[str, Any]] = []

    async def keep(_query: dict[str, str], reply: dict[str, Any]) -> int:
        replies.append(reply)
        return 200

    fake.deliver = keep  # pyright: ignore[reportAttributeAccessIssue]
    return replies


def over(bench: Bench, job: Job) -> bool:
    return bench.now(job).state.is_over


async def test_a_job_is_called_back_about_and_done(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    fake_waves.answer = "We choose to go to the moon"
    async with listening(tmp_path, fake_waves) as (bench, callbacks):
        (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], PRO)
        await bench.until(lambda: over(bench, job))
        assert bench.transcript(job).text == "We choose to go to the moon"
        assert fake_waves.deliveries == [200]
        settings = bench.storage.settings.settings
        assert settings.receiver_port == callbacks.port > 0
        assert len(settings.receiver_secret) >= 16
        assert settings.receiver_secret not in repr(settings)


async def test_waiting_survives_a_restart(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    replies = silent(fake_waves)
    async with listening(tmp_path, fake_waves) as (bench, callbacks):
        (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], PRO)
        await bench.until(lambda: bench.now(job).state is JobState.AWAITING_SERVICE)
        port = callbacks.port

    async with listening(tmp_path, fake_waves) as (bench, callbacks):
        assert bench.now(job).state is JobState.AWAITING_SERVICE
        assert callbacks.port == port
        settings = bench.storage.settings.settings
        (sent,) = fake_waves.transcriptions
        assert dict(sent.query)["webhook_url"] == webhook_for(settings, job.job_id).url
        # without the job in the address: told by its request id alone
        status = await post(
            f"http://127.0.0.1:{port}/{settings.receiver_secret}",
            json.dumps(replies[0]).encode(),
        )
        await bench.until(lambda: over(bench, job))
        assert status == 200
        assert bench.transcript(job).text
        assert len(fake_waves.transcriptions) == 1
        transcript_id = bench.now(job).transcript_id
        assert transcript_id is not None
        kept = bench.storage.library.replies(transcript_id)
        assert json.loads(kept[0].raw) == replies[0]


async def test_what_was_delivered_before_a_crash_is_finished_at_the_next_start(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    replies = silent(fake_waves)
    async with listening(tmp_path, fake_waves) as (bench, _):
        (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], PRO)
        await bench.until(lambda: bench.now(job).state is JobState.AWAITING_SERVICE)
        await bench.until(lambda: bool(replies))  # delivered after it was accepted
        bench.storage.jobs.steps.save_reply(job.job_id, 0, json.dumps(replies[0]).encode(), "r")

    async with listening(tmp_path, fake_waves) as (bench, _):
        await bench.until(lambda: over(bench, job))
        assert bench.transcript(job).text
        assert len(fake_waves.transcriptions) == 1


async def test_wrong_secret_unknown_job_and_too_much_are_refused(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    silent(fake_waves)
    async with listening(tmp_path, fake_waves) as (bench, callbacks):
        (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], PRO)
        await bench.until(lambda: bench.now(job).state is JobState.AWAITING_SERVICE)
        secret = bench.storage.settings.settings.receiver_secret
        here = f"http://127.0.0.1:{callbacks.port}"
        good = json.dumps({"status": "success", "transcription": "No."}).encode()
        assert await post(f"{here}/wrong-{secret}/{job.job_id}", good) == 404
        assert await post(f"{here}/{secret}/another", good) == 404
        assert await post(f"{here}/{secret}", good) == 404
        assert await post(f"{here}/{secret}/{job.job_id}", b"<html>") == 400
        assert bench.now(job).state is JobState.AWAITING_SERVICE


async def test_a_delivered_failure_is_the_jobs_and_may_be_tried_again(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    silent(fake_waves)
    async with listening(tmp_path, fake_waves) as (bench, callbacks):
        (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], PRO)
        await bench.until(lambda: bench.now(job).state is JobState.AWAITING_SERVICE)
        url = webhook_for(bench.storage.settings.settings, job.job_id).url
        failed = json.dumps({"status": "failed", "message": "no audio"}).encode()
        assert await post(url, failed) == 200
        await bench.until(lambda: over(bench, job))
        assert bench.now(job).state is JobState.NEEDS_ATTENTION
        assert bench.failure(job).action is not Action.ASK_RESEND
        assert bench.storage.jobs.steps.sent_without_reply(job.job_id) == set()
        assert callbacks.port


async def test_a_job_without_an_address_to_call_says_so_before_anything_is_sent(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    async with opened(tmp_path, fake_waves) as bench:
        (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], PRO)
        await bench.done(job)
        assert bench.failure(job).action is Action.OPEN_SETTINGS
        assert "Webhook" in bench.sentence(job)
        assert fake_waves.transcriptions == []


async def test_a_port_that_is_taken_and_a_short_secret_are_sentences(
    tmp_path: Path, fake_waves: FakeWaves
) -> None:
    async with (
        asyncio.timeout(10),
        listening(tmp_path / "one", fake_waves) as (_, first),
        opened(tmp_path / "two", fake_waves) as bench,
    ):
        bench.storage.settings.change(receiver_on=True, receiver_port=first.port)
        callbacks = Callbacks(
            settings=bench.storage.settings,
            steps=bench.storage.jobs.steps,
            queue=bench.queue,
            pipeline=bench.pipeline,
        )
        with pytest.raises(AddressError, match="is not available"):
            await callbacks.open()
        bench.storage.settings.change(receiver_port=0, receiver_secret="short")
        with pytest.raises(AddressError, match="16 letters"):
            await callbacks.follow_settings()
        bench.storage.settings.change(receiver_secret=SECRET)
        await callbacks.follow_settings()
        assert callbacks.port
        bench.storage.settings.change(receiver_on=False)
        await callbacks.follow_settings()
        assert callbacks.port == 0
        await callbacks.aclose()


def test_the_address_carries_secret_and_job_only_for_our_own_receiver() -> None:
    job_id = JobId("j1")
    plain = Settings(webhook_url="https://example.org/hook", webhook_extra="a:b")
    assert webhook_for(plain, job_id).url == "https://example.org/hook"
    assert webhook_for(plain, job_id).extra == "a:b"
    own = Settings(
        webhook_url="https://tunnel.example/",
        webhook_extra="a:b",
        receiver_on=True,
        receiver_secret=SECRET,
    )
    webhook = webhook_for(own, job_id)
    assert webhook.url == f"https://tunnel.example/{SECRET}/j1"
    assert webhook.extra == "a:b,job:j1"
    with pytest.raises(AddressError):
        webhook_for(Settings(), job_id)
