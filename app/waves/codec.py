"""What goes to the service and what comes back, as pure functions (contract 2 and 11)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.messages import Message, message
from app.core.options import CAPABILITIES, ModelId, TranscriptionOptions, settle
from app.core.transcript import Transcript
from app.waves.errors import (
    BadReplyError,
    CaptivePortalError,
    NoKeyError,
    NoTranscriptError,
)
from app.waves.json_reading import NotJsonError, as_object, as_text, parse
from app.waves.refusal import (
    CAPTIVE_PORTAL,
    first_part,
    is_web_page,
    refusal,
    request_id_of,
)
from app.waves.words import build_transcript

TRANSCRIBE_PATH = "/waves/v1/stt/"  # the slash at the end is load-bearing (contract 0)
_MOST_FOREIGN_LETTERS = 0.1
_SCHEME = re.compile(r"^bearer(\s+|$)", re.IGNORECASE)
_COUNTRY = re.compile(r"(?<=^[a-z]{2})[-_]([A-Z]{2}|[0-9]{3})$")


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the service is to deliver a result.

    Attributes:
        url: Public address; holds a secret, so it is left out of ``repr``.
        method: ``POST`` or ``GET``; how a result travels with GET is unpublished (5.1).
        extra: Text to be given back with the result, ``key:value,key:value``.
    """

    url: str = field(repr=False)
    method: str = "POST"
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A transcript from the service.

    Attributes:
        transcript: What was understood of it; without words when nobody speaks.
        raw: The reply as it came, to be kept.
        request_id: The service's id, if it gave one (Pulse gives none).
        notes: What a person should know about this transcript.
    """

    transcript: Transcript
    raw: bytes
    request_id: str = ""
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service took the recording and will call back (contract 1.4)."""

    request_id: str


def build_query(
    options: TranscriptionOptions, webhook: Webhook | None = None
) -> tuple[tuple[str, str], ...]:
    """Give the query parameters: text only, and nothing that is merely off (2.2).

    Args:
        options: What was chosen; what the model does not take is left out.
        webhook: Where to deliver the result; Pulse Pro only.
    """
    chosen = settle(options)
    query = [
        ("model", chosen.model.value),
        # contract 3.1: the service knows no "en-US"; "multi-eu" and "hi-dev" are whole codes
        ("language", _COUNTRY.sub("", chosen.language)),
        ("word_timestamps", "true"),
    ]
    for name, is_on in (
        ("diarize", chosen.diarize and CAPABILITIES[chosen.model].labels_speakers),
        ("redact_pii", chosen.redact_pii),
        ("redact_pci", chosen.redact_pci),
        ("emotion_detection", chosen.emotion),
        ("gender_detection", chosen.gender),
    ):
        if is_on:
            query.append((name, "true"))
    if webhook is not None and chosen.model is ModelId.PULSE_PRO:
        query.append(("webhook_url", webhook.url))
        query.append(("webhook_method", webhook.method))
        if webhook.extra:
            query.append(("webhook_extra", webhook.extra))
    return tuple(query)


def build_headers(key: str | None, content_type: str | None = None) -> dict[str, str]:
    """Give the request headers; the only place where the key is put into one.

    Raises:
        NoKeyError: The key cannot be put into a header.
    """
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if content_type is not None:
        headers["Content-Type"] = content_type
    if key is not None:
        headers["Authorization"] = f"Bearer {clean_key(key)}"
    return headers


def build_link_body(link: str) -> bytes:
    """Give the body that asks for the sound behind a link (contract 2.1)."""
    return json.dumps({"url": link}, ensure_ascii=True).encode("ascii")


def clean_key(key: str) -> str:
    """Give a key as it can be sent: pasted blanks and a pasted ``Bearer`` taken off.

    Raises:
        NoKeyError: It is empty or cannot be a key.
    """
    bare = key.strip().strip("\ufeff\u200b").strip()
    bare = _SCHEME.sub("", bare)
    if not bare:
        raise NoKeyError("There is no API key yet. Enter one.")
    if not all("!" <= letter <= "~" for letter in bare):
        raise NoKeyError(
            "The key contains characters that no key has. Copy it again and enter it."
        )
    return bare


def decode_reply(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    options: TranscriptionOptions,
    *,
    duration_ms: int | None = None,
    now_ms: int | None = None,
) -> Reply | Accepted:
    """Understand an answer to a transcription request (contract 11).

    Args:
        status: HTTP status.
        headers: Names in lower case.
        body: As received; may be anything.
        options: What was asked for.
        duration_ms: Length of what was sent, if known.
        now_ms: The time, for a ``Retry-After`` that is a date.

    Raises:
        WavesError: It is no transcript, and why; nothing else is ever raised.
    """
    if not 200 <= status < 300:
        raise refusal(status, headers, body, options, now_ms=now_ms)
    details = first_part(body)
    try:
        answer = as_object(parse(body))
    except NotJsonError as error:
        if is_web_page(headers, body):
            raise CaptivePortalError(CAPTIVE_PORTAL, details=details, status=status) from error
        raise BadReplyError(
            "The service's answer cannot be read. It may have finished and charged for the "
            "recording, so check with it before you try again.",
            details=details,
            request_id=request_id_of({}, headers),
            status=status,
        ) from error
    request_id = request_id_of(answer, headers)
    state = as_text(answer.get("status")).casefold()
    if state == "processing" and request_id and "transcription" not in answer:
        return Accepted(request_id)
    if state in {"failed", "error"}:
        raise refusal(400, headers, body, options, now_ms=now_ms)
    if not isinstance(answer.get("transcription"), str):
        raise NoTranscriptError(
            "The service answered without a transcript. It may have charged for the "
            "recording, so check with it before you try again.",
            details=details,
            request_id=request_id,
            status=status,
        )
    transcript = build_transcript(answer, options, duration_ms)
    return Reply(transcript, body, request_id, _notes(transcript, options))


def decode_delivery(
    body: bytes, options: TranscriptionOptions, *, duration_ms: int | None = None
) -> Reply:
    """Understand what the service delivered to a webhook (contract 5.1).

    Raises:
        WavesError: It is no transcript, and why.
    """
    reply = decode_reply(200, {}, body, options, duration_ms=duration_ms)
    if isinstance(reply, Accepted):
        raise NoTranscriptError(
            "The webhook came without a transcript. Check with the service.",
            details=first_part(body),
            request_id=reply.request_id,
        )
    return reply


def _notes(transcript: Transcript, options: TranscriptionOptions) -> tuple[Message, ...]:
    if options.model is not ModelId.PULSE_PRO:
        return ()
    letters = [letter for letter in transcript.text if letter.isalpha()]
    # Latin letters, with accents, end at U+024F
    foreign = sum(1 for letter in letters if ord(letter) > 0x24F)
    if not letters or foreign <= len(letters) * _MOST_FOREIGN_LETTERS:
        return ()
    # contract 10: Indian-accented English comes back in Devanagari now and then
    return (
        message(
            "Pulse Pro wrote part of this in another script. Pulse usually does not, so try "
            "transcribing it again with Pulse."
        ),
    )
