"""Recordings that somebody adds stand among the system's recent files, unless unwanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from app.core.preferences import Settings
from app.system.recent_files import RecentList
from app.ui.tasks import Tasks

_MOST_AT_ONCE = 10
"""A folder of recordings would push out all else."""


class RecentlyAdded:
    """Notes what is added, and takes it out again where that is not wanted any more."""

    def __init__(
        self,
        files: RecentList,
        settings: Settings,
        tasks: Tasks,
        now_ms: Callable[[], int],
    ) -> None:
        """Begin.

        Args:
            files: The system's list.
            settings: Whether it is wanted.
            tasks: Runs what takes time.
            now_ms: The time.
        """
        self._files = files
        self._is_wanted = settings.lists_recent_files
        self._tasks = tasks
        self._now_ms = now_ms

    def note(self, added: Sequence[Path]) -> None:
        """Note recordings that were added in one go, if they are few."""
        if self._is_wanted and 0 < len(added) <= _MOST_AT_ONCE:
            now_ms = self._now_ms()
            self._start(lambda: self._files.note(added, now_ms=now_ms))

    def follow_settings(self, settings: Settings) -> None:
        """Take up whether it is wanted; where it is no longer, nothing of ours stays."""
        was_wanted, self._is_wanted = self._is_wanted, settings.lists_recent_files
        if was_wanted and not self._is_wanted:
            self._start(self._files.forget)

    def _start(self, work: Callable[[], None]) -> None:
        if self._files.needs_window_thread:
            work()
            return
        self._tasks.start(asyncio.to_thread(work), "list recent files")
