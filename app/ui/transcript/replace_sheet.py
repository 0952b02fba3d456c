"""Shows all that would be replaced, before it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from app.core.replacing import Hit
from app.core.transcript import Transcript
from app.ui.kit.appearance import Appearance
from app.ui.kit.margins import margins
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_12
from app.ui.transcript.hit_list import HitModel, HitView
from app.ui.translate import counted

_WIDTH, _LIST_HEIGHT = 640, 280
_BEFORE_BOX = SPACE_12
"""As far as the boxes of the rows stand within the list."""


class ReplaceSheet(Sheet):
    """Lists every place with what stands there and what will; each can be left out.

    Signals:
        wanted: They are to be replaced: a list of ``Hit``.
    """

    wanted = Signal(object)

    def __init__(
        self,
        appearance: Appearance,
        title: str,
        transcript: Transcript,
        hits: Sequence[Hit],
        parent: QWidget | None = None,
        *,
        left_out: Sequence[int] = (),
        hint: str = "",
        strikes: bool = False,
    ) -> None:
        """Make it.

        Args:
            appearance: Colours.
            title: What it is about.
            transcript: Where.
            hits: The places.
            parent: What it is laid over.
            left_out: Numbers of those that are not chosen at first.
            hint: A line above the list.
            strikes: What stands there is struck through, and nothing put in its place.
        """
        super().__init__(title, parent, width=_WIDTH)
        self._strikes = strikes
        if hint:
            self.add_text(hint, muted=True)
        self.model = HitModel(transcript, hits, left_out)
        self._all = QCheckBox(self.tr("All"))
        self._all.setAccessibleName(self.tr("Choose all"))
        self._all.setChecked(not left_out)
        self._all.clicked.connect(self._on_all)
        above = QHBoxLayout()
        above.setContentsMargins(margins(_BEFORE_BOX, 0, 0, 0))
        above.addWidget(self._all)
        self.body.addLayout(above)
        self.list = HitView(appearance, self.model)
        self.list.setMinimumHeight(_LIST_HEIGHT)
        self.body.addWidget(self.list, 1)
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.replace_button = self.add_button(self.tr("Replace"), is_primary=True)
        self.replace_button.clicked.connect(self._on_replace)
        self.model.chosen_changed.connect(self._show_count)
        self._show_count()
        self.list.setFocus()

    def _show_count(self) -> None:
        count = self.model.chosen_count
        text = counted("ReplaceSheet", count, "Replace 1", "Replace {count}")
        if self._strikes:
            text = counted("ReplaceSheet", count, "Strike 1 through", "Strike {count} through")
        self.replace_button.setText(text)
        self.replace_button.setAccessibleName(self.replace_button.text())
        self.replace_button.refuse("" if count else self.tr("Nothing is selected."))
        self._all.setChecked(count == self.model.rowCount())

    def _on_all(self, chosen: bool) -> None:  # noqa: FBT001 - a slot
        self.model.choose_all(chosen=chosen)

    def _on_replace(self) -> None:
        self.wanted.emit(self.model.chosen)
        self.accept()
