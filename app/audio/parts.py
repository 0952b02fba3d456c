"""The files a job sends to the recogniser, kept in its folder until it is over.

A list of them is written last, with what they were made of: a run that goes on takes
them as they are if the list fits, and makes them anew if not.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.audio.plan import Plan
from app.core.recording import Recording
from app.system.files import write_whole

MANIFEST_NAME = "prepared.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One file for the recogniser.

    Attributes:
        path: Where it lies; the recording itself when it is sent as it is.
        start_ms: Where it begins in the recording; add this to the times it gives.
        end_ms: Where it ends in the recording.
        index: Its place among the parts of its channel, from 0.
        channel: Which of the plan's lanes it is, each being one speaker; ``None`` for
            everything mixed.
    """

    path: Path
    start_ms: int
    end_ms: int
    index: int
    channel: int | None


def kept_parts(recording: Recording, plan: Plan, folder: Path) -> tuple[Part, ...] | None:
    """Give the parts of an earlier run of the same plan, if they are all there."""
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_text("utf-8"))
        if manifest["of"] != _identity(recording, plan):
            return None
        parts: list[Part] = []
        for one in manifest["parts"]:
            path = folder / one["name"]
            if path.stat().st_size != one["size_bytes"]:
                return None
            parts.append(
                Part(path, one["start_ms"], one["end_ms"], one["index"], one["channel"])
            )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return tuple(parts) or None


def put_in_place(parts: list[Part], recording: Recording, plan: Plan, folder: Path) -> None:
    """Move finished parts out of the making folder; the list of them comes last."""
    (folder / MANIFEST_NAME).unlink(missing_ok=True)
    listed: list[dict[str, Any]] = []
    for part in parts:
        size_bytes = part.path.stat().st_size
        part.path.chmod(0o600)
        part.path.replace(folder / part.path.name)
        listed.append(
            {
                "name": part.path.name,
                "size_bytes": size_bytes,
                "start_ms": part.start_ms,
                "end_ms": part.end_ms,
                "index": part.index,
                "channel": part.channel,
            }
        )
    manifest = {"of": _identity(recording, plan), "parts": listed}
    write_whole(folder / MANIFEST_NAME, json.dumps(manifest).encode())


def _identity(recording: Recording, plan: Plan) -> dict[str, Any]:
    """Tell what parts belong to: this state of this file, under this plan."""
    return {
        "path": os.fsencode(recording.path.absolute()).hex(),
        "size_bytes": recording.size_bytes,
        "modified_ns": recording.modified_ns,
        "form": plan.form.value,
        "start_ms": plan.start_ms,
        "end_ms": plan.end_ms,
        "lanes": [[lane.track, lane.channel] for lane in plan.lanes],
        "choice": [list(recording.choice.tracks), recording.choice.channel],
        "split_ms": plan.split_ms,
        "overlap_ms": plan.overlap_ms,
    }
