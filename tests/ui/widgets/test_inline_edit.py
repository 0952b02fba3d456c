from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.ui.widgets.inline_edit import InlineEdit


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
    editor.kept.connect(kept.append)
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
    editor.kept.connect(kept.append)
    editor.setText("Other")
    editor.finish()
    editor.finish()
    assert kept == ["Other"]
