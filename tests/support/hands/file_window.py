"""A window with files to drag, and to drop files on, as a file manager shows them.

It is a program of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from typing_extensions import override


class FileLabel(QLabel):
    """A file; dragging it takes its address along."""

    def __init__(self, path: str) -> None:
        super().__init__(path.rpartition("/")[2])
        self._path = path

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(self._path)])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)


class Folder(QWidget):
    """Shows each file that is dropped, and how it begins."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        for url in event.mimeData().urls():
            path = Path(url.toLocalFile())
            label = QLabel(f"{path.name}: {path.read_text('utf-8').strip()}")
            column = self.layout()
            assert column is not None
            column.addWidget(label)


def main() -> int:
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Files")
    window = Folder()
    window.setWindowTitle("Files")
    column = QVBoxLayout(window)
    for path in sys.argv[1:]:
        column.addWidget(FileLabel(path))
    screen = application.primaryScreen().availableGeometry()
    rows = max(2, len(sys.argv[1:]))
    window.setGeometry(screen.right() - 240, 40, 220, 60 * rows)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
