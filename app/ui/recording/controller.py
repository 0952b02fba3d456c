"""The button that records, and what happens until the recording stands in the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.core.errors import AppError
from app.core.live import SOURCE_NAMES, LiveBy, lag_message
from app.core.options import ModelId, TranscriptionOptions
from app.core.projects import NO_PROJECT, Project
from app.core.take import Source, SourceKind, Trouble, trouble_message
from app.jobs.handing_on import options_here
from app.jobs.live_service import LiveService
from app.jobs.live_session import LiveNow
from app.jobs.live_take import LiveTake
from app.jobs.taking import Kept, TakeNow, Taking
from app.store.settings import SettingsStore
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.recording.sheets import RecordSheet
from app.ui.recording.view import RecordingBar, is_grave
from app.ui.recording.wording import gap_text, room_text
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, translated
from app.ui.wording import clock, estimate, goes_into, span

_NONE = "none"
_ENDS = frozenset({Trouble.ENDED, Trouble.DELETED})
"""After these nothing is recorded any more."""


@dataclass(frozen=True, slots=True)
class Studio:
    """Where something is said: what takes the sound, and what makes words of it.

    Attributes:
        taking: Records.
        live: Hears it meanwhile.
    """

    taking: Taking
    live: LiveTake


class RecordingController(QObject):
    """Asks what to record, shows how it stands, and hands the recording on.

    Attributes:
        bar: What is seen while it is recorded.

    Signals:
        live_begun: The live text of what is recorded is there, though empty: its id.
        live_grew: There is more of its sound: its id, and how much can be heard by now.
        live_words: What is being said in it and may still change: its id, and of each who
            speaks the id, ``None`` if not known, with the words.
        live_recorded: It has an ordinary recording now: its id.
        live_over: Nothing more is said in it: its id.
    """

    live_begun = Signal(str)
    live_grew = Signal(str, int)
    live_words = Signal(str, object)
    live_recorded = Signal(str)
    live_over = Signal(str)

    def __init__(  # noqa: PLR0913 - all that the room is given, by name
        self,
        *,
        stage: Stage,
        actions: Actions,
        appearance: Appearance,
        studio: Studio,
        dictation: Studio,
        settings: SettingsStore,
        tasks: Tasks,
        stay_awake: Callable[[str], Callable[[], None]],
        live_service: LiveService,
        project_shown: Callable[[], Project | None] = lambda: None,
    ) -> None:
        super().__init__()
        self._live_service = live_service
        self._project_shown = project_shown
        self._project_id = NO_PROJECT
        self._studio = studio
        self._dictation = dictation
        self._at = studio  # where something is said, or was last
        self.bar = RecordingBar(appearance)
        self._stage = stage
        self._actions = actions
        self._appearance = appearance
        self._settings = settings
        self._tasks = tasks
        self._stay_awake = stay_awake
        self._sleep_again: Callable[[], None] | None = None
        self._sheet: RecordSheet | None = None
        self._ends: list[Callable[[], None]] = []
        for one in (studio, dictation):
            one.live.subscribe(self._show_words)
            self._ends.append(one.taking.subscribe(self._show))
        actions[ActionId.RECORD].triggered.connect(self._on_record)
        actions[ActionId.DICTATE].triggered.connect(self._on_dictate)
        self.bar.mark_requested.connect(studio.taking.mark)
        self.bar.copy_requested.connect(self._copy)
        self.bar.pause_requested.connect(self._on_pause)
        self.bar.stop_requested.connect(self.stop)

    @property
    def is_recording(self) -> bool:
        """Whether something is being recorded."""
        return self._studio.taking.now is not None

    @property
    def is_dictating(self) -> bool:
        """Whether something is being dictated, of which only the words stay."""
        return self._dictation.taking.now is not None

    @property
    def _taking(self) -> Taking:
        return self._at.taking

    @property
    def _live(self) -> LiveTake:
        return self._at.live

    def stop(self) -> None:
        """Stop, and put the recording at the end of the queue."""
        self._tasks.start(self.finish(), "stop recording")

    async def finish(self) -> None:
        """Stop and wait until the recording stands in the queue, or what was dictated is kept.

        Raises:
            AppError: It could not be made; its sound stays and is taken up at the next start.
        """
        shown, kept = self._live.opened, None
        try:
            if self._at is self._dictation:
                await self._taking.drop(self._live.finish)
                self._say_dictated()
            else:
                kept = await self._taking.stop(self._live.finish)
        finally:
            await self._live.end()
            if shown is not None:
                self.live_over.emit(shown.transcript_id)
        if shown is not None and kept is not None and kept.live is not None:
            self.live_recorded.emit(shown.transcript_id)
        if kept is not None:
            self._say_kept(kept)

    def _say_kept(self, kept: Kept) -> None:
        """Say what a person would not expect of a recording; nothing where all went well."""
        said: list[str] = []
        if kept.take.gaps:
            gaps = "; ".join(gap_text(gap) for gap in kept.take.gaps[:3])
            said.append(self.tr("Recorded. {gaps}").replace("{gaps}", gaps))
        live = kept.live
        if live is not None and live.is_final and not live.is_whole:
            said.append(
                self.tr(
                    "Words are missing from the live text, so this computer recognises the "
                    "recording once more."
                )
            )
        if said:
            self._stage.say(" ".join(said), stays=True)

    async def adopt(self) -> None:
        """Take up what was being recorded when the program ended, and say so."""
        found: list[Kept] = []
        try:
            found = await self._studio.taking.adopt()
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True, stays=True)
        for kept in found:
            if kept.live is not None:  # its page may be open already, with sound that has moved
                self.live_recorded.emit(kept.live.transcript_id)
        if found:
            self._stage.say(
                counted(
                    "RecordingController",
                    len(found),
                    "A recording that was cut short has been saved; it is in the queue.",
                    "{count} recordings that were cut short have been saved; they are in the "
                    "queue.",
                ),
                stays=True,
            )

    def close(self) -> None:
        """Follow no longer."""
        for end in self._ends:
            end()
        self._let_sleep()

    def _on_record(self) -> None:
        self._stop_or_ask(dictates=False)

    def _on_dictate(self) -> None:
        self._stop_or_ask(dictates=True)

    def _stop_or_ask(self, *, dictates: bool) -> None:
        if self._taking.now is not None:
            self.stop()
        elif self._sheet is None:
            self._tasks.start(self._ask(dictates=dictates), "list microphones", replace=True)

    def _copy(self) -> None:
        """Copy what was dictated so far."""
        if self._live.opened is not None:
            QGuiApplication.clipboard().setText(self._live.opened.document.transcript.text)

    def _say_dictated(self) -> None:
        opened = self._live.opened
        if opened is None or not opened.document.transcript.paragraphs:
            return
        document = opened.document
        self._stage.say(
            self.tr("What you dictated is in the library."),
            button=self.tr("Copy"),
            answer=lambda: QGuiApplication.clipboard().setText(document.transcript.text),
        )

    async def _ask(self, *, dictates: bool) -> None:
        devices = await self._taking.devices()
        kept = self._settings.settings
        project = self._project_shown()
        self._project_id = NO_PROJECT if project is None else project.project_id
        sheet = self._sheet = RecordSheet(
            self._appearance,
            devices,
            microphone=kept.record_microphone,
            with_computer=kept.records_computer,
            live_text=kept.live_text,
            keeps_live_text=kept.keeps_live_text,
            dictates=dictates,
            spoken_punctuation=kept.spoken_punctuation,
            target=goes_into("" if project is None else project.name),
            parent=self._stage.dialog_parent,
        )
        sheet.begin_requested.connect(self._on_begin)
        sheet.devices_needed.connect(self._look_again)
        sheet.finished.connect(self._forget_sheet)
        sheet.open()

    def _forget_sheet(self) -> None:
        self._sheet = None

    def _look_again(self) -> None:
        async def look() -> None:
            try:
                devices = await self._taking.devices()
            except AppError:
                return  # the list stays as it is; beginning says what is wrong
            if self._sheet is not None:
                self._sheet.show_devices(devices)

        self._tasks.start(look(), "list microphones", replace=True)

    def _on_begin(self, sources: tuple[Source, ...]) -> None:
        microphones = [one for one in sources if one.kind is SourceKind.MICROPHONE]
        sheet = self._sheet
        live_text = LiveBy.NOTHING if sheet is None else sheet.live_text
        is_final = sheet is not None and not sheet.better.isChecked()
        dictates = sheet is not None and sheet.is_dictation
        has_signs = sheet is not None and sheet.signs.isChecked()
        self._tasks.cancel("list microphones")

        async def begin() -> None:
            self._settings.change(
                record_microphone=microphones[0].device if microphones else _NONE,
                records_computer=len(sources) > len(microphones),
                live_text=live_text,
                keeps_live_text=is_final,
                spoken_punctuation=has_signs,
            )
            options = await self._options_for(live_text)
            self._at = self._dictation if dictates else self._studio
            await self._taking.start(sources, project_id=self._project_id)
            if options is not None:
                await self._begin_live(
                    sources, options, is_final=is_final, has_signs=has_signs and dictates
                )

        self._tasks.start(begin(), "record")

    async def _options_for(self, live_text: LiveBy) -> TranscriptionOptions | None:
        """Say what makes words of a take; this computer, where its sound may not be sent."""
        chosen = self._settings.settings.options
        if live_text is LiveBy.NOTHING:
            return None
        if live_text is LiveBy.PULSE:
            try:
                if await self._live_service.is_allowed(chosen.language):
                    return replace(chosen, model=ModelId.PULSE)
                why = self.tr("Nothing is sent.")
            except AppError as error:
                why = translated(error.message)
            self._stage.say(
                self.tr("{reason} This computer writes the words instead.").replace(
                    "{reason}", why
                ),
                stays=True,
            )
        return options_here(chosen)

    async def _begin_live(
        self,
        sources: tuple[Source, ...],
        options: TranscriptionOptions,
        *,
        is_final: bool,
        has_signs: bool,
    ) -> None:
        names = [translated(SOURCE_NAMES[one.kind]) for one in sources]
        opened = await self._live.begin(
            len(sources),
            options,
            speakers=names if len(sources) > 1 else (),
            is_final=is_final,
            keeps_sound=self._at is self._studio,
            has_signs=has_signs,
            project_id=self._project_id,
        )
        if opened is not None:
            self.live_begun.emit(opened.transcript_id)

    def _show_words(self, now: LiveNow) -> None:
        opened = self._live.opened
        if opened is None:
            return
        why, text = now.ended or now.offline, ""
        if why is not None:
            text = translated(why)
            if self._at is self._studio:
                text = self.tr("{reason} Recording continues.").replace("{reason}", text)
        self.bar.show_missing_words(text)
        lag_ms = now.behind_ms if why is None else 0
        is_kept = self._at is self._studio
        lag = translated(lag_message(span(lag_ms), is_kept=is_kept)) if lag_ms else ""
        self.bar.show_lag(lag)
        self.live_words.emit(opened.transcript_id, self._live.tentative())

    def _on_pause(self) -> None:
        now = self._taking.now
        if now is not None:
            (self._taking.resume if now.is_paused else self._taking.pause)()

    def _show(self, now: TakeNow | None) -> None:
        if now is None:
            self.bar.hide()
            self._stage.show_recording(is_on=False)
            self._let_sleep()
            return
        if self.bar.isHidden():
            self.bar.begin(now.sources, is_dictation=self._at is self._dictation)
            self._stage.show_recording(is_on=True)
            self._sleep_again = self._stay_awake(self.tr("Recording"))
        self.bar.show_state(is_paused=now.is_paused, is_finishing=now.is_finishing)
        room = ""
        if now.free_bytes and self._at is self._studio:
            room = room_text(now.sound_bytes, now.free_bytes, len(now.sources))
        if (opened := self._live.opened) is not None:
            self.live_grew.emit(opened.transcript_id, now.first_file_ms)
        if opened is not None and self._live.now.dollars:
            room = " · ".join(filter(None, (room, estimate(self._live.now.dollars))))
        self.bar.show_time(now.at_ms, room)
        self.bar.show_peaks([level.peak for level in now.levels])
        if any(one.trouble in _ENDS for one in now.troubles):
            self.bar.show_ended()
        marked = ""
        if now.marks_ms:
            marked = self.tr("Marked at {time}").replace("{time}", clock(now.marks_ms[-1]))
        if now.troubles:
            worst = next((one for one in now.troubles if is_grave(one)), now.troubles[-1])
            text = translated(trouble_message(worst, now.sources))
            self.bar.show_trouble(text, is_bad=is_grave(worst))
        elif now.gaps and now.gaps[-1].at_ms >= max(now.marks_ms, default=0):
            self.bar.show_trouble(gap_text(now.gaps[-1]), is_bad=False)
        elif marked:
            self.bar.show_trouble(marked, is_bad=False)
        self.bar.say_marked(marked)

    def _let_sleep(self) -> None:
        if self._sleep_again is not None:
            self._sleep_again()
            self._sleep_again = None
