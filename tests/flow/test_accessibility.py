"""What assistive technology finds: a name and a role for whatever can have the focus."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QSplitter,
    QTabWidget,
    QWidget,
)

from app.core.job import JobState
from app.core.options import ModelId, TranscriptionOptions
from app.ui.actions import ActionId
from app.ui.kit.tab_order import stops
from app.ui.stage import Page
from tests.flow.conftest import Opened, OpenProgram
from tests.support.fake_waves import FakeWaves, Fault, Heard
from tests.support.heard import faults
from tests.support.waiting import until

TALK = [Heard("Who", 0.1, 0.3, 0), Heard("speaks?", 0.3, 0.7, 0), Heard("I.", 0.9, 1.0, 1)]


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_everything_that_can_have_the_focus_has_a_name_and_a_role(
    open_program: OpenProgram,
    run_async,
    fake_waves: FakeWaves,
    clips: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SMALLEST_API_KEY", fake_waves.key)
    monkeypatch.setenv("WORDLIGHT_BASE_URL", fake_waves.address)
    fake_waves.answer = TALK
    fake_waves.script(None, Fault.status(403, {"error": "Your plan lacks this model."}))

    async def flow() -> None:
        async with open_program() as opened:
            window, actions = opened.window, opened.program.front.actions
            assert faults(window) == []
            window.activateWindow()
            await until(lambda: QApplication.focusWidget() is not None)
            first = QApplication.focusWidget()
            assert first is not None
            assert first.accessibleName()
            await _transcribed(opened, clips)
            assert faults(window) == []
            _reads_like_a_page(opened)
            actions[ActionId.FIND].trigger()
            assert faults(window) == []
            opened.queue.select(opened.jobs[1].job_id)
            await until(lambda: window.page is Page.JOB)
            assert faults(window) == []
            opened.options.more_button.click()
            assert faults(opened.options.more) == []
            opened.options.more.hide()
            for wish in (ActionId.SETTINGS, ActionId.MODELS, ActionId.SHORTCUTS):
                await _opens(opened, actions[wish].trigger)
            for wish in (ActionId.ADD_URL, ActionId.DETAILS):
                await _opens(opened, actions[wish].trigger)
            await _opens(opened, opened.program.rooms.keys.open)
            opened.queue.select(opened.jobs[0].job_id)
            await until(lambda: window.page is Page.TRANSCRIPT)
            await _opens(opened, actions[ActionId.EXPORT].trigger)
            actions[ActionId.LIBRARY].trigger()
            await until(lambda: window.page is Page.LIBRARY)
            assert faults(window) == []

    run_async(flow(), timeout_s=120)


@pytest.mark.slow
@pytest.mark.timeout(100)
def test_the_tab_key_reaches_every_control_of_the_window(
    open_program: OpenProgram,
    run_async,
    fake_waves: FakeWaves,
    clips: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SMALLEST_API_KEY", fake_waves.key)
    monkeypatch.setenv("WORDLIGHT_BASE_URL", fake_waves.address)
    fake_waves.answer = TALK
    fake_waves.script(None, Fault.status(403, {"error": "Your plan lacks this model."}))

    async def flow() -> None:
        async with open_program() as opened:
            window = opened.window
            assert missed_by_tab(window) == []
            await _transcribed(opened, clips)
            assert missed_by_tab(window) == []
            assert backwards_by_tab(window) == []
            opened.program.front.actions[ActionId.LIBRARY].trigger()
            await until(lambda: window.page is Page.LIBRARY)
            assert missed_by_tab(window) == []

    run_async(flow(), timeout_s=80)


def backwards_by_tab(window: QWidget) -> list[str]:
    """Press Tab from the first control of the head on, and say what goes back up in a pane."""
    next(iter(stops(window))).setFocus()
    gone: list[QWidget] = []
    while (now := QApplication.focusWidget()) is None or now not in gone:
        if now is not None:
            gone.append(now)
        QTest.keyClick(now or window, Qt.Key.Key_Tab)
    found: list[str] = []
    for before, after in pairwise(gone):
        one, other = (QRect(w.mapToGlobal(QPoint()), w.size()) for w in (before, after))
        is_above = pane_of(before) is pane_of(after) and other.bottom() <= one.top()
        is_beside = before.parent() is after.parent() and other.top() < one.bottom()
        if floats(after):  # it has no place among what it lies over, and comes last
            continue
        if is_above or (is_beside and other.left() < one.left()):
            found.append(f"{after.accessibleName()} after {before.accessibleName()}")
    return found


def floats(widget: QWidget) -> bool:
    """Tell whether something lies over what stands beneath it."""
    one: QWidget | None = widget
    while one is not None and not one.property("floats"):
        one = one.parentWidget()
    return one is not None


def pane_of(widget: QWidget) -> QWidget | None:
    """Give the pane of the window that something stands in."""
    pane, one = None, widget
    while (parent := one.parentWidget()) is not None:
        pane = one if isinstance(parent, QSplitter) else pane
        one = parent
    return pane


def missed_by_tab(window: QWidget) -> list[str]:
    """Press Tab until it comes round, and say what can have the focus and never had it."""
    window.activateWindow()
    reached: list[QWidget] = []
    while (now := QApplication.focusWidget()) is None or now not in reached:
        if now is not None:
            reached.append(now)
        QTest.keyClick(now or window, Qt.Key.Key_Tab)
    return [
        f"{type(one).__name__} {one.accessibleName()}"
        for one in window.findChildren(QWidget)
        if one.isVisible()
        and one.isEnabled()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.focusProxy() is None
        and one not in reached
        and not isinstance(one.parent(), (QComboBox, QAbstractSpinBox))
    ]


async def _transcribed(opened: Opened, clips: Path) -> None:
    """Bring one recording to the page, and have the service refuse another."""
    panel = opened.options
    panel.show_options(TranscriptionOptions(model=ModelId.PULSE, diarize=True))
    for count, name in enumerate(("lj001-0008", "lj001-0002"), start=1):
        opened.drop(clips / f"{name}.flac")
        await opened.at_rest(count)
    assert [job.state for job in opened.jobs] == [JobState.DONE, JobState.NEEDS_ATTENTION]
    await opened.shown(opened.jobs[0])
    await until(lambda: opened.session.player.path is not None)


def _reads_like_a_page(opened: Opened) -> None:
    """The transcript gives its text and where the caret is; the player where it plays."""
    page = QAccessible.queryAccessibleInterface(opened.named(QWidget, "Transcript"))
    assert page is not None
    text = page.textInterface()
    assert text is not None
    assert "Who speaks?" in text.text(0, text.characterCount())
    assert 0 <= text.cursorPosition() <= text.characterCount()
    slider = QAccessible.queryAccessibleInterface(opened.named(QWidget, "Position"))
    assert slider is not None
    assert slider.role() is QAccessible.Role.Slider
    value = slider.valueInterface()
    assert value is not None
    opened.session.seek(1_200)
    assert (value.currentValue(), value.maximumValue()) == (1, 1)  # whole seconds


async def _opens(opened: Opened, wish: Callable[[], object]) -> None:
    """Open a dialog, look at each of its pages, and close it."""

    def dialogs() -> list[QDialog]:
        return [one for one in opened.window.findChildren(QDialog) if one.isVisible()]

    wish()
    await until(dialogs)
    (dialog,) = dialogs()
    await _is_whole(dialog)
    assert faults(dialog) == []
    for tabs in dialog.findChildren(QTabWidget):
        for page in range(tabs.count()):
            tabs.setCurrentIndex(page)
            assert faults(dialog) == [], tabs.tabText(page)
    dialog.close()
    await until(lambda: not dialogs())


async def _is_whole(dialog: QDialog) -> None:
    """Wait until nothing of a dialog is made any more and all of it has its place."""
    before: list[QRect] = []

    def is_so() -> bool:
        nonlocal before
        steps = (one for one in dialog.findChildren(QTimer) if one.isActive())
        is_coming = any(one.interval() == 0 for one in steps)
        was, before = before, [one.geometry() for one in dialog.findChildren(QWidget)]
        return not is_coming and was == before

    await until(is_so)
