"""From what somebody dropped to the files that can become jobs."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from app.core.messages import Message, message
from app.export.bundle import SUFFIX as BUNDLE_SUFFIX
from app.export.importing.readers import READERS

_SUFFIXES = (
    ".wav .mp3 .m4a .aac .flac .ogg .oga .opus .webm .mp4 .m4v .mov .mkv .avi .wma .wmv .amr "
    ".3gp .3g2 .aif .aiff .caf .mka .m4b .mpg .mpeg .ts .mts .flv .au .ac3 .dts .ape .wv .spx "
    ".gsm .ra .rm .asf .ogv .mp2"
)
RECORDING_SUFFIXES = frozenset(_SUFFIXES.split())
"""What is taken from a folder; a file named by itself is taken whatever it is called."""
TRANSCRIPT_SUFFIXES = frozenset({*READERS, BUNDLE_SUFFIX})
"""What is read as a transcript where it is named by itself."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that cannot become a job, and why."""

    name: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Intake:
    """What was found: files in the order given, folders in name order, and what was refused.

    Attributes:
        files: To be transcribed.
        refused: What can be neither.
        transcripts: To be taken into the library as they are; only those given by name.
    """

    files: tuple[Path, ...]
    refused: tuple[Refused, ...]
    transcripts: tuple[Path, ...] = ()


def gather(paths: Sequence[Path]) -> Intake:
    """Walk what was given; folders recursively. Blocks: call it in a thread."""
    files: list[Path] = []
    refused: list[Refused] = []
    seen: set[Path] = set()
    for path in paths:
        found_any = False
        for found in _walk(path, refused):
            found_any = True
            if found not in seen:
                seen.add(found)
                files.append(found)
        if not found_any and path.is_dir():
            refused.append(Refused(path.name, message("No recordings in this folder.")))
    transcripts = tuple(file for file in files if _is_transcript(file))
    recordings = tuple(file for file in files if not _is_transcript(file))
    return Intake(recordings, tuple(refused), transcripts)


def _is_transcript(path: Path) -> bool:
    return path.suffix.lower() in TRANSCRIPT_SUFFIXES


def paths_of_text(text: str) -> tuple[list[Path], list[str]]:
    """Read a pasted or dropped text as file paths and web links, one a line.

    Returns:
        Paths (``file:`` links too) and http(s) links; other lines are left out.
    """
    paths: list[Path] = []
    links: list[str] = []
    for line in text.splitlines():
        entry = line.strip().strip('"')
        if not entry or entry.startswith("#"):  # URI lists hold comments, RFC 2483
            continue
        parts = urlsplit(entry)
        if parts.scheme in {"http", "https"}:
            links.append(entry)
        elif parts.scheme == "file":
            paths.append(Path(url2pathname(unquote(parts.path))))
        elif Path(entry).is_absolute() or entry.startswith("~"):
            paths.append(Path(entry).expanduser())
    return paths, links


def _walk(path: Path, refused: list[Refused]) -> Iterator[Path]:
    path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    try:
        mode = path.stat().st_mode
    except OSError:
        refused.append(
            Refused(
                path.name, message("There is no such file any more, or it may not be read.")
            )
        )
        return
    if not stat.S_ISDIR(mode):
        if stat.S_ISREG(mode):
            yield path
        else:
            refused.append(Refused(path.name, message("This is not a file but a device.")))
        return

    def note_unreadable(error: OSError) -> None:
        refused.append(
            Refused(Path(str(error.filename)).name, message("This folder may not be read."))
        )

    for folder, folders, names in os.walk(path, onerror=note_unreadable):
        folders.sort()
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in RECORDING_SUFFIXES:
                yield Path(folder, name)
