"""Where the texts of a command go: files, or standard output."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from app.bootstrap.exporting import FORMATS
from app.cli.progress import JsonEvents, TerminalProgress
from app.cli.terminal import telling
from app.core.errors import AppError, ExportError
from app.core.messages import message
from app.core.transcript import TranscriptId
from app.export.options import ExportOptions, TimeMarks
from app.export.presets import STANDARD
from app.export.request import ExportRequest
from app.jobs.exporting import Exporter
from app.paper.format import PDF
from app.store.settings import Settings
from app.store.stored import StoredTranscript
from app.system.files import printable

STANDARD_OUTPUT = "-"


def requests_of(arguments: argparse.Namespace, settings: Settings) -> list[ExportRequest]:
    """Read what a command asks for; plain text where it names neither format nor preset.

    Raises:
        ExportError: There is no preset of that name, or a file is named as the folder.
    """
    presets = {one.name.fill(): (one.format_name, one.options) for one in STANDARD}
    presets |= {
        one.name: (one.format_name, ExportOptions.from_text(one.options_json))
        for one in settings.export_presets
    }
    chosen = [(name, _options(name, arguments)) for name in arguments.format]
    for name in arguments.preset:
        preset = presets.get(name)
        if preset is None or preset[0] not in FORMATS:
            raise ExportError(
                message(
                    "There is no preset “{name}” but these: {known}.",
                    name=name,
                    known="; ".join(presets),
                )
            )
        chosen.append(preset)
    chosen = chosen or [("txt", _options("txt", arguments))]
    folder = _folder_of(arguments, [name for name, _ in chosen])
    return [ExportRequest(name, options, folder) for name, options in chosen]


def _options(format_name: str, arguments: argparse.Namespace) -> ExportOptions:
    kind = FORMATS[format_name]
    options = replace(kind.preset, audio=arguments.audio)
    if "times" not in kind.takes:
        return options
    times = TimeMarks.PARAGRAPH if arguments.timestamps else TimeMarks.NONE
    return replace(options, times=times)


def _folder_of(arguments: argparse.Namespace, names: Iterable[str]) -> str:
    """Read where the files of a command go: a folder, or beside the recording if empty.

    Raises:
        ExportError: It looks like the name of a file, which would become a folder.
    """
    folder: str | None = arguments.output
    if folder is None or folder == STANDARD_OUTPUT:
        return ""
    if folder.endswith(("/", os.sep)) or Path(folder).is_dir():
        return folder
    suffixes = {PurePath(f"x{FORMATS[name].suffix}").suffix.lower() for name in names}
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
    """Write transcripts in all the ways that were asked for.

    Args:
        exporter: Writes them.
        requests: What each transcript is written as.
        to_standard_output: Whether the texts go there, and no file is written.
        events: Who is told.
    """

    def __init__(
        self,
        exporter: Exporter,
        *,
        requests: Sequence[ExportRequest],
        to_standard_output: bool,
        events: JsonEvents | TerminalProgress,
    ) -> None:
        self._exporter = exporter
        self._requests = requests
        self._to_standard_output = to_standard_output
        self._events = events

    async def write(self, transcript_id: TranscriptId, source: str) -> bool:
        """Write one transcript; tells whether all of it could be written.

        A format that fails does not keep the others from being written.

        Raises:
            StandardOutputError: No more can be written there, whatever the format.
        """
        try:
            stored = await self._exporter.load(transcript_id)
        except AppError as error:
            self._fail(source, error)
            return False
        is_whole = True
        for request in self._requests:
            if request.format_name == PDF.name:
                from app.paper.fonts import get_fonts_ready

                get_fonts_ready()
            try:
                await self._write_one(stored, request, source)
            except AppError as error:
                self._fail(source, error)
                is_whole = False
        return is_whole

    async def _write_one(
        self, stored: StoredTranscript, request: ExportRequest, source: str
    ) -> None:
        if self._to_standard_output:
            content = await self._exporter.render(stored, request)
            with telling(sys.stdout.buffer):
                sys.stdout.buffer.write(content)
            return
        path = await self._exporter.write(stored, request, remembers=False)
        self._tell(source, request, path, self._exporter.target(stored, request))

    def _fail(self, source: str, error: AppError) -> None:
        self._events.fail(source, error.message.fill())

    def _tell(self, source: str, request: ExportRequest, path: Path, target: Path) -> None:
        if isinstance(self._events, JsonEvents):
            self._events.tell(
                "written", file=source, path=str(path), format=request.format_name
            )
            return
        if path != target:
            self._events.say(f"{target.name} was there already, so this is {path.name}")
        self._events.say(str(path))
