"""The projects over the list: which one is shown, and where transcripts are dropped into.

::

    [All transcripts 41] [Podcast 12] [Thesis 7] [Without a project 22]   ⋯  New project
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QPushButton,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from app.core.projects import NO_PROJECT, Project, ProjectId
from app.ui.kit.appearance import Appearance
from app.ui.kit.choosing import ChoosingList
from app.ui.kit.inline_edit import InlineEdit
from app.ui.kit.menus import Menu
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8
from app.ui.library import wording
from app.ui.library.model import dragged_ids
from app.ui.translate import QT_TRANSLATE_NOOP

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_MOST_LINES = 3
_APART = 2


class ProjectCommand(Enum):
    """What can be done with a project."""

    RENAME = QT_TRANSLATE_NOOP("ProjectStrip", "Rename project")
    WORDS = QT_TRANSLATE_NOOP("ProjectStrip", "Word list…")
    REMOVE = QT_TRANSLATE_NOOP("ProjectStrip", "Delete project")


class _ProjectModel(QAbstractListModel):
    """All transcripts, each project, and what is in none."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[ProjectId | None, str, int]] = []

    def show_projects(self, projects: Sequence[Project], everything: int) -> None:
        rows: list[tuple[ProjectId | None, str, int]] = [
            (None, self.tr("All transcripts"), everything),
            *((one.project_id, one.name, one.count) for one in projects),
            (
                NO_PROJECT,
                self.tr("Without a project"),
                everything - sum(one.count for one in projects),
            ),
        ]
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def row_of(self, project: ProjectId | None) -> int:
        return next((at for at, one in enumerate(self.rows) if one[0] == project), 0)

    @override
    def rowCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        _, name, count = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return wording.project_label(name, count)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return wording.spoken_project(name, count)
        return None


class _ProjectList(ChoosingList):
    """The projects in a line, or in as many as they need; transcripts are dropped on them.

    Signals:
        dropped: Ids of transcripts, and the project they are to go into.
        menu_requested: The menu of the current project is wanted at a point of the screen.
    """

    dropped = Signal(list, str)
    menu_requested = Signal(QPoint)

    def __init__(self, model: _ProjectModel) -> None:
        super().__init__()
        self._projects = model
        self.setModel(model)
        self.setAccessibleName(self.tr("Projects"))
        self.setProperty("choices", True)  # noqa: FBT003 - Qt's signature
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setSpacing(_APART)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)

    @override
    def updateGeometries(self) -> None:
        super().updateGeometries()
        needed = max(HIT_SIZE, self.contentsSize().height())
        most = _MOST_LINES * max(HIT_SIZE, self.sizeHintForRow(0))
        height = min(needed, most)
        if height != self.height():
            self.setFixedHeight(height)

    @override
    def contextMenuEvent(self, arg__1: QContextMenuEvent) -> None:
        index = self.currentIndex()
        if arg__1.reason() is QContextMenuEvent.Reason.Keyboard:
            corner = self.visualRect(index).bottomLeft()
            self.menu_requested.emit(self.viewport().mapToGlobal(corner))
        else:
            self.menu_requested.emit(arg__1.globalPos())

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_ids(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dragMoveEvent(self, e: QDragMoveEvent) -> None:
        if self._target(e.position().toPoint()) is None:
            e.ignore()
            return
        self.selectionModel().setCurrentIndex(
            self.indexAt(e.position().toPoint()),
            self.selectionModel().SelectionFlag.NoUpdate,
        )
        e.acceptProposedAction()

    @override
    def dropEvent(self, e: QDropEvent) -> None:
        target = self._target(e.position().toPoint())
        if target is not None:
            e.acceptProposedAction()
            self.dropped.emit(dragged_ids(e.mimeData()), target)

    def _target(self, at: QPoint) -> ProjectId | None:
        """Give the project at a point; ``None`` where nothing can be dropped."""
        index = self.indexAt(at)
        return self._projects.rows[index.row()][0] if index.isValid() else None


class ProjectStrip(QWidget):
    """The projects, a button for a new one, and what can be done with the one that is shown.

    Signals:
        chosen: Another project is to be shown, or all: see ``project``.
        shown: Another project is shown, or the same by another name.
        dropped: Ids of transcripts, and the project they are to go into.
        added: Make a project of this name.
        renamed: A project's id and its new name.
        words_requested: Show the word list of a project: its id.
        remove_requested: Take a project apart: its id.
    """

    chosen = Signal()
    shown = Signal()
    dropped = Signal(list, str)
    added = Signal(str)
    renamed = Signal(str, str)
    words_requested = Signal(str)
    remove_requested = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _ProjectModel()
        self._shown: ProjectId | None = None
        self.list = _ProjectList(self._model)
        self.list.dropped.connect(self.dropped)
        self.list.menu_requested.connect(self._show_menu)
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        self.list.chosen.connect(self._on_chosen)
        self.list.hide()
        self._more = QToolButton()
        self._more.setAccessibleName(self.tr("More for this project"))
        self._more.setToolTip(self._more.accessibleName())
        self._more.setMinimumSize(HIT_SIZE, HIT_SIZE)
        self._more.clicked.connect(
            lambda: self._show_menu(self._more.mapToGlobal(self._more.rect().bottomLeft()))
        )
        self._more.hide()
        appearance.apply_icon(self._more, "more", "muted")
        self._new = QPushButton(self.tr("New project…"))
        self._new.setAccessibleName(self.tr("New project"))
        self._new.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        self._new.clicked.connect(self._on_new)
        appearance.apply_icon(self._new, "folder", "muted")
        self._edit = InlineEdit(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_8)
        row.addWidget(self.list, 1)
        row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._new, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setMinimumHeight(HIT_SIZE + SPACE_4)

    @property
    def project(self) -> ProjectId | None:
        """Which project is shown; ``None`` for all transcripts."""
        return self._shown

    @property
    def projects(self) -> list[tuple[ProjectId, str]]:
        """Every project by id and name."""
        return [(one, name) for one, name, _ in self._model.rows if one]

    @property
    def shown_project(self) -> Project | None:
        """The project that is shown; ``None`` where all are, or what is in none."""
        rows = self._model.rows
        found = (Project(one, name, count) for one, name, count in rows if one)
        return next((one for one in found if one.project_id == self._shown), None)

    def show_projects(self, projects: Sequence[Project], everything: int) -> None:
        """Offer these projects; one that is gone is shown no longer.

        Args:
            projects: By name.
            everything: How many transcripts there are in all.
        """
        self._model.show_projects(projects, everything)
        known = {one for one, _, _ in self._model.rows}
        if self._shown not in known or not projects:
            self._shown = None
        self.list.setVisible(bool(projects))
        self._show_current()

    def show_project(self, project: ProjectId | None) -> None:
        """Show another project."""
        self._shown = project
        self._show_current()

    def ask_name(self, take: Callable[[str], object] | None = None) -> None:
        """Let somebody type the name of a new project.

        Args:
            take: Gets the name; ``added`` tells it if left out.
        """

        def keep(name: str) -> None:
            if name:
                (take or self.added.emit)(name)

        over = QRect(self._new.geometry())
        self._begin("", over, self.tr("Name of the project")).accepted.connect(keep)

    def _on_new(self) -> None:
        self.ask_name()

    def _rename(self, project: ProjectId) -> None:
        row = self._model.row_of(project)
        over = self.list.visualRect(self._model.index(row)).translated(self.list.pos())

        def keep(name: str) -> None:
            if name:
                self.renamed.emit(project, name)

        edit = self._begin(self._model.rows[row][1], over, self.tr("Name of the project"))
        edit.accepted.connect(keep)

    def _begin(self, text: str, over: QRect, name: str) -> InlineEdit:
        self._edit.deleteLater()
        self._edit = InlineEdit(self)
        self._edit.open(text, over, name)
        return self._edit

    def _show_current(self) -> None:
        if self._model.rows:
            row = self._model.row_of(self._shown)
            self.list.setCurrentIndex(self._model.index(row))
        self._more.setVisible(bool(self._shown))
        self.shown.emit()

    def _on_chosen(self, index: QModelIndex) -> None:
        project = self._model.rows[index.row()][0]
        if project != self._shown:
            self._shown = project
            self._show_current()
            self.chosen.emit()

    def _show_menu(self, position: QPoint) -> None:
        index = self.list.currentIndex()
        project = self._model.rows[index.row()][0] if index.isValid() else None
        if not project:
            return
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command in ProjectCommand:
            menu.addAction(self.tr(command.value)).triggered.connect(
                lambda _=False, chosen=command: self._do(chosen, project)
            )
        menu.popup(position)

    def _do(self, command: ProjectCommand, project: ProjectId) -> None:
        match command:
            case ProjectCommand.RENAME:
                self._rename(project)
            case ProjectCommand.WORDS:
                self.words_requested.emit(project)
            case ProjectCommand.REMOVE:
                self.remove_requested.emit(project)
