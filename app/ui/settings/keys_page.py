"""Choose the keys of every action; two that want the same one are shown at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
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
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import SPACE_8, SPACE_12, SPACE_16
from app.ui.settings.key_button import KeyButton

_PORTABLE = QKeySequence.SequenceFormat.PortableText


class KeysPage(QWidget):
    """One button an action: press it, then the keys, or the pedal, which acts as keys.

    Signals:
        bindings_changed: ``stored_bindings`` gives what to keep.
    """

    bindings_changed = Signal()

    def __init__(
        self,
        appearance: Appearance,
        actions: Actions,
        stored: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._buttons: dict[ActionId, KeyButton] = {}
        self._clear: dict[ActionId, QToolButton] = {}
        self._bindings = {
            action_id: bound_keys(stored, action_id, actions.default_keys(action_id))
            for action_id in actions
        }
        usual = QPushButton(self.tr("Default keys"))
        usual.setAccessibleName(self.tr("Default keys"))
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
            button = self._buttons[action_id] = KeyButton(name)
            button.keys_pressed.connect(partial(self._on_pressed, action_id))
            clear = self._clear[action_id] = QToolButton()
            clear.setAccessibleName(self.tr("No keys for {action}").replace("{action}", name))
            clear.setToolTip(clear.accessibleName())
            clear.clicked.connect(partial(self._on_pressed, action_id, QKeySequence()))
            appearance.apply_icon(clear, "close", "muted")
            label = QLabel(name)
            label.setWordWrap(True)
            grid.addWidget(label, row, 0)
            grid.addWidget(button, row, 1)
            grid.addWidget(clear, row, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_16, SPACE_12, SPACE_16)
        column.setSpacing(SPACE_12)
        hint = QLabel(self.tr("Press a button, then the keys or your foot pedal. Esc cancels."))
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

    def _on_pressed(self, action_id: ActionId, keys: QKeySequence, *_: object) -> None:
        pressed = keys.toString(_PORTABLE)
        others = self._bindings[action_id][1:]
        self._bindings[action_id] = (pressed, *others) if pressed else ()
        self._show()
        if not self.conflicts:  # two actions with one key would both fall silent
            self.bindings_changed.emit()

    def _show(self) -> None:
        for action_id, button in self._buttons.items():
            keys = self._bindings[action_id]
            button.show_keys(QKeySequence.fromString(keys[0]) if keys else QKeySequence())
            clear = self._clear[action_id]
            if not keys and clear.hasFocus():  # it is about to be grey
                button.setFocus()
            clear.setEnabled(bool(keys))
        self._show_conflicts()

    def _show_conflicts(self) -> None:
        lines = [
            self.tr("{keys} is used by {actions}. Nothing changes until each has its own keys.")
            .replace("{keys}", key)
            .replace("{actions}", ", ".join(self._actions.label(one) for one in wanted))
            for key, wanted in self.conflicts.items()
        ]
        self._conflict.setText("\n".join(lines))
        announce(self._conflict, self._conflict.text())
        self._conflict.setVisible(bool(lines))


def bound_keys(
    stored: Mapping[str, str], action_id: ActionId, usual: tuple[str, ...]
) -> tuple[str, ...]:
    """Give the keys of an action from what the settings keep."""
    kept = stored.get(action_id)
    return usual if kept is None else unpack_keys(kept)
