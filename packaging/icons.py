"""Draw the program's icon in several sizes: ``python icons.py DRAWING.svg TARGET.png…``.

The size is the name of the folder two above the target, as icon themes have it.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer


def draw(drawing: str, target: str) -> None:
    """Draw one."""
    size = int(Path(target).parents[1].name.partition("x")[0])
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(drawing).render(painter, QRectF(0, 0, size, size))
    painter.end()
    if not image.save(target):
        raise SystemExit(f"{target} could not be written")


if __name__ == "__main__":
    keeps_qt_alive = QGuiApplication(sys.argv[:1])
    for one in sys.argv[2:]:
        draw(sys.argv[1], one)
