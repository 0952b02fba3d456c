"""Choose the keys of every action; two that want the same one are shown at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.actions import (
    TRANSCRIBER_KEYS,
    ActionId,
    Actions,
    find_conflicts,
    pack_keys,
    unpack_keys,
)
from app.ui.kit.tokens import SPACE_8, SPACE_12, SPACE_16

_PORTABLE = QKeySequence.SequenceFormat.PortableText


class KeysPage(QWidget):
    """One field an action; a foot pedal acts as keys, so pressing it binds it.

    Signals:
        bindings_changed: ``stored_bindings`` gives what to keep.
    """

    bindings_changed = Signal()

    def __init__(
        self,
        actions: Actions,
        stored: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._fields: dict[ActionId, QKeySequenceEdit] = {}
        self._bindings = {
            action_id: bound_keys(stored, action_id, actions.default_keys(action_id))
            for action_id in actions
        }
        usual = QPushButton(self.tr("Usual keys"))
        usual.setAccessibleName(self.tr("Usual keys"))
        usual.clicked.connect(lambda: self._take({}))
        transcriber = QPushButton(self.tr("Transcriber keys"))
        transcriber.setAccessibleName(self.tr("Transcriber keys"))
        transcriber.setToolTip(self.tr("Esc plays, F1 and F2 skip, F3 and F4 change the speed"))
        transcriber.clicked.connect(lambda: self._take(TRANSCRIBER_KEYS))
        presets = QHBoxLayout()
        presets.setSpacing(SPACE_8)
        presets.addWidget(usual)
        presets.addWidget(transcriber)
        presets.addStretch()
        self._conflict = QLabel()
        self._conflict.setProperty("bad", True)  # noqa: FBT003 - Qt's signature
        self._conflict.setWordWrap(True)
        grid = QGridLayout()
        grid.setVerticalSpacing(SPACE_8)
        grid.setColumnStretch(0, 1)
        for row, action_id in enumerate(actions):
            name = actions.label(action_id)
            field = QKeySequenceEdit()
            field.setAccessibleName(name)
            for inner in field.findChildren(QLineEdit):  # what has the focus inside it
                inner.setAccessibleName(name)
            field.setClearButtonEnabled(True)
            field.setMaximumSequenceLength(1)
            field.setMinimumWidth(180)
            field.keySequenceChanged.connect(self._listener(action_id))
            label = QLabel(name)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignRight)
            self._fields[action_id] = field
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_16, SPACE_12, SPACE_16)
        column.setSpacing(SPACE_12)
        hint = QLabel(
            self.tr("Click a field, then press the keys – or the pedal, which acts as a key.")
        )
        hint.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        hint.setWordWrap(True)
        column.addLayout(presets)
        column.addWidget(hint)
        column.addWidget(self._conflict)
        column.addLayout(grid)
        column.addStretch()
        self._show()

    @property
    def conflicts(self) -> dict[str, tuple[ActionId, ...]]:
        """Keys that two actions want."""
        return find_conflicts(self._bindings)

    def stored_bindings(self) -> tuple[tuple[str, str], ...]:
        """Give what differs from the usual keys, as the settings keep it."""
        return tuple(
            (str(action_id), pack_keys(keys))
            for action_id, keys in self._bindings.items()
            if keys != self._actions.default_keys(action_id)
        )

    def _take(self, preset: Mapping[str, tuple[str, ...]]) -> None:
        for action_id in self._actions:
            usual = self._actions.default_keys(action_id)
            self._bindings[action_id] = tuple(preset.get(action_id, usual))
        self._show()
        self.bindings_changed.emit()

    def _listener(self, action_id: ActionId) -> Callable[[], None]:
        return lambda: self._on_changed(action_id)

    def _on_changed(self, action_id: ActionId) -> None:
        pressed = self._fields[action_id].keySequence().toString(_PORTABLE)
        others = self._bindings[action_id][1:]
        self._bindings[action_id] = (pressed, *others) if pressed else ()
        self._show_conflicts()
        if not self.conflicts:  # two actions with one key would both fall silent
            self.bindings_changed.emit()

    def _show(self) -> None:
        for action_id, field in self._fields.items():
            keys = self._bindings[action_id]
            field.blockSignals(True)  # noqa: FBT003 - Qt's signature
            field.setKeySequence(QKeySequence.fromString(keys[0]) if keys else QKeySequence())
            field.blockSignals(False)  # noqa: FBT003 - Qt's signature
        self._show_conflicts()

    def _show_conflicts(self) -> None:
        lines = [
            self.tr("{keys} is wanted by {actions}; nothing is changed until they differ.")
            .replace("{keys}", key)
            .replace("{actions}", ", ".join(self._actions.label(one) for one in wanted))
            for key, wanted in self.conflicts.items()
        ]
        self._conflict.setText("\n".join(lines))
        self._conflict.setVisible(bool(lines))


def bound_keys(
    stored: Mapping[str, str], action_id: ActionId, usual: tuple[str, ...]
) -> tuple[str, ...]:
    """Give the keys of an action from what the settings keep."""
    kept = stored.get(action_id)
    return usual if kept is None else unpack_keys(kept)
