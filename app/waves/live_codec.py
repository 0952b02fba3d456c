"""What is said over the live socket, both ways, as pure functions.

The service's descriptions of it contradict each other in places; both ways are understood.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.core.live import LIVE_RATE_HZ
from app.core.live_models import LiveModel
from app.waves.json_reading import (
    NotJsonError,
    as_array,
    as_number,
    as_object,
    as_text,
    clean,
    parse,
)
from app.waves.refusal import reason_given

LIVE_PATH = "/waves/v1/stt/live"
"""Without a slash at its end, unlike the one for whole recordings."""
MOST_KEYWORDS = 100
"""The service drops the rest."""
_LONGEST_KEYWORD = 60
_LONGEST_ID = 128
_LONGEST_TEXT = 20_000
_ID_SIGNS = re.compile(r"[^A-Za-z0-9_.-]")


class Control(StrEnum):
    """What is said to the service besides sound."""

    FINALIZE = "finalize"
    """Settle what is open, and stay."""
    CLOSE = "close_stream"
    """Settle what is open, say that it is the last, and close."""
    KEEPALIVE = "keepalive"


@dataclass(frozen=True, slots=True)
class LiveRequest:
    """What is asked of the service for one channel of a take.

    Attributes:
        model: Which model.
        language: A code that it knows.
        keywords: Words that may be said, in the spelling wanted.
        session_id: Joins what the service logs to the take; it is not given back.
    """

    model: LiveModel = LiveModel.PULSE
    language: str = "en"
    keywords: tuple[str, ...] = ()
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece of text.

    Attributes:
        text: As it came, the space before it included, since that tells how it follows on.
        entries: What came about its words, as it came; nothing while it is not final.
        is_final: Whether it stands; what is not final replaces the one before.
        is_last: Nothing comes after it.
        language: Code of what is spoken, where it was said.
    """

    text: str
    entries: tuple[object, ...] = ()
    is_final: bool = False
    is_last: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody begins to speak; this runs ahead of the text."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """Nobody speaks any more; this runs ahead of the text, and may be missing at the end."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Alive:
    """The answer to a ``keepalive``, or anything else without a meaning for the text."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """The service says what is wrong.

    Attributes:
        status: HTTP status, 0 where it gave none.
        body: As it came.
        reason: In its own words.
    """

    status: int
    body: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Garbage:
    """Nothing that can be understood."""


LiveMessage = Heard | SpeechStarted | SpeechEnded | Alive | Complaint | Garbage


def build_live_query(request: LiveRequest) -> tuple[tuple[str, str], ...]:
    """Give the query of the connection.

    How many words make a final, and when a number is held back, is left to the service: what
    changed those came back without capitals and full stops.
    """
    query = [
        ("model", request.model.value),
        ("language", request.language),
        ("encoding", "linear16"),
        ("sample_rate", str(LIVE_RATE_HZ)),
        ("word_timestamps", "true"),
        ("vad_events", "true"),
        ("endpointing", "true"),
    ]
    if keywords := _keywords(request.keywords):
        query.append(("keywords", keywords))  # an empty one would register an empty word
    if session_id := _ID_SIGNS.sub("-", request.session_id)[:_LONGEST_ID]:
        query.append(("external_session_id", session_id))
    return tuple(query)


def control(word: Control) -> str:
    """Give the message that says so."""
    return json.dumps({"type": word.value}, separators=(",", ":"))


def decode_live(raw: str | bytes) -> LiveMessage:
    """Understand a message of the service; raises for nothing."""
    body = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
    try:
        fields = as_object(parse(body))
    except NotJsonError:
        return Garbage()
    kind = as_text(fields.get("type")).casefold()
    if kind == "error" or as_text(fields.get("status")).casefold() == "error":
        return _complaint(fields.get("status"), body, reason_given(fields))
    if not kind and "error" in fields and fields["error"]:
        return _complaint(fields.get("status"), body, reason_given(fields))
    match kind:
        case "speech_started":
            return SpeechStarted(_ms(fields.get("timestamp")))
        case "speech_ended":
            return SpeechEnded(_ms(fields.get("timestamp")))
        case "pong":
            return Alive()
        case _:
            pass
    text = fields.get("transcript")
    if not isinstance(text, str):
        text = fields.get("transcription")
    is_last = fields.get("is_last") is True
    if not isinstance(text, str):
        if is_last:
            return Heard("", is_final=True, is_last=True)
        return Alive() if kind else Garbage()
    return Heard(
        _kept_space(text),
        tuple(as_array(fields.get("words"))),
        is_final=fields.get("is_final") is True or is_last,
        is_last=is_last,
        language=as_text(fields.get("language"), 20),
    )


def _kept_space(text: str) -> str:
    """Make text printable, with one space before it where there was any."""
    line = clean(text[:_LONGEST_TEXT])
    return f" {line}" if line and text[:1].isspace() else line


def _keywords(words: Iterable[str]) -> str:
    usable = dict.fromkeys(
        word
        for one in words
        if (word := clean(one, _LONGEST_KEYWORD)) and not set(",:[]") & set(word)
    )
    return ",".join(f"{word}:1" for word in list(usable)[:MOST_KEYWORDS])


def _complaint(status: object, body: bytes, reason: str) -> Complaint:
    number = as_number(status)
    is_status = number is not None and 100 <= number < 600
    return Complaint(int(number) if number and is_status else 0, body, clean(reason))


def _ms(seconds: object) -> int:
    return round(max(0.0, as_number(seconds) or 0.0) * 1000)
