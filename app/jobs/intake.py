"""From what somebody dropped to the files that can become jobs."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import url2pathname

from app.core.file_kinds import is_recording_name
from app.core.messages import Message, counted_message, message
from app.export.bundle import SUFFIX as BUNDLE_SUFFIX
from app.export.importing.readers import READERS
from app.system.files import is_folder
from app.system.folders import walk_folders

TRANSCRIPT_SUFFIXES = frozenset({*READERS, BUNDLE_SUFFIX})
"""What is read as a transcript where it is named by itself."""

_LITTER = {"thumbs.db", "desktop.ini", "icon\r"}
_KINDS_NAMED = 4
_AT_ONCE = 250
"""More files a time would make whoever shows them wait for longer than one notices."""
_ROOTS = r"[/\\]{2}|[a-z]:[/\\]" if os.name == "nt" else "/"
_ENTRY = re.compile(rf"^[ \t]*\"?(?:file:|https?:|~|{_ROOTS})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that cannot become a job, and why."""

    name: str
    reason: Message


@dataclass(slots=True)
class LeftOut:
    """What lies in the folders that were given, and is no recording.

    Attributes:
        kinds: How many files of each ending.
        private_folders: How many bins, hidden and system folders were not looked into.
    """

    kinds: Counter[str] = field(default_factory=Counter[str])
    private_folders: int = 0

    @property
    def count(self) -> int:
        """How many files were left out."""
        return self.kinds.total()

    def note(self, name: str) -> None:
        """Count a file; what systems put into every folder does not count."""
        if not name.startswith(".") and name.lower() not in _LITTER:
            self.kinds[PurePath(name).suffix.lower() or name] += 1

    def sentence(self) -> Message | None:
        """Say what was left out; nothing where there was nothing."""
        if not self.count and not self.private_folders:
            return None
        if not self.count:
            return message("Trash and hidden folders were skipped.")
        most = [kind for kind, _ in self.kinds.most_common(_KINDS_NAMED)]
        kinds = ", ".join(most) + (", …" if len(self.kinds) > len(most) else "")
        if self.private_folders:
            return counted_message(
                "Skipped a file that is not a recording ({kinds}), and trash and hidden "
                "folders.",
                "Skipped {count} files that are not recordings ({kinds}), and trash and "
                "hidden folders.",
                self.count,
                kinds=kinds,
            )
        return counted_message(
            "Skipped a file that is not a recording ({kinds}).",
            "Skipped {count} files that are not recordings ({kinds}).",
            self.count,
            kinds=kinds,
        )


@dataclass(frozen=True, slots=True)
class Intake:
    """What was found: files in the order given, folders in name order, and what was refused.

    Attributes:
        files: To be transcribed.
        refused: What can be neither.
        transcripts: To be taken into the library as they are; only those given by name.
        links: The web links among what was given.
        left_out: What lies in the folders besides; told once, with the last of them.
    """

    files: tuple[Path, ...]
    refused: tuple[Refused, ...]
    transcripts: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()
    left_out: LeftOut = field(default_factory=LeftOut)


def gather(given: Iterable[Path | str]) -> Intake:
    """Walk what was given; folders recursively. Blocks: call it in a thread."""
    parts = list(gather_some(given))
    return Intake(
        tuple(file for part in parts for file in part.files),
        tuple(refused for part in parts for refused in part.refused),
        tuple(file for part in parts for file in part.transcripts),
        tuple(link for part in parts for link in part.links),
        parts[-1].left_out if parts else LeftOut(),
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
    left_out = LeftOut()

    def found_so_far(*, is_last: bool = False) -> Intake:
        found = Intake(
            tuple(file for file in files if not _is_transcript(file)),
            tuple(refused),
            tuple(file for file in files if _is_transcript(file)),
            tuple(links),
            left_out if is_last else LeftOut(),
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
        for found in _walk(one, refused, left_out):
            found_any = True
            if found not in seen:
                seen.add(found)
                files.append(found)
                if len(files) >= at_once:
                    yield found_so_far()
        if not found_any and is_folder(one):
            refused.append(Refused(one.name, message("No recordings in this folder.")))
    if files or refused or links or left_out.sentence():
        yield found_so_far(is_last=True)


def _is_transcript(path: Path) -> bool:
    return path.suffix.lower() in TRANSCRIPT_SUFFIXES


def is_link(entry: str) -> bool:
    """Tell whether something given is a web link, and no path."""
    return entry.lower().startswith(("http:", "https:"))


def entries_of_text(text: str) -> Iterator[Path | str]:
    """Read a pasted or dropped text as file paths and web links, one a line.

    Gives paths (of ``file:`` links too), and http(s) links as text; other lines are
    left out.
    """
    for line in text.splitlines():
        entry = line.strip().strip('"')
        if not entry or entry.startswith("#"):  # URI lists hold comments, RFC 2483
            continue
        if is_link(entry):
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


def _walk(path: Path, refused: list[Refused], left_out: LeftOut) -> Iterator[Path]:
    try:
        # resolve() would follow links; the folder one is in may be gone.
        path = Path(os.path.abspath(path))  # noqa: PTH100
        mode = path.stat().st_mode
    except OSError:
        refused.append(
            Refused(path.name, message("This file no longer exists, or you may not read it."))
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
            Refused(
                Path(str(error.filename)).name,
                message("You do not have permission to read this folder."),
            )
        )

    for folder in walk_folders(path, note_unreadable):
        left_out.private_folders += folder.passed_over
        for name in folder.names:
            if is_recording_name(name):
                yield folder.path / name
            else:
                left_out.note(name)
