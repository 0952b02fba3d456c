"""Every text of every dialog as it is painted: its colour against what is behind it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.core.preferences import ThemeChoice
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Switch
from app.ui.kit.sheet import Sheet
from tests.support.seen import is_offered
from tests.ui.showroom import DIALOGS, pages_of

SCALE = 3
"""Drawn so much larger, that strokes have a middle which nothing behind them shines through."""
LEAST = 4.5
ROUNDING = 0.15
"""Fonts are smoothed, so the darkest of a stroke may be a shade lighter than its colour."""
STEPS = 10_000
Pixels = npt.NDArray[np.uint16]
"""Luminance in so many steps."""
LOOKS = (ThemeChoice.LIGHT, ThemeChoice.DARK, ThemeChoice.HIGH_CONTRAST)


def luminance(image: QImage) -> Pixels:
    """Give the relative luminance of every pixel, as WCAG reckons it."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint8)
    rows = raw.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width(), :3]
    table = np.arange(256) / 255
    table = np.where(table <= 0.04045, table / 12.92, ((table + 0.055) / 1.055) ** 2.4)
    shares = STEPS * np.outer((0.0722, 0.7152, 0.2126), table)  # blue comes first
    blue, green, red = shares.astype(np.float32)
    whole = blue[rows[..., 0]] + green[rows[..., 1]] + red[rows[..., 2]]
    return whole.round().astype(np.uint16)


def contrast_in(pixels: Pixels) -> float:
    """Give the contrast of what stands out most against what there is most of."""
    counts = np.bincount(pixels.ravel())
    ground = counts.argmax() / STEPS
    values = counts.nonzero()[0] / STEPS
    ratios = (np.maximum(values, ground) + 0.05) / (np.minimum(values, ground) + 0.05)
    return float(ratios.max())


def painted(widget: QWidget) -> Pixels:
    image = QImage(widget.size() * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    widget.render(image)
    return luminance(image)


def texts(top: QWidget) -> Iterator[tuple[QWidget, QRect]]:
    """Give each thing with text that is seen whole, and where its text is."""
    for one in top.findChildren(QWidget):
        if not isinstance(one, QLabel | QAbstractButton) or not one.text().strip():
            continue
        if not one.isVisibleTo(top) or not is_offered(one) or one.window() is not top:
            continue
        place = QRect(one.mapTo(top, QPoint(0, 0)), one.size())
        if isinstance(one, QAbstractButton):
            left = 40 if isinstance(one, Switch) else 4  # beside what is drawn before it
            place.adjust(left, 4, -4, -4)
        seen = one.visibleRegion().boundingRect().size()
        if top.rect().contains(place) and seen == one.size() and not place.isEmpty():
            yield one, place


@pytest.mark.slow
@pytest.mark.timeout(90)
@pytest.mark.parametrize("look", LOOKS)
def test_every_text_of_every_dialog_can_be_read(
    appearance: Appearance, qtbot: QtBot, look: ThemeChoice
) -> None:
    appearance.choose(look)
    actions = Actions(appearance)
    pale: list[str] = []
    # One that is closed must not be collected while the next one comes up.
    kept: list[QWidget] = []
    looked_at = 0
    for name, make in DIALOGS.items():
        dialog = make(appearance, actions)
        kept.append(dialog)
        qtbot.addWidget(dialog)
        if isinstance(dialog, Sheet):
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialog.show()
        qtbot.waitExposed(dialog)
        dialog.resize(dialog.size().expandedTo(QSize(900, 700)))
        QApplication.sendPostedEvents()
        for page in pages_of(dialog):
            pixels = painted(dialog)
            for one, place in texts(dialog):
                top, left = place.top() * SCALE, place.left() * SCALE
                height, width = place.height() * SCALE, place.width() * SCALE
                found = contrast_in(pixels[top : top + height, left : left + width])
                looked_at += 1
                if found < LEAST - ROUNDING:
                    text = one.text() if isinstance(one, QLabel | QAbstractButton) else ""
                    pale.append(f"{name} {page}: {text!r} {found:.2f}")
        dialog.close()
    assert looked_at > 200
    assert "\n".join(pale) == ""
