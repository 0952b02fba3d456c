"""What is to be recorded."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.core.live import LiveBy
from app.core.live_models import LIVE_MODELS, LiveModel
from app.core.take import Device, Source, SourceKind
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker, Switch
from app.ui.kit.sheet import Sheet
from app.ui.recording.wording import source_name
from app.ui.wording import estimate

_LOOK_MS = 2_000
_NONE = "none"


class RecordSheet(Sheet):
    """A microphone, what the computer plays, or both.

    Signals:
        begin_requested: The sources, in the order of their channels.
        devices_needed: The list of devices is to be brought up to date.
    """

    begin_requested = Signal(object)
    devices_needed = Signal()

    def __init__(  # noqa: PLR0913 - what was chosen last, by name
        self,
        appearance: Appearance,
        devices: Sequence[Device],
        *,
        microphone: str,
        with_computer: bool,
        live_text: LiveBy = LiveBy.HERE,
        keeps_live_text: bool = False,
        dictates: bool = False,
        spoken_punctuation: bool = False,
        target: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Ask.

        Args:
            appearance: How it looks.
            devices: What there is.
            microphone: The one used last; empty for the default, ``none`` for none.
            with_computer: Whether the computer's sound was recorded last.
            live_text: What made words of it while it was recorded last.
            keeps_live_text: Whether these words were to stay.
            dictates: Whether only the words are wanted this time.
            spoken_punctuation: Whether signs were spoken when somebody dictated last.
            target: Where the recording goes, as a sentence; empty for nothing to say.
            parent: The window.
        """
        super().__init__(self.tr("Record"), parent)
        if target:
            self.add_text(target, muted=True)
        label = QLabel(self.tr("Microphone"))
        self.microphone = Picker(appearance, self.tr("Microphone"))
        self.computer = Switch(appearance, self.tr("Record what this computer plays"))
        self.computer.setChecked(with_computer)
        self.add_field(label, self.microphone)
        self.body.addWidget(self.computer)
        live_label = QLabel(self.tr("Live text"))
        self.live = Picker(appearance, self.tr("Live text"))
        self.live.addItem(self.tr("On this computer"), LiveBy.HERE.value)
        price = estimate(LIVE_MODELS[LiveModel.PULSE].dollars_per_minute * 60)
        self.live.addItem(
            self.tr("By Pulse, {amount} an hour").replace("{amount}", price),
            LiveBy.PULSE.value,
        )
        self.live.addItem(self.tr("None"), LiveBy.NOTHING.value)
        self.live.setCurrentIndex(max(0, self.live.findData(live_text.value)))
        self.better = Switch(appearance, self.tr("Improve the words after recording"))
        self.better.setChecked(not keeps_live_text)
        self.add_field(live_label, self.live)
        self.body.addWidget(self.better)
        self.words_only = Switch(appearance, self.tr("Keep only the words, not the audio"))
        self.words_only.setChecked(dictates)
        self.signs = Switch(
            appearance, self.tr("Write spoken punctuation, such as “comma” or “new line”")
        )
        self.signs.setChecked(spoken_punctuation)
        self.body.addWidget(self.words_only)
        self.body.addWidget(self.signs)
        self._hint = self.add_text(muted=True)
        self.add_text(self.tr("Before you record, ask everybody who can be heard."), muted=True)
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self._begin = self.add_button(self.tr("Record"), is_primary=True)
        self._begin.clicked.connect(self._on_begin)
        self._chosen = microphone
        self._devices: tuple[Device, ...] = ()
        self.show_devices(devices)
        self.microphone.activated.connect(self._on_chosen)
        self.computer.toggled.connect(self._show_hint)
        self.live.activated.connect(self._show_choices)
        self.words_only.toggled.connect(self._show_choices)
        self._show_choices()
        look = QTimer(self)
        look.setInterval(_LOOK_MS)
        look.timeout.connect(self.devices_needed)
        look.start()

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Follow what is plugged in; the choice stays as long as it is there."""
        if tuple(devices) == self._devices and self.microphone.count():
            return
        self._devices = tuple(devices)
        microphones = [one for one in devices if one.source.kind is SourceKind.MICROPHONE]
        usual = next((source_name(one.source) for one in microphones if one.is_default), "")
        default = self.tr("System default")
        self.microphone.clear()
        if microphones:
            self.microphone.addItem(f"{default} ({usual})" if usual else default, "")
        for one in microphones:
            self.microphone.addItem(source_name(one.source), one.source.device)
        self.microphone.addItem(self.tr("No microphone"), _NONE)
        place = self.microphone.findData(self._chosen)
        self.microphone.setCurrentIndex(max(0, place))
        has_computer = any(one.source.kind is SourceKind.COMPUTER for one in devices)
        self.computer.refuse(
            "" if has_computer else self.tr("This system does not allow that yet.")
        )
        self._show_hint()

    def sources(self) -> tuple[Source, ...]:
        """Give what is chosen."""
        found: list[Source] = []
        device = self.microphone.currentData(Qt.ItemDataRole.UserRole)
        if device != _NONE:
            name = next(
                (one.source.name for one in self._devices if one.source.device == device), ""
            )
            found.append(Source(SourceKind.MICROPHONE, device or "", name))
        if self.computer.isChecked() and not self.computer.is_refused:
            found.append(Source(SourceKind.COMPUTER))
        return tuple(found)

    @property
    def live_text(self) -> LiveBy:
        """What makes words of it while it is recorded."""
        return LiveBy(self.live.currentData(Qt.ItemDataRole.UserRole))

    @property
    def is_dictation(self) -> bool:
        """Whether only the words are wanted."""
        return self.words_only.isChecked() and self.live_text is not LiveBy.NOTHING

    def _show_choices(self) -> None:
        """Offer what goes with what is chosen."""
        has_live_text = self.live_text is not LiveBy.NOTHING
        self.words_only.setVisible(has_live_text)
        self.better.setVisible(has_live_text and not self.is_dictation)
        self.signs.setVisible(self.is_dictation)
        name = self.tr("Dictate") if self.is_dictation else self.tr("Record")
        self._begin.setText(name)
        self._begin.setAccessibleName(name)

    def _on_chosen(self) -> None:
        self._chosen = self.microphone.currentData(Qt.ItemDataRole.UserRole)
        self._show_hint()

    def _show_hint(self) -> None:
        count, against = len(self.sources()), ""
        if count == 0:
            text = self.tr("Choose a microphone, or what this computer plays.")
            against = text
        elif count == 2:
            text = self.tr(
                "You and the others get a channel each, so that the speakers are known. "
                "Use headphones, or the microphone hears the others too."
            )
        else:
            text = ""
        self._begin.refuse(against)
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def _on_begin(self) -> None:
        self.begin_requested.emit(self.sources())
        self.accept()
