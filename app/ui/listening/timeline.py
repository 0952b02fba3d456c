"""The whole recording at a glance: its sound, who speaks when, and where one is.

What does not move is drawn once into pixmaps; while playing only the strip between the
old and the new position is painted.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QBrush,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip, QWidget
from typing_extensions import override

from app.core.marks import TimesChange
from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import SPACE_4
from app.ui.wording import clock, spoken_time

_WAVE_HEIGHT = 44
_LANE_GAP = 2
_LANES_HEIGHT = 20
_LANE_LEAST, _LANE_MOST = 2, 5
_HEARD_HEIGHT = 2
_HEARD_REACH = 5
"""So near to the line of what was heard, the pointer is about it."""
_STEP_S, _PAGE_S = 5, 30
_HEAD = 4.0
"""Radius of the head of the line where it plays."""
_CLOSEST_MS = 5_000
"""The shortest span that zooming shows."""
_ZOOM = 1.25
_LEAST_LOOP_MS = 200
_WHEEL_NOTCH = 120
_MARK_HEIGHT = 4
_WORDLESS_STRENGTH = 0.55


class Waveform(Protocol):
    """What can be drawn as a waveform; ``core.peaks.Peaks`` is one."""

    @property
    def loudest(self) -> int:
        """The largest sample."""
        ...

    def columns(self, start_ms: int, end_ms: int, count: int) -> list[tuple[int, int]]:
        """Give lowest and highest sample for each column of a drawing."""
        ...


@dataclass(frozen=True, slots=True, order=True)
class SpokenSpan:
    """Somebody speaks.

    Attributes:
        start_ms: From when.
        end_ms: Until when.
        lane: Place of the speaker, from 0.
    """

    start_ms: int
    end_ms: int
    lane: int


class TimelineBar(QSlider):
    """Show where playback is, and go elsewhere; its value is in whole seconds.

    Signals:
        seek_requested: Go there, in milliseconds.
        loop_requested: Play this over and over: ``(start_ms, end_ms)``, or ``None``.
    """

    seek_requested = Signal(int)
    loop_requested = Signal(object)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._appearance = appearance
        self._duration_ms = 0
        self._position_ms = 0
        self._start_ms, self._end_ms = 0, 0  # what is shown
        self._waveform: Waveform | None = None
        self._spans: list[SpokenSpan] = []  # sorted, as the marks below are
        self._words_at: Callable[[int], str] = lambda _ms: ""
        self._lanes = 0
        self._heard: tuple[tuple[int, int], ...] = ()
        self._hits = array("q")
        self._low_confidence = array("q")
        self._wordless: tuple[tuple[int, int], ...] = ()
        self._loop: tuple[int, int] | None = None
        self._waves: tuple[QPixmap, QPixmap] | None = None  # not played yet, and played
        self._lanes_drawn: tuple[QPixmap, QPixmap] | None = None
        self._loop_from_ms: int | None = None
        self._told_s = -1
        self._is_seeking = False
        self._is_following = False  # the value follows what plays, and asks for nothing
        self.valueChanged.connect(self._on_value_changed)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as time runs on any player
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSingleStep(_STEP_S)
        self.setPageStep(_PAGE_S)
        self.setRange(0, 0)
        appearance.theme_changed.connect(self._draw_anew)

    # What is shown

    def show_duration(self, duration_ms: int) -> None:
        """Show a recording of another length, whole."""
        self._duration_ms = max(0, duration_ms)
        self._start_ms, self._end_ms = 0, self._duration_ms
        with self._following():
            self.setRange(0, self._duration_ms // 1_000)
        self._told_s = -1
        self._draw_anew()

    def show_position(self, position_ms: int) -> None:
        """Show where playback is."""
        if self._is_seeking:
            return
        self._move_to(position_ms)
        with self._following():
            self.setValue(position_ms // 1_000)
        if QAccessible.isActive() and self._told_s != self.value():
            self._told_s = self.value()
            self.setAccessibleDescription(
                self.tr("{time} of {length}")
                .replace("{time}", spoken_time(position_ms))
                .replace("{length}", spoken_time(self._duration_ms))
            )

    def show_waveform(self, waveform: Waveform | None) -> None:
        """Show the sound."""
        self._waveform = waveform
        self._draw_anew()

    def show_spans(self, spans: Iterable[SpokenSpan], words_at: Callable[[int], str]) -> None:
        """Show who speaks when; one lane a speaker, so that overlap is seen.

        Args:
            spans: Who speaks when.
            words_at: Gives what is said at a time, to show when the pointer is there.
        """
        self._spans = sorted(spans)
        self._words_at = words_at
        self._lanes = max((one.lane for one in self._spans), default=-1) + 1
        self.updateGeometry()
        self._draw_lanes_anew()

    def change_spans(
        self, removed: Iterable[SpokenSpan], inserted: Iterable[SpokenSpan]
    ) -> None:
        """Show what an edit changed of who speaks when."""
        for one in removed:
            at = bisect_left(self._spans, one)
            if self._spans[at : at + 1] == [one]:
                del self._spans[at]
        lanes = self._lanes
        for one in inserted:
            insort(self._spans, one)
            lanes = max(lanes, one.lane + 1)
        if lanes != self._lanes:
            self._lanes = lanes
            self.updateGeometry()
        self._draw_lanes_anew()

    def show_heard(self, spans: tuple[tuple[int, int], ...]) -> None:
        """Show what was listened to."""
        self._heard = spans
        self.update()

    def show_hits(self, change: TimesChange) -> None:
        """Mark what a search found."""
        self._hits = self._marked(self._hits, change)

    def show_low_confidence(self, change: TimesChange) -> None:
        """Mark words the recogniser was not sure of."""
        self._low_confidence = self._marked(self._low_confidence, change)

    @property
    def spans(self) -> tuple[SpokenSpan, ...]:
        """When who is shown to speak."""
        return tuple(self._spans)

    @property
    def hits_ms(self) -> tuple[int, ...]:
        """Where what was found is marked."""
        return tuple(self._hits)

    @property
    def low_confidence_ms(self) -> tuple[int, ...]:
        """Where words are marked that it was not sure of."""
        return tuple(self._low_confidence)

    @property
    def wordless(self) -> tuple[tuple[int, int], ...]:
        """Where somebody is shown to speak without words."""
        return self._wordless

    def show_wordless(self, spans: tuple[tuple[int, int], ...]) -> None:
        """Mark where somebody speaks and no words were heard."""
        if spans != self._wordless:
            self._wordless = spans
            self.update()

    def show_loop(self, loop: tuple[int, int] | None) -> None:
        """Show what is played over and over."""
        self._loop = loop
        self.update()

    def zoom(self, factor: float, around_ms: int | None = None) -> None:
        """Show a shorter or longer span, keeping a time where it is."""
        if self._duration_ms <= 0:
            return
        centre = self._position_ms if around_ms is None else around_ms
        span = self._end_ms - self._start_ms
        wanted = int(min(self._duration_ms, max(_CLOSEST_MS, span / factor)))
        share = (centre - self._start_ms) / span if span else 0.0
        self._show_from(int(centre - wanted * min(1.0, max(0.0, share))), wanted)

    # Qt's part

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, _WAVE_HEIGHT + self._lanes_height() + SPACE_4)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw_anew()

    @override
    def paintEvent(self, ev: QPaintEvent) -> None:
        if self._waves is None:
            self._waves = (
                self._draw_wave_pixmap(is_played=False),
                self._draw_wave_pixmap(is_played=True),
            )
        if self._lanes_drawn is None:
            lanes = self._lane_rects()
            self._lanes_drawn = (
                self._draw_lanes(lanes, is_played=False),
                self._draw_lanes(lanes, is_played=True),
            )
        theme = self._appearance.theme
        painter = QPainter(self)
        now = self._x_of(self._position_ms)
        painter.setClipRect(ev.rect())
        for unplayed, _ in (self._waves, self._lanes_drawn):
            painter.drawPixmap(0, 0, unplayed)
        painter.save()
        painter.setClipRect(
            QRect(0, 0, round(now), self.height()), Qt.ClipOperation.IntersectClip
        )
        for _, played in (self._waves, self._lanes_drawn):
            painter.drawPixmap(0, 0, played)
        painter.restore()
        for times_ms, foreground, top in (
            (self._low_confidence, theme.bad, _WAVE_HEIGHT - _MARK_HEIGHT),
            (self._hits, theme.text, 0),
        ):
            for x in self._columns_marked(times_ms, ev.rect()):
                painter.fillRect(QRect(x, top, 1, _MARK_HEIGHT), QColor(foreground))
        painter.setPen(Qt.PenStyle.NoPen)
        self._paint_spans(painter)
        if self._loop is not None:
            shade = QColor(theme.accent)
            shade.setAlphaF(0.18)
            self._fill(painter, *self._loop, shade, 0, _WAVE_HEIGHT)
            for edge_ms in self._loop:
                painter.fillRect(
                    QRectF(self._x_of(edge_ms) - 1, 0, 2, _WAVE_HEIGHT), theme.accent
                )
        if self._duration_ms:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(QRectF(now - 0.75, 0, 1.5, self.height()), QColor(theme.accent))
            painter.setBrush(QColor(theme.accent))
            head = min(max(now, _HEAD), self.width() - _HEAD)  # whole at both ends too
            painter.drawEllipse(QPointF(head, _HEAD), _HEAD, _HEAD)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_spans(self, painter: QPainter) -> None:
        """Show where speech has no words, and what was listened to."""
        theme = self._appearance.theme
        shade = QColor(theme.bad)
        shade.setAlphaF(_WORDLESS_STRENGTH)
        ground = QBrush(shade, Qt.BrushStyle.BDiagPattern)
        for start_ms, end_ms in self._wordless:
            self._fill(painter, start_ms, end_ms, ground, 0, _WAVE_HEIGHT)
        for start_ms, end_ms in self._heard:
            self._fill(painter, start_ms, end_ms, theme.muted, _WAVE_HEIGHT, _HEARD_HEIGHT)

    @override
    def mousePressEvent(self, ev: QMouseEvent) -> None:
        if ev.button() is not Qt.MouseButton.LeftButton or self._duration_ms <= 0:
            ev.ignore()
            return
        at_ms = self._ms_at(ev.position().x())
        if ev.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._loop_from_ms = at_ms
            return
        self._is_seeking = True
        self._move_to(at_ms)

    @override
    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        at_ms = self._ms_at(ev.position().x())
        if self._loop_from_ms is not None:
            low, high = sorted((self._loop_from_ms, at_ms))
            self._loop = (low, high)
            self.update()
        elif self._is_seeking:
            self._move_to(at_ms)
        if self._duration_ms:
            is_at_heard = abs(ev.position().y() - _WAVE_HEIGHT) <= _HEARD_REACH
            tip = self._tip_heard(at_ms) if is_at_heard else self.tip(at_ms)
            QToolTip.showText(ev.globalPosition().toPoint(), tip, self)

    @override
    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        at_ms = self._ms_at(ev.position().x())
        if self._loop_from_ms is not None:
            low, high = sorted((self._loop_from_ms, at_ms))
            self._loop_from_ms = None
            self._loop = None
            self.update()
            self.loop_requested.emit((low, high) if high - low >= _LEAST_LOOP_MS else None)
        elif self._is_seeking:
            self._is_seeking = False
            self.seek_requested.emit(at_ms)

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        turned = e.angleDelta()
        if e.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM ** (turned.y() / _WHEEL_NOTCH), self._ms_at(e.position().x()))
        else:
            span = self._end_ms - self._start_ms
            moved = turned.x() or turned.y()
            self._show_from(self._start_ms - int(moved / _WHEEL_NOTCH * span / 10), span)
        e.accept()

    @override
    def keyPressEvent(self, ev: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -self.singleStep() * 1_000,
            Qt.Key.Key_Right: self.singleStep() * 1_000,
            Qt.Key.Key_Down: -self.singleStep() * 1_000,
            Qt.Key.Key_Up: self.singleStep() * 1_000,
            Qt.Key.Key_PageDown: -self.pageStep() * 1_000,
            Qt.Key.Key_PageUp: self.pageStep() * 1_000,
            Qt.Key.Key_Home: -self._duration_ms,
            Qt.Key.Key_End: self._duration_ms,
        }
        step_ms = steps.get(Qt.Key(ev.key()))
        if ev.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            ev.ignore()
        elif step_ms is not None:
            at_ms = min(self._duration_ms, max(0, self._position_ms + step_ms))
            self.seek_requested.emit(at_ms)
        elif ev.key() == Qt.Key.Key_Plus:
            self.zoom(_ZOOM)
        elif ev.key() == Qt.Key.Key_Minus:
            self.zoom(1 / _ZOOM)
        else:
            ev.ignore()

    # Inside

    @contextmanager
    def _following(self) -> Generator[None]:
        self._is_following = True
        try:
            yield
        finally:
            self._is_following = False

    def _on_value_changed(self, seconds: int) -> None:
        """Go where assistive technology has moved the slider."""
        if not self._is_following:
            self.seek_requested.emit(seconds * 1_000)

    def _lanes_height(self) -> int:
        return self._lanes * (self._lane_height() + _LANE_GAP) + _HEARD_HEIGHT + _LANE_GAP

    def _lane_height(self) -> int:
        if not self._lanes:
            return 0
        return min(_LANE_MOST, max(_LANE_LEAST, _LANES_HEIGHT // self._lanes - _LANE_GAP))

    def _x_of(self, ms: int) -> float:
        span = self._end_ms - self._start_ms
        share = (ms - self._start_ms) / span if span > 0 else 0.0
        return share * self.width()

    def _ms_at(self, x: float) -> int:
        share = x / max(1, self.width())
        at_ms = int(self._start_ms + share * (self._end_ms - self._start_ms))
        return min(self._duration_ms, max(0, at_ms))

    def _move_to(self, position_ms: int) -> None:
        before = self._x_of(self._position_ms)
        self._position_ms = position_ms
        is_zoomed = self._end_ms - self._start_ms < self._duration_ms
        if is_zoomed and not self._start_ms <= position_ms < self._end_ms:
            span = self._end_ms - self._start_ms
            self._show_from(position_ms - span // 10, span)
            return
        now = self._x_of(position_ms)
        left, right = sorted((before, now))
        self.update(QRect(int(left) - 6, 0, int(right - left) + 13, self.height()))

    def _show_from(self, start_ms: int, span_ms: int) -> None:
        start_ms = min(max(0, start_ms), self._duration_ms - span_ms)
        if (start_ms, start_ms + span_ms) != (self._start_ms, self._end_ms):
            self._start_ms, self._end_ms = start_ms, start_ms + span_ms
            self._draw_anew()

    def _draw_anew(self) -> None:
        self._waves = None
        self._draw_lanes_anew()

    def _draw_lanes_anew(self) -> None:
        self._lanes_drawn = None
        self.update()

    def _marked(self, times_ms: array[int], change: TimesChange) -> array[int]:
        """Give moments as they are after a change, sorted, and paint where they differ."""
        if change.removed is None:
            self.update()
            return array("q", sorted(change.inserted))
        for ms in change.removed:
            at = bisect_left(times_ms, ms)
            if times_ms[at : at + 1] == array("q", (ms,)):
                del times_ms[at]
        for ms in change.inserted:
            times_ms.insert(bisect_right(times_ms, ms), ms)
        if change.removed != change.inserted:
            for ms in (*change.removed, *change.inserted):
                self.update(QRect(round(self._x_of(ms)) - 1, 0, 3, _WAVE_HEIGHT))
        return times_ms

    def _columns_marked(self, times_ms: array[int], clip: QRect) -> Iterator[int]:
        """Give the columns that marks stand in, one after the other, each once."""
        span, width = self._end_ms - self._start_ms, max(1, self.width())
        if span <= 0:
            return
        at = bisect_left(times_ms, self._start_ms + span * (clip.left() - 1) // width)
        while at < len(times_ms) and times_ms[at] <= self._end_ms:
            x = round(self._x_of(times_ms[at]))
            if x > clip.right():
                return
            yield x
            behind_ms = self._start_ms + int(span * (x + 0.5) / width) + 1
            at = max(at + 1, bisect_left(times_ms, behind_ms, at))

    def _fill(
        self,
        painter: QPainter,
        start_ms: int,
        end_ms: int,
        colour: QBrush | QColor | str,
        top: float,
        height: float,
    ) -> None:
        left, right = sorted((self._x_of(start_ms), self._x_of(end_ms)))
        ground = colour if isinstance(colour, QBrush) else QColor(colour)
        painter.fillRect(QRectF(left, top, max(1.0, right - left), height), ground)

    def _blank(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def _draw_wave_pixmap(self, *, is_played: bool) -> QPixmap:
        theme = self._appearance.theme
        pixmap = self._blank()
        painter = QPainter(pixmap)
        self._draw_wave(painter, QColor(theme.accent if is_played else theme.edge))
        painter.end()
        return pixmap

    def _draw_lanes(self, lanes: list[tuple[int, QRectF]], *, is_played: bool) -> QPixmap:
        theme = self._appearance.theme
        pixmap = self._blank()
        painter = QPainter(pixmap)
        colours = [QColor(theme.speaker(lane)) for lane in range(self._lanes)]
        for colour in colours:
            colour.setAlphaF(1.0 if is_played else 0.6)
        for lane, rect in lanes:
            painter.fillRect(rect, colours[lane])
        painter.end()
        return pixmap

    def _draw_wave(self, painter: QPainter, colour: QColor) -> None:
        middle = _WAVE_HEIGHT / 2
        columns: list[tuple[int, int]] = []
        if self._waveform is not None:
            columns = self._waveform.columns(self._start_ms, self._end_ms, self.width() // 2)
        if not columns:
            painter.fillRect(QRectF(0, middle - 1, self.width(), 2), colour)
            return
        full = max(1, self._waveform.loudest if self._waveform is not None else 1)
        reach = middle - 5
        for place, (low, high) in enumerate(columns):
            above, below = reach * max(0, high) / full, reach * max(0, -low) / full
            painter.fillRect(
                QRectF(2 * place, middle - max(0.5, above), 1.2, max(1.0, above + below)),
                colour,
            )

    def _lane_rects(self) -> list[tuple[int, QRectF]]:
        """Give where each lane is filled; turns of a long recording share a pixel."""
        height = self._lane_height()
        top = _WAVE_HEIGHT + _HEARD_HEIGHT + _LANE_GAP
        start_ms, end_ms = self._start_ms, self._end_ms
        scale = self.width() / max(1, end_ms - start_ms)
        covered = [-1.0] * self._lanes
        rects: list[tuple[int, QRectF]] = []
        for span in self._spans:
            lane, right = span.lane, (span.end_ms - start_ms) * scale
            if right <= covered[lane] or span.end_ms < start_ms or span.start_ms > end_ms:
                continue
            left = max((span.start_ms - start_ms) * scale, covered[lane])
            covered[lane] = left + max(1.0, right - left)
            lane_top = top + lane * (height + _LANE_GAP)
            rects.append((lane, QRectF(left, lane_top, covered[lane] - left, height)))
        return rects

    def _tip_heard(self, at_ms: int) -> str:
        """Say what the line under the waveform means, where the pointer is on it."""
        if any(start_ms <= at_ms < end_ms for start_ms, end_ms in self._heard):
            return self.tr(
                "{time}: listened to. The line under the waveform shows what you have "
                "listened to."
            ).replace("{time}", clock(at_ms))
        return self.tr(
            "{time}: not listened to yet. The line under the waveform shows what you have "
            "listened to."
        ).replace("{time}", clock(at_ms))

    def tip(self, at_ms: int) -> str:
        """Say what is at a time: who says what, or that nobody knows."""
        words = self._words_at(at_ms)
        if any(start_ms <= at_ms < end_ms for start_ms, end_ms in self._wordless):
            words = self.tr("Speech without words")
        return f"{clock(at_ms)}\n{words}" if words else clock(at_ms)
