"""Names and terms that may be said in the recordings added next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from app.core.names import read_names
from app.ui.kit.line_field import LineField


class NamesField(LineField):
    """Takes names with commas between; what cannot be one is left out.

    Signals:
        names_changed: A person wrote other names: a tuple of them.
    """

    names_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Names and terms to expect"))
        self.setPlaceholderText(self.tr("Separated by commas"))
        self.setToolTip(
            self.tr(
                "Speech recognition on this computer listens for these and for your word "
                "list. It only writes words that are really said."
            )
        )
        self._names: tuple[str, ...] = ()
        self.editingFinished.connect(self._on_edited)

    @property
    def names(self) -> tuple[str, ...]:
        """What stands there."""
        return self._names

    def show_names(self, names: Sequence[str]) -> None:
        """Show names, without telling anybody."""
        if tuple(names) != self._names or not self.hasFocus():
            self._names = tuple(names)
            self.setText(", ".join(self._names))

    def _on_edited(self) -> None:
        names = read_names(self.text().replace(";", ",").split(","))
        if names != self._names:
            self._names = names
            self.names_changed.emit(names)
        self.setText(", ".join(names))
