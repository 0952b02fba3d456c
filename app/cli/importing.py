"""``wordlight import``: work begun elsewhere, into the library."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from app.bootstrap.services import Kept
from app.cli.progress import JsonEvents, events_for
from app.core.errors import AppError
from app.jobs.importing import import_file
from app.store.paths import AppPaths
from app.system.clocks import now_ms


async def import_files(arguments: argparse.Namespace) -> int:
    """Take files into the library; gives 0, or 1 if one of them could not be."""
    kept = await asyncio.to_thread(Kept.open, AppPaths.find())
    events = events_for(in_json=arguments.json, to_standard_output=False)
    failed = False
    try:
        for file in arguments.files:
            path = Path(file).absolute()
            try:
                transcript_id = await import_file(
                    kept.library, kept.paths.copies, path, now_ms=now_ms()
                )
            except AppError as error:
                failed = True
                events.fail(str(file), error.message.fill())
                continue
            entry = await asyncio.to_thread(kept.library.entry, transcript_id)
            name = entry.name if entry is not None else path.stem
            if isinstance(events, JsonEvents):
                events.tell("imported", file=str(file), id=transcript_id, name=name)
            else:
                events.say(f"{transcript_id[:8]}  {name}")
        return 1 if failed else 0
    finally:
        await asyncio.to_thread(kept.close)
