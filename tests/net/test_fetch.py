from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.core.errors import RecordingError
from app.net.fetch import fetch
from app.net.network import NetworkSettings
from tests.support.proxy import running_proxy
from tests.support.shelf import CONTENT, Shelf, shelf

__all__ = ["shelf"]


async def get(
    link: str, target: Path, network: NetworkSettings | None = None, **more: int
) -> list[tuple[int, int | None]]:
    told: list[tuple[int, int | None]] = []
    await fetch(
        link,
        target,
        network or NetworkSettings(),
        on_progress=lambda done, total: told.append((done, total)),
        **more,
    )
    return told


async def test_it_arrives_whole_with_progress_and_without_the_key(
    tmp_path: Path, shelf: Shelf
) -> None:
    target = tmp_path / "new" / "talk.mp3"
    told = await get(shelf.link("talk.mp3"), target)
    assert target.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert "authorization" not in shelf.headers_seen[0]
    assert [path.name for path in target.parent.iterdir()] == ["talk.mp3"]


@pytest.mark.parametrize("path", ["moved", "unsized"])
async def test_redirects_and_answers_without_length_are_fine(
    tmp_path: Path, shelf: Shelf, path: str
) -> None:
    await get(shelf.link(path), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("page", "web page"),
        ("gone", "404"),
        ("empty", "nothing at this link"),
        ("broken", "completely"),
        ("round", "completely"),
    ],
)
async def test_what_is_no_recording_leaves_nothing_behind(
    tmp_path: Path, shelf: Shelf, path: str, says: str
) -> None:
    with pytest.raises(RecordingError, match=says):
        await get(shelf.link(path), tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["talk.mp3", "unsized"])
async def test_too_much_is_refused_whether_it_is_announced_or_not(
    tmp_path: Path, shelf: Shelf, path: str
) -> None:
    with pytest.raises(RecordingError, match="too large"):
        await get(shelf.link(path), tmp_path / "a", largest_bytes=100_000)
    assert list(tmp_path.iterdir()) == []


async def test_cancelling_leaves_nothing_behind(tmp_path: Path, shelf: Shelf) -> None:
    begun = asyncio.Event()
    fetching = asyncio.ensure_future(
        fetch(
            shelf.link("stuck"),
            tmp_path / "a",
            NetworkSettings(),
            on_progress=lambda done, total: begun.set(),
        )
    )
    await begun.wait()
    fetching.cancel()
    await asyncio.wait([fetching])
    assert fetching.cancelled()
    assert list(tmp_path.iterdir()) == []


async def test_links_that_lead_nowhere_are_sentences(tmp_path: Path) -> None:
    for link in ("file:///etc/passwd", "http://", "http://a:b/c", "http://[::1"):
        with pytest.raises(RecordingError, match="not a link"):
            await get(link, tmp_path / "a")
    with pytest.raises(RecordingError, match="cannot be found"):
        await get("http://nowhere.invalid/a.mp3", tmp_path / "a")


async def test_it_comes_through_the_persons_proxy(tmp_path: Path, shelf: Shelf) -> None:
    with running_proxy({"radio.invalid:80": shelf.server_port}, "me:word") as proxy:
        network = NetworkSettings(proxy=proxy.address("me:word"))
        await get("http://radio.invalid/talk.mp3", tmp_path / "a", network)
        with pytest.raises(RecordingError, match="502"):  # the proxy says so
            await get("http://elsewhere.invalid/talk.mp3", tmp_path / "b", network)

    assert (tmp_path / "a").read_bytes() == CONTENT
    assert "proxy-authorization" not in shelf.headers_seen[0]
