"""Write transcripts out: the use case that window, command line and watched folders share."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable, Generator, Mapping
from pathlib import Path

from app.audio.probe import probe
from app.core.garbage import nothing_collected
from app.core.messages import Message
from app.core.recording import Look
from app.core.transcript import TranscriptId
from app.export.bundle import BUNDLE
from app.export.formats import Format
from app.export.names import DEFAULT_TEMPLATE, file_name
from app.export.options import AudioPlace, ExportOptions
from app.export.plain import Content
from app.export.request import ExportRequest
from app.export.source import ExportDocument
from app.jobs.bundles import render_bundle, write_bundle
from app.jobs.documents import Labels, document_of, find_recording, why_soundless
from app.jobs.page_sound import with_audio
from app.jobs.writing import save
from app.store.library import Library
from app.store.stored import StoredTranscript, TranscriptRecord

OnProgress = Callable[[float], None]
_SHARE_OF_SOUND = 0.9
"""How much of the work on a page that holds its recording is the recording."""


async def render(
    document: ExportDocument,
    stored: StoredTranscript,
    kind: Format,
    options: ExportOptions | None = None,
    *,
    folder: Path | None = None,
    on_progress: OnProgress | None = None,
    look: Look = probe,
) -> Content:
    """Make a file's content in a thread; cancelling stops it at the next step.

    Args:
        document: What is written.
        stored: Where the recording is, for a page that plays.
        kind: The format.
        options: What was chosen; the format's own preset if left out.
        folder: Where the file will lie.
        on_progress: Gets how far it is, 0 to 1.
        look: Looks at the recording.

    Raises:
        AppError: It cannot be written that way, or the recording not be read.
    """
    options = options or kind.preset
    if "only_approved" in kind.takes:
        document.check_choice(options)
    begun = 0.0

    def tell(done: float) -> None:
        if on_progress is not None:
            on_progress(begun + (1 - begun) * done)

    if kind.name == "html" and document.audio is None:
        document = await with_audio(
            document,
            stored,
            options.audio,
            folder=folder,
            on_progress=lambda done: tell(done * _SHARE_OF_SOUND),
            look=look,
        )
        begun = _SHARE_OF_SOUND if document.audio is not None else 0.0
    building: Generator[float, None, Content] | None = None

    def go_on() -> tuple[float, Content | None]:
        nonlocal building
        if building is None:  # begun here, since it may load a library first
            building = kind.build(document, options)
        try:
            return next(building), None
        except StopIteration as done:
            return 1.0, done.value

    with nothing_collected():
        while True:
            done, content = await asyncio.to_thread(go_on)
            if content is not None:
                return content
            tell(done)


def target_path(
    document: ExportDocument,
    stored: StoredTranscript,
    kind: Format,
    folder: Path | None,
    template: str = DEFAULT_TEMPLATE,
    elsewhere: Path | None = None,
) -> Path:
    """Say where a file goes: next to the recording, or into a folder, named after it.

    Args:
        document: What is written.
        stored: Where the recording is.
        kind: The format: gives the suffix.
        folder: A chosen folder; ``None`` for beside the recording.
        template: See ``app/export/names.py``.
        elsewhere: The folder for what came from a link, which has nothing beside it; where
            the program was started if left out.
    """
    beside = (elsewhere or Path.cwd()) if stored.link.is_url else stored.link.path.parent
    source = document.source_name
    name = file_name(
        template,
        name=source if stored.link.is_url else Path(source).stem,
        date=document.created[:10],
        model=document.model_label,
        language=document.transcript.language,
        title=document.title,
    )
    target = (folder or beside) / f"{name}{kind.suffix}"
    if template != DEFAULT_TEMPLATE or stored.link.is_url or target.parent != beside:
        return target
    # Beside the recording the system has shown that it takes the recording's own name.
    own = beside / f"{Path(source).stem}{kind.suffix}"
    return own if len(os.fsencode(own.name)) <= _LONGEST_NAME_BYTES else target


_LONGEST_NAME_BYTES = 255
"""What file systems allow; the suffix of a transcript may be the longer one."""


def sha256_of(path: Path) -> str:
    """Give what tells the content of a file from any other; blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Exporter:
    """Writes transcripts the way they are asked for, and remembers how.

    Attributes:
        formats: Every format there is, by name.
    """

    def __init__(
        self,
        library: Library,
        formats: Mapping[str, Format],
        labels: Labels | None = None,
        elsewhere: Path | None = None,
        *,
        look: Look = probe,
        digest: Callable[[Path], str] = sha256_of,
    ) -> None:
        """Make it.

        Args:
            library: The transcripts.
            formats: Every format there is, by name.
            labels: What documents say in the reader's language; English if left out.
            elsewhere: The folder for what came from a link; see ``target_path``.
            look: Looks at a recording that goes into a page.
            digest: Tells one content of a file from another.
        """
        self._digest = digest
        self._library = library
        self._look = look
        self._elsewhere = elsewhere
        self.formats = formats
        self._labels = labels

    def document(self, stored: StoredTranscript) -> ExportDocument:
        """Give what an export starts from, in the reader's language."""
        return document_of(stored, self._labels)

    def target(self, stored: StoredTranscript, request: ExportRequest) -> Path:
        """Say where the file of a request goes."""
        return target_path(
            self.document(stored),
            stored,
            self.formats[request.format_name],
            Path(request.folder) if request.folder else None,
            request.template,
            self._elsewhere,
        )

    async def load(self, transcript_id: TranscriptId) -> StoredTranscript:
        """Give a transcript of the library.

        Raises:
            StorageError: It is gone or damaged.
        """
        return await asyncio.to_thread(self._library.load, transcript_id)

    async def record(self, transcript_id: TranscriptId) -> TranscriptRecord:
        """Give what is kept of a transcript, without its words.

        Raises:
            StorageError: It is gone.
        """
        return await asyncio.to_thread(self._library.record, transcript_id)

    def last_request(self, stored: StoredTranscript) -> ExportRequest | None:
        """Give how a transcript was exported last; nothing if it never was."""
        request = ExportRequest.from_dict(stored.export_options)
        if request is None or request.format_name not in self.formats:
            return None
        return request

    async def remark(self, stored: StoredTranscript, request: ExportRequest) -> Message | None:
        """Give what a person has to know of a file that was written, if anything."""
        kind = self.formats[request.format_name]
        if kind.remark is not None:
            told = await asyncio.to_thread(kind.remark, self.document(stored))
            if told is not None:
                return told
        link = stored.link
        is_wanted = "audio" in kind.takes and request.options.audio is not AudioPlace.NONE
        if is_wanted and link.has_recording and not link.is_url:
            recording = await asyncio.to_thread(find_recording, stored)
            return why_soundless(link) if recording is None else None
        return None

    def is_own_work(self, stored: StoredTranscript, path: Path) -> bool:
        """Tell whether a file is an earlier export that nobody has touched; blocks."""
        if stored.export_options.get("written") != str(path):
            return False
        try:
            return sha256_of(path) == stored.export_options.get("sha256")
        except OSError:
            return False

    async def render(
        self,
        stored: StoredTranscript,
        request: ExportRequest,
        on_progress: OnProgress | None = None,
    ) -> Content:
        """Make the content of a request, for whom it is no file: it lies nowhere.

        Raises:
            AppError: It cannot be written that way, or the recording not be read.
        """
        if self.formats[request.format_name] is BUNDLE:
            return await render_bundle(
                self._library,
                stored,
                has_audio=request.options.audio is AudioPlace.EMBEDDED,
                on_progress=on_progress,
            )
        return await self._render(stored, request, None, on_progress)

    async def write(
        self,
        stored: StoredTranscript,
        request: ExportRequest,
        *,
        replaces: bool = False,
        remembers: bool = True,
        on_progress: OnProgress | None = None,
    ) -> Path:
        """Write the file of a request and remember it with the transcript.

        Args:
            stored: The transcript.
            request: How and where to.
            replaces: Whether a person agreed that what is there goes; otherwise another
                name is found.
            remembers: Whether the transcript is to be exported like this again.
            on_progress: Gets how far it is, 0 to 1.

        Returns:
            Where it was written.

        Raises:
            AppError: It could not be written; what was there is untouched.
        """
        target = self.target(stored, request)
        with nothing_collected():
            path = await self._write(stored, request, target, replaces, on_progress)
        if remembers:
            await asyncio.to_thread(self._remember, stored, request, path)
        return path

    async def _write(
        self,
        stored: StoredTranscript,
        request: ExportRequest,
        target: Path,
        replaces: bool,  # noqa: FBT001  # named by ``write``
        on_progress: OnProgress | None,
    ) -> Path:
        if self.formats[request.format_name] is BUNDLE:
            return await write_bundle(
                self._library,
                stored,
                target,
                has_audio=request.options.audio is AudioPlace.EMBEDDED,
                replaces=replaces,
                on_progress=on_progress,
            )
        content = await self._render(stored, request, target.parent, on_progress)
        return await asyncio.to_thread(save, target, content, replaces=replaces)

    async def _render(
        self,
        stored: StoredTranscript,
        request: ExportRequest,
        folder: Path | None,
        on_progress: OnProgress | None,
    ) -> Content:
        return await render(
            self.document(stored),
            stored,
            self.formats[request.format_name],
            request.options,
            folder=folder,
            on_progress=on_progress,
            look=self._look,
        )

    def _remember(self, stored: StoredTranscript, request: ExportRequest, path: Path) -> None:
        try:
            written = {"written": str(path), "sha256": self._digest(path)}
        except OSError:  # moved away already: there is nothing that may be replaced later
            written = {}
        self._library.save_export_options(
            stored.entry.transcript_id, {**request.to_dict(), **written}
        )
