"""The list of formats: in groups, each with the ending of its files, those used last first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from app.export.formats import Format
from app.ui.kit.appearance import Appearance
from app.ui.kit.choosing import ChoosingList
from app.ui.kit.margins import from_left, read_from_here
from app.ui.translate import QT_TRANSLATE_NOOP as _N

_C = "FormatList"
_LAST = _N(_C, "Last used")
_OTHERS = _N(_C, "Other programs")
_GROUPS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        _N(_C, "Documents"),
        frozenset({"txt", "md", "docx", "odt", "pdf", "html", "html-static", "wordlight"}),
    ),
    (_N(_C, "Subtitles"), frozenset({"srt", "vtt", "ass", "ttml"})),
    (_N(_C, "Data"), frozenset({"json", "csv", "tsv"})),
)
_AnyIndex = QModelIndex | QPersistentModelIndex
_CHANGES = frozenset(
    {
        QEvent.Type.Polish,
        QEvent.Type.FontChange,
        QEvent.Type.StyleChange,
        QEvent.Type.LanguageChange,
        QEvent.Type.Show,
    }
)
"""After these the names may be wider or narrower."""


def format_label(kind: Format) -> str:
    """Give the name of a format for people."""
    return QCoreApplication.translate("Format", kind.label)


def grouped(names: Sequence[str], last: Sequence[str] = ()) -> list[tuple[str, list[str]]]:
    """Give the names of formats in groups, none twice.

    Args:
        names: Every format, in the order within its group.
        last: Those used last, the latest first; they stand before all others.
    """
    used = [name for name in dict.fromkeys(last) if name in names]
    groups = [(_LAST, used)]
    left = [name for name in names if name not in used]
    for title, members in _GROUPS:
        groups.append((title, [name for name in left if name in members]))
    known = frozenset[str]().union(*(members for _, members in _GROUPS))
    groups.append((_OTHERS, [name for name in left if name not in known]))
    return [(title, members) for title, members in groups if members]


class _FormatModel(QAbstractListModel):
    """Rows of formats, and a heading before each group, which cannot be chosen."""

    def __init__(
        self,
        appearance: Appearance,
        formats: Mapping[str, Format],
        last: Sequence[str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._formats = formats
        self.rows: list[tuple[str, str]] = []  # a heading, or the name of a format
        for title, names in grouped(list(formats), last):
            self.rows.append((title, ""))
            self.rows += [("", name) for name in names]

    @override
    def rowCount(self, parent: _AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    @override
    def flags(self, index: _AnyIndex) -> Qt.ItemFlag:
        if self.rows[index.row()][1]:
            return super().flags(index)
        return Qt.ItemFlag.ItemNeverHasChildren

    @override
    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        title, name = self.rows[index.row()]
        if not name:
            if role == Qt.ItemDataRole.DisplayRole:
                return QCoreApplication.translate(_C, title)
            if role == Qt.ItemDataRole.FontRole:
                font = self._appearance.font(12)
                font.setBold(True)
                return font
            return None
        kind = self._formats[name]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{read_from_here(format_label(kind))}  {from_left(kind.suffix)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return format_label(kind)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return kind.suffix
        if role == Qt.ItemDataRole.ToolTipRole:
            return QCoreApplication.translate("Format", kind.purpose)
        return None


class _Rows(QStyledItemDelegate):
    """Headings cannot be chosen, yet they are to be read: not as faint as what is off."""

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        super().initStyleOption(option, index)
        if not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            view = self.parent()
            if isinstance(view, QWidget) and view.isEnabled():
                option.state |= QStyle.StateFlag.State_Enabled


class FormatList(ChoosingList):
    """The list of formats."""

    def __init__(
        self,
        appearance: Appearance,
        formats: Mapping[str, Format],
        last: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Make the list.

        Args:
            appearance: The theme.
            formats: Every format by name, in the order within its group.
            last: Those used last, the latest first.
            parent: What it is shown in.
        """
        super().__init__(parent)
        self._names_width: int | None = None
        self._model = _FormatModel(appearance, formats, last, self)
        self.setModel(self._model)
        self.setItemDelegate(_Rows(self))
        self.setAccessibleName(self.tr("Format"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setProperty("choices", True)  # noqa: FBT003 - Qt's signature
        self.choose("")

    @override
    def sizeHint(self) -> QSize:
        """As wide as each name with its ending, beside a scroll bar."""
        if self._names_width is None:  # measured once: a dialog that opens asks dozens of times
            self._names_width = self.sizeHintForColumn(0)
        bar = self.verticalScrollBar().sizeHint().width()
        width = self._names_width + bar + 2 * self.frameWidth()
        return QSize(width, super().sizeHint().height())

    @override
    def event(self, arg__1: QEvent) -> bool:
        if arg__1.type() in _CHANGES:
            self._names_width = None
        return super().event(arg__1)

    @property
    def name(self) -> str:
        """Name of the format that is chosen."""
        row = self.currentIndex().row()
        return self._model.rows[row][1] if row >= 0 else self._first

    def choose(self, name: str) -> None:
        """Choose a format; the first, if there is no such."""
        names = [one for _, one in self._model.rows]
        row = names.index(name if name in names and name else self._first)
        self.setCurrentIndex(self._model.index(row, 0))

    @property
    def _first(self) -> str:
        return next(name for _, name in self._model.rows if name)

    def row_of(self, name: str) -> int:
        """Give the row a format stands in, headings counted."""
        return [one for _, one in self._model.rows].index(name)
