"""The client against the strict fake service, over real loopback HTTP."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import logging
import socket
import traceback
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import Action, AppError, RecordingError
from app.core.options import ModelId, TranscriptionOptions
from app.waves.account import LogQuery
from app.waves.client import WavesClient
from app.waves.codec import Accepted, Reply, Webhook
from app.waves.errors import (
    AddressError,
    AudioRefusedError,
    BadReplyError,
    CaptivePortalError,
    KeyRefusedError,
    LanguageRefusedError,
    MaybeDoneError,
    NoKeyError,
    NoTranscriptError,
    OfflineError,
    PlanError,
    ProxyError,
    RateLimitedError,
    RefusedError,
    RegionError,
    ServiceDownError,
    TooLargeError,
    UnreachableError,
    UploadBrokenError,
    WavesError,
    WrongPlaceError,
)
from app.waves.network import ServiceNetwork
from app.waves.rate_limiter import RateLimiter
from app.waves.retry_policy import Wait
from tests.support.fake_waves import NOT_ENABLED, FakeWaves, Fault, Heard
from tests.support.waiting import until
from tests.waves.conftest import Naps, wav_bytes

PULSE = TranscriptionOptions(ModelId.PULSE)
PRO = TranscriptionOptions(ModelId.PULSE_PRO)
HTML = {"content-type": "text/html"}


# ------------------------------------------------------------------ the good way


@pytest.mark.parametrize("options", [PULSE, PRO])
async def test_a_recording_becomes_a_transcript(
    fake_waves: FakeWaves, client: WavesClient, recording: Path, options: TranscriptionOptions
):
    fake_waves.answer = "Four score and seven years ago."
    reply = await client.transcribe(recording, options, duration_ms=2000)
    assert reply.transcript.text == "Four score and seven years ago."
    words = list(reply.transcript.words())
    assert [word.start_ms for word in words] == [0, 333, 667, 1000, 1333, 1667]
    assert not any(word.is_estimated for word in words)
    assert bool(reply.request_id) == (options is PRO)
    assert json.loads(reply.raw)["transcription"] == "Four score and seven years ago."
    (request,) = fake_waves.requests
    assert request.sha256 == hashlib.sha256(recording.read_bytes()).hexdigest()
    assert request.headers["content-length"] == str(recording.stat().st_size)
    assert request.headers["content-type"] == "application/octet-stream"
    assert dict(request.query) == {
        "model": options.model.value,
        "language": "en",
        "word_timestamps": "true",
    }


@pytest.mark.parametrize("as_text", [False, True])
async def test_speakers_come_as_number_or_text(
    fake_waves: FakeWaves, client: WavesClient, recording: Path, as_text: bool
):
    fake_waves.speaker_text = as_text
    fake_waves.answer = [Heard("Hello.", 0.1, 0.5, 0), Heard("Yes?", 0.6, 0.9, 1)]
    options = TranscriptionOptions(ModelId.PULSE, diarize=True)
    reply = await client.transcribe(recording, options)
    assert [one.speaker_id for one in reply.transcript.paragraphs] == ["speaker-0", "speaker-1"]


async def test_all_options_reach_the_service_as_text(
    fake_waves: FakeWaves, client: WavesClient, recording: Path
):
    options = TranscriptionOptions(
        ModelId.PULSE,
        "de",
        diarize=True,
        redact_pii=True,
        redact_pci=True,
        emotion=True,
        gender=True,
    )
    reply = await client.transcribe(recording, options)
    query = dict(fake_waves.requests[0].query)
    for name in (
        "diarize",
        "redact_pii",
        "redact_pci",
        "emotion_detection",
        "gender_detection",
    ):
        assert query[name] == "true"
    assert reply.transcript.gender == "female"
    assert dict(reply.transcript.emotions) == {"happiness": 0.8, "anger": 0.1}


async def test_progress_counts_bytes_up_to_all(
    fake_waves: FakeWaves, client: WavesClient, large_recording: Path
):
    told: list[tuple[int, int]] = []
    await client.transcribe(large_recording, PULSE, on_sent=lambda *how: told.append(how))
    size = large_recording.stat().st_size
    assert told[-1] == (size, size)
    assert len(told) > 10
    assert [done for done, _ in told] == sorted({done for done, _ in told})


async def test_a_link_is_transcribed_without_sending_a_file(
    fake_waves: FakeWaves, client: WavesClient
):
    reply = await client.transcribe_url(
        "https://example.com/a b.mp3".replace(" ", "%20"), PULSE
    )
    assert reply.transcript.word_count
    assert json.loads(fake_waves.requests[0].body) == {"url": "https://example.com/a%20b.mp3"}
    assert fake_waves.requests[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "link",
    ["", "file:///etc/passwd", "ftp://a/b", "talk.mp3", "http://127.0.0.1/a", "http://[::1"],
)
async def test_a_link_the_service_cannot_reach_is_not_sent(
    fake_waves: FakeWaves, client: WavesClient, link: str
):
    with pytest.raises(AddressError):
        await client.transcribe_url(link, PULSE)
    assert not fake_waves.requests


async def test_pulse_pro_accepts_and_calls_back_later(
    fake_waves: FakeWaves, client: WavesClient, recording: Path
):
    # nobody listens there: the service tries ten times
    hook = Webhook("http://127.0.0.1:9/x", extra="job:7")
    accepted = await client.submit(recording, PRO, hook)
    assert isinstance(accepted, Accepted)
    assert accepted.request_id == fake_waves.log[0]["request_id"]
    query = dict(fake_waves.requests[0].query)
    assert query["webhook_method"] == "POST"
    assert query["webhook_extra"] == "job:7"
    assert "127.0.0.1:9" not in repr(hook)


# -------------------------------------------------- every row of contract 4.2

ROWS: dict[str, tuple[TranscriptionOptions, Fault, type[WavesError], Action]] = {
    "E1": (
        PULSE,
        Fault.status(
            400,
            {
                "status": "error",
                "message": "Invalid model query parameter.",
                "errors": [
                    {
                        "code": "invalid_type",
                        "path": ["model"],
                        "message": "Missing required query",
                    }
                ],
            },
        ),
        RefusedError,
        Action.CHOOSE_MODEL,
    ),
    "E2": (
        PULSE,
        Fault.status(
            400,
            {
                "status": "error",
                "message": "Invalid model query parameter.",
                "errors": [
                    {
                        "code": "invalid_enum_value",
                        "received": "x",
                        "path": ["model"],
                        "options": ["pulse"],
                    }
                ],
            },
        ),
        RefusedError,
        Action.CHOOSE_MODEL,
    ),
    "E6": (
        PULSE,
        Fault.status(
            400,
            {
                "status": "error",
                "message": "Invalid request body",
                "errors": "Invalid JSON data: missing or invalid 'url' field",
            },
        ),
        RefusedError,
        Action.CHOOSE_MODEL,
    ),
    "E10": (
        PULSE,
        Fault.status(
            400,
            {
                "status": "error",
                "message": "x",
                "errors": "Invalid file format. Supported formats: audio/*",
            },
        ),
        AudioRefusedError,
        Action.CHOOSE_FILE,
    ),
    "E14 legacy": (
        PULSE,
        Fault.status(
            400,
            {
                "errors": "Audio data too large",
                "status": "error",
                "message": "Error handling audio data",
            },
        ),
        TooLargeError,
        Action.RETRY,
    ),
    "E14 HTML": (PULSE, Fault(413, b"<html>413</html>", HTML), TooLargeError, Action.RETRY),
    "E15": (
        PULSE,
        Fault.status(
            429, {"error": "Rate limit exceeded. Please retry after a short backoff."}
        ),
        RateLimitedError,
        Action.RETRY,
    ),
    "E16": (
        PULSE,
        Fault.status(500, {"error": "Internal server error"}),
        ServiceDownError,
        Action.RETRY,
    ),
    "E17": (
        PRO,
        Fault.status(503, {"status": "error", "message": "no worker"}),
        ServiceDownError,
        Action.RETRY,
    ),
    "E18": (
        PULSE,
        Fault.status(402, {"error": "Insufficient credits"}),
        PlanError,
        Action.RETRY,
    ),
    "E19 502": (
        PULSE,
        Fault(502, b"<html>bad gateway</html>", HTML),
        ServiceDownError,
        Action.RETRY,
    ),
    "E19 504": (PULSE, Fault(504, b"", {}), ServiceDownError, Action.RETRY),
    "408": (PULSE, Fault.status(408), ServiceDownError, Action.RETRY),
    "plan in 400": (
        PULSE,
        Fault.status(400, {"message": "Upgrade your plan"}),
        PlanError,
        Action.RETRY,
    ),
    "404": (PULSE, Fault.status(404), WrongPlaceError, Action.OPEN_SETTINGS),
    "405": (PULSE, Fault.status(405), WrongPlaceError, Action.OPEN_SETTINGS),
    "redirect": (
        PULSE,
        Fault(302, b"", {"location": "http://login.hotel.example/?key=1"}),
        WrongPlaceError,
        Action.OPEN_SETTINGS,
    ),
    "portal": (PULSE, Fault.html(), CaptivePortalError, Action.RETRY),
    "511": (PULSE, Fault.html(511), CaptivePortalError, Action.RETRY),
    "half JSON": (
        PULSE,
        Fault.raw(b'{"status":"success","transcription":"Hel'),
        BadReplyError,
        Action.ASK_RESEND,
    ),
    "empty": (PULSE, Fault.raw(b""), BadReplyError, Action.ASK_RESEND),
    "nothing but success": (
        PULSE,
        Fault.raw(b'{"status":"success"}'),
        NoTranscriptError,
        Action.ASK_RESEND,
    ),
    "null text": (
        PULSE,
        Fault.raw(b'{"transcription":null}'),
        NoTranscriptError,
        Action.ASK_RESEND,
    ),
    "an array": (PULSE, Fault.raw(b"[1,2]"), NoTranscriptError, Action.ASK_RESEND),
    "fourth shape": (
        PULSE,
        Fault.status(
            422,
            {"error": {"message": "odd"}, "request_id": "r1", "details": [{"message": "d"}]},
        ),
        RefusedError,
        Action.CHOOSE_MODEL,
    ),
}


@pytest.mark.parametrize("row", ROWS)
async def test_each_failure_is_a_sentence_with_a_way_out(
    fake_waves: FakeWaves, client: WavesClient, recording: Path, row: str
):
    options, fault, kind, action = ROWS[row]
    fake_waves.script(*[fault] * 10)
    with pytest.raises(WavesError) as caught:
        await client.transcribe(recording, options)
    error = caught.value
    assert type(error) is kind
    assert error.action is action
    assert str(error).endswith(".")
    assert "{" not in str(error)
    assert fault.body is not None
    assert error.details == fault.body.decode()[:500]
    assert len(fake_waves.requests) == (2 if fault.code == 500 else kind.tries)


async def test_e1_a_request_without_a_model_is_turned_away_by_the_fake():
    """The client cannot make this request, so the fake is asked directly."""
    from tests.support.fake_waves import Request

    refused = FakeWaves().refuse_request(Request("POST", "/", [], {}))
    assert refused is not None
    assert refused[0] == 400


@pytest.mark.parametrize(("options", "language"), [(PULSE, "auto-xx"), (PULSE, "north_indic2")])
async def test_e4_an_unknown_language_is_named(
    client: WavesClient, recording: Path, options: TranscriptionOptions, language: str
):
    with pytest.raises(LanguageRefusedError, match=f"does not support {language}"):
        await client.transcribe(recording, TranscriptionOptions(options.model, language))


async def test_e3_pulse_pro_is_only_ever_asked_for_english(
    fake_waves: FakeWaves, client: WavesClient, recording: Path
):
    await client.transcribe(recording, TranscriptionOptions(ModelId.PULSE_PRO, "hi"))
    assert dict(fake_waves.requests[0].query)["language"] == "en"
    body = {"errors": [{"path": ["language"], "options": ["en"]}]}
    fake_waves.script(Fault.status(400, body))
    with pytest.raises(LanguageRefusedError, match="Pulse Pro"):
        await client.transcribe(recording, PRO)


@pytest.mark.parametrize("language", NOT_ENABLED[:10])
async def test_e5_a_language_of_another_region_is_named(
    client: WavesClient, recording: Path, language: str
):
    with pytest.raises(RegionError, match="ap-south-1") as caught:
        await client.transcribe(recording, TranscriptionOptions(ModelId.PULSE, language))
    assert caught.value.language == language
    assert caught.value.action is Action.CHOOSE_MODEL  # a server of one's own has no other


async def test_e7_pulse_pro_takes_no_link(client: WavesClient):
    with pytest.raises(RefusedError, match="Audio by URL"):
        await client.transcribe_url("https://example.com/a.mp3", PRO)


async def test_e8_text_is_no_sound(client: WavesClient, tmp_path: Path):
    path = tmp_path / "notes.mp3"
    path.write_text("dear diary")
    with pytest.raises(AudioRefusedError, match="cannot read the audio"):
        await client.transcribe(path, PULSE)


async def test_e8_headerless_sound_gives_a_transcript_without_words(
    client: WavesClient, tmp_path: Path
):
    path = tmp_path / "sound.pcm"
    path.write_bytes(bytes(range(256)) * 100)
    reply = await client.transcribe(path, PULSE)
    assert reply.transcript.word_count == 0


async def test_e9_an_empty_file_is_not_sent(
    fake_waves: FakeWaves, client: WavesClient, tmp_path: Path
):
    path = tmp_path / "empty.wav"
    path.touch()
    with pytest.raises(RecordingError, match="empty"):
        await client.transcribe(path, PULSE)
    assert not fake_waves.requests
    fake_waves.script(Fault.status(400, {"status": "error", "message": "x", "code": "NoAudio"}))
    path.write_bytes(wav_bytes())
    with pytest.raises(AudioRefusedError, match="no audio"):
        await client.transcribe(path, PULSE)


async def test_e11_without_a_key_nothing_is_sent(fake_waves: FakeWaves, recording: Path):
    client = WavesClient(fake_waves.address, lambda: None)
    with pytest.raises(NoKeyError) as caught:
        await client.transcribe(recording, PULSE)
    assert caught.value.action is Action.ENTER_KEY
    assert not fake_waves.requests
    await client.aclose()


async def test_e12_a_wrong_key_pauses_the_queue(fake_waves: FakeWaves, recording: Path):
    client = WavesClient(fake_waves.address, lambda: "sk_wrong_wrong")
    with pytest.raises(KeyRefusedError) as caught:
        await client.transcribe(recording, PULSE)
    assert caught.value.action is Action.ENTER_KEY
    assert caught.value.pauses_queue
    assert len(fake_waves.requests) == 1
    await client.aclose()


async def test_e13_a_plan_without_the_model_is_said(fake_waves: FakeWaves, recording: Path):
    client = WavesClient(fake_waves.address, lambda: fake_waves.forbidden_key)
    with pytest.raises(PlanError, match="Your plan does not include this model"):
        await client.transcribe(recording, PULSE)
    await client.aclose()


async def test_e14_too_large_is_said_at_once_and_before_sending(
    fake_waves: FakeWaves, client: WavesClient, tmp_path: Path, recording: Path
):
    fake_waves.limit_bytes = 1000
    with pytest.raises(TooLargeError):
        await client.transcribe(recording, PULSE)
    path = tmp_path / "huge.wav"
    with path.open("wb") as file:
        file.truncate(250_000_001)
    with pytest.raises(TooLargeError):
        await client.transcribe(path, PULSE)
    assert len(fake_waves.requests) == 1


# ---------------------------------------------------------------- network trouble


async def test_a_read_timeout_after_sending_asks_before_sending_again(
    fake_waves: FakeWaves, client: WavesClient, recording: Path
):
    fake_waves.script(Fault(reset_after=1), Fault())
    with pytest.raises(MaybeDoneError) as caught:
        await client.transcribe(recording, PULSE)
    assert caught.value.action is Action.ASK_RESEND
    assert len(fake_waves.requests) == 1


async def test_a_connection_cut_in_mid_answer_asks_before_sending_again(
    fake_waves: FakeWaves, client: WavesClient, recording: Path
):
    fake_waves.script(Fault(cut_after=20))
    with pytest.raises(MaybeDoneError, match="middle of the answer"):
        await client.transcribe(recording, PULSE)
    assert len(fake_waves.requests) == 1


async def test_a_reset_in_mid_upload_is_tried_again_on_a_fresh_connection(
    fake_waves: FakeWaves,
    client: WavesClient,
    large_recording: Path,
    waits: list[Wait | None],
    naps: Naps,
):
    fake_waves.script(Fault(reset_after=1_000_000), Fault(reset_after=2_000_000))
    reply = await client.transcribe(large_recording, PULSE, on_wait=waits.append)
    assert reply.transcript.word_count
    assert len(fake_waves.requests) == 3
    assert naps.taken_s == [1.0, 2.0]
    assert [wait.attempt if wait else None for wait in waits] == [2, None, 3, None]


async def test_an_upload_that_never_gets_through_ends_in_an_error(
    fake_waves: FakeWaves, client: WavesClient, large_recording: Path
):
    fake_waves.script(*[Fault(reset_after=1_000_000)] * 9)
    with pytest.raises(UploadBrokenError) as caught:
        await client.transcribe(large_recording, PULSE)
    assert caught.value.action is Action.RETRY
    assert len(fake_waves.requests) == UploadBrokenError.tries


async def test_an_answer_before_the_upload_ended_is_understood(
    fake_waves: FakeWaves, client: WavesClient, large_recording: Path
):
    fake_waves.script(Fault(413, b"too big", HTML, refuses_early=True))
    try:
        await client.transcribe(large_recording, PULSE)
    except TooLargeError:
        assert len(fake_waves.requests) == 1
    else:  # the refusal was lost with the connection, which is tried again
        assert len(fake_waves.requests) == 2


async def test_a_dripping_answer_is_read_to_its_end(
    fake_waves: FakeWaves, client: WavesClient, recording: Path
):
    fake_waves.script(Fault(drip=7))
    assert (await client.transcribe(recording, PULSE)).transcript.word_count == 6


async def test_a_stalled_upload_blocks_no_other(
    fake_waves: FakeWaves, client: WavesClient, large_recording: Path, recording: Path
):
    fake_waves.script(*[Fault(stalls="upload")] * 3)
    async with asyncio.TaskGroup() as group:
        stalled = [
            group.create_task(client.transcribe(large_recording, PULSE)) for _ in range(3)
        ]
        await until(lambda: len(fake_waves.requests) == 3)
        reply = await client.transcribe(recording, PULSE)
        assert reply.transcript.word_count
        assert not any(task.done() for task in stalled)
        fake_waves.go_on()
    assert all(task.result().transcript.word_count for task in stalled)


async def test_cancelling_an_upload_lets_go_of_the_file(
    fake_waves: FakeWaves, client: WavesClient, large_recording: Path
):
    fake_waves.script(Fault(stalls="upload"))
    started = asyncio.Event()
    task = asyncio.create_task(
        client.transcribe(large_recording, PULSE, on_sent=lambda *_how: started.set())
    )
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    def is_held() -> bool:
        held = [fd.resolve() for fd in Path("/proc/self/fd").iterdir() if fd.exists()]
        return large_recording.resolve() in held

    async with asyncio.timeout(20):  # a thread may still be reading the next piece
        while is_held():  # noqa: ASYNC110 - no event tells of a closed file
            await asyncio.sleep(0)
    assert (await client.transcribe(large_recording, PULSE)).transcript.word_count


async def test_nobody_listening_is_tried_for_a_while(
    recording: Path, naps: Naps, waits: list[Wait | None]
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = WavesClient(f"http://127.0.0.1:{port}", lambda: "sk_any_key", sleep=naps)
    with pytest.raises(UnreachableError) as caught:
        await client.transcribe(recording, PULSE, on_wait=waits.append)
    assert caught.value.action is Action.OPEN_SETTINGS
    assert len(naps.taken_s) == UnreachableError.tries - 1
    assert max(naps.taken_s) <= 30
    await client.aclose()


async def test_an_unknown_host_means_offline(recording: Path, naps: Naps):
    client = WavesClient("https://waves.invalid", lambda: "sk_any_key", sleep=naps)
    with pytest.raises(OfflineError, match="cannot be found"):
        await client.transcribe(recording, PULSE)
    await client.aclose()


async def test_a_proxy_that_refuses_is_said(fake_waves: FakeWaves, recording: Path):
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    network = ServiceNetwork(proxy=f"http://me:hidden-word@127.0.0.1:{port}")
    client = WavesClient("https://waves.invalid", lambda: "sk_any_key", network)
    with pytest.raises(ProxyError) as caught:
        await client.transcribe(recording, PULSE)
    assert caught.value.action is Action.OPEN_SETTINGS
    assert "hidden-word" not in repr(network) + "".join(
        traceback.format_exception(caught.value)
    )
    await client.aclose()
    server.close()


@pytest.mark.parametrize("proxy", ["nonsense", "gopher://x:1", "http://:::"])
async def test_a_proxy_that_is_none_is_said(recording: Path, proxy: str):
    client = WavesClient(
        "https://waves.invalid", lambda: "sk_any_key", ServiceNetwork(proxy=proxy)
    )
    with pytest.raises(AddressError, match="proxy"):
        await client.transcribe(recording, PULSE)
    await client.aclose()


async def test_loopback_never_goes_through_a_proxy(
    fake_waves: FakeWaves, recording: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    network = ServiceNetwork(proxy="http://127.0.0.1:9")
    client = WavesClient(fake_waves.address, lambda: fake_waves.key, network)
    assert (await client.transcribe(recording, PULSE)).transcript.word_count
    await client.aclose()


# ------------------------------------------------------------------ waiting


@pytest.mark.parametrize(
    ("headers", "waited_s"),
    [
        ({}, [1.0]),
        ({"Retry-After": "7"}, [7.25]),
        ({"retry-after-ms": "1500"}, [1.75]),
        (
            {
                "Date": "Sun, 22 Nov 2026 10:00:00 GMT",
                "Retry-After": "Sun, 22 Nov 2026 10:00:09 GMT",
            },
            [9.25],
        ),
    ],
)
async def test_rate_limit_waits_as_long_as_asked(
    fake_waves: FakeWaves,
    naps: Naps,
    recording: Path,
    waits: list[Wait | None],
    headers: dict[str, str],
    waited_s: list[float],
):
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    fake_waves.script(Fault.status(429, **named))
    client = WavesClient(
        fake_waves.address,
        lambda: fake_waves.key,
        rate_limiter=RateLimiter(lambda: 10**9 if naps.taken_s else 0),
        clock_ms=lambda: 5_000,
        sleep=naps,
        random=lambda: 1.0,
    )
    assert (
        await client.transcribe(recording, PULSE, on_wait=waits.append)
    ).transcript.paragraphs
    assert naps.taken_s == waited_s
    assert waits[0] is not None
    assert waits[0].until_ms == 5_000 + round(waited_s[0] * 1000)
    assert waits[-1] is None
    await client.aclose()


async def test_a_pause_too_long_is_left_to_the_person(
    fake_waves: FakeWaves, client: WavesClient, recording: Path, naps: Naps
):
    fake_waves.script(Fault.status(429, Retry_After="86400"))
    with pytest.raises(RateLimitedError) as caught:
        await client.transcribe(recording, PULSE)
    assert caught.value.retry_after_ms == 86_400_000
    assert not naps.taken_s


async def test_a_wait_can_be_skipped(fake_waves: FakeWaves, recording: Path):
    async def forever(delay_s: float) -> None:
        await asyncio.Event().wait()

    def skip(wait: Wait | None) -> None:
        if wait is not None:
            wait.skip()

    fake_waves.script(Fault.status(429, Retry_After="300"), Fault.status(503))
    client = WavesClient(
        fake_waves.address, lambda: fake_waves.key, sleep=forever, starts_per_minute=1
    )
    assert (await client.transcribe(recording, PULSE, on_wait=skip)).transcript.paragraphs
    assert len(fake_waves.requests) == 3
    await client.aclose()


async def test_the_twenty_sixth_start_of_a_minute_waits(
    fake_waves: FakeWaves, client: WavesClient, recording: Path, waits: list[Wait | None]
):
    reached = asyncio.Event()

    def on_wait(wait: Wait | None) -> None:
        waits.append(wait)
        reached.set()

    for _ in range(25):
        await client.transcribe(recording, PULSE)
    await client.transcribe(recording, PRO, on_wait=on_wait)  # counted apart
    assert not waits
    await client.transcribe(recording, PULSE, on_wait=on_wait)
    assert waits[0] is not None
    assert "25 a minute" in waits[0].reason.fill()


# ------------------------------------------------------------- the file changes


async def test_a_recording_that_changes_while_sent_is_not_transcribed(
    fake_waves: FakeWaves, client: WavesClient, large_recording: Path
):
    def grow(sent: int, total: int) -> None:
        with large_recording.open("ab") as file:
            file.write(b"more")

    with pytest.raises(RecordingError, match="changed"):
        await client.transcribe(large_recording, PULSE, on_sent=grow)
    assert all(not request.status for request in fake_waves.requests)


async def test_a_recording_that_shrinks_while_sent_is_not_transcribed(
    client: WavesClient, large_recording: Path
):
    def shrink(sent: int, total: int) -> None:
        with large_recording.open("r+b") as file:
            file.truncate(2_000_000)

    with pytest.raises(RecordingError, match="changed"):
        await client.transcribe(large_recording, PULSE, on_sent=shrink)


async def test_a_recording_that_vanishes_while_sent_is_said(
    client: WavesClient, large_recording: Path
):
    with pytest.raises(RecordingError, match="no longer be read"):
        await client.transcribe(
            large_recording,
            PULSE,
            on_sent=lambda *_how: large_recording.unlink(missing_ok=True),
        )


@pytest.mark.parametrize("what", ["missing", "folder"])
async def test_a_recording_that_cannot_be_opened_is_said(
    fake_waves: FakeWaves, client: WavesClient, tmp_path: Path, what: str
):
    path = tmp_path if what == "folder" else tmp_path / "gone.wav"
    with pytest.raises(RecordingError) as caught:
        await client.transcribe(path, PULSE)
    assert caught.value.action is Action.CHOOSE_FILE
    assert not fake_waves.requests


# -------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.smallest.ai",
        "ftp://x",
        "https://",
        "https://a b",
        "https://me:pw@x",
        "https://x?y=1",
        "https://x:99999",
    ],
)
async def test_an_address_that_is_none_is_said(recording: Path, base_url: str):
    client = WavesClient(base_url, lambda: "sk_any_key")
    with pytest.raises(AddressError) as caught:
        await client.transcribe(recording, PULSE)
    assert "pw" not in str(caught.value)
    await client.aclose()


async def test_the_key_does_not_travel_unencrypted(recording: Path, naps: Naps):
    client = WavesClient("http://waves.invalid", lambda: "sk_any_key", sleep=naps)
    with pytest.raises(AddressError, match="unencrypted"):
        await client.transcribe(recording, PULSE)
    allowed = WavesClient(
        "http://waves.invalid",
        lambda: "sk_any_key",
        ServiceNetwork(allows_plain_http=True),
        sleep=naps,
    )
    with pytest.raises(OfflineError):
        await allowed.transcribe(recording, PULSE)
    await client.aclose()
    await allowed.aclose()


async def test_a_server_of_ones_own_has_its_own_path(fake_waves: FakeWaves, recording: Path):
    network = ServiceNetwork(path="api/v1/listen")
    client = WavesClient(fake_waves.address + "/", lambda: fake_waves.key, network)
    with pytest.raises(WrongPlaceError):
        await client.transcribe(recording, PULSE)
    assert fake_waves.requests[0].path == "/api/v1/listen"
    await client.aclose()


async def test_a_redirect_is_not_followed_with_the_key(
    fake_waves: FakeWaves, client: WavesClient, recording: Path
):
    elsewhere = FakeWaves().start()
    fake_waves.script(Fault(307, b"", {"location": elsewhere.address + "/waves/v1/stt/"}))
    with pytest.raises(WrongPlaceError, match=r"127\.0\.0\.1"):
        await client.transcribe(recording, PULSE)
    assert not elsewhere.requests
    elsewhere.close()


# ----------------------------------------------------------------- side endpoints


async def test_balance_and_key_are_told(fake_waves: FakeWaves, client: WavesClient):
    balance = await client.console.balance()
    assert balance.dollars == Decimal("12.34")
    checked = await client.console.check_key()
    assert checked.is_accepted
    assert "$12.34" in checked.message.fill()
    assert (await client.console.check_key("  " + fake_waves.key + "\n")).is_accepted


@pytest.mark.parametrize("key", ["", "sk_wrong", "two words", "sk_ключ", "a\nb"])
async def test_a_bad_key_is_told(client: WavesClient, key: str):
    checked = await client.console.check_key(key)
    assert checked.is_accepted is False
    assert checked.message.fill().endswith(".")


async def test_a_key_that_may_not_see_the_balance_is_accepted(
    fake_waves: FakeWaves, client: WavesClient
):
    checked = await client.console.check_key(fake_waves.forbidden_key)
    assert checked.is_accepted
    assert checked.balance is None


async def test_health_is_told(fake_waves: FakeWaves):
    client = WavesClient(fake_waves.address)  # needs no key
    assert (await client.console.health()).is_up
    fake_waves.is_healthy = False
    assert not (await client.console.health()).is_up
    assert "authorization" not in fake_waves.requests[0].headers
    await client.aclose()


async def test_a_lost_answer_is_found_in_the_log_by_its_id(
    fake_waves: FakeWaves, client: WavesClient, recording: Path
):
    reply = await client.transcribe(recording, PRO)
    for _ in range(150):
        fake_waves.log.insert(0, {"request_id": "other", "transcription": "no"})
    found = await client.console.find_in_log(PRO, LogQuery(reply.request_id), duration_ms=2000)
    assert found is not None
    assert found.transcript.text == reply.transcript.text
    assert all(word.is_estimated for word in found.transcript.words())
    assert found.request_id == reply.request_id
    assert await client.console.find_in_log(PRO, LogQuery("unknown")) is None


async def test_a_lost_answer_without_id_is_found_by_time_and_length(
    fake_waves: FakeWaves, client: WavesClient, recording: Path
):
    import time

    since_ms = time.time_ns() // 1_000_000
    await client.transcribe(recording, PULSE)
    query = LogQuery(since_ms=since_ms, until_ms=since_ms + 60_000, duration_ms=2000)
    found = await client.console.find_in_log(PULSE, query)
    assert found is not None
    assert await client.console.find_in_log(PRO, query) is None
    fake_waves.answer = "something else altogether"
    await client.transcribe(recording, PULSE)
    assert await client.console.find_in_log(PULSE, query) is None  # two candidates are none


async def test_the_service_forgets(fake_waves: FakeWaves, client: WavesClient, recording: Path):
    reply = await client.transcribe(recording, PRO)
    await client.console.forget(reply.request_id)
    assert not fake_waves.log
    with pytest.raises(RefusedError):
        await client.console.forget("../../x")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"data":{"creditBalance":"x"}}'])
def test_an_odd_balance_is_none(body: bytes):
    from app.waves.account import read_balance

    assert read_balance(body) is None


# ------------------------------------------------------------------------ the key


async def test_the_key_is_nowhere(
    fake_waves: FakeWaves,
    client: WavesClient,
    recording: Path,
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    echo = {"error": f"bad key {fake_waves.key}", "auth": f"Bearer {fake_waves.key}"}
    said = [repr(client), repr(vars(client))]
    for fault in (Fault.status(400, echo), Fault.status(401, echo), Fault(reset_after=1)):
        fake_waves.script(fault)
        with pytest.raises(AppError) as caught:
            await client.transcribe(recording, PULSE)
        error = caught.value
        said += [str(error), repr(error), error.details, *traceback.format_exception(error)]
    fake_waves.script(Fault(change=lambda reply: reply | {"echo": fake_waves.key}))
    reply = await client.transcribe(recording, PULSE)
    said += [repr(reply), reply.raw.decode(), repr(await client.console.check_key())]
    said += [record.getMessage() + repr(record.args) for record in caplog.records]
    assert fake_waves.key not in "".join(said)
    assert isinstance(reply, Reply)


# ------------------------------------------------------------- on the window's loop


def test_the_client_works_on_the_loop_of_the_window(
    fake_waves: FakeWaves, large_recording: Path, run_async: Callable[..., Any]
):
    async def flow() -> tuple[int, type[Exception]]:
        naps = Naps()
        client = WavesClient(fake_waves.address, lambda: fake_waves.key, sleep=naps)
        fake_waves.script(Fault.status(503), Fault(reset_after=3_000_000), None)
        reply = await client.transcribe(large_recording, PULSE)
        fake_waves.script(Fault(cut_after=10))
        try:
            await client.transcribe(large_recording, PULSE)
        except MaybeDoneError as error:
            return reply.transcript.word_count, type(error)
        finally:
            await client.aclose()
        return 0, Exception

    assert run_async(flow()) == (6, MaybeDoneError)
    # the loop is a knot of Qt objects: undone here, not by chance in another thread
    gc.collect()
