"""What follows the transcript on the page, whichever it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.core.document import Change
from app.core.transcript import Transcript
from app.jobs.open_transcript import OpenTranscript


class Served(QObject):
    """Works on the transcript on the page; it is told when there is another one."""

    def __init__(self, after_ms: int) -> None:
        """Serve nothing yet.

        Args:
            after_ms: So long after the last edit ``look`` is asked for.
        """
        super().__init__()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(after_ms)
        self._soon.timeout.connect(self.look)
        self._opened: OpenTranscript | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    @property
    def opened(self) -> OpenTranscript | None:
        """The transcript on the page."""
        return self._opened

    @property
    def transcript(self) -> Transcript:
        """Its words as they are now."""
        return Transcript(()) if self._opened is None else self._opened.document.transcript

    def serve(self, opened: OpenTranscript | None) -> None:
        """Work on another transcript from now on; ``None`` for none."""
        if opened is self._opened:
            return
        self._unsubscribe()
        self._opened = opened
        self._soon.stop()
        self._unsubscribe = lambda: None
        if opened is not None:
            self._unsubscribe = opened.document.subscribe(self.follow_change)
        self.begin()

    def begin(self) -> None:
        """Take up another transcript."""

    def follow_change(self, change: Change) -> None:  # noqa: ARG002 - for those who look
        """Take up an edit."""
        self._soon.start()

    def look(self) -> None:
        """Count or list anew, some time after an edit."""

    def apply(self, change: Change | None) -> bool:
        """Take a step; gives whether there was anything to do."""
        if self._opened is None or change is None:
            return False
        self._opened.apply(change)
        return True
