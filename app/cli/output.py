"""Where the texts of a command go: files, or standard output."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import NamedTuple

from app.bootstrap.exporting import FORMATS
from app.cli.language import said
from app.cli.progress import JsonEvents, TerminalProgress
from app.cli.terminal import telling
from app.core.errors import AppError, ExportError
from app.core.messages import Message, message
from app.core.preferences import Settings
from app.core.transcript import TranscriptId
from app.export.options import ExportOptions, TimeMarks
from app.export.presets import STANDARD
from app.export.request import ExportRequest
from app.jobs.exporting import Exporter
from app.jobs.formats import first_options
from app.paper.format import needs_fonts
from app.store.stored import StoredTranscript
from app.system.files import is_file, is_folder, printable

STANDARD_OUTPUT = "-"


class Asked(NamedTuple):
    """What a command asks for, of any transcript.

    Attributes:
        request: How it is written, and where to.
        follows_transcript: Whether times stand where it was transcribed with them.
    """

    request: ExportRequest
    follows_transcript: bool = False

    def of(self, stored: StoredTranscript) -> ExportRequest:
        """Give what is asked for of one transcript."""
        kind = FORMATS[self.request.format_name]
        if not self.follows_transcript or "times" not in kind.takes:
            return self.request
        times = first_options(kind, stored).times
        return replace(self.request, options=replace(self.request.options, times=times))


def requests_of(arguments: argparse.Namespace, settings: Settings) -> list[Asked]:
    """Read what a command asks for; plain text where it names neither format nor preset.

    Raises:
        ExportError: There is no preset of that name, or a file is named as the folder.
    """
    presets = {said(one.name): (one.format_name, one.options) for one in STANDARD}
    english = {one.name.text: (one.format_name, one.options) for one in STANDARD}
    presets |= {
        one.name: (one.format_name, ExportOptions.from_text(one.options_json))
        for one in settings.export_presets
    }
    follows = arguments.timestamps is None
    plain = arguments.format or (() if arguments.preset else ("txt",))
    chosen = [(name, _options(name, arguments), follows) for name in plain]
    for name in arguments.preset:
        preset = presets.get(name) or english.get(name)
        if preset is None or preset[0] not in FORMATS:
            raise ExportError(
                message(
                    "There is no preset called “{name}”. The presets are: {known}.",
                    name=name,
                    known="; ".join(presets),
                )
            )
        chosen.append((*preset, False))
    folder = _folder_of(arguments, [name for name, _, _ in chosen])
    return [
        Asked(ExportRequest(name, options, folder), follows)
        for name, options, follows in chosen
    ]


def _options(format_name: str, arguments: argparse.Namespace) -> ExportOptions:
    kind = FORMATS[format_name]
    is_struck = getattr(arguments, "struck", False) or kind.preset.struck
    options = replace(kind.preset, audio=arguments.audio, struck=is_struck)
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
    if is_folder(Path(folder)):
        return folder
    suffixes = {PurePath(f"x{FORMATS[name].suffix}").suffix.lower() for name in names}
    is_meant = folder.endswith(("/", os.sep))
    if is_file(Path(folder)) or (not is_meant and PurePath(folder).suffix.lower() in suffixes):
        raise ExportError(
            message(
                "--output takes a folder, and {name} looks like a file. Name a folder, or end "
                "its name with a slash.",
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
        requests: Sequence[Asked],
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
        for asked in self._requests:
            request = asked.of(stored)
            kind = self._exporter.formats[request.format_name]
            if needs_fonts(self._exporter.document(stored), kind):
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
        remark = await self._exporter.remark(stored, request)
        target = self._exporter.target(stored, request)
        self._tell(source, request, path, target, remark)

    def _fail(self, source: str, error: AppError) -> None:
        self._events.fail(source, error.message)

    def _tell(
        self,
        source: str,
        request: ExportRequest,
        path: Path,
        target: Path,
        remark: Message | None,
    ) -> None:
        if isinstance(self._events, JsonEvents):
            more = {} if remark is None else {"remark": remark.fill()}
            self._events.tell(
                "written", file=source, path=str(path), format=request.format_name, **more
            )
            return
        if remark is not None:
            self._events.say(said(remark))
        if path != target:
            self._events.say(
                said(
                    "{name} was there already, so this is {new}",
                    name=target.name,
                    new=path.name,
                )
            )
        self._events.say(str(path))
