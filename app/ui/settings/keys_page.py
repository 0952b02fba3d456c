"""Choose the keys of every action; two that want the same one are shown at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

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
from app.ui.kit.flow import Flow
from app.ui.kit.in_steps import Steps
from app.ui.kit.long_button import LongButton
from app.ui.kit.margins import margins
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8, SPACE_12, SPACE_16
from app.ui.settings.finding import Wanted
from app.ui.settings.key_button import KeyButton
from app.ui.settings.key_row import KeyRow

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
        """Make it without its rows, which ``fill`` makes.

        Args:
            appearance: Colours its icons.
            actions: What can be done.
            stored: The keys that differ from the usual ones, as the settings keep them.
            parent: What it is put into.
        """
        super().__init__(parent)
        self._actions = actions
        self._appearance = appearance
        self._labels: dict[ActionId, QLabel] = {}
        self._reset: dict[ActionId, QToolButton] = {}
        self._buttons: dict[ActionId, KeyButton] = {}
        self._clear: dict[ActionId, QToolButton] = {}
        self._rows: dict[ActionId, KeyRow] = {}
        self._bindings = {
            action_id: bound_keys(stored, action_id, actions.default_keys(action_id))
            for action_id in actions
        }
        usual = LongButton(self.tr("Default keys"))
        usual.setAccessibleName(self.tr("Default keys"))
        usual.clicked.connect(lambda: self._take({}))
        transcriber = LongButton(self.tr("Transcriber keys"))
        transcriber.setAccessibleName(self.tr("Transcriber keys"))
        transcriber.setToolTip(self.tr("Esc plays, F1 and F2 skip, F3 and F4 change the speed"))
        transcriber.clicked.connect(lambda: self._take(TRANSCRIBER_KEYS))
        self._conflict = QLabel()
        self._conflict.setProperty("bad", True)  # noqa: FBT003 - Qt's signature
        self._conflict.setWordWrap(True)
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE_8)
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(0, SPACE_4, SPACE_8, SPACE_16))
        column.setSpacing(SPACE_12)
        hint = QLabel(self.tr("Press a button, then the keys or your foot pedal. Esc cancels."))
        hint.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        hint.setWordWrap(True)
        column.addWidget(Flow(usual, transcriber))
        column.addWidget(hint)
        column.addWidget(self._conflict)
        column.addLayout(self._list)
        column.addStretch()
        self._show_conflicts()

    def fill(self) -> Steps[None]:
        """Make the rows, a step each."""
        for action_id in self._actions:
            yield
            self._add_row(action_id)

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

    def search(self, wanted: Wanted, title: str) -> int:
        """Show the actions that have what is wanted, marked; gives how many do.

        Args:
            wanted: What is looked for.
            title: The page's; where it has what is wanted, all of the page is shown.
        """
        is_whole = wanted.fits(title)
        colour = self._appearance.theme.found
        count = 0
        for action_id, label in self._labels.items():
            name = self._actions.label(action_id)
            fits = wanted.fits(name, self._actions.group(action_id))
            count += fits or is_whole
            label.setText(wanted.marked(name, colour) if fits and wanted.words else name)
            is_shown = fits or is_whole
            self._rows[action_id].setVisible(is_shown)
        return count

    def _add_row(self, action_id: ActionId) -> None:
        name = self._actions.label(action_id)
        button = self._buttons[action_id] = KeyButton(name)
        button.keys_pressed.connect(partial(self._on_pressed, action_id))
        clear = self._clear[action_id] = QToolButton()
        clear.setAccessibleName(self.tr("No keys for {action}").replace("{action}", name))
        clear.setToolTip(clear.accessibleName())
        room = clear.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # so that the keys stand below each other
        clear.setSizePolicy(room)
        clear.clicked.connect(partial(self._on_pressed, action_id, QKeySequence()))
        self._appearance.apply_icon(clear, "close", "muted")
        label = self._labels[action_id] = QLabel(name)
        label.setWordWrap(True)
        self._rows[action_id] = KeyRow(self._appearance, label, button, clear)
        self._show_row(action_id)
        self._list.addWidget(self._rows[action_id])
        for one in (label, button, clear):
            one.ensurePolished()  # now, and not for all rows at the moment they are shown

    def _show_reset(self, action_id: ActionId) -> None:
        """Offer the way back to the default keys where others are set."""
        is_default = self._is_default(action_id)
        reset = self._reset.get(action_id)
        if reset is None:
            if is_default:
                return
            reset = self._reset_button(action_id)
            self._rows[action_id].add_reset(reset)
        if is_default and reset.hasFocus():
            self._buttons[action_id].setFocus()
        reset.setVisible(not is_default)

    def _reset_button(self, action_id: ActionId) -> QToolButton:
        name = self._actions.label(action_id)
        reset = self._reset[action_id] = QToolButton()
        reset.setAccessibleName(self.tr("Reset {name}").replace("{name}", name))
        usual = "; ".join(
            QKeySequence.fromString(one).toString(QKeySequence.SequenceFormat.NativeText)
            for one in self._actions.default_keys(action_id)
        )
        tip = self.tr("Reset to the default: {value}")
        reset.setToolTip(tip.replace("{value}", usual or self.tr("No keys")))
        reset.setMinimumSize(HIT_SIZE, HIT_SIZE)
        reset.clicked.connect(partial(self._on_reset, action_id))
        self._appearance.apply_icon(reset, "undo", "accent")
        return reset

    def _is_default(self, action_id: ActionId) -> bool:
        return self._bindings[action_id] == self._actions.default_keys(action_id)

    def _on_reset(self, action_id: ActionId) -> None:
        self._bindings[action_id] = self._actions.default_keys(action_id)
        self._show()
        if not self.conflicts:
            self.bindings_changed.emit()

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
        for action_id in self._buttons:
            self._show_row(action_id)
        self._show_conflicts()

    def _show_row(self, action_id: ActionId) -> None:
        keys, button, clear = (
            self._bindings[action_id],
            self._buttons[action_id],
            self._clear[action_id],
        )
        button.show_keys(QKeySequence.fromString(keys[0]) if keys else QKeySequence())
        if not keys and clear.hasFocus():  # it is about to go
            button.setFocus()
        clear.setVisible(bool(keys))
        self._show_reset(action_id)

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
