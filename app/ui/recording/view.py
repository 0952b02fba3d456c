"""The bar that stands over everything while it is recorded."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
)
from typing_extensions import override

from app.core.take import Source, Trouble, Troubled
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8, SPACE_12
from app.ui.kit.turning import keep_turned, turn_to_fit
from app.ui.recording.wording import source_name
from app.ui.wording import clock, spoken_time

_FLOOR_DB = -60.0
_HOT_DB = -3.0
_LOW_DB = -35.0
"""Somebody who speaks into a microphone is louder, if it is near enough."""
_LATELY = 20
"""So many levels are two seconds."""
_METER = QSize(96, 8)


class _Meter(QLabel):
    """How loud a source is, in decibels from the floor to full scale.

    Assistive technology finds it as a label that is described by a word; what is amiss with
    the sound is announced, each change of the word is not.
    """

    def __init__(self, appearance: Appearance, name: str) -> None:
        super().__init__()
        self._appearance = appearance
        self._name = name
        self._db = _FLOOR_DB
        self._lately_db: deque[float] = deque(maxlen=_LATELY)
        self.setFixedSize(_METER)
        self.setToolTip(name)
        self.setAccessibleName(self.tr("Level: {name}").replace("{name}", name))
        self._describe()

    def show_peak(self, peak: float) -> None:
        """Rise at once and fall by a few decibels a step."""
        from math import log10

        db = 20 * log10(peak) if peak > 0.001 else _FLOOR_DB
        self._lately_db.append(db)
        self._describe()
        db = max(db, self._db - 4)
        if db != self._db:
            self._db = db
            self.update()

    def _describe(self) -> None:
        """Say how loud it was lately; the word outlasts the pause between two spoken ones."""
        loudest_db = max(self._lately_db, default=_FLOOR_DB)
        if loudest_db > _HOT_DB:
            word = self.tr("Too loud")
        elif loudest_db > _LOW_DB:
            word = self.tr("Good")
        else:
            word = self.tr("Quiet") if loudest_db > _FLOOR_DB else self.tr("No sound")
        if word != self.accessibleDescription():
            self.setAccessibleDescription(word)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        share = max(0.0, min(1.0, (self._db - _FLOOR_DB) / -_FLOOR_DB))
        painter.setBrush(QColor(theme.bad if self._db > _HOT_DB else theme.good))
        painter.drawRoundedRect(QRectF(0, 0, self.width() * share, self.height()), 4, 4)


class RecordingBar(QFrame):
    """What is being recorded, for how long, how loud, and what goes wrong.

    Signals:
        mark_requested: Mark this moment.
        pause_requested: Pause, or go on.
        stop_requested: Stop.
        copy_requested: Copy what was dictated so far.
    """

    mark_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()
    copy_requested = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._meters: list[_Meter] = []
        self._is_dictation = False
        self._marked = ""
        self.setProperty("notice", "bad")
        self.setAccessibleName(self.tr("Recording"))
        self._sign = QLabel("●")
        self._sign.setProperty("bad", True)  # noqa: FBT003 - Qt's signature
        self._state = QLabel(self.tr("Recording"))
        self._time = QLabel(clock(0))
        self._time.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        self._time.setAccessibleName(spoken_time(0))
        self._time.setAccessibleDescription(self.tr("Recorded time"))
        self._room = ElidedLabel()
        self._room.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._room.setAccessibleDescription(self.tr("Size of the recording"))
        self._levels = QVBoxLayout()
        self._levels.setSpacing(SPACE_4)
        self.mark = self._button(self.tr("Mark"), "bookmark")
        self.mark.setToolTip(self.tr("Mark this moment, to find it again"))
        self.copy = self._button(self.tr("Copy"), "copy")
        self.copy.clicked.connect(self.copy_requested)
        self.pause = self._button(self.tr("Pause"), "pause")
        self.stop = self._button(self.tr("Stop"), "stop")
        self.stop.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        appearance.apply_icon(self.stop, "stop", "on_accent")
        for button, asked in (
            (self.mark, self.mark_requested),
            (self.pause, self.pause_requested),
            (self.stop, self.stop_requested),
        ):
            button.clicked.connect(asked)
        self._trouble, self._missing, self._lag = _sentence(), _sentence(), _sentence()
        for one in (self._missing, self._lag):
            one.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._above = self._state_row()
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_8)
        for button in (self.stop, self.pause, self.mark, self.copy):
            buttons.addWidget(button)
        below = self._below = QHBoxLayout()
        below.setSpacing(SPACE_8)
        below.addLayout(buttons)
        below.addWidget(self._room, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_12, SPACE_8, SPACE_12, SPACE_8)
        column.setSpacing(SPACE_4)
        column.addLayout(self._above)
        column.addWidget(self._trouble)
        column.addWidget(self._missing)
        column.addWidget(self._lag)
        column.addSpacing(SPACE_4)
        column.addLayout(below)
        keep_turned(self, self._turn)
        self.hide()

    def _state_row(self) -> QHBoxLayout:
        """Lay out what is going on, each part of it in a line of its own if need be."""
        state = QHBoxLayout()
        state.setSpacing(SPACE_8)
        for one in (self._sign, self._state):
            state.addWidget(one)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addLayout(state)
        row.addWidget(self._time)
        row.addStretch()
        row.addLayout(self._levels)
        return row

    def _turn(self) -> None:
        for row in (self._above, self._below):
            turn_to_fit(row, self.width() - 2 * SPACE_12)

    def begin(self, sources: tuple[Source, ...], *, is_dictation: bool = False) -> None:
        """Show a take that begins.

        Args:
            sources: What is heard.
            is_dictation: Whether only its words are kept.
        """
        self._is_dictation = is_dictation
        self.mark.setVisible(not is_dictation)
        self.copy.setVisible(is_dictation)
        for meter in self._meters:
            self._levels.removeWidget(meter)
            meter.deleteLater()
        self._meters = [_Meter(self._appearance, source_name(one)) for one in sources]
        for meter in self._meters:
            self._levels.addWidget(meter)
        self.show_time(0, "")
        self.show_trouble("", is_bad=False)
        self.show_missing_words("")
        self.show_lag("")
        self._state.clear()  # so that what begins is announced
        self.show_state(is_paused=False, is_finishing=False)
        self.show()

    def show_state(self, *, is_paused: bool, is_finishing: bool) -> None:
        """Show whether sound is kept."""
        if is_finishing and not self._is_dictation:
            state = self.tr("Saving the recording…")
        elif is_paused:
            state = self.tr("Paused")
        else:
            state = self.tr("Dictating") if self._is_dictation else self.tr("Recording")
        if state != self._state.text():  # it is shown anew with every level
            self._state.setText(state)
            announce(self, state)
        self._sign.setVisible(not is_paused and not is_finishing)
        self.pause.setText(self.tr("Resume") if is_paused else self.tr("Pause"))
        self.pause.setAccessibleName(self.pause.text())
        self._appearance.apply_icon(self.pause, "record" if is_paused else "pause")
        for button in (self.mark, self.pause, self.stop):
            button.setEnabled(not is_finishing)

    def show_ended(self) -> None:
        """Show that nothing is recorded any more: all one can do is stop."""
        self._sign.hide()
        for button in (self.mark, self.pause):
            button.setEnabled(False)
        self.show_peaks([0.0] * len(self._meters))

    def show_time(self, at_ms: int, room: str) -> None:
        """Show how long and how large it is."""
        if (text := clock(at_ms)) != self._time.text():  # it is shown anew with every level
            self._time.setText(text)
            self._time.setAccessibleName(spoken_time(at_ms))
        if room != self._room.text():
            self._room.setText(room)
            self._turn()

    def show_peaks(self, peaks: list[float]) -> None:
        """Show how loud each source is."""
        for meter, peak in zip(self._meters, peaks, strict=False):
            meter.show_peak(peak)

    def show_trouble(self, text: str, *, is_bad: bool) -> None:
        """Say what is wrong, or what is missing; nothing for an empty text."""
        if text == self._trouble.text():
            return
        self._trouble.setText(text)
        self._trouble.setProperty("bad", is_bad)
        self._trouble.style().unpolish(self._trouble)
        self._trouble.style().polish(self._trouble)
        self._trouble.setVisible(bool(text))
        announce(self, text)

    def say_marked(self, text: str) -> None:
        """Say which moment was marked, where it is not shown for what is wrong."""
        if text != self._marked:
            self._marked = text
            if text != self._trouble.text():
                announce(self, text)

    def show_missing_words(self, text: str) -> None:
        """Say why no words come; nothing for an empty text."""
        if text == self._missing.text():
            return
        self._missing.setText(text)
        self._missing.setVisible(bool(text))
        announce(self, text)

    def show_lag(self, text: str) -> None:
        """Say how far the words lag; nothing for an empty text.

        It is heard when they begin to: the figure that changes each second would be a nuisance.
        """
        has_begun = bool(text) and not self._lag.text()
        self._lag.setText(text)
        self._lag.setVisible(bool(text))
        if has_begun:
            announce(self, text)

    def _button(self, text: str, icon: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setMinimumHeight(HIT_SIZE)
        self._appearance.apply_icon(button, icon)
        return button


def _sentence() -> QLabel:
    """Give a label for a sentence that is not said yet."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.hide()
    return label


def is_grave(troubled: Troubled) -> bool:
    """Tell whether something is really wrong, not merely worth knowing."""
    return troubled.trouble is not Trouble.MOVED
