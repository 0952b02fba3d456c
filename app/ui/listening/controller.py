"""Listening: keys, pedals and the bar tell the player; page and bar show what it does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject

from app.core.errors import AppError
from app.core.messages import message
from app.core.preferences import ResumeMode, Settings
from app.core.transcript import SpeakerId
from app.player.commands import PlayerCommand
from app.player.session import PlaySession
from app.player.transport import AfterTyping, TransportOptions
from app.store.settings import SettingsStore
from app.ui.actions import ActionId, Actions
from app.ui.kit.announcing import announce
from app.ui.kit.refusing import allow
from app.ui.listening.bar import PlayerBar
from app.ui.listening.place import ReadingPlace
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.translate import translated

_COMMANDS = {
    ActionId.PLAY: PlayerCommand.PLAY_PAUSE,
    ActionId.BACK: PlayerCommand.BACK,
    ActionId.FORWARD: PlayerCommand.FORWARD,
    ActionId.PREVIOUS_WORD: PlayerCommand.PREVIOUS_WORD,
    ActionId.NEXT_WORD: PlayerCommand.NEXT_WORD,
    ActionId.PREVIOUS_SENTENCE: PlayerCommand.PREVIOUS_SENTENCE,
    ActionId.NEXT_SENTENCE: PlayerCommand.NEXT_SENTENCE,
    ActionId.PREVIOUS_TURN: PlayerCommand.PREVIOUS_TURN,
    ActionId.NEXT_TURN: PlayerCommand.NEXT_TURN,
    ActionId.REPEAT: PlayerCommand.REPEAT,
    ActionId.END_LOOP: PlayerCommand.LOOP_OFF,
    ActionId.MUTE: PlayerCommand.MUTE,
    ActionId.LOUDER: PlayerCommand.LOUDER,
    ActionId.QUIETER: PlayerCommand.QUIETER,
    ActionId.SKIP_SILENCES: PlayerCommand.SKIP_SILENCES,
    ActionId.SLOWER: PlayerCommand.SLOWER,
    ActionId.FASTER: PlayerCommand.FASTER,
    ActionId.NORMAL_SPEED: PlayerCommand.NORMAL_SPEED,
}
_IN_MENU = (ActionId.MARK_UNCERTAIN, ActionId.NEXT_UNCERTAIN, ActionId.VIDEO)
_AFTER_TYPING = {
    ResumeMode.WHERE_STOPPED: AfterTyping.WHERE_STOPPED,
    ResumeMode.BEFORE_EDIT: AfterTyping.BEFORE_EDIT,
    ResumeMode.AFTER_EDIT: AfterTyping.AFTER_EDIT,
    ResumeMode.SECONDS_EARLIER: AfterTyping.EARLIER,
    ResumeMode.STAY_PAUSED: AfterTyping.STAY_PAUSED,
}


class HeardPage(Protocol):
    """What the player asks of the page whose words are spoken."""

    def show_spoken(self, word: int | None) -> None:
        """Light the word that is spoken, by its place in reading order."""
        ...

    def show_playing(self, playing: bool) -> None:  # noqa: FBT001 - a slot
        """Tell whether sound runs."""
        ...

    def follow(self) -> None:
        """Go back to the word that is spoken, and go with it from there."""
        ...

    def say_spoken(self) -> None:
        """Let assistive technology say the word that is spoken."""
        ...

    def selected_times(self) -> tuple[int, int] | None:
        """Give start and end of what is selected, in milliseconds, if anything is."""
        ...

    def caret_speaker(self) -> SpeakerId | None:
        """Give who speaks at the caret."""
        ...


class PlayingController(QObject):
    """Connects what plays with what asks for it and what shows it."""

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        page: HeardPage,
        place: ReadingPlace,
        bar: PlayerBar,
        session: PlaySession,
        settings: SettingsStore,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._actions = actions
        self._page = page
        self._place = place
        self._bar = bar
        self._session = session
        self._settings = settings
        self._tasks = tasks
        self._has_video = False
        self._connect_session()
        self._connect_player()
        self._connect_actions()
        self.show_video(has_video=False)

    async def prepare(self) -> None:
        """Load and make what sound needs, without holding the window up."""
        await asyncio.to_thread(self._session.player.load)
        self._session.player.prepare()
        self._show_devices()

    def take_settings(self, settings: Settings) -> None:
        """Take up settings."""
        self._session.set_options(
            replace(
                self._session.options,
                skip_ms=settings.skip_ms,
                rewind_ms=settings.rewind_on_pause_ms,
                pauses_while_typing=settings.pauses_while_typing,
                after_typing=_AFTER_TYPING[settings.resume_mode],
                earlier_ms=settings.resume_earlier_ms,
            )
        )
        self._session.player.set_latency(settings.latency_ms)
        self._session.player.set_device(settings.audio_device)
        self._bar.show_rate(settings.speed)
        self._bar.show_volume(settings.volume)
        self._show_whether_video(wanted=settings.shows_video)

    def show_video(self, *, has_video: bool, video_path: Path | None = None) -> None:
        """Tell whether the recording has a video.

        Args:
            has_video: Whether it has.
            video_path: Where they are, if not in what is played.
        """
        self._has_video = has_video
        self._session.player.set_video_path(video_path)
        reason = "" if has_video else self.tr("This recording has no video.")
        allow(self._actions[ActionId.VIDEO], reason)
        self._show_whether_video(wanted=self._settings.settings.shows_video)

    def save_setting(self, **changes: Any) -> None:
        """Keep what a person changed by the way."""
        now = self._settings.settings
        if any(getattr(now, name) != value for name, value in changes.items()):
            self._tasks.start(self._save(changes), f"keep {', '.join(changes)}", replace=True)

    async def _save(self, changes: dict[str, Any]) -> None:
        try:
            await asyncio.to_thread(lambda: self._settings.change(**changes))
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)

    # -- wiring --------------------------------------------------------------

    def _connect_session(self) -> None:
        session, bar = self._session, self._bar
        bar.command_requested.connect(self._do)
        bar.seek_requested.connect(session.seek)
        bar.loop_requested.connect(session.set_loop)
        bar.volume_requested.connect(session.set_volume)
        bar.options_requested.connect(session.set_options)
        session.word_changed.connect(self._page.show_spoken)
        session.position_changed.connect(bar.show_position)
        session.loop_changed.connect(bar.show_loop)
        session.options_changed.connect(self._on_options_changed)
        session.muted_changed.connect(bar.show_muted)

    def _connect_player(self) -> None:
        player, bar = self._session.player, self._bar
        bar.rate_requested.connect(player.set_rate)
        bar.device_requested.connect(self._on_device_requested)
        bar.sound_help_requested.connect(self._on_sound_help)
        player.playing_changed.connect(bar.show_playing)
        player.playing_changed.connect(self._page.show_playing)
        player.duration_changed.connect(bar.show_duration)
        player.rate_changed.connect(self._on_rate_changed)
        player.volume_changed.connect(self._on_volume_changed)
        player.level_changed.connect(bar.show_level)
        player.devices_changed.connect(self._show_devices)
        player.error_occurred.connect(self._on_sound_failed)

    def _connect_actions(self) -> None:
        actions = self._actions
        for action_id, command in _COMMANDS.items():
            actions[action_id].triggered.connect(partial(self._on_command, command))
        actions[ActionId.FOLLOW].triggered.connect(self._page.follow)
        actions[ActionId.SAY_WORD].triggered.connect(self._page.say_spoken)
        actions[ActionId.LOOP].triggered.connect(self._on_loop)
        actions[ActionId.ONLY_SPEAKER].triggered.connect(self._on_only_speaker)
        actions[ActionId.VIDEO].triggered.connect(self._on_video_toggled)
        self._bar.show_actions([actions[action_id] for action_id in _IN_MENU])

    # -- what is asked for ---------------------------------------------------

    def _on_command(self, command: PlayerCommand) -> None:
        # What cannot be seen is not started; what can be heard can be stopped.
        if self._stage.page is Page.TRANSCRIPT or self._session.player.is_playing:
            self._do(command)
        self._actions[ActionId.SKIP_SILENCES].setChecked(self._session.options.skips_silences)

    def _do(self, command: PlayerCommand) -> None:
        self._session.do(command)
        announce(self._bar, self._bar.spoken_state(command))

    def _on_loop(self) -> None:
        selected = self._page.selected_times()
        if selected is None:
            self._session.do(PlayerCommand.LOOP_TURN)
        else:
            self._session.set_loop(selected)

    def _on_only_speaker(self, only: bool) -> None:  # noqa: FBT001 - a slot
        self._session.play_only(self._page.caret_speaker() if only else None)
        is_on = self._session.options.only_speaker is not None
        self._actions[ActionId.ONLY_SPEAKER].setChecked(is_on)

    def _on_device_requested(self, name: str) -> None:
        self._session.player.set_device(name)
        self._show_devices(name)
        self.save_setting(audio_device=name)

    def _on_sound_failed(self, sentence: str) -> None:
        self._stage.say(translated(message(sentence)))

    def _on_sound_help(self) -> None:
        self._stage.say(
            self.tr(
                "Can't hear anything? If the meter next to the volume moves, choose another "
                "output under “Listening options”. If it does not, the recording is silent "
                "here."
            ),
            stays=True,
        )

    def _on_video_toggled(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        self._show_whether_video(wanted=wanted)
        self.save_setting(shows_video=wanted)

    # -- what is shown -------------------------------------------------------

    def _on_rate_changed(self, rate: float) -> None:
        self._bar.show_rate(rate)
        self.save_setting(speed=rate)

    def _on_volume_changed(self, volume: float) -> None:
        self._bar.show_volume(volume)
        if not self._session.is_muted:
            self.save_setting(volume=volume)

    def _on_options_changed(self, options: TransportOptions) -> None:
        self._bar.show_options(options)
        actions = self._actions
        actions[ActionId.SKIP_SILENCES].setChecked(options.skips_silences)
        actions[ActionId.ONLY_SPEAKER].setChecked(options.only_speaker is not None)
        self.save_setting(skip_ms=options.skip_ms, rewind_on_pause_ms=options.rewind_ms)

    def _show_devices(self, chosen: str | None = None) -> None:
        if chosen is None:
            chosen = self._settings.settings.audio_device
        self._bar.show_devices(self._session.player.devices(), chosen)

    def _show_whether_video(self, *, wanted: bool) -> None:
        self._actions[ActionId.VIDEO].setChecked(wanted and self._has_video)
        if wanted and self._has_video:
            self._session.player.set_video_output(self._place.show_video())
        elif self._place.is_video_shown:
            self._session.player.set_video_output(None)
            self._place.hide_video()
