"""What the export asks: whether a file may go, and what a preset is called."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.kit.line_field import LineField
from app.ui.kit.margins import from_left
from app.ui.kit.sheet import Sheet


class OverwriteSheet(ChoiceSheet):
    """A file of that name is there: ``replace``, ``both``, ``leave``."""

    def __init__(self, name: str, folder: str, parent: QWidget | None = None) -> None:
        text = self.tr("It is in {folder} and has different content.")
        super().__init__(
            self.tr("{name} already exists").replace("{name}", name),
            text.replace("{folder}", from_left(folder)),
            (
                ("both", self.tr("Keep both")),
                ("replace", self.tr("Replace")),
                ("leave", self.tr("Cancel")),
            ),
            parent,
        )


class PresetSheet(Sheet):
    """Asks what a preset is called.

    Signals:
        name_given: The name.
    """

    name_given = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Save as preset"), parent)
        self.field = LineField(name)
        self.field.setAccessibleName(self.tr("Preset name"))
        self.field.setMaxLength(80)
        self.field.selectAll()
        self.body.addWidget(self.field)
        self.add_text(self.tr("A preset with the same name will be replaced."), muted=True)
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        save = self.add_button(self.tr("Save"), is_primary=True)
        save.clicked.connect(self._on_save)

    def _on_save(self) -> None:
        name = " ".join(self.field.text().split())
        if name:
            self.name_given.emit(name)
            self.accept()
