"""A strict fake of the service's live socket: a real WebSocket server on loopback.

It runs in a thread of its own. What it hears is a script of words with times; which of them
were sent it reads from the sound itself, whose samples say where in the take they stand
(``coded_sound``). So it knows what a connection missed, and what was sent twice. Its answers
have the shapes of recorded traffic: interims each second without a space before them, finals
of ten words that may leave their full stop to the next one, marks of speech that run ahead.

Whatever the service does not describe is noted in ``violations``, and the fixture fails.
"""

from __future__ import annotations

import asyncio
import http
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from app.core.transcript import Word

KEY = "sk_fake_live_91c0b2"
PATH = "/waves/v1/stt/live"
RATE_HZ = 16_000
_BLOCK = 160  # samples that carry one number: ten milliseconds
_NUMBERS = 1 << 15
STEP_MS = 1_100
FINAL_WORDS = 10
SILENCE_MS = 600
LANGUAGES = {
    "en",
    "hi",
    "de",
    "es",
    "ru",
    "it",
    "fr",
    "nl",
    "pt",
    "zh",
    "yue",
    "ja",
    "ko",
    "gu",
    "mr",
    "or",
    "bn",
    "ta",
    "te",
    "kn",
    "ml",
    "hi-dev",
    "north_indic",
    "multi-asian",
    "multi-south-indic",
}
ELSEWHERE = {"zh", "yue", "ja", "ko", "multi-asian"}
BOOLEANS = {
    "word_timestamps",
    "diarize",
    "sentence_timestamps",
    "vad_events",
    "endpointing",
    "format",
    "punctuate",
    "capitalize",
    "itn_normalize",
    "finalize_on_words",
    "redact_pii",
    "redact_pci",
}
NAMES = BOOLEANS | {
    "model",
    "language",
    "encoding",
    "sample_rate",
    "eou_timeout_ms",
    "max_words",
    "keywords",
    "external_session_id",
}
_NOT_PRO = (
    "Pulse Pro has no streaming transport. Use POST /waves/v1/stt/?model=pulse-pro instead."
)


def coded_sound(begin_ms: int, end_ms: int) -> bytes:
    """Give sound whose samples say where in the take they stand."""
    first, last = begin_ms * RATE_HZ // 1_000, end_ms * RATE_HZ // 1_000
    numbers = np.arange(first, last) // _BLOCK % _NUMBERS
    return numbers.astype("<i2").tobytes()


@dataclass
class Hazards:
    """What goes wrong on one connection; times are of the take.

    Attributes:
        status: Refuses to open, with this status and ``body``.
        slow_s: Takes its time to open.
        drop_ms: Breaks the connection once it has heard so much.
        close_ms: Closes it with ``close_code`` once it has heard so much.
        stop_reading_ms: Reads nothing more once it has heard so much.
        mute_ms: Says nothing more once it has heard so much, and answers pings.
        stall_ms: Does nothing at all for ``stall_s`` once it has heard so much.
        stall_s: How long that is.
        complain_ms: Sends ``complaint`` once it has heard so much.
        complaint: What that is.
        say: Messages, sent as they are with the first sound.
        huge: Sends a message of 2 MB after the first final.
        twice: Sends every final twice.
        bare: Leaves out the space before finals.
        lone_stops: Sends a full stop as a final of its own.
        stop_entries: Lists a full stop among the words.
        cuts_words: Interims end within a word.
        splits: Finals may end within a word, which goes on in the next one.
        untimed: Sends finals without their words.
        other_name: Sends ``transcription`` only.
        labels: Speakers are text.
        no_last: Says nothing to ``close_stream``, and leaves the connection open.
        no_idle_answer: Says nothing to ``finalize`` where nothing is open.
        never_final: Makes nothing final but at the end.
        jitter_ms: So far the times of words may be off.
    """

    status: int = 0
    body: str = ""
    location: str = ""
    slow_s: float = 0.0
    drop_ms: int | None = None
    close_ms: int | None = None
    close_code: int = 1011
    stop_reading_ms: int | None = None
    mute_ms: int | None = None
    stall_ms: int | None = None
    stall_s: float = 30.0
    complain_ms: int | None = None
    complaint: str = ""
    say: Sequence[str | bytes] = ()
    huge: bool = False
    twice: bool = False
    bare: bool = False
    lone_stops: bool = False
    stop_entries: bool = False
    cuts_words: bool = True
    splits: bool = False
    untimed: bool = False
    other_name: bool = False
    labels: bool = False
    no_last: bool = False
    no_idle_answer: bool = False
    never_final: bool = False
    jitter_ms: int = 0


@dataclass
class Visit:
    """What one connection has brought.

    Attributes:
        query: What was asked for.
        begin_ms: Where in the take its first sample stands; -1 before there is one.
        heard_ms: Up to where in the take it has sound.
        controls: What was said besides sound, in order.
        opened_ms: When, on the server's clock.
    """

    query: dict[str, str]
    hazards: Hazards
    opened_ms: float
    begin_ms: int = -1
    heard_ms: int = 0
    controls: list[str] = field(default_factory=list)
    place: int = 0
    owed_stop: str = ""
    owed_rest: str = ""
    owed_entry: dict[str, Any] = field(default_factory=dict)
    decoded_ms: int = 0
    is_speaking: bool = False
    finals: int = 0
    is_closing: bool = False


class FakeLive:
    """The server.

    Attributes:
        script: The words of the take.
        hazards: What goes wrong, connection by connection; the rest are sound.
        visits: What came.
        violations: What the service would not have taken.
        speed: So many times faster than the clock on the wall everything goes.
        idle_ms: After so long without a message it closes with 1001.
        key: What it takes.
        is_coded: Whether the sound says where it stands; else it is counted.
    """

    def __init__(
        self, script: Sequence[Word] = (), speed: float = 1.0, *, is_coded: bool = True
    ) -> None:
        self.is_coded = is_coded
        self.script = list(script)
        self.hazards: list[Hazards] = []
        self.visits: list[Visit] = []
        self.violations: list[str] = []
        self.speed = speed
        self.idle_ms = 10_000
        self.key = KEY
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._loop = asyncio.new_event_loop()
        self._stopped: asyncio.Event | None = None
        self._port = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._tls: Any = None

    # -- running

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        if self._stopped is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(20)

    @property
    def address(self) -> str:
        """The base address, as a person would set it."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    def use_tls(self, context: Any) -> None:
        """Speak TLS; before it is entered."""
        self._tls = context

    def begin_again(self, script: Sequence[Word], *hazards: Hazards) -> None:
        """Forget what came, for another take."""
        self.script = list(script)
        self.hazards = list(hazards)
        self.visits = []
        self.violations = []
        self.requests = []

    def now_ms(self) -> float:
        """The server's clock."""
        return time.perf_counter() * 1_000 * self.speed

    def heard_ms(self) -> int:
        """Up to where in the take all sound has been heard, without a hole."""
        end = 0
        for visit in self.visits:
            if 0 <= visit.begin_ms <= end:
                end = max(end, visit.heard_ms)
        return end

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._main())
        self._loop.close()

    async def _main(self) -> None:
        self._stopped = asyncio.Event()
        server = await serve(
            self._talk,
            "127.0.0.1",
            0,
            process_request=self._admit,
            compression=None,
            ping_interval=None,
            max_queue=16,
            close_timeout=0.2,
            ssl=self._tls,
        )
        self._port = next(iter(server.sockets)).getsockname()[1]
        self._ready.set()
        await self._stopped.wait()
        server.close()
        await server.wait_closed()

    # -- opening

    async def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        number = len(self.visits)
        hazards = self.hazards[number] if number < len(self.hazards) else Hazards()
        parts = urlsplit(request.path)
        query = parse_qsl(parts.query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in request.headers.raw_items()}
        self.requests.append((request.path, headers))
        visit = Visit(dict(query), hazards, self.now_ms())
        self.visits.append(visit)
        if hazards.slow_s:
            await asyncio.sleep(hazards.slow_s / self.speed)
            visit.opened_ms = self.now_ms()
        if hazards.status:
            response = connection.respond(http.HTTPStatus(hazards.status), hazards.body)
            if hazards.location:
                response.headers["Location"] = hazards.location
            return response
        if parts.path != PATH:
            return connection.respond(http.HTTPStatus.NOT_FOUND, "Cannot GET")
        if headers.get("authorization") != f"Bearer {self.key}":
            body = json.dumps({"error": "Invalid API key"})
            return connection.respond(http.HTTPStatus.UNAUTHORIZED, body)
        model = dict(query).get("model")
        if model not in {"pulse", "pulse-2"}:
            return connection.respond(http.HTTPStatus.BAD_REQUEST, _NOT_PRO)
        self._check_query(query)
        return None

    def _check_query(self, query: Sequence[tuple[str, str]]) -> None:
        names = [name for name, _ in query]
        if len(set(names)) != len(names):
            self.violations.append(f"asked twice: {names}")
        asked = dict(query)
        for name, value in query:
            if name not in NAMES:
                self.violations.append(f"unknown parameter {name}")
            if name in BOOLEANS and value not in {"true", "false"}:
                self.violations.append(f"{name}={value}")
        if asked.get("language") not in LANGUAGES:
            self.violations.append(f"language {asked.get('language')}")
        if asked.get("encoding", "linear16") != "linear16":
            self.violations.append("another encoding")
        if asked.get("sample_rate") != str(RATE_HZ):
            self.violations.append(f"rate {asked.get('sample_rate')}")
        keywords = asked.get("keywords")
        if keywords is not None:
            entries = keywords.split(",")
            if not keywords or keywords.startswith("[") or len(entries) > 100:
                self.violations.append(f"keywords {keywords[:40]}")
            if any(not one.rpartition(":")[0] for one in entries):
                self.violations.append(f"keywords without a weight: {keywords[:40]}")
        eou = asked.get("eou_timeout_ms")
        if eou is not None and not 100 <= int(eou) <= 10_000:
            self.violations.append(f"eou_timeout_ms {eou}")

    # -- talking

    async def _talk(self, connection: ServerConnection) -> None:
        visit = next(
            one for one in reversed(self.visits) if not one.hazards.status and one.begin_ms < 0
        )
        try:
            if not await self._refuse_language(connection, visit):
                await self._listen(connection, visit)
        except ConnectionClosed:
            pass

    async def _refuse_language(self, connection: ServerConnection, visit: Visit) -> bool:
        language, model = visit.query.get("language"), visit.query.get("model")
        if model == "pulse-2" and language != "en":
            await connection.close(1011)
            return True
        if language in ELSEWHERE:
            sentence = (
                f"Language '{language}' has not been enabled in this region. Please contact "
                "support to request access."
            )
            await connection.send(
                json.dumps(
                    {
                        "type": "error",
                        "error_code": "LANGUAGE_NOT_ENABLED_IN_REGION",
                        "message": sentence,
                    }
                )
            )
            await connection.close(1000)
            return True
        return False

    async def _listen(self, connection: ServerConnection, visit: Visit) -> None:
        hazards = visit.hazards
        expected: int | None = None
        while True:
            try:
                async with asyncio.timeout(self.idle_ms / 1_000 / self.speed):
                    raw = await connection.recv()
            except TimeoutError:
                await connection.close(1001, "nothing came")
                return
            if visit.is_closing:
                self.violations.append("something after close_stream")
                return
            if isinstance(raw, str):
                if await self._on_control(connection, visit, raw):
                    return
                continue
            expected = self._on_sound(visit, raw, expected)
            says, hazards.say = hazards.say, ()
            for one in says:
                await connection.send(one)
            if (
                hazards.stop_reading_ms is not None
                and visit.heard_ms >= hazards.stop_reading_ms
            ):
                await self._stopped_reading(connection)
                return
            if hazards.drop_ms is not None and visit.heard_ms >= hazards.drop_ms:
                connection.transport.abort()
                return
            if hazards.close_ms is not None and visit.heard_ms >= hazards.close_ms:
                await connection.close(hazards.close_code, "so it is")
                return
            await self._hesitate(connection, visit)
            if hazards.mute_ms is not None and visit.heard_ms >= hazards.mute_ms:
                continue
            await self._decode(connection, visit)

    async def _hesitate(self, connection: ServerConnection, visit: Visit) -> None:
        """Stand still, or complain, where that is due."""
        hazards = visit.hazards
        if hazards.stall_ms is not None and visit.heard_ms >= hazards.stall_ms:
            hazards.stall_ms = None
            await asyncio.sleep(hazards.stall_s / self.speed)
        if hazards.complain_ms is not None and visit.heard_ms >= hazards.complain_ms:
            hazards.complain_ms = None
            await connection.send(hazards.complaint)

    async def _stopped_reading(self, connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        stopped = self._stopped
        assert stopped is not None
        waiting = asyncio.ensure_future(stopped.wait())
        await asyncio.wait({waiting}, timeout=120_000 / 1_000 / self.speed)
        waiting.cancel()
        connection.transport.abort()

    def _on_sound(self, visit: Visit, raw: bytes, expected: int | None) -> int:
        """Read where a frame stands; gives where the next one must begin."""
        if len(raw) % 2 or not 1_024 <= len(raw) <= 32_000:
            self.violations.append(f"a frame of {len(raw)} bytes")
        samples = np.frombuffer(raw[: len(raw) // 2 * 2], "<i2")
        numbers = samples.astype(np.int64)
        count = len(numbers)
        while self.is_coded and expected and count and numbers[count - 1] == 0:
            count -= 1  # silence that fills up the last frame
        if expected is None:
            first = self._first_sample(numbers) if self.is_coded else 0
            visit.begin_ms = first * 1_000 // RATE_HZ
            visit.heard_ms = visit.decoded_ms = visit.begin_ms
            while visit.place < len(self.script) and not _is_heard(
                self.script[visit.place], visit.begin_ms, 1 << 60
            ):
                visit.place += 1
        else:
            first = expected
        wanted = np.arange(first, first + len(numbers)) // _BLOCK % _NUMBERS
        differs = numbers != wanted
        if self.is_coded and differs[:count].any() and first > 0:
            self.violations.append(f"samples out of order at {first}")
        end = first + (count if self.is_coded and differs[count:].any() else len(numbers))
        visit.heard_ms = end * 1_000 // RATE_HZ
        passed_ms = self.now_ms() - visit.opened_ms
        if visit.heard_ms - visit.begin_ms > 2.5 * passed_ms + 2_000:
            self.violations.append(
                f"{visit.heard_ms - visit.begin_ms} ms of sound within {passed_ms:.0f} ms"
            )
        return end

    @staticmethod
    def _first_sample(numbers: np.ndarray[Any, Any]) -> int:
        """Tell where a sample stands: its number, and how far it is within its block."""
        changes = np.flatnonzero(numbers != numbers[0])
        within = _BLOCK - int(changes[0]) if len(changes) else 0
        return int(numbers[0]) * _BLOCK + within

    async def _on_control(self, connection: ServerConnection, visit: Visit, raw: str) -> bool:
        """Answer to a control message; tells whether the connection is over."""
        try:
            said = json.loads(raw)
        except ValueError:
            said = None
        kind = said["type"] if isinstance(said, dict) and list(said) == ["type"] else None
        if kind not in {"finalize", "close_stream", "keepalive"}:
            self.violations.append(f"said {raw[:60]}")
            return False
        visit.controls.append(kind)
        is_mute = visit.hazards.mute_ms is not None and visit.heard_ms >= visit.hazards.mute_ms
        if kind == "keepalive":
            await connection.send('{"type":"pong"}')
        elif kind == "finalize" and not is_mute:
            await self._flush(connection, visit, from_finalize=True)
        elif kind == "close_stream":
            visit.is_closing = True
            if visit.hazards.no_last or is_mute:
                return False
            await self._flush(connection, visit, is_last=True)
            await connection.close(1000)
            return True
        return False

    # -- hearing

    async def _decode(self, connection: ServerConnection, visit: Visit) -> None:
        """Say what there is to say once another step of sound is there."""
        await self._say_speech(connection, visit)
        while visit.heard_ms - visit.decoded_ms >= STEP_MS:
            visit.decoded_ms += STEP_MS
            words = self._open_words(visit, visit.decoded_ms)
            while len(words) >= FINAL_WORDS and not visit.hazards.never_final:
                await self._say_final(connection, visit, words[:FINAL_WORDS])
                words = words[FINAL_WORDS:]
            if not words and not visit.owed_rest:
                continue
            is_quiet = not words or visit.decoded_ms - words[-1].end_ms >= SILENCE_MS
            following = self._following(visit, len(words))
            is_quiet = is_quiet and (following is None or following.start_ms > visit.decoded_ms)
            if is_quiet and not visit.hazards.never_final:
                await self._say_final(connection, visit, words, is_pause=True)
            elif words or visit.owed_stop:
                said = [visit.owed_stop, visit.owed_rest, *(word.text for word in words)]
                text = " ".join(piece for piece in said if piece)
                if (
                    visit.hazards.cuts_words
                    and following is not None
                    and following.start_ms < visit.decoded_ms
                    and len(following.text) > 3
                ):
                    text += f" {following.text[:3]}"
                await self._send(connection, visit, {"transcript": text, "is_final": False})

    def _open_words(self, visit: Visit, until_ms: int) -> list[Word]:
        words: list[Word] = []
        for word in self.script[visit.place :]:
            if word.end_ms > until_ms:
                break
            words.append(word)
        return words

    def _following(self, visit: Visit, count: int) -> Word | None:
        place = visit.place + count
        return self.script[place] if place < len(self.script) else None

    async def _flush(
        self,
        connection: ServerConnection,
        visit: Visit,
        *,
        is_last: bool = False,
        from_finalize: bool = False,
    ) -> None:
        words = [
            word
            for word in self.script[visit.place :]
            if _is_heard(word, visit.begin_ms, visit.heard_ms)
        ]
        while len(words) > FINAL_WORDS:
            await self._say_final(connection, visit, words[:FINAL_WORDS])
            words = words[FINAL_WORDS:]
        if words or is_last or visit.owed_stop or not visit.hazards.no_idle_answer:
            await self._say_final(
                connection,
                visit,
                words,
                is_last=is_last,
                from_finalize=from_finalize,
                is_pause=True,
            )

    async def _say_speech(self, connection: ServerConnection, visit: Visit) -> None:
        at_ms = visit.heard_ms
        is_spoken = any(
            word.start_ms - 100 <= at_ms <= word.end_ms + 300
            for word in self.script[visit.place : visit.place + 40]
        )
        if is_spoken != visit.is_speaking and visit.query.get("vad_events") == "true":
            visit.is_speaking = is_spoken
            kind = "speech_started" if is_spoken else "speech_ended"
            at_s = (at_ms - visit.begin_ms) / 1_000
            await connection.send(json.dumps({"type": kind, "timestamp": at_s}))

    async def _say_final(
        self,
        connection: ServerConnection,
        visit: Visit,
        words: Sequence[Word],
        *,
        is_last: bool = False,
        from_finalize: bool = False,
        is_pause: bool = False,
    ) -> None:
        hazards = visit.hazards
        visit.place += len(words)
        owed, visit.owed_stop = visit.owed_stop, ""
        rest, visit.owed_rest = visit.owed_rest, ""
        pieces = [word.text for word in words]
        if pieces and not is_pause:
            bare = pieces[-1].rstrip(".,?!")
            if bare and bare != pieces[-1]:
                visit.owed_stop = pieces[-1][len(bare) :]
                pieces[-1] = bare
        entries = [
            self._entry(visit, word, text, number)
            for number, (word, text) in enumerate(zip(words, pieces, strict=True))
        ]
        owed_entry = visit.owed_entry
        if hazards.splits and not is_pause:
            self._split(visit, pieces, entries)
        space = "" if hazards.bare or rest else " "
        text = space + rest + (" " if rest and pieces else "") + " ".join(pieces)
        if rest:
            entries.insert(0, owed_entry)
        if not text.strip():
            text = ""
        if hazards.lone_stops and owed:
            stop = {"transcript": owed, "is_final": True, "words": []}
            await self._send(connection, visit, stop)
        elif owed:
            text = owed + (text if text.startswith(" ") or not text else f" {text}")
            if hazards.stop_entries:
                at = entries[0]["start"] if entries else 0.0
                entries.insert(0, {"word": owed, "start": at, "end": at})
        message: dict[str, Any] = {"transcript": text, "is_final": True, "is_last": is_last}
        if from_finalize:
            message["from_finalize"] = True
        if visit.query.get("word_timestamps") == "true" and not hazards.untimed:
            message["words"] = entries
        message["language"] = visit.query.get("language")
        await self._send(connection, visit, message)
        await self._trouble(connection, visit, message)

    async def _trouble(
        self, connection: ServerConnection, visit: Visit, message: dict[str, Any]
    ) -> None:
        """Send besides a final what should not come."""
        visit.finals += 1
        if visit.hazards.twice and message["transcript"]:
            await self._send(connection, visit, message)
        if visit.hazards.huge and visit.finals == 1:
            await connection.send(json.dumps({"type": "transcription", "x": "x" * 2_000_000}))

    @staticmethod
    def _split(visit: Visit, pieces: list[str], entries: list[dict[str, Any]]) -> None:
        """Let the last word go on in the next piece, which begins where this one ends."""
        if not pieces or len(pieces[-1]) <= 4 or visit.owed_stop:
            return
        visit.owed_rest, pieces[-1] = pieces[-1][3:], pieces[-1][:3]
        middle = (entries[-1]["start"] + entries[-1]["end"]) / 2
        visit.owed_entry = {**entries[-1], "word": visit.owed_rest, "start": middle}
        entries[-1] |= {"word": pieces[-1], "end": middle}

    def _entry(self, visit: Visit, word: Word, text: str, number: int) -> dict[str, Any]:
        off = visit.hazards.jitter_ms * (1 if number % 2 else -1)
        entry: dict[str, Any] = {
            "word": text,
            "start": max(0, word.start_ms + off - visit.begin_ms) / 1_000,
            "end": max(0, word.end_ms + off - visit.begin_ms) / 1_000,
            "confidence": 0.97,
            "speaker": "speaker_0" if visit.hazards.labels else 0,
        }
        if entry["start"].is_integer():
            entry["start"] = int(entry["start"])
        if visit.query.get("model") == "pulse-2":
            entry.pop("speaker")
        return entry

    async def _send(
        self, connection: ServerConnection, visit: Visit, fields: dict[str, Any]
    ) -> None:
        message = {
            "type": "transcription",
            "status": "success",
            "session_id": "9390d2bf-94ab-404f-a38a-37b0c9d18075",
            "is_last": False,
            **fields,
        }
        if visit.query.get("model") == "pulse-2" and message["is_final"]:
            message |= {"emotion": {"neutral": 0.9}, "gender": {"label": "female"}}
        message["transcription"] = message["transcript"]
        if visit.hazards.other_name:
            del message["transcript"]
        await connection.send(json.dumps(message))


def _is_heard(word: Word, begin_ms: int, end_ms: int) -> bool:
    """Tell whether enough of a word was sent for it to be understood."""
    length_ms = word.end_ms - word.start_ms
    sent_ms = min(word.end_ms, end_ms) - max(word.start_ms, begin_ms)
    return sent_ms > 0.6 * length_ms
