"""What leaves this computer, what a person has agreed to, whose voices are known."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from app.core.preferences import Settings
from app.core.releases import LATEST_ADDRESS
from app.jobs.updates import has_other_ways
from app.ui.kit.appearance import Appearance
from app.ui.kit.in_steps import Steps
from app.ui.kit.long_button import LongButton
from app.ui.settings.address_list import AddressList
from app.ui.settings.fields_page import FieldsPage
from app.ui.settings.voice_list import VoiceList


class PrivacyPage(FieldsPage):
    """Everything that concerns others than whoever sits here.

    Attributes:
        addresses: Where sound may be sent.
        voices: Whose voices are known.

    Signals:
        explanation_requested: Say in full what leaves this computer.
    """

    explanation_requested = Signal()

    def __init__(self, appearance: Appearance, settings: Settings) -> None:
        super().__init__(appearance, settings)
        self.addresses = AddressList()
        self.addresses.take_back_requested.connect(self._on_take_back)
        self.voices = VoiceList()

    @override
    def fill(self) -> Steps[None]:
        self.paragraph(
            self.tr(
                "With a model on this computer, nothing leaves it. With Pulse or Pulse Pro, "
                "the recording goes to smallest.ai, and Wordlight asks before the first time. "
                "It collects no usage data."
            )
        )
        yield
        more = LongButton(self.tr("What leaves this computer…"))
        more.setAccessibleName(self.tr("What leaves this computer"))
        more.setAutoDefault(False)
        more.clicked.connect(self.explanation_requested)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(more)
        line.addStretch()
        self.insert(holder)
        yield
        self.heading(self.tr("What you have agreed to"))
        yield
        self.switch(
            "knows_voices",
            self.tr("Suggest names for voices I have named before"),
            help_text=self.tr(
                "When you name a speaker, Wordlight asks whether to remember that voice. In "
                "later recordings it suggests the name and never applies it by itself. Voices "
                "stay on this computer and are never part of an export, backup, log or report."
            ),
            also=self.tr("speakers, biometric, recognise, consent"),
        )
        yield
        about_recent = recent_help(sys.platform)
        if about_recent is not None:
            self.switch(
                "lists_recent_files",
                self.tr("Show recordings I add among the system's recent files"),
                help_text=about_recent,
                also=self.tr("history, trace, documents"),
            )
            yield
        if LATEST_ADDRESS and not has_other_ways():
            self.switch(
                "looks_for_updates",
                self.tr("Check for updates once a week"),
                help_text=self.tr("Nothing about you or your recordings is sent."),
                also=self.tr("update, version, internet"),
            )
            yield
        self.addresses.show_addresses(self._settings.sound_may_go_to)
        self.insert(self.addresses)
        yield
        self.heading(self.tr("Remembered voices"))
        yield
        self.insert(self.voices)
        yield
        self.end()

    @override
    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        self.addresses.show_addresses(settings.sound_may_go_to)

    def _on_take_back(self, address: str) -> None:
        left = tuple(one for one in self._settings.sound_may_go_to if one != address)
        self.ask(sound_may_go_to=left)
        self.addresses.show_addresses(left)


def recent_help(platform: str) -> str | None:
    """Say who shows recent files, and what goes when that is no longer wanted.

    Args:
        platform: The system; ``None`` is given for one that has no such list.
    """
    match platform:
        case "linux":
            return QCoreApplication.translate(
                "PrivacyPage",
                "File dialogs and other programs show them. Turning this off removes "
                "Wordlight's entries.",
            )
        case "darwin":
            return QCoreApplication.translate(
                "PrivacyPage",
                "The Dock and the Apple menu show them. Turning this off removes Wordlight's "
                "entries.",
            )
        case "win32":
            return QCoreApplication.translate(
                "PrivacyPage",
                "The taskbar and Explorer show them. Turning this off empties Wordlight's list "
                "in the taskbar. What Explorer lists stays until you clear it there.",
            )
        case _:
            return None
