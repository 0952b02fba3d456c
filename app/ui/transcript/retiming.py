"""The times of words, put right: by dragging, by keys, for a range, by where speech is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.core import retiming
from app.core.document import Change
from app.core.peaks import Peaks
from app.core.retiming import Edge
from app.core.speech_level import speech_spans
from app.core.timecode import timestamp
from app.core.transcript import Transcript
from app.jobs.open_transcript import OpenTranscript
from app.ui.actions import ActionId, Actions
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.closing import close_on_esc
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.fields import DecimalField
from app.ui.kit.sheet import Sheet
from app.ui.kit.tips import follow_tip
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8, SPACE_16, TEXT_BASE
from app.ui.kit.turning import keep_turned, turn_to_fit
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.chosen import selected_range
from app.ui.transcript.view import TranscriptView
from app.ui.transcript.word_strip import StripWord, WordStrip
from app.ui.translate import digits
from app.ui.wording import decimal, seconds

_NUDGES = {
    ActionId.START_EARLIER: (Edge.START, -10),
    ActionId.START_LATER: (Edge.START, 10),
    ActionId.START_MUCH_EARLIER: (Edge.START, -50),
    ActionId.START_MUCH_LATER: (Edge.START, 50),
    ActionId.END_EARLIER: (Edge.END, -10),
    ActionId.END_LATER: (Edge.END, 10),
    ActionId.END_MUCH_EARLIER: (Edge.END, -50),
    ActionId.END_MUCH_LATER: (Edge.END, 50),
}
_AROUND = 60
"""So many words either side of the chosen one are in the strip."""
_AROUND_MS = 5_000
"""So much sound either side tells how loud speech is and how loud the pauses are."""
_LONGEST_S = 36_000.0


class RetimePanel(QWidget):
    """The strip, and over it what can be done with the chosen word.

    Attributes:
        strip: The words over their sound.

    Signals:
        close_requested: It is to be hidden.
    """

    close_requested = Signal()

    def __init__(
        self, appearance: Appearance, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.strip = WordStrip(appearance)
        self._word = ElidedLabel()
        self._times = QLabel()
        self._appearance = appearance
        appearance.theme_changed.connect(self._take_font)
        self._take_font()
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self._word, 1)
        row.addWidget(self._times)
        whole = self._row = QHBoxLayout()
        whole.setSpacing(SPACE_16)
        whole.addLayout(row, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        whole.addLayout(row)
        for text, earlier, later in (
            (self.tr("Starts"), ActionId.START_EARLIER, ActionId.START_LATER),
            (self.tr("Ends"), ActionId.END_EARLIER, ActionId.END_LATER),
        ):
            pair = QWidget()  # as time runs on the strip, also where one reads from the right
            pair.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            both = QHBoxLayout(pair)
            both.setContentsMargins(0, 0, 0, 0)
            both.setSpacing(SPACE_8)
            both.addWidget(_tool(appearance, actions, earlier, "earlier"))
            both.addWidget(_tool(appearance, actions, later, "later"))
            named = QHBoxLayout()
            named.setSpacing(SPACE_8)
            named.addWidget(QLabel(text))
            named.addWidget(pair)
            row.addLayout(named)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_8)
        row.addLayout(buttons)
        for action_id, text in (
            (ActionId.SNAP_TIMES, self.tr("Snap")),
            (ActionId.SHIFT_TIMES, self.tr("Shift…")),
        ):
            button = QPushButton(text)
            button.setAccessibleName(actions.label(action_id))
            follow_tip(button, actions[action_id])
            button.setMinimumHeight(HIT_SIZE)
            button.clicked.connect(actions[action_id].trigger)
            buttons.addWidget(button)
        buttons.addWidget(self._close_button())
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_16, SPACE_4, SPACE_16, SPACE_4)
        column.setSpacing(SPACE_4)
        column.addLayout(whole)
        column.addWidget(self.strip)
        close_on_esc(self, self.close_requested.emit)
        keep_turned(self, self._turn)
        self.hide()

    def _turn(self) -> None:
        turn_to_fit(self._row, self.width() - 2 * SPACE_16)

    def _close_button(self) -> QToolButton:
        close = QToolButton()
        close.setAccessibleName(self.tr("Hide word times"))
        close.setToolTip(close.accessibleName())
        close.setMinimumSize(HIT_SIZE, HIT_SIZE)
        close.clicked.connect(self.close_requested)
        self._appearance.apply_icon(close, "close")
        return close

    def _take_font(self) -> None:
        self._times.setFont(self._appearance.font(TEXT_BASE, tabular=True))

    def show_word(self, text: str, times: str) -> None:
        """Say which word it is about, and when it is spoken."""
        self._word.setText(text)
        self._times.setText(times)


class ShiftSheet(Sheet):
    """Asks which words are to be said earlier or later, and by how much.

    Signals:
        wanted: The words, a ``range``, and by how many milliseconds.
    """

    wanted = Signal(object, int)

    def __init__(
        self,
        appearance: Appearance,
        transcript: Transcript,
        selected: range,
        caret: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(self.tr("Shift times"), parent)
        self._transcript = transcript
        count = transcript.word_count
        choices = [
            (self.tr("Selection"), selected),
            (self.tr("From the cursor to the end"), range(caret, count)),
            (self.tr("Everything"), range(count)),
        ]
        self._group = QButtonGroup(self)
        self._ranges: dict[int, range] = {}
        for number, (text, words) in enumerate(choices):
            if not words:
                continue
            button = QRadioButton(text)
            button.setMinimumHeight(HIT_SIZE)
            self._group.addButton(button, number)
            self._ranges[number] = words
            self.body.addWidget(button)
        self._group.button(min(self._ranges)).setChecked(True)
        self.by = DecimalField(appearance, self.tr("Later by"))
        self.by.setRange(-_LONGEST_S, _LONGEST_S)
        self.by.setDecimals(2)
        self.by.setSingleStep(0.1)
        self.by.setSuffix(self.tr(" s"))
        label = QLabel(self.tr("Later by"))
        label.setBuddy(self.by)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.by)
        row.addStretch(1)
        self.body.addLayout(row)
        self._room = self.add_text(muted=True)
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.shift_button = self.add_button(self.tr("Shift times"), is_primary=True)
        self.shift_button.clicked.connect(self._on_shift)
        self._group.idToggled.connect(self._show_room)
        self.by.valueChanged.connect(self._show_room)
        self._show_room()

    @property
    def _words(self) -> range:
        return self._ranges[self._group.checkedId()]

    def _show_room(self) -> None:
        least_ms, most_ms = retiming.shift_room(self._transcript, self._words)
        by_ms = round(self.by.value() * 1_000)
        text = self.tr(
            "Use a negative number for earlier. Neighbouring words make room as far as they "
            "can."
        )
        if not least_ms <= by_ms <= most_ms:
            limit_ms = least_ms if by_ms < least_ms else most_ms
            text = self.tr(
                "There was only room for {seconds} s, so that is how far they moved."
            ).replace("{seconds}", decimal(limit_ms / 1_000, 2))
        self._room.setText(text)
        reason = "" if by_ms else self.tr("Enter by how much the times should move.")
        if by_ms and not min(max(by_ms, least_ms), most_ms):
            reason = self.tr("There is no room to move them that way.")
        self.shift_button.refuse(reason)

    def _on_shift(self) -> None:
        self.wanted.emit(self._words, round(self.by.value() * 1_000))
        self.accept()


class RetimingController(QObject):
    """Shows the times of the chosen word, and has them changed.

    Attributes:
        panel: What stands under the page.

    Signals:
        seek_requested: Go there, in milliseconds.
    """

    seek_requested = Signal(int)

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        appearance: Appearance,
        view: TranscriptView,
        tasks: Tasks,
        on_page: Callable[[], OpenTranscript | None],
    ) -> None:
        """Prepare.

        Args:
            stage: Where it is shown.
            actions: All actions.
            appearance: How it looks.
            view: The page, whose caret tells which word it is about.
            tasks: Runs what takes time.
            on_page: Gives the transcript on the page.
        """
        super().__init__()
        self._stage = stage
        self._actions = actions
        self._appearance = appearance
        self._view = view
        self._tasks = tasks
        self._on_page = on_page
        self._peaks: Peaks | None = None
        self._word: int | None = None
        self._unfollow: Callable[[], None] = lambda: None
        self.panel = RetimePanel(appearance, actions)
        strip = self.panel.strip
        self.panel.close_requested.connect(actions[ActionId.RETIME].trigger)
        strip.edge_requested.connect(self._on_edge)
        strip.nudge_requested.connect(self._nudge)
        strip.word_requested.connect(self._on_word)
        strip.seek_requested.connect(self.seek_requested)
        view.text.cursorPositionChanged.connect(self._on_caret)
        actions[ActionId.RETIME].triggered.connect(self._on_toggled)
        for action_id, (edge, by_ms) in _NUDGES.items():
            act = partial(self._nudge, edge, by_ms)
            actions[action_id].triggered.connect(partial(self._if_seen, act))
        actions[ActionId.SHIFT_TIMES].triggered.connect(partial(self._if_seen, self._ask_shift))
        actions[ActionId.SNAP_TIMES].triggered.connect(partial(self._if_seen, self._snap))

    def follow(self) -> None:
        """Follow the transcript that is on the page now."""
        self._unfollow()
        self._word = None
        opened = self._on_page()
        if opened is not None:
            self._unfollow = opened.document.subscribe(self._on_changed)
        self._show()

    def show_sound(self, peaks: Peaks | None) -> None:
        """Take up the waveform; ``None`` while it is not known."""
        self._peaks = peaks
        self.panel.strip.show_sound(peaks)

    def show_position(self, position_ms: int) -> None:
        """Show where playback is."""
        if self.panel.isVisible():
            self.panel.strip.show_position(position_ms)

    # What is asked for

    def _if_seen(self, act: Callable[[], None]) -> None:
        if self._stage.page is Page.TRANSCRIPT and self._on_page() is not None:
            act()

    def _on_toggled(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        self.panel.setVisible(shown and self._on_page() is not None)
        self._actions[ActionId.RETIME].setChecked(self.panel.isVisibleTo(self._view))
        if shown:
            self._word = None
            self._show()
            announce(self.panel, self.panel.strip.accessibleName())
        else:
            self._view.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_caret(self) -> None:
        if self.panel.isVisible():
            self._word = None
            self._show()

    def _on_word(self, word: int) -> None:
        if 0 <= word < len(self._view.text.places):
            had_focus = self.panel.strip.hasFocus()
            self._view.text.select_word(word)
            if had_focus:
                self.panel.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self) -> int | None:
        if self._word is None:
            words = self._view.text.selected_words()
            self._word = words.start if words else None
        return self._word

    def _on_edge(self, word: int, edge: Edge, at_ms: int, parts: bool) -> None:  # noqa: FBT001 - a slot
        self._apply(
            lambda transcript: retiming.move_edge(transcript, word, edge, at_ms, parts=parts)
        )

    def _nudge(self, edge: Edge, by_ms: int) -> None:
        word = self._chosen()
        if word is None:
            return
        self._apply(lambda transcript: retiming.nudge(transcript, word, edge, by_ms))
        opened = self._on_page()
        if opened is not None:
            times = retiming.word_times(opened.document.transcript, word)
            announce(self._view.text, _clock(times[edge is Edge.END]))

    def _ask_shift(self) -> None:
        opened, caret = self._on_page(), self._view.text.caret_word()
        if opened is None or caret is None:
            return
        sheet = ShiftSheet(
            self._appearance,
            opened.document.transcript,
            selected_range(self._view.text),
            caret,
            self._stage.dialog_parent,
        )

        def on_wanted(words: range, by_ms: int) -> None:
            self._tasks.start(self._shift(opened, words, by_ms), "shift times")

        sheet.wanted.connect(on_wanted)
        sheet.open()

    async def _shift(self, opened: OpenTranscript, words: range, by_ms: int) -> None:
        transcript = opened.document.transcript
        change = await asyncio.to_thread(retiming.shift, transcript, words, by_ms)
        if opened.document.transcript is transcript and self._on_page() is opened:
            opened.end_typing()
            opened.apply(change)

    def _snap(self) -> None:
        opened, peaks = self._on_page(), self._peaks
        if opened is None or peaks is None:
            self._stage.say(
                self.tr("The recording is needed to find speech, and it is not here.")
            )
            return
        words = selected_range(self._view.text)
        if not words:
            number = self._view.text.caret_paragraph()
            words = range(0) if number is None else self._view.text.places.words_of(number)
        if words:
            self._tasks.start(
                self._snap_words(opened, peaks, words), "snap times", replace=True
            )

    async def _snap_words(self, opened: OpenTranscript, peaks: Peaks, words: range) -> None:
        transcript = opened.document.transcript

        def work() -> Change | None:
            begin_ms = retiming.word_times(transcript, words.start)[0]
            end_ms = max(retiming.word_times(transcript, word)[1] for word in words)
            speech = speech_spans(peaks, begin_ms - _AROUND_MS, end_ms + _AROUND_MS)
            return retiming.snap_to_speech(transcript, words, speech)

        change = await asyncio.to_thread(work)
        if opened.document.transcript is not transcript or self._on_page() is not opened:
            return
        if change is None:
            self._stage.say(self.tr("No word starts or ends close enough to a pause."))
        opened.apply(change)

    def _apply(self, make: Callable[[Transcript], Change | None]) -> None:
        opened = self._on_page()
        if opened is not None:
            opened.end_typing()
            opened.apply(make(opened.document.transcript))

    # What is shown

    def _on_changed(self, change: Change) -> None:
        if not self.panel.isVisible():
            self._word = None
            return
        count = sum(len(one.words) for splice in change.splices for one in splice.inserted)
        was = sum(len(one.words) for splice in change.splices for one in splice.removed)
        if count != was:
            self._word = None
        self._show()

    def _show(self) -> None:
        opened = self._on_page()
        if not self.panel.isVisible() or opened is None:
            return
        word = self._chosen()
        transcript = opened.document.transcript
        count = transcript.word_count
        if word is None or word >= count:
            self._word = None
            self.panel.show_word("", "")
            self.panel.strip.show_words((), None, lambda _word, _edge, _parts: (0, 0))
            return
        around = range(max(0, word - _AROUND), min(count, word + _AROUND + 1))
        words = _strip_words(transcript, around)
        chosen = words[word - around.start]
        length = seconds(chosen.end_ms - chosen.start_ms, 3)
        times = f"{_clock(chosen.start_ms)} – {_clock(chosen.end_ms)} ({length})"
        self.panel.show_word(chosen.text, times)

        def room(place: int, edge: Edge, parts: bool) -> tuple[int, int]:  # noqa: FBT001 - a ``Room``
            return retiming.room_of(transcript, place, edge, parts=parts)

        self.panel.strip.show_words(words, word, room)
        self.panel.strip.show_span(chosen.start_ms, chosen.end_ms)


def _clock(ms: int) -> str:
    return digits(timestamp(ms, hours=False))


def _strip_words(transcript: Transcript, around: range) -> list[StripWord]:
    lanes = {one.speaker_id: lane for lane, one in enumerate(transcript.speakers)}
    found: list[StripWord] = []
    at = 0
    for paragraph in transcript.paragraphs:
        behind = at + len(paragraph.words)
        if behind > around.start and at < around.stop:
            lane = -1 if paragraph.speaker_id is None else lanes.get(paragraph.speaker_id, -1)
            for place in range(max(at, around.start), min(behind, around.stop)):
                word = paragraph.words[place - at]
                end_ms = max(word.start_ms, word.end_ms)
                found.append(StripWord(place, word.text, word.start_ms, end_ms, lane))
        at = behind
        if at >= around.stop:
            break
    return found


def _tool(
    appearance: Appearance, actions: Actions, action_id: ActionId, icon: str
) -> QToolButton:
    button = QToolButton()
    button.setAccessibleName(actions.label(action_id))
    follow_tip(button, actions[action_id])
    button.setMinimumSize(HIT_SIZE, HIT_SIZE)
    button.setAutoRepeat(True)
    button.clicked.connect(actions[action_id].trigger)
    appearance.apply_icon(button, icon)
    return button
