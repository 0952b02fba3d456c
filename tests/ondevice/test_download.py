from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import RecogniserError
from app.ondevice.catalog import Package, PackageFile
from app.ondevice.download import download
from app.ondevice.installed import ModelFolders
from tests.support.hub import CONTENTS, TOY, Hub, hub, nothing

__all__ = ["hub"]


async def test_model_arrives_whole_with_progress(tmp_path: Path, hub: Hub) -> None:
    told: list[tuple[int, int]] = []
    folders = ModelFolders(tmp_path)

    folder = await download(
        TOY, folders, on_progress=lambda *state: told.append(state), hub=hub.address
    )

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENTS
    assert folders.ready(TOY) == folder
    assert told == sorted(told)
    assert told[-1] == (TOY.size_bytes, TOY.size_bytes)
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


@pytest.mark.parametrize("knows_ranges", [True, False])
async def test_broken_download_goes_on_where_it_stopped(
    tmp_path: Path, hub: Hub, *, knows_ranges: bool, expected_log: object
) -> None:
    assert callable(expected_log)
    expected_log("Download of toy failed")
    folders = ModelFolders(tmp_path)
    hub.stop_after = 1_000
    with pytest.raises(RecogniserError, match="continues where it stopped"):
        await download(TOY, folders, on_progress=nothing, hub=hub.address)
    assert not folders.is_installed(TOY)

    hub.stop_after, hub.knows_ranges = None, knows_ranges
    await download(TOY, folders, on_progress=nothing, hub=hub.address)

    assert hub.asked[-1] == ("model.bin", "bytes=1000-")
    assert folders.ready(TOY)


async def test_cancelled_download_leaves_no_model_and_can_go_on(
    tmp_path: Path, hub: Hub
) -> None:
    hub.hold_after = 1_000
    arrived = asyncio.Event()

    def told(done: int, _total: int) -> None:
        if done >= 1_002:  # config.json and all that the hub gives
            arrived.set()

    task = asyncio.create_task(
        download(TOY, ModelFolders(tmp_path), on_progress=told, hub=hub.address)
    )
    await arrived.wait()
    task.cancel()  # the hub keeps the connection and sends nothing more
    with pytest.raises(asyncio.CancelledError):
        await task
    folders = ModelFolders(tmp_path)
    assert not folders.is_installed(TOY)
    assert (folders.partial(TOY) / "model.bin").read_bytes() == CONTENTS["model.bin"][:1_000]

    hub.hold_after = None
    await download(TOY, folders, on_progress=nothing, hub=hub.address)
    assert hub.asked[-1] == ("model.bin", "bytes=1000-")
    assert folders.is_installed(TOY)


async def test_cancelled_download_gives_its_thread_back_while_the_hub_is_silent(
    tmp_path: Path, hub: Hub
) -> None:
    hub.hold_after = 1_000
    arrived = asyncio.Event()

    def told(done: int, _total: int) -> None:
        if done >= 1_002:
            arrived.set()

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=1))
    task = asyncio.create_task(
        download(TOY, ModelFolders(tmp_path), on_progress=told, hub=hub.address)
    )
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    # There is one thread only; had it waited for the hub, its time-out were in the log.
    await asyncio.to_thread(hub.release.set)


async def test_wrong_content_is_thrown_away(tmp_path: Path, hub: Hub) -> None:
    folders = ModelFolders(tmp_path)
    hub.contents["model.bin"] = b"weighty" * 1_000
    with pytest.raises(RecogniserError, match="Download it again"):
        await download(TOY, folders, on_progress=nothing, hub=hub.address)
    assert not folders.is_installed(TOY)

    hub.contents = dict(CONTENTS)
    await download(TOY, folders, on_progress=nothing, hub=hub.address)
    assert folders.ready(TOY)


async def test_damaged_model_is_replaced(tmp_path: Path, hub: Hub) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "model.bin").write_bytes(b"weighty" * 1_000)

    await download(TOY, ModelFolders(tmp_path), on_progress=nothing, hub=hub.address)

    assert ModelFolders(tmp_path).ready(TOY)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://hub.invalid"])
async def test_unreachable_hub_is_one_sentence(
    tmp_path: Path, address: str, expected_log: object
) -> None:
    assert callable(expected_log)
    expected_log("Download of toy failed")

    with pytest.raises(RecogniserError, match="Check your connection"):
        await download(TOY, ModelFolders(tmp_path), on_progress=nothing, hub=address)


async def test_model_too_large_for_the_disk_is_not_begun(tmp_path: Path, hub: Hub) -> None:
    vast: Package = replace(TOY, files=(PackageFile("model.bin", 10**18, "0" * 64),))

    with pytest.raises(RecogniserError, match="There is not enough disk space"):
        await download(vast, ModelFolders(tmp_path), on_progress=nothing, hub=hub.address)
    assert hub.asked == []
