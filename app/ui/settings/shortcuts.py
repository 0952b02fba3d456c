"""The shortcut sheet: every action with its keys, by group."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from app.ui.actions import Actions
from app.ui.kit.margins import margins
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_24


class ShortcutSheet(Sheet):
    """Shows the keys in force."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Keyboard shortcuts"), parent, width=520)
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(margins(0, 0, SPACE_12, 0))
        grid.setHorizontalSpacing(SPACE_24)
        grid.setVerticalSpacing(SPACE_8)
        grid.setColumnStretch(0, 1)
        last = ""
        row = 0
        for action_id in actions:
            keys = actions[action_id].shortcuts()
            if not keys:
                continue
            group = actions.group(action_id)
            if group != last:
                heading = QLabel(group)
                heading.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
                heading.setContentsMargins(0, SPACE_12 if row else 0, 0, SPACE_4)
                grid.addWidget(heading, row, 0, 1, 2)
                last, row = group, row + 1
            written = "\n".join(
                key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys
            )
            label = QLabel(actions.label(action_id))
            label.setWordWrap(True)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            shown = QLabel(written)
            shown.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
            shown.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(
                shown, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            )
            row += 1
        self._list_keys_in_text(grid, row)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Keyboard shortcuts"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setMinimumHeight(380)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        inner.ensurePolished()  # with the sizes of the program's sheet, not the system's
        room = area.verticalScrollBar().sizeHint().width()
        area.setMinimumWidth(inner.minimumSizeHint().width() + room)
        self.body.addWidget(area)
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)

    def _list_keys_in_text(self, grid: QGridLayout, row: int) -> None:
        heading = QLabel(self.tr("In the text"))
        heading.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        heading.setContentsMargins(0, SPACE_12, 0, SPACE_4)
        grid.addWidget(heading, row, 0, 1, 2)
        for what, keys in self._in_text():
            row += 1
            label, shown = QLabel(what), QLabel(keys)
            label.setWordWrap(True)
            shown.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(
                shown, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            )

    def _in_text(self) -> tuple[tuple[str, str], ...]:
        """Give what the keys of any editor do here, and the pointer."""
        return (
            (self.tr("Start a new paragraph"), self.tr("Return")),
            (self.tr("Merge with the paragraph before"), self.tr("Backspace at its start")),
            (self.tr("Merge with the paragraph after"), self.tr("Delete at its end")),
            (
                self.tr("Move the cursor and playback there (Settings, Typing)"),
                self.tr("Click a word"),
            ),
            (self.tr("Play from there"), self.tr("Ctrl+click a word")),
            (self.tr("Select the word to type over it"), self.tr("Double-click")),
            (self.tr("Rename a speaker"), self.tr("Click a name")),
            (self.tr("Type a space; outside the text, play or pause"), self.tr("Space")),
        )
