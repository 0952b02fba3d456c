"""The export: a format, its options, how it will look, where it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QSignalBlocker,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.messages import Message
from app.core.preferences import ExportPreset
from app.core.transcript import Transcript
from app.export.formats import Format
from app.export.names import FIELDS
from app.export.options import ExportOptions
from app.export.presets import STANDARD
from app.export.preview import LAID_OUT, Preview
from app.export.request import ExportRequest
from app.ui.export.columns import Columns
from app.ui.export.format_list import FormatList, format_label
from app.ui.export.options import ExportOptionsPanel
from app.ui.export.preview import ExportPreview
from app.ui.export.sheets import PresetSheet
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.fields import Picker
from app.ui.kit.flow import Flow
from app.ui.kit.line_field import LineField
from app.ui.kit.refusing import Button
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_16
from app.ui.translate import counted, translated

_PREVIEW_AFTER_MS = 150
_NAME_LEAST, _NAMED_LEAST = 200, 280
_RUNNING_TEXT = LAID_OUT | {"txt", "md"}
AS_TEXT = frozenset({"txt", "md", "srt", "vtt", "csv", "tsv", "json", "html-static"})
"""Formats that mean something on the clipboard."""
PLAIN = "txt"
"""The one that is copied where another cannot be."""


class ExportDialog(Sheet):
    """Asks how one transcript, or several alike, are to be written.

    Attributes:
        formats: The list of formats.
        options: The controls of the format's options.
        preview: How it will look.

    Signals:
        preview_requested: Something else is chosen; ``request`` gives everything.
        export_requested: *Export* was pressed.
        copy_requested: *Copy* was pressed.
        stop_requested: The export that runs is to stop.
        folder_requested: A folder is to be chosen.
        presets_changed: ``presets`` gives what to keep.
    """

    preview_requested = Signal()
    export_requested = Signal()
    copy_requested = Signal()
    stop_requested = Signal()
    folder_requested = Signal()
    presets_changed = Signal()

    def __init__(
        self,
        appearance: Appearance,
        formats: Mapping[str, Format],
        transcript: Transcript,
        parent: QWidget | None = None,
        *,
        count: int = 1,
        soundless: Message | None = None,
        last: Sequence[str] = (),
        is_gradual: bool = False,
    ) -> None:
        """Make the dialog.

        Args:
            appearance: The theme.
            formats: Every format by name, in the order of the list.
            transcript: What is written; of several, the first.
            parent: The window.
            count: How many transcripts are written.
            soundless: Why no file can hold the recording; ``None`` if one can.
            last: Names of the formats used last, the latest first.
            is_gradual: Whether it opens without the options, which come between events.
        """
        title = counted("ExportDialog", count, "Export", "Export {count} transcripts")
        super().__init__(title, parent, width=820)
        self.setMinimumHeight(520)
        self.resize(round(1040 * appearance.text_scale), round(720 * appearance.text_scale))
        self._appearance = appearance
        self._formats = formats
        self._last = tuple(last)
        self._transcript = transcript
        self._count = count
        self._soundless = soundless
        self._is_selecting = False
        self._chosen: dict[str, ExportOptions] = {}
        self._presets: tuple[ExportPreset, ...] = ()
        self._folder = ""
        self._is_running = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PREVIEW_AFTER_MS)
        self._soon.timeout.connect(self.preview_requested)
        self.body.addWidget(self._make_presets())
        self.body.addWidget(self._make_middle(is_gradual=is_gradual), 1)
        self.body.addLayout(self._make_place())
        self._make_end()
        self.formats.setFocus()

    # -- what is chosen -------------------------------------------------------

    @property
    def request(self) -> ExportRequest:
        """What is chosen."""
        return ExportRequest(
            self._format.name,
            self.options.options,
            self._folder,
            self._template.text().strip() or ExportRequest().template,
        )

    @property
    def copied(self) -> ExportRequest:
        """What *Copy* puts on the clipboard: text always, in the form chosen if it is text."""
        request = self.request
        if request.format_name in AS_TEXT:
            return request
        options = self._chosen.get(PLAIN, self._formats[PLAIN].preset)
        return ExportRequest(PLAIN, options, request.folder, request.template)

    @property
    def presets(self) -> tuple[ExportPreset, ...]:
        """The presets as they are now."""
        return self._presets

    @property
    def chosen_options(self) -> dict[str, ExportOptions]:
        """The options of every format that was looked at."""
        return {**self._chosen, self._format.name: self.options.options}

    def show_request(
        self, request: ExportRequest, chosen: Mapping[str, ExportOptions] | None = None
    ) -> None:
        """Choose everything anew.

        Args:
            request: What is chosen.
            chosen: What was chosen before in other formats.
        """
        self._chosen = {**(chosen or {}), request.format_name: request.options}
        self._folder = request.folder
        with QSignalBlocker(self._template):
            self._template.setText(request.template)
        self._show_folder()
        self._select(request.format_name)
        self._show_format()

    def show_presets(self, presets: Sequence[ExportPreset], chosen: str = "") -> None:
        """Offer these presets.

        Args:
            presets: What there is.
            chosen: Name of the one that is shown; empty for none.
        """
        self._presets = tuple(presets)
        with QSignalBlocker(self._preset):
            self._preset.clear()
            self._preset.addItem(self.tr("No preset"))
            for one in self._presets:
                self._preset.addItem(one.name)
            for standard in STANDARD:
                self._preset.addItem(translated(standard.name))
            names = [one.name for one in self._presets]
            self._preset.setCurrentIndex(names.index(chosen) + 1 if chosen in names else 0)
        self._show_preset_buttons()

    def use_folder(self, folder: str) -> None:
        """Save in a folder; an empty one stands for beside the recording."""
        self._folder = folder
        self._show_folder()
        self._on_changed()

    # -- what is told ---------------------------------------------------------

    def show_preview(self, preview: Preview) -> None:
        """Show how it will look."""
        is_running_text = self._format.name in _RUNNING_TEXT
        self.preview.show_preview(preview, is_running_text=is_running_text)

    def show_target(self, text: str) -> None:
        """Show where the file will go."""
        self._target.setText(text)

    def show_failure(self, sentence: str) -> None:
        """Say why it could not be written; empty for no more."""
        self._complaint.setText(sentence)
        self._complaint.setVisible(bool(sentence))
        self._done.hide()
        announce(self, sentence)

    def show_done(self, sentence: str) -> None:
        """Say what was done while the dialog stays, until something else is chosen."""
        self.show_failure("")
        self._done.setText(sentence)
        self._done.show()
        announce(self, sentence)

    def show_running(self, done: float | None) -> None:
        """Show how far the export is, 0 to 1; ``None`` when none runs."""
        self._is_running = done is not None
        self._progress.setVisible(self._is_running)
        self._progress.setValue(round((done or 0.0) * 100))
        for widget in (
            *(self.formats, self.options, self._template, self._where),
            *(self._preset, self._save),
        ):
            widget.setEnabled(not self._is_running)
        self.export_button.setEnabled(not self._is_running)
        self.copy_button.setEnabled(not self._is_running)
        self._close.setText(self.tr("Stop") if self._is_running else self.tr("Close"))
        self._close.setAccessibleName(self._close.text())

    @override
    def showEvent(self, arg__1: QShowEvent) -> None:
        super().showEvent(arg__1)
        self.formats.doItemsLayout()  # the rows have their height only once the style is on

    @override
    def reject(self) -> None:
        if self._is_running:
            self.stop_requested.emit()
        else:
            super().reject()

    # -- inside ---------------------------------------------------------------

    @property
    def _format(self) -> Format:
        return self._formats[self.formats.name]

    def _make_presets(self) -> QWidget:
        label = QLabel(self.tr("Preset"))
        self._preset = Picker(self._appearance, self.tr("Preset"))
        label.setBuddy(self._preset)
        self._preset.setMinimumWidth(320)
        self._preset.activated.connect(self._on_preset_chosen)
        self._save = Button(self.tr("Save as preset…"))
        self._save.setAccessibleName(self.tr("Save as preset"))
        self._save.clicked.connect(self._on_save_preset)
        self._delete = Button(self.tr("Delete preset"))
        self._delete.setAccessibleName(self._delete.text())
        self._delete.clicked.connect(self._on_delete_preset)
        for button in (self._save, self._delete):
            button.setAutoDefault(False)
        return Flow(Flow(label, self._preset), self._save, self._delete)

    def _make_middle(self, *, is_gradual: bool) -> QWidget:
        self.formats = FormatList(self._appearance, self._formats, self._last)
        self.formats.selectionModel().currentChanged.connect(self._on_format_changed)
        self.options = ExportOptionsPanel(self._appearance, is_gradual=is_gradual)
        self.options.changed.connect(self._on_options_changed)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.tr("Options"))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.options)
        self.preview = ExportPreview(self._appearance)
        return Columns(self._appearance, self.formats, area, self.preview)

    def _make_place(self) -> QVBoxLayout:
        self._where = Picker(self._appearance, self.tr("Save in"))
        self._where.setMinimumWidth(220)
        self._where.activated.connect(self._on_where_chosen)
        self._template = LineField()
        self._template.setAccessibleName(self.tr("File name"))
        gaps = "  ".join(f"{{{one}}}" for one in FIELDS)
        self._template.setToolTip(self.tr("Filled in for you: {gaps}").replace("{gaps}", gaps))
        self._template.setPlaceholderText(ExportRequest().template)
        self._template.textChanged.connect(self._on_changed)
        self._target = ElidedLabel()
        self._target.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        label = QLabel(self.tr("Save in"))
        label.setBuddy(self._where)
        name = QLabel(self.tr("File name"))
        name.setBuddy(self._template)
        named = Flow(name)
        named.add(self._template, grows_from=_NAME_LEAST)
        row = Flow(Flow(label, self._where), spacing=SPACE_16)
        row.add(named, grows_from=_NAMED_LEAST)
        column = QVBoxLayout()
        column.setSpacing(SPACE_4)
        column.addWidget(row)
        column.addWidget(self._target)
        return column

    def _make_end(self) -> None:
        self._complaint = self.add_text()
        self._complaint.setProperty("bad", True)  # noqa: FBT003 - Qt's signature
        self._complaint.hide()
        self._done = self.add_text()
        self._done.setProperty("good", True)  # noqa: FBT003 - Qt's signature
        self._done.hide()
        self._progress = QProgressBar()
        self._progress.setAccessibleName(self.tr("Progress of the export"))
        self._progress.setTextVisible(False)
        self._progress.hide()
        self.body.addWidget(self._progress)
        self.copy_button = self.add_button(self.tr("Copy"))
        self.copy_button.clicked.connect(self.copy_requested)
        self._close = self.add_button(self.tr("Close"))
        self._close.clicked.connect(self.reject)
        self.export_button = self.add_button(self.tr("Export"), is_primary=True)
        self.export_button.clicked.connect(self.export_requested)
        self.copy_button.setMinimumHeight(HIT_SIZE)

    def _select(self, format_name: str) -> None:
        self._is_selecting = True  # the list itself must hear of it
        self.formats.choose(format_name)
        self._is_selecting = False

    def _show_format(self) -> None:
        kind = self._format
        options = self._chosen.get(kind.name, kind.preset)
        # Of several, each may have what another lacks; what leaves nothing is said then.
        unsupported = kind.unsupported(self._transcript) if self._count == 1 else {}
        if self._soundless is not None:
            unsupported.setdefault("audio", self._soundless)
        self.options.show_options(kind, options, unsupported)
        reason, about = self._against_copying(), ""
        self.copy_button.refuse(reason)
        if not reason and self._format.name not in AS_TEXT:
            about = self.tr("Copies the words as plain text; this format cannot be copied.")
        if not reason:
            self.copy_button.setToolTip(about)
            self.copy_button.setAccessibleDescription(about)
        self._on_changed()

    def _against_copying(self) -> str:
        """Say why nothing can be copied; empty if it can."""
        if self._count > 1:
            return self.tr("Only one transcript at a time can be copied.")
        return ""

    def _show_folder(self) -> None:
        with QSignalBlocker(self._where):
            self._where.clear()
            self._where.addItem(self.tr("Next to the recording"))
            if self._folder:
                self._where.addItem(self._folder)
            self._where.addItem(self.tr("Choose a folder…"))
            self._where.setCurrentIndex(1 if self._folder else 0)
        self._where.setToolTip(self._folder)

    def _show_preset_buttons(self) -> None:
        place = self._preset.currentIndex()
        is_own = 0 < place <= len(self._presets)
        reason = "" if is_own else self.tr("Only your own presets can be deleted.")
        self._delete.refuse(reason)

    def _on_format_changed(self) -> None:
        if self._is_selecting:
            return
        self._leave_preset()
        self._show_format()

    def _on_options_changed(self) -> None:
        self._chosen[self._format.name] = self.options.options
        self._leave_preset()
        self._on_changed()

    def _leave_preset(self) -> None:
        """What is chosen is no longer what the preset says."""
        self._preset.setCurrentIndex(0)
        self._show_preset_buttons()

    def _on_changed(self) -> None:
        self.show_failure("")
        self._soon.start()

    def _on_where_chosen(self, place: int) -> None:
        if place == self._where.count() - 1:
            self._where.setCurrentIndex(1 if self._folder else 0)
            self.folder_requested.emit()
        elif place == 0:
            self.use_folder("")

    def _on_preset_chosen(self, place: int) -> None:
        self._show_preset_buttons()
        if place == 0:
            return
        if place <= len(self._presets):
            preset = self._presets[place - 1]
            name, options = preset.format_name, ExportOptions.from_text(preset.options_json)
        else:
            _, name, options = STANDARD[place - 1 - len(self._presets)]
        if name not in self._formats:
            return
        self._chosen[name] = options
        self._select(name)
        self._show_format()

    def _on_save_preset(self) -> None:
        name = self._preset.currentText() if self._preset.currentIndex() > 0 else ""
        sheet = PresetSheet(name or format_label(self._format), self)
        sheet.name_given.connect(self._save_preset)
        sheet.open()

    def _save_preset(self, name: str) -> None:
        kept = ExportPreset(name, self._format.name, self.options.options.to_text())
        others = [one for one in self._presets if one.name != name]
        self.show_presets((*others, kept), name)
        self.presets_changed.emit()

    def _on_delete_preset(self) -> None:
        place = self._preset.currentIndex()
        if 0 < place <= len(self._presets):
            left = [one for at, one in enumerate(self._presets) if at != place - 1]
            self.show_presets(left)
            self.presets_changed.emit()
