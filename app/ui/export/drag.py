"""Drag something out of the window as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QMimeData,
    QModelIndex,
    QObject,
    QPoint,
    QStringListModel,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QListView, QMenu, QWidget
from typing_extensions import override


class FileDrag(QListView):
    """A list of one file that nobody sees: Qt's own lists know how to begin a drag.

    ``QDrag`` itself could only be run in a loop of its own.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files = _FileModel(self)
        self.setModel(self._files)
        self.setAccessibleName(self.tr("File being dragged"))
        self.hide()

    def begin(self, path: Path) -> None:
        """Drag a file; returns once it was dropped."""
        self._files.setStringList([str(path)])
        self.selectAll()
        self.startDrag(Qt.DropAction.CopyAction)


class _FileModel(QStringListModel):
    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in self.stringList()])
        return data

    @override
    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction


@dataclass(frozen=True, slots=True)
class DragHandles:
    """What stands for the transcript on the page, and is dragged to get it as a file.

    Attributes:
        export_button: *Export*; it gets a menu of the ways to export, too.
        title: The transcript's name.
        copy_menu: Gets the forms in which text can be copied.
        folder: Gives a folder for files that are dragged out.
    """

    export_button: QAbstractButton
    title: QWidget
    copy_menu: QMenu
    folder: Callable[[], Path]


class DragWatch(QObject):
    """Notices when somebody drags a widget.

    Signals:
        drag_wanted: The button is down and the pointer has moved away.
    """

    drag_wanted = Signal()

    def __init__(self, widgets: Sequence[QWidget], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pressed_at: QPoint | None = None
        for widget in widgets:
            widget.installEventFilter(self)

    @property
    def is_held(self) -> bool:
        """Whether the button is still down."""
        return bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        is_button = isinstance(watched, QAbstractButton)
        if kind is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
            return not is_button  # a label would pass the pointer's moves on
        if kind is QEvent.Type.MouseButtonRelease:
            self._pressed_at = None
        elif kind is QEvent.Type.MouseMove and self._pressed_at is not None:
            moved = event.position().toPoint() - self._pressed_at
            if moved.manhattanLength() >= QApplication.startDragDistance():
                self._pressed_at = None
                if isinstance(watched, QAbstractButton):
                    watched.setDown(False)  # letting go is no click any more
                self.drag_wanted.emit()
                return True
        return False
