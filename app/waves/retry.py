"""How long to wait before trying again, or not to try again at all. Pure.

Tried again is only what cannot bill twice: what never reached the service whole,
and what the service itself turned away (contract 4.4).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from app.waves.errors import WavesError

FIRST_DELAY_MS = 1_000
LONGEST_DELAY_MS = 30_000
LONGEST_ASKED_DELAY_MS = 600_000
"""A service that asks for a longer pause gets no more tries without a person."""
SHORTEST_DELAY_MS = 250
_INTERNAL_ERROR = 500
_INTERNAL_ERROR_TRIES = 2  # contract 4.4, vendor's advice: one retry on 500


def next_delay_ms(error: WavesError, attempt: int, random: Callable[[], float]) -> int | None:
    """Tell how long to wait before another try.

    Args:
        error: How the last try ended.
        attempt: How many tries have been made.
        random: Gives 0 to 1; spreads the tries of several jobs.

    Returns:
        Milliseconds, or ``None`` when it is not to be tried again.
    """
    tries = _INTERNAL_ERROR_TRIES if error.status == _INTERNAL_ERROR else error.tries
    if attempt >= tries:
        return None
    backoff_ms = min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1))
    spread = random()
    if error.retry_after_ms is None:
        return max(SHORTEST_DELAY_MS, round(backoff_ms * (0.5 + spread / 2)))
    if error.retry_after_ms > LONGEST_ASKED_DELAY_MS:
        return None
    # never earlier than asked for; a little later, so that not all jobs come at once
    return max(SHORTEST_DELAY_MS, error.retry_after_ms) + round(spread * SHORTEST_DELAY_MS)


def asked_delay_ms(headers: Mapping[str, str], now_ms: int | None = None) -> int | None:
    """Read how long a reply asks to wait: milliseconds, seconds, or until a date.

    Args:
        headers: Of the reply, names in lower case.
        now_ms: The time, milliseconds since 1970; for a date, the reply's own
            ``Date`` comes first, since the two clocks may differ.
    """
    in_ms = _amount(headers.get("retry-after-ms", ""))
    if in_ms is not None:
        return round(in_ms)
    text = headers.get("retry-after", "").strip()
    in_s = _amount(text)
    if in_s is not None:
        return round(in_s * 1000)
    until_ms = _date_ms(text)
    sent_ms = _date_ms(headers.get("date", ""))
    from_ms = sent_ms if sent_ms is not None else now_ms
    if until_ms is None or from_ms is None:
        return None
    return max(0, until_ms - from_ms)


def _amount(text: str) -> float | None:
    try:
        amount = float(text)
    except ValueError:
        return None
    return amount if math.isfinite(amount) and amount >= 0 else None


def _date_ms(text: str) -> int | None:
    try:
        date = parsedate_to_datetime(text)
        if date.tzinfo is None:
            date = date.replace(tzinfo=UTC)
        return round(date.timestamp() * 1000)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
