"""What is added stands among the system's recent files, and goes when that is unwanted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

from app.core.preferences import Settings
from app.system.recent_files import RecentFiles
from app.ui.queue.recent import RecentlyAdded
from app.ui.settings.privacy_page import recent_help
from app.ui.tasks import Tasks


async def test_few_are_noted_many_are_not_and_all_go_when_switched_off(tmp_path: Path) -> None:
    errors: list[BaseException] = []
    tasks = Tasks(lambda _name, error: errors.append(error))
    path = tmp_path / "recently-used.xbel"
    recent = RecentlyAdded(RecentFiles(path), Settings(), tasks, lambda: 1_000)

    async def settle() -> str:
        await asyncio.gather(*tasks.running)
        return path.read_text("utf-8") if path.exists() else ""

    recent.note([])
    recent.note([Path(f"/talks/{number}.wav") for number in range(11)])
    assert await settle() == ""
    recent.note([Path("/talks/a.wav")])
    assert "file:///talks/a.wav" in await settle()
    recent.follow_settings(Settings(lists_recent_files=False))
    assert "a.wav" not in await settle()
    recent.note([Path("/talks/b.wav")])
    assert "b.wav" not in await settle()
    assert errors == []


class OfTheWindow:
    """A list that belongs to the window's thread, as that of macOS."""

    needs_window_thread = True

    def __init__(self) -> None:
        self.told: list[object] = []

    def note(self, files: Sequence[Path], *, now_ms: int) -> None:
        self.told.append((threading.current_thread(), list(files), now_ms))

    def forget(self) -> None:
        self.told.append(threading.current_thread())


def test_a_list_of_the_windows_thread_is_told_there_and_at_once() -> None:
    listed, tasks = OfTheWindow(), Tasks(lambda _name, _error: None)
    recent = RecentlyAdded(listed, Settings(), tasks, lambda: 1_000)
    recent.note([Path("/talks/a.wav")])
    recent.follow_settings(Settings(lists_recent_files=False))
    here = threading.current_thread()
    assert listed.told == [(here, [Path("/talks/a.wav")], 1_000), here]


def test_it_is_said_what_goes_where_recent_files_are_no_longer_wanted() -> None:
    told = [recent_help(one) or "" for one in ("linux", "darwin", "win32")]
    assert all("Turning this off" in one for one in told)
    assert len(set(told)) == 3
    assert recent_help("freebsd14") is None
