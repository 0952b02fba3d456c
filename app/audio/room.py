"""Whether there is room on the disk for what a plan makes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from app.audio.plan import BYTES_PER_S, Form, Plan, size_text
from app.core.errors import Action, StorageError
from app.core.messages import message
from app.core.recording import Recording
from app.system.files import is_folder

_MARGIN_BYTES = 50_000_000
"""What must stay free; ten minutes more than a recording says of copies fit into it."""


def free_bytes_at(folder: Path) -> int:
    """Give the free space of the disk on which a folder lies or will lie."""
    while not is_folder(folder) and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def check_room(
    recording: Recording,
    plan: Plan,
    folder: Path,
    cache_folder: Path,
    free_bytes: Callable[[Path], int],
) -> None:
    """Make sure that the worst case fits: FLAC of noise is as large as WAV.

    Raises:
        StorageError: It does not.
    """
    seconds = plan.span_ms(recording.duration_ms) // 1000 + 1
    here = 0
    if plan.form is not Form.ORIGINAL:
        copies = BYTES_PER_S[Form.WAV] if plan.split_ms else BYTES_PER_S[plan.form]
        here = seconds * len(plan.lanes) * copies
        if plan.split_ms:
            here += seconds * len(plan.lanes) * BYTES_PER_S[plan.form]
    whole_s = recording.duration_ms // 1000 + 1
    cached = whole_s * (500 + (BYTES_PER_S[Form.WAV] if plan.needs_proxy else 0))
    for place, needed in ((folder, here + cached), (cache_folder, cached)):
        free = free_bytes(place)
        if free < needed + _MARGIN_BYTES:
            raise StorageError(
                message(
                    "There is not enough disk space: preparing this recording takes up to "
                    "{needed}, and {free} is free. Free some space and try again.",
                    needed=size_text(needed + _MARGIN_BYTES),
                    free=size_text(free),
                ),
                action=Action.RETRY,
                details=str(place),
            )
