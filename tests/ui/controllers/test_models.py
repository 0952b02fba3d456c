from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.store.settings import Settings
from app.ui.actions import Actions
from app.ui.theme import Appearance
from app.ui.views.questions import ChoiceSheet
from app.ui.views.settings_dialog import SettingsDialog
from tests.ondevice.test_download import hub

__all__ = ["hub"]


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 – told by the loop, not by an event
            await asyncio.sleep(0.01)


def test_plain_http_is_asked_about_and_off_unless_agreed(appearance: Appearance, qtbot) -> None:
    asked: list[dict[str, object]] = []
    dialog = SettingsDialog(appearance, Actions(appearance), Settings())
    qtbot.addWidget(dialog)
    dialog.change_requested.connect(asked.append)
    dialog.show()

    dialog._plain.click()
    (sheet,) = dialog.findChildren(ChoiceSheet)
    sheet.reject()
    assert asked == []
    assert not dialog._plain.isChecked()

    dialog._plain.click()
    sheet = next(one for one in dialog.findChildren(ChoiceSheet) if one.isVisible())
    sheet._give("allow")
    assert asked == [{"allow_plain_http": True}]
    dialog._plain.click()  # switching off asks nothing
    assert asked[-1] == {"allow_plain_http": False}
