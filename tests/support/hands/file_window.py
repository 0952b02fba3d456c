"""A window with files to drag, as a file manager shows them; a program of its own."""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
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


def main() -> int:
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Files")
    window = QWidget()
    window.setWindowTitle("Files")
    column = QVBoxLayout(window)
    for path in sys.argv[1:]:
        column.addWidget(FileLabel(path))
    screen = application.primaryScreen().availableGeometry()
    window.setGeometry(screen.right() - 240, 40, 220, 60 * len(sys.argv[1:]))
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
