"""A few seconds of the sound, with the words in it and their edges to be dragged.

It changes nothing: where an edge is let go of is asked for, and the strip shows what the
document says then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget
from typing_extensions import override

from app.core.peaks import Peaks
from app.core.retiming import Edge
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import SPACE_4, TEXT_SMALL
from app.ui.wording import by_itself

_SOUND_HEIGHT = 70
_LABELS = 22
_USUAL_MS, _CLOSEST_MS, _WIDEST_MS = 3_000, 300, 30_000
_ZOOM = 1.25
_WHEEL_NOTCH = 120
_GRASP = 6
"""So near an edge, in pixels, the pointer takes hold of it."""
_SMALL_MS, _LARGE_MS = 10, 50

Room = Callable[[int, Edge, bool], tuple[int, int]]
"""Gives from when to when an edge of a word can go; the last tells whether it is parted."""


@dataclass(frozen=True, slots=True)
class StripWord:
    """A word in the strip.

    Attributes:
        place: Its place in reading order.
        text: How it reads.
        start_ms: When it begins.
        end_ms: When it ends.
        lane: Place of who speaks, from 0; -1 for nobody.
    """

    place: int
    text: str
    start_ms: int
    end_ms: int
    lane: int = -1


class WordStrip(QFrame):
    """Show words over the sound they are spoken in.

    Keys: left and right move the chosen edge, with Shift by more; up and down choose the
    other edge; Page Up and Page Down go to the word before and after; plus and minus zoom.

    Signals:
        edge_requested: Word, ``Edge``, when it is to be in milliseconds, and whether it is
            parted from a neighbour that it touches.
        nudge_requested: ``Edge``, and by how many milliseconds, of the chosen word.
        word_requested: Another word is to be chosen, by its place.
        seek_requested: Go there, in milliseconds.
    """

    edge_requested = Signal(int, object, int, bool)
    nudge_requested = Signal(object, int)
    word_requested = Signal(int)
    seek_requested = Signal(int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._peaks: Peaks | None = None
        self._words: tuple[StripWord, ...] = ()
        self._chosen: int | None = None
        self._edge = Edge.START
        self._room: Room = lambda _word, _edge, _parts: (0, 0)
        self._position_ms = 0
        self._start_ms, self._span_ms = 0, _USUAL_MS
        self._wave: QPixmap | None = None
        self._grasped: tuple[StripWord, Edge, int] | None = None  # and where it is now
        self._pressed_x = 0.0
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as time runs on any player
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Word times"))
        appearance.theme_changed.connect(self._draw_anew)

    @property
    def _labels(self) -> int:
        """How high the words over their sound are."""
        return max(_LABELS, self.fontMetrics().height() + SPACE_4)

    @property
    def _height(self) -> int:
        return self._labels + _SOUND_HEIGHT

    # What is shown

    @property
    def edge(self) -> Edge:
        """The edge that keys move."""
        return self._edge

    @property
    def shown_ms(self) -> tuple[int, int]:
        """From when to when is shown."""
        return self._start_ms, self._start_ms + self._span_ms

    def show_sound(self, peaks: Peaks | None) -> None:
        """Show the sound; ``None`` while it is not known."""
        self._peaks = peaks
        self._draw_anew()

    def show_words(self, words: Sequence[StripWord], chosen: int | None, room: Room) -> None:
        """Show words, one of them chosen.

        Args:
            words: In reading order.
            chosen: The place of the chosen one.
            room: Tells how far an edge can go.
        """
        self._grasped = None
        self._words, self._chosen, self._room = tuple(words), chosen, room
        self._describe()
        self.update()

    def show_span(self, start_ms: int, end_ms: int) -> None:
        """See to it that a span can be seen, with some of what is around it."""
        length_ms = end_ms - start_ms
        if length_ms * 2 > self._span_ms:
            self._span_ms = min(_WIDEST_MS, length_ms * 2)
            self._draw_anew()
        margin = self._span_ms // 8
        begin, end = self.shown_ms
        if start_ms < begin + margin or end_ms > end - margin:
            self._start_ms = (start_ms + end_ms - self._span_ms) // 2
            self._draw_anew()

    def show_position(self, position_ms: int) -> None:
        """Show where playback is."""
        if position_ms != self._position_ms:
            for ms in (self._position_ms, position_ms):
                self.update(QRectF(self._x_of(ms) - 2, 0, 4, self._height).toAlignedRect())
            self._position_ms = position_ms

    def zoom(self, factor: float, around_ms: int | None = None) -> None:
        """Show a shorter or longer span, keeping a time where it is."""
        word = self._chosen_word()
        centre = self._start_ms + self._span_ms // 2
        if around_ms is not None:
            centre = around_ms
        elif word is not None:
            centre = (word.start_ms + word.end_ms) // 2
        wanted = int(min(_WIDEST_MS, max(_CLOSEST_MS, self._span_ms / factor)))
        share = (centre - self._start_ms) / self._span_ms
        self._span_ms = wanted
        self._start_ms = int(centre - wanted * min(1.0, max(0.0, share)))
        self._draw_anew()

    # Qt's part

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, self._height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw_anew()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.EnabledChange:
            self._draw_anew()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._wave is None:
            self._wave = self._draw_wave()
        painter.fillRect(self.rect(), QColor(theme.window))
        for word in self._placed():
            if word.place == self._chosen:
                tint = QRectF(0, self._labels, 0, self._height - self._labels)
                tint.setLeft(self._x_of(word.start_ms))
                tint.setRight(self._x_of(word.end_ms))
                painter.fillRect(tint, QColor(theme.highlight))
        painter.drawPixmap(0, self._labels, self._wave)
        painter.setFont(self._appearance.font(TEXT_SMALL))
        metrics = QFontMetrics(painter.font())
        for word in self._placed():
            self._paint_word(painter, metrics, word)
        painter.fillRect(
            QRectF(
                self._x_of(self._position_ms) - 0.75,
                self._labels,
                1.5,
                self._height - self._labels,
            ),
            QColor(theme.text),
        )
        if self.hasFocus():
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._pressed_x = event.position().x()
        found = self._edge_at(event.position().x())
        if found is not None:
            word, self._edge = found
            at_ms = word.start_ms if self._edge is Edge.START else word.end_ms
            if word.place != self._chosen:
                self.word_requested.emit(word.place)
            self._grasped = (word, self._edge, at_ms)
            self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grasped is None:
            is_over = self._edge_at(event.position().x()) is not None
            shape = Qt.CursorShape.SplitHCursor if is_over else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            return
        word, edge, _ = self._grasped
        self._grasped = (word, edge, self._dragged_ms(event))
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._grasped is not None:
            word, edge, _ = self._grasped
            at_ms, self._grasped = self._dragged_ms(event), None
            self.update()
            if at_ms != (word.start_ms if edge is Edge.START else word.end_ms):
                self.edge_requested.emit(word.place, edge, at_ms, _parts(event))
            return
        at_ms = self._ms_at(event.position().x())
        under = [one for one in self._words if one.start_ms <= at_ms < one.end_ms]
        if under:
            self.word_requested.emit(under[-1].place)
        self.seek_requested.emit(at_ms)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            factor = _ZOOM ** (turned.y() / _WHEEL_NOTCH)
            self.zoom(factor, self._ms_at(event.position().x()))
        else:
            moved = turned.x() or turned.y()
            self._start_ms -= int(moved / _WHEEL_NOTCH * self._span_ms / 10)
            self._draw_anew()
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_large = modifiers == Qt.KeyboardModifier.ShiftModifier
        if key in {Qt.Key.Key_Left, Qt.Key.Key_Right} and (is_large or not modifiers):
            by_ms = _LARGE_MS if is_large else _SMALL_MS
            by_ms = -by_ms if key == Qt.Key.Key_Left else by_ms
            self.nudge_requested.emit(self._edge, by_ms)
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down} and not modifiers:
            self._edge = Edge.END if self._edge is Edge.START else Edge.START
            self._describe(is_said=True)
            self.update()
        elif key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown} and self._chosen is not None:
            self.word_requested.emit(self._chosen + (1 if key == Qt.Key.Key_PageDown else -1))
        elif key == Qt.Key.Key_Plus:
            self.zoom(_ZOOM)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _ZOOM)
        elif key == Qt.Key.Key_Escape and self._grasped is not None:
            self._grasped = None
            self.update()
        else:
            event.ignore()

    # Inside

    def _placed(self) -> list[StripWord]:
        """Give the words as they stand now, one of them perhaps being dragged."""
        begin, end = self.shown_ms
        shown: list[StripWord] = []
        for word in self._words:
            one = word
            if self._grasped is not None and word.place == self._grasped[0].place:
                _, edge, at_ms = self._grasped
                start_ms = at_ms if edge is Edge.START else word.start_ms
                end_ms = at_ms if edge is Edge.END else word.end_ms
                one = StripWord(word.place, word.text, start_ms, end_ms, word.lane)
            if one.end_ms >= begin and one.start_ms <= end:
                shown.append(one)
        return shown

    def _paint_word(self, painter: QPainter, metrics: QFontMetrics, word: StripWord) -> None:
        theme = self._appearance.theme
        left, right = self._x_of(word.start_ms), self._x_of(word.end_ms)
        is_chosen = word.place == self._chosen
        colour = QColor(theme.speaker(word.lane) if word.lane >= 0 else theme.muted)
        painter.fillRect(QRectF(left, self._labels - 2, max(1.0, right - left - 1), 2), colour)
        room = max(0, int(right - left) - 4)
        text = metrics.elidedText(word.text, Qt.TextElideMode.ElideRight, room)
        if is_chosen and metrics.horizontalAdvance(word.text) > room:
            text = word.text  # it may reach over its neighbours: it is what one looks for
        painter.setPen(QColor(theme.text if is_chosen else theme.muted))
        if room > metrics.horizontalAdvance("…") or is_chosen:
            painter.drawText(QPointF(left + 2, self._labels - 7), by_itself(text))
        line = QColor(theme.line)
        for x in (left, right):
            painter.fillRect(
                QRectF(x - 0.5, self._labels, 1, self._height - self._labels), line
            )
        if not is_chosen:
            return
        for edge, x in ((Edge.START, left), (Edge.END, right)):
            width = 3 if edge is self._edge else 1.5
            painter.setPen(QPen(QColor(theme.accent), width))
            painter.drawLine(QPointF(x, self._labels), QPointF(x, self._height))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(x - 3, self._height / 2, 6, 16), 3, 3)

    def _draw_wave(self) -> QPixmap:
        theme = self._appearance.theme
        height = self._height - self._labels
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(self.width() * ratio), round(height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        colour = QColor(theme.muted)
        colour.setAlphaF(0.75)
        middle = height / 2
        columns: list[tuple[int, int]] = []
        if self._peaks is not None:
            columns = self._peaks.columns(*self.shown_ms, max(1, self.width() // 2))
        full = max(1, self._peaks.loudest if self._peaks is not None else 1)
        if not columns:
            painter.fillRect(QRectF(0, middle - 0.5, self.width(), 1), QColor(theme.line))
        for place, (low, high) in enumerate(columns):
            above = (middle - 4) * max(0, high) / full
            below = (middle - 4) * max(0, -low) / full
            painter.fillRect(
                QRectF(2 * place, middle - max(0.5, above), 1.4, max(1.0, above + below)),
                colour,
            )
        painter.end()
        return pixmap

    def _draw_anew(self) -> None:
        self._wave = None
        self.update()

    def _x_of(self, ms: int) -> float:
        return (ms - self._start_ms) / self._span_ms * self.width()

    def _ms_at(self, x: float) -> int:
        return max(0, round(self._start_ms + x / max(1, self.width()) * self._span_ms))

    def _edge_at(self, x: float) -> tuple[StripWord, Edge] | None:
        """Give the edge under the pointer, one of the chosen word before all others."""
        found: tuple[StripWord, Edge] | None = None
        least = (True, _GRASP + 1.0)
        for word in self._words:
            is_other = word.place != self._chosen
            for edge, ms in ((Edge.START, word.start_ms), (Edge.END, word.end_ms)):
                away = (is_other, abs(self._x_of(ms) - x))
                if away[1] <= _GRASP and (found is None or away < least):
                    found, least = (word, edge), away
        return found

    def _dragged_ms(self, event: QMouseEvent) -> int:
        if self._grasped is None:
            return 0
        word, edge, _ = self._grasped
        was_ms = word.start_ms if edge is Edge.START else word.end_ms
        moved_px = event.position().x() - self._pressed_x
        wanted = was_ms + round(moved_px / max(1, self.width()) * self._span_ms)
        least_ms, most_ms = self._room(word.place, edge, _parts(event))
        return min(max(wanted, least_ms), most_ms)

    def _chosen_word(self) -> StripWord | None:
        return next((one for one in self._words if one.place == self._chosen), None)

    def _describe(self, *, is_said: bool = False) -> None:
        """Tell assistive technology which word and which edge it is about."""
        word = self._chosen_word()
        text = ""
        if word is not None:
            which = self.tr("start") if self._edge is Edge.START else self.tr("end")
            text = f"{word.text}, {which}"
        self.setAccessibleDescription(text)
        if is_said:
            announce(self, text)


def _parts(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
