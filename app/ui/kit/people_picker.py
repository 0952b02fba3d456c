"""A field that asks how many people speak."""

from __future__ import annotations

from app.core.options import MOST_SPEAKERS
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker


class PeoplePicker(Picker):
    """How many people speak: to be found out, or a number."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, self.tr("How many people?"))
        self.addItem(self.tr("Automatic"), 0)
        for number in range(1, MOST_SPEAKERS + 1):
            self.addItem(str(number), number)
        self.show_whole()

    @property
    def number(self) -> int:
        """What is chosen; 0 to find out."""
        return int(self.currentData())

    def show_number(self, number: int) -> None:
        """Show a number, without telling anybody."""
        self.setCurrentIndex(max(0, self.findData(number)))
