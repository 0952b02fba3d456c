from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QProgressBar

from app.core.models import Device
from app.jobs.models import ModelEntry, Models
from app.ondevice.installed import ModelFolders
from app.store.opening import open_database
from app.store.settings import SettingsStore
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.models.controller import ModelsController
from app.ui.models.dialog import ModelsDialog
from app.ui.models.rows import ModelRow
from app.ui.queue.model import JobModel
from app.ui.tasks import Tasks
from tests.support.furnished import FurnishedWindow
from tests.support.hub import TOY, Hub, hub, put
from tests.support.seen import sentences
from tests.support.waiting import until

__all__ = ["hub"]


def test_a_model_is_downloaded_cancelled_gone_on_with_and_removed(
    appearance: Appearance,
    qtbot,
    run_async,
    tmp_path: Path,
    hub: Hub,
    announced: list[str],
) -> None:
    database, _ = open_database(tmp_path / "wordlight.db")
    actions = Actions(appearance)
    window = FurnishedWindow(appearance, actions, JobModel())
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    window.show()

    async def flow() -> None:
        errors: list[BaseException] = []
        clock_ms = itertools.count(0, 1_000).__next__
        tasks = Tasks(lambda _, error: errors.append(error))
        models = Models(
            ModelFolders(tmp_path / "models"),
            SettingsStore(database),
            packages={TOY.name: TOY},
            hub=hub.address,
        )
        controller = ModelsController(
            stage=window, actions=actions, models=models, tasks=tasks, clock_ms=clock_ms
        )
        controller.packages_found.connect(window.options.show_packages)
        controller.package_removed.connect(window.options.forget_package)
        actions[ActionId.MODELS].trigger()
        (dialog,) = window.findChildren(ModelsDialog)
        await until(lambda: "toy" in dialog.panel.rows)
        row = dialog.panel.rows["toy"]
        assert (row.fetch.text(), row.remove.isVisible()) == ("Download", False)

        hub.hold_after = 2_000
        row.fetch.click()
        await until(
            lambda: row.cancel.isVisible() and row.findChildren(QProgressBar)[0].value()
        )
        row.cancel.click()
        await until(row.fetch.isVisible)
        assert (row.fetch.text(), row.fetch.accessibleName()) == ("Resume", "Resume toy")
        assert any("downloaded" in one for one in sentences(row))
        hub.release.set()
        hub.hold_after = None

        row.fetch.click()
        dialog.close()  # a download goes on without the dialog
        await until(lambda: "is ready" in window.notice.text)
        package = window.options.more.package
        await until(lambda: package.findData("toy") >= 0)

        dialog = controller.open()
        await until(lambda: "toy" in dialog.panel.rows and dialog.panel.rows["toy"].isVisible())
        row = dialog.panel.rows["toy"]
        assert "downloaded" in sentences(row)
        assert announced[0] == "toy: partly downloaded"
        row.remove.click()
        await until(row.fetch.isVisible)
        assert package.findData("toy") < 0

        put(tmp_path / "own" / "toy")
        choose_folder(dialog, tmp_path / "own")
        await until(lambda: any("1 model found" in one for one in sentences(dialog.panel)))
        assert "in your folder" in sentences(row)
        assert not row.remove.isVisible()
        dialog.close()
        await tasks.aclose()
        assert errors == []

    run_async(flow())
    database.close()


def choose_folder(dialog: ModelsDialog, folder: Path) -> None:
    """Name a folder in the system's window that asks for one."""
    dialog.panel.folder_requested.emit()
    (chooser,) = dialog.findChildren(QFileDialog)
    chooser.filesSelected.emit([str(folder)])
    chooser.close()


@pytest.mark.parametrize(
    ("device", "told"),
    [
        (None, "An hour of audio in about 3 min"),
        (Device.CPU, "An hour of audio in about 3 min · on the processor"),
        (Device.CUDA, "An hour of audio in about 3 min · on the graphics card"),
    ],
)
def test_what_computes_stands_beside_the_model(qtbot, device: Device | None, told: str) -> None:
    row = ModelRow("base")
    qtbot.addWidget(row)
    row.show_entry(
        ModelEntry(
            "base",
            148_000_000,
            ("en", "de"),
            "MIT",
            is_installed=True,
            is_own=False,
            is_removable=False,
            begun_bytes=0,
            ms_per_second=50.0,
            device=device,
        )
    )
    assert told in [label.text() for label in row.findChildren(QLabel)]
