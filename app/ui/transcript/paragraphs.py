"""Where paragraphs begin and end: at the caret, or by rules for many of them at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.core import structure
from app.core.document import Change
from app.core.paragraphs import LONG_PAUSE_MS, PARAGRAPH_WORDS, ParagraphRules
from app.core.transcript import Transcript
from app.jobs.open_transcript import OpenTranscript
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import DecimalField, NumberField, Switch
from app.ui.kit.flow import Flow
from app.ui.kit.sheet import Sheet
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.transcript.taking_back import say_undoable
from app.ui.transcript.view import TranscriptView
from app.ui.translate import counted
from app.ui.wording import seconds_sign

_TASK = "cut paragraphs anew"
_TRIES = 3
_MOST_PAUSE_MS, _PAUSE_STEP_MS = 60_000, 250
_LEAST_WORDS, _MOST_WORDS = 10, 2_000
_LABEL_LEAST = 200


class CutSheet(Sheet):
    """Asks by what rules paragraphs are cut anew.

    Signals:
        wanted: ``ParagraphRules``, and whether they are for what is selected only.
    """

    wanted = Signal(object, bool)

    def __init__(
        self, appearance: Appearance, *, has_selection: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(self.tr("Redo paragraphs"), parent)
        self.add_text(
            self.tr(
                "Words, speakers and times stay as they are. Every turn starts a new paragraph."
            )
        )
        self.by_pause = Switch(appearance, self.tr("Split at pauses after a sentence"))
        self.by_pause.setChecked(True)
        self.pause = DecimalField(appearance, self.tr("Pause of at least"))
        self.pause.setDecimals(2)
        self.pause.setRange(_PAUSE_STEP_MS / 1000, _MOST_PAUSE_MS / 1000)
        self.pause.setSingleStep(_PAUSE_STEP_MS / 1000)
        self.pause.setSuffix(seconds_sign())
        self.pause.setValue(LONG_PAUSE_MS / 1000)
        self.by_length = Switch(appearance, self.tr("Split long paragraphs"))
        self.by_length.setChecked(True)
        self.words = NumberField(appearance, self.tr("Words (up to the end of a sentence)"))
        self.words.setRange(_LEAST_WORDS, _MOST_WORDS)
        self.words.setSingleStep(_LEAST_WORDS)
        self.words.setValue(PARAGRAPH_WORDS)
        self.only_selected = Switch(appearance, self.tr("Selection only"))
        self.only_selected.setChecked(has_selection)
        self.only_selected.refuse("" if has_selection else self.tr("Nothing is selected."))
        for switch, field in ((self.by_pause, self.pause), (self.by_length, self.words)):
            first = self.tr("Turn on “{name}” first.").replace("{name}", switch.text())
            switch.toggled.connect(partial(_offer, field, first))
        self.body.addWidget(self.by_pause)
        self.body.addWidget(_row(self.tr("Pause of at least"), self.pause))
        self.body.addWidget(self.by_length)
        self.body.addWidget(_row(self.tr("Words (up to the end of a sentence)"), self.words))
        self.body.addWidget(self.only_selected)
        self.add_text(
            self.tr(
                "Paragraphs that are approved, highlighted or have a note stay as they are."
            ),
            muted=True,
        )
        self.body.addStretch(1)
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.cut_button = self.add_button(self.tr("Redo paragraphs"), is_primary=True)
        self.cut_button.clicked.connect(self._on_cut)

    @property
    def rules(self) -> ParagraphRules:
        """What was chosen."""
        words = self.words.value() if self.by_length.isChecked() else None
        return ParagraphRules(
            pause_ms=round(self.pause.value() * 1000) if self.by_pause.isChecked() else None,
            words=words,
            most_words=None if words is None else 2 * words,
        )

    def _on_cut(self) -> None:
        self.wanted.emit(self.rules, self.only_selected.isChecked())
        self.accept()


def _offer(field: NumberField | DecimalField, first: str, on: bool) -> None:  # noqa: FBT001 - a slot
    field.refuse("" if on else first)


def _row(text: str, field: QWidget) -> Flow:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setBuddy(field)
    row = Flow()
    row.add(label, grows_from=_LABEL_LEAST)
    row.add(field)
    return row


@dataclass(frozen=True, slots=True)
class _CutRequest:
    rules: ParagraphRules
    within: range | None


class ParagraphsController(QObject):
    """Splits, joins and cuts anew, each a step that can be taken back."""

    def __init__(
        self,
        *,
        stage: Stage,
        appearance: Appearance,
        actions: Actions,
        view: TranscriptView,
        current: Callable[[], OpenTranscript | None],
        tasks: Tasks,
    ) -> None:
        super().__init__(view)
        self._stage = stage
        self._appearance = appearance
        self._view = view
        self._tasks = tasks
        self._current = current
        for action_id, act in (
            (ActionId.SPLIT, view.text.begin_paragraph),
            (ActionId.JOIN_BEFORE, partial(self._join, structure.merge_with_previous)),
            (ActionId.JOIN_AFTER, partial(self._join, structure.merge_with_next)),
            (ActionId.CUT_ANEW, self._ask),
        ):
            actions[action_id].triggered.connect(partial(self._on_page, act))

    def _on_page(self, act: Callable[[], object]) -> None:
        if self._stage.page is Page.TRANSCRIPT and self._current() is not None:
            act()

    def _join(self, join: Callable[[Transcript, int], Change | None]) -> None:
        opened, paragraph = self._current(), self._view.text.caret_paragraph()
        if opened is not None and paragraph is not None:
            opened.apply(join(opened.document.transcript, paragraph))

    def _ask(self) -> None:
        opened = self._current()
        if opened is None:
            return
        selected = self._view.selected_paragraphs()
        sheet = CutSheet(
            self._appearance,
            has_selection=selected is not None,
            parent=self._stage.dialog_parent,
        )

        def cut(rules: ParagraphRules, only_selected: bool) -> None:  # noqa: FBT001 - a slot
            request = _CutRequest(rules, selected if only_selected else None)
            self._tasks.start(self._cut(opened, request), _TASK, replace=True)

        sheet.wanted.connect(cut)
        sheet.open()

    async def _cut(self, opened: OpenTranscript, request: _CutRequest) -> None:
        """Cut what is there, and once more if it was edited meanwhile."""
        for _ in range(_TRIES):
            before = opened.document.transcript
            within = request.within or range(len(before.paragraphs))
            change = await asyncio.to_thread(structure.cut_anew, before, request.rules, within)
            if opened.document.transcript is before:
                self._finish(opened, change)
                return

    def _finish(self, opened: OpenTranscript, change: Change | None) -> None:
        opened.apply(change)
        if change is None:
            self._stage.say(self.tr("The paragraphs are already like this."))
            return
        text = counted(
            "ParagraphsController",
            len(opened.document.transcript.paragraphs),
            "There is 1 paragraph now.",
            "There are {count} paragraphs now.",
        )
        say_undoable(self._stage, text, opened, change)
