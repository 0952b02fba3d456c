"""Which of a recording's sound is heard: what speaks, one track, one channel, each apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QWidget

from app.core.options import TranscriptionOptions
from app.core.recording import Track
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker
from app.ui.translate import language_name
from app.ui.wording import number

_Choice = tuple[int | None, int | None, bool]
"""Track, channel, and whether each track is a speaker."""
_TRACKS_OFFERED = 4
"""Of recordings that nobody has looked into."""


class SoundPicker(Picker):
    """Offers what a recording has; the usual while none is known.

    Signals:
        choice_made: A person chose: the ``TranscriptionOptions``.
    """

    choice_made = Signal(object)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(appearance, "", parent)
        self.setAccessibleName(self.tr("Audio track"))
        self._options = TranscriptionOptions()
        self._tracks: tuple[Track, ...] = ()
        self.activated.connect(self._on_picked)
        self._fill()

    def offer(self, tracks: Sequence[Track]) -> None:
        """Offer the sound of one recording; of none in particular for no tracks."""
        self._tracks = tuple(tracks)
        self._fill()

    def show_options(self, options: TranscriptionOptions) -> None:
        """Show what is chosen, without telling anybody."""
        self._options = options
        wanted: _Choice = (options.track, options.channel, options.tracks_are_speakers)
        places = [self.itemData(place) for place in range(self.count())]
        if wanted not in places:  # chosen for another recording
            self.addItem(self._name_of(wanted), wanted)
            places.append(wanted)
        self.setCurrentIndex(places.index(wanted))

    def _fill(self) -> None:
        self.clear()
        for choice, text in self._choices():
            self.addItem(text, choice)
        self.show_options(self._options)

    def _choices(self) -> list[tuple[_Choice, str]]:
        numbers = [track.number for track in self._tracks] or list(range(_TRACKS_OFFERED))
        channels = max((track.channels for track in self._tracks), default=2)
        offered: list[_Choice] = [(None, None, False)]
        if len(numbers) > 1:
            offered.append((None, None, True))
            offered += [(number, None, False) for number in numbers]
        if channels > 1:
            offered += [(None, channel, False) for channel in range(channels)]
        return [(choice, self._name_of(choice)) for choice in offered]

    def _name_of(self, choice: _Choice) -> str:
        track, channel, is_each = choice
        if is_each:
            return self.tr("One speaker per track")
        parts: list[str] = []
        if track is not None:
            parts.append(self.tr("Track {number}").replace("{number}", number(track + 1)))
            parts += [name for name in [self._called(track)] if name]
        if channel is not None:
            parts.append(self._channel_name(channel))
        if not parts:
            if len(self._tracks) == 1:
                return self.tr("Everything")
            return self.tr("All tracks with speech")
        said = self._said_of(track) if channel is None else ""
        return " · ".join([*parts, said] if said else parts)

    def _channel_name(self, channel: int) -> str:
        if max((track.channels for track in self._tracks), default=2) > 2 or channel > 1:
            text = self.tr("Channel {number} only")
            return text.replace("{number}", number(channel + 1))
        return self.tr("Right channel only") if channel else self.tr("Left channel only")

    def _called(self, number: int) -> str:
        """Give what the file calls a track, else which language it says it is in."""
        track = next((one for one in self._tracks if one.number == number), None)
        if track is None:
            return ""
        language = QLocale.codeToLanguage(track.language)
        code = QLocale.languageToCode(language) if track.language else ""
        return track.title or (language_name(code) if code else "")

    def _said_of(self, number: int | None) -> str:
        """Say what was heard on a track, where that was looked into."""
        track = next((one for one in self._tracks if one.number == number), None)
        if track is None:
            return ""
        if not track.is_readable:
            return self.tr("cannot be read")
        if track.is_silent:
            return self.tr("silent")
        return self.tr("no speech") if not track.may_speak else ""

    def _on_picked(self) -> None:
        track, channel, is_each = self.currentData()
        self._options = replace(
            self._options, track=track, channel=channel, tracks_are_speakers=is_each
        )
        self.choice_made.emit(self._options)
