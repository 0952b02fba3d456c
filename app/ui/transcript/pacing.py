"""Large steps reach the page piece by piece, and whatever a person does comes behind them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from typing_extensions import override

from app.core.document import Change
from app.core.pieces import in_pieces
from app.ui.kit.in_steps import Between, Steps

_KIND = QEvent.Type
_DOINGS = frozenset(
    {
        _KIND.KeyPress,
        _KIND.ShortcutOverride,
        _KIND.Shortcut,
        _KIND.InputMethod,
        _KIND.MouseButtonPress,
        _KIND.MouseButtonRelease,
        _KIND.MouseButtonDblClick,
        _KIND.TouchBegin,
        _KIND.ContextMenu,
        _KIND.Drop,
    }
)
"""Events by which a person does something to what is seen."""


class PagePace(QObject):
    """Has the page follow a large step between the events of the window.

    What a person does meanwhile is about the page as it will be: all that is left is shown
    before it is heard of.
    """

    def __init__(self, parent: QObject, is_shown: Callable[[], bool]) -> None:
        """Make it.

        Args:
            parent: When it goes, nothing more is shown.
            is_shown: Tells whether the page shows the step that is taken now already.
        """
        super().__init__(parent)
        self._is_shown = is_shown
        self._coming: Between | None = None

    def pieces(self, change: Change) -> Sequence[Change]:
        """Give a step as pieces that the page follows in a few milliseconds each."""
        return (change,) if self._is_shown() else in_pieces(change)

    def begin(self, steps: Generator[None]) -> None:
        """Take the steps between events."""
        self._coming = Between(self, self._watched(steps))
        self._application.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _DOINGS and self._coming is not None:
            self._coming.finish()
        return False

    def _watched(self, steps: Generator[None]) -> Steps[None]:
        yield from steps
        self._coming = None
        self._application.removeEventFilter(self)

    @property
    def _application(self) -> QObject:
        application = QCoreApplication.instance()
        assert application is not None  # noqa: S101 - there is a page
        return application
