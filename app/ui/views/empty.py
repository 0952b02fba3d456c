"""What the window says before there is anything in it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.ui.actions import ActionId, Actions
from app.ui.theme import (
    HIT_SIZE,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    SPACE_24,
    SPACE_32,
    Appearance,
)


class EmptyView(QWidget):
    """One thing to do, two ways to do it, and where it happens.

    Signals:
        sample_requested: *Try it with a sample* was pressed.
    """

    sample_requested = Signal()

    def __init__(
        self, appearance: Appearance, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._mark = QLabel()
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place_icon = QLabel()
        self._place = QLabel()
        self._place.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_32, SPACE_32, SPACE_32, SPACE_32)
        column.setSpacing(0)
        column.addStretch(5)
        column.addWidget(self._mark)
        column.addSpacing(SPACE_24)
        self._add_words(column)
        column.addSpacing(SPACE_24)
        column.addLayout(self._make_buttons(actions))
        column.addSpacing(SPACE_24)
        column.addLayout(self._make_place())
        column.addStretch(6)
        self.show_place(is_local=True)
        appearance.theme_changed.connect(self._recolour)

    def _add_words(self, column: QVBoxLayout) -> None:
        title = QLabel(self.tr("Drop recordings here"))
        title.setProperty("display", True)  # noqa: FBT003 - Qt's signature
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        promise = QLabel(self.tr("Audio, video, or a whole folder."))
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(title)
        column.addSpacing(SPACE_8)
        column.addWidget(promise, 0, Qt.AlignmentFlag.AlignHCenter)

    def _make_buttons(self, actions: Actions) -> QHBoxLayout:
        add = QPushButton(self.tr("Add files…"))
        add.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        add.setMinimumHeight(HIT_SIZE + SPACE_8)
        add.setAccessibleName(self.tr("Choose files to add"))
        add.setToolTip(actions.tooltip(ActionId.ADD_FILES))
        add.clicked.connect(actions[ActionId.ADD_FILES].trigger)
        self._appearance.dress(add, "add", "on_accent")
        sample = QPushButton(self.tr("Try it with a sample"))
        sample.setMinimumHeight(HIT_SIZE + SPACE_8)
        sample.setToolTip(self.tr("One minute of a speech, transcribed on this computer"))
        sample.setAccessibleName(self.tr("Try it with a sample"))
        sample.clicked.connect(self.sample_requested)
        self._appearance.dress(sample, "sample")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_12)
        buttons.addStretch()
        buttons.addWidget(add)
        buttons.addWidget(sample)
        buttons.addStretch()
        return buttons

    def _make_place(self) -> QHBoxLayout:
        where = QHBoxLayout()
        where.setSpacing(SPACE_8)
        where.addStretch()
        where.addWidget(self._place_icon)
        where.addWidget(self._place)
        where.addStretch()

        return where

    def show_place(self, *, is_local: bool) -> None:
        """Say where recordings will be transcribed."""
        self._is_local = is_local
        self._place.setText(
            self.tr("Transcribed on this computer; nothing leaves it.")
            if is_local
            else self.tr("Recordings are sent to smallest.ai to be transcribed.")
        )
        self._recolour()

    def _recolour(self) -> None:
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(self._appearance.pixmap("wave", 56, ratio, "accent"))
        name = "computer" if self._is_local else "cloud"
        self._place_icon.setPixmap(self._appearance.pixmap(name, 16, ratio, "muted"))


class DropOverlay(QWidget):
    """Lies over the whole window while something that can be dropped hovers."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def answer(self, text: str) -> None:
        """Cover the window and say what a drop will do."""
        self._text = text
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.window)
        ground.setAlpha(247)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(QColor(theme.accent), 2, Qt.PenStyle.DashLine))
        frame = QRectF(self.rect()).adjusted(SPACE_16, SPACE_16, -SPACE_16, -SPACE_16)
        painter.drawRoundedRect(frame, 12, 12)
        icon = self._appearance.pixmap("drop", 48, self.devicePixelRatioF(), "accent")
        middle = self.rect().center()
        painter.drawPixmap(middle.x() - 24, middle.y() - 64, icon)
        painter.setPen(QColor(theme.text))
        painter.setFont(self._appearance.font(24, weight=600))
        room = self.rect().adjusted(0, SPACE_32 + SPACE_4, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()
