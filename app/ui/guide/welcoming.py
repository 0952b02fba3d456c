"""The first steps, once: they go when somebody has begun, however, and never come again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol, cast

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.core.languages import ON_DEVICE_LANGUAGES
from app.core.options import ModelId
from app.core.preferences import Settings
from app.ui.guide.first_words import FirstWords
from app.ui.guide.welcome import WelcomeView
from app.ui.stage import Page, Stage


class SettingsSaver(Protocol):
    """Where it is noted what somebody has seen."""

    @property
    def settings(self) -> Settings:
        """What is set."""
        ...


class WelcomeController(QObject):
    """Shows the three choices while nothing has been begun, and the hint of the first page.

    Signals:
        sample_requested: Transcribe the sample.
        key_requested: Ask for a key.
        options_chosen: Transcribe so from now on: ``TranscriptionOptions``.
        seen: Settings to keep, by name.
    """

    sample_requested = Signal()
    key_requested = Signal()
    options_chosen = Signal(object)
    seen = Signal(dict)

    def __init__(
        self,
        *,
        stage: Stage,
        view: WelcomeView,
        empty: QWidget,
        first: QWidget,
        first_words: FirstWords,
        settings: SettingsSaver,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._view = view
        self._empty = empty
        self._first = first
        self._first_words = first_words
        self._settings = settings
        self._is_waiting_for_key = False
        self._is_welcoming = not settings.settings.is_welcomed
        self._is_hinting = not settings.settings.is_shown_around
        view.sample_requested.connect(self._on_sample)
        view.local_requested.connect(self._on_local)
        view.key_requested.connect(self._on_key)
        view.skipped.connect(self.leave)
        first_words.read.connect(self._on_read)
        self._show()

    @property
    def is_welcoming(self) -> bool:
        """Whether the first steps are still there."""
        return self._is_welcoming

    def leave(self) -> None:
        """Somebody has begun: the first steps are over for good."""
        if self._is_welcoming:
            self._is_welcoming = False
            focused = cast("QWidget | None", self._view.window().focusWidget())
            was_there = focused is not None and self._view.isAncestorOf(focused)
            self._show()
            if was_there:
                self._first.setFocus(Qt.FocusReason.OtherFocusReason)
            self.seen.emit({"is_welcomed": True})

    def follow_page(self, page: Page) -> None:
        """Take a job or a transcript that is shown for a beginning."""
        if page in {Page.JOB, Page.TRANSCRIPT}:
            self.leave()

    def follow_library(self, recent: list[Any]) -> None:
        """Leave who has transcripts already in peace."""
        if recent:
            self.leave()

    def show_around(self, _opened: object) -> None:
        """Tell once, under the first transcript, how to correct, play and export."""
        if self._is_hinting:
            self._is_hinting = False
            self._first_words.tell()

    def take_key(self) -> None:
        """Go on with the key that was asked for here."""
        if self._is_waiting_for_key:
            self._is_waiting_for_key = False
            options = self._settings.settings.options
            self.options_chosen.emit(replace(options, model=ModelId.PULSE))
            self.leave()

    def _on_sample(self) -> None:
        self.leave()
        self.sample_requested.emit()

    def _on_local(self) -> None:
        spoken = QLocale().name().partition("_")[0]
        options = self._settings.settings.options
        if spoken in ON_DEVICE_LANGUAGES:
            options = replace(options, language=spoken)
        self.options_chosen.emit(replace(options, model=ModelId.ON_DEVICE, package=""))
        self.leave()
        self._stage.say(
            self.tr(
                "Recordings will be transcribed on this computer. Drop one whenever you like."
            )
        )

    def _on_key(self) -> None:
        self._is_waiting_for_key = True
        self.key_requested.emit()

    def _on_read(self) -> None:
        self._first_words.hide()
        self.seen.emit({"is_shown_around": True})

    def _show(self) -> None:
        self._view.setVisible(self._is_welcoming)
        self._empty.setVisible(not self._is_welcoming)
