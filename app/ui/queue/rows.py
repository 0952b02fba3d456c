"""One row of the queue: state as shape, colour and words, and what can be done about it.

::

    (icon)  Title, elided
            Uploading 43 % (12 of 28 MB)
            ▓▓▓▓▓░░░░░░░              only where something is counted
            Why it needs attention, wrapped over as many lines as it takes.
            [ Try again ] [ Details ] only where there is a way out

A row is laid out once (``_Place``); painting, size and clicks all read that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from app.core.job import Job, JobId, JobState
from app.ui.kit.appearance import Appearance
from app.ui.kit.row_painting import mirrored, paint_ground, paint_share
from app.ui.kit.tokens import (
    HIT_SIZE,
    ICON_SIZE,
    RADIUS,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    TEXT_BASE,
    TEXT_SMALL,
)
from app.ui.queue import wording
from app.ui.queue.model import JobModel
from app.ui.queue.wording import RowAction, RowButton

_Index = QModelIndex | QPersistentModelIndex
_LINE_THICKNESS = 3
_LINE_GAP = 2
_RAIL_BELOW = 100
"""Where the list is narrower, a row is only its icon."""
_ICONS = {
    JobState.WAITING: ("state-waiting", "muted"),
    JobState.PREPARING: ("state-preparing", "accent"),
    JobState.UPLOADING: ("state-uploading", "accent"),
    JobState.TRANSCRIBING: ("state-transcribing", "accent"),
    JobState.AWAITING_SERVICE: ("state-awaiting", "accent"),
    JobState.SAVING: ("state-saving", "accent"),
    JobState.DONE: ("state-done", "good"),
    JobState.NEEDS_ATTENTION: ("state-attention", "bad"),
    JobState.CANCELLED: ("state-cancelled", "muted"),
}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where everything of a row stands, from the row's own corner."""

    height: int
    title: QRect
    state: QRect
    line: QRect | None
    sentence: QRect | None
    buttons: tuple[tuple[QRect, RowButton], ...]


def _may_be_higher(job: Job) -> bool:
    return job.state is JobState.NEEDS_ATTENTION or job.wait_until_ms is not None


class JobDelegate(QStyledItemDelegate):
    """Draws rows and answers clicks on their buttons.

    Signals:
        button_pressed: A job's id, and which ``RowAction`` was pressed on its row.
    """

    button_pressed = Signal(str, str)

    def __init__(self, view: QListView, appearance: Appearance) -> None:
        super().__init__(view)
        self._view = view
        self._appearance = appearance
        self._hovered: tuple[int, RowAction] | None = None
        self._uncommon: dict[JobId, int] = {}
        self._measure()
        appearance.theme_changed.connect(self._measure)

    def button_at(self, index: _Index, position: QPoint) -> RowButton | None:
        """Find the button under a point of the view."""
        inside = position - self._view.visualRect(index).topLeft()
        for rect, button in self._placed(self._job(index)).buttons:
            if rect.contains(inside):
                return button
        return None

    def is_other_height(self, index: _Index) -> bool:
        """Tell whether a row has become higher or lower since its size was asked for."""
        job = self._job(index)
        return self._height(job) != self._uncommon.get(job.job_id, self._plain.height())

    def has_higher(self, jobs: Iterable[Job]) -> bool:
        """Tell whether any row may need more than the two lines that all have."""
        # In this order: an empty list is asked before it is seen, and then Qt is not ready yet.
        return any(map(_may_be_higher, jobs)) and not self._is_rail

    def forget_heights(self) -> None:
        """Take all rows for plain ones: they were laid out so."""
        self._uncommon.clear()

    def button_rect(self, index: _Index, action: RowAction) -> QRect | None:
        """Find where in the view a button stands."""
        corner = self._view.visualRect(index).topLeft()
        for rect, button in self._placed(self._job(index)).buttons:
            if button.action is action:
                return rect.translated(corner)
        return None

    # -- Qt -------------------------------------------------------------------

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        job = self._job(index)
        height = self._height(job)
        if height != self._plain.height():
            self._uncommon[job.job_id] = height
            return QSize(0, height)
        self._uncommon.pop(job.job_id, None)
        return self._plain

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        job = self._job(index)
        place = self._placed(job)
        theme = self._appearance.theme
        rect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, state)
        painter.translate(rect.topLeft())
        name, foreground = _ICONS[job.state]
        if job.is_there_already:
            name, foreground = "state-done", "muted"
        if job.wait_until_ms is not None and not job.state.is_over:
            name, foreground = "state-paused", "muted"
        ratio = self._view.devicePixelRatioF()
        edge = self._icon
        if self._is_rail:
            edge = min(edge, rect.width() - SPACE_8)
        icon = self._appearance.pixmap(name, edge, ratio, foreground)
        if self._is_rail:
            painter.drawPixmap((rect.width() - edge) // 2, (rect.height() - edge) // 2, icon)
            painter.restore()
            return
        at = mirrored(
            self._view,
            QRect(SPACE_12, place.title.top() + 1, edge, edge),
            self._view.viewport().width(),
        )
        painter.drawPixmap(at.topLeft(), icon)

        painter.setFont(self._title_font)
        painter.setPen(QColor(theme.text))
        title = self._title_metrics.elidedText(
            job.title, Qt.TextElideMode.ElideMiddle, place.title.width()
        )
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place.title, flags, title)

        painter.setFont(self._small_font)
        painter.setPen(QColor(theme.bad if job.needs_attention else theme.muted))
        text = self._model(index).state_text(job)
        text = self._small_metrics.elidedText(
            text, Qt.TextElideMode.ElideRight, place.state.width()
        )
        painter.drawText(place.state, flags, text)
        if place.line is not None and job.progress is not None:
            self._paint_line(painter, place.line, job.progress.fraction)
        if place.sentence is not None:
            painter.setPen(QColor(theme.text))
            painter.drawText(place.sentence, Qt.TextFlag.TextWordWrap, wording.sentence(job))
        for where, button in place.buttons:
            self._paint_button(
                painter, where, button.text, (index.row(), button.action) == self._hovered
            )
        painter.restore()

    @override
    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: _Index,
    ) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        button = self.button_at(index, event.position().toPoint())
        if event.type() is QEvent.Type.MouseMove:
            self._hover(index.row(), button)
        elif button is not None and event.button() is Qt.MouseButton.LeftButton:
            if event.type() is QEvent.Type.MouseButtonRelease:
                self.button_pressed.emit(self._job(index).job_id, button.action)
            return True
        return False

    @property
    def _is_rail(self) -> bool:
        return self._view.viewport().width() < _RAIL_BELOW

    # -- inside ---------------------------------------------------------------

    def _measure(self) -> None:
        self._title_font = self._appearance.font(TEXT_BASE, weight=500)
        self._small_font = self._appearance.font(TEXT_SMALL, tabular=True)
        self._title_metrics = QFontMetrics(self._title_font)
        self._small_metrics = QFontMetrics(self._small_font)
        self._icon = self._appearance.scaled(ICON_SIZE)
        self._text_left = SPACE_12 + self._icon + SPACE_8
        self._button_height = max(HIT_SIZE, self._small_metrics.height() + SPACE_8)
        self._title_height = max(self._icon, self._title_metrics.height() + 2)
        self._small_height = self._small_metrics.height() + 2
        plain = SPACE_8 + self._title_height + self._small_height + SPACE_8
        self._plain = QSize(0, plain)

    def _model(self, index: _Index) -> JobModel:
        return cast("JobModel", index.model())

    def _job(self, index: _Index) -> Job:
        return self._model(index).job_at(index.row())

    def _height(self, job: Job) -> int:
        # Nearly every row, ten thousand of them at a time, needs no layout.
        if self._is_rail or not _may_be_higher(job):
            return self._plain.height()
        return self._placed(job).height

    def _placed(self, job: Job) -> _Place:
        width = self._view.viewport().width()
        if self._is_rail:
            return _Place(self._plain.height(), QRect(), QRect(), None, None, ())
        text_width = max(40, width - self._text_left - SPACE_12)
        title = QRect(self._text_left, SPACE_8, text_width, self._title_height)
        state = QRect(self._text_left, title.bottom() + 1, text_width, self._small_height)
        bottom = state.bottom() + 1
        line = sentence = None
        if job.progress is not None and job.state.is_running:
            # In the room below the words, so that no row grows when counting begins.
            line = QRect(self._text_left, bottom + _LINE_GAP, text_width, _LINE_THICKNESS)
        why = wording.sentence(job)
        if why:
            needed = self._small_metrics.boundingRect(
                QRect(0, 0, text_width, 10_000), Qt.TextFlag.TextWordWrap, why
            )
            above = SPACE_8 if line is not None else SPACE_4
            sentence = QRect(self._text_left, bottom + above, text_width, needed.height() + 2)
            bottom = sentence.bottom() + 1
        placed: list[tuple[QRect, RowButton]] = []
        left, top, high = self._text_left, bottom + SPACE_8, self._button_height
        for button in wording.buttons(job):
            wide = self._small_metrics.horizontalAdvance(button.text) + 2 * SPACE_12
            wide = min(wide, text_width)
            if placed and left + wide > self._text_left + text_width:
                left, top = self._text_left, top + high + SPACE_4
            there = mirrored(self._view, QRect(left, top, wide, high), width)
            placed.append((there, button))
            left += wide + SPACE_8
        if placed:
            bottom = placed[-1][0].bottom() + 1
        if self._view.isRightToLeft():
            title, state = (mirrored(self._view, one, width) for one in (title, state))
            line = None if line is None else mirrored(self._view, line, width)
            sentence = None if sentence is None else mirrored(self._view, sentence, width)
        return _Place(bottom + SPACE_8, title, state, line, sentence, tuple(placed))

    def _hover(self, row: int, button: RowButton | None) -> None:
        hovered = (row, button.action) if button is not None else None
        if hovered != self._hovered:
            self._hovered = hovered
            viewport = self._view.viewport()
            if hovered:
                viewport.setCursor(Qt.CursorShape.PointingHandCursor)
            else:
                viewport.unsetCursor()
            viewport.update()

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        inner = QRectF(rect).adjusted(SPACE_4 + 1, 1.5, -SPACE_4 - 1, -1.5)
        paint_ground(painter, inner, state, self._appearance.theme, self._view)

    def _paint_line(self, painter: QPainter, rect: QRect, fraction: float) -> None:
        theme = self._appearance.theme
        done = rect.width() * fraction
        paint_share(painter, QRectF(rect), done, theme.track, theme.accent)

    def _paint_button(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        is_hovered: bool,  # noqa: FBT001
    ) -> None:
        theme = self._appearance.theme
        painter.setPen(QPen(QColor(theme.text if is_hovered else theme.edge), 1))
        painter.setBrush(QColor(theme.hover if is_hovered else theme.surface))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setPen(QColor(theme.text))
        shown = self._small_metrics.elidedText(
            text, Qt.TextElideMode.ElideRight, rect.width() - SPACE_8
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)
