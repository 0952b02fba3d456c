"""Turn an answer that is no success into the error that says so. Pure.

The rows E1 to E19 are those of contract 4.2.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.core.errors import Action
from app.core.languages import LANGUAGES
from app.core.messages import Message, message
from app.core.options import MODEL_NAMES, TranscriptionOptions
from app.waves.errors import (
    AudioRefusedError,
    CaptivePortalError,
    KeyRefusedError,
    LanguageRefusedError,
    PlanError,
    RateLimitedError,
    RefusedError,
    RegionError,
    ServiceDownError,
    TooLargeError,
    WavesError,
    WrongPlaceError,
)
from app.waves.json_reading import NotJsonError, as_array, as_object, as_text, clean, parse
from app.waves.retry import asked_delay_ms

DETAILS_LENGTH = 500
_REASON_LENGTH = 200
_ID_LENGTH = 100
REGION_CODE = "LANGUAGE_NOT_ENABLED_IN_REGION"


def refusal(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    options: TranscriptionOptions | None = None,
    *,
    now_ms: int | None = None,
) -> WavesError:
    """Make the error for an answer whose status is not 2xx.

    Args:
        status: HTTP status.
        headers: Names in lower case.
        body: As received; may be anything.
        options: What was asked for, where a transcription was.
        now_ms: The time, for a ``Retry-After`` that is a date.
    """
    answer = _answer(body)
    details = first_part(body)
    request_id = request_id_of(answer, headers)
    asked_ms = asked_delay_ms(headers, now_ms)
    kind, sentence = _kind(status, headers, body, answer)
    if kind is RefusedError and options is not None:
        specific = _refused(answer, options, status, details, request_id)
        if specific is not None:
            return specific
    return kind(
        sentence,
        details=details,
        request_id=request_id,
        status=status,
        retry_after_ms=asked_ms,
    )


def request_id_of(answer: Mapping[str, object], headers: Mapping[str, str]) -> str:
    """Give the service's id of a request, from the body or else the headers (1.6)."""
    return as_text(answer.get("request_id"), _ID_LENGTH) or clean(
        headers.get("x-request-id", ""), _ID_LENGTH
    )


def first_part(body: bytes) -> str:
    """Give the beginning of an answer for the curious (contract 11.1)."""
    return body[: DETAILS_LENGTH * 4].decode("utf-8", "replace")[:DETAILS_LENGTH]


def is_web_page(headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether an answer is a page for people instead of one for programs."""
    start = body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" in headers.get("content-type", "").lower() or start.startswith(
        (b"<!doctype html", b"<html", b"<head", b"<script")
    )


def reason_given(answer: Mapping[str, object]) -> str:
    """Give the service's own words for what is wrong (contract 11.8)."""
    error = answer.get("error")
    if isinstance(error, str):
        return as_text(error, _REASON_LENGTH)
    outer = as_text(answer.get("message"), _REASON_LENGTH)
    errors = answer.get("errors")
    inner = as_text(errors, _REASON_LENGTH)
    if not inner:
        first = next(iter(as_array(errors) or as_array(answer.get("details"))), None)
        inner = as_text(as_object(first).get("message"), _REASON_LENGTH)
    inner = inner or as_text(as_object(error).get("message"), _REASON_LENGTH)
    return ": ".join(part.rstrip(".:") for part in (outer, inner) if part)


def _answer(body: bytes) -> Mapping[str, object]:
    try:
        return as_object(parse(body))
    except NotJsonError:
        return {}


def _kind(
    status: int, headers: Mapping[str, str], body: bytes, answer: Mapping[str, object]
) -> tuple[type[WavesError], Message]:
    reason = reason_given(answer)
    if status == 511:
        return CaptivePortalError, CAPTIVE_PORTAL
    if 300 <= status < 400:
        return WrongPlaceError, message(
            "The service address redirects to {target}. Change it in Settings, or sign in to "
            "your network.",
            target=_origin_only(headers.get("location", "")) or "…",
        )
    if status == 401:
        return KeyRefusedError, message("The service does not accept the key. Enter it again.")
    if status in {402, 403} or _speaks_of_plan(status, reason):
        return PlanError, _with_reason(
            message(
                "Your plan or credit at smallest.ai does not cover this. Check your account "
                "there, then try again."
            ),
            reason,
        )
    if status in {404, 405, 410}:
        return WrongPlaceError, message(
            "There is no speech service at this address. Change it in Settings."
        )
    if (
        status == 413
        or as_text(answer.get("errors")) == "Audio data too large"  # E14, with 400
        or as_text(answer.get("code")) == "FILE_TOO_LARGE"  # contract 9, with 422
    ):
        return TooLargeError, message(
            "The upload is too large for the service. Cut the recording, or choose “Send a "
            "smaller copy”, then try again."
        )
    if status == 429:
        return RateLimitedError, message("The service is busy. Try again in a minute.")
    if status == 408 or status >= 500:
        return ServiceDownError, _with_reason(
            message("The service is down at the moment. Try again later."), reason
        )
    if is_web_page(headers, body):
        return CaptivePortalError, CAPTIVE_PORTAL
    return RefusedError, _with_reason(message("The service refused the request."), reason)


CAPTIVE_PORTAL = message(
    "A web page came back instead of an answer from the service. Sign in to your network, or "
    "change the address in Settings, then try again."
)


def _refused(
    answer: Mapping[str, object],
    options: TranscriptionOptions,
    status: int,
    details: str,
    request_id: str,
) -> WavesError | None:
    """Tell the 400s apart by their codes."""
    code = as_text(answer.get("error_code"), _ID_LENGTH) or as_text(
        answer.get("code"), _ID_LENGTH
    )
    code = code.casefold()
    if code == REGION_CODE.casefold():
        return _region_refusal(answer, options, status, details, request_id)
    if (
        code == "audiodecodeerror"
        or status == 415
        or "file format" in as_text(answer.get("errors"))
    ):
        return AudioRefusedError(
            "The service cannot read the audio of this recording. Choose another file.",
            details=details,
            request_id=request_id,
            status=status,
        )
    if code == "noaudio":
        return AudioRefusedError(
            "The service found no audio in this recording. Choose another file.",
            details=details,
            request_id=request_id,
            status=status,
        )
    if _named_in_path(answer, "language"):
        return LanguageRefusedError(
            message(
                "{model} does not support {language}. Choose another language or model.",
                model=MODEL_NAMES[options.model].text,
                language=_language_name(options.language),
            ),
            details=details,
            request_id=request_id,
            status=status,
        )
    return None


def _region_refusal(
    answer: Mapping[str, object],
    options: TranscriptionOptions,
    status: int,
    details: str,
    request_id: str,
) -> RegionError:
    language = as_text(answer.get("language"), _ID_LENGTH) or options.language
    region = as_text(answer.get("region"), _ID_LENGTH)
    return RegionError(
        message(
            "{language} is not available to you in the region {region}. Try the other region, "
            "or choose another language.",
            language=_language_name(language),
            region=region or "?",
        ),
        language=language,
        region=region,
        other_base_url="",
        details=details,
        request_id=request_id,
        status=status,
    )


def with_other_region(error: RegionError, other_base_url: str) -> RegionError:
    """Let the error offer another host of the service; see ``address.other_region``."""
    error.other_base_url = other_base_url
    if other_base_url:
        error.action = Action.OTHER_REGION
    return error


def _named_in_path(answer: Mapping[str, object], name: str) -> bool:
    return any(
        name in as_array(as_object(entry).get("path"))
        for entry in as_array(answer.get("errors"))
    )


def _language_name(code: str) -> str:
    known = LANGUAGES.get(code)
    return known.name if known else code


def _speaks_of_plan(status: int, reason: str) -> bool:
    # contract 4.2, below the table: another product says so with 400
    words = reason.casefold()
    return status == 400 and "upgrade" in words and "plan" in words


def _origin_only(address: str) -> str:
    """Give the host of an address; its query might hold anything."""
    _scheme, found, rest = clean(address, _REASON_LENGTH).partition("//")
    return rest.split("/")[0].split("?")[0].rpartition("@")[2] if found else ""


def _with_reason(sentence: Message, reason: str) -> Message:
    if not reason:
        return sentence
    return message(
        "{sentence} It says: {reason}.", sentence=sentence.text, reason=reason.rstrip(".")
    )
