"""``wordlight export`` and ``wordlight list``: what the library has."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from app.bootstrap.services import Kept
from app.cli.output import STANDARD_OUTPUT, Output, wanted_of
from app.cli.progress import JsonEvents, events_for
from app.core.timecode import clock
from app.store.library import TranscriptEntry
from app.store.paths import AppPaths


async def export(arguments: argparse.Namespace) -> int:
    """Write transcripts of the library; gives 0, or 1 if something failed."""
    kept = await asyncio.to_thread(Kept.open, AppPaths.find())
    try:
        events = events_for(
            as_json=arguments.json, to_standard_output=arguments.output == STANDARD_OUTPUT
        )
        output = Output(
            kept.library,
            wanted=wanted_of(arguments, kept.settings.settings),
            folder=arguments.output,
            timestamps=arguments.timestamps,
            events=events,
            audio=arguments.audio,
        )
        entries = await asyncio.to_thread(kept.library.entries)
        failed = False
        for wanted in arguments.transcripts:
            found = matching(entries, wanted)
            if len(found) != 1:
                reason = (
                    "there is no such transcript" if not found else "several fit; use the id"
                )
                print(f"wordlight: {wanted}: {reason}", file=sys.stderr)
                if isinstance(events, JsonEvents):
                    events.tell("failed", file=wanted, reason=reason)
                failed = True
                continue
            failed = not await output.write(found[0].transcript_id, found[0].name) or failed
        events.close()
        return 1 if failed else 0
    finally:
        await asyncio.to_thread(kept.close)


def matching(entries: Sequence[TranscriptEntry], wanted: str) -> list[TranscriptEntry]:
    """Give the transcripts meant by an id, its beginning, or a name."""
    exact = [entry for entry in entries if wanted in {entry.transcript_id, entry.name}]
    return exact or [entry for entry in entries if entry.transcript_id.startswith(wanted)]


async def list_transcripts(*, as_json: bool) -> int:
    """Print the transcripts of the library, latest first."""
    kept = await asyncio.to_thread(Kept.open, AppPaths.find())
    try:
        entries = await asyncio.to_thread(kept.library.entries)
    finally:
        await asyncio.to_thread(kept.close)
    for entry in entries:
        created = datetime.fromtimestamp(entry.created_ms / 1000, UTC).astimezone()
        if as_json:
            print(
                json.dumps(
                    {
                        "id": entry.transcript_id,
                        "name": entry.name,
                        "created": created.isoformat(timespec="seconds"),
                        "duration_ms": entry.duration_ms,
                        "model": entry.model,
                        "language": entry.language,
                        "words": entry.word_count,
                        "speakers": list(entry.speakers),
                        "source": entry.source,
                    },
                    ensure_ascii=False,
                )
            )
        else:
            day = created.strftime("%Y-%m-%d %H:%M")
            print(
                f"{entry.transcript_id[:8]}  {day}  {clock(entry.duration_ms):>8}  {entry.name}"
            )
    return 0
