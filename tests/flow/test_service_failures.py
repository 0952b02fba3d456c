"""Every row of contract 4.2 and every hazard of section 12, over real loopback HTTP.

The queue, the pipeline, ffmpeg, the database and the client are the real ones, on the
loop of the window; each case ends in the right state, sentence and offer on the row.
"""

from __future__ import annotations

import socket
import wave
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import Action
from app.core.job import Job, JobState
from app.core.options import ModelId, TranscriptionOptions
from app.waves.retry import LONGEST_ASKED_DELAY_MS
from tests.support.bench import Bench, opened
from tests.support.fake_waves import FakeWaves, Fault, Heard

pytestmark = pytest.mark.slow  # many short ones, which add up

PULSE = TranscriptionOptions(model=ModelId.PULSE)
PRO = TranscriptionOptions(model=ModelId.PULSE_PRO)
HTML = {"content-type": "text/html"}
DONE, ATTENTION = JobState.DONE, JobState.NEEDS_ATTENTION


@dataclass
class Case:
    """What goes wrong, and what a person reads.

    Attributes:
        faults: What the service does, request by request; then it works.
        state: Where the job ends.
        says: Part of the sentence on the row.
        offers: The button.
        requests: How many uploads reached the service.
        holds: Whether the other jobs of the service wait.
        options: What was chosen.
        arrange: Changes the fake first.
    """

    faults: list[Fault | None]
    state: JobState
    says: str = ""
    offers: Action = Action.NONE
    requests: int = 1
    holds: bool = False
    options: TranscriptionOptions = PULSE
    arrange: Callable[[FakeWaves], Any] = field(default=lambda _: None)


def refused(text: str, http: int = 400, **more: object) -> Fault:
    return Fault.status(http, {"status": "error", "message": text, **more})


def enum_error(path: str, code: str) -> Fault:
    problem = {"code": code, "path": [path], "message": "Nope", "received": "x"}
    return refused("Invalid model query parameter.", errors=[problem])


def small_limit(fake: FakeWaves) -> None:
    fake.limit_bytes = 1_000


LANGUAGE = replace(PULSE, language="tlh")
ROWS = {
    "E1 no model": Case(
        [enum_error("model", "invalid_type")], ATTENTION, "refused the request",
        Action.CHOOSE_MODEL,
    ),
    "E2 unknown model": Case(
        [enum_error("model", "invalid_enum_value")], ATTENTION, "refused the request",
        Action.CHOOSE_MODEL,
    ),
    "E3 not English": Case(
        [enum_error("language", "invalid_enum_value")], ATTENTION,
        "Pulse Pro does not support", Action.CHOOSE_MODEL, options=PRO,
    ),
    "E4 unknown language": Case(
        [], ATTENTION, "Pulse does not support", Action.CHOOSE_MODEL,
        options=LANGUAGE,
    ),
    "E6 body": Case(
        [refused("Invalid request body", errors="Invalid JSON data: missing 'url' field")],
        ATTENTION, "Invalid JSON data", Action.CHOOSE_MODEL,
    ),
    "E7 no links": Case(
        [refused("Audio by URL is not supported.")], ATTENTION, "not supported",
        Action.CHOOSE_MODEL, options=PRO
    ),
    "E8 not decoded": Case(
        [refused("x", code="AudioDecodeError")],
        ATTENTION, "cannot read the audio", Action.CHOOSE_FILE,
    ),
    "E9 no sound": Case(
        [refused("x", code="NoAudio")],
        ATTENTION, "found no audio", Action.CHOOSE_FILE,
    ),
    "E10 content type": Case(
        [refused("x", errors="Invalid file format. Supported formats: audio/*")],
        ATTENTION, "cannot read the audio", Action.CHOOSE_FILE,
    ),
    "E11 no header": Case(
        [Fault.status(401, {"message": "Unauthorized: No tokens provided"})],
        ATTENTION, "does not accept the key", Action.ENTER_KEY, holds=True,
    ),
    "E12 wrong key": Case(
        [Fault.status(401, {"error": "unauthorized"})],
        ATTENTION, "does not accept the key", Action.ENTER_KEY, holds=True,
    ),
    "E13 plan": Case(
        [Fault.status(403, {"error": "Your plan does not include this model."})],
        ATTENTION, "plan or credit", Action.RETRY, holds=True,
    ),
    "E14 too large, again and again": Case(
        [], ATTENTION, "too large for the service", Action.RETRY, requests=2,
        arrange=small_limit,
    ),
    "E14 too large, as HTML": Case(
        [Fault(413, b"<html>413</html>", HTML)], DONE, requests=2
    ),
    "E14 too large, with 400": Case(
        [refused("Error handling audio data", errors="Audio data too large")],
        DONE, requests=2,
    ),
    "E15 rate limit, then room": Case(
        [Fault.status(429, {"error": "Rate limit exceeded."})] * 3, DONE, requests=4
    ),
    "E15 rate limit with a time": Case(
        [Fault.status(429, {"error": "Rate limit exceeded."}, retry_after="20")],
        DONE, requests=2,
    ),
    "E15 rate limit for ever": Case(
        [Fault.status(429)] * 8, ATTENTION, "is busy", Action.RETRY, requests=8
    ),
    "E15 rate limit for hours": Case(
        [Fault.status(429, retry_after=f"{LONGEST_ASKED_DELAY_MS // 1000 + 60}")],
        ATTENTION, "is busy", Action.RETRY,
    ),
    "E16 fault, then fine": Case(
        [Fault.status(500, {"error": "Internal server error"})], DONE, requests=2
    ),
    "E16 fault twice": Case(
        [Fault.status(500)] * 2, ATTENTION, "is down", Action.RETRY, requests=2
    ),
    "E17 no worker, then one": Case(
        [refused("no worker", 503)] * 2, DONE, requests=3, options=PRO
    ),
    "E17 no worker at all": Case(
        [refused("no worker", 503)] * 5, ATTENTION, "is down", Action.RETRY, requests=5
    ),
    "E18 no credit": Case(
        [Fault.status(402, {"error": "Insufficient credits"})],
        ATTENTION, "plan or credit", Action.RETRY, holds=True,
    ),
    "E19 gateway, then fine": Case([Fault(502, b"<html>bad</html>", HTML)], DONE, requests=2),
    "E19 gateway timeout for ever": Case(
        [Fault(504, b"", {})] * 5, ATTENTION, "is down", Action.RETRY, requests=5
    ),
    "plan named in a 400": Case(
        [refused("Upgrade your plan")], ATTENTION, "plan or credit", Action.RETRY, holds=True
    ),
    "408": Case([Fault.status(408)], DONE, requests=2),
    "404": Case(
        [Fault.status(404)], ATTENTION, "no speech service at this address",
        Action.OPEN_SETTINGS, holds=True,
    ),
    "405": Case(
        [Fault.status(405)], ATTENTION, "no speech service at this address",
        Action.OPEN_SETTINGS, holds=True,
    ),
    "redirect": Case(
        [Fault(302, b"", {"location": "http://login.hotel.example/?key=1"})],
        ATTENTION, "redirects to login.hotel.example", Action.OPEN_SETTINGS, holds=True,
    ),
    "captive portal": Case(
        [Fault.html()], ATTENTION, "Sign in to your network", Action.RETRY, holds=True
    ),
    "captive portal that says so": Case(
        [Fault.html(511)], ATTENTION, "Sign in to your network", Action.RETRY, holds=True
    ),
    # Section 12: what else an answer can be.
    "success and no more": Case(
        [Fault.raw(b'{"status":"success"}')], ATTENTION, "", Action.ASK_RESEND
    ),
    "half JSON": Case(
        [Fault.raw(b'{"status":"success","transcription":"Hel')],
        ATTENTION, "", Action.ASK_RESEND,
    ),
    "nothing": Case([Fault.raw(b"")], ATTENTION, "", Action.ASK_RESEND),
    "an array": Case([Fault.raw(b"[1,2]")], ATTENTION, "", Action.ASK_RESEND),
    "text is null": Case(
        [Fault.raw(b'{"transcription":null}')], ATTENTION, "", Action.ASK_RESEND
    ),
    "cut in mid-answer": Case([Fault(cut_after=20)], ATTENTION, "charged", Action.ASK_RESEND),
    "cut before the answer": Case(
        [Fault(cut_after=0)], ATTENTION, "charged", Action.ASK_RESEND
    ),
    "drips": Case([Fault(drip=7)], DONE),
    "refused before the upload ended": Case(
        [Fault(401, b'{"error":"unauthorized"}', {}, refuses_early=True)],
        ATTENTION, "does not accept the key", Action.ENTER_KEY, holds=True,
    ),
    "rtfx a whole number, extra keys": Case(
        [Fault(change=lambda reply: {**reply, "rtfx": 11, "more": {"of": ["it"]}})],
        DONE, options=PRO,
    ),
    "no metadata": Case([Fault(change=lambda reply: {**reply, "metadata": None})], DONE),
    "odd times": Case(
        [
            Fault(
                change=lambda reply: {
                    **reply,
                    "words": [
                        {"word": "Hello", "start": -4, "end": None, "confidence": 7},
                        {"word": "<b>you</b>", "start": 9e9, "end": 1, "speaker": "who"},
                        {"word": "w" * 5000, "start": "x", "end": 0.5},
                        {"word": "שלום", "start": 0.1, "end": 0.0},
                    ],
                    "utterances": None,
                }
            )
        ],
        DONE,
    ),
}  # fmt: skip


@pytest.fixture
def talk(clips: Path) -> Path:
    return clips / "lj001-0008.flac"


async def sent(bench: Bench, talk: Path, options: TranscriptionOptions) -> Job:
    (job,) = await bench.queue.add([talk], options)
    return await bench.done(job)


@pytest.mark.parametrize("name", ROWS)
def test_each_row_ends_in_its_state_and_sentence(
    name: str, fake_waves: FakeWaves, run_async, talk: Path, tmp_path: Path
):
    case = ROWS[name]

    async def flow() -> None:
        case.arrange(fake_waves)
        fake_waves.script(*case.faults)
        async with opened(tmp_path, fake_waves) as bench:
            job = await sent(bench, talk, case.options)
            assert job.state is case.state, bench.sentence(job)
            assert len(fake_waves.transcriptions) == case.requests
            assert (bench.queue.hold is not None) == case.holds
            if case.state is DONE:
                assert bench.transcript(job).word_count >= 3
                return
            failure = bench.failure(job)
            sentence = failure.message.fill()
            assert case.says in sentence
            assert sentence.endswith(".")
            assert "{" not in sentence
            assert "Traceback" not in sentence
            assert failure.action is case.offers
            assert fake_waves.key not in repr(job)
            billed = bench.storage.jobs.steps.sent_without_reply(job.job_id)
            assert bool(billed) == (case.offers is Action.ASK_RESEND)
            await _try_again(bench, job, case, fake_waves)

    async def _try_again(bench: Bench, job: Job, case: Case, fake: FakeWaves) -> None:
        """What a person may do next leads to a transcript, and asks where it must."""
        if case.options is LANGUAGE or case.arrange is small_limit:
            return
        before = len(fake.transcriptions)
        bench.queue.resume()
        await bench.queue.retry([job.job_id])
        await bench.done(job)
        if case.offers is Action.ASK_RESEND:
            assert len(fake.transcriptions) == before, "sent again unasked"
            await bench.queue.retry([job.job_id], consent=True)
            await bench.done(job)
        assert bench.now(job).state is DONE, bench.sentence(job)
        assert len(fake.transcriptions) == before + 1

    run_async(flow())


@pytest.mark.parametrize("language", ["multi", "yue"])
def test_e5_a_language_of_another_region_offers_the_other_host(
    language, fake_waves: FakeWaves, run_async, talk: Path, tmp_path: Path
):
    async def flow() -> None:
        async with opened(tmp_path, fake_waves) as bench:
            job = await sent(bench, talk, replace(PULSE, language=language))
            assert "is not available to you" in bench.sentence(job)
            assert bench.failure(job).details.count(language)
            assert bench.failure(job).action is Action.CHOOSE_MODEL  # a host of one's own

    run_async(flow())


@pytest.fixture
def long_talk(tmp_path: Path) -> Path:
    """Too large to disappear in the system's buffers, and sent as it is."""
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(bytes(24_000_000))
    return path


def test_a_connection_reset_in_mid_upload_is_tried_again_and_given_up_with_a_reason(
    fake_waves: FakeWaves, run_async, long_talk: Path, tmp_path: Path
):
    async def flow() -> None:
        fake_waves.script(Fault(reset_after=100_000), None, *[Fault(reset_after=100_000)] * 9)
        async with opened(tmp_path, fake_waves) as bench:
            job = await sent(bench, long_talk, PULSE)
            assert job.state is DONE, bench.sentence(job)
            assert len(fake_waves.transcriptions) == 2
            (repeat,) = await bench.queue.add([long_talk], PULSE, is_repeat=True)
            await bench.done(repeat)
            assert bench.now(repeat).state is ATTENTION
            assert bench.failure(repeat).action is Action.RETRY
            assert "connection" in bench.sentence(repeat)
            assert bench.storage.jobs.steps.sent_without_reply(repeat.job_id) == set()

    run_async(flow())


@pytest.mark.parametrize("has_port", [True, False])
def test_nobody_at_the_address_is_one_sentence(
    fake_waves: FakeWaves, run_async, talk: Path, tmp_path: Path, *, has_port: bool
):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        # Without a port it is 80, where nobody is on an address that nobody uses.
        at = f"127.0.0.1:{free.getsockname()[1]}" if has_port else "127.0.0.9"
        address = f"http://{at}"

    async def flow() -> None:
        async with opened(tmp_path, fake_waves, base_url=address) as bench:
            job = await sent(bench, talk, PULSE)
            assert job.state is ATTENTION
            assert f"Nothing answers at {address}." in bench.sentence(job)
            assert bench.failure(job).action is Action.OPEN_SETTINGS

    run_async(flow())


def test_an_unknown_host_means_offline(
    fake_waves: FakeWaves, run_async, talk: Path, tmp_path: Path
):
    async def flow() -> None:
        base_url = "https://speech.invalid"
        async with opened(tmp_path, fake_waves, base_url=base_url) as bench:
            bench.storage.settings.change(sound_may_go_to=(base_url,))
            job = await sent(bench, talk, PULSE)
            assert job.state is ATTENTION
            assert "speech.invalid" in bench.sentence(job) or "connection" in bench.sentence(
                job
            )

    run_async(flow())


def test_no_key_asks_for_one_and_sends_nothing(
    fake_waves: FakeWaves, run_async, talk: Path, tmp_path: Path
):
    async def flow() -> None:
        async with opened(tmp_path, fake_waves, key="") as bench:
            job, other = await bench.queue.add([talk, talk], PULSE)
            await bench.done(job)
            states = [bench.now(one).state for one in (job, other)]
            assert ATTENTION in states
            failed = next(one for one in (job, other) if bench.now(one).failure)
            assert bench.failure(failed).action is Action.ENTER_KEY
            assert "key" in bench.sentence(failed)
            assert bench.queue.hold is not None

    run_async(flow())
    assert not fake_waves.requests


def test_a_wrong_key_is_told_by_the_real_check(
    fake_waves: FakeWaves, run_async, talk: Path, tmp_path: Path
):
    async def flow() -> None:
        async with opened(tmp_path, fake_waves, key="sk_of_somebody_else") as bench:
            job = await sent(bench, talk, PULSE)
            assert bench.failure(job).action is Action.ENTER_KEY

    run_async(flow())


def test_a_forbidden_key_says_plan(
    fake_waves: FakeWaves, run_async, talk: Path, tmp_path: Path
):
    async def flow() -> None:
        async with opened(tmp_path, fake_waves, key=fake_waves.forbidden_key) as bench:
            job = await sent(bench, talk, PULSE)
            assert "plan or credit" in bench.sentence(job)

    run_async(flow())


def test_one_stalled_upload_blocks_no_other(
    fake_waves: FakeWaves, run_async, talk: Path, clips: Path, tmp_path: Path
):
    async def flow() -> None:
        fake_waves.script(Fault(stalls="answer"))
        async with opened(tmp_path, fake_waves) as bench:
            (stalled,) = await bench.queue.add([talk], PULSE)
            await bench.until(lambda: bench.now(stalled).state is JobState.TRANSCRIBING)
            (other,) = await bench.queue.add([clips / "lj001-0002.flac"], PULSE)
            await bench.until(lambda: bench.now(other).state is DONE)
            assert bench.now(stalled).state is JobState.TRANSCRIBING
            await bench.queue.cancel([stalled.job_id])
            await bench.done(stalled)
            assert bench.now(stalled).state is JobState.CANCELLED
            # It had everything: sending it again is a person's choice.
            await bench.queue.retry([stalled.job_id])
            await bench.done(stalled)
            assert bench.failure(stalled).action is Action.ASK_RESEND
        fake_waves.go_on()

    run_async(flow())


def test_where_no_words_were_heard_it_is_said_and_not_called_done(
    fake_waves: FakeWaves, run_async, talk: Path, tmp_path: Path
):
    async def flow() -> None:
        fake_waves.answer = ""
        async with opened(tmp_path, fake_waves) as bench:
            job = await sent(bench, talk, PULSE)
            failure = bench.failure(job)
            assert failure.action is Action.CHOOSE_MODEL
            assert "No words were heard. Try another" in failure.message.fill()
            assert job.transcript_id is None

    run_async(flow())


@pytest.mark.parametrize("as_text", [False, True])
def test_speakers_come_as_numbers_or_text(
    as_text, fake_waves: FakeWaves, run_async, talk: Path, tmp_path: Path
):
    fake_waves.speaker_text = as_text
    fake_waves.answer = [
        Heard("Hello.", 0.1, 0.4, 0), Heard("Yes?", 0.5, 0.8, 1), Heard("Bye.", 1.0, 1.3, 0),
    ]  # fmt: skip

    async def flow() -> None:
        async with opened(tmp_path, fake_waves) as bench:
            job = await sent(bench, talk, replace(PULSE, diarize=True))
            transcript = bench.transcript(job)
            assert len(transcript.speakers) == 2
            assert [paragraph.text for paragraph in transcript.paragraphs] == [
                "Hello.", "Yes?", "Bye.",
            ]  # fmt: skip

    run_async(flow())
