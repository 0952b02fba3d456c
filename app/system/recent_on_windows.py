"""Recent files on Windows: in the list of the program's button, in Explorer, in *Recommended*.

By reading Microsoft's reference only: no Windows was at hand, and this has never run there.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import uuid
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

from app.system.com import ComObject, refusal

_log = logging.getLogger(__name__)
_BY_PATH = 3
"""``SHARD_PATHW``: a file is named by its path."""
_ONE_THREAD_NO_DDE = 0x2 | 0x4
_CLASS = uuid.UUID("86c14003-4d6b-4ef3-a7b4-0506663b2e68")
_INTERFACE = uuid.UUID("12337d35-94c6-48a0-bce7-6a9c69d4d600")
_REMOVE_ALL = 5
"""Place in the table of ``IApplicationDestinations``."""


class RecentOnWindows:
    """Puts files into the lists, and empties that of the program's button; both block.

    Explorer's own list keeps what it has: it can only be cleared whole, for all programs.

    Attributes:
        needs_window_thread: It may ask a disk, so it has no place there.
    """

    needs_window_thread = False

    def __init__(
        self,
        load: Callable[[str], Any] | None = None,
        make: Callable[..., Any] | None = None,
    ) -> None:
        """Say whom to ask.

        Args:
            load: Gives a library of Windows by its name; as this system does if left out.
            make: Makes a type of function as Windows calls them; likewise.
        """
        self._load = load or _library
        self._make = make

    def note(self, files: Sequence[Path], *, now_ms: int) -> None:  # noqa: ARG002 - Windows has a clock
        """Put files at the top, the last one first."""

        def do() -> None:
            shell = self._load("shell32")
            for file in files:
                path = ctypes.c_wchar_p(str(file.absolute()))
                shell.SHAddToRecentDocs(ctypes.c_uint(_BY_PATH), path)

        self._do(do)

    def forget(self) -> None:
        """Empty the list of the program's button."""

        def do() -> None:
            listed = ComObject.create(
                _CLASS,
                _INTERFACE,
                "IApplicationDestinations",
                ole=self._load("ole32"),
                make=self._make,
            )
            try:
                listed.call(_REMOVE_ALL)
            finally:
                listed.release()

        self._do(do)

    def _do(self, do: Callable[[], None]) -> None:
        try:
            with self._introduced():
                do()
        except (OSError, AttributeError) as error:
            _log.info("the recent files of Windows cannot be reached: %s", error)

    @contextlib.contextmanager
    def _introduced(self) -> Generator[None]:
        """Introduce this thread to COM for as long as it asks."""
        ole = self._load("ole32")
        answer = ole.CoInitializeEx(None, ctypes.c_uint(_ONE_THREAD_NO_DDE))
        if answer < 0:
            raise refusal("CoInitializeEx", answer)
        try:
            yield
        finally:
            ole.CoUninitialize()


def _library(name: str) -> Any:
    return ctypes.WinDLL(name)
