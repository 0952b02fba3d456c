"""F6 goes from pane to pane, as on any desktop: each keeps the control one was at."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.actions import ActionId, Actions
from app.ui.kit.announcing import announce


class PaneKeys(QObject):
    """Moves the focus between the panes of a window."""

    def __init__(
        self,
        actions: Actions,
        *,
        queue: QWidget,
        options: QWidget,
        notice: QWidget,
        page: QWidget,
        player: QWidget,
    ) -> None:
        """Listen to the keys.

        Args:
            actions: *Next pane* and *Previous pane*.
            queue: The rows at the side.
            options: What the next recordings are transcribed with.
            notice: What is said about the program.
            page: What stands in the middle.
            player: What plays.
        """
        super().__init__()
        self._panes = (
            (queue, self.tr("Queue")),
            (options, self.tr("Options")),
            (notice, self.tr("Notice")),
            (page, self.tr("Page")),
            (player, self.tr("Player")),
        )
        self._left_at: dict[QWidget, QWidget] = {}
        actions[ActionId.NEXT_PANE].triggered.connect(lambda: self.step(1))
        actions[ActionId.PREVIOUS_PANE].triggered.connect(lambda: self.step(-1))

    def step(self, by: int) -> None:
        """Go to the next pane that can be seen, or with -1 to the one before."""
        shown = [(pane, name) for pane, name in self._panes if pane.isVisible()]
        focused = QApplication.focusWidget()
        at = None
        for place, (pane, _) in enumerate(shown):
            if focused is not None and (pane is focused or pane.isAncestorOf(focused)):
                at = place
                self._left_at[pane] = focused
        if at is None:  # outside of all of them
            at = -1 if by > 0 else 0
        for away in range(1, len(shown) + 1):
            pane, name = shown[(at + by * away) % len(shown)]
            target = self._target(pane)
            if target is not None:
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                announce(target, name)
                return

    def _target(self, pane: QWidget) -> QWidget | None:
        """Give what gets the focus in a pane: where one was, else its first control."""
        before = self._left_at.get(pane)
        if before is not None and _can_have_focus(before) and pane.isAncestorOf(before):
            return before
        if _can_have_focus(pane):
            return pane
        one: QWidget | None = pane.nextInFocusChain()
        while one is not None and one is not pane:
            if pane.isAncestorOf(one) and _can_have_focus(one):
                return one
            one = one.nextInFocusChain()
        return None


def _can_have_focus(widget: QWidget) -> bool:
    import shiboken6

    return (
        shiboken6.isValid(widget)
        and widget.isVisible()
        and widget.isEnabled()
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    )
