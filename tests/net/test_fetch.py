from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typing_extensions import override

from app.core.errors import RecordingError
from app.net.fetch import fetch
from app.net.network import NetworkSettings
from tests.support.proxy import running_proxy

CONTENT = bytes(range(256)) * 4_000


class Shelf(ThreadingHTTPServer):
    """Gives out one file over loopback, in several manners by path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ShelfHandler)
        self.headers_seen: list[dict[str, str]] = []
        self.release = threading.Event()

    def link(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"


class ShelfHandler(BaseHTTPRequestHandler):
    server: Shelf  # pyright: ignore[reportIncompatibleVariableOverride] – it is

    def do_GET(self) -> None:
        self.server.headers_seen.append({k.lower(): v for k, v in self.headers.items()})
        match self.path.strip("/"):
            case "moved":
                self.send_response(302)
                self.send_header("Location", self.server.link("talk.mp3"))
                self.end_headers()
            case "round":
                self.send_response(302)
                self.send_header("Location", self.server.link("round"))
                self.end_headers()
            case "page":
                self.give(b"<html>", "text/html; charset=utf-8")
            case "gone":
                self.send_error(404)
            case "empty":
                self.give(b"")
            case "broken":
                self.give(CONTENT[:1_000], length=len(CONTENT))
            case "unsized":
                self.give(CONTENT, length=-1)
            case "stuck":
                self.give(CONTENT[:300_000], length=len(CONTENT))
                self.server.release.wait(30)
            case _:
                self.give(CONTENT)

    def give(self, content: bytes, kind: str = "audio/mpeg", length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if length != -1:
            self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with Shelf() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.release.set()
        server.shutdown()
        thread.join()


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
        ("empty", "nothing behind"),
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
        with pytest.raises(RecordingError, match="no link"):
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
