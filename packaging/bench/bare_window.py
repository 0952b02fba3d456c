"""A bare window, to be frozen and measured beside the frozen program."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QMainWindow

application = QApplication(sys.argv[:1])
window = QMainWindow()
window.setWindowTitle("Bare")
window.resize(1100, 700)
window.show()
sys.exit(application.exec())
