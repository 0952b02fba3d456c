"""Below the page: the recording at a glance, and what one plays it with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.document import Change
from app.core.transcript import Paragraph, SpeakerId, Transcript
from app.player.commands import PlayerCommand
from app.player.transport import (
    MAX_RATE,
    MIN_RATE,
    RATE_STEP,
    SKIPS_MS,
    TransportOptions,
)
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import DecimalField
from app.ui.kit.menu_button import MenuButton
from app.ui.kit.menus import Menu
from app.ui.kit.refusing import ToolButton
from app.ui.kit.tips import show_tip
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16, TEXT_BASE
from app.ui.kit.turning import turn_to_fit
from app.ui.listening.level_meter import LevelMeter
from app.ui.listening.timeline import SpokenSpan, TimelineBar, Waveform
from app.ui.wording import clock, figure, number

_PLAY_SIZE = 40
_PLAY_ICON_SIZE = 22
_SPEED_WIDTH = 68
_REWINDS_MS = (0, 500, 1_000, 2_000, 3_000)
_TIP_WORDS = 24


class PlayerBar(QWidget):
    """Play, go elsewhere, faster, louder; shows how things stand.

    Signals:
        command_requested: A ``PlayerCommand``.
        seek_requested: Go there, in milliseconds.
        loop_requested: ``(start_ms, end_ms)`` to be played over and over, or ``None``.
        rate_requested: Another speed.
        volume_requested: Another loudness, 0 to 1.
        options_requested: Other ``TransportOptions``.
        device_requested: Another output device, by name; empty for the system's.
        sound_help_requested: Nothing is heard; what can be done?
    """

    command_requested = Signal(object)
    seek_requested = Signal(int)
    loop_requested = Signal(object)
    rate_requested = Signal(float)
    volume_requested = Signal(float)
    options_requested = Signal(object)
    device_requested = Signal(str)
    sound_help_requested = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Transport runs as on any player, also where text runs from right to left.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._appearance = appearance
        self._options = TransportOptions()
        self._transcript = Transcript(())
        self._devices: list[str] = []
        self._device = ""
        self._actions: tuple[QAction, ...] = ()
        self._loop: tuple[int, int] | None = None
        self._duration_ms = 0
        self._position_ms = 0
        self._is_playing = False
        self._is_muted = False
        self.timeline = TimelineBar(appearance)
        self.timeline.setAccessibleName(self.tr("Position"))
        self._play = ToolButton()
        self._play.setObjectName("play")
        self._time = QLabel()
        self._meter = LevelMeter(appearance)
        self._speed = DecimalField(appearance, self.tr("Speed"))
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._volume.setProperty("drawn", True)  # noqa: FBT003 - Qt's signature
        self._buttons: dict[PlayerCommand, QToolButton] = {}
        self._menu = Menu(self)
        self._more = MenuButton(self._menu)
        self._more.setAccessibleName(self.tr("Listening options"))
        self._more.setToolTip(self._more.accessibleName())
        appearance.apply_icon(self._more, "more")
        self.only = QToolButton()
        self.only.hide()
        self.only.setMaximumWidth(160)
        self.only.clicked.connect(
            lambda: self.options_requested.emit(replace(self._options, only_speaker=None))
        )
        self._set_up_controls()
        self._lay_out()
        appearance.theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.show_playing(playing=False)
        self.show_options(self._options)
        self._show_time()
        self.set_available(available=False)

    # What is shown

    def set_available(self, *, available: bool, reason: str = "") -> None:
        """Allow or forbid playing, and say why not."""
        controls = (self._play, self._speed, self._volume, self._more, self.timeline)
        for control in (*controls, *self._buttons.values()):
            control.setEnabled(available)
        self._play.setEnabled(available or bool(reason))  # it says why for all of them
        self._play.refuse("")
        show_tip(self._play, self._play_tip())
        if not available:
            self._play.refuse(reason)

    def show_transcript(self, transcript: Transcript) -> None:
        """Show who speaks when."""
        self._transcript = transcript
        lanes = _lanes(transcript)
        self.timeline.show_spans(
            (_stretch(one, lanes) for one in transcript.paragraphs), self._words_at
        )

    def follow_change(self, change: Change, transcript: Transcript) -> None:
        """Show what an edit changed of who speaks when.

        Args:
            change: What was done.
            transcript: What came of it.
        """
        lanes = _lanes(transcript)
        if change.are_speakers_changed and _lanes(self._transcript) != lanes:
            self.show_transcript(transcript)
            return
        self._transcript = transcript
        removed: list[SpokenSpan] = []
        inserted: list[SpokenSpan] = []
        for one in change.splices:
            old = [_stretch(paragraph, lanes) for paragraph in one.removed]
            new = [_stretch(paragraph, lanes) for paragraph in one.inserted]
            if old != new:
                removed += old
                inserted += new
        if removed or inserted:
            self.timeline.change_spans(removed, inserted)

    def show_waveform(self, waveform: Waveform | None) -> None:
        """Show the sound; ``None`` while it is not known."""
        self.timeline.show_waveform(waveform)

    def show_duration(self, duration_ms: int) -> None:
        """Show how long the recording is."""
        self._duration_ms = duration_ms
        self.timeline.show_duration(duration_ms)
        self._show_time()

    def show_position(self, position_ms: int) -> None:
        """Show where playback is."""
        is_new_second = position_ms // 1_000 != self._position_ms // 1_000
        self._position_ms = position_ms
        self.timeline.show_position(position_ms)
        if is_new_second:
            self._show_time()

    def show_playing(self, playing: bool) -> None:  # noqa: FBT001 – a plain setter
        """Show whether sound runs."""
        self._is_playing = playing
        self._appearance.apply_icon(
            self._play, "pause" if playing else "play", "on_accent", _PLAY_ICON_SIZE
        )
        self._play.setAccessibleName(self.tr("Pause") if playing else self.tr("Play"))
        show_tip(self._play, self._play_tip())
        if not playing:
            self._meter.show_level(0.0)

    def show_rate(self, rate: float) -> None:
        """Show the speed."""
        with QSignalBlocker(self._speed):
            self._speed.setValue(rate)

    def show_volume(self, volume: float) -> None:
        """Show the loudness, 0 to 1."""
        with QSignalBlocker(self._volume):
            self._volume.setValue(round(volume * 100))
        self._volume.setAccessibleDescription(self._percent())

    def show_muted(self, muted: bool) -> None:  # noqa: FBT001 – a plain setter
        """Show whether sound is switched off."""
        self._is_muted = muted
        button = self._buttons[PlayerCommand.MUTE]
        self._appearance.apply_icon(button, "muted" if muted else "volume")
        button.setAccessibleName(self.tr("Unmute") if muted else self.tr("Mute"))
        button.setToolTip(button.accessibleName())

    def spoken_state(self, command: PlayerCommand) -> str:
        """Say how a command has left things, where nothing else tells; else nothing."""
        match command:
            case PlayerCommand.SLOWER | PlayerCommand.FASTER | PlayerCommand.NORMAL_SPEED:
                return f"{self._speed.accessibleName()}: {self._speed.text()}"
            case PlayerCommand.LOUDER | PlayerCommand.QUIETER:
                return f"{self._volume.accessibleName()}: {self._percent()}"
            case PlayerCommand.MUTE:
                return self.tr("Muted") if self._is_muted else self.tr("Sound on")
            case _:
                return ""

    def _percent(self) -> str:
        return self.tr("{percent} %").replace("{percent}", number(self._volume.value()))

    def show_level(self, level: float) -> None:
        """Show how loud it is at the moment, 0 to 1."""
        self._meter.show_level(level)

    def show_loop(self, loop: tuple[int, int] | None) -> None:
        """Show what is played over and over."""
        self._loop = loop
        self.timeline.show_loop(loop)

    def show_heard(self, spans: tuple[tuple[int, int], ...]) -> None:
        """Show what was listened to."""
        self.timeline.show_heard(spans)

    def show_options(self, options: TransportOptions) -> None:
        """Show a person's habits."""
        self._options = options
        self._show_only()
        seconds = options.skip_ms / 1_000
        for command, text in (
            (PlayerCommand.BACK, self.tr("Back {seconds} s")),
            (PlayerCommand.FORWARD, self.tr("Forward {seconds} s")),
        ):
            shown = text.replace("{seconds}", figure(seconds))
            self._buttons[command].setAccessibleName(shown)
            self._buttons[command].setToolTip(shown)

    def _show_only(self) -> None:
        """Say beside the speed whom one hears alone; a press plays everyone again."""
        alone = self._options.only_speaker
        self.only.setVisible(alone is not None)
        if alone is not None:
            text = self.tr("{name} only").replace("{name}", self._label(alone))
            self.only.setText(f"{text}  ✕")
            self.only.setCheckable(True)  # looks as what is on looks
            self.only.setChecked(True)
            self.only.setAccessibleName(text)
            self.only.setToolTip(self.tr("Everyone"))

    def show_devices(self, devices: list[str], device: str = "") -> None:
        """Tell what one could listen on, and which is chosen; empty for the system's."""
        self._devices, self._device = devices, device

    def show_actions(self, actions: Sequence[QAction]) -> None:
        """Offer these, too, under *More ways to listen*."""
        self._actions = tuple(actions)

    # Building

    def _set_up_controls(self) -> None:
        self._play.clicked.connect(self._on_play_clicked)
        self._speed.setRange(MIN_RATE, MAX_RATE)
        self._speed.setSingleStep(RATE_STEP)
        self._speed.setDecimals(2)
        self._speed.setValue(1.0)
        self._speed.setSuffix("×")
        self._speed.setAlignment(Qt.AlignmentFlag.AlignCenter)
        show_tip(self._speed, self.tr("Speed (the pitch does not change)"))
        self._speed.valueChanged.connect(self.rate_requested)
        self._volume.setRange(0, 100)
        self._volume.setValue(100)
        self._volume.setFixedWidth(80)
        self._volume.setMinimumHeight(28)
        self._volume.setAccessibleName(self.tr("Volume"))
        self._volume.setToolTip(self.tr("Volume"))
        self._volume.valueChanged.connect(self._on_volume_changed)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.timeline.seek_requested.connect(self.seek_requested)
        self.timeline.loop_requested.connect(self.loop_requested)
        for command, icon, text in (
            (PlayerCommand.PREVIOUS_TURN, "previous", self.tr("Previous turn")),
            (PlayerCommand.BACK, "skip-back", self.tr("Back")),
            (PlayerCommand.FORWARD, "skip-forward", self.tr("Forward")),
            (PlayerCommand.NEXT_TURN, "next", self.tr("Next turn")),
            (PlayerCommand.MUTE, "volume", self.tr("Mute")),
        ):
            button = self._button(icon, text)
            button.clicked.connect(
                lambda _=False, one=command: self.command_requested.emit(one)
            )
            self._buttons[command] = button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        for part in (
            self._buttons[PlayerCommand.PREVIOUS_TURN],
            self._buttons[PlayerCommand.BACK],
            self._play,
            self._buttons[PlayerCommand.FORWARD],
            self._buttons[PlayerCommand.NEXT_TURN],
        ):
            row.addWidget(part)
        row.addSpacing(SPACE_12)
        row.addWidget(self._time)
        row.addStretch(1)
        whole = self._row = QHBoxLayout()
        whole.setSpacing(SPACE_8)
        whole.addLayout(row, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        whole.addLayout(row)
        row.addWidget(self._text_button("−", self.tr("Slower"), PlayerCommand.SLOWER))
        row.addWidget(self._speed)
        row.addWidget(self._text_button("+", self.tr("Faster"), PlayerCommand.FASTER))
        row.addSpacing(SPACE_4)
        row.addWidget(self._buttons[PlayerCommand.MUTE])
        row.addWidget(self._volume)
        row.addWidget(self._meter)
        row.addWidget(self.only)
        row.addWidget(self._more)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_16, SPACE_8, SPACE_16, SPACE_12)
        column.setSpacing(SPACE_8)
        column.addWidget(self.timeline)
        column.addLayout(whole)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        turn_to_fit(self._row, self.width() - 2 * SPACE_16)

    def _button(self, icon: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(text)
        button.setToolTip(text)
        self._appearance.apply_icon(button, icon)
        return button

    def _text_button(self, character: str, text: str, command: PlayerCommand) -> QToolButton:
        button = QToolButton()
        button.setText(character)
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.clicked.connect(lambda: self.command_requested.emit(command))
        self._buttons[command] = button
        return button

    def _fill_menu(self) -> None:
        menu, options = self._menu, self._options
        menu.clear()
        command = self.command_requested.emit
        skip = menu.addAction(
            self.tr("Skip silences"), lambda: command(PlayerCommand.SKIP_SILENCES)
        )
        skip.setCheckable(True)
        skip.setChecked(options.skips_silences)
        if len(self._transcript.speakers) > 1:
            self._add_choices(
                self.tr("Play only"),
                [(None, self.tr("Everyone"))]
                + [
                    (one.speaker_id, self._label(one.speaker_id))
                    for one in self._transcript.speakers
                ],
                options.only_speaker,
                lambda value: replace(self._options, only_speaker=value),
            )
        menu.addSeparator()
        if self._loop is None:
            menu.addAction(self.tr("Loop paragraph"), lambda: command(PlayerCommand.LOOP_TURN))
        else:
            menu.addAction(self.tr("Stop looping"), lambda: command(PlayerCommand.LOOP_OFF))
        menu.addAction(
            self.tr("Replay the last few seconds"), lambda: command(PlayerCommand.REPEAT)
        )
        seconds = self.tr("{seconds} s")
        self._add_choices(
            self.tr("Skip by"),
            [(ms, seconds.replace("{seconds}", figure(ms / 1_000))) for ms in SKIPS_MS],
            options.skip_ms,
            lambda value: replace(self._options, skip_ms=value),
        )
        self._add_choices(
            self.tr("Rewind when pausing"),
            [
                (
                    ms,
                    seconds.replace("{seconds}", figure(ms / 1_000)) if ms else self.tr("Off"),
                )
                for ms in _REWINDS_MS
            ],
            options.rewind_ms,
            lambda value: replace(self._options, rewind_ms=value),
        )
        menu.addSeparator()
        menu.addActions(self._actions)
        menu.addAction(self.tr("Zoom in"), lambda: self.timeline.zoom(2.0))
        menu.addAction(self.tr("Zoom out"), lambda: self.timeline.zoom(0.5))
        menu.addSeparator()
        self._add_devices()
        menu.addAction(self.tr("No sound?"), self.sound_help_requested.emit)

    def _add_choices(
        self,
        title: str,
        choices: Sequence[tuple[object, str]],
        chosen: object,
        changed: Callable[[Any], TransportOptions],
    ) -> None:
        menu = self._menu.add_submenu(title)
        group = QActionGroup(menu)
        for value, text in choices:
            action = menu.addAction(
                text, lambda one=value: self.options_requested.emit(changed(one))
            )
            action.setCheckable(True)
            action.setChecked(value == chosen)
            group.addAction(action)

    def _add_devices(self) -> None:
        menu = self._menu.add_submenu(self.tr("Listen on"))
        group = QActionGroup(menu)
        choices = [("", self.tr("System default")), *((one, one) for one in self._devices)]
        if self._device and self._device not in self._devices:
            gone = self.tr("{device} (not connected)").replace("{device}", self._device)
            choices.append((self._device, gone))
        for name, text in choices:
            action = menu.addAction(text, lambda one=name: self.device_requested.emit(one))
            action.setCheckable(True)
            action.setChecked(name == self._device)
            group.addAction(action)

    # Inside

    def _label(self, speaker_id: SpeakerId | None) -> str:
        return self._transcript.speaker_label(
            speaker_id, self.tr("Speaker {number}"), self.tr("Part {part} · Speaker {number}")
        )

    def _words_at(self, at_ms: int) -> str:
        """Give what is said at a time, each turn with its speaker."""
        lines: list[str] = []
        for paragraph in self._transcript.paragraphs:
            if not paragraph.start_ms <= at_ms < paragraph.end_ms:
                continue
            words = [word.text for word in paragraph.words[:_TIP_WORDS]]
            text = " ".join(words) + (" …" if len(paragraph.words) > _TIP_WORDS else "")
            name = self._label(paragraph.speaker_id)
            lines.append(f"{name}: {text}" if name else text)
        return "\n".join(line for line in lines if line)

    def _play_tip(self) -> str:
        return self.tr("Pause (Space)") if self._is_playing else self.tr("Play (Space)")

    def _show_time(self) -> None:
        at_ms = self._position_ms
        if self._duration_ms:  # the sound may go on for a moment behind the length told
            at_ms = min(at_ms, self._duration_ms)
        self._time.setText(f"{clock(at_ms)} / {clock(self._duration_ms)}")

    def _on_theme_changed(self) -> None:
        theme = self._appearance.theme
        outer = self._appearance.scaled(_PLAY_SIZE)
        inner = outer - 4
        self._time.setFont(self._appearance.font(TEXT_BASE, tabular=True))
        self._speed.setFixedWidth(round(_SPEED_WIDTH * max(1.0, self._appearance.text_scale)))
        QTimer.singleShot(0, self, self._turn)  # once all of it has the new text size
        self._play.setStyleSheet(
            f"QToolButton {{ background: {theme.accent}; border: 2px solid {theme.accent}; "
            f"border-radius: {outer // 2}px; padding: 0; "
            f"min-width: {inner}px; max-width: {inner}px; "
            f"min-height: {inner}px; max-height: {inner}px; }}"
            f"QToolButton:focus {{ border-color: {theme.text}; }}"
            f"QToolButton:disabled {{ background: {theme.hover}; "
            f"border-color: {theme.hover}; }}"
        )

    def _on_play_clicked(self) -> None:
        self.command_requested.emit(PlayerCommand.PLAY_PAUSE)

    def _on_volume_changed(self, percent: int) -> None:
        self.volume_requested.emit(percent / 100)


def _lanes(transcript: Transcript) -> dict[SpeakerId, int]:
    return {speaker.speaker_id: lane for lane, speaker in enumerate(transcript.speakers)}


def _stretch(paragraph: Paragraph, lanes: dict[SpeakerId, int]) -> SpokenSpan:
    lane = lanes.get(paragraph.speaker_id, 0) if paragraph.speaker_id is not None else 0
    return SpokenSpan(paragraph.start_ms, paragraph.end_ms, lane)
