"""How far the work is, painted over the icon in the Dock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.ui.queue.dock import DockIcon
from app.ui.queue.taskbar import way_of

_FILL, _TRACK = "#ffffff", "#202124"
_MIDDLE = 216  # of the bar, from above


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def is_rtl(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[bool]:
    before = qapp.layoutDirection()
    qapp.setLayoutDirection(request.param)
    yield request.param is Qt.LayoutDirection.RightToLeft
    qapp.setLayoutDirection(before)


def bar_of(icon: QIcon) -> list[str]:
    """Give the colours along the bar, within its rim."""
    image = icon.pixmap(256, 256, mode=QIcon.Mode.Normal).toImage()
    assert (image.width(), image.height()) == (256, 256)
    return [image.pixelColor(x, _MIDDLE).name() for x in range(34, 222)]


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_the_bar_is_filled_from_where_reading_begins(share: float, is_rtl: bool) -> None:
    shown: list[QIcon] = []
    DockIcon(shown.append).show(share)
    bar = bar_of(shown[0])
    done = bar[::-1] if is_rtl else bar
    filled = round(len(done) * share)
    assert set(done[: filled - 8]) == {_FILL}
    assert set(done[filled + 8 :]) <= {_TRACK}
    assert bar.count(_FILL) == pytest.approx(filled, abs=8)


def test_above_the_bar_stands_the_icon_and_in_the_end_the_icon_alone() -> None:
    shown: list[QIcon] = []
    dock = DockIcon(shown.append)
    dock.show(0.1)
    dock.show(0.9)
    dock.show(None)
    early, late = (one.pixmap(256, 256).toImage().copy(0, 0, 256, 190) for one in shown[:2])
    assert early == late
    assert early.pixelColor(128, 100).alpha() == 255
    assert shown[2].isNull()


def test_the_dock_is_the_way_of_macos_alone() -> None:
    assert isinstance(getattr(way_of("darwin"), "__self__", None), DockIcon)
    for platform in ("linux", "win32"):
        assert not isinstance(getattr(way_of(platform), "__self__", None), DockIcon)
