"""A bar over what is selected: what one does most with it, a click away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPlainTextEdit, QToolButton
from typing_extensions import override

from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.menu_button import ActionButton, MenuButton
from app.ui.kit.tokens import SPACE_4, SPACE_8
from app.ui.transcript.page_menu import IN_BAR, PageMenu

_REST_MS = 250
"""So long a selection stands still before the bar comes: it is not to flicker."""


class SelectionBar(QFrame):
    """Comes when a person has selected something by pointer or keys, and goes with it.

    What selects by itself, as a search does, does not call it.
    """

    def __init__(
        self, appearance: Appearance, actions: Actions, menu: PageMenu, text: QPlainTextEdit
    ) -> None:
        super().__init__(text)
        self._text = text
        self._menu = menu
        self.setAccessibleName(self.tr("Selection tools"))
        self.setProperty("notice", "plain")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        row.setSpacing(0)
        for group in IN_BAR:
            if row.count():
                row.addSpacing(SPACE_8)
            for action_id in group:
                if action_id is ActionId.CHANGE_SPEAKER:
                    button: QToolButton = MenuButton()
                    button.follow(actions[action_id])
                else:
                    button = ActionButton(actions[action_id])
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                if actions[action_id].icon().isNull():
                    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
                row.addWidget(button)
        row.addSpacing(SPACE_8)
        self._more = QToolButton()
        self._more.setAccessibleName(self.tr("More for the selection"))
        self._more.setToolTip(self._more.accessibleName())
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.clicked.connect(self._open_menu)
        appearance.apply_icon(self._more, "more")
        row.addWidget(self._more)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._come)
        self.hide()
        text.installEventFilter(self)
        text.viewport().installEventFilter(self)
        text.selectionChanged.connect(self._on_selection_changed)
        text.verticalScrollBar().valueChanged.connect(self._place)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonRelease:
                self._rest.start()
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick:
                self._go()
            case QEvent.Type.KeyRelease if isinstance(event, QKeyEvent):
                if event.key() == Qt.Key.Key_Shift or (
                    event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                ):
                    self._rest.start()
            case QEvent.Type.Resize:
                self._place()
            case _:
                pass
        return super().eventFilter(watched, event)

    def _on_selection_changed(self) -> None:
        if not self._text.textCursor().hasSelection():
            self._go()
        elif not self.isHidden():
            self._place()

    def _come(self) -> None:
        is_wanted = self._text.textCursor().hasSelection() and self._text.hasFocus()
        if is_wanted and not QApplication.mouseButtons():
            self._menu.about_to_offer.emit()
            self.adjustSize()
            self.show()
            self.raise_()
            self._place()

    def _go(self) -> None:
        self._rest.stop()
        if self.isAncestorOf(QApplication.focusWidget() or self._text):
            self._text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def _place(self) -> None:
        """Stand above what is selected, or below it where there is no room."""
        if self.isHidden():
            return
        page = self._text.viewport().geometry()
        cursor = self._text.textCursor()
        begin, end = (
            self._rect_of(at).translated(page.topLeft())
            for at in (cursor.selectionStart(), cursor.selectionEnd())
        )
        if end.bottom() < page.top() or begin.top() > page.bottom():
            self._go()
            return
        size = self.sizeHint()
        top = begin.top() - size.height() - SPACE_4
        if top < page.top():
            top = min(end.bottom() + SPACE_8, page.bottom() - size.height())
        middle = (begin.left() + end.left()) // 2 if begin.top() == end.top() else begin.left()
        most = self._text.width() - size.width() - SPACE_8
        left = max(0, min(max(SPACE_8, middle - size.width() // 2), most))
        self.move(left, top)

    def _rect_of(self, position: int) -> QRect:
        cursor = QTextCursor(self._text.document())
        cursor.setPosition(position)
        return self._text.cursorRect(cursor)

    def _open_menu(self) -> None:
        self._menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))
