"""From what somebody dropped to the files that can become jobs."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit
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

_AT_ONCE = 250
"""More files a time would make whoever shows them wait for longer than one notices."""
_ROOTS = r"[/\\]{2}|[a-z]:[/\\]" if os.name == "nt" else "/"
_ENTRY = re.compile(rf"^[ \t]*\"?(?:file:|https?:|~|{_ROOTS})", re.IGNORECASE | re.MULTILINE)


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
        links: The web links among what was given.
    """

    files: tuple[Path, ...]
    refused: tuple[Refused, ...]
    transcripts: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()


def gather(given: Iterable[Path | str]) -> Intake:
    """Walk what was given; folders recursively. Blocks: call it in a thread."""
    parts = list(gather_some(given))
    return Intake(
        tuple(file for part in parts for file in part.files),
        tuple(refused for part in parts for refused in part.refused),
        tuple(file for part in parts for file in part.transcripts),
        tuple(link for part in parts for link in part.links),
    )


def gather_some(given: Iterable[Path | str], at_once: int = _AT_ONCE) -> Iterator[Intake]:
    """Walk what was given some files at a time; each step blocks: take it in a thread.

    Args:
        given: Paths; what is no path is a web link.
        at_once: How many files make a step.
    """
    files: list[Path] = []
    refused: list[Refused] = []
    links: list[str] = []
    seen: set[Path | str] = set()

    def found_so_far() -> Intake:
        found = Intake(
            tuple(file for file in files if not _is_transcript(file)),
            tuple(refused),
            tuple(file for file in files if _is_transcript(file)),
            tuple(links),
        )
        for part in (files, refused, links):
            part.clear()
        return found

    for one in given:
        if isinstance(one, str):
            if one not in seen:
                seen.add(one)
                links.append(one)
            continue
        found_any = False
        for found in _walk(one, refused):
            found_any = True
            if found not in seen:
                seen.add(found)
                files.append(found)
                if len(files) >= at_once:
                    yield found_so_far()
        if not found_any and one.is_dir():
            refused.append(Refused(one.name, message("No recordings in this folder.")))
    if files or refused or links:
        yield found_so_far()


def _is_transcript(path: Path) -> bool:
    return path.suffix.lower() in TRANSCRIPT_SUFFIXES


def entries_of_text(text: str) -> Iterator[Path | str]:
    """Read a pasted or dropped text as file paths and web links, one a line.

    Gives paths (of ``file:`` links too), and http(s) links as text; other lines are
    left out.
    """
    for line in text.splitlines():
        entry = line.strip().strip('"')
        if not entry or entry.startswith("#"):  # URI lists hold comments, RFC 2483
            continue
        if entry.startswith(("http:", "https:")):
            yield entry
        elif entry.startswith("file:"):
            yield _path_of_url(entry)
        elif os.path.isabs(entry) or entry.startswith("~"):  # noqa: PTH117 - ten thousand lines
            yield Path(entry).expanduser()


def count_entries(text: str) -> int:
    """Count what ``entries_of_text`` would give, at a glance: for ten thousand lines too."""
    return len(_ENTRY.findall(text))


def _path_of_url(url: str) -> Path:
    parts = urlsplit(url)
    if os.name == "nt":
        host = f"//{parts.netloc}" if parts.netloc not in {"", "localhost"} else ""
        return Path(url2pathname(host + parts.path))
    # A name need not be text: what cannot be decoded stays what it was.
    return Path(os.fsdecode(unquote_to_bytes(parts.path)))


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
