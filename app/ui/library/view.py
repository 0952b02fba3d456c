"""The library: every transcript that was ever made, to be found, opened and put in order.

The view asks and shows; it changes nothing. Every command is a signal.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.projects import NO_PROJECT, Project
from app.core.transcript import TranscriptId
from app.store.listing import SortBy
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker
from app.ui.kit.inline_edit import InlineEdit
from app.ui.kit.line_field import LineField
from app.ui.kit.margins import margins
from app.ui.kit.menus import Menu, show_keys
from app.ui.kit.refusing import allow
from app.ui.kit.tips import show_tip
from app.ui.kit.tokens import (
    HIT_SIZE,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    SPACE_24,
    SPACE_32,
    TEXT_BASE,
)
from app.ui.kit.turning import keep_turned, turn_to_fit
from app.ui.library.commands import KEYS, Command
from app.ui.library.list import LibraryList
from app.ui.library.model import LibraryModel, LibraryRow
from app.ui.library.project_strip import ProjectStrip
from app.ui.library.query import LibraryQuery
from app.ui.translate import QT_TRANSLATE_NOOP

_SEARCH_AFTER_MS = 150
_WIDEST_PICKER = 176
_ORDERS = (
    (QT_TRANSLATE_NOOP("LibraryView", "Newest first"), SortBy.CREATED, True),
    (QT_TRANSLATE_NOOP("LibraryView", "Oldest first"), SortBy.CREATED, False),
    (QT_TRANSLATE_NOOP("LibraryView", "Last changed"), SortBy.CHANGED, True),
    (QT_TRANSLATE_NOOP("LibraryView", "Name"), SortBy.NAME, False),
    (QT_TRANSLATE_NOOP("LibraryView", "Longest first"), SortBy.LENGTH, True),
    (QT_TRANSLATE_NOOP("LibraryView", "Shortest first"), SortBy.LENGTH, False),
    (QT_TRANSLATE_NOOP("LibraryView", "Most speakers"), SortBy.SPEAKERS, True),
    (QT_TRANSLATE_NOOP("LibraryView", "Largest recording"), SortBy.SIZE, True),
    (QT_TRANSLATE_NOOP("LibraryView", "Least listened to"), SortBy.LISTENED, False),
    (QT_TRANSLATE_NOOP("LibraryView", "Least reviewed"), SortBy.REVIEWED, False),
    (QT_TRANSLATE_NOOP("LibraryView", "Model"), SortBy.MODEL, False),
    (QT_TRANSLATE_NOOP("LibraryView", "Language"), SortBy.LANGUAGE, False),
)


class LibraryView(QWidget):
    """The library's page.

    Attributes:
        model: The rows.
        list: Their list.
        search: The search field.
        strip: The projects.

    Signals:
        query_changed: Something else is to be listed: the ``LibraryQuery``.
        open_requested: Open a row: the ``LibraryRow``.
        rename_requested: A transcript's id, and its new name.
        tags_requested: Pairs of a transcript's id and its tags as a list.
        delete_requested: Ids to be put into the bin.
        restore_requested: Ids to be taken out of the bin.
        purge_requested: Ids to be deleted for good.
        export_requested: Ids of transcripts to be written out.
        reveal_requested: A ``LibraryRow`` whose recording is to be shown.
        move_requested: Ids, and the project they are to go into; empty for none.
        move_to_new_requested: Ids that are to go into a project not made yet, and its name.
        left: Back to what was there before.
    """

    query_changed = Signal(object)
    open_requested = Signal(object)
    rename_requested = Signal(str, str)
    tags_requested = Signal(list)
    delete_requested = Signal(list)
    restore_requested = Signal(list)
    purge_requested = Signal(list)
    reveal_requested = Signal(object)
    export_requested = Signal(list)
    move_requested = Signal(list, str)
    move_to_new_requested = Signal(list, str)
    left = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._shown = LibraryQuery()
        self._is_empty = False
        self._announced = ("", "")
        self._export: QAction | None = None
        self.model = LibraryModel()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SEARCH_AFTER_MS)
        self._soon.timeout.connect(self._ask)
        self._make_widgets()
        self._connect()

    @property
    def query(self) -> LibraryQuery:
        """What the fields ask for."""
        _, sort_by, is_descending = _ORDERS[max(0, self._order.currentIndex())]
        return LibraryQuery(
            self.search.text(),
            sort_by,
            is_descending,
            self._model_picker.currentData() or "",
            self._language_picker.currentData() or "",
            self._tag_picker.currentData() or "",
            self._bin.isChecked(),
            self.strip.project,
        )

    @property
    def shown_project(self) -> Project | None:
        """The project that is shown; ``None`` where all are, or the bin."""
        return None if self._bin.isChecked() else self.strip.shown_project

    def show_rows(
        self, rows: Sequence[LibraryRow], query: LibraryQuery, *, summary: str, is_empty: bool
    ) -> None:
        """Show what was found.

        Args:
            rows: The rows.
            query: For what they are the answer.
            summary: How many there are, in words.
            is_empty: Whether there is nothing at all in the library.
        """
        current = self.current_row()
        self._shown = query
        self._is_empty = is_empty
        self.model.show_rows(rows)
        self._summary.setText(summary)
        if rows and not self.list.currentIndex().isValid():
            place = self.model.find(current.entry.transcript_id) if current else None
            self._make_current(place or 0)
        for one in (self.list, self._more):
            one.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        title, text = self._nothing_texts()
        self._nothing_title.setText(title)
        self._nothing_text.setText(text)
        found = (query.typed, summary or title)
        if query.typed.strip() and found != self._announced:  # not with each change of a row
            announce(self.search, found[1])
        self._announced = found
        self._purge_all.setVisible(query.is_bin and bool(rows))

    def show_choices(
        self,
        models: Sequence[tuple[str, str]],
        languages: Sequence[tuple[str, str]],
        tags: Sequence[str],
    ) -> None:
        """Offer what the transcripts can be narrowed to; pairs of text and value."""
        _fill(self._model_picker, self.tr("Any model"), models)
        _fill(self._language_picker, self.tr("Any language"), languages)
        # All may be of one model; of one tag are hardly ever all.
        _fill(self._tag_picker, self.tr("Any tag"), [(tag, tag) for tag in tags], least=1)

    def current_row(self) -> LibraryRow | None:
        """Give the row the keyboard is at."""
        index = self.list.currentIndex()
        return self.model.row_at(index.row()) if index.isValid() else None

    def selected_ids(self) -> list[TranscriptId]:
        """Give the selected transcripts in their order, each once."""
        rows = self.list.selected_rows()
        return list(dict.fromkeys(self.model.row_at(row).entry.transcript_id for row in rows))

    def share_export_keys(self, export: QAction) -> None:
        """Let the keys that export what is read export the selected rows on this page."""
        self._export = export

    def focus_search(self) -> None:
        """Let a person type what to look for."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.ShortcutOverride:
            # The same keys mean something else while a transcript is read.
            is_leaving = event.key() == Qt.Key.Key_Escape
            in_list = watched is self.list and (
                event.key() == Qt.Key.Key_Space or self._command_of(event) is not None
            )
            if is_leaving or in_list:
                event.accept()
                return True
        elif (
            watched is self.search
            and event.type() is QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and self.model.rowCount()
        ):
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        elif (
            watched is self.search
            and event.type() is QEvent.Type.KeyPress
            and self._is_export(event)
        ):  # before the field takes it for one of its own
            self._do(Command.EXPORT)
            return True
        return super().eventFilter(watched, event)

    @override
    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._is_export(event)
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_export(event):
            self._do(Command.EXPORT)
            return
        if event.key() == Qt.Key.Key_Escape:
            if self.search.text():
                self.search.clear()
            else:
                self.left.emit()
            return
        super().keyPressEvent(event)

    def _turn(self) -> None:
        turn_to_fit(self._head, self.width() - 2 * SPACE_24)

    # -- inside ---------------------------------------------------------------

    def _make_widgets(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(SPACE_24, SPACE_16, SPACE_24, SPACE_12)
        top.setSpacing(SPACE_12)
        top.addLayout(self._make_head())
        top.addWidget(self._make_search())
        self.strip = ProjectStrip(self._appearance)
        top.addWidget(self.strip)
        top.addLayout(self._make_pickers())
        self.show_choices((), (), ())
        self.list = LibraryList(self._appearance, self.model)
        self._edit = InlineEdit(self.list.viewport())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        column.addWidget(self._make_nothing(), 1)
        keep_turned(self, self._turn)

    def _make_head(self) -> QHBoxLayout:
        title = QLabel(self.tr("Library"))
        title.setProperty("title", True)  # noqa: FBT003 - Qt's signature
        self._summary = QLabel()
        self._summary.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._purge_all = QPushButton(self.tr("Empty the bin…"))
        self._purge_all.setAccessibleName(self.tr("Empty the bin"))
        self._purge_all.hide()
        self._bin = QPushButton(self.tr("Bin"))
        self._bin.setCheckable(True)
        self._bin.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        self._bin.setAccessibleName(self.tr("Show the bin"))
        self._bin.setToolTip(
            self.tr("Deleted transcripts; restore them or delete them permanently")
        )
        self._appearance.apply_icon(self._bin, "remove", "muted")
        back = QPushButton(self.tr("Back"))
        back.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        back.setAccessibleName(self.tr("Back"))
        show_tip(back, self.tr("Go back (Esc)"))
        back.clicked.connect(self.left)
        self._appearance.apply_icon(back, "left", "muted")
        self._more = QToolButton()
        self._more.setAccessibleName(self.tr("More for the selection"))
        self._more.setToolTip(self._more.accessibleName())
        self._more.setMinimumSize(HIT_SIZE, HIT_SIZE)
        self._more.hide()
        self._appearance.apply_icon(self._more, "more", "muted")
        names = QHBoxLayout()
        names.setSpacing(SPACE_8)
        names.addWidget(title)
        names.addWidget(self._summary, 1, Qt.AlignmentFlag.AlignBottom)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_8)
        for button in (self._more, self._purge_all, self._bin, back):
            buttons.addWidget(button)
        head = self._head = QHBoxLayout()
        head.setSpacing(SPACE_8)
        head.addLayout(names, 1)
        head.addLayout(buttons)
        return head

    def _make_search(self) -> QLineEdit:
        self.search = LineField()
        self.search.setAccessibleName(self.tr("Search all transcripts"))
        self.search.setPlaceholderText(self.tr("Search all transcripts"))
        self.search.setMinimumHeight(HIT_SIZE + SPACE_8)
        self._clear = QToolButton()
        self._clear.setAccessibleName(self.tr("Clear the search"))
        show_tip(self._clear, self.tr("Clear the search (Esc)"))
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.hide()
        self._appearance.apply_icon(self._clear, "close", "muted")
        inside = QHBoxLayout(self.search)
        inside.setContentsMargins(margins(0, 0, SPACE_4, 0))
        inside.addStretch()
        inside.addWidget(self._clear)
        self.search.setTextMargins(margins(0, 0, HIT_SIZE + SPACE_4, 0))
        return self.search

    def _make_pickers(self) -> QHBoxLayout:
        self._order = Picker(self._appearance, self.tr("Sort by"))
        for text, _, _ in _ORDERS:
            self._order.addItem(self.tr(text))
        self._model_picker = Picker(self._appearance, self.tr("Model"))
        self._language_picker = Picker(self._appearance, self.tr("Language"))
        self._tag_picker = Picker(self._appearance, self.tr("Tag"))
        narrow = QHBoxLayout()
        narrow.setSpacing(SPACE_8)
        for picker in self._pickers:
            # No label stands beside it, and on Linux its value is read as its name.
            picker.setAccessibleDescription(picker.accessibleName())
            narrow.addWidget(picker, 1)
        self._appearance.theme_changed.connect(self._widen_pickers)
        self._widen_pickers()
        narrow.addStretch()
        return narrow

    def _widen_pickers(self) -> None:
        for picker in self._pickers:
            picker.setMaximumWidth(self._appearance.scaled(_WIDEST_PICKER))

    def _make_nothing(self) -> QWidget:
        self._nothing = QWidget()
        self._nothing_title = QLabel()
        self._nothing_title.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        self._nothing_text = QLabel()
        self._nothing_text.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        column = QVBoxLayout(self._nothing)
        column.setContentsMargins(SPACE_32, SPACE_32, SPACE_32, SPACE_32)
        column.setSpacing(SPACE_8)
        column.addStretch(2)
        for label in (self._nothing_title, self._nothing_text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        column.addStretch(3)
        self._nothing.hide()
        return self._nothing

    @property
    def _pickers(self) -> tuple[Picker, ...]:
        return self._order, self._model_picker, self._language_picker, self._tag_picker

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_typed)
        self._clear.clicked.connect(self.search.clear)
        self.search.returnPressed.connect(self._on_search_entered)
        self.search.installEventFilter(self)
        for picker in self._pickers:
            picker.activated.connect(self._ask)
        self.strip.chosen.connect(self._ask)
        self.strip.dropped.connect(self.move_requested)
        self._bin.toggled.connect(self._ask)
        self._bin.toggled.connect(self.strip.shown)
        self._purge_all.clicked.connect(self._on_purge_all)
        self.list.doubleClicked.connect(self._on_double_clicked)
        self.list.clicked.connect(self._on_clicked)
        self.list.chosen.connect(self._on_clicked)
        self._more.clicked.connect(
            lambda: self._on_menu(self._more.mapToGlobal(self._more.rect().bottomLeft()))
        )
        self.list.key_pressed.connect(self._on_key)
        self.list.menu_requested.connect(self._on_menu)
        self.list.installEventFilter(self)

    def _make_current(self, row: int) -> None:
        self.list.lay_out_first(row)
        self.list.selectionModel().setCurrentIndex(
            self.model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        if row:
            self.list.scrollTo(self.model.index(row))

    def _nothing_texts(self) -> tuple[str, str]:
        if self._shown.is_bin:
            return (
                self.tr("The bin is empty"),
                self.tr(
                    "Transcripts you delete stay here before they are deleted permanently."
                ),
            )
        if self._is_empty:
            return (
                self.tr("No transcripts yet"),
                self.tr("Drop a recording anywhere; its transcript will appear here."),
            )
        return (
            self.tr("Nothing found"),
            self.tr("Try fewer words or another spelling, or clear the filters."),
        )

    def _ask(self) -> None:
        self._soon.stop()
        self.query_changed.emit(self.query)

    def _on_typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._soon.start()

    def _on_search_entered(self) -> None:
        if self._soon.isActive():
            self._ask()
        elif self.current_row() is not None:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.open_requested.emit(self.model.row_at(index.row()))

    def _on_clicked(self, index: QModelIndex) -> None:
        row = self.model.row_at(index.row())
        if row.hit is not None and len(self.list.selectedIndexes()) == 1:
            self.open_requested.emit(row)  # a place in a text is followed by one click

    def _on_key(self, event: QKeyEvent) -> None:
        command = self._command_of(event)
        if command is not None:
            event.accept()
            self._do(command)

    def _is_export(self, event: QKeyEvent) -> bool:
        """Tell whether a key exports, and there is something selected to be exported."""
        return (
            self._export is not None
            and QKeySequence(event.keyCombination()) in self._export.shortcuts()
            and not self._shown.is_bin
            and bool(self.selected_ids())
        )

    def _command_of(self, event: QKeyEvent) -> Command | None:
        key, is_bin = event.key(), self._shown.is_bin
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            return Command.TAGS if key == Qt.Key.Key_T and not is_bin else None
        if event.modifiers() not in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }:
            return None
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return Command.OPEN
        if key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            return Command.PURGE if is_bin else Command.DELETE
        return Command.RENAME if key == Qt.Key.Key_F2 and not is_bin else None

    def _on_menu(self, position: QPoint) -> None:
        row = self.current_row()
        if row is None:
            return
        commands = [
            Command.OPEN,
            Command.RENAME,
            Command.TAGS,
            Command.MOVE,
            Command.EXPORT,
            Command.REVEAL,
            Command.DELETE,
        ]
        if self._shown.is_bin:
            commands = [Command.RESTORE, Command.REVEAL, Command.PURGE]
        is_one = len(self.selected_ids()) == 1
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command in commands:
            if command is Command.MOVE:
                menu.addMenu(self._make_move_menu(row, menu))
                continue
            entry = menu.addAction(self.tr(command.value))
            keys = KEYS.get(command, "")
            if command is Command.EXPORT and self._export is not None:
                keys = self._export.shortcut().toString()
            show_keys(entry, QKeySequence.fromString(keys))
            for_many = command in {
                Command.TAGS,
                Command.EXPORT,
                Command.DELETE,
                Command.RESTORE,
                Command.PURGE,
            }
            reason = ""
            if not is_one and not for_many:
                reason = self.tr("Select only one transcript for this.")
            elif command is Command.REVEAL and row.entry.is_url:
                reason = self.tr("This recording is a link, not a file.")
            allow(entry, reason)
            entry.triggered.connect(lambda _=False, chosen=command: self._do(chosen))
        menu.popup(position)

    def _make_move_menu(self, row: LibraryRow, parent: QMenu) -> QMenu:
        """Offer every project, none, and a new one."""
        menu = Menu(parent, title=self.tr(Command.MOVE.value))
        ids = self.selected_ids()
        places = [*self.strip.projects, (NO_PROJECT, self.tr("Without a project"))]
        for project, name in places:
            entry = menu.addAction(name.replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(project == row.entry.project_id)
            entry.triggered.connect(
                lambda _=False, chosen=project: self.move_requested.emit(ids, chosen)
            )
        menu.addSeparator()
        menu.addAction(self.tr("New project…")).triggered.connect(
            lambda: self.strip.ask_name(lambda name: self.move_to_new_requested.emit(ids, name))
        )
        return menu

    def _do(self, command: Command) -> None:
        row, ids = self.current_row(), self.selected_ids()
        if row is None:
            return
        match command:
            case Command.OPEN:
                self.open_requested.emit(row)
            case Command.EXPORT:
                self.export_requested.emit(ids)
            case Command.RENAME:
                self._make_current(self.model.find(row.entry.transcript_id) or 0)
                self._edit_name(row)
            case Command.TAGS:
                self._edit_tags(row)
            case Command.REVEAL:
                self.reveal_requested.emit(row)
            case Command.DELETE if ids:
                self.delete_requested.emit(ids)
            case Command.RESTORE if ids:
                self.restore_requested.emit(ids)
            case Command.PURGE if ids:
                self.purge_requested.emit(ids)
            case _:
                pass

    def _on_purge_all(self) -> None:
        rows = range(self.model.rowCount())
        self.purge_requested.emit([self.model.row_at(row).entry.transcript_id for row in rows])

    def _edit_name(self, row: LibraryRow) -> None:
        def rename(name: str) -> None:
            if name:
                self.rename_requested.emit(row.entry.transcript_id, name)

        self._edit_in_place(row.entry.name, self.tr("Name"), rename)

    def _edit_tags(self, row: LibraryRow) -> None:
        """Ask for tags of all that are selected: those they share, and each keeps its own."""
        rows = [self.model.row_at(place) for place in self.list.selected_rows()] or [row]
        entries = {one.entry.transcript_id: one.entry for one in rows}
        shared = set(row.entry.tags).intersection(*(one.tags for one in entries.values()))

        def keep(text: str) -> None:
            tags = {tag.strip() for tag in text.split(",") if tag.strip()}
            self.tags_requested.emit(
                [
                    (known, sorted((set(one.tags) - shared) | tags))
                    for known, one in entries.items()
                ]
            )

        self._edit_in_place(
            ", ".join(tag for tag in row.entry.tags if tag in shared),
            self.tr("Tags, separated by commas"),
            keep,
        )

    def _edit_in_place(self, text: str, name: str, keep: object) -> None:
        self._edit.deleteLater()
        self._edit = InlineEdit(self.list.viewport())
        self._edit.accepted.connect(keep)
        over = self.list.delegate.name_rect(self.list.currentIndex())
        self._edit.open(text, over, name, font=self._appearance.font(TEXT_BASE, weight=500))


def _fill(
    picker: Picker, anything: str, choices: Sequence[tuple[str, str]], *, least: int = 2
) -> None:
    """Offer choices and keep what was chosen; a picker with fewer than the least is hidden."""
    chosen = picker.currentData()
    picker.clear()
    picker.addItem(anything, "")
    for text, value in choices:
        picker.addItem(text, value)
    picker.setCurrentIndex(max(0, picker.findData(chosen) if chosen else 0))
    picker.setVisible(len(choices) >= least or bool(picker.currentData()))
