"""What is said of a take while it is recorded."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.core.take import GAP_NAMES as _GAP_NAMES
from app.core.take import Gap, Source, SourceKind, ms_left
from app.ui.translate import translated
from app.ui.wording import clock, size

_SECOND_MS, _HOUR_MS = 1_000, 3_600_000
_PLENTY_MS = 12 * _HOUR_MS
"""With so much room left nobody needs to be told how much."""


def source_name(source: Source) -> str:
    """Name a source, the default one too."""
    if source.name:
        return source.name
    if source.kind is SourceKind.COMPUTER:
        return QCoreApplication.translate("Recording", "This computer's audio")
    return QCoreApplication.translate("Recording", "Microphone")


def room_text(sound_bytes: int, free_bytes: int, channels: int) -> str:
    """Say how large the recording is, and how much longer the disk lasts where it matters."""
    text = size(sound_bytes)
    left_ms = ms_left(free_bytes, channels)
    if left_ms >= _PLENTY_MS:
        return text
    room = QCoreApplication.translate("Recording", "room for {time} more")
    return f"{text} · {room.replace('{time}', clock(left_ms))}"


def gap_text(gap: Gap) -> str:
    """Say what is missing and why."""
    text = QCoreApplication.translate("Recording", "{length} missing at {time}: {reason}")
    return (
        text.replace("{length}", clock(max(_SECOND_MS, gap.lost_ms)))
        .replace("{time}", clock(gap.at_ms))
        .replace("{reason}", translated(_GAP_NAMES[gap.reason]))
    )
