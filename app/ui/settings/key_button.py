"""A button that shows the keys of an action, and takes others once it is pressed.

Nothing is bound by walking past: one presses the button first, and Esc leaves it as it was.
A foot pedal acts as keys, so pressing it binds it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.ui.kit.announcing import announce
from app.ui.kit.letters import NO_LETTER
from app.ui.kit.long_button import LongButton
from app.ui.kit.mnemonics import escaped, plain

_ONLY_HELD = {
    Qt.Key.Key_Control,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_Super_L,
    Qt.Key.Key_Super_R,
    Qt.Key.Key_unknown,
}
"""These are held while another key is pressed, and mean nothing alone."""


class KeyButton(LongButton):
    """Shows keys, and listens for others while it is pressed down.

    Signals:
        keys_pressed: These are to be the keys: a ``QKeySequence``.
    """

    keys_pressed = Signal(QKeySequence)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make one without keys.

        Args:
            name: What the action is called.
            parent: Where it stands.
        """
        super().__init__("", parent)
        self._name = name
        self._keys = QKeySequence()
        self._is_listening = False
        self.setAutoDefault(False)
        self.setProperty(NO_LETTER, True)  # noqa: FBT003 - Qt's signature
        self.clicked.connect(self._listen)
        self._show()

    @property
    def keys(self) -> QKeySequence:
        """The keys that are shown."""
        return self._keys

    @property
    def is_listening(self) -> bool:
        """Whether the next keys are taken."""
        return self._is_listening

    def show_keys(self, keys: QKeySequence) -> None:
        """Show keys; none if the sequence is empty."""
        self._keys = keys
        self._show()

    @override
    def event(self, e: QEvent) -> bool:
        # Before any action of the window or the dialog has them.
        if self._is_listening and e.type() is QEvent.Type.ShortcutOverride:
            e.accept()
            return True
        if self._is_listening and e.type() is QEvent.Type.KeyPress and isinstance(e, QKeyEvent):
            self._take(e)  # also Tab, which would go on
            return True
        return super().event(e)

    @override
    def focusOutEvent(self, arg__1: QFocusEvent) -> None:
        self._end()
        super().focusOutEvent(arg__1)

    def _listen(self) -> None:
        self._is_listening = True
        self._show()
        announce(self, plain(self.text()))

    def _take(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ONLY_HELD or event.isAutoRepeat():
            return
        is_plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        self._end()
        if key is Qt.Key.Key_Escape and is_plain:
            return
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key is Qt.Key.Key_Backtab:  # what Shift makes of Tab
            key = Qt.Key.Key_Tab
        self.keys_pressed.emit(QKeySequence(QKeyCombination(modifiers, key)))

    def _end(self) -> None:
        if self._is_listening:
            self._is_listening = False
            self._show()

    def _show(self) -> None:
        keys = self._keys.toString(QKeySequence.SequenceFormat.NativeText)
        text = keys or self.tr("No keys")
        if self._is_listening:
            text = self.tr("Press the keys, or Esc")
        self.setText(escaped(text))
        shown = self.tr("{action}: {keys}").replace("{action}", self._name)
        self.setAccessibleName(shown.replace("{keys}", text))
