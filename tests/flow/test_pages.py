"""Every page of the window and every panel: heard whole, and nothing of it cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtWidgets import QApplication

from app.system.translations import LANGUAGE_VARIABLE
from tests.flow.conftest import OpenProgram
from tests.flow.pages import pages
from tests.support.fit import cut_texts, overlaps, settle, stuck, too_wide
from tests.support.heard import faults
from tests.support.languages import PSEUDO, spoken

SIZES = ((640, 440), (900, 600), (1366, 768))


@pytest.fixture
def language(
    request: pytest.FixtureRequest, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Let the program speak a language when it opens."""
    code: str = request.param
    before = QLocale()
    monkeypatch.setenv(LANGUAGE_VARIABLE, "en" if code == PSEUDO else code)
    if code == PSEUDO:
        with spoken(qapp, PSEUDO):
            yield code
    else:
        yield code
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    QLocale.setDefault(before)


@pytest.mark.slow
@pytest.mark.timeout(90)
@pytest.mark.parametrize("language", ["en", "ar"], indirect=True)
def test_nothing_of_the_window_is_missed_by_ear(
    open_program: OpenProgram, language: str, run_async
) -> None:
    found: list[str] = []

    async def flow() -> None:
        async with open_program() as opened:
            assert opened.window.isRightToLeft() == (language == "ar")
            async for name in pages(opened):
                found.extend(f"{name}: {one}" for one in faults(opened.window))

    run_async(flow(), timeout_s=80)
    assert "\n".join(found) == ""


@pytest.mark.slow
@pytest.mark.timeout(90)
@pytest.mark.parametrize("points", [0, 24])
@pytest.mark.parametrize("language", ["fr", PSEUDO], indirect=True)
def test_nothing_of_any_page_is_cut(
    open_program: OpenProgram, language: str, points: int, run_async
) -> None:
    found: list[str] = []

    async def flow() -> None:
        async with open_program() as opened:
            window = opened.window
            window.resize(QSize(*SIZES[0]))
            await opened.program.rooms.settings.change(font_size_pt=points)
            async for name in pages(opened):
                for size in SIZES:
                    window.resize(QSize(*size))
                    settle()
                    found.extend(f"{name} {size}: {one}" for one in cut_texts(window))
                    found.extend(f"{name} {size}: {one}" for one in too_wide(window))
                    found.extend(f"{name} {size}: {one}" for one in overlaps(window))
                    found.extend(f"{name} {size}: {one}" for one in stuck(window))

    run_async(flow(), timeout_s=80)
    assert "\n".join(found) == ""
