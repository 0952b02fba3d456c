"""What is kept on this computer: for how long, where, and how much room it takes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from app.jobs.stored_places import Kept, StoredPlace
from app.system.files import is_folder
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.in_steps import Steps
from app.ui.kit.refusing import Button
from app.ui.kit.rows_anew import show_rows
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_12
from app.ui.settings.fields_page import FieldsPage
from app.ui.wording import size


class StoragePage(FieldsPage):
    """For how long things are kept, and where they lie.

    Signals:
        folder_wanted: Show a folder in the system's file manager: its ``Path``.
    """

    folder_wanted = Signal(object)

    @override
    def fill(self) -> Steps[None]:
        self.switch(
            "keep_copies",
            self.tr("Save a copy of each recording"),
            help_text=self.tr("So that you can listen even when the original was moved."),
            also=self.tr("audio, file, archive"),
        )
        yield
        self.whole(
            "bin_days",
            self.tr("Empty the bin after"),
            (0, 3650),
            unit=self.tr(" days"),
            nothing=(0, self.tr("never")),
            also=self.tr("delete, trash, deleted transcripts"),
        )
        yield
        self.whole(
            "backups_kept",
            self.tr("Library backups to keep"),
            (0, 100),
            also=self.tr("safety, copies, restore"),
        )
        yield
        self.heading(self.tr("What is stored where"))
        yield
        self._holder = QWidget()
        self._places = QVBoxLayout(self._holder)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(SPACE_12)
        self.insert(self._holder)
        yield
        self.end()

    def show_places(self, places: Sequence[StoredPlace]) -> None:
        """Show what lies where."""
        show_rows(self._places, map(self._place, places), otherwise=self)

    def _place(self, place: StoredPlace) -> QWidget:
        name = self._name_of(place.kept)
        title = QLabel(f"{name} · {size(place.size_bytes)}")
        title.setWordWrap(True)
        path = ElidedLabel(str(place.path))
        path.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        show = Button(self.tr("Show"))
        show.setAccessibleName(self.tr("Show {name} in its folder").replace("{name}", name))
        show.setAutoDefault(False)
        show.refuse("" if is_folder(place.folder) else self.tr("There is nothing in it yet."))
        show.clicked.connect(partial(self.folder_wanted.emit, place.folder))
        texts = QVBoxLayout()
        texts.setSpacing(SPACE_4)
        texts.addWidget(title)
        texts.addWidget(path)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_8)
        row.addLayout(texts, 1)
        row.addWidget(show)
        return line

    def _name_of(self, kept: Kept) -> str:
        return {
            Kept.LIBRARY: self.tr("Transcripts, queue and settings"),
            Kept.BACKUPS: self.tr("Backups of the library"),
            Kept.RECORDINGS: self.tr("Copies of recordings"),
            Kept.MODELS: self.tr("Downloaded models"),
            Kept.VOICES: self.tr("Remembered voices"),
            Kept.CACHE: self.tr("Temporary files"),
            Kept.LOGS: self.tr("Logs"),
        }[kept]
