"""A strip over the page: how far one is, what is left to check, and the ways to it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget
from typing_extensions import override

from app.core.progress import percent
from app.ui.actions import DIMS, ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.margins import margins
from app.ui.kit.menu_button import MenuButton
from app.ui.kit.menus import Menu, add_entries
from app.ui.kit.refusing import ToolButton
from app.ui.kit.tips import show_tip
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8, SPACE_16, SPACE_24
from app.ui.translate import counted
from app.ui.wording import number

_BESIDE = 34
"""What a button takes beside its text, about."""


class ReviewStrip(QFrame):
    """Shows counts on the buttons that lead to what is counted."""

    def __init__(
        self, appearance: Appearance, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setAccessibleName(self.tr("Review"))
        self._reviewed = QLabel()
        self._reviewed.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._reviewed.setToolTip(
            self.tr("How many of the words you have listened to or approved.")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(SPACE_24, 0, SPACE_16, SPACE_8))
        row.setSpacing(SPACE_4)
        row.addWidget(self._reviewed)
        row.addStretch(1)
        self._buttons: dict[ActionId, ToolButton] = {}
        self._texts: dict[ActionId, tuple[str, str]] = {}
        for action_id, icon in (
            (ActionId.NEXT_UNREVIEWED, "next"),
            (ActionId.CHECK_WORDS, "warning"),
            (ActionId.CHECK_SPEAKERS, "speakers"),
            (ActionId.FILLERS, "edit"),
            (ActionId.NOTES, "note"),
        ):
            button = self._buttons[action_id] = ToolButton()
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setMinimumHeight(HIT_SIZE)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(actions[action_id].trigger)
            appearance.apply_icon(button, icon, "muted")
            row.addWidget(button)
        self._say(ActionId.NEXT_UNREVIEWED, self.tr("Next unreviewed paragraph"), 0)
        row.insertWidget(
            row.indexOf(self._buttons[ActionId.NEXT_UNREVIEWED]), self._dim(appearance)
        )
        self.show_doubts(None, 0)
        self.show_fillers(0)
        self.show_notes(0)
        self.show_reviewed(0.0, 0)

    def show_reviewed(self, share: float, left: int) -> None:
        """Say how much was reviewed, and offer the next paragraph if there is one left."""
        text = self.tr("{percent} % reviewed")
        text = text.replace("{percent}", number(percent(share)))
        self._reviewed.setText(text)
        self._buttons[ActionId.NEXT_UNREVIEWED].refuse(
            "" if left else self.tr("Every paragraph is reviewed.")
        )

    def show_doubts(self, words: int | None, passages: int) -> None:
        """Say how many words and speakers are in doubt; ``None`` where nothing is known."""
        text = self.tr("Check words")
        if words:
            text = counted("ReviewStrip", words, "Check 1 word", "Check {count} words")
        self._say(ActionId.CHECK_WORDS, text, words or 0)
        text = counted("ReviewStrip", passages, "Check 1 speaker", "Check {count} speakers")
        self._say(ActionId.CHECK_SPEAKERS, text, passages)
        self._buttons[ActionId.CHECK_SPEAKERS].setVisible(bool(passages))

    def show_fillers(self, count: int) -> None:
        """Say how many fillers there are that are not struck through."""
        text = self.tr("Fillers")
        if count:
            text = counted("ReviewStrip", count, "1 filler", "{count} fillers")
        self._say(ActionId.FILLERS, text, count)

    def show_notes(self, count: int) -> None:
        """Say how many notes, bookmarks and highlights there are."""
        text = self.tr("Notes")
        if count:
            text = counted("ReviewStrip", count, "1 note", "{count} notes")
        self._say(ActionId.NOTES, text, count)

    def _dim(self, appearance: Appearance) -> ToolButton:
        """Make the button that offers what can be dimmed."""
        choices = Menu(self)
        dims = [self._actions[one] for one in DIMS]

        def fill() -> None:
            choices.clear()
            add_entries(choices, dims)

        choices.aboutToShow.connect(fill)
        button = MenuButton(choices)
        button.setText(self.tr("Dim"))
        button.setAccessibleName(self.tr("Dim"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(self.tr("Dim what you don't need to look at now."))
        button.setMinimumHeight(HIT_SIZE)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCheckable(True)
        appearance.apply_icon(button, "eye", "muted")

        def show() -> None:
            button.setChecked(any(one.isChecked() for one in dims))

        for one in dims:
            one.toggled.connect(show)
        return button

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _say(self, action_id: ActionId, text: str, count: int) -> None:
        self._texts[action_id] = text, number(count) if count else ""
        button = self._buttons[action_id]
        button.setAccessibleName(text)
        keys = self._actions[action_id].shortcut()
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        show_tip(button, f"{text} ({shown})" if shown else text)
        self._fit()

    def _fit(self) -> None:
        """Write the buttons out where there is room; else only how many there are."""
        metrics = self.fontMetrics()
        shown = [one for one in self._texts if not self._buttons[one].isHidden()]
        wanted = sum(metrics.horizontalAdvance(self._texts[one][0]) + _BESIDE for one in shown)
        is_wide = wanted + self._reviewed.sizeHint().width() + 2 * SPACE_24 <= self.width()
        for action_id, (text, short) in self._texts.items():
            self._buttons[action_id].setText(text if is_wide else short)
