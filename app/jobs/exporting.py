"""Write transcripts out: the use case that window, command line and watch folder share."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import os
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from app.audio.encode import encode_opus
from app.core.errors import StorageError
from app.core.options import ModelId
from app.core.transcript import TranscriptId
from app.export.formats import FORMATS, Format
from app.export.names import DEFAULT_TEMPLATE, file_name
from app.export.options import AudioPlace, ExportOptions
from app.export.plain import Content
from app.export.source import Audio, ExportDocument, PageLabels
from app.export.wish import Wish
from app.store.audio_links import is_there
from app.store.library import Library
from app.store.stored import StoredTranscript, TranscriptRecord
from app.system.files import explain, unused_name, write_whole

OPUS = "audio/ogg; codecs=opus"
MODEL_LABELS = {
    ModelId.ON_DEVICE.value: "On this computer",
    ModelId.PULSE.value: "Pulse",
    ModelId.PULSE_PRO.value: "Pulse Pro",
}
OnProgress = Callable[[float], None]
_SHARE_OF_SOUND = 0.9
"""How much of the work on a page that holds its recording is the recording."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What a document says in the reader's language.

    Attributes:
        numbered: How an unnamed speaker is called.
        numbered_in_part: The same for one known only within a part.
        note_label: What a remark begins with.
        page: What the interactive page says besides.
    """

    numbered: str = "Speaker {number}"
    numbered_in_part: str = "Part {part} · Speaker {number}"
    note_label: str = "Note"
    page: PageLabels = field(default_factory=PageLabels)


def document_of(stored: StoredTranscript, labels: Labels | None = None) -> ExportDocument:
    """Give what an export starts from, the present edits included.

    Args:
        stored: The transcript and what is kept beside it.
        labels: What it says besides the words; English if left out.
    """
    labels = labels or Labels()
    created = datetime.fromtimestamp(stored.entry.created_ms / 1000, UTC).astimezone()
    model, _, package = stored.transcript.model.partition(":")
    label = MODEL_LABELS.get(model, model)
    return ExportDocument(
        stored.transcript,
        title=stored.entry.name,
        source_name=source_name(stored),
        created=created.isoformat(timespec="seconds"),
        model_label=f"{label} ({package})" if package else label,
        numbered=labels.numbered,
        numbered_in_part=labels.numbered_in_part,
        note_label=labels.note_label,
        recording="" if stored.link.is_url else stored.link.path.absolute().as_uri(),
        page=labels.page,
    )


def source_name(stored: TranscriptRecord) -> str:
    """Give the file name of the recording, or the transcript's where it came from a link."""
    return stored.entry.name if stored.link.is_url else stored.link.path.name


def find_recording(stored: TranscriptRecord) -> Path | None:
    """Give the recording where it was, or its kept copy; blocks."""
    if is_there(stored.link):
        return stored.link.path
    copy = Path(stored.copy_path) if stored.copy_path else None
    return copy if copy is not None and copy.is_file() else None


async def with_audio(
    document: ExportDocument,
    stored: StoredTranscript,
    place: AudioPlace = AudioPlace.EMBEDDED,
    *,
    folder: Path | None = None,
    on_progress: OnProgress | None = None,
) -> ExportDocument:
    """Add the recording for a page that plays: as small as it can be, or as a link.

    A recording that is gone leaves the page silent.

    Args:
        document: What is written.
        stored: Where the recording is.
        place: Within the page, beside it, or not at all.
        folder: Where the page will lie, so that a link can do without the whole path.
        on_progress: Gets the share of the recording that is done, 0 to 1.
    """
    if place is AudioPlace.NONE:
        return document
    recording = await asyncio.to_thread(find_recording, stored)
    if recording is None:
        return document
    if place is AudioPlace.LINKED:
        return replace(document, audio=Audio(link=_address(recording, folder)))

    def on_encoded(done_ms: int) -> None:
        if on_progress is not None:
            on_progress(min(1.0, done_ms / max(1, stored.transcript.duration_ms)))

    return replace(document, audio=Audio(OPUS, await encode_opus(recording, on_encoded)))


def _address(recording: Path, folder: Path | None) -> str:
    """Give the address of a recording as seen from a page in a folder."""
    if folder is not None:
        try:
            beside = recording.absolute().relative_to(folder.absolute())
        except ValueError:
            pass
        else:
            # A colon in the first part would make it look like a scheme. The bytes of the
            # file system, since a name need not be text.
            return "./" + quote(os.fsencode(beside.as_posix()))
    return recording.absolute().as_uri()


async def render(
    document: ExportDocument,
    stored: StoredTranscript,
    kind: Format | str,
    options: ExportOptions | None = None,
    *,
    folder: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Content:
    """Make a file's content in a thread; cancelling stops it at the next step.

    Args:
        document: What is written.
        stored: Where the recording is, for a page that plays.
        kind: The format, or its name.
        options: What was chosen; the format's own preset if left out.
        folder: Where the file will lie.
        on_progress: Gets how far it is, 0 to 1.

    Raises:
        AppError: It cannot be written that way, or the recording not be read.
    """
    kind = FORMATS[kind] if isinstance(kind, str) else kind
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

    with _nothing_collected():
        while True:
            done, content = await asyncio.to_thread(go_on)
            if content is not None:
                return content
            tell(done)


@contextmanager
def _nothing_collected() -> Generator[None]:
    """Keep Python from looking for garbage for a while.

    It looks through all words there are, half a second for a day of speech, while
    everything else stands still, the window too. Nearly all that making a file leaves
    behind is freed without a search; what is not waits for the next one.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:  # of several at once the first to begin turns it on again
            gc.enable()


def target_path(
    document: ExportDocument,
    stored: StoredTranscript,
    kind: Format | str,
    folder: Path | None,
    template: str = DEFAULT_TEMPLATE,
) -> Path:
    """Say where a file goes: next to the recording, or into a folder, named after it.

    Args:
        document: What is written.
        stored: Where the recording is.
        kind: The format, or its name: gives the suffix.
        folder: A chosen folder; ``None`` for beside the recording.
        template: See ``app/export/names.py``.
    """
    kind = FORMATS[kind] if isinstance(kind, str) else kind
    beside = Path.cwd() if stored.link.is_url else stored.link.path.parent
    source = document.source_name
    name = file_name(
        template,
        name=source if stored.link.is_url else Path(source).stem,
        date=document.created[:10],
        model=document.model_label,
        language=document.transcript.language,
        title=document.title,
    )
    return (folder or beside) / f"{name}{kind.suffix}"


def keep(path: Path, content: Content, *, replaces: bool) -> Path:
    """Write a file whole; blocks.

    Args:
        path: Where.
        content: What.
        replaces: Whether a person agreed that what is there goes; otherwise another
            name is found, and the same content is not written again: not if it is
            there under this name, nor if an earlier call gave it a number.

    Returns:
        Where it was written.

    Raises:
        StorageError: It could not be; what was there is untouched.
    """
    if not replaces:
        for there in names_in_use(path):
            if _holds(there, content):
                return there
        path = unused_name(path)
    make_folder(path.parent)
    write_whole(path, content)
    return path


def names_in_use(path: Path) -> Iterator[Path]:
    """Give the path, ``name 2``, ``name 3``, … as far as something is there; blocks."""
    free = unused_name(path)
    if free == path:
        return
    yield path
    stem, _, count = free.name.removesuffix(path.suffix).rpartition(" ")
    for number in range(2, int(count)):
        yield path.with_name(f"{stem} {number}{path.suffix}")


def make_folder(folder: Path) -> None:
    """Make a folder that files are to be written into; blocks.

    Raises:
        StorageError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(explain(error, folder)) from error


def _holds(path: Path, content: Content) -> bool:
    """Tell whether a file is there that says the same; blocks."""
    try:
        if not path.is_file():  # reading from a pipe might never end
            return False
        identity = _pdf_identity(content)
        if identity is not None:
            return _pdf_identity(path.read_bytes()) == identity
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _pdf_identity(content: Content) -> bytes | None:
    """Give what identifies a PDF and its state (ISO 32000-1, 14.4); nothing for others.

    Programs that change a file change the second half of it.
    """
    if not content.startswith(b"%PDF"):
        return None
    found = _PDF_ID.search(content, max(0, len(content) - _TRAILER_BYTES))
    return found[0] if found else None


_PDF_ID = re.compile(rb"/ID\s*\[[^\]]*\]")
_TRAILER_BYTES = 1_000


class Exporter:
    """Writes transcripts the way they are wished, and remembers how.

    Attributes:
        formats: Every format there is, by name.
    """

    def __init__(
        self, library: Library, formats: Mapping[str, Format], labels: Labels | None = None
    ) -> None:
        self._library = library
        self.formats = formats
        self._labels = labels

    def document(self, stored: StoredTranscript) -> ExportDocument:
        """Give what an export starts from, in the reader's language."""
        return document_of(stored, self._labels)

    def target(self, stored: StoredTranscript, wish: Wish) -> Path:
        """Say where the file of a wish goes."""
        return target_path(
            self.document(stored),
            stored,
            self.formats[wish.format_name],
            Path(wish.folder) if wish.folder else None,
            wish.template,
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

    def last_wish(self, stored: StoredTranscript) -> Wish | None:
        """Give how a transcript was exported last; nothing if it never was."""
        wish = Wish.from_dict(stored.export_options)
        return wish if wish is not None and wish.format_name in self.formats else None

    def is_own_work(self, stored: StoredTranscript, path: Path) -> bool:
        """Tell whether a file is an earlier export that nobody has touched; blocks."""
        if stored.export_options.get("written") != str(path):
            return False
        try:
            return _sha256(path) == stored.export_options.get("sha256")
        except OSError:
            return False

    async def render(
        self, stored: StoredTranscript, wish: Wish, on_progress: OnProgress | None = None
    ) -> Content:
        """Make the content of a wish.

        Raises:
            AppError: It cannot be written that way, or the recording not be read.
        """
        return await render(
            self.document(stored),
            stored,
            self.formats[wish.format_name],
            wish.options,
            folder=self.target(stored, wish).parent,
            on_progress=on_progress,
        )

    async def write(
        self,
        stored: StoredTranscript,
        wish: Wish,
        *,
        replaces: bool = False,
        remembers: bool = True,
        on_progress: OnProgress | None = None,
    ) -> Path:
        """Write the file of a wish and remember it with the transcript.

        Args:
            stored: The transcript.
            wish: How and where to.
            replaces: Whether a person agreed that what is there goes; otherwise another
                name is found.
            remembers: Whether the transcript is to be exported like this again.
            on_progress: Gets how far it is, 0 to 1.

        Returns:
            Where it was written.

        Raises:
            AppError: It could not be written; what was there is untouched.
        """
        target = self.target(stored, wish)
        with _nothing_collected():
            path = await self._write(stored, wish, target, replaces, on_progress)
        if remembers:
            await asyncio.to_thread(self._remember, stored, wish, path)
        return path

    async def _write(
        self,
        stored: StoredTranscript,
        wish: Wish,
        target: Path,
        replaces: bool,  # noqa: FBT001  # named by ``write``
        on_progress: OnProgress | None,
    ) -> Path:
        if wish.format_name == "wordlight":
            from app.jobs.bundles import write_bundle

            return await write_bundle(
                self._library,
                stored,
                target,
                has_audio=wish.options.audio is AudioPlace.EMBEDDED,
                replaces=replaces,
                on_progress=on_progress,
            )
        content = await self.render(stored, wish, on_progress)
        return await asyncio.to_thread(keep, target, content, replaces=replaces)

    def _remember(self, stored: StoredTranscript, wish: Wish, path: Path) -> None:
        try:
            written = {"written": str(path), "sha256": _sha256(path)}
        except OSError:  # moved away already: there is nothing that may be replaced later
            written = {}
        self._library.keep_export_options(
            stored.entry.transcript_id, {**wish.to_dict(), **written}
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
