"""What people set every day: the window, the text, listening, typing, export."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from typing_extensions import override

from app.core.preferences import (
    ClickMode,
    Leaving,
    ResumeMode,
    ThemeChoice,
)
from app.export.names import FIELDS
from app.jobs.auto_export import OFFERED
from app.ui.kit.fields import Picker
from app.ui.kit.in_steps import Steps
from app.ui.settings.fields_page import Choices, FieldsPage
from app.ui.settings.watch_page import short_label
from app.ui.translate import interface_languages, native_name, spoken_language

_SMALLEST_PT, _LARGEST_PT = 8, 24


class GeneralPage(FieldsPage):
    """How the program looks, what it does by itself."""

    @override
    def fill(self) -> Steps[None]:
        languages: Choices = (
            (
                self.tr("Same as the system ({language})").replace(
                    "{language}", native_name(spoken_language(""))
                ),
                "",
            ),
            *((native_name(code), code) for code in interface_languages()),
        )
        self.pick(
            "interface_language",
            self.tr("Language"),
            languages,
            help_text=self.tr("Takes effect the next time you start Wordlight."),
            also=self.tr("translation, menus, English"),
        )
        yield
        themes: Choices = (
            (self.tr("Same as the system"), ThemeChoice.SYSTEM),
            (self.tr("Light"), ThemeChoice.LIGHT),
            (self.tr("Dark"), ThemeChoice.DARK),
            (self.tr("High contrast"), ThemeChoice.HIGH_CONTRAST),
        )
        self.pick(
            "theme",
            self.tr("Theme"),
            themes,
            also=self.tr("colors, appearance, light, dark, night, contrast"),
        )
        yield
        self.switch(
            "reopens_last",
            self.tr("Open the last transcript when Wordlight starts"),
            help_text=self.tr("At the place where you were."),
            also=self.tr("startup, start, reopen, continue, restore"),
        )
        yield
        leaving: Choices = (
            (self.tr("Ask"), Leaving.ASK),
            (self.tr("Finish, then close"), Leaving.FINISH),
            (self.tr("Continue next time"), Leaving.CONTINUE_NEXT_TIME),
        )
        self.pick(
            "leaving",
            self.tr("When I close before the queue is done"),
            leaving,
            also=self.tr("quit, exit, queue"),
        )
        yield
        self.whole(
            "jobs_at_once",
            self.tr("Recordings at the same time"),
            (1, 8),
            also=self.tr("queue, parallel, speed, jobs"),
        )
        yield
        self.switch(
            "keep_awake",
            self.tr("Keep the computer awake while transcribing"),
            also=self.tr("sleep, standby, power"),
        )
        yield
        self.switch(
            "notify_done",
            self.tr("Notify me when the queue is done"),
            also=self.tr("notification, message, finished"),
        )
        yield
        self.end()


class TextPage(FieldsPage):
    """The text to read: its font, its size, how wide its lines are, what is marked in it."""

    @override
    def fill(self) -> Steps[None]:
        self._fonts = self.pick(
            "reading_font",
            self.tr("Font of the transcript"),
            self._families(self._settings.reading_font),
            also=self.tr("typeface, letters, serif, dyslexia"),
        )
        yield
        self.whole(
            "font_size_pt",
            self.tr("Text size"),
            (_SMALLEST_PT, _LARGEST_PT),
            unit=" pt",
            nothing=(0, self.tr("Same as the system")),
            help_text=self.tr("All other text grows and shrinks with it."),
            also=self.tr("larger, smaller, zoom, big, letters, font"),
        )
        yield
        self.whole(
            "line_chars",
            self.tr("Line width"),
            (40, 160),
            unit=self.tr(" characters"),
            help_text=self.tr("The longest a line of the transcript gets."),
            also=self.tr("column, margins, wide, narrow, length"),
        )
        yield
        self.switch(
            "marks_uncertain",
            self.tr("Mark uncertain words"),
            help_text=self.tr("Words that were not heard clearly are underlined."),
            also=self.tr("doubt, confidence, underline, review"),
        )
        yield
        self.switch(
            "pales_unheard",
            self.tr("Dim what you have not heard yet"),
            also=self.tr("pale, gray, listened, review"),
        )
        yield
        self.switch(
            "checks_spelling",
            self.tr("Check the spelling"),
            also=self.tr("dictionary, typos, mistakes, red line"),
        )
        yield
        self.end()

    def _families(self, chosen: str) -> Choices:
        found = [one for one in QFontDatabase.families() if not one.startswith((".", "@"))]
        if chosen and chosen not in found:  # it was taken off the computer
            found.insert(0, chosen)
        return ((self.tr("Same as the system"), ""), *((one, one) for one in found))


class PlaybackPage(FieldsPage):
    """Listening: how far the keys go, and what a click does."""

    @override
    def fill(self) -> Steps[None]:
        self.seconds(
            "skip_ms",
            self.tr("Skip back and forward by"),
            (500, 60_000),
            also=self.tr("jump, rewind, seconds, arrow keys"),
        )
        yield
        self.seconds(
            "rewind_on_pause_ms",
            self.tr("Rewind when pausing"),
            (0, 10_000),
            also=self.tr("back, repeat, resume"),
        )
        yield
        clicks: Choices = (
            (self.tr("Moves playback there"), ClickMode.SEEKS),
            (self.tr("Plays from there"), ClickMode.PLAYS),
            (self.tr("Only moves the cursor there"), ClickMode.NOTHING_MORE),
        )
        self.pick(
            "click_mode",
            self.tr("Clicking a word"),
            clicks,
            also=self.tr("mouse, pointer, jump, cursor"),
        )
        yield
        self.switch(
            "space_plays",
            self.tr("Space and Return control playback until I type"),
            also=self.tr("keyboard, play, pause"),
        )
        yield
        self.seconds(
            "latency_ms",
            self.tr("Audio delay"),
            (-2_000, 2_000),
            step_ms=10,
            help_text=self.tr(
                "How much later than the highlight you hear a word, with wireless headphones "
                "for example."
            ),
            also=self.tr("latency, Bluetooth, headphones, in step"),
        )
        yield
        self.end()


class TypingPage(FieldsPage):
    """Typing while the sound plays."""

    @override
    def fill(self) -> Steps[None]:
        self.switch(
            "pauses_while_typing",
            self.tr("Pause while I type"),
            also=self.tr("stop, hold, playback"),
        )
        yield
        self.seconds(
            "typing_pause_ms",
            self.tr("Resume after"),
            (200, 60_000),
            step_ms=100,
            also=self.tr("wait, pause, playback"),
        )
        yield
        resume: Choices = (
            (self.tr("Where it stopped"), ResumeMode.WHERE_STOPPED),
            (self.tr("Before the edited words"), ResumeMode.BEFORE_EDIT),
            (self.tr("After the edited words"), ResumeMode.AFTER_EDIT),
            (self.tr("A little earlier"), ResumeMode.SECONDS_EARLIER),
            (self.tr("Don't resume"), ResumeMode.STAY_PAUSED),
        )
        self.pick(
            "resume_mode",
            self.tr("After typing, resume"),
            resume,
            also=self.tr("continue, playback, position"),
        )
        yield
        self.seconds(
            "resume_earlier_ms",
            self.tr("Earlier by"),
            (0, 60_000),
            also=self.tr("resume, rewind, back"),
        )
        yield
        self.seconds(
            "reaction_ms",
            self.tr("My reaction time"),
            (0, 5_000),
            step_ms=50,
            help_text=self.tr("How long you take to press a key after hearing a word."),
            also=self.tr("delay, correct the word just heard"),
        )
        yield
        self.switch(
            "types_at_spoken",
            self.tr("While playing, typing replaces the word just heard"),
            also=self.tr("correct, overwrite"),
        )
        yield
        self.end()


class ExportPage(FieldsPage):
    """What an export begins with, and whether it is done by itself.

    Signals:
        folder_requested: Choose the folder that exports go to.
    """

    folder_requested = Signal()

    @override
    def fill(self) -> Steps[None]:
        self.paragraph(
            self.tr("What the export window shows at first. It remembers what you chose last.")
        )
        yield
        formats = [*OFFERED]
        if self._settings.export_format not in formats:
            formats.append(self._settings.export_format)
        self.pick(
            "export_format",
            self.tr("Format"),
            [(short_label(one), one) for one in formats],
            also=self.tr("Word, PDF, subtitles, text, file type"),
        )
        yield
        self._folder = Picker(self._appearance, self.tr("Save in"))
        self._folder.activated.connect(self._on_folder)
        row = self.row(
            self.tr("Save in"),
            self._folder,
            also=self.tr("folder, directory, place, location"),
        )
        self.bind(
            row,
            lambda now: now.export_folder,
            self._show_folder,
            lambda folder: {"export_folder": folder},
            lambda folder: folder or self.tr("Next to the recording"),
        )
        yield
        gaps = "  ".join(f"{{{one}}}" for one in FIELDS)
        self.text(
            "export_template",
            self.tr("File name"),
            "",
            help_text=self.tr("Filled in for you: {gaps}").replace("{gaps}", gaps),
            also=self.tr("template, naming, date"),
        )
        yield
        automatic: Choices = (
            (self.tr("No"), ""),
            *((short_label(one), one) for one in OFFERED),
        )
        self.pick(
            "auto_export_format",
            self.tr("Export automatically"),
            automatic,
            help_text=self.tr("Each transcript is saved as a file as soon as it is done."),
            also=self.tr("save, file, by itself, batch"),
        )
        yield
        self.end()

    def _show_folder(self, folder: str) -> None:
        self._folder.clear()
        self._folder.addItem(self.tr("Next to the recording"))
        if folder:
            self._folder.addItem(folder)
        self._folder.addItem(self.tr("Choose a folder…"))
        self._folder.setCurrentIndex(1 if folder else 0)
        self._folder.setToolTip(folder)

    def _on_folder(self, place: int) -> None:
        folder = self._settings.export_folder
        if place == self._folder.count() - 1:
            self._folder.setCurrentIndex(1 if folder else 0)
            self.folder_requested.emit()
        elif place == 0 and folder:
            self._show_folder("")
            self.ask(export_folder="")
