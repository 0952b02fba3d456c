"""The desktop's own settings: light, dark and contrast followed while the window is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage

from app.ui.kit.themes import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Theme
from tests.support.hands.desk import Desk
from tests.support.portal import DARK as PREFERS_DARK
from tests.support.portal import LIGHT as PREFERS_LIGHT
from tests.support.portal import Portal

_STEP = 16
"""Every so many pixels one is looked at."""


@pytest.fixture
def portal(desk: Desk) -> Iterator[Portal]:
    made = Portal(desk.bus_address)
    yield made
    made.close()


def most_of(desk: Desk) -> str:
    """Give the colour that more of the screen has than any other."""
    path = desk.folder / "look.png"
    desk.screen.photograph(path)
    picture = QImage(str(path))
    seen = Counter(
        picture.pixelColor(x, y).name()
        for x in range(0, picture.width(), _STEP)
        for y in range(0, picture.height(), _STEP)
    )
    return seen.most_common(1)[0][0]


@pytest.mark.parametrize(("desktop", "theme"), [("GNOME", "gnome"), ("sway", "")])
def test_light_dark_and_contrast_are_followed_live(
    desk: Desk, portal: Portal, desktop: str, theme: str
) -> None:
    portal.set(color_scheme=PREFERS_DARK)
    program = desk.open_program(
        home=desk.folder / (desktop or "none"),
        surroundings={"XDG_CURRENT_DESKTOP": desktop, "QT_QPA_PLATFORMTHEME": theme},
    )

    def is_in(theme: Theme) -> None:
        desk.eye.until(lambda: most_of(desk) == theme.window, f"{theme.name} on {desktop}")

    is_in(DARK)
    portal.set(contrast=1)
    is_in(CONTRAST_DARK)
    portal.set(color_scheme=PREFERS_LIGHT)
    is_in(CONTRAST_LIGHT)
    portal.set(contrast=0)
    is_in(LIGHT)
    portal.set(color_scheme=PREFERS_DARK)
    is_in(DARK)
    portal.set(color_scheme=0)  # no wish: light is what everybody has
    is_in(LIGHT)
    program.leave()
