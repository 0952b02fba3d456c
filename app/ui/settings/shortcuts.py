"""The shortcut sheet: every action with its keys, by group."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.ui.actions import Actions
from app.ui.kit.flow import Flow
from app.ui.kit.in_steps import Between, Steps
from app.ui.kit.margins import margins
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16

_WIDTH, _HEIGHT = 520, 540
_LEAST_HEIGHT = 160
_TEXT_LEAST = 220
_AT_ONCE = 4  # rows; more take longer to make and lay out than a quarter of a picture


class ShortcutSheet(Sheet):
    """Shows the keys in force."""

    def __init__(
        self, actions: Actions, parent: QWidget | None = None, *, is_gradual: bool = False
    ) -> None:
        """Make the sheet.

        Args:
            actions: What has keys.
            parent: The program's window.
            is_gradual: Whether it opens empty, and what is in it is made between events.
        """
        super().__init__(self.tr("Keyboard shortcuts"), parent, width=_WIDTH)
        self.resize(self.grown(_WIDTH), self.grown(_HEIGHT))
        self._actions = actions
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("Keyboard shortcuts"))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setMinimumHeight(_LEAST_HEIGHT)
        self.body.addWidget(self._area)
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)
        self._coming = Between(self, self._fill())
        if not is_gradual:
            self._coming.finish()

    def _fill(self) -> Steps[None]:
        """List the keys, a few at a time; Qt is given each piece of the list whole."""
        pieces = [
            (heading if first == 0 else "", rows[first : first + _AT_ONCE])
            for heading, rows in self._groups()
            for first in range(0, len(rows), _AT_ONCE)
        ]
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(margins(0, 0, SPACE_12, 0))
        column.setSpacing(SPACE_8)
        column.addStretch()
        self._area.setWidget(inner)
        for place, (heading, rows) in enumerate(pieces):
            yield
            piece = QWidget()
            piece.setLayout(_listed(heading, rows, air=SPACE_12 if place else 0))
            # Whole: of what is put into a list that is seen, Qt shows each row on its own, and
            # lays all of the list out anew for each.
            column.insertWidget(place, piece)
            piece.ensurePolished()

    def _groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Give what has keys, by heading."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for action_id in self._actions:
            if keys := self._actions[action_id].shortcuts():
                written = "\n".join(
                    key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys
                )
                group = groups.setdefault(self._actions.group(action_id), [])
                group.append((self._actions.label(action_id), written))
        return [*groups.items(), (self.tr("In the text"), list(self._in_text()))]

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


def _listed(heading: str, rows: Sequence[tuple[str, str]], *, air: int) -> QVBoxLayout:
    """Give a piece of the list.

    Args:
        heading: What stands over it; nothing where it goes on.
        rows: What can be done, and with which keys.
        air: What is left free over the heading.
    """
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_8)
    if heading:
        over = QLabel(heading)
        over.setWordWrap(True)
        over.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        over.setContentsMargins(0, air, 0, SPACE_4)
        column.addWidget(over)
    for what, keys in rows:
        column.addWidget(_row(what, keys))
    return column


def _row(what: str, keys: str) -> Flow:
    """Give what is done, with its keys at the end of the line, or under it."""
    label, shown = QLabel(what), QLabel(keys)
    label.setWordWrap(True)
    shown.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
    shown.setAlignment(Qt.AlignmentFlag.AlignTrailing)
    row = Flow(spacing=SPACE_16)
    row.add(label, grows_from=_TEXT_LEAST)
    row.add(shown)
    return row
