"""What is added stands among the system’s recent files, and goes when that is unwanted."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.core.preferences import Settings
from app.system.recent_files import RecentFiles
from app.ui.queue.recent import RecentlyAdded
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
