"""A language picker one can type into: names in English and in the language itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRect, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCompleter, QStyle, QStyleOptionFrame, QWidget
from typing_extensions import override

from app.core.languages import LANGUAGES
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker
from app.ui.kit.line_field import LineField
from app.ui.kit.margins import margins
from app.ui.translate import language_name

_INSET = 2
"""What Qt leaves free before and behind the text of a field."""
_CODE = re.compile(r"[a-z]{2,8}(-[a-z0-9]{2,10}){0,3}")


def label(code: str) -> str:
    """Write a language as the list shows it: ``German – Deutsch``."""
    name = language_name(code)
    native = LANGUAGES[code].native_name if code in LANGUAGES else ""
    return f"{name} – {native}" if native and native != name else name


class LanguagePicker(Picker):
    """Pick a language from a list, or by typing any part of its name or code.

    Favourites and the languages used last stand first.

    Signals:
        code_picked: Another language was chosen by a person: its code.
    """

    code_picked = Signal(str)

    def __init__(
        self, appearance: Appearance, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(appearance, name, parent)
        self._codes: tuple[str, ...] = ()
        self._first: tuple[str, ...] = ()
        self._takes_any_code = False
        self._code = ""
        self.setEditable(True)
        self.setInsertPolicy(Picker.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        self._found = QStringListModel(self)
        completer = QCompleter(self._found, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setMaxVisibleItems(10)
        completer.activated.connect(self._on_text_chosen)
        self._field = _Field(self)
        self.setLineEdit(self._field)
        self.setCompleter(completer)
        self._completer = completer
        self._field.setAccessibleName(name)
        self._field.setTextMargins(margins(4, 0, 0, 0))
        self._field.editingFinished.connect(self._on_editing_finished)
        self.activated.connect(self._on_row_activated)

    @property
    def shown_text(self) -> str:
        """What is to be seen in the field."""
        return self._field.shown_text

    @property
    def code(self) -> str:
        """The language picked."""
        return self._code

    def offer(
        self,
        codes: Sequence[str],
        *,
        first: Sequence[str] = (),
        takes_any_code: bool = False,
    ) -> None:
        """Offer these languages.

        Args:
            codes: In order.
            first: Favourites and recently used ones; those offered stand at the top.
            takes_any_code: Whether a code that is not in the list may be typed.
        """
        self._codes = tuple(codes)
        self._first = tuple(code for code in dict.fromkeys(first) if code in self._codes)
        self._takes_any_code = takes_any_code
        self._fill()

    def show_code(self, code: str) -> None:
        """Show a language as picked, without telling anybody."""
        self._code = code
        place = self.findData(code)
        self.setCurrentIndex(place)
        self.setEditText(label(code))
        self._field.setCursorPosition(0)
        self.setToolTip(label(code))

    def _fill(self) -> None:
        self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.clear()
        for code in self._first:
            self.addItem(label(code), code)
        rest = [code for code in self._codes if code not in self._first]
        if self._first and rest:
            self.insertSeparator(self.count())
        for code in rest:
            self.addItem(label(code), code)
        self.blockSignals(False)  # noqa: FBT003 - Qt's signature
        self._found.setStringList([label(code) for code in (*self._first, *rest)])
        self.show_code(self._code)

    def _meant(self, text: str) -> str | None:
        """Find the code somebody means by what they typed."""
        wanted = text.strip().casefold()
        for code in self._codes:
            names = {code, label(code), language_name(code)}
            if code in LANGUAGES:
                names |= {LANGUAGES[code].name, LANGUAGES[code].native_name}
            if wanted and wanted in {name.casefold() for name in names}:
                return code
        if self._takes_any_code and _CODE.fullmatch(wanted):
            return wanted
        begins = [code for code in self._codes if label(code).casefold().startswith(wanted)]
        return begins[0] if wanted and len(begins) == 1 else None

    def _pick(self, code: str) -> None:
        is_other = code != self._code
        self.show_code(code)
        if is_other:
            self.code_picked.emit(code)

    def _on_row_activated(self, row: int) -> None:
        code = self.itemData(row)
        if isinstance(code, str):
            self._pick(code)

    def _on_text_chosen(self, text: str) -> None:
        code = self._meant(text)
        if code is not None:
            self._pick(code)

    def _on_editing_finished(self) -> None:
        popup = self._completer.popup()
        if popup is not None and popup.isVisible():
            return
        code = self._meant(self._field.text())
        self._pick(code if code is not None else self._code)


class _Field(LineField):
    """Selects its text when it gets the focus, so that typing replaces it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.setPlaceholderText(QCoreApplication.translate("LanguagePicker", "Type to search"))

    @override
    def focusInEvent(self, arg__1: QFocusEvent) -> None:
        super().focusInEvent(arg__1)
        self.selectAll()

    @property
    def shown_text(self) -> str:
        """What is to be seen: a name that is too long ends in an ellipsis, until one types."""
        if self.hasFocus():
            return self.text()
        room = self._room().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    @override
    def paintEvent(self, arg__1: QPaintEvent) -> None:
        text = self.shown_text
        if text == self.text():
            super().paintEvent(arg__1)
            return
        painter = QPainter(self)
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        self.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self
        )
        painter.setLayoutDirection(self.layoutDirection())
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(self._room(), flags, text)
        painter.end()

    def _room(self) -> QRect:
        """Give where Qt puts the text, as the style and the margins leave it."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inside = self.style().subElementRect(
            QStyle.SubElement.SE_LineEditContents, option, self
        )
        return inside.marginsRemoved(self.textMargins()).adjusted(_INSET, 0, -_INSET, 0)
