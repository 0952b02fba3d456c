"""Recent files on macOS: in the Dock's menu of the program and in the Apple menu.

Each program has a list of its own there, and may clear it.
"""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from app.system.objective_c import ObjectiveC

_log = logging.getLogger(__name__)


class RecentOnMacos:
    """Puts files into the program's own list, and clears it.

    Attributes:
        needs_window_thread: It belongs to the window's thread, and takes no time.
    """

    needs_window_thread = True

    def __init__(self, runtime: Callable[[], ObjectiveC] = ObjectiveC.here) -> None:
        """Say where it is asked for.

        Args:
            runtime: Gives the runtime of the system.
        """
        self._runtime = runtime

    def note(self, files: Sequence[Path], *, now_ms: int) -> None:  # noqa: ARG002 - macOS has a clock
        """Put files at the top, the last one first."""

        def do(system: ObjectiveC, controller: int) -> None:
            of_urls = system.find("NSURL")
            for file in files:
                url = system.tell(
                    of_urls,
                    "fileURLWithFileSystemRepresentation:isDirectory:relativeToURL:",
                    ctypes.c_char_p(os.fsencode(file.absolute())),
                    ctypes.c_bool(False),  # noqa: FBT003 - only recordings are noted
                    ctypes.c_void_p(None),
                )
                if url:
                    system.tell(controller, "noteNewRecentDocumentURL:", ctypes.c_void_p(url))

        self._do(do)

    def forget(self) -> None:
        """Clear the program's list."""

        def do(system: ObjectiveC, controller: int) -> None:
            system.tell(controller, "clearRecentDocuments:", ctypes.c_void_p(None))

        self._do(do)

    def _do(self, do: Callable[[ObjectiveC, int], None]) -> None:
        try:
            system = self._runtime()
            with system.pool():
                of_controllers = system.find("NSDocumentController")
                do(system, system.tell(of_controllers, "sharedDocumentController"))
        except (OSError, AttributeError) as error:
            _log.info("the recent files of macOS cannot be reached: %s", error)
