"""What every way to record has to offer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

from app.core.errors import RecordingError
from app.core.messages import message
from app.core.take import Device, Source, SourceKind

if TYPE_CHECKING:  # only the process that records needs it
    import numpy as np
    from numpy.typing import NDArray

Block: TypeAlias = "NDArray[np.int16]"
OnBlock: TypeAlias = Callable[[Block], None]
"""Takes one channel of 16 bit at 48 kHz, in whatever thread the sound comes in; quick."""
OnEnd = Callable[[str], None]
"""Is told, once and in any thread, that a source ended by itself, and what was said of it."""

NO_SOUND_SYSTEM = message("The sound system of this computer cannot be reached. Try again.")


class Stream(Protocol):
    """A source that is being recorded."""

    def where(self) -> str | None:
        """Give the name of the device the sound really comes from.

        A sound server may move a stream to another device without a word. ``None`` where
        that cannot be told. What records whatever the computer plays goes along with it
        here, when that goes to another device.
        """
        ...

    def close(self) -> None:
        """Stop; no block comes afterwards."""
        ...


class Backend(Protocol):
    """A way to the sound devices of one system."""

    def devices(self) -> list[Device]:
        """Give what can be recorded now; blocks.

        Raises:
            RecordingError: The sound system cannot be reached.
        """
        ...

    def open(self, source: Source, on_block: OnBlock, on_end: OnEnd) -> Stream:
        """Begin to record a source; blocks until it is open.

        Raises:
            RecordingError: It cannot be opened; the sentence says what to do.
        """
        ...


def no_device(source: Source) -> RecordingError:
    """Make the error for a device that is not there."""
    if source.device:
        return RecordingError(
            "The chosen device is gone. Plug it in or choose another.",
            details=source.device,
        )
    if source.kind is SourceKind.COMPUTER:
        return RecordingError(
            "This computer has nothing to play sound on. Connect speakers or headphones, then "
            "try again."
        )
    return RecordingError("There is no microphone. Plug one in and try again.")
