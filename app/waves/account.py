"""What the service's side endpoints tell: key, balance, health, request log. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from app.core.messages import Message, message
from app.core.options import TranscriptionOptions
from app.waves.codec import Reply
from app.waves.json_reading import (
    NotJsonError,
    as_array,
    as_number,
    as_object,
    as_text,
    parse,
)
from app.waves.words import build_transcript

BALANCE_PATH = "/payment/v1/credits/balance"
HEALTH_PATH = "/waves/v1/health"
LOG_PATH = "/waves/v1/analytics/asr/logs"
FORGET_PATH = "/waves/v1/analytics/asr/history/"
LOG_PAGE = 100  # contract 5.3: at most
_SAME_LENGTH_MS = 1_500


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left on the account (contract 8).

    Attributes:
        dollars: May be negative.
        plan: The service's name of the plan.
    """

    dollars: Decimal
    plan: str = ""


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What testing a key showed.

    Attributes:
        is_accepted: ``None`` when the server does not tell.
        message: The same as a sentence.
        balance: If the key may see it.
    """

    is_accepted: bool | None
    message: Message
    balance: Balance | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What testing the connection showed."""

    is_up: bool
    message: Message


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What to look for in the service's log (contract 5.3).

    Attributes:
        request_id: The id, where the service gave one; then nothing else counts.
        since_ms: Sent not before this, milliseconds since 1970.
        until_ms: Sent not after this.
        duration_ms: Length of what was sent.
    """

    request_id: str = ""
    since_ms: int | None = None
    until_ms: int | None = None
    duration_ms: int | None = None


def read_balance(body: bytes) -> Balance | None:
    """Read the balance; nothing if the answer holds none."""
    try:
        data = as_object(as_object(parse(body)).get("data"))
    except NotJsonError:
        return None
    dollars = as_number(data.get("creditBalance"))
    if dollars is None:
        return None
    return Balance(Decimal(str(dollars)), as_text(data.get("planId"), 80))


def key_accepted(balance: Balance | None) -> KeyCheck:
    """Say that the key is good."""
    if balance is None:
        return KeyCheck(
            is_accepted=True, message=message("The key works, but cannot show the balance.")
        )
    return KeyCheck(
        is_accepted=True,
        message=message(
            "The key works. Your balance is ${dollars}.", dollars=f"{balance.dollars:.2f}"
        ),
        balance=balance,
    )


def read_log(body: bytes) -> tuple[list[Mapping[str, object]], int]:
    """Read one page of the request log.

    Returns:
        Its entries, newest first as the service gives them, and the number of pages.
    """
    try:
        page = as_object(parse(body))
    except NotJsonError:
        return [], 0
    pages = as_number(page.get("totalPages"))
    return [as_object(entry) for entry in as_array(page.get("data"))], int(pages or 0)


def matches(
    entry: Mapping[str, object], query: LogQuery, options: TranscriptionOptions
) -> bool:
    """Tell whether a log entry is the request looked for."""
    if query.request_id:
        return entry.get("request_id") == query.request_id
    if entry.get("model") not in {options.model.value, None, ""}:
        return False
    if entry.get("request_type") not in {"rest", None, ""}:
        return False
    at_ms = _time_ms(entry.get("timestamp"))
    if at_ms is None:
        return False
    if query.since_ms is not None and at_ms < query.since_ms - 1_000:  # whole seconds
        return False
    if query.until_ms is not None and at_ms > query.until_ms:
        return False
    length_s = as_number(entry.get("duration"))
    return (
        query.duration_ms is None
        or length_s is None
        or abs(length_s * 1000 - query.duration_ms) <= _SAME_LENGTH_MS
    )


def one_of(
    entries: Iterable[Mapping[str, object]],
    options: TranscriptionOptions,
    duration_ms: int | None,
) -> Reply | None:
    """Make a reply of the log entry found, if there is one and it holds a text.

    Two entries with different texts that both fit are none: a wrong text would be
    worse than no text. Word times are worked out (the log has none).
    """
    found = [entry for entry in entries if isinstance(entry.get("transcription"), str)]
    if not found or len({entry.get("transcription") for entry in found}) != 1:
        return None
    entry = found[0]
    fields: dict[str, object] = {
        "transcription": entry["transcription"],
        "metadata": {"duration": entry.get("duration")},
        "gender": entry.get("gender"),
    }
    return Reply(
        build_transcript(fields, options, duration_ms),
        json.dumps(dict(entry), ensure_ascii=False).encode("utf-8", "replace"),
        as_text(entry.get("request_id"), 100),
        (
            message(
                "This text comes from the service's log, which has no times. The times shown "
                "are estimates."
            ),
        ),
    )


def _time_ms(value: object) -> int | None:
    try:
        # contract 5.3: "2026-08-07 08:17:25", taken to be UTC
        at = datetime.fromisoformat(as_text(value))
        return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
