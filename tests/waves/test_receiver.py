"""The webhook receiver over real loopback HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from app.core.errors import StorageError
from app.core.options import ModelId, TranscriptionOptions
from app.waves.client import WavesClient
from app.waves.codec import Accepted, Webhook
from app.waves.errors import AddressError, RefusedError
from app.waves.receiver import CallerLimits, Delivery, Receiver, Verdict
from tests.support.fake_waves import FakeWaves, post
from tests.support.waiting import until

SECRET = "a-secret-of-some-length"
PRO = TranscriptionOptions(ModelId.PULSE_PRO)
PAYLOAD: dict[str, Any] = {
    "status": "success",
    "transcription": "Hello world.",
    "words": [{"word": "Hello", "start": 0, "end": 0.5, "speaker": "speaker_0"}],
    "request_id": "r-1",
}


class Inbox:
    """Keeps deliveries; may be told to fail or to know nothing."""

    def __init__(self) -> None:
        self.storage: list[Delivery] = []
        self.verdict = Verdict.KEPT
        self.failures = 0

    async def __call__(self, delivery: Delivery) -> Verdict:
        if self.failures:
            self.failures -= 1
            raise StorageError("The disk is full.")
        if self.verdict is Verdict.KEPT:
            self.storage.append(delivery)
        return self.verdict


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest_asyncio.fixture
async def receiver(inbox: Inbox) -> AsyncIterator[Receiver]:
    receiver = Receiver(
        SECRET,
        inbox,
        limits=CallerLimits(head_s=0.2, piece_s=0.2, whole_s=2),
        longest_body_bytes=100_000,
    )
    await receiver.start()
    yield receiver
    await receiver.aclose()


def address(receiver: Receiver, job: str = "") -> str:
    return f"http://127.0.0.1:{receiver.port}{receiver.path(job)}"


async def say(receiver: Receiver, *pieces: bytes) -> bytes:
    """Write bytes and give the first line of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return (await reader.readline()).strip()
    finally:
        writer.close()


async def test_the_service_delivers_to_the_receiver(
    fake_waves: FakeWaves,
    client: WavesClient,
    recording: Path,
    receiver: Receiver,
    inbox: Inbox,
):
    fake_waves.answer = "Delivered later."
    inbox.failures = 2  # the disk is full for a while, and the service tries again
    hook = Webhook(address(receiver, "job 1/ü"), extra="tag:blue")
    accepted = await client.submit(recording, PRO, hook)
    assert isinstance(accepted, Accepted)
    await until(lambda: len(fake_waves.deliveries) == 3)
    assert fake_waves.deliveries == [503, 503, 200]
    (delivery,) = inbox.storage
    assert delivery.request_id == accepted.request_id
    assert delivery.job == "job 1/ü"
    assert delivery.extra["tag"] == "blue"
    assert delivery.decode(PRO).transcript.text == "Delivered later."


@pytest.mark.parametrize(
    "where",
    [
        {"job": "7"},
        {"webhook_extra": {"job": "7"}},
        {"webhook_extra": "tag:x,job:7"},
        {"metadata": {"job": "7", "duration": 1}},
    ],
)
async def test_extra_fields_are_found_wherever_they_are(
    receiver: Receiver, inbox: Inbox, where: dict[str, Any]
):
    assert await post(address(receiver), json.dumps(PAYLOAD | where).encode()) == 200
    assert inbox.storage[0].job == "7"


@pytest.mark.parametrize(
    "path", ["/", "/wrong-secret-of-some-length", f"/x{SECRET}", f"/{SECRET[:-1]}"]
)
async def test_a_wrong_secret_finds_nothing(receiver: Receiver, inbox: Inbox, path: str):
    url = f"http://127.0.0.1:{receiver.port}{path}"
    assert await post(url, json.dumps(PAYLOAD).encode()) == 404
    assert (
        await say(receiver, b"GET " + path.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    ).split()[1] == b"404"
    assert not inbox.storage


async def test_an_unknown_id_is_not_taken(receiver: Receiver, inbox: Inbox):
    inbox.verdict = Verdict.UNKNOWN
    assert await post(address(receiver), json.dumps(PAYLOAD).encode()) == 404


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"{}", b"[" * 90_000])
async def test_nonsense_is_refused(receiver: Receiver, inbox: Inbox, body: bytes):
    assert await post(address(receiver), body) == 400
    assert not inbox.storage


async def test_only_post_is_taken(receiver: Receiver):
    path = receiver.path().encode()
    for method in (b"GET", b"PUT", b"DELETE"):
        line = await say(receiver, method + b" " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.split()[1] == b"405"


async def test_too_much_is_refused_without_reading_it(receiver: Receiver, inbox: Inbox):
    path = receiver.path().encode()
    head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 70000000\r\n\r\n"
    assert (await say(receiver, head)).split()[1] == b"413"
    chunked = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"c350\r\n" + b" " * 50_000 + b"\r\n"
    assert (await say(receiver, chunked, piece, piece, piece)).split()[1] == b"413"
    assert not inbox.storage


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST /",
        b"POST /" + SECRET.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
    ],
)
async def test_dawdlers_are_sent_away(receiver: Receiver, inbox: Inbox, begun: bytes):
    line = await say(receiver, begun)
    assert line.split()[1:2] in ([b"408"], [])
    assert await post(address(receiver), json.dumps(PAYLOAD).encode()) == 200


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"HELLO\r\n\r\n",
        b"POST / HTTP/1.1\r\n\r\n",
        b"A" * 200_000,
    ],
)
async def test_what_is_no_http_is_answered_and_forgotten(receiver: Receiver, bytes_sent: bytes):
    line = await say(receiver, bytes_sent)
    assert line == b"" or line.split()[1][:1] == b"4"


async def test_expecting_to_be_told_to_continue_works(receiver: Receiver, inbox: Inbox):
    body = json.dumps(PAYLOAD).encode()
    assert await post(address(receiver), body, {"expect": "100-continue"}) == 200
    assert len(inbox.storage) == 1


async def test_a_failure_is_delivered_too(receiver: Receiver, inbox: Inbox):
    body = json.dumps(
        {"status": "failed", "request_id": "r-2", "message": "no speech"}
    ).encode()
    assert await post(address(receiver), body) == 200
    with pytest.raises(RefusedError, match="no speech"):
        inbox.storage[0].decode(PRO)


async def test_a_taken_port_is_said(receiver: Receiver, inbox: Inbox):
    other = Receiver(SECRET, inbox, port=receiver.port)
    with pytest.raises(AddressError, match="not available"):
        await other.start()
    await other.aclose()


async def test_closing_sends_waiting_callers_away(inbox: Inbox):
    receiver = Receiver(SECRET, inbox)
    await receiver.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
    writer.write(b"POST /" + SECRET.encode())
    await writer.drain()
    await receiver.aclose()
    with contextlib.suppress(ConnectionResetError):
        assert await reader.read() == b""
    writer.close()


def test_a_short_secret_is_none(inbox: Inbox):
    with pytest.raises(ValueError, match="too short"):
        Receiver("abc", inbox)
