"""Folders whose new recordings are queued by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.core.options import TranscriptionOptions
from app.core.preferences import WatchFolder
from app.export.bundle import BUNDLE
from app.jobs.auto_export import OFFERED
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.fields import Picker, Switch
from app.ui.kit.flow import Flow
from app.ui.kit.long_button import LongButton
from app.ui.kit.margins import margins
from app.ui.kit.rows_anew import show_rows
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16
from app.ui.translate import language_name
from app.ui.wording import model_name

_HOW_LEAST = 160


def short_label(format_name: str) -> str:
    """Give the name of a format where there is room for one word."""
    return "Wordlight" if format_name == BUNDLE.name else format_name.upper()


class WatchPage(QWidget):
    """A row a folder: on or off, what it is transcribed with, what is written out.

    Signals:
        add_requested: Choose a folder.
        folders_changed: ``folders`` gives what to keep.
    """

    add_requested = Signal()
    folders_changed = Signal()

    def __init__(
        self,
        appearance: Appearance,
        folders: Sequence[WatchFolder],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._folders = list(folders)
        about = QLabel(
            self.tr(
                "New recordings in these folders are added to the queue once they are complete."
            )
        )
        about.setWordWrap(True)
        about.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._add = add = LongButton(self.tr("Add folder…"))
        add.setAccessibleName(self.tr("Add a folder to watch"))
        add.clicked.connect(self.add_requested)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_12)
        top = QHBoxLayout()
        top.addWidget(add)
        top.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(0, SPACE_4, SPACE_8, SPACE_16))
        column.setSpacing(SPACE_12)
        column.addWidget(about)
        column.addLayout(top)
        column.addLayout(self._rows)
        column.addStretch()
        self._show()

    def folders(self) -> tuple[WatchFolder, ...]:
        """Give the folders as they are set now."""
        return tuple(self._folders)

    def add_folder(self, path: str, options: TranscriptionOptions) -> None:
        """Watch a folder, with the options chosen in the window."""
        if all(one.path != path for one in self._folders):
            self._folders.append(WatchFolder(path, options))
            self._show()
            self.folders_changed.emit()

    def _change(self, place: int, folder: WatchFolder | None) -> None:
        if folder is None:
            del self._folders[place]
            self._show()
        else:
            self._folders[place] = folder
        self.folders_changed.emit()

    def _show(self) -> None:
        rows = [self._row(place, folder) for place, folder in enumerate(self._folders)]
        show_rows(self._rows, rows, otherwise=self._add)

    def _row(self, place: int, folder: WatchFolder) -> QWidget:
        name = ElidedLabel(folder.path)
        options = folder.options
        how = QLabel(f"{model_name(options.model)} · {language_name(options.language)}")
        how.setWordWrap(True)
        how.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        is_on = Switch(self._appearance, self.tr("Watch"))
        is_on.setAccessibleName(self.tr("Watch {folder}").replace("{folder}", folder.path))
        is_on.setChecked(folder.is_on)
        is_on.toggled.connect(
            lambda: self._change(place, replace(self._folders[place], is_on=is_on.isChecked()))
        )
        written = Picker(self._appearance, self.tr("Export as"))
        written.setAccessibleDescription(f"{written.accessibleName()}, {folder.path}")
        written.addItem(self.tr("No export"), "")
        for one in OFFERED:
            written.addItem(short_label(one), one)
        written.show_whole()
        written.setCurrentIndex(max(0, written.findData(folder.export_format)))
        written.activated.connect(
            lambda: self._change(
                place, replace(self._folders[place], export_format=written.currentData())
            )
        )
        remove = QToolButton()
        remove.setAccessibleName(
            self.tr("Stop watching {folder}").replace("{folder}", folder.path)
        )
        remove.setToolTip(self.tr("Stop watching"))
        self._appearance.apply_icon(remove, "remove")
        remove.clicked.connect(lambda: self._change(place, None))
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(name)
        controls = Flow(spacing=SPACE_12)
        controls.add(how, grows_from=_HOW_LEAST)
        for one in (is_on, written, remove):
            controls.add(one)
        column.addWidget(controls)
        return row
