from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.core.errors import RecogniserError
from app.core.options import TranscriptionOptions
from app.core.preferences import ProxyMode
from app.jobs.models import Models
from app.ondevice.catalog import BASE
from app.ondevice.installed import ModelFolders
from app.store.database import Database
from app.store.settings import SettingsStore
from tests.support.certificates import make_certificate, server_context
from tests.support.hub import CONTENTS, TOY, Hub, hub, put, running_hub
from tests.support.proxy import running_proxy

__all__ = ["hub"]


def models_of(folder: Path, settings: SettingsStore, hub: Hub | None = None) -> Models:
    return Models(
        ModelFolders(folder),
        settings,
        packages={TOY.name: TOY},
        hub="http://127.0.0.1:9" if hub is None else hub.address,
    )


@pytest.fixture
def settings(database: Database) -> SettingsStore:
    return SettingsStore(database)


async def test_a_model_is_fetched_used_and_removed(
    tmp_path: Path, settings: SettingsStore, hub: Hub
) -> None:
    models = models_of(tmp_path, settings, hub)
    (entry,) = await models.entries()
    assert (entry.is_installed, entry.is_removable, entry.size_bytes) == (
        False,
        False,
        sum(map(len, CONTENTS.values())),
    )
    told: list[int] = []

    await models.fetch("toy", lambda done, _: told.append(done))

    (entry,) = await models.entries()
    assert entry.is_installed
    assert entry.is_removable
    assert told[-1] == entry.size_bytes
    await models.remove("toy")
    (entry,) = await models.entries()
    assert not entry.is_installed
    assert entry.begun_bytes == 0


async def test_a_cancelled_download_says_how_much_is_there_and_goes_on(
    tmp_path: Path, settings: SettingsStore, hub: Hub
) -> None:
    models = models_of(tmp_path, settings, hub)
    hub.hold_after = 2_000
    begun = asyncio.Event()

    def count(done: int, _total: int) -> None:
        if done > 500:
            begun.set()

    fetching = asyncio.ensure_future(models.fetch("toy", count))
    await begun.wait()
    fetching.cancel()
    await asyncio.wait([fetching])
    hub.release.set()
    (entry,) = await models.entries()
    assert 0 < entry.begun_bytes < entry.size_bytes
    hub.hold_after = None

    await models.fetch("toy", lambda _done, _total: None)

    (entry,) = await models.entries()
    assert entry.is_installed
    assert hub.asked[-1][1] is not None  # a range: not from the start


async def test_no_connection_is_a_sentence(
    tmp_path: Path, settings: SettingsStore, expected_log
) -> None:
    expected_log("Download of toy failed")
    with pytest.raises(RecogniserError, match="continues where it stopped"):
        await models_of(tmp_path, settings).fetch("toy", lambda _done, _total: None)


async def test_a_model_is_fetched_the_way_the_settings_say(
    tmp_path: Path, settings: SettingsStore
) -> None:
    certificate = make_certificate(tmp_path / "company.pem", "hub.invalid")
    with (
        running_hub(server_context(certificate)) as hub,
        running_proxy({"hub.invalid:443": hub.server_port}) as proxy,
    ):
        settings.change(
            proxy_mode=ProxyMode.MANUAL,
            proxy_url=proxy.address(),
            certificates=str(certificate),
        )
        models = Models(
            ModelFolders(tmp_path / "models"),
            settings,
            packages={TOY.name: TOY},
            hub="https://hub.invalid",
        )

        await models.fetch("toy", lambda _done, _total: None)

    assert len(proxy.seen) == len(CONTENTS)
    (entry,) = await models.entries()
    assert entry.is_installed


async def test_a_folder_of_ones_own_is_kept_and_in_force_at_once(
    tmp_path: Path, settings: SettingsStore
) -> None:
    put(tmp_path / "own" / "toy")
    models = models_of(tmp_path / "downloads", settings)

    assert await models.use_folder(tmp_path / "own") == 1
    (entry,) = await models.entries()
    assert entry.is_own
    assert not entry.is_removable

    again = models_of(tmp_path / "downloads", settings)
    assert again.own_folder == tmp_path / "own"
    assert await again.use_folder(None) == 0
    assert not (await again.entries())[0].is_installed


@pytest.mark.parametrize(
    ("language", "base_ms_per_second", "recommended"),
    [
        ("en", None, ["base"]),
        ("de", 40.0, ["base"]),
        ("en", 2_000.0, ["tiny.en"]),  # this computer does not manage the better one
        ("de", 2_000.0, []),  # and the quick one knows no German
        ("auto", None, ["base"]),
    ],
)
async def test_the_best_model_that_is_quick_enough_here_is_recommended(
    tmp_path: Path,
    settings: SettingsStore,
    language: str,
    base_ms_per_second: float | None,
    recommended: list[str],
) -> None:
    folders = ModelFolders(tmp_path, shared=None)
    if base_ms_per_second is not None:
        folders.save_speed(BASE, base_ms_per_second)
    settings.change(options=TranscriptionOptions(language=language))
    entries = await Models(folders, settings).entries()
    assert [entry.name for entry in entries if entry.is_recommended] == recommended
    (base,) = (entry for entry in entries if entry.name == "base")
    assert base.ms_per_second == base_ms_per_second
