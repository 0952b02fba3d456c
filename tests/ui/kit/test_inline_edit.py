from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.ui.kit.inline_edit import InlineEdit


class Host(QWidget):
    """Notes the keys that reach it."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())


def opened(qtbot: QtBot, text: str = "Talk") -> tuple[Host, InlineEdit]:
    host = Host()
    qtbot.addWidget(host)
    host.resize(500, 300)
    editor = InlineEdit(host)
    host.show()
    editor.open(text, QRect(20, 40, 60, 20), "Name")
    return host, editor


def test_return_is_not_seen_by_what_lies_beneath(qtbot: QtBot) -> None:
    host, editor = opened(qtbot)
    kept: list[str] = []
    editor.accepted.connect(kept.append)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
        editor.open("Talk", QRect(20, 40, 60, 20), "Name")
        editor.setText("Other")
        qtbot.keyClick(editor, key)
        assert not editor.isVisible()
    assert host.keys == []
    assert kept == ["Other", "Other"]


def test_finish_keeps_the_text_once(qtbot: QtBot) -> None:
    _, editor = opened(qtbot)
    kept: list[str] = []
    editor.accepted.connect(kept.append)
    editor.setText("Other")
    editor.finish()
    editor.finish()
    assert kept == ["Other"]


def room_for_text(editor: InlineEdit) -> int:
    return editor.width() - 2 * 8


def test_it_is_as_wide_as_what_it_asks_for_and_grows_with_what_is_typed(qtbot: QtBot) -> None:
    host, editor = opened(qtbot)
    asked = "Tags, with commas, as many as you like"
    editor.open("", QRect(20, 40, 60, 20), asked)
    metrics = editor.fontMetrics()
    assert room_for_text(editor) > metrics.horizontalAdvance(asked)
    typed = "a much longer text than there was before, typed"
    editor.setText(typed)
    assert room_for_text(editor) > metrics.horizontalAdvance(typed)
    editor.setText(typed * 5)
    assert host.rect().contains(editor.geometry())


def test_the_focus_goes_back_to_what_had_it_before(qtbot: QtBot) -> None:
    host, editor = opened(qtbot)  # which takes no focus itself
    page = QLineEdit(host)
    page.show()
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        page.setFocus()
        editor.open("Talk", QRect(20, 40, 60, 20), "Name")
        qtbot.keyClick(editor, key)
        assert host.focusWidget() is page
