"""Where the texts of a command go: files, or standard output."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import NamedTuple

from app.cli.formats import NAMES, format_named, suffix_of
from app.cli.progress import JsonEvents, TerminalProgress
from app.cli.terminal import telling
from app.core.errors import AppError, ExportError
from app.core.messages import message
from app.core.transcript import TranscriptId
from app.export.bundle import BUNDLE
from app.export.formats import Format
from app.export.options import AudioPlace, ExportOptions, TimeMarks
from app.export.plain import Content
from app.export.presets import STANDARD
from app.export.source import ExportDocument
from app.jobs.bundles import write_bundle
from app.jobs.exporting import document_of, keep, render, target_path
from app.store.library import Library
from app.store.settings import Settings
from app.store.stored import StoredTranscript
from app.system.files import printable

STANDARD_OUTPUT = "-"


class Wanted(NamedTuple):
    """What a transcript is to be written as.

    Attributes:
        format_name: Which format.
        options: How; ``None`` for the format's own way and the options of the command.
    """

    format_name: str
    options: ExportOptions | None = None


def wanted_of(arguments: argparse.Namespace, settings: Settings) -> list[Wanted]:
    """Read the formats and presets of a command; plain text where neither is named.

    Raises:
        ExportError: There is no preset of that name.
    """
    presets = {one.name.fill(): Wanted(one.format_name, one.options) for one in STANDARD}
    presets |= {
        one.name: Wanted(one.format_name, ExportOptions.from_text(one.options_json))
        for one in settings.export_presets
    }
    wanted = [Wanted(name) for name in arguments.format]
    for name in arguments.preset:
        preset = presets.get(name)
        if preset is None or preset.format_name not in NAMES:
            raise ExportError(
                message(
                    "There is no preset “{name}” but these: {known}.",
                    name=name,
                    known="; ".join(presets),
                )
            )
        wanted.append(preset)
    return wanted or [Wanted("txt")]


def folder_of(arguments: argparse.Namespace, wanted: Sequence[Wanted]) -> str | None:
    """Read where the files of a command go; see ``Output``.

    Raises:
        ExportError: It looks like the name of a file, which would become a folder.
    """
    folder: str | None = arguments.output
    if folder is None or folder.endswith(("/", os.sep)) or Path(folder).is_dir():
        return folder
    suffixes = {PurePath(f"x{suffix_of(one.format_name)}").suffix.lower() for one in wanted}
    if PurePath(folder).suffix.lower() in suffixes:
        raise ExportError(
            message(
                "--output takes a folder, and {name} looks like a file; name a folder, or "
                "end its name with a slash.",
                name=printable(folder),
            )
        )
    return folder


class Output:
    """Write transcripts in all the formats that were asked for.

    Args:
        library: Where they are.
        wanted: What each transcript is written as.
        folder: A folder, ``-`` for standard output, ``None`` for beside the recording.
        timestamps: Whether times stand in running text.
        events: Who is told.
        audio: Where the recording is for an interactive page.
    """

    def __init__(
        self,
        library: Library,
        *,
        wanted: Sequence[Wanted],
        folder: str | None,
        timestamps: bool,
        events: JsonEvents | TerminalProgress,
        audio: AudioPlace = AudioPlace.EMBEDDED,
    ) -> None:
        self._library = library
        self._wanted = wanted
        self._folder = folder
        self._timestamps = timestamps
        self._events = events
        self._audio = audio

    async def write(self, transcript_id: TranscriptId, source: str) -> bool:
        """Write one transcript; tells whether all of it could be written.

        A format that fails does not keep the others from being written.

        Raises:
            StandardOutputError: No more can be written there, whatever the format.
        """
        try:
            stored = await asyncio.to_thread(self._library.load, transcript_id)
        except AppError as error:
            self._fail(source, error)
            return False
        document = document_of(stored)
        is_whole = True
        for one in self._wanted:
            try:
                await self._write_one(document, stored, one, source)
            except AppError as error:
                self._fail(source, error)
                is_whole = False
        return is_whole

    async def _write_one(
        self, document: ExportDocument, stored: StoredTranscript, asked: Wanted, source: str
    ) -> None:
        kind = format_named(asked.format_name)
        options = asked.options or self._options(kind)
        if self._folder == STANDARD_OUTPUT:
            content = await self._content(document, stored, kind, options)
            with telling(sys.stdout.buffer):
                sys.stdout.buffer.write(content)
            return
        folder = None if self._folder is None else Path(self._folder)
        wanted = target_path(document, stored, kind, folder)
        if kind is BUNDLE:
            path = await write_bundle(
                self._library,
                stored,
                wanted,
                has_audio=options.audio is AudioPlace.EMBEDDED,
            )
        else:
            content = await render(document, stored, kind, options, folder=wanted.parent)
            path = await asyncio.to_thread(_keep, wanted, content)
        self._tell(source, kind.name, path, wanted)

    async def _content(
        self,
        document: ExportDocument,
        stored: StoredTranscript,
        kind: Format,
        options: ExportOptions,
    ) -> Content:
        if kind is not BUNDLE:
            return await render(document, stored, kind, options)
        with tempfile.TemporaryDirectory(prefix="wordlight-") as folder:
            path = await write_bundle(
                self._library,
                stored,
                Path(folder, f"bundle{kind.suffix}"),
                has_audio=options.audio is AudioPlace.EMBEDDED,
            )
            return await asyncio.to_thread(path.read_bytes)

    def _options(self, kind: Format) -> ExportOptions:
        options = replace(kind.preset, audio=self._audio)
        if "times" not in kind.takes:
            return options
        times = TimeMarks.PARAGRAPH if self._timestamps else TimeMarks.NONE
        return replace(options, times=times)

    def _fail(self, source: str, error: AppError) -> None:
        self._events.fail(source, error.message.fill())

    def _tell(self, source: str, format_name: str, path: Path, wanted: Path) -> None:
        if isinstance(self._events, JsonEvents):
            self._events.tell("written", file=source, path=str(path), format=format_name)
            return
        if path != wanted:
            self._events.say(f"{wanted.name} was there already, so this is {path.name}")
        self._events.say(str(path))


def _keep(path: Path, content: Content) -> Path:
    return keep(path, content, replaces=False)
