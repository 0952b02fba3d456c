"""The way from a transcript to its recording: recognise it, and find it again.

A recording is told by its size and a hash of samples of it: at most 1 MiB from the
start, middle and end. That is quick enough for thousands of dropped files, and two
recordings that share both are the same in practice.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import Action, RecordingError
from app.core.messages import message
from app.system.files import printable
from app.system.folders import walk_folders

_SAMPLE_BYTES = 1024 * 1024 // 4
_SAMPLES = 4
_MOST_FILES = 50_000
"""How many files are looked at when searching folders for a moved one."""
SOUND_NOT_KEPT = message("Dictated; its audio is not kept.")
"""Why what was dictated cannot be heard."""
NO_RECORDING_BYTES = 1
"""The size in a link that says where a transcript came from, and leads to no recording:
nothing is 1 byte long and can be heard."""


@dataclass(frozen=True, slots=True)
class AudioLink:
    """A recording as it was when it was transcribed.

    Attributes:
        source: Path, or link when ``is_url``.
        is_url: Whether ``source`` is a link.
        size_bytes: Its size; 0 when not known.
        modified_ns: Its time of change.
        content_hash: Sample hash; empty when not known.
    """

    source: str
    is_url: bool = False
    size_bytes: int = 0
    modified_ns: int = 0
    content_hash: str = ""

    @property
    def has_recording(self) -> bool:
        """Whether there ever was a recording."""
        return self.is_url or self.size_bytes != NO_RECORDING_BYTES

    @property
    def is_dictated(self) -> bool:
        """Whether there was sound, of which only the words were to stay."""
        return not self.has_recording and not self.source

    @property
    def path(self) -> Path:
        """The recording's path; meaningless when ``is_url``."""
        return Path(self.source)


def link_to(path: Path) -> AudioLink:
    """Look at a recording and give a link to it. Reads: call it in a thread.

    Raises:
        RecordingError: It cannot be read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            # To open one would wait for ever for somebody to write into it.
            raise RecordingError(
                "This is a pipe or a device, not a file. Save the audio to a file first.",
                action=Action.CHOOSE_FILE,
            )
        return AudioLink(
            os.fspath(path),
            size_bytes=status.st_size,
            modified_ns=status.st_mtime_ns,
            content_hash=_sample_hash(path),
        )
    except OSError as error:
        raise _unreadable(path, error) from error


def is_there(link: AudioLink) -> bool:
    """Tell whether the recording lies unchanged where it was, as size and time say."""
    if link.is_url:
        return False
    try:
        status = link.path.stat()
    except (OSError, ValueError):
        return False
    same_size = not link.size_bytes or status.st_size == link.size_bytes
    return same_size and (not link.modified_ns or status.st_mtime_ns == link.modified_ns)


def find_moved(link: AudioLink, folders: Iterable[Path] = ()) -> Path | None:
    """Look for a recording that is not where it was. Reads: call it in a thread.

    First where it was (its time of change may have moved only), then in the same
    folder under any name, then under its own name below other known folders; what is
    found must have the same size and content.

    Args:
        link: What is looked for.
        folders: Where recordings were last seen, besides its own folder.
    """
    if link.is_url or not link.content_hash:
        return None
    seen: set[Path] = set()
    for candidate in _candidates(link, folders):
        if candidate in seen:
            continue
        seen.add(candidate)
        try:
            if (
                candidate.is_file()
                and candidate.stat().st_size == link.size_bytes
                and _sample_hash(candidate) == link.content_hash
            ):
                return candidate
        except OSError:
            continue
    return None


def _candidates(link: AudioLink, folders: Iterable[Path]) -> Iterator[Path]:
    home = link.path.parent
    yield link.path
    looked_at = 0
    for entry in _entries(home):
        looked_at += 1
        yield Path(entry.path)
    name = os.path.normcase(link.path.name)
    for folder in (home, *folders):
        for place in walk_folders(folder):
            looked_at += len(place.names) + 1
            if looked_at > _MOST_FILES:
                return
            for found in place.names:
                if os.path.normcase(found) == name:
                    yield place.path / found


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _sample_hash(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest.update(size.to_bytes(8, "big"))
        if size <= _SAMPLE_BYTES * _SAMPLES:
            digest.update(file.read())
        else:
            for place in range(_SAMPLES):
                file.seek((size - _SAMPLE_BYTES) * place // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()


def _unreadable(path: Path, error: OSError) -> RecordingError:
    return RecordingError(
        message(
            "{name} cannot be read. Check that it is still there and that you may read it.",
            name=printable(path.name),
        ),
        details=error.strerror or "",
    )
