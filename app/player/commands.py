"""What a key, a pedal or a button can ask of the player."""

from __future__ import annotations

from enum import StrEnum


class PlayerCommand(StrEnum):
    """Every wish that takes no further word; ``PlaySession.do`` fulfils it."""

    PLAY_PAUSE = "play-pause"
    PLAY = "play"
    PAUSE = "pause"
    BACK = "back"
    FORWARD = "forward"
    REPEAT = "repeat"
    PREVIOUS_WORD = "previous-word"
    NEXT_WORD = "next-word"
    PREVIOUS_SENTENCE = "previous-sentence"
    NEXT_SENTENCE = "next-sentence"
    PREVIOUS_TURN = "previous-turn"
    NEXT_TURN = "next-turn"
    TO_START = "to-start"
    TO_END = "to-end"
    SLOWER = "slower"
    FASTER = "faster"
    NORMAL_SPEED = "normal-speed"
    LOUDER = "louder"
    QUIETER = "quieter"
    MUTE = "mute"
    LOOP_TURN = "loop-turn"
    LOOP_OFF = "loop-off"
    SKIP_SILENCES = "skip-silences"
