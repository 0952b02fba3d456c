"""``wordlight export`` and ``wordlight list``: what the library has."""

from __future__ import annotations

import argparse
import asyncio
import sys
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePath

from app.bootstrap.exporting import make_exporter
from app.bootstrap.services import Storage
from app.cli.language import reader_labels
from app.cli.output import STANDARD_OUTPUT, Output, requests_of
from app.cli.progress import events_for, tell_of_rescue
from app.cli.terminal import as_json, telling
from app.core.messages import Message, message
from app.core.timecode import clock
from app.store.library import TranscriptEntry
from app.store.paths import AppPaths


async def export(arguments: argparse.Namespace) -> int:
    """Write transcripts of the library; gives 0, or 1 if something failed."""
    storage = await asyncio.to_thread(Storage.open, AppPaths.find())
    try:
        to_standard_output = arguments.output == STANDARD_OUTPUT
        events = events_for(in_json=arguments.json, to_standard_output=to_standard_output)
        if storage.notice is not None:
            events.notice(storage.notice)
        output = Output(
            make_exporter(storage.library, reader_labels(), look=storage.look),
            requests=requests_of(arguments, storage.settings.settings),
            to_standard_output=to_standard_output,
            events=events,
        )
        entries = await asyncio.to_thread(storage.library.entries)
        failed = False
        for named in arguments.transcripts:
            found = matching(entries, named)
            if len(found) != 1:
                events.fail(named, _why_not_one(found))
                failed = True
                continue
            failed = not await output.write(found[0].transcript_id, found[0].name) or failed
        events.close()
        return 1 if failed else 0
    finally:
        await asyncio.to_thread(storage.close)


def matching(entries: Sequence[TranscriptEntry], wanted: str) -> list[TranscriptEntry]:
    """Give the transcripts meant by an id, its beginning, or a name that ``list`` shows."""
    if not wanted.strip():
        return []  # every id begins with nothing
    exact = [entry for entry in entries if wanted in {entry.transcript_id, entry.name}]
    if exact:
        return exact
    alike = _as_shown(wanted)
    shown = [
        entry
        for entry in entries
        if alike in {_as_shown(one) for one in (entry.name, entry.source, _name_of(entry))}
    ]
    return shown or [entry for entry in entries if entry.transcript_id.startswith(wanted)]


def _as_shown(name: str) -> str:
    """Give a name as a terminal shows it, in whichever way its accents are written."""
    shown = name.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    shown_text = shown.decode(sys.stdout.encoding or "utf-8", "replace")
    return " ".join(unicodedata.normalize("NFC", shown_text).split())


def _name_of(entry: TranscriptEntry) -> str:
    """Give the file name of the recording."""
    return PurePath(entry.source).name


def _why_not_one(found: Sequence[TranscriptEntry]) -> Message:
    if not found:
        return message("there is no such transcript")
    each = "; ".join(_line(entry) for entry in found)
    return message("several match; use the id: {each}", each=each)


async def list_transcripts(*, in_json: bool) -> int:
    """Print the transcripts of the library, latest first."""
    storage = await asyncio.to_thread(Storage.open, AppPaths.find())
    try:
        tell_of_rescue(storage.notice)
        entries = await asyncio.to_thread(storage.library.entries)
    finally:
        await asyncio.to_thread(storage.close)
    lines = [_json_line(entry) if in_json else _line(entry) for entry in entries]
    with telling(sys.stdout):
        for line in lines:
            print(line)
    return 0


def _line(entry: TranscriptEntry) -> str:
    day = _created(entry).strftime("%Y-%m-%d %H:%M")
    return f"{entry.transcript_id[:8]}  {day}  {clock(entry.duration_ms):>8}  {entry.name}"


def _json_line(entry: TranscriptEntry) -> str:
    values = {
        "id": entry.transcript_id,
        "name": entry.name,
        "created": _created(entry).isoformat(timespec="seconds"),
        "duration_ms": entry.duration_ms,
        "model": entry.model,
        "language": entry.language,
        "words": entry.word_count,
        "speakers": list(entry.speakers),
        "source": entry.source,
    }
    return as_json(values, sys.stdout)


def _created(entry: TranscriptEntry) -> datetime:
    return datetime.fromtimestamp(entry.created_ms / 1000, UTC).astimezone()
