"""What stands over the text: whose transcript it is, and what can be done with all of it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.inline_edit import InlineEdit
from app.ui.kit.margins import margins
from app.ui.kit.menu_button import ActionButton, MenuButton
from app.ui.kit.menus import Menu
from app.ui.kit.tips import follow_tip
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_24
from app.ui.kit.turning import row_width

_TITLE_WIDTH = 80
"""What the name needs at least, in pixels."""
_TITLE_READ = 140
"""What it needs so that one can tell whose it is."""
_STEPS = (ActionId.UNDO, ActionId.REDO, ActionId.HISTORY)


class _Title(ElidedLabel):
    """The name, which a click is to change; a drag begins at it as well.

    Signals:
        clicked: Pressed and let go where it was.
    """

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._moved_from: QPoint | None = None
        self.setCursor(Qt.CursorShape.IBeamCursor)

    @override
    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        # Who watches for a drag takes the press; so it is counted from the first move.
        if self._moved_from is None:
            self._moved_from = ev.position().toPoint()

    @override
    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        at = ev.position().toPoint()
        moved = at - (self._moved_from or at)
        self._moved_from = None
        is_still = moved.manhattanLength() < QApplication.startDragDistance()
        if ev.button() is Qt.MouseButton.LeftButton and is_still:
            self.clicked.emit()


class TranscriptHead(QWidget):
    """Name, a muted line, *Copy*, *Export*, *Find*, and the menu of the page.

    Attributes:
        title: The recording's name.
        meta: The muted line under it.
        copy_button: *Copy*.
        copy_menu: In which form else it can be copied, beside it.
        export_button: *Export*.

    Signals:
        rename_requested: The transcript is to be called so.
    """

    rename_requested = Signal(str)

    def __init__(
        self, appearance: Appearance, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.title = _Title()
        self.title.clicked.connect(self.begin_rename)
        self._edit = InlineEdit(self)
        self.title.setProperty("title", True)  # noqa: FBT003 - Qt's signature
        self.meta = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.meta.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self.copy_button = QPushButton(self.tr("Copy"))
        self.export_button = QPushButton(self.tr("Export"))
        for button, action_id, icon in (
            (self.copy_button, ActionId.COPY_ALL, "copy"),
            (self.export_button, ActionId.EXPORT, "export"),
        ):
            button.setAccessibleName(button.text())
            follow_tip(button, actions[action_id])
            button.clicked.connect(actions[action_id].trigger)
            appearance.apply_icon(button, icon)
        self.copy_menu = Menu(self)
        forms = MenuButton(self.copy_menu)
        forms.setArrowType(Qt.ArrowType.DownArrow)
        forms.setAccessibleName(self.tr("Copy as"))
        forms.setToolTip(forms.accessibleName())
        forms.setMinimumHeight(HIT_SIZE)
        steps = [self._step_button(actions, one) for one in _STEPS]
        find = QToolButton()
        find.setAccessibleName(self.tr("Find"))
        follow_tip(find, actions[ActionId.FIND])
        find.setMinimumSize(HIT_SIZE, HIT_SIZE)
        find.clicked.connect(actions[ActionId.FIND].trigger)
        appearance.apply_icon(find, "find")
        self._more = MenuButton()
        self._more.setAccessibleName(self.tr("More for this transcript"))
        self._more.setToolTip(self._more.accessibleName())
        self._more.setMinimumSize(HIT_SIZE, HIT_SIZE)
        appearance.apply_icon(self._more, "more")
        self._tools = tools = QHBoxLayout()
        tools.setSpacing(SPACE_8)
        names = QVBoxLayout()
        names.setSpacing(SPACE_4)
        names.addWidget(self.title)
        names.addWidget(self.meta)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(margins(SPACE_24, SPACE_16, SPACE_16, SPACE_12))
        row.setSpacing(SPACE_8)
        row.addLayout(names, 1)
        row.addLayout(tools)
        for step in steps:
            tools.addWidget(step)
        tools.addWidget(self.copy_button)
        tools.addWidget(forms)
        tools.addWidget(self.export_button)
        tools.addWidget(find)
        tools.addWidget(self._more)
        tools.addStretch()  # under the name they begin where it does

    def _step_button(self, actions: Actions, action_id: ActionId) -> QToolButton:
        """Make a button that is grey while there is nothing to take back, say."""
        button = ActionButton(actions[action_id])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setMinimumSize(HIT_SIZE, HIT_SIZE)
        return button

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words of the buttons out where the name would have no room.

        Where it has none even so, the buttons stand under it.
        """
        super().resizeEvent(event)
        words = [(one, one.accessibleName()) for one in (self.copy_button, self.export_button)]
        for button, text in words:
            button.setText(text)
        if not self._has_room_beside(_TITLE_WIDTH):
            for button, _ in words:
                button.setText("")
        direction = QBoxLayout.Direction
        scale = max(1.0, self._appearance.text_scale)
        if self._has_room_beside(round(_TITLE_READ * scale)):
            self._row.setDirection(direction.LeftToRight)
        else:
            self._row.setDirection(direction.TopToBottom)

    def _has_room_beside(self, width: int) -> bool:
        """Whether the name has so much room beside the buttons as they are now."""
        return row_width(self._tools) + SPACE_24 + SPACE_16 + SPACE_8 + width <= self.width()

    def begin_rename(self) -> None:
        """Let the name be typed over where it stands."""
        if not self.isVisible():
            return
        self._edit.deleteLater()
        self._edit = InlineEdit(self)
        self._edit.accepted.connect(self._on_named)
        over, font = self.title.geometry(), self.title.font()
        self._edit.open(self.title.text(), over, self.tr("Name"), font=font)

    def _on_named(self, name: str) -> None:
        if name:
            self.rename_requested.emit(name)

    def set_menu(self, menu: QMenu) -> None:
        """Offer what else can be done, under the last button."""
        self._more.set_menu(menu)

    def show_title(self, title: str, meta: str) -> None:
        """Say whose transcript it is.

        Args:
            title: The recording's name.
            meta: The muted line under it: length, speakers, model, language, saved.
        """
        self.title.setText(title)
        self.meta.setText(meta)
