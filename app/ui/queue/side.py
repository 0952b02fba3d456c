"""The side of the window: the queue, and below it what the next recordings are asked for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.separator import line
from app.ui.kit.tall import Tall
from app.ui.queue.options_panel import OptionsPanel
from app.ui.queue.view import QueueView, rail_width

_LEAST_WIDTH, _MOST_WIDTH = 248, 480
_GROWTH = 0.67
"""How far it grows with the text: its fields stay beside their names, and the page has room."""


class QueueSide(Tall):
    """Queue and options; folded, only the rail of the queue.

    Attributes:
        queue: The queue.
        options: Pickers and switches.
    """

    def __init__(
        self,
        appearance: Appearance,
        queue: QueueView,
        options: OptionsPanel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("panel", True)  # noqa: FBT003 - Qt's signature
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.queue = queue
        self.options = options
        self._line = line()
        self._appearance = appearance
        appearance.theme_changed.connect(self._set_widths)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.queue, 1)
        column.addWidget(self._line)
        column.addWidget(self.options)
        self._set_widths()

    @property
    def is_folded(self) -> bool:
        """Whether only the rail is there."""
        return self.queue.is_folded

    def set_folded(self, folded: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """Fold it to the rail, or open it again."""
        self.queue.set_folded(folded)
        self.options.setVisible(not folded)
        self._line.setVisible(not folded)
        self._set_widths()

    @property
    def open_width(self) -> int:
        """How wide it is at least while it is open; as the widest word, within reason."""
        usual = round(_LEAST_WIDTH * max(1.0, self._appearance.text_scale**_GROWTH))
        return min(_MOST_WIDTH, max(usual, self.options.minimumSizeHint().width()))

    @override
    def minimumSizeHint(self) -> QSize:
        """Be as wide as the widest word on a button, within reason."""
        least = super().minimumSizeHint()
        return QSize(min(_MOST_WIDTH, max(self.open_width, least.width())), least.height())

    def _set_widths(self) -> None:
        rail = rail_width(self._appearance)
        self.setMinimumWidth(rail if self.is_folded else 0)
        self.setMaximumWidth(rail if self.is_folded else _MOST_WIDTH)
