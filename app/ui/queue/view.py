"""The queue: what is to be done, what is being done, what wants a person.

The view asks and shows; it changes nothing. Every wish is a signal.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from PySide6.QtCore import (
    QItemSelectionModel,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.core.job import Job, JobId, JobState
from app.core.transcript import TranscriptId
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.long_button import LongButton
from app.ui.kit.margins import margins
from app.ui.kit.menus import Menu, add_entries
from app.ui.kit.notice import Notice
from app.ui.kit.refusing import allow
from app.ui.kit.tips import follow_tip
from app.ui.kit.tokens import HIT_SIZE, ICON_SIZE, SPACE_4, SPACE_8, SPACE_12
from app.ui.queue import folding, wording
from app.ui.queue.following import RunningRow
from app.ui.queue.list import JobList
from app.ui.queue.model import JobModel
from app.ui.translate import counted

_RAIL_WIDTH = 56
_REFRESH_MS = 1000
_SOON_MS = 50
_FOLDED_AT_ONCE = 500
_FINISHED = frozenset({JobState.DONE, JobState.CANCELLED})


def rail_width(appearance: Appearance) -> int:
    """Give how wide the folded queue is: its signs, which grow with the text, have room."""
    return max(_RAIL_WIDTH, appearance.scaled(ICON_SIZE) + SPACE_8 + 2 * SPACE_12)


class QueueView(QWidget):
    """The queue with what can be done to it.

    Attributes:
        model: The rows.
        list: Shows them.
        running: Keeps the one at work in sight.
        summary: How far the work is.

    Signals:
        job_selected: Another row is current: the job's id, empty for none. A row that is
            current only because the focus came to the list is told once it is selected.
        row_action_requested: A row's button: the job's id and a ``RowAction``.
        cancel_requested: Job ids.
        retry_requested: Job ids.
        again_requested: Ids of jobs that are done, to be transcribed again.
        remove_requested: Job ids.
        do_next_requested: Job ids.
        move_requested: Job ids, and the place they are to stand before.
        change_options_requested: Ids of waiting jobs.
        details_requested: A job's id.
        reveal_requested: A job's id.
        pause_toggled: Whether the queue is to be paused.
        clear_requested: Finished jobs are to leave the list.
        export_requested: Ids of the transcripts of the selected jobs that are done.
    """

    job_selected = Signal(str)
    row_action_requested = Signal(str, str)
    cancel_requested = Signal(list)
    retry_requested = Signal(list)
    again_requested = Signal(list)
    remove_requested = Signal(list)
    do_next_requested = Signal(list)
    move_requested = Signal(list, int)
    change_options_requested = Signal(list)
    details_requested = Signal(str)
    reveal_requested = Signal(str)
    pause_toggled = Signal(bool)
    clear_requested = Signal()
    export_requested = Signal(list)

    def __init__(
        self,
        appearance: Appearance,
        actions: Actions,
        model: JobModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._actions = actions
        self.model = model
        self._is_paused = False
        self._is_folded = False
        self._untold = QPersistentModelIndex()
        self._hidden: set[JobId] = set()
        self._make_widgets()
        self._connect()
        self.update_rows()

    @property
    def is_folded(self) -> bool:
        """Whether only a rail of icons is shown."""
        return self._is_folded

    def set_folded(self, folded: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """Show only a rail of icons, or everything."""
        self._is_folded = folded
        for widget in (self._heading, self._more):
            widget.setVisible(not folded)
        self._show_summary()
        self.show_target(self._target.text())
        self.add_button.setText("" if folded else self.tr("Add files…"))
        policy = self.add_button.sizePolicy()  # without text it has no lines to grow by
        high = QSizePolicy.Policy.Fixed if folded else QSizePolicy.Policy.Minimum
        policy.setVerticalPolicy(high)
        self.add_button.setSizePolicy(policy)
        self.library_button.setText("" if folded else self.tr("Library"))
        self._show_icons()  # with room behind them or not
        fold_text = self.tr("Show the queue") if folded else self.tr("Hide the queue")
        self._fold.setAccessibleName(fold_text)
        self._fold.setToolTip(fold_text)
        policy = Qt.ScrollBarPolicy
        self.list.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if folded else policy.ScrollBarAsNeeded
        )
        directions = QBoxLayout.Direction
        self._add_row.setDirection(directions.TopToBottom if folded else directions.LeftToRight)
        self._add_row.setSpacing(SPACE_12 if folded else SPACE_8)
        self._leave_room(folded=folded)
        if folded:
            self.notice.dismiss()
        self.update_rows()
        self.list.scheduleDelayedItemsLayout()

    def _leave_room(self, *, folded: bool) -> None:
        """Let all begin where the fields below do, and signs stand in the middle."""
        side = SPACE_12 if folded else SPACE_8
        self._head.setContentsMargins(margins(SPACE_12, 0, side, 0))
        first = SPACE_8 if folded else SPACE_12
        self._add_row.setContentsMargins(margins(first, SPACE_8, SPACE_8, SPACE_8))

    def show_paused(self, paused: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """Show whether the queue is paused."""
        self._is_paused = paused
        text = self.tr("Resume the queue") if paused else self.tr("Pause the queue")
        self._appearance.apply_icon(self._pause, "play" if paused else "pause", size=ICON_SIZE)
        self._appearance.apply_icon(
            self._actions[ActionId.PAUSE_QUEUE], "play" if paused else "pause"
        )
        self._pause.setAccessibleName(text)
        self._pause.setToolTip(text)
        self._actions[ActionId.PAUSE_QUEUE].setText(text)

    def select(self, job_id: JobId) -> None:
        """Make a job's row the current one."""
        row = self.model.row_of(job_id)
        if row is not None:
            self._bring_out(job_id, row)
            index = self.model.index(row)
            self.list.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.list.scrollTo(index)
            self.running.look_again()

    def bring_into_view(self, job_id: JobId) -> None:
        """Scroll to a job's row; the current one stays what it is."""
        row = self.model.row_of(job_id)
        if row is not None:
            self._bring_out(job_id, row)
            self.list.scrollTo(self.model.index(row))
            self.running.look_again()

    def select_nothing(self) -> None:
        """Let no row be the current one, so that a click on any of them tells."""
        self.list.selectionModel().clear()

    def show_library_open(self, is_open: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """Show whether the library stands in the middle."""
        self.library_button.setChecked(is_open)

    def show_standing(self, text: str) -> None:
        """Show how far the work is; empty for nothing to say."""
        if text != self.summary.text():
            self.summary.setText(text)
            self._show_summary()

    def show_target(self, text: str) -> None:
        """Say where recordings go that are added now; empty for nothing to say."""
        self._target.setText(text)
        self._target.setVisible(bool(text) and not self._is_folded)

    def set_more_menu(self, menu: QMenu) -> None:
        """Give the menu behind the button with the dots."""
        self._more_menu = menu
        follow_tip(self._more, self._actions[ActionId.PROGRAM_MENU])

    def update_rows(self) -> None:
        """Take in at once what has changed in the rows; by itself it lags a little."""
        jobs = self.model.jobs
        is_empty = not jobs
        self._empty.setVisible(is_empty and not self._is_folded)
        self.list.setVisible(not is_empty)
        self._fold_done()
        self.running.follow()
        self._pause.setVisible(not is_empty and not self._is_folded)
        if self.model.is_counting != self._clock.isActive():
            if self._clock.isActive():
                self._clock.stop()
            else:
                self._clock.start()
        self._offer_what_fits()

    # -- inside ---------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.list = JobList(self._appearance, self.model)
        self.running = RunningRow(self.list, self.model)
        self.list.moved_by_key.connect(self.running.look_again)
        self.list.moved_by_key.connect(self._update_rows_soon)
        self._empty = QLabel(self.tr("Recordings you add appear here."))
        self._empty.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._empty.setContentsMargins(SPACE_12, SPACE_12, SPACE_12, SPACE_12)
        self.notice = Notice(self._appearance)
        notice_row = QHBoxLayout()
        notice_row.setContentsMargins(SPACE_8, SPACE_4, SPACE_8, SPACE_8)
        notice_row.addWidget(self.notice)

        done_row = QHBoxLayout()
        done_row.setContentsMargins(SPACE_8, 0, SPACE_8, 0)
        done_row.addWidget(self._make_done_button())

        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_8, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        column.addWidget(self.summary)
        column.addLayout(self._make_ways_in())
        self._leave_room(folded=False)
        column.addLayout(done_row)
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        column.addStretch()  # takes the room while there are no rows
        column.addLayout(notice_row)

        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.update_rows)
        self._clock = QTimer(self)
        self._clock.setInterval(_REFRESH_MS)
        self._clock.timeout.connect(self._on_clock)

    def _make_head(self) -> QHBoxLayout:
        self._heading = ElidedLabel(self.tr("Queue"))
        self._heading.setAccessibleName("")  # its text says it; the list has the name
        self._heading.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        self.summary.setContentsMargins(SPACE_12, SPACE_4, SPACE_12, 0)
        self.summary.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self.summary.hide()
        self._pause = self._tool("pause", self.tr("Pause the queue"))
        self._more = self._tool("more", self.tr("More"))
        self._more_menu: QMenu | None = None
        self._fold = self._tool("sidebar", self.tr("Hide the queue"))
        self._fold.clicked.connect(self._actions[ActionId.FOLD_QUEUE].trigger)
        self._head = head = QHBoxLayout()
        head.setSpacing(SPACE_4)
        head.addWidget(self._heading)
        head.addStretch(1)
        head.addWidget(self._pause)
        head.addWidget(self._more)
        head.addWidget(self._fold)
        return head

    def _make_ways_in(self) -> QVBoxLayout:
        self.add_button = LongButton(self.tr("Add files…"))
        self.add_button.setAccessibleName(self.tr("Add files"))
        follow_tip(self.add_button, self._actions[ActionId.ADD_FILES])
        self.add_button.setMinimumHeight(HIT_SIZE + SPACE_4)
        self._add_row = add_row = QHBoxLayout()
        add_row.setSpacing(SPACE_8)
        add_row.addWidget(self.add_button, 1)
        self._record = self._make_record()
        add_row.addWidget(self._record, 0, Qt.AlignmentFlag.AlignHCenter)

        self.library_button = QPushButton(self.tr("Library"))
        self.library_button.setAccessibleName(self.tr("Library"))
        follow_tip(self.library_button, self._actions[ActionId.LIBRARY])
        self.library_button.setCheckable(True)
        self.library_button.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        self._show_icons()
        library_row = QHBoxLayout()
        library_row.setContentsMargins(SPACE_8, 0, SPACE_8, SPACE_8)
        library_row.addWidget(self.library_button)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(add_row)
        column.addWidget(self._make_target())
        column.addLayout(library_row)
        return column

    def _show_icons(self) -> None:
        self._appearance.apply_icon(self.add_button, "add")
        self._appearance.apply_icon(self.library_button, "library", "muted")

    def _make_target(self) -> QLabel:
        self._target = QLabel()
        self._target.setTextFormat(Qt.TextFormat.PlainText)
        self._target.setWordWrap(True)
        self._target.setContentsMargins(SPACE_12, 0, SPACE_12, SPACE_8)
        self._target.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._target.hide()
        return self._target

    def _make_done_button(self) -> QPushButton:
        self.done_button = QPushButton()
        self.done_button.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        self.done_button.setProperty("row", True)  # noqa: FBT003 - Qt's signature
        self.done_button.clicked.connect(self._actions[ActionId.SHOW_DONE].trigger)
        self.done_button.hide()
        return self.done_button

    def _make_record(self) -> QToolButton:
        action = self._actions[ActionId.RECORD]
        record = QToolButton()
        record.setDefaultAction(action)
        record.setAccessibleName(self._actions.label(ActionId.RECORD))
        record.setProperty("large", True)  # noqa: FBT003 - Qt's signature
        follow_tip(record, action)
        record.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._appearance.apply_icon(record, "record", size=ICON_SIZE)
        return record

    def _tool(self, icon: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setProperty("large", True)  # noqa: FBT003 - Qt's signature
        self._appearance.apply_icon(button, icon, size=ICON_SIZE)
        return button

    def _connect(self) -> None:
        self.add_button.clicked.connect(self._actions[ActionId.ADD_FILES].trigger)
        self.library_button.clicked.connect(self._on_library_clicked)
        self.list.row_action_requested.connect(self.row_action_requested)
        self.list.move_requested.connect(self.move_requested)
        self.list.menu_requested.connect(self._on_menu_requested)
        self.list.opened.connect(self.job_selected)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self._pause.clicked.connect(self._actions[ActionId.PAUSE_QUEUE].trigger)
        self._more.clicked.connect(self._on_more_clicked)
        self._actions[ActionId.PROGRAM_MENU].triggered.connect(self._on_more_keyed)
        for signal in (
            self.model.rowsInserted,
            self.model.rowsRemoved,
            self.model.modelReset,
            self.model.dataChanged,
        ):
            signal.connect(self._on_model_changed)
        self.model.rowsAboutToBeRemoved.connect(self._on_rows_leave)
        self.model.modelReset.connect(self._on_reset)
        self._actions[ActionId.SHOW_DONE].triggered.connect(self.update_rows)
        for action_id, signal in (
            (ActionId.CANCEL, self.cancel_requested),
            (ActionId.REMOVE, self.remove_requested),
            (ActionId.DO_NEXT, self.do_next_requested),
        ):
            self._actions[action_id].triggered.connect(
                lambda _=False, ask=signal: ask.emit(self.list.selected_ids())
            )
        self._actions[ActionId.RETRY].triggered.connect(self._on_retry)
        self._actions[ActionId.CHANGE_OPTIONS].triggered.connect(self._on_change_options)
        self._actions[ActionId.EXPORT_SELECTED].triggered.connect(
            lambda: self.export_requested.emit(self._selected_transcripts())
        )
        self._actions[ActionId.MOVE_UP].triggered.connect(lambda: self._on_move(-1))
        self._actions[ActionId.MOVE_DOWN].triggered.connect(lambda: self._on_move(1))
        self._actions[ActionId.PAUSE_QUEUE].triggered.connect(
            lambda: self.pause_toggled.emit(not self._is_paused)
        )
        self._actions[ActionId.CLEAR_FINISHED].triggered.connect(self.clear_requested)
        self._actions[ActionId.DETAILS].triggered.connect(
            lambda: self._with_current(self.details_requested.emit)
        )
        self._actions[ActionId.REVEAL].triggered.connect(
            lambda: self._with_current(self.reveal_requested.emit)
        )

    def _with_current(self, ask: Callable[[str], None]) -> None:
        job = self.list.current_job()
        if job is not None:
            ask(job.job_id)

    def _selected(self) -> list[Job]:
        return [self.model.job_at(row) for row in self.list.selected_rows()]

    def _selected_transcripts(self) -> list[TranscriptId]:
        return [job.transcript_id for job in self._selected() if job.transcript_id is not None]

    def _on_selection_changed(self) -> None:
        current = self.list.currentIndex()
        if self._untold == current and self.list.selectionModel().isSelected(current):
            self._on_current_changed()
        self._offer_what_fits()

    def _on_current_changed(self) -> None:
        if self.list.is_taking_focus:
            self._untold = QPersistentModelIndex(self.list.currentIndex())
            return
        self._untold = QPersistentModelIndex()
        job = self.list.current_job()
        self.job_selected.emit(job.job_id if job else "")

    def _on_model_changed(self) -> None:
        # Progress comes many times a second; what sums up all rows may lag a little.
        if (self.model.rowCount() == 0) == self.list.isHidden():
            self._update_rows_soon()
        else:
            self.update_rows()

    def _update_rows_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _show_summary(self) -> None:
        self.summary.setVisible(bool(self.summary.text()) and not self._is_folded)

    def _fold_done(self) -> None:
        """Put done rows out of sight, or back, and say how many there are."""
        jobs = self.model.jobs
        done = folding.foldable(jobs)
        many = len(done)
        action = self._actions[ActionId.SHOW_DONE]
        allow(action, "" if many else self.tr("Nothing has finished yet."))
        is_shown = action.isChecked()
        self.done_button.setVisible(many > 0 and not self._is_folded)
        if many:
            self._show_done_button(many, is_shown=is_shown)
        kept = set(self.list.selected_ids())
        if (current := self.list.current_job()) is not None:
            kept.add(current.job_id)
        wanted: set[JobId] = set() if is_shown else folding.hidden(done, kept)
        changed = wanted ^ self._hidden
        if len(changed) > _FOLDED_AT_ONCE:  # the rest between events
            changed = set(itertools.islice(changed, _FOLDED_AT_ONCE))
            self._update_rows_soon()
        self._hidden ^= changed
        if changed:
            for row, job in enumerate(jobs):
                if job.job_id in changed:
                    self.list.setRowHidden(row, job.job_id in wanted)

    def _show_done_button(self, many: int, *, is_shown: bool) -> None:
        text = (
            counted("QueueView", many, "Hide 1 done", "Hide {count} done")
            if is_shown
            else counted("QueueView", many, "Show 1 done", "Show {count} done")
        )
        if text != self.done_button.text():
            self.done_button.setText(text)
            self._appearance.apply_icon(self.done_button, "up" if is_shown else "down", "muted")

    def _bring_out(self, job_id: JobId, row: int) -> None:
        """Let a row that is folded away be seen."""
        if job_id in self._hidden:
            self._hidden.discard(job_id)
            self.list.setRowHidden(row, False)  # noqa: FBT003 - Qt's signature

    def _on_reset(self) -> None:
        self._hidden.clear()  # as the list does

    def _on_rows_leave(self, _parent: object, first: int, last: int) -> None:
        leaving = {self.model.job_at(row).job_id for row in range(first, last + 1)}
        self._hidden.difference_update(leaving)  # brought back, they are seen at first

    def _offer_what_fits(self) -> None:
        chosen = self._selected()
        states = {job.state for job in chosen}
        is_waiting = JobState.WAITING in states
        reason = self.tr("Nothing is selected.")
        if chosen:
            reason = self.tr("This does not apply to what is selected.")
        for action_id, is_offered in (
            (ActionId.CANCEL, any(not state.is_over for state in states)),
            (ActionId.RETRY, any(map(wording.may_try_again, chosen))),
            (ActionId.REMOVE, bool(chosen)),
            (ActionId.EXPORT_SELECTED, any(job.transcript_id for job in chosen)),
            (ActionId.DO_NEXT, is_waiting),
            (ActionId.CHANGE_OPTIONS, is_waiting),
            (ActionId.MOVE_UP, bool(chosen)),
            (ActionId.MOVE_DOWN, bool(chosen)),
            (ActionId.DETAILS, len(chosen) == 1),
            (ActionId.REVEAL, len(chosen) == 1 and not chosen[0].is_url),
        ):
            allow(self._actions[action_id], "" if is_offered else reason)
        has_finished = any(job.state in _FINISHED for job in self.model.jobs)
        allow(
            self._actions[ActionId.CLEAR_FINISHED],
            "" if has_finished else self.tr("Nothing has finished yet."),
        )

    def _on_retry(self) -> None:
        ids = [job.job_id for job in self._selected() if wording.may_try_again(job)]
        if ids:
            self.retry_requested.emit(ids)

    def _on_change_options(self) -> None:
        ids = [job.job_id for job in self._selected() if job.state is JobState.WAITING]
        if ids:
            self.change_options_requested.emit(ids)

    def _on_move(self, step: int) -> None:
        rows = self.list.selected_rows()
        if not rows:
            return
        count = self.model.rowCount()
        before = max(0, rows[0] - 1) if step < 0 else min(count, rows[-1] + 2)
        while step < 0 < before and self.list.isRowHidden(before):
            before -= 1  # past what nobody sees
        while step > 0 and before < count and self.list.isRowHidden(before - 1):
            before += 1
        self.move_requested.emit(self.list.selected_ids(), before)

    def _on_menu_requested(self, position: QPoint) -> None:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        job = self.list.current_job()
        said: set[str] = set()  # nothing stands twice in the menu
        if job is not None:
            for button in wording.buttons(job):
                said.add(button.text.rstrip("…"))
                entry = menu.addAction(button.text)
                entry.triggered.connect(
                    lambda _=False, pressed=button.action: self.row_action_requested.emit(
                        job.job_id, pressed
                    )
                )
            if not menu.isEmpty():
                menu.addSeparator()
        shown = (
            (ActionId.DO_NEXT, ActionId.MOVE_UP, ActionId.MOVE_DOWN, ActionId.CHANGE_OPTIONS),
            (ActionId.EXPORT_SELECTED,),
            (ActionId.CANCEL, ActionId.RETRY, ActionId.REMOVE),
            (ActionId.DETAILS, ActionId.REVEAL),
            (ActionId.PAUSE_QUEUE, ActionId.SHOW_DONE, ActionId.CLEAR_FINISHED),
        )
        for group in shown:
            entries = [self._actions[action_id] for action_id in group]
            add_entries(menu, [one for one in entries if one.text().rstrip("…") not in said])
            if ActionId.RETRY in group:
                self._offer_again(menu)
            menu.addSeparator()
        menu.popup(position)

    def _offer_again(self, menu: QMenu) -> None:
        """Offer to transcribe again what is done; that asks, and is never a key away."""
        ids = [job.job_id for job in self._selected() if job.state is JobState.DONE]
        entry = menu.addAction(
            self._actions[ActionId.TRANSCRIBE_AGAIN].icon(), self.tr("Transcribe again…")
        )
        allow(entry, "" if ids else self.tr("Nothing has finished yet."))
        entry.triggered.connect(lambda: self.again_requested.emit(ids))

    def _on_more_clicked(self) -> None:
        """Open the menu under its button, or where the folded queue has none at its top."""
        if self._more_menu is None:
            return
        is_there = self._more.isVisible()
        above = self._more if is_there else self
        corner = QPoint(0, above.height() if is_there else 0)
        if self.isRightToLeft():
            corner += QPoint(above.width() - self._more_menu.sizeHint().width(), 0)
        self._more_menu.popup(above.mapToGlobal(corner))

    def _on_more_keyed(self) -> None:
        """Open it as keys do: at its first entry."""
        self._on_more_clicked()
        if self._more_menu is not None:
            self._more_menu.setActiveAction(self._more_menu.actions()[0])

    def _on_library_clicked(self) -> None:
        # Checked means that the library is shown; only the window knows when it is.
        self.library_button.setChecked(not self.library_button.isChecked())
        self._actions[ActionId.LIBRARY].trigger()

    def _on_clock(self) -> None:
        if not self.model.refresh_times():
            self._clock.stop()
