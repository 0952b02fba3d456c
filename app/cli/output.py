"""Where the texts of a command go: files, or standard output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.cli.progress import JsonEvents, TerminalProgress
from app.core.errors import AppError
from app.core.transcript import TranscriptId
from app.export.formats import FORMATS
from app.export.options import ExportOptions, TimeMarks
from app.jobs.exporting import document_of, keep, render, target_path
from app.store.library import Library

STANDARD_OUTPUT = "-"


class Output:
    """Write transcripts in all the formats that were asked for.

    Args:
        library: Where they are.
        formats: Names of formats.
        folder: A folder, ``-`` for standard output, ``None`` for beside the recording.
        timestamps: Whether times stand in running text.
        events: Who is told.
    """

    def __init__(
        self,
        library: Library,
        *,
        formats: Sequence[str],
        folder: str | None,
        timestamps: bool,
        events: JsonEvents | TerminalProgress,
    ) -> None:
        self._library = library
        self._formats = formats
        self._folder = folder
        self._timestamps = timestamps
        self._events = events

    async def write(self, transcript_id: TranscriptId, source: str) -> bool:
        """Write one transcript; tells whether all of it could be written."""
        try:
            stored = await asyncio.to_thread(self._library.load, transcript_id)
            document = document_of(stored)
            for name in self._formats:
                content = await render(document, stored, name, self._options(name))
                if self._folder == STANDARD_OUTPUT:
                    sys.stdout.buffer.write(content)
                    sys.stdout.buffer.flush()
                    continue
                folder = None if self._folder is None else Path(self._folder)
                wanted = target_path(document, stored, name, folder)
                path = await asyncio.to_thread(_keep, wanted, content)
                self._tell(source, name, path, wanted)
        except AppError as error:
            print(f"wordlight: {source}: {error.message.fill()}", file=sys.stderr)
            if isinstance(self._events, JsonEvents):
                self._events.tell("failed", file=source, reason=error.message.fill())
            return False
        return True

    def _options(self, format_name: str) -> ExportOptions:
        preset = FORMATS[format_name].preset
        if "times" not in FORMATS[format_name].takes:
            return preset
        times = TimeMarks.PARAGRAPH if self._timestamps else TimeMarks.NONE
        return replace(preset, times=times)

    def _tell(self, source: str, format_name: str, path: Path, wanted: Path) -> None:
        if isinstance(self._events, JsonEvents):
            self._events.tell("written", file=source, path=str(path), format=format_name)
            return
        if path != wanted:
            self._events.say(f"{wanted.name} was there already, so this is {path.name}")
        self._events.say(str(path))


def _keep(path: Path, content: bytes) -> Path:
    return keep(path, content, replaces=False)
