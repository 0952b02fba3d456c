"""What the window says before there is anything in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.margins import margins
from app.ui.kit.room import Scrolled
from app.ui.kit.tall import Tall
from app.ui.kit.tips import follow_tip
from app.ui.kit.tokens import (
    HIT_SIZE,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    SPACE_24,
    SPACE_32,
)
from app.ui.kit.turning import keep_turned, turn_to_fit

_RECENT_WIDTH = 440


class EmptyView(QWidget):
    """One thing to do, two ways to do it, and where it happens.

    Attributes:
        first: Where one begins.

    Signals:
        sample_requested: *Try it with a sample* was pressed.
        recent_requested: One of the latest transcripts was pressed: its id.
    """

    sample_requested = Signal()
    recent_requested = Signal(str)

    def __init__(
        self, appearance: Appearance, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._mark = QLabel()
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place = QLabel()
        self._place.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        contents = Tall()
        column = QVBoxLayout(contents)
        column.setContentsMargins(SPACE_16, SPACE_32, SPACE_16, SPACE_32)
        column.setSpacing(0)
        column.addStretch(5)
        column.addWidget(self._mark)
        column.addSpacing(SPACE_24)
        self._add_words(column)
        column.addSpacing(SPACE_24)
        column.addLayout(self._make_buttons(actions))
        column.addSpacing(SPACE_24)
        self._place.setWordWrap(True)
        self._place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._place)
        column.addSpacing(SPACE_32)
        column.addLayout(self._make_recent())
        column.addStretch(6)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        # Last: what is laid out in a widget that is scrolled already crashes when collected.
        around.addWidget(Scrolled(contents))
        self.show_place(is_local=True)
        self._recolour()
        keep_turned(self, self._turn)
        appearance.theme_changed.connect(self._recolour)

    def _add_words(self, column: QVBoxLayout) -> None:
        title = QLabel(self.tr("Drop recordings here"))
        title.setProperty("display", True)  # noqa: FBT003 - Qt's signature
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title.setWordWrap(True)
        promise = QLabel(self.tr("Audio, video or whole folders."))
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        promise.setWordWrap(True)
        column.addWidget(title)
        column.addSpacing(SPACE_8)
        column.addWidget(promise)

    def _make_buttons(self, actions: Actions) -> QVBoxLayout:
        add = QPushButton(self.tr("Add files…"))
        self.first = add
        add.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        add.setMinimumHeight(HIT_SIZE + SPACE_8)
        add.setAccessibleName(self.tr("Choose files to add"))
        follow_tip(add, actions[ActionId.ADD_FILES])
        add.clicked.connect(actions[ActionId.ADD_FILES].trigger)
        self._appearance.apply_icon(add, "add", "on_accent")
        sample = QPushButton(self.tr("Try a sample"))
        sample.setMinimumHeight(HIT_SIZE + SPACE_8)
        sample.setToolTip(
            self.tr("A minute of two people reading, transcribed on this computer")
        )
        sample.setAccessibleName(self.tr("Try a sample"))
        sample.clicked.connect(self.sample_requested)
        self._appearance.apply_icon(sample, "sample")
        record = QPushButton(actions[ActionId.RECORD].text())
        record.setMinimumHeight(HIT_SIZE + SPACE_8)
        record.setAccessibleName(actions.label(ActionId.RECORD))
        follow_tip(record, actions[ActionId.RECORD])
        record.clicked.connect(actions[ActionId.RECORD].trigger)
        self._appearance.apply_icon(record, "record")
        buttons = self._buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_12)
        buttons.addStretch()
        buttons.addWidget(add)
        buttons.addWidget(record)
        buttons.addStretch()
        column = self._offers = QVBoxLayout()
        column.setSpacing(SPACE_12)
        column.addLayout(buttons)
        column.addWidget(sample, 0, Qt.AlignmentFlag.AlignHCenter)
        return column

    def _make_recent(self) -> QHBoxLayout:
        self._recent = QWidget()
        self._recent.setMaximumWidth(_RECENT_WIDTH)
        self._recent_rows = QVBoxLayout(self._recent)
        self._recent_rows.setContentsMargins(0, 0, 0, 0)
        self._recent_rows.setSpacing(SPACE_4)
        heading = QLabel(self.tr("From your library"))
        heading.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        heading.setContentsMargins(margins(SPACE_8, 0, 0, 0))
        self._recent_rows.addWidget(heading)
        self._recent.hide()
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._recent, 100)
        across.addStretch(1)
        return across

    def _turn(self) -> None:
        turn_to_fit(self._buttons, self.width() - 2 * SPACE_16)
        last = self._offers.itemAt(1)
        is_row = self._buttons.direction() is QVBoxLayout.Direction.LeftToRight
        # Under each other all are equally wide.
        side = Qt.AlignmentFlag.AlignHCenter if is_row else Qt.AlignmentFlag(0)
        if last is not None and last.alignment() != side:
            last.setAlignment(side)
            self._offers.invalidate()

    def show_recent(self, recent: Sequence[tuple[str, str, str]]) -> None:
        """Offer the latest transcripts: id, name, and what is said of each."""
        while self._recent_rows.count() > 1:
            item = self._recent_rows.takeAt(1)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for transcript_id, name, about in recent:
            self._recent_rows.addWidget(self._recent_row(transcript_id, name, about))
        self._recent.setVisible(bool(recent))

    def _recent_row(self, transcript_id: str, name: str, about: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        button.setProperty("row", True)  # noqa: FBT003 - Qt's signature
        button.setMinimumHeight(HIT_SIZE)
        button.setAccessibleName(f"{name}, {about}")
        button.clicked.connect(lambda: self.recent_requested.emit(transcript_id))
        said = QLabel(about)
        said.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        shown = ElidedLabel(name)
        row = QHBoxLayout(button)
        row.setContentsMargins(SPACE_8, 0, SPACE_8, 0)
        row.setSpacing(SPACE_12)
        row.addWidget(shown, 1)
        row.addWidget(said)
        for label in (said, shown):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return button

    def show_place(self, *, is_local: bool) -> None:
        """Say where recordings will be transcribed."""
        self._place.setText(
            self.tr("Transcribed on this computer. Nothing is sent anywhere.")
            if is_local
            else self.tr("Recordings are sent to smallest.ai for transcription.")
        )

    def _recolour(self) -> None:
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(
            self._appearance.pixmap("wave", self._appearance.scaled(56), ratio, "accent")
        )
