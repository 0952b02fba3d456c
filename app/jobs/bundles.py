"""Bundles: a transcript with its history and its recording, to another computer and back."""

from __future__ import annotations

import asyncio
import io
import os
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, closing, suppress
from datetime import datetime
from pathlib import Path, PurePath
from typing import IO, TypeVar

from app.core.errors import ExportError, StorageError
from app.core.messages import Message, message
from app.core.options import TranscriptionOptions
from app.core.transcript import Transcript, TranscriptId
from app.export.bundle import (
    Bundle,
    DamagedRecordingError,
    build_bundle,
    extract_audio,
    read_bundle,
)
from app.export.plain import Content
from app.jobs.documents import document_of, find_recording
from app.jobs.writing import make_folder, names_in_use
from app.store.audio_links import NO_RECORDING_BYTES, AudioLink, link_to
from app.store.library import Library
from app.store.stored import StoredTranscript
from app.system.clocks import now_ms
from app.system.files import (
    NameTakenError,
    explain,
    opened_whole,
    printable,
    replacing,
    unused_name,
)

OnProgress = Callable[[float], None]
_Result = TypeVar("_Result")
_BLOCK_BYTES = 1 << 20


async def write_bundle(
    library: Library,
    stored: StoredTranscript,
    target: Path,
    *,
    has_audio: bool = True,
    replaces: bool = False,
    on_progress: OnProgress | None = None,
) -> Path:
    """Write all there is of a transcript into one file; cancelling leaves no part of it.

    Args:
        library: Where its history is.
        stored: The transcript, present edits included.
        target: Where the file goes.
        has_audio: Whether the recording goes in, if it is there.
        replaces: Whether what is there may go; otherwise another name is found, unless
            an earlier bundle is the same.
        on_progress: Gets how far it is, 0 to 1.

    Returns:
        Where it was written, or the earlier bundle that is the same.

    Raises:
        AppError: It could not be written, or the recording not be read.
    """

    def work(is_stopped: threading.Event) -> Path:
        make_folder(target.parent)
        while True:
            earlier = [] if replaces else list(names_in_use(target))
            path = unused_name(target) if earlier else target
            with suppress(NameTakenError):  # another program was quicker: the next name
                with opened_whole(path, is_new=not replaces) as file:
                    _pack(library, stored, file, has_audio, is_stopped, tell)
                return _without_double(path, earlier, is_stopped)

    tell = _teller(on_progress)
    return await _in_thread(work)


async def render_bundle(
    library: Library,
    stored: StoredTranscript,
    *,
    has_audio: bool = True,
    on_progress: OnProgress | None = None,
) -> Content:
    """Make what ``write_bundle`` writes, for whom it is no file.

    Args:
        library: Where its history is.
        stored: The transcript, present edits included.
        has_audio: Whether the recording goes in, if it is there.
        on_progress: Gets how far it is, 0 to 1.

    Raises:
        AppError: The recording cannot be read.
    """

    def work(is_stopped: threading.Event) -> Content:
        packed = io.BytesIO()
        _pack(library, stored, packed, has_audio, is_stopped, tell)
        return packed.getvalue()

    tell = _teller(on_progress)
    return await _in_thread(work)


async def open_bundle(
    library: Library,
    copies: Path,
    file: Path,
    *,
    on_progress: OnProgress | None = None,
    on_remark: Callable[[Message], None] | None = None,
    on_known: Callable[[TranscriptId], None] | None = None,
) -> TranscriptId:
    """Put the contents of a bundle into the library, its recording among the kept copies.

    The words of one whose recording is damaged are taken all the same.

    Args:
        library: Where it goes.
        copies: Folder of kept copies.
        file: The bundle.
        on_progress: Gets how far it is, 0 to 1.
        on_remark: Gets what a person has to know of it; in the thread of the loop.
        on_known: Gets the transcript that the same bundle has become before, as it came; it is
            not taken again then. Without it, it is.

    Raises:
        AppError: It is no bundle, its words are damaged, or there is no room for it.
    """
    remarks: list[Message] = []
    found: list[TranscriptId] = []

    def known_of(bundle: Bundle) -> TranscriptId | None:
        if on_known is None:
            return None
        link = _link(bundle, file, None)
        return library.taken_before(bundle.transcript, link, is_as_it_came=True)

    def work(is_stopped: threading.Event) -> TranscriptId:
        try:
            with file.open("rb") as packed:
                bundle = read_bundle(packed)
                copy = None
                if known := known_of(bundle):
                    found.append(known)
                    return known
                if bundle.audio_bytes:
                    try:
                        copy = _copied(bundle, packed, copies, is_stopped, tell)
                    except DamagedRecordingError as error:
                        remarks.append(error.message)
        except OSError as error:
            raise ExportError(
                message(
                    "{name} cannot be read. Check that it is still there and that you may "
                    "read it.",
                    name=printable(file.name),
                )
            ) from error
        is_kept = False
        try:
            with library.alone():  # another may have taken it while the recording was copied
                found.extend(filter(None, [known_of(bundle)]))
                made = found[0] if found else _add(library, bundle, file, copy)
                is_kept = not found
        finally:
            if copy is not None and not is_kept:
                copy.unlink(missing_ok=True)
        return made

    tell = _teller(on_progress)
    made = await _in_thread(work)
    if on_remark is not None:
        for remark in remarks:
            on_remark(remark)
    if on_known is not None and found:
        on_known(made)
    return made


def _copied(
    bundle: Bundle,
    packed: IO[bytes],
    copies: Path,
    is_stopped: threading.Event,
    tell: OnProgress,
) -> Path:
    """Put the recording of a bundle among the kept copies; blocks."""
    make_folder(copies)
    suffix = PurePath(bundle.source_name).suffix.lower()
    copy = unused_name(copies / f"{_token()}{suffix}")
    try:
        with replacing(copy) as sound:
            _go_through(extract_audio(packed, sound), is_stopped, tell)
    except OSError as error:  # the copy has a name that says nothing
        name = Path(bundle.source_name or copy.name)
        raise StorageError(explain(error, name)) from error
    return copy


def _pack(
    library: Library,
    stored: StoredTranscript,
    target: IO[bytes],
    has_audio: bool,  # noqa: FBT001  # named by its callers
    is_stopped: threading.Event,
    tell: OnProgress,
) -> None:
    """Put all there is of a transcript into a file that is open; blocks."""
    recording = find_recording(stored) if has_audio else None
    bundle = _gather(library, stored, recording)
    with ExitStack() as open_files:
        sound = open_files.enter_context(_opened(recording)) if recording else None
        _go_through(build_bundle(bundle, target, sound), is_stopped, tell)


def _opened(recording: Path) -> IO[bytes]:
    try:
        return recording.open("rb")
    except OSError as error:
        raise StorageError(explain(error, recording)) from error


def _without_double(path: Path, earlier: Iterable[Path], is_stopped: threading.Event) -> Path:
    """Drop a new file that is the same as an earlier one, and give the one that stays.

    A bundle is too large to be held in memory and compared before it is written.
    """
    try:
        for one in earlier:
            if _is_same(one, path, is_stopped):
                path.unlink()
                return one
    except _StoppedError:
        path.unlink(missing_ok=True)
        raise
    return path


def _is_same(one: Path, other: Path, is_stopped: threading.Event) -> bool:
    try:
        if not one.is_file() or one.stat().st_size != other.stat().st_size:
            return False
        with one.open("rb") as left, other.open("rb") as right:
            while block := left.read(_BLOCK_BYTES):
                if is_stopped.is_set():
                    raise _StoppedError
                if right.read(_BLOCK_BYTES) != block:
                    return False
    except OSError:
        return False
    return True


def _gather(library: Library, stored: StoredTranscript, recording: Path | None) -> Bundle:
    """Collect what goes into a bundle besides the sound; blocks."""
    transcript_id = stored.entry.transcript_id
    history: list[tuple[int, Transcript]] = []
    original = library.original(transcript_id)
    if original != stored.transcript:
        history.append((0, original))
    history.extend(
        (taken_ms, library.version(transcript_id, taken_ms))
        for taken_ms in reversed(library.versions(transcript_id))
    )
    document = document_of(stored)
    try:
        size_bytes = recording.stat().st_size if recording else 0
    except OSError as error:
        raise StorageError(explain(error, recording or Path())) from error
    return Bundle(
        stored.transcript,
        tuple(one for _, one in history),
        tuple(taken_ms for taken_ms, _ in history),
        title=stored.entry.name,
        source_name=document.source_name,
        created=document.created,
        audio_bytes=size_bytes,
        tags=stored.entry.tags,
    )


def _add(library: Library, bundle: Bundle, file: Path, copy: Path | None) -> TranscriptId:
    """Keep what a bundle held; blocks."""
    times = bundle.taken_ms or tuple(range(len(bundle.history)))
    versions = dict(zip(times, bundle.history, strict=True))
    transcript_id = library.add(
        bundle.transcript,
        name=bundle.title or PurePath(_source_name(bundle, file)).stem,
        options=TranscriptionOptions(timestamps=True),
        link=_link(bundle, file, copy),
        now_ms=_moment_ms(bundle.created),
        original=versions.pop(0, None),
        versions=versions,
    )
    if bundle.tags:
        library.set_tags(transcript_id, bundle.tags)
    if copy is not None:
        library.save_copy_path(transcript_id, str(copy))
    return transcript_id


def _source_name(bundle: Bundle, file: Path) -> str:
    return bundle.source_name or file.stem


def _link(bundle: Bundle, file: Path, copy: Path | None) -> AudioLink:
    # The recording's old place means nothing here: exports go beside the bundle.
    beside = os.fspath(file.absolute().parent / _source_name(bundle, file))
    if copy is None:
        return AudioLink(beside, size_bytes=NO_RECORDING_BYTES)
    found = link_to(copy)
    return AudioLink(beside, size_bytes=found.size_bytes, content_hash=found.content_hash)


def _moment_ms(created: str) -> int:
    try:
        return int(datetime.fromisoformat(created).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return now_ms()


def _token() -> str:
    return f"bundle-{os.urandom(8).hex()}"


class _StoppedError(Exception):
    """The person does not want it any more."""


def _go_through(
    steps: Generator[float, None, None], is_stopped: threading.Event, tell: OnProgress
) -> None:
    # Closed before the file is: what is left of a ZIP archive wants to be written out.
    with closing(steps):
        for done in steps:
            if is_stopped.is_set():
                raise _StoppedError
            tell(done)


def _teller(on_progress: OnProgress | None) -> OnProgress:
    """Give a function that tells the loop from any thread, each hundredth once."""
    if on_progress is None:
        return lambda _done: None
    loop = asyncio.get_running_loop()
    told = -1

    def tell(done: float) -> None:
        nonlocal told
        percent = int(done * 100)
        if percent != told:
            told = percent
            loop.call_soon_threadsafe(on_progress, done)

    return tell


async def _in_thread(work: Callable[[threading.Event], _Result]) -> _Result:
    """Work in a thread; cancelling waits until it has stopped, so that no part is left."""
    is_stopped = threading.Event()
    working = asyncio.ensure_future(asyncio.to_thread(work, is_stopped))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        is_stopped.set()
        await asyncio.wait([working])
        working.exception()  # told by cancelling already
        raise
