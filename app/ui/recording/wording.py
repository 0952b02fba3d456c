"""What is said of a take while it is recorded."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.core.live import SOURCE_NAMES
from app.core.take import GAP_NAMES as _GAP_NAMES
from app.core.take import Gap, Source, SourceKind, ms_left
from app.core.transcript import join_words
from app.jobs.live_session import LiveNow
from app.ui.translate import translated
from app.ui.wording import clock, size

_MOST_SHOWN = 140
_HOUR_MS = 3_600_000
_PLENTY_MS = 12 * _HOUR_MS
"""With so much room left nobody needs to be told how much."""


def source_name(source: Source) -> str:
    """Name a source, the default one too."""
    if source.name:
        return source.name
    if source.kind is SourceKind.COMPUTER:
        return QCoreApplication.translate("Recording", "This computer’s sound")
    return QCoreApplication.translate("Recording", "Microphone")


def room_text(sound_bytes: int, free_bytes: int, channels: int) -> str:
    """Say how large the recording is, and how much longer the disk lasts where it matters."""
    text = size(sound_bytes)
    left_ms = ms_left(free_bytes, channels)
    if left_ms >= _PLENTY_MS:
        return text
    room = QCoreApplication.translate("Recording", "room for {time} more")
    return f"{text} · {room.replace('{time}', clock(left_ms))}"


def tentative_text(now: LiveNow, *, is_named: bool) -> str:
    """Give what is being said and may still change: its end, where it is long.

    Args:
        now: How live text stands.
        is_named: Whether several sources are heard, so that each is named.
    """
    lines: list[str] = []
    for channel, words in now.tentative:
        text = join_words(words)
        if len(text) > _MOST_SHOWN:
            text = "…" + text[-_MOST_SHOWN:].partition(" ")[2]
        kind = SourceKind.COMPUTER if channel else SourceKind.MICROPHONE
        name = translated(SOURCE_NAMES[kind])
        lines.append(f"{name}: {text}" if is_named else text)
    return "\n".join(lines)


def gap_text(gap: Gap) -> str:
    """Say what is missing and why."""
    text = QCoreApplication.translate("Recording", "{length} missing at {time}: {reason}")
    return (
        text.replace("{length}", clock(gap.lost_ms))
        .replace("{time}", clock(gap.at_ms))
        .replace("{reason}", translated(_GAP_NAMES[gap.reason]))
    )
