"""What was done, step by step; a click goes back to a step, or forth again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.document import Change
from app.ui.kit.appearance import Appearance
from app.ui.kit.choosing import ChoosingList
from app.ui.kit.margins import margins
from app.ui.kit.tips import show_tip
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8
from app.ui.transcript.step_names import spoken_step, step_text

_WIDTH, _LIST_HEIGHT = 340, 260
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class StepModel(QAbstractListModel):
    """Steps in the order they were done, from how the transcript was opened."""

    def __init__(self, appearance: Appearance, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._steps: tuple[Change, ...] = ()
        self._done = 0

    def show_steps(self, done: Sequence[Change], ahead: Sequence[Change]) -> None:
        """Show what was done, and what was taken back behind it."""
        self.beginResetModel()
        self._steps, self._done = (*done, *ahead), len(done)
        self.endResetModel()

    @property
    def done(self) -> int:
        """How many are done: the row of the present state."""
        return self._done

    @override
    def rowCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._steps) + 1

    @override
    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row = index.row()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                told = step_text if role == Qt.ItemDataRole.DisplayRole else spoken_step
                text = told(self._steps[row - 1]) if row else self.tr("When opened")
                if row != self._done:
                    return text
                is_heard = role == Qt.ItemDataRole.AccessibleTextRole
                return f"{text}, {self.tr('as it is now')}" if is_heard else f"{text}  ✓"
            case Qt.ItemDataRole.ForegroundRole if row > self._done:
                return QColor(self._appearance.theme.muted)
            case _:
                return None


class HistoryPanel(QFrame):
    """Stands over the page until one turns to something else.

    Signals:
        wanted: So many steps are to be done.
        versions_wanted: Earlier versions are to be shown.
        closed: It is gone.
    """

    wanted = Signal(int)
    versions_wanted = Signal()
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setProperty("notice", "plain")
        self.setAccessibleName(self.tr("History"))
        self.setFixedWidth(_WIDTH)
        heading = QLabel(self.tr("History"))
        heading.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        close = QToolButton()
        close.setAccessibleName(self.tr("Close the history"))
        show_tip(close, self.tr("Close (Esc)"))
        close.clicked.connect(self.close_panel)
        appearance.apply_icon(close, "close", "muted")
        self.model = StepModel(appearance, self)
        self._list = ChoosingList()
        self._list.setProperty("choices", True)  # noqa: FBT003 - Qt's signature
        self._list.setAccessibleName(self.tr("Steps"))
        self._list.setModel(self.model)
        self._list.setUniformItemSizes(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(self._on_chosen)
        self._list.chosen.connect(self._on_chosen)
        versions = QPushButton(self.tr("Versions…"))
        versions.setAccessibleName(self.tr("Versions"))
        versions.setAutoDefault(False)
        versions.clicked.connect(self.versions_wanted)
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(SPACE_8, SPACE_4, SPACE_4, SPACE_8))
        column.setSpacing(SPACE_4)
        column.addLayout(top)
        column.addWidget(self._list)
        column.addWidget(versions, 0, Qt.AlignmentFlag.AlignLeft)
        self._host.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Stand in the upper corner of the page, at the present step."""
        self._place()
        self.show()
        self.raise_()
        self.go_to_present()
        self._list.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self) -> None:
        """Stand in the upper corner, no higher than the page."""
        room = self._host.height() - 2 * SPACE_4
        self._list.setFixedHeight(_LIST_HEIGHT)
        self.adjustSize()
        too_high = max(0, self.height() - room)
        self._list.setFixedHeight(max(HIT_SIZE, _LIST_HEIGHT - too_high))
        self.adjustSize()
        is_rtl = self._host.isRightToLeft()
        left = SPACE_8 if is_rtl else self._host.width() - self.width() - SPACE_8
        self.move(QPoint(max(0, left), SPACE_4))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_resized = watched is self._host and event.type() is QEvent.Type.Resize
        if is_resized and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def go_to_present(self) -> None:
        """Mark the step that is the last one done."""
        self._list.setCurrentIndex(self.model.index(self.model.done))

    def close_panel(self) -> None:
        """Go away, and let the keys go to the page again."""
        if self.isHidden():
            return
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self.hide()
        if had_focus:
            self._host.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_panel()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._on_chosen(self._list.currentIndex())
            case _:
                pass
        event.accept()  # none of them is for the page beneath

    @override
    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()  # closes the panel, whatever the key does elsewhere
            return True
        return super().event(event)

    def _on_chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self.wanted.emit(index.row())
