"""What stands where the pointer rests, without having it read out twice.

Qt tells the text of a tip as the description of whatever has none. Of a button named *Find*
with the tip *Find (Ctrl+F)*, somebody who hears it needs the keys only.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui.kit.mnemonics import plain


def show_tip(widget: QWidget, tip: str) -> None:
    """Show a tip, and tell what it says beyond the name of its widget.

    Args:
        widget: Whose; it has its name by now.
        tip: What stands there, such as ``Find (Ctrl+F)``.
    """
    widget.setToolTip(tip)
    name = widget.accessibleName()
    if not name and isinstance(widget, QAbstractButton):
        name = plain(widget.text())
    rest = tip.removeprefix(name).strip() if name else ""
    is_more = rest != tip and rest.startswith("(") and rest.endswith(")")
    widget.setAccessibleDescription(rest[1:-1] if is_more else "")


def follow_tip(widget: QWidget, action: QAction) -> None:
    """Show the text of an action with its keys as a tip, also once it has others.

    Args:
        widget: Does what the action does; it has its accessible name.
        action: The action.
    """

    def show() -> None:
        if shiboken6.isValid(widget):
            widget.setToolTip(action.toolTip())
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            widget.setAccessibleDescription(keys)

    action.changed.connect(show)
    show()
