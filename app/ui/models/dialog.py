"""The models on this computer in a window of their own."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.ui.kit.sheet import Sheet
from app.ui.models.panel import ModelsPanel

_WIDTH, _HEIGHT = 580, 580
_LEAST_HEIGHT = 160


class ModelsDialog(Sheet):
    """Shows a panel of models.

    Attributes:
        panel: What is in it.
    """

    def __init__(self, panel: ModelsPanel, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Models on this computer"), parent, width=_WIDTH)
        self.resize(self.grown(_WIDTH), self.grown(_HEIGHT))
        self.panel = panel
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setAccessibleName(self.tr("Models"))
        area.setMinimumHeight(_LEAST_HEIGHT)
        area.setWidget(panel)
        self.body.addWidget(area, 1)
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)
