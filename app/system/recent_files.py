"""The desktop's list of recent files, which every program of a freedesktop system shares.

It is one XML file that many programs rewrite. Ours go in and out of its text as they are, so
that nothing another program has written there changes, whatever it is. Other systems have
ways of their own; ``recent_list`` gives the one that is meant here.
"""

from __future__ import annotations

import datetime as dt
import logging
import mimetypes
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from xml.sax.saxutils import escape

from app.core.errors import StorageError
from app.system.files import explain, opened_whole

_log = logging.getLogger(__name__)
_MOST = 30
"""So many of ours stay in it, the latest."""
_NAME = "Wordlight"
_EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<xbel version="1.0"
      xmlns:bookmark="http://www.freedesktop.org/standards/desktop-bookmarks"
      xmlns:mime="http://www.freedesktop.org/standards/shared-mime-info"
>
</xbel>
"""
_END = "</xbel>"
_ENTRY = re.compile(r'[ \t]*<bookmark href="([^"]*)".*?</bookmark>[ \t]*\n?', re.DOTALL)
_BY = re.compile(r'<bookmark:application name="([^"]*)"')


class RecentList(Protocol):
    """A system's list of recent files.

    It is a courtesy: what goes wrong is noted in the log and keeps nobody from anything.
    """

    @property
    def needs_window_thread(self) -> bool:
        """Whether it is told on the window's thread, at no cost; else it blocks."""
        ...

    def note(self, files: Sequence[Path], *, now_ms: int) -> None:
        """Put files at the top."""
        ...

    def forget(self) -> None:
        """Take out what only this program has put there, as far as the system lets it."""
        ...


def recent_list(
    path: Path | None, *, leaves_traces: bool, platform: str = sys.platform
) -> RecentList:
    """Give the list of a system.

    Args:
        path: Where it lies, if it is a file.
        leaves_traces: Whether anything may be left outside the program's own folders.
        platform: The system.
    """
    if leaves_traces and platform == "darwin":
        from app.system.recent_on_macos import RecentOnMacos  # no other system needs it

        return RecentOnMacos()
    if leaves_traces and platform == "win32":
        from app.system.recent_on_windows import RecentOnWindows

        return RecentOnWindows()
    return RecentFiles(path)


class RecentFiles:
    """Puts files into the list of a freedesktop system, and takes them out; both block.

    Attributes:
        needs_window_thread: It waits for a disk, so it has no place there.
    """

    needs_window_thread = False

    def __init__(self, path: Path | None) -> None:
        """Say where it lies.

        Args:
            path: The list; ``None`` where there is none, or where no trace is to be left.
        """
        self._path = path

    def note(self, files: Sequence[Path], *, now_ms: int) -> None:
        """Put files at the top; one that another program has listed stays as it is."""
        if self._path is None:
            return
        text = self._read(self._path)
        listed = {found[1]: found for found in _ENTRY.finditer(text)}
        new = ""
        for file in files:
            href = escape(file.absolute().as_uri(), {'"': "&quot;", "'": "&apos;"})
            before = listed.get(href)
            if before is not None and not _is_ours(before[0]):
                continue
            if before is not None:
                text = text.replace(before[0], "", 1)
            new += _entry(href, file.name, now_ms)
        place = text.rfind(_END)
        if place < 0 or not new:  # it is something else, or damaged
            return
        self._write(self._path, _with_few(text[:place] + new + text[place:]))

    def forget(self) -> None:
        """Take out what only this program has put there."""
        if self._path is None:
            return
        text = self._read(self._path)
        left = _ENTRY.sub(lambda found: "" if _is_ours(found[0]) else found[0], text)
        if left != text:
            self._write(self._path, left)

    def _read(self, path: Path) -> str:
        try:
            return path.read_text("utf-8")
        except FileNotFoundError:
            return _EMPTY
        except (OSError, ValueError) as error:
            _log.info("the list of recent files cannot be read: %s", error)
            return ""

    def _write(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened_whole(path, is_private=True) as file:
                file.write(text.encode())
        except OSError as error:
            _log.info("the list of recent files cannot be written: %s", explain(error, path))
        except StorageError as error:
            _log.info("the list of recent files cannot be written: %s", error.message.text)


def _is_ours(entry: str) -> bool:
    return _BY.findall(entry) == [_NAME]


def _with_few(text: str) -> str:
    """Leave out all but the latest of ours, which stand last."""
    ours = [found[0] for found in _ENTRY.finditer(text) if _is_ours(found[0])]
    for one in ours[:-_MOST]:
        text = text.replace(one, "", 1)
    return text


def _entry(href: str, name: str, now_ms: int) -> str:
    moment = dt.datetime.fromtimestamp(now_ms / 1_000, dt.UTC)
    at = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return (
        f'  <bookmark href="{href}" added="{at}" modified="{at}" visited="{at}">\n'
        "    <info>\n"
        '      <metadata owner="http://freedesktop.org">\n'
        f'        <mime:mime-type type="{kind}"/>\n'
        "        <bookmark:applications>\n"
        f'          <bookmark:application name="{_NAME}" exec="&apos;wordlight %u&apos;"'
        f' modified="{at}" count="1"/>\n'
        "        </bookmark:applications>\n"
        "      </metadata>\n"
        "    </info>\n"
        "  </bookmark>\n"
    )
