"""A small list to say who speaks: this paragraph, what is selected, or all of theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPixmap,
)
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.transcript import SpeakerId
from app.ui.kit.appearance import Appearance
from app.ui.kit.choosing import ChoosingList
from app.ui.kit.focus_back import FocusBack
from app.ui.kit.line_field import LineField
from app.ui.kit.refusing import Button, ToolButton
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8
from app.ui.kit.turning import row_width, turn_to_fit

_WIDTH, _LIST_HEIGHT = 350, 190
_BADGE = 20
_ROUND_FOR = 8
"""From the ninth speaker on colours come again, and badges are square."""
_NUMBER_KEYS = 9
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class Scope(StrEnum):
    """What is given to somebody."""

    PARAGRAPH = "paragraph"
    SELECTION = "selection"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who may be the one.

    Attributes:
        speaker_id: Who; ``None`` for somebody who is not on the list yet.
        name: What they are called.
        place: On the list of the transcript, from 0; -1 for somebody new.
        is_current: Whether it is theirs now.
    """

    speaker_id: SpeakerId | None
    name: str
    place: int = -1
    is_current: bool = False


class ChoiceModel(QAbstractListModel):
    """Those on the list whose name fits what is typed, then names from before, then a new one.

    Each has a badge with the initial in the colour they have on the page.
    """

    def __init__(self, appearance: Appearance, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._speakers: tuple[Choice, ...] = ()
        self._known: tuple[str, ...] = ()
        self._shown: list[Choice] = []

    def show_choices(self, speakers: Sequence[Choice], known: Sequence[str]) -> None:
        """Offer speakers, and names that were given in earlier transcripts."""
        self._speakers = tuple(speakers)
        here = {one.name.casefold() for one in speakers}
        self._known = tuple(name for name in known if name.casefold() not in here)
        self.narrow("")

    def narrow(self, typed: str) -> None:
        """Offer those that fit what is typed, and somebody new of that name."""
        wanted = " ".join(typed.split())
        sought = wanted.casefold()
        self.beginResetModel()
        self._shown = [one for one in self._speakers if sought in one.name.casefold()]
        names = [name for name in self._known if sought in name.casefold()][:_NUMBER_KEYS]
        self._shown += [Choice(None, name) for name in names]
        if wanted and sought not in {one.name.casefold() for one in self._shown}:
            self._shown.append(Choice(None, wanted))
        if not wanted:
            self._shown.append(Choice(None, ""))
        self.endResetModel()

    def choice(self, row: int) -> Choice | None:
        """Give who stands in a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    @property
    def current_row(self) -> int:
        """Where stands whose it is; the first row if they are not shown."""
        rows = (row for row, one in enumerate(self._shown) if one.is_current)
        return next(rows, 0)

    @override
    def rowCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        one = self.choice(index.row())
        if one is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(one)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(one)
            case Qt.ItemDataRole.DecorationRole:
                return QIcon(self._badge(one))
            case _:
                return None

    def _text(self, one: Choice) -> str:
        text = self._name(one)
        if keys := self._keys(one):
            text = f"{text}   {keys}"
        return f"{text}  ✓" if one.is_current else text

    def _spoken(self, one: Choice) -> str:
        """Say the same without signs: who it is, and whether it is theirs now."""
        told = (
            self._name(one),
            self.tr("speaking here") if one.is_current else "",
            self._keys(one),
        )
        return ", ".join(part for part in told if part)

    def _keys(self, one: Choice) -> str:
        if one.speaker_id is None or one.place >= _NUMBER_KEYS:
            return ""
        keys = QKeySequence(f"Ctrl+{one.place + 1}")
        return keys.toString(QKeySequence.SequenceFormat.NativeText)

    def _name(self, one: Choice) -> str:
        if one.speaker_id is None:
            if not one.name:
                return self.tr("New speaker")
            if one.name in self._known:
                return self.tr("{name} (from another transcript)").replace("{name}", one.name)
            return self.tr("New speaker “{name}”").replace("{name}", one.name)
        return one.name

    def _badge(self, one: Choice) -> QPixmap:
        theme = self._appearance.theme
        ratio = QApplication.primaryScreen().devicePixelRatio()
        edge = self._appearance.scaled(_BADGE)
        pixmap = QPixmap(round(edge * ratio), round(edge * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(1, 1, edge - 2, edge - 2)
        painter.setFont(self._appearance.font(_BADGE // 2, weight=700))
        if one.speaker_id is None:
            painter.setPen(QColor(theme.muted))
            painter.drawEllipse(room)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, "+")
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.speaker(one.place)))
            radius = room.width() / 2 if one.place < _ROUND_FOR else SPACE_4
            painter.drawRoundedRect(room, radius, radius)
            painter.setPen(QColor(theme.window))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, initial(one))
        painter.end()
        return pixmap


def initial(one: Choice) -> str:
    """Give the sign a speaker is told by where there is no room for the name."""
    unnamed = one.name[-1:].isdigit()
    return str(one.place + 1) if unnamed or not one.name else one.name[0].upper()


class SpeakerPanel(QFrame):
    """Asks who speaks; gone as soon as one turns to something else.

    Signals:
        chosen: A ``Choice`` and the ``Scope`` they are given.
        sample_requested: Somebody is to be heard: their id.
        rename_requested: Whose it is now is to be called otherwise.
        remove_requested: Whose it is now is no speaker at all: their id.
    """

    chosen = Signal(object, object)
    sample_requested = Signal(str)
    rename_requested = Signal()
    remove_requested = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("notice", "plain")
        self.setAccessibleName(self.tr("Who is speaking"))
        self._owner: SpeakerId | None = None
        self._host = parent
        self._at = QRect()
        self._focus_back = FocusBack()
        self._scopes = QButtonGroup(self)
        self._scope_buttons = {
            scope: self._scope_button(text)
            for scope, text in (
                (Scope.PARAGRAPH, self.tr("This paragraph")),
                (Scope.SELECTION, self.tr("Selection")),
                (Scope.ALL, self.tr("Everything they say")),
            )
        }
        self._field = LineField()
        self._field.setAccessibleName(self.tr("Who is speaking"))
        self._field.setPlaceholderText(self.tr("Name, or a new speaker"))
        self.model = ChoiceModel(appearance, self)
        self._list = self._choice_list()
        self._hear = self._quiet_button(self.tr("Hear a sample"), self._on_hear)
        appearance.apply_icon(self._hear, "play")
        self._rename = self._quiet_button(self.tr("Rename…"), self._on_rename)
        self._remove = self._quiet_button(self.tr("Remove"), self._on_remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_8, SPACE_8, SPACE_8, SPACE_8)
        column.setSpacing(SPACE_4)
        scopes = list(self._scope_buttons.values())
        self._rows = (
            _row(_row(*scopes[:2]), *scopes[2:]),
            _row(self._hear, _row(self._rename, self._remove)),
        )
        column.addLayout(self._rows[0])
        column.addWidget(self._field)
        column.addWidget(self._list)
        column.addLayout(self._rows[1])
        self._field.textChanged.connect(self._on_typed)
        self._field.installEventFilter(self)
        self._list.installEventFilter(self)
        self._host.installEventFilter(self)
        self._list.clicked.connect(self._on_clicked)
        self._list.chosen.connect(self._on_clicked)
        self._list.selectionModel().currentChanged.connect(self._show_hearable)
        self.hide()

    def open(
        self,
        at: QRect,
        speakers: Sequence[Choice],
        known: Sequence[str],
        *,
        owner: SpeakerId | None,
        scope: Scope,
        has_selection: bool,
    ) -> None:
        """Ask.

        Args:
            at: What it is about, in the parent's coordinates.
            speakers: Who may be meant.
            known: Names from earlier transcripts.
            owner: Whose it is now.
            scope: What is given at first.
            has_selection: Whether something is selected that can be given.
        """
        self._owner = owner
        self._focus_back.remember(self)
        unowned = "" if owner is not None else self.tr("No speaker is assigned here yet.")
        self._scope_buttons[Scope.SELECTION].refuse(
            "" if has_selection else self.tr("Nothing is selected.")
        )
        self._scope_buttons[Scope.ALL].refuse(unowned)
        self._scope_buttons[scope].setChecked(True)
        self._rename.refuse(unowned)
        self._remove.refuse(unowned)
        self.model.show_choices(speakers, known)
        self._field.clear()
        self._go_to(self.model.current_row)
        self._at = at
        self._place()
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self) -> None:
        """Stand at what it is about, wholly on the page."""
        room, at = self._host.rect(), self._at
        self._fit_into(room.size())
        left = max(0, min(max(SPACE_8, at.left()), room.width() - self.width() - SPACE_8))
        top = at.bottom() + SPACE_4
        if top + self.height() > room.height():
            top = max(0, min(at.top() - SPACE_4, room.height()) - self.height())
        self.move(QPoint(left, top))

    def _fit_into(self, room: QSize) -> None:
        """Be no larger than the page; what may be given stands in one row where it can."""
        beside = max(row_width(one) for one in self._rows) + 2 * SPACE_8 + 2
        width = min(max(_WIDTH, beside), room.width() - 2 * SPACE_8)
        self.setFixedWidth(width)
        for row in self._rows:
            turn_to_fit(row, width - 2 * SPACE_8)
        self._list.setFixedHeight(_LIST_HEIGHT)
        self.adjustSize()
        too_high = max(0, self.height() - room.height())
        self._list.setFixedHeight(max(HIT_SIZE, _LIST_HEIGHT - too_high))
        self.adjustSize()

    def take_names(self, speakers: Sequence[Choice], known: Sequence[str]) -> None:
        """Offer other names from earlier transcripts, if one is still asked."""
        if not self.isHidden():
            self.model.show_choices(speakers, known)
            self._on_typed(self._field.text())

    @property
    def scope(self) -> Scope:
        """What is to be given."""
        return next(one for one, button in self._scope_buttons.items() if button.isChecked())

    def close_panel(self) -> None:
        """Go away, and let the keys go where they went before."""
        if self.isHidden():
            return
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self.hide()
        if had_focus:
            self._focus_back.give(self._host)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host:
            if event.type() is QEvent.Type.Resize and not self.isHidden():
                self._place()
            return False
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._choose()
                    return True
                case Qt.Key.Key_Down | Qt.Key.Key_Up if watched is self._field:
                    step = 1 if event.key() == Qt.Key.Key_Down else -1
                    self._go_to(self._list.currentIndex().row() + step)
                    return True
                case _:
                    pass
        if isinstance(event, QFocusEvent) and event.type() is QEvent.Type.FocusOut:
            self._close_if_left(event)
        return super().eventFilter(watched, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        event.accept()  # none of them is for the page beneath

    @override
    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Space}
        ):
            event.accept()
            return True
        return super().event(event)

    def _scope_button(self, text: str) -> ToolButton:
        button = ToolButton()
        button.setText(text)
        button.setCheckable(True)
        button.setMinimumHeight(HIT_SIZE)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scopes.addButton(button)
        return button

    def _choice_list(self) -> ChoosingList:
        made = ChoosingList()
        made.setProperty("choices", True)  # noqa: FBT003 - Qt's signature
        made.setAccessibleName(self.tr("Speakers"))
        made.setModel(self.model)
        made.setUniformItemSizes(True)
        made.setFrameShape(QFrame.Shape.NoFrame)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return made

    def _quiet_button(self, text: str, act: Callable[[], None]) -> Button:
        button = Button(text)
        button.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        button.setAccessibleName(text.rstrip("…"))
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _close_if_left(self, event: QFocusEvent) -> None:
        passing = {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}
        now = QApplication.focusWidget()
        if event.reason() not in passing and not (now and self.isAncestorOf(now)):
            self.hide()

    def _on_typed(self, text: str) -> None:
        self.model.narrow(text)
        self._go_to(0 if text else self.model.current_row)

    def _go_to(self, row: int) -> None:
        count = self.model.rowCount()
        if count:
            self._list.setCurrentIndex(self.model.index(min(max(0, row), count - 1)))
        self._show_hearable()

    def _current(self) -> Choice | None:
        return self.model.choice(self._list.currentIndex().row())

    def _show_hearable(self) -> None:
        one = self._current()
        is_here = one is not None and one.speaker_id is not None
        self._hear.refuse("" if is_here else self.tr("Choose a speaker of this transcript."))

    def _on_clicked(self, index: QModelIndex) -> None:
        self._go_to(index.row())
        self._choose()

    def _choose(self) -> None:
        one = self._current()
        if one is not None:
            scope = self.scope
            self.close_panel()
            self.chosen.emit(one, scope)

    def _on_hear(self) -> None:
        one = self._current()
        if one is not None and one.speaker_id is not None:
            self.sample_requested.emit(one.speaker_id)

    def _on_rename(self) -> None:
        self.close_panel()
        self.rename_requested.emit()

    def _on_remove(self) -> None:
        self.close_panel()
        if self._owner is not None:
            self.remove_requested.emit(self._owner)


def _row(*parts: QWidget | QHBoxLayout) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE_4)
    for one in parts:
        if isinstance(one, QHBoxLayout):
            row.addLayout(one)
        else:
            row.addWidget(one)
    return row
