"""Where data, settings, cache, logs and temporary files lie."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import StorageError
from app.system.files import TEMPORARY_PREFIX, explain, may_not_write
from app.system.locks import Presence, WorkFolder

HOME_VARIABLE = "WORDLIGHT_HOME"
"""Moves data, settings, cache, logs and temporary files together."""
_RUN_PREFIX = "run-"
_JOB_PREFIX = "job-"


@dataclass(frozen=True, slots=True)
class AppPaths:
    """The program's folders.

    Attributes:
        data: Library and queue.
        config: Settings that are files (the key, if a person wants it in one).
        cache: What can be made again: peaks, playback proxies.
        logs: Log files.
        temp: Work in progress; lies in ``cache``.
        recent: The desktop's list of recent files; ``None`` where the system has another way,
            and where nothing is left elsewhere.
        is_apart: Whether all lies below one folder, which is to leave no trace elsewhere.
    """

    data: Path
    config: Path
    cache: Path
    logs: Path
    temp: Path
    recent: Path | None = None
    is_apart: bool = False

    @classmethod
    def find(cls, environ: Mapping[str, str] = os.environ) -> AppPaths:
        """Give the platform's folders, or those below ``WORDLIGHT_HOME``."""
        home = environ.get(HOME_VARIABLE, "").strip()
        if home:
            return cls.below(Path(home).expanduser().absolute())
        import platformdirs  # not needed where the folders are told

        # appauthor=False: no company folder in between on Windows
        dirs = platformdirs.PlatformDirs("Wordlight", appauthor=False)
        recent = dirs.user_data_path.with_name("recently-used.xbel")
        return cls(
            recent=recent if sys.platform == "linux" else None,
            data=dirs.user_data_path,
            config=dirs.user_config_path,
            cache=dirs.user_cache_path,
            logs=dirs.user_log_path,
            temp=dirs.user_cache_path / "temp",
        )

    @classmethod
    def below(cls, home: Path) -> AppPaths:
        """Give all folders below one."""
        return cls(
            data=home / "data",
            config=home / "config",
            cache=home / "cache",
            logs=home / "logs",
            temp=home / "cache" / "temp",
            is_apart=True,
        )

    @property
    def database(self) -> Path:
        """The file of library, queue and settings."""
        return self.data / "wordlight.db"

    @property
    def known_voices(self) -> Path:
        """The file of the voices that are known by name; in no backup."""
        return self.config / "known-voices.json"

    @property
    def backups(self) -> Path:
        """Where the rolling copies of the library lie."""
        return self.data / "backups"

    @property
    def takes(self) -> Path:
        """Where what is being recorded lies until it is an ordinary recording."""
        return self.data / "takes"

    @property
    def copies(self) -> Path:
        """Where kept copies of recordings lie."""
        return self.data / "recordings"

    @property
    def unreachable(self) -> Path:
        """Says, while it is there, that other starts cannot reach the open window."""
        return self.data / "window.unreachable"

    @property
    def presence(self) -> Path:
        """Where running processes show that they live."""
        return self.data / "running"

    def create(self) -> None:
        """Make the folders, for this person only.

        Raises:
            StorageError: One of them cannot be made.
        """
        for folder in (self.data, self.config, self.cache, self.logs, self.temp):
            self._made(folder)
            if not os.access(folder, os.W_OK):
                raise StorageError(may_not_write(folder))

    def run_folder(self, presence: Presence) -> Path:
        """Make and give a folder that is removed once this process is gone."""
        return self._made(self.run_place(presence))

    def run_place(self, presence: Presence) -> Path:
        """Give the same folder, whether it is there or not."""
        return self.temp / f"{_RUN_PREFIX}{presence.token}"

    def job_folder(self, job_id: str) -> Path:
        """Make and give a job's folder; it outlives the process, so that work goes on."""
        return self._made(self.temp / f"{_JOB_PREFIX}{job_id}")

    def remove_job_folder(self, job_id: str) -> None:
        """Remove what was prepared for a job."""
        _remove(self.temp / f"{_JOB_PREFIX}{job_id}")

    def clear_leftovers(
        self, presence: Presence, unfinished_jobs: Callable[[], Collection[str]]
    ) -> int:
        """Remove temporary files that nobody needs any more.

        Folders of living processes and of unfinished jobs stay, loose files go. What is
        left of a backup being written or restored goes unless another process lives.

        Args:
            presence: Tells which processes live.
            unfinished_jobs: Gives the ids of jobs that may go on; asked after the
                folders have been listed, so that a job added meanwhile is safe.

        Returns:
            How many entries were removed.
        """
        found = _entries(self.temp)
        needed = {f"{_JOB_PREFIX}{job_id}" for job_id in unfinished_jobs()}
        removed = 0
        for entry in found:
            if entry.name in needed:
                WorkFolder.remove_leftovers(entry)  # of whoever was killed while preparing it
                continue
            if entry.name.startswith(_RUN_PREFIX) and presence.lives(
                entry.name.removeprefix(_RUN_PREFIX)
            ):
                continue
            removed += _remove(entry)
        for folder in (self.backups, self.copies):
            WorkFolder.remove_leftovers(folder)  # its locks tell who lives
        if presence.is_alone():
            _remove(self.unreachable)  # the mark of a window that was killed
            for entry in (*_entries(self.backups), *_entries(self.copies)):
                if entry.name.startswith(TEMPORARY_PREFIX):
                    removed += _remove(entry)
        return removed

    @staticmethod
    def _made(folder: Path) -> Path:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
                raise StorageError(may_not_write(folder)) from error
            raise StorageError(explain(error, folder)) from error
        return folder


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _remove(entry: Path) -> bool:
    """Remove a file or a folder; tells whether it is gone."""
    import shutil  # brings every compressor along, and is not needed before the first paint

    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            entry.unlink()
    return not os.path.lexists(entry)
