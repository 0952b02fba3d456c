"""Objects of macOS, asked through the runtime of Objective-C that every program has there.

By reading Apple's reference only: no macOS was at hand, and this has never run there.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Generator
from typing import Any, Protocol

_LIBRARY = "/usr/lib/libobjc.A.dylib"


class Runtime(Protocol):
    """The functions of the runtime that are used, as ctypes gives them."""

    objc_getClass: Any  # noqa: N815 - Apple's names
    sel_registerName: Any  # noqa: N815
    objc_msgSend: Any  # noqa: N815
    objc_autoreleasePoolPush: Any  # noqa: N815
    objc_autoreleasePoolPop: Any  # noqa: N815


class ObjectiveC:
    """Finds classes and sends messages; what belongs to the window only on its thread."""

    def __init__(self, runtime: Runtime) -> None:
        """Use a runtime."""
        pointer = ctypes.c_void_p
        self._class = _function(runtime.objc_getClass, pointer, ctypes.c_char_p)
        self._selector = _function(runtime.sel_registerName, pointer, ctypes.c_char_p)
        self._push = _function(runtime.objc_autoreleasePoolPush, pointer)
        self._pop = _function(runtime.objc_autoreleasePoolPop, None, pointer)
        self._send = runtime.objc_msgSend

    @classmethod
    def here(cls) -> ObjectiveC:
        """Use the one of this system.

        Raises:
            OSError: It has none.
        """
        library: Any = ctypes.CDLL(_LIBRARY)
        return cls(library)

    def find(self, name: str) -> int:
        """Give a class.

        Raises:
            OSError: What has it is not loaded.
        """
        found = self._class(name.encode())
        if not found:
            raise OSError(f"no class {name}")
        return found

    def tell(self, whom: int, what: str, *given: Any) -> int:
        """Send a message that answers with an object, or with nothing.

        Args:
            whom: An object or a class.
            what: The message, with a colon for each thing given.
            given: What goes with it, as ctypes has it.

        Returns:
            The object, which lives as long as the pool; 0 for none.
        """
        if what.count(":") != len(given):
            raise ValueError(what)
        pointer = ctypes.c_void_p
        kinds: list[Any] = [type(one) for one in given]
        answer = _function(self._send, pointer, pointer, pointer, *kinds)(
            whom, self._selector(what.encode()), *given
        )
        return answer or 0

    @contextlib.contextmanager
    def pool(self) -> Generator[None]:
        """Let go afterwards of what was answered within."""
        pool = self._push()
        try:
            yield
        finally:
            self._pop(pool)


def _function(one: Any, gives: Any, *takes: Any) -> Any:
    """Give a function with what it takes; the same one stands for messages of all kinds."""
    kind: Any = ctypes.CFUNCTYPE(gives, *takes)
    return kind(ctypes.cast(one, ctypes.c_void_p).value)
