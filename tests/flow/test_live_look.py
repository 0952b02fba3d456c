"""A theme that changes while a page stands there repaints all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from app.core.preferences import ThemeChoice
from tests.flow.conftest import Opened, OpenProgram
from tests.flow.pages import pages
from tests.support.fit import settle
from tests.support.live_look import stale

SIZE = QSize(1366, 900)


def pictured(opened: Opened) -> QImage:
    settle()
    return opened.window.grab().toImage()


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.usefixtures("still_caret")
def test_no_page_keeps_a_colour_of_the_theme_before(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    found: list[str] = []
    made_so: dict[str, QImage] = {}

    async def built() -> None:
        home = tmp_path / "built"
        async with open_program(home=home) as opened:
            await opened.program.rooms.settings.change(theme=ThemeChoice.DARK)
        async with open_program(home=home) as opened:
            opened.window.resize(SIZE)
            async for name in pages(opened):
                made_so[name] = pictured(opened)

    async def switched() -> None:
        async with open_program(home=tmp_path / "switched") as opened:
            opened.window.resize(SIZE)
            settings = opened.program.rooms.settings
            async for name in pages(opened):
                await settings.change(theme=ThemeChoice.DARK)
                left = stale(pictured(opened), made_so[name])
                found.extend([f"{name}: {left}"] if left else [])
                await settings.change(theme=ThemeChoice.LIGHT)

    run_async(built(), timeout_s=80)
    run_async(switched(), timeout_s=80)
    assert len(made_so) > 10
    assert "\n".join(found) == ""
