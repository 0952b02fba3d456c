"""A strict fake of the Waves service: a real HTTP server on loopback.

Written from contract sections 4 and 12. It runs in a thread of its own, so it serves
asyncio tests, Qt tests and blocking ones alike, or as a process::

    python -m tests.support.fake_waves --port 0 --record requests.jsonl [--text words.txt]

In a test::

    def test_…(fake_waves):
        fake_waves.answer = "hello world"            # or a function of the Upload
        fake_waves.script(Fault.status(503), None)   # first request fails, second is fine
        client = WavesClient(fake_waves.address, lambda: fake_waves.key)

Whatever is not in the contract (multipart, a chunked body, an unknown parameter,
Python's ``True``) is noted in ``violations``, and the fixture fails the test.
"""

from __future__ import annotations

import argparse
import asyncio
import concurrent.futures
import hashlib
import io
import json
import os
import socket
import ssl
import stat
import struct
import sys
import threading
import uuid
import wave
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import h11
import pytest

KEY = "sk_fake_5f2c9d7ab1e84c63"
STT = "/waves/v1/stt/"
_KEPT_BYTES = 32 * 1024 * 1024
_LIMIT_BYTES = 250_000_000
PARAMETERS = {
    "model", "language", "word_timestamps", "diarize", "webhook_url", "webhook_method",
    "webhook_extra", "redact_pii", "redact_pci", "emotion_detection", "gender_detection",
}  # fmt: skip
BOOLEANS = {
    "word_timestamps", "diarize", "redact_pii", "redact_pci", "emotion_detection",
    "gender_detection",
}  # fmt: skip
_USABLE = """
en it es pt hi de fr uk ru pl mr gu cs sk or nl bn lv et ro fi sv bg hu da lt mt ja zh ko
multi-eu multi-asian multi-indic
"""
USABLE = _USABLE.split()
_NOT_ENABLED = "kn ml te pa ta yue tl id ms multi north_indic multi-south-indic"
NOT_ENABLED = _NOT_ENABLED.split()
_MAGIC = (b"RIFF", b"fLaC", b"OggS", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\x1aE\xdf\xa3")


@dataclass
class Request:
    """One request as it arrived."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes = b""
    size: int = 0
    sha256: str = ""
    status: int = 0

    def as_json(self) -> str:
        shown = {
            **self.headers,
            "authorization": "…" if "authorization" in self.headers else "",
        }
        return json.dumps(
            {
                "method": self.method,
                "path": self.path,
                "query": dict(self.query),
                "headers": shown,
                "size": self.size,
                "sha256": self.sha256,
                "status": self.status,
            }
        )


@dataclass
class Upload:
    """What is to be transcribed.

    Attributes:
        ordinal: Counts accepted transcriptions from 0.
        duration_s: Read from WAV and FLAC headers, else guessed from the size.
    """

    ordinal: int
    model: str
    language: str
    query: dict[str, str]
    body: bytes
    size: int
    sha256: str
    duration_s: float
    url: str = ""


@dataclass
class Heard:
    """A word of an answer; times in seconds."""

    word: str
    start: float
    end: float
    speaker: int = 0
    confidence: float = 0.97


Answer = str | Sequence[Heard]


@dataclass
class Fault:
    """What goes wrong with one request instead of, or with, its answer.

    Attributes:
        code: Status to answer with, after the usual checks were skipped.
        body: Body to answer with.
        headers: Headers besides the length.
        change: Changes the usual answer.
        reset_after: Resets the connection when so much of the body was read.
        refuses_early: Answers without reading the body, then closes.
        stalls: ``"upload"`` reads nothing, ``"answer"`` never answers, ``"body"`` stops
            in the middle of the answer; until ``FakeWaves.go_on``.
        cut_after: Resets the connection after so many bytes of the answer.
        drip: Sends the answer in pieces of so many bytes, each in its own packet.
    """

    code: int | None = None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    change: Callable[[dict[str, Any]], Any] | None = None
    reset_after: int | None = None
    refuses_early: bool = False
    stalls: str = ""
    cut_after: int | None = None
    drip: int | None = None

    @classmethod
    def status(cls, code: int, content: object = None, **headers: str) -> Fault:
        """Answer with a status and JSON content."""
        content = {"error": f"scripted {code}"} if content is None else content
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(
            code, json.dumps(content).encode(), {"content-type": "application/json"} | named
        )

    @classmethod
    def html(cls, code: int = 200) -> Fault:
        """Answer with a web page."""
        return cls(
            code,
            b"<!DOCTYPE html><html><body><h1>Welcome to the hotel</h1></body></html>",
            {"content-type": "text/html; charset=utf-8"},
        )

    @classmethod
    def raw(cls, body: bytes, code: int = 200) -> Fault:
        """Answer with these bytes as JSON."""
        return cls(code, body, {"content-type": "application/json"})


class _GoneError(Exception):
    """The connection is over."""


class FakeWaves:
    """The service. ``start`` it, ask at ``address``, ``close`` it.

    Attributes:
        key: The one key that is accepted.
        forbidden_key: Yields 403.
        answer: Text, words, or a function of the upload that gives either.
        requests: Everything that came, in order.
        violations: What broke the contract.
        minute_limit: Starts a model may have in all before 429; ``None`` for no limit.
        speaker_text: Speakers as ``"speaker_0"`` instead of 0.
        log: Entries of the request log.
        deliveries: Status codes that webhooks answered, in order.
        think_s: How long a transcription takes, whether or not anybody waits for it.
        holds: Tells which uploads are answered only after ``go_on``.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        key: str = KEY,
        record: Path | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.key = key
        self.forbidden_key = key + "_forbidden"
        self.answer: Answer | Callable[[Upload], Answer] = "Hello, how are you doing today?"
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.minute_limit: int | None = None
        self.speaker_text = False
        self.log: list[dict[str, Any]] = []
        self.deliveries: list[int] = []
        self.think_s = 0.0
        self.holds: Callable[[Upload], bool] = lambda _: False
        self.balance = 12.34
        self.is_healthy = True
        self.limit_bytes = _LIMIT_BYTES
        self.address = ""
        self._port = port
        self._record = record
        self._tls = tls
        self._faults: list[Fault | None] = []
        self._ordinal = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._go: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="fake-waves", daemon=True)
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._open: set[asyncio.Task[None]] = set()

    # ------------------------------------------------------------ for the test

    def script(self, *faults: Fault | None) -> None:
        """Let the next transcription requests meet these, one each; ``None`` is none."""
        self._faults.extend(faults)

    def go_on(self) -> None:
        """End all stalls, present and to come."""
        if self._loop is not None and self._go is not None:
            self._loop.call_soon_threadsafe(self._go.set)

    @property
    def transcriptions(self) -> list[Request]:
        """The requests that asked for a transcript."""
        return [one for one in self.requests if one.path == STT]

    def start(self) -> FakeWaves:
        self._thread.start()
        self._ready.wait(10)
        if self._failure is not None:
            raise self._failure
        return self

    def close(self) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def submit(self, work: Coroutine[Any, Any, Any]) -> concurrent.futures.Future[Any]:
        """Run a coroutine on the server's loop."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    # ------------------------------------------------------------- the server

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:  # the port is taken
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop, self._go = asyncio.Event(), asyncio.Event()
        listening = socket.create_server(("127.0.0.1", self._port))
        listening.setblocking(False)
        server = await asyncio.start_server(
            self._on_connected, sock=listening, ssl=self._tls, limit=1 << 20
        )
        port = listening.getsockname()[1]
        self.address = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}"
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _on_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await _Exchange(self, reader, writer).run()
        except (OSError, _GoneError, h11.RemoteProtocolError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    def _next_fault(self) -> Fault | None:
        return self._faults.pop(0) if self._faults else None

    def _note(self, request: Request) -> None:
        if self._record is not None:
            with self._record.open("a", encoding="utf-8") as file:
                file.write(request.as_json() + "\n")

    # -------------------------------------------------------------- the checks

    def check_strictly(self, request: Request) -> None:
        """Note what the real service might let pass and the contract does not have."""
        say = self.violations.append
        names = [name for name, _ in request.query]
        for name in set(names) - PARAMETERS:
            say(f"unknown parameter {name}")
        for name in {one for one in names if names.count(one) > 1}:
            say(f"parameter {name} given twice")
        for name, value in request.query:
            if name in BOOLEANS and value != "true":
                say(f"{name}={value}: send true, or leave it out")
        kind = request.headers.get("content-type", "")
        if kind not in {"application/octet-stream", "application/json"}:
            say(f"content type {kind or 'missing'}")
        if "transfer-encoding" in request.headers or "content-length" not in request.headers:
            say("body without a length")
        authorization = request.headers.get("authorization", "")
        if authorization and (
            not authorization.startswith("Bearer ") or authorization != authorization.strip()
        ):
            say("authorization is not 'Bearer <key>'")

    def refuse_auth(self, request: Request) -> tuple[int, object] | None:
        given = request.headers.get("authorization")
        if given is None:
            return 401, {"message": "Unauthorized: No tokens provided"}  # E11
        if given == f"Bearer {self.forbidden_key}":
            return 403, {"error": "Your plan does not include this model."}  # E13
        if given != f"Bearer {self.key}":
            return 401, {"error": "unauthorized"}  # E12
        return None

    def refuse_request(self, request: Request) -> tuple[int, object] | None:
        """Go through contract 4.3 in its order, up to the decoder."""
        query = dict(request.query)
        model, language = query.get("model"), query.get("language")
        if self.minute_limit is not None:
            self.minute_limit -= 1
            if self.minute_limit < 0:
                return 429, {
                    "error": "Rate limit exceeded. Please retry after a short backoff."
                }  # E15
        if model not in {"pulse", "pulse-pro"}:
            return 400, _bad_model(model)
        if model == "pulse-pro" and language not in {None, "en"}:
            return 400, _bad_enum("language", language, ["en"])  # E3
        if model == "pulse":
            if language is not None and language not in [*USABLE, *NOT_ENABLED]:
                return 400, _bad_enum("language", language, [*USABLE, *NOT_ENABLED])  # E4
            if language is None or language in NOT_ENABLED:
                return 400, {
                    "status": "error",
                    "error_code": "LANGUAGE_NOT_ENABLED_IN_REGION",
                    "message": f"Language '{language or 'multi'}' has not been enabled in this "
                    "region. Please contact support to request access.",
                    "language": language or "multi",
                    "region": "ap-south-1",
                }  # E5
        for name, value in request.query:
            if name in BOOLEANS and value not in {"true", "false"}:
                return 400, _bad_enum(name, value, ["true", "false"])
        return self._refuse_body(request, model)

    def _refuse_body(self, request: Request, model: str) -> tuple[int, object] | None:
        if request.headers.get("content-type") == "application/json":
            if model == "pulse-pro":
                return 400, {
                    "status": "error",
                    "message": "Audio by URL is not supported.",
                }  # E7
            try:
                url = json.loads(request.body).get("url")
            except (ValueError, AttributeError):
                url = None
            if not isinstance(url, str):
                return 400, {
                    "status": "error",
                    "message": "Invalid request body",
                    "errors": "Invalid JSON data: missing or invalid 'url' field",
                }  # E6
            return None
        if request.size > self.limit_bytes:
            return 413, {
                "status": "error",
                "message": "File size exceeds maximum limit of 250MB.",
            }  # E14
        if not request.size:
            return 400, {"status": "error", "message": "No audio.", "code": "NoAudio"}  # E9
        if request.body[:4096].isascii() and not request.body.startswith(_MAGIC):
            return 400, {
                "status": "error",
                "message": "Could not decode audio.",
                "code": "AudioDecodeError",
            }  # E8
        return None

    # ------------------------------------------------------------- the answers

    def upload_of(self, request: Request) -> Upload:
        query = dict(request.query)
        url = ""
        if request.headers.get("content-type") == "application/json":
            url = json.loads(request.body)["url"]
        upload = Upload(
            self._ordinal,
            query["model"],
            query.get("language", "en"),
            query,
            request.body,
            request.size,
            request.sha256,
            5.28 if url else duration_s(request.body, request.size),
            url,
        )
        self._ordinal += 1
        return upload

    def reply_to(self, upload: Upload) -> dict[str, Any]:
        """Make the usual answer, in the model's own shape (contract 1.2, 1.3)."""
        said = self.answer(upload) if callable(self.answer) else self.answer
        is_known = upload.url or upload.body.startswith(_MAGIC) or upload.body[4:8] == b"ftyp"
        if not is_known:
            said = ""  # contract 4.2, E8: headerless sound gives 200 and no text
        words = spread(said, upload.duration_s) if isinstance(said, str) else list(said)
        text = said if isinstance(said, str) else " ".join(one.word for one in words)
        timed = upload.query.get("word_timestamps") == "true"
        diarized = upload.query.get("diarize") == "true" and upload.model == "pulse"
        listed = [self._word(one, diarized=diarized) for one in words] if timed else []
        reply: dict[str, Any] = {"status": "success", "transcription": text, "words": listed}
        if upload.model == "pulse":
            reply["utterances"] = self._utterances(words, diarized=diarized) if timed else []
            reply["metadata"] = {"duration": upload.duration_s, "fileSize": upload.size}
            if upload.query.get("gender_detection") == "true":
                reply["gender"] = "female"
            if upload.query.get("emotion_detection") == "true":
                reply["emotions"] = {"happiness": 0.8, "anger": 0.1}
        else:
            reply["language"] = "en"
            reply["metadata"] = {
                "duration": upload.duration_s,
                "processing_time_ms": 172.11,
                "rtfx": 30,
                "num_chunks": 1,
            }
            reply["totalBytes"] = upload.size
            reply["request_id"] = str(uuid.uuid4())
        self.log.insert(0, _log_entry(upload, reply))
        return reply

    def _word(self, one: Heard, *, diarized: bool) -> dict[str, Any]:
        entry: dict[str, Any] = {"start": one.start, "end": one.end}
        if diarized:
            entry |= {"speaker": self._speaker(one), "speaker_confidence": 1}
        return entry | {"word": one.word, "confidence": one.confidence}

    def _speaker(self, one: Heard) -> int | str:
        return f"speaker_{one.speaker}" if self.speaker_text else one.speaker

    def _utterances(self, words: Sequence[Heard], *, diarized: bool) -> list[dict[str, Any]]:
        turns: list[list[Heard]] = []
        for one in words:
            ends = turns and turns[-1][-1].word.endswith((".", "?", "!"))
            if not turns or ends or turns[-1][-1].speaker != one.speaker:
                turns.append([])
            turns[-1].append(one)
        return [
            {
                "start": turn[0].start,
                "end": turn[-1].end,
                **({"speaker": self._speaker(turn[0])} if diarized else {}),
                "text": " ".join(one.word for one in turn),
            }
            for turn in turns
        ]

    async def deliver(self, query: dict[str, str], reply: dict[str, Any]) -> int:
        """Call a webhook as the service does; up to ten tries, told in ``deliveries``."""
        pairs = (pair.partition(":") for pair in query.get("webhook_extra", "").split(","))
        extra = {name: value for name, _, value in pairs if name}
        body = json.dumps({**reply, **extra}).encode()
        status = 0
        for _ in range(10):
            status = await post(query["webhook_url"], body)
            self.deliveries.append(status)
            if status < 500:
                break
        return status


class _Exchange:
    """One connection, one request."""

    def __init__(
        self, fake: FakeWaves, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.fake = fake
        self.reader = reader
        self.writer = writer
        self.http = h11.Connection(h11.SERVER)

    async def run(self) -> None:
        head = await self._event()
        if not isinstance(head, h11.Request):
            raise _GoneError
        target = urlsplit(head.target.decode())
        request = Request(
            head.method.decode(),
            target.path,
            parse_qsl(target.query, keep_blank_values=True),
            {name.decode().lower(): value.decode() for name, value in head.headers},
        )
        is_transcription = request.path == STT and request.method == "POST"
        fault = self.fake._next_fault() if is_transcription else None
        self.fake.requests.append(request)
        if is_transcription:
            self.fake.check_strictly(request)
        if fault is not None and fault.stalls == "upload":
            await self._stall()
        if fault is None or not fault.refuses_early:
            await self._read_body(request, fault.reset_after if fault else None)
        await self._respond(request, fault, is_transcription=is_transcription)

    async def _respond(
        self, request: Request, fault: Fault | None, *, is_transcription: bool
    ) -> None:
        if fault is not None and fault.stalls == "answer":
            await self._stall()
        if fault is not None and fault.code is not None:
            await self._send(request, fault.code, fault.body or b"", fault, fault.headers)
            return
        refused = self.fake.refuse_auth(request) if request.path != "/waves/v1/health" else None
        if is_transcription:
            refused = refused or self.fake.refuse_request(request)
        if refused is not None:
            await self._send_json(request, *refused, fault)
        elif is_transcription:
            await self._transcribe(request, fault)
        else:
            await self._send_json(request, *self._side(request), fault)

    async def _transcribe(self, request: Request, fault: Fault | None) -> None:
        upload = self.fake.upload_of(request)
        if self.fake.think_s:
            await asyncio.sleep(self.fake.think_s)
        if self.fake.holds(upload):
            await self._stall()
        reply = self.fake.reply_to(upload)
        if upload.model == "pulse-pro" and "webhook_url" in upload.query:
            accepted = {"status": "processing", "request_id": reply["request_id"]}
            await self._send_json(request, 200, accepted, fault)
            await self.fake.deliver(upload.query, reply)
            return
        content: Any = reply
        if fault is not None and fault.change is not None:
            content = fault.change(reply)
        await self._send_json(request, 200, content, fault)

    def _side(self, request: Request) -> tuple[int, object]:
        """Answer the side endpoints (contract 5.3, 8)."""
        fake, query = self.fake, dict(request.query)
        if request.path == "/waves/v1/health":
            state = "connected" if fake.is_healthy else "down"
            return (200 if fake.is_healthy else 503), {
                "status": "ok",
                "mongo": {"status": state},
            }
        if request.path == "/payment/v1/credits/balance":
            data = {"creditBalance": fake.balance, "planId": "standard", "isEnterprise": False}
            return 200, {"success": True, "data": data}
        if request.path == "/waves/v1/analytics/asr/logs":
            page, size = int(query.get("page", 1)), int(query.get("pageSize", 50))
            listed = fake.log[(page - 1) * size : page * size]
            return 200, {
                "status": "success", "page": page, "pageSize": size,
                "totalCount": len(fake.log), "totalPages": -(-len(fake.log) // size),
                "data": listed,
            }  # fmt: skip
        place, _, request_id = request.path.rpartition("/")
        if place == "/waves/v1/analytics/asr/history" and request.method == "DELETE":
            fake.log = [one for one in fake.log if one["request_id"] != request_id]
            return 200, {"status": "success"}
        if request.path == STT:
            return 405, {"error": "Method Not Allowed"}
        return 404, {"error": "Not Found"}

    async def _read_body(self, request: Request, reset_after: int | None) -> None:
        digest = hashlib.sha256()
        kept = bytearray()
        if self.http.they_are_waiting_for_100_continue:
            self.writer.write(
                self.http.send(h11.InformationalResponse(status_code=100, headers=[])) or b""
            )
        while True:
            event = await self._event()
            if isinstance(event, h11.EndOfMessage):
                break
            if not isinstance(event, h11.Data):
                raise _GoneError
            request.size += len(event.data)
            digest.update(event.data)
            if len(kept) < _KEPT_BYTES:
                kept += event.data
            if reset_after is not None and request.size >= reset_after:
                self._reset()
        request.body = bytes(kept)
        request.sha256 = digest.hexdigest()

    async def _stall(self) -> None:
        assert self.fake._go is not None
        await self.fake._go.wait()

    def _reset(self) -> None:
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        raise _GoneError

    async def _event(self) -> object:
        while True:
            event = self.http.next_event()
            if event is not h11.NEED_DATA:
                return event
            self.http.receive_data(await self.reader.read(1 << 20))

    async def _send_json(
        self, request: Request, status: int, content: object, fault: Fault | None
    ) -> None:
        headers = {"content-type": "application/json"} | (fault.headers if fault else {})
        await self._send(request, status, json.dumps(content).encode(), fault, headers)

    async def _send(
        self,
        request: Request,
        status: int,
        body: bytes,
        fault: Fault | None,
        headers: dict[str, str],
    ) -> None:
        request.status = status
        self.fake._note(request)
        fields = {"content-length": str(len(body)), **headers, "connection": "close"}
        head = self.http.send(h11.Response(status_code=status, headers=list(fields.items())))
        self.writer.write(head or b"")
        cut = fault.cut_after if fault else None
        if cut is not None:
            self.writer.write(body[:cut])
            await self.writer.drain()
            if not body[cut:]:
                return
            self.writer.close()  # a clean end where more was promised
            raise _GoneError
        if fault is not None and fault.stalls == "body":
            self.writer.write(body[: len(body) // 2])
            await self._stall()
            body = body[len(body) // 2 :]
        step = fault.drip if fault and fault.drip else len(body) or 1
        for place in range(0, len(body), step):
            self.writer.write(body[place : place + step])
            await self.writer.drain()
            await asyncio.sleep(0)
        await self.writer.drain()


def _bad_model(model: str | None) -> dict[str, Any]:
    supported = "Supported values: pulse | pulse-pro."
    if model is None:
        problem = {
            "expected": "'pulse' | 'pulse-pro'", "received": "undefined",
            "code": "invalid_type", "path": ["model"],
            "message": f"Missing required query param: model. {supported}",
        }  # fmt: skip
    else:
        problem = {
            "expected": "'pulse' | 'pulse-pro'", "received": model,
            "code": "invalid_enum_value", "path": ["model"],
            "options": ["pulse", "pulse-pro"], "message": f"Invalid model. {supported}",
        }  # fmt: skip
    message = "Invalid model query parameter."
    return {"status": "error", "message": message, "errors": [problem]}  # E1, E2


def _bad_enum(name: str, value: str | None, options: list[str]) -> dict[str, Any]:
    expected = " | ".join(f"'{one}'" for one in options)
    problem = {
        "received": value, "code": "invalid_enum_value", "options": options, "path": [name],
        "message": f"Invalid enum value. Expected {expected}, received '{value}'",
    }  # fmt: skip
    return {"status": "error", "message": "Invalid query parameters", "errors": [problem]}


def _log_entry(upload: Upload, reply: dict[str, Any]) -> dict[str, Any]:
    from datetime import UTC, datetime

    return {
        "request_id": reply.get("request_id") or str(uuid.uuid4()),
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "request_type": "rest",
        "model": upload.model,
        "language": upload.language,
        "duration": upload.duration_s,
        "file_size": str(upload.size),
        "transcription": reply["transcription"],
        "word_timestamps": "word_timestamps" in upload.query,
        "webhook_url": upload.query.get("webhook_url", ""),
    }


def spread(text: str, length_s: float) -> list[Heard]:
    """Give the words of a text evenly over a time."""
    words = text.split()
    step = length_s / max(1, len(words))
    return [
        Heard(word, round(number * step, 3), round((number + 0.9) * step, 3))
        for number, word in enumerate(words)
    ]


def duration_s(body: bytes, size: int) -> float:
    """Tell how long the sound of an upload is."""
    if body.startswith(b"fLaC") and len(body) >= 42:
        packed = int.from_bytes(body[18:26], "big")
        rate, samples = packed >> 44, packed & 0xFFFFFFFFF
        if rate:
            return round(samples / rate, 3)
    if body.startswith(b"RIFF"):
        try:
            with wave.open(io.BytesIO(body)) as file:
                frame = file.getnchannels() * file.getsampwidth()
                frames = min(file.getnframes(), (size - 44) // frame)
                return round(frames / file.getframerate(), 3)
        except (wave.Error, EOFError, ZeroDivisionError):
            pass
    return round(size / 16_000, 3)


async def post(url: str, body: bytes, headers: dict[str, str] | None = None) -> int:
    """Send a plain POST and give the status; 599 when nobody answers."""
    parts = urlsplit(url)
    try:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    except OSError:
        return 599
    client = h11.Connection(h11.CLIENT)
    fields = {
        "host": parts.netloc,
        "content-type": "application/json",
        "content-length": str(len(body)),
        **(headers or {}),
    }
    target = parts.path or "/"
    try:
        writer.write(
            client.send(h11.Request(method="POST", target=target, headers=list(fields.items())))
            or b""
        )
        writer.write(client.send(h11.Data(data=body)) or b"")
        await writer.drain()
        while True:
            event = client.next_event()
            if event is h11.NEED_DATA:
                client.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Response):
                return event.status_code
            elif not isinstance(event, h11.InformationalResponse):
                return 599
    except (OSError, h11.ProtocolError):
        return 599
    finally:
        writer.close()


@pytest.fixture
def fake_waves() -> Iterator[FakeWaves]:
    """The strict fake service; a request outside the contract fails the test."""
    fake = FakeWaves().start()
    yield fake
    fake.close()
    if fake.violations:
        pytest.fail("outside the contract: " + "; ".join(fake.violations), pytrace=False)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run as a process: print the address, serve until ended or a piped input ends."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record", type=Path, help="append each request as a line of JSON")
    parser.add_argument("--key", default=KEY)
    parser.add_argument("--text", type=Path, help="file with the text that answers everything")
    parser.add_argument("--think", type=float, default=0.0, help="seconds an answer takes")
    chosen = parser.parse_args(arguments)
    fake = FakeWaves(port=chosen.port, key=chosen.key, record=chosen.record)
    fake.think_s = chosen.think
    if chosen.text:
        fake.answer = chosen.text.read_text(encoding="utf-8")
    fake.start()
    print(fake.address, flush=True)  # noqa: T201 – this is what the caller reads
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        sys.stdin.read()  # ends with whoever started it
        fake.close()
    else:
        threading.Event().wait()


if __name__ == "__main__":
    main()
