"""Start a program and end it as soon as its first window is painted.

Run as a child by ``startup.py``: ``python first_paint.py app|bare``. The program knows
nothing of it: its QApplication is one that looks for the first paint event.
"""

from __future__ import annotations

import os
import sys
import time

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, QTimer
from typing_extensions import override


class _FirstPaint(QObject):
    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.Paint
            and isinstance(watched, QtWidgets.QWidget)
            and watched.isWindow()
        ):
            # The filter comes before the painting: the next turn of the loop is after it.
            QTimer.singleShot(0, self._report)
        return False

    def _report(self) -> None:
        print(f"painted {time.monotonic_ns()}", flush=True)
        os._exit(0)  # how long closing takes is not the question


class _Watched(QtWidgets.QApplication):
    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self._first_paint = _FirstPaint()
        self.installEventFilter(self._first_paint)


def main(which: str) -> int:
    """Start the program or the bare window."""
    if which == "bare":
        application = _Watched(sys.argv[:1])
        window = QtWidgets.QMainWindow()
        window.resize(1100, 700)
        window.show()
        return application.exec()
    QtWidgets.QApplication = _Watched
    from app.__main__ import main as program

    return program([])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
