"""Listening to one transcript: the player, the words, and a person's wishes together.

Views hang on this by signals; they know nothing of each other.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.document import Change
from app.core.spans import HeardSpans
from app.core.timeline import Timeline
from app.core.transcript import SpeakerId, Transcript
from app.player.commands import PlayerCommand
from app.player.follow import Follower
from app.player.player import Player
from app.player.transport import (
    INSIDE_MS,
    RATE_STEP,
    AfterTyping,
    StepUnit,
    Transport,
    TransportOptions,
    nearest_rate,
)

_VOLUME_STEP = 0.1
_CONTINUOUS_MS = 1_500
"""A longer step between two reports is a seek, and nothing was heard in between."""
_NOTE_EVERY_MS = 1_000
_STEPS = {
    PlayerCommand.PREVIOUS_WORD: (StepUnit.WORD, -1),
    PlayerCommand.NEXT_WORD: (StepUnit.WORD, 1),
    PlayerCommand.PREVIOUS_SENTENCE: (StepUnit.SENTENCE, -1),
    PlayerCommand.NEXT_SENTENCE: (StepUnit.SENTENCE, 1),
    PlayerCommand.PREVIOUS_TURN: (StepUnit.TURN, -1),
    PlayerCommand.NEXT_TURN: (StepUnit.TURN, 1),
}


class PlaySession(QObject):
    """Listen to a transcript.

    Attributes:
        player: What makes the sound.
        follower: What says which word is spoken.
        listened: What was heard of the present recording.
        options: A person's habits.

    Signals:
        word_changed: Another word is spoken: its place in reading order, or ``None``.
        position_changed: Where the sound is, in milliseconds.
        loop_changed: What is played over and over: ``(start_ms, end_ms)`` or ``None``.
        listened_changed: More was heard; at most once a second, and at pauses.
        options_changed: The habits are others now.
        muted_changed: Sound was switched off or on.
    """

    word_changed = Signal(object)
    position_changed = Signal(int)
    loop_changed = Signal(object)
    listened_changed = Signal()
    options_changed = Signal(object)
    muted_changed = Signal(bool)

    def __init__(self, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.player = player
        self.follower = Follower(player.clock, self)
        self.listened = HeardSpans()
        self.options = TransportOptions()
        self._transcript = Transcript(())
        self._timeline = Timeline()
        self._transport = Transport(self._transcript, self._timeline)
        self._heard_from_ms: int | None = None
        self._heard_to_ms = 0
        self._stopped_for_typing_at_ms: int | None = None
        self._plays_until_ms: int | None = None
        self._volume_before_mute: float | None = None
        self.follower.word_changed.connect(self.word_changed)
        player.anchored.connect(self.follower.refresh)
        player.position_changed.connect(self._on_player_position_changed)
        player.playing_changed.connect(self._on_player_playing_changed)

    @property
    def timeline(self) -> Timeline:
        """The words by time."""
        return self._timeline

    @property
    def loop(self) -> tuple[int, int] | None:
        """What is played over and over, if anything."""
        return self._transport.loop

    @property
    def is_muted(self) -> bool:
        """Whether sound is switched off."""
        return self._volume_before_mute is not None

    def open(
        self,
        path: Path | None,
        transcript: Transcript,
        *,
        position_ms: int = 0,
        listened: tuple[tuple[int, int], ...] = (),
    ) -> None:
        """Listen to another transcript, paused at a place.

        Args:
            path: The recording or its playback copy; ``None`` if it cannot be had.
            transcript: Its words.
            position_ms: Where to begin.
            listened: What was heard of it before.
        """
        self._end_span()
        self.set_loop(None)
        self._plays_until_ms = None
        self._stopped_for_typing_at_ms = None
        self.listened = HeardSpans(listened)
        if self.options.only_speaker is not None:
            self.set_options(replace(self.options, only_speaker=None))
        if transcript is not self._transcript:
            self._set_transcript(transcript)
        if path is None:
            self.player.close()
        else:
            self.player.open(path, duration_ms=transcript.duration_ms, position_ms=position_ms)
        self.follower.refresh()
        self.position_changed.emit(self.player.position_ms)

    def extend(self, duration_ms: int) -> None:
        """Take up that more can be heard of what is open, unless it plays; all else stays.

        Args:
            duration_ms: How long it is by now.
        """
        player = self.player
        if player.path is not None and not player.is_playing:
            at_ms = player.position_ms
            player.open(player.path, duration_ms=duration_ms, position_ms=at_ms)
            self.follower.refresh()

    def follow_change(self, change: Change, transcript: Transcript) -> None:
        """Take up an edit.

        Args:
            change: What was done.
            transcript: What came of it.
        """
        self._transcript = transcript
        if change.splices:
            self._timeline.follow(change)
            self._transport.take_transcript(transcript)
            self.follower.look_anew()

    def _set_transcript(self, transcript: Transcript) -> None:
        loop = self._transport.loop
        self._transcript = transcript
        self._timeline = Timeline(transcript.paragraphs)
        self._transport = Transport(transcript, self._timeline)
        self._transport.loop = loop
        self._transport.set_options(self.options)
        self.follower.set_timeline(self._timeline)

    def set_options(self, options: TransportOptions) -> None:
        """Change a person's habits."""
        if options == self.options:
            return
        self.options = options
        self._transport.set_options(options)
        self.options_changed.emit(options)

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Play a span over and over, or no longer."""
        if loop is not None and loop[1] <= loop[0]:
            loop = None
        if loop == self._transport.loop:
            return
        self._transport.loop = loop
        self.loop_changed.emit(loop)
        if loop is not None and not loop[0] <= self.player.position_ms < loop[1]:
            self.player.seek(loop[0])

    def play_once(self, start_ms: int, end_ms: int) -> None:
        """Play from one time to another and hold there; any seek ends it."""
        if self.player.path is None:
            return
        self.seek(max(0, start_ms))
        self._plays_until_ms = end_ms
        self.player.play()

    def seek(self, position_ms: int) -> None:
        """Go to a place a person chose; leaves a loop that it is not in."""
        self._plays_until_ms = None
        self._end_span()
        loop = self._transport.loop
        if loop is not None and not loop[0] <= position_ms < loop[1]:
            self.set_loop(None)
        self.player.seek(position_ms)

    def play_only(self, speaker_id: SpeakerId | None) -> None:
        """Play only what one speaker says; ``None`` for everybody."""
        self.set_options(replace(self.options, only_speaker=speaker_id))

    def pause(self) -> None:
        """Hold, a little earlier than where it is."""
        if not self.player.is_playing:
            return
        self.player.pause()
        if self.options.rewind_ms:
            self.player.seek(self.player.position_ms - self.options.rewind_ms)

    def do(self, command: PlayerCommand) -> None:
        """Fulfil a wish from a key, a pedal or a button."""
        self._plays_until_ms = None
        if command in _STEPS:
            unit, places = _STEPS[command]
            self.seek(self._transport.step(unit, places, self.player.position_ms))
            return
        match command:
            case PlayerCommand.PLAY_PAUSE:
                self._play_or_pause()
            case PlayerCommand.PLAY:
                self.player.play()
            case PlayerCommand.PAUSE:
                self.pause()
            case PlayerCommand.BACK:
                self.seek(self.player.position_ms - self.options.skip_ms)
            case PlayerCommand.FORWARD:
                self.seek(self.player.position_ms + self.options.skip_ms)
            case PlayerCommand.REPEAT:
                self.seek(self.player.position_ms - self.options.repeat_ms)
                self.player.play()
            case PlayerCommand.TO_START:
                self.seek(0)
            case PlayerCommand.TO_END:
                self.seek(self.player.duration_ms)
            case _:
                self._do_setting(command)

    def _play_or_pause(self) -> None:
        if self.player.is_playing:
            self.pause()
            return
        self.end_typing()  # whoever asks for sound has typed enough
        self.player.play()

    def begin_typing(self) -> None:
        """Somebody types: hold, if that is the habit."""
        if self.options.pauses_while_typing and self.player.is_playing:
            self._stopped_for_typing_at_ms = self.player.position_ms
            self.player.pause()

    def end_typing(self, edited: tuple[int, int] | None = None) -> None:
        """Somebody has typed: go on as the habits say.

        Args:
            edited: Start and end of the words that were typed, if any were.
        """
        stopped_ms, self._stopped_for_typing_at_ms = self._stopped_for_typing_at_ms, None
        if stopped_ms is None or self.player.is_playing:
            return
        after = self.options.after_typing
        if after is AfterTyping.STAY_PAUSED:
            return
        if after is AfterTyping.EARLIER:
            self.seek(stopped_ms - self.options.earlier_ms)
        elif edited is not None and after is not AfterTyping.WHERE_STOPPED:
            start_ms, end_ms = edited
            self.seek((start_ms if after is AfterTyping.BEFORE_EDIT else end_ms) + INSIDE_MS)
        self.player.play()

    def _do_setting(self, command: PlayerCommand) -> None:
        player = self.player
        match command:
            case PlayerCommand.SLOWER:
                player.set_rate(nearest_rate(player.rate - RATE_STEP))
            case PlayerCommand.FASTER:
                player.set_rate(nearest_rate(player.rate + RATE_STEP))
            case PlayerCommand.NORMAL_SPEED:
                player.set_rate(1.0)
            case PlayerCommand.LOUDER:
                self.set_volume(player.volume + _VOLUME_STEP)
            case PlayerCommand.QUIETER:
                self.set_volume(player.volume - _VOLUME_STEP)
            case PlayerCommand.MUTE:
                self._toggle_mute()
            case PlayerCommand.LOOP_TURN:
                self.set_loop(self._transport.turn_at(player.position_ms))
            case PlayerCommand.LOOP_OFF:
                self.set_loop(None)
            case _:
                skips = not self.options.skips_silences
                self.set_options(replace(self.options, skips_silences=skips))

    def set_volume(self, volume: float) -> None:
        """Set loudness, 0 to 1; ends *mute*."""
        if self._volume_before_mute is not None:
            self._volume_before_mute = None
            self.muted_changed.emit(self.is_muted)
        self.player.set_volume(volume)

    def _toggle_mute(self) -> None:
        if self._volume_before_mute is not None:
            self.set_volume(self._volume_before_mute)
            return
        self._volume_before_mute = self.player.volume
        self.player.set_volume(0.0)
        self.muted_changed.emit(self.is_muted)

    def _on_player_position_changed(self, position_ms: int) -> None:
        self.position_changed.emit(position_ms)
        if not self.player.is_playing:
            return
        self._note_heard(position_ms)
        if self._plays_until_ms is not None and position_ms >= self._plays_until_ms:
            self._plays_until_ms = None
            self.player.pause()
            return
        target_ms = self._transport.jump_from(position_ms)
        if target_ms is not None:
            self._end_span()
            self.player.seek(target_ms)
        elif self._transport.is_over(position_ms):
            self.player.pause()

    def _on_player_playing_changed(self, playing: bool) -> None:  # noqa: FBT001 – a slot
        if not playing:
            self._end_span()

    def _note_heard(self, position_ms: int) -> None:
        if self._heard_from_ms is None:
            self._heard_from_ms = self._heard_to_ms = position_ms
            return
        if not 0 <= position_ms - self._heard_to_ms <= _CONTINUOUS_MS:
            self._end_span()
            return
        self._heard_to_ms = position_ms
        if position_ms - self._heard_from_ms >= _NOTE_EVERY_MS:
            self._end_span()
            self._heard_from_ms = self._heard_to_ms = position_ms

    def _end_span(self) -> None:
        if self._heard_from_ms is None:
            return
        is_news = self.listened.add(self._heard_from_ms, self._heard_to_ms)
        self._heard_from_ms = None
        if is_news:
            self.listened_changed.emit()
