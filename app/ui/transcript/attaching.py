"""A recording for the transcript on the page: the one it never had, or another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from app.core.errors import AppError
from app.core.file_kinds import RECORDING_SUFFIXES
from app.core.fitting import Fit, words_span_ms
from app.core.transcript import Transcript
from app.jobs.attaching import Attaching, Candidate
from app.jobs.open_transcript import OpenTranscript
from app.store.audio_links import SOUND_NOT_KEPT
from app.system.files import printable
from app.ui.actions import ActionId, Actions
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import DecimalField
from app.ui.kit.flow import Flow
from app.ui.kit.refusing import Button
from app.ui.kit.room import Held
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import HIT_SIZE, SPACE_8, SPACE_12, SPACE_24
from app.ui.kit.turning import keep_turned, turn_to_fit
from app.ui.stage import Page, Said, Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, translated
from app.ui.wording import clock

_LOOK = "look at a recording"
_LOOK_BESIDE = "look beside"
_LONGEST_S = 360_000.0
"""A hundred hours: no recording begins later than that before another."""


class MissingRecording(QWidget):
    """Says over the page that nothing can be heard, and offers what helps.

    Signals:
        give_requested: A recording is to be chosen.
        beside_accepted: The one that lies beside is to be taken.
    """

    give_requested = Signal()
    beside_accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.beside_button = Button()
        self.give_button = Button(self.tr("Attach a recording…"))
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_24, SPACE_8, SPACE_24, SPACE_8)
        row.setSpacing(SPACE_12)
        row.addWidget(self._text, 1)
        for button in (self.beside_button, self.give_button):
            button.setMinimumHeight(HIT_SIZE)
            row.addWidget(button)
        self.give_button.setAccessibleName(self.tr("Attach a recording"))
        self.give_button.clicked.connect(self.give_requested)
        self.beside_button.clicked.connect(self.beside_accepted)
        keep_turned(self, self._turn)
        self.hide()

    def _turn(self) -> None:
        turn_to_fit(self._row, self.width() - 2 * SPACE_24)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def say(self, text: str, beside: str = "", *, can_give: bool = True) -> None:
        """Say why there is nothing to hear.

        Args:
            text: The sentence.
            beside: Text of the button that takes the recording beside; none without it.
            can_give: Whether a recording is missed that somebody may have.
        """
        if self.isHidden() or text != self._text.text():
            announce(self, text)
        self._text.setText(text)
        self.beside_button.setText(beside)
        self.beside_button.setAccessibleName(beside)
        self.beside_button.setVisible(bool(beside))
        self.give_button.setVisible(can_give)
        self._turn()
        self.show()


class AttachSheet(Sheet):
    """Asks whether a recording is taken, and how much later all is said in it.

    Signals:
        accepted_with: It is taken; the offset in milliseconds.
    """

    accepted_with = Signal(int)

    def __init__(
        self,
        appearance: Appearance,
        transcript: Transcript,
        candidate: Candidate,
        parent: QWidget | None = None,
    ) -> None:
        title = self.tr("Use {name}?").replace("{name}", printable(candidate.path.name))
        super().__init__(title, parent, width=480)
        self._transcript = transcript
        self._candidate = candidate
        begin_ms, end_ms = words_span_ms(transcript)
        self._has_times = begin_ms != end_ms
        lengths = self.tr("It is {length} long.")
        if self._has_times:
            lengths = self.tr("It is {length} long. The words run from {begin} to {end}.")
        self.add_text(
            lengths.replace("{length}", clock(candidate.duration_ms))
            .replace("{begin}", clock(begin_ms))
            .replace("{end}", clock(end_ms))
        )
        self.add_text(self._compared())
        self.offset = DecimalField(appearance, self.tr("Words come later by"))
        self.offset.setRange(-_LONGEST_S, _LONGEST_S)
        self.offset.setDecimals(2)
        self.offset.setSingleStep(0.1)
        self.offset.setSuffix(self.tr(" s"))
        self.offset.setValue((candidate.offset_ms or 0) / 1_000)
        if self._has_times:
            label = QLabel(self.tr("Words come later by"))
            label.setBuddy(self.offset)
            self.body.addWidget(Flow(label, self.offset))
        else:
            self.offset.setParent(self)
            self.offset.hide()
        self._verdict = self.add_text()
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.use_button = self.add_button(self.tr("Use this recording"), is_primary=True)
        self.use_button.clicked.connect(self._on_use)
        self.offset.valueChanged.connect(self._show_verdict)
        self._show_verdict()

    @property
    def _offset_ms(self) -> int:
        return round(self.offset.value() * 1_000)

    def _compared(self) -> str:
        """Say what comparing both recordings gave."""
        candidate = self._candidate
        if not candidate.was_compared:
            return self.tr(
                "There is no other recording to compare it with. If the words come earlier or "
                "later in it, enter by how much; use a negative number for earlier."
            )
        if candidate.offset_ms is None:
            return self.tr(
                "It does not sound like the transcript's current recording. If it is the same "
                "conversation, enter how much later the words come in it."
            )
        if not candidate.offset_ms:
            return self.tr("Both recordings start at the same moment.")
        return self.tr("The offset was found by comparing both recordings.")

    def _show_verdict(self) -> None:
        offset_ms = self._offset_ms
        outside = self._candidate.words_outside(self._transcript, offset_ms)
        count = self._transcript.word_count
        text = {
            Fit.FITS: self.tr("The words fit the recording."),
            Fit.UNKNOWN: self.tr("The words have no times, so their position is not known."),
            Fit.SHORTER: counted(
                "AttachSheet",
                outside,
                "1 word falls outside the recording and would have no audio.",
                "{count} words fall outside the recording and would have no audio.",
            ),
            Fit.LONGER: self.tr(
                "Much of the recording has no words. It may be a different recording."
            ),
        }[self._candidate.fit(self._transcript, offset_ms)]
        is_none_left = self._has_times and outside == count
        if is_none_left:
            text = self.tr("No words would fall inside the recording. Enter another offset.")
        if self.isVisible() and text != self._verdict.text():  # while the offset is typed
            announce(self._verdict, text)
        self._verdict.setText(text)
        self.use_button.refuse(text if is_none_left else "")

    def _on_use(self) -> None:
        self.accepted_with.emit(self._offset_ms)
        self.accept()


class AttachingController(QObject):
    """Offers, compares, asks and takes, in one step that can be taken back.

    Attributes:
        missing: What stands over the page while there is no recording.
    """

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        appearance: Appearance,
        attaching: Attaching,
        tasks: Tasks,
        on_page: Callable[[], OpenTranscript | None],
    ) -> None:
        """Prepare.

        Args:
            stage: Where it is shown.
            actions: All actions.
            appearance: How it looks.
            attaching: Looks at recordings and takes them.
            tasks: Runs what takes time.
            on_page: Gives the transcript on the page.
        """
        super().__init__()
        self._stage = stage
        self._appearance = appearance
        self._attaching = attaching
        self._tasks = tasks
        self._on_page = on_page
        self._action = actions[ActionId.GIVE_RECORDING]
        self._beside: Path | None = None
        self.missing = MissingRecording()
        self.missing.give_requested.connect(self.choose)
        self.missing.beside_accepted.connect(self._on_beside)
        self._action.triggered.connect(self.choose)

    def show_missing(self, missing: bool) -> None:  # noqa: FBT001 - a slot
        """Offer a recording, or no longer."""
        self._beside = None
        self._tasks.cancel(_LOOK_BESIDE)  # what it finds would be offered though one is there
        self.missing.hide()
        self._action.setText(
            self.tr("Attach a recording…") if missing else self.tr("Replace the recording…")
        )
        opened = self._on_page()
        if missing and opened is not None:
            is_dictated = opened.stored.link.is_dictated
            self.missing.say(self._why(opened), can_give=not is_dictated)
            self._tasks.start(self._look_beside(opened), _LOOK_BESIDE, replace=True)

    def choose(self) -> None:
        """Ask for a recording."""
        opened = self._on_page()
        if opened is None or self._stage.page is not Page.TRANSCRIPT:
            return
        chooser = QFileDialog(self._stage.dialog_parent, self.tr("Choose the recording"))
        Held(chooser)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        if not opened.stored.link.is_url and not opened.stored.link.is_dictated:
            chooser.setDirectory(str(opened.stored.link.path.parent))
        patterns = " ".join(f"*{suffix}" for suffix in sorted(RECORDING_SUFFIXES))
        chooser.setOption(QFileDialog.Option.HideNameFilterDetails)  # all would be read
        chooser.setNameFilters(
            [f"{self.tr('Recordings')} ({patterns})", f"{self.tr('All files')} (*)"]
        )

        def on_chosen(name: str) -> None:
            self._start(opened, Path(name))

        chooser.fileSelected.connect(on_chosen)
        chooser.open()

    # Inside

    def _why(self, opened: OpenTranscript) -> str:
        if opened.stored.link.is_dictated:
            return translated(SOUND_NOT_KEPT)
        if opened.stored.link.has_recording:
            return self.tr("The recording has been moved. Put it back, or choose it again.")
        return self.tr("This transcript has no recording, so there is nothing to play.")

    async def _look_beside(self, opened: OpenTranscript) -> None:
        path = await self._attaching.beside(opened.stored)
        if path is None or self._on_page() is not opened:
            return
        name = printable(path.name)
        try:
            candidate = await self._attaching.look(opened.stored, path)
        except AppError:
            return  # nothing that could be offered
        if self._on_page() is not opened:
            return
        text = {
            Fit.SHORTER: self.tr(
                "{name} is in the same folder, but is only {length} long. Some words come "
                "after its end."
            ),
            Fit.LONGER: self.tr(
                "{name} is in the same folder, but is {length} long. Much of it has no words."
            ),
        }.get(
            candidate.fit(opened.document.transcript), self.tr("{name} is in the same folder.")
        )
        text = text.replace("{name}", name).replace("{length}", clock(candidate.duration_ms))
        self._beside = path
        self.missing.say(text, self.tr("Use this recording…"))

    def _on_beside(self) -> None:
        opened = self._on_page()
        if opened is not None and self._beside is not None:
            self._start(opened, self._beside)

    def _start(self, opened: OpenTranscript, path: Path) -> None:
        self._tasks.start(self._look(opened, path), _LOOK, replace=True)

    async def _look(self, opened: OpenTranscript, path: Path) -> None:
        said = self._stage.say(
            self.tr("Checking {name}…").replace("{name}", printable(path.name)),
            button=self.tr("Cancel"),
            answer=lambda: self._tasks.cancel(_LOOK),
            stays=True,
        )
        try:
            candidate = await self._attaching.look(opened.stored, path)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        except asyncio.CancelledError:
            said.dismiss()
            raise
        said.dismiss()
        if self._on_page() is not opened:
            return
        sheet = AttachSheet(
            self._appearance, opened.document.transcript, candidate, self._stage.dialog_parent
        )

        def on_accepted(offset_ms: int) -> None:
            self._tasks.start(self._attach(opened, candidate, offset_ms), "give a recording")

        sheet.accepted_with.connect(on_accepted)
        sheet.open()

    async def _attach(
        self, opened: OpenTranscript, candidate: Candidate, offset_ms: int
    ) -> Said | None:
        try:
            record = await self._attaching.attach(opened.stored, candidate)
        except AppError as error:
            return self._stage.say(translated(error.message), is_bad=True)
        opened.change_recording(record, candidate.duration_ms, candidate.choice, offset_ms)
        return self._stage.say(
            self.tr("{name} is now the recording of this transcript.").replace(
                "{name}", printable(candidate.path.name)
            )
        )
