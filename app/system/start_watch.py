"""Where a start stands that never comes up: every thread's stack, in the log of crashes.

A start that hangs tells nothing by itself: no window, no line in the log. The watch needs
neither Python's lock nor a loop, so it writes whatever the program is waiting for.
"""

from __future__ import annotations

import contextlib
import faulthandler
from pathlib import Path
from typing import TextIO

LONGEST_START_S = 20.0
CRASH_NAME = "crash.log"
"""The file in the folder of logs that takes what Python itself can no longer write."""


class StartWatch:
    """Writes the stacks of all threads unless the start is over in time; silent otherwise.

    There is one for the whole process. A file that cannot be written is no reason not to
    start.
    """

    _file: TextIO | None = None

    @classmethod
    def begin(cls, logs: Path, longest_s: float = LONGEST_START_S) -> None:
        """Begin to wait.

        Args:
            logs: The folder of logs.
            longest_s: How long a start may take.
        """
        cls.end()
        with contextlib.suppress(OSError):
            logs.mkdir(parents=True, exist_ok=True)
            cls._file = (logs / CRASH_NAME).open("a", encoding="utf-8")
            faulthandler.dump_traceback_later(longest_s, file=cls._file)

    @classmethod
    def end(cls) -> None:
        """Wait no longer: the program is up, ends, or waits for a person."""
        if cls._file is not None:
            faulthandler.cancel_dump_traceback_later()
            cls._file.close()
            cls._file = None
