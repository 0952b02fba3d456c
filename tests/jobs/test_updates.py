from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.releases import WEEK_MS, Release
from app.jobs.updates import UpdateError, Updates, has_other_ways
from app.store.opening import open_database
from app.store.settings import SettingsStore
from tests.support.releases import PAGE, Board, board

__all__ = ["board"]


class Clock:
    now_ms = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[SettingsStore]:
    database, _ = open_database(tmp_path / "wordlight.db")
    yield SettingsStore(database)
    database.close()


def updates(settings: SettingsStore, address: str, clock: Clock | None = None) -> Updates:
    return Updates(
        settings,
        address=address,
        version="0.1.0",
        has_other_way=False,
        now_ms=clock or Clock(),
    )


def test_nothing_is_offered_without_a_place_to_look_or_where_others_bring_releases(
    settings: SettingsStore,
) -> None:
    assert not updates(settings, "").is_offered
    assert not Updates(settings, address="https://a.b", has_other_way=True).is_offered
    assert updates(settings, "https://a.b").is_offered


def test_a_flatpak_and_a_snap_have_their_own_way() -> None:
    assert has_other_ways({"FLATPAK_ID": "io.github.wordlight.Wordlight"})
    assert has_other_ways({"SNAP": "/snap/wordlight/1"})
    assert not has_other_ways({"HOME": "/home/ann"})


def test_a_person_is_asked_once_after_the_third_transcript(settings: SettingsStore) -> None:
    one = updates(settings, "https://a.b")
    assert [one.wants_to_ask(count) for count in (0, 2, 3, 4)] == [False, False, True, True]
    one.decide(looks=False)
    assert not one.wants_to_ask(9)
    assert not settings.settings.looks_for_updates


def test_who_switched_it_on_in_the_settings_is_not_asked(settings: SettingsStore) -> None:
    settings.change(looks_for_updates=True)
    assert not updates(settings, "https://a.b").wants_to_ask(3)


async def test_nobody_is_asked_over_the_network_until_a_person_said_so(
    settings: SettingsStore, board: Board
) -> None:
    assert await updates(settings, board.address).look_when_due() is None
    assert board.asked == []


async def test_a_release_is_told_of_once_and_looked_for_weekly(
    settings: SettingsStore, board: Board
) -> None:
    clock = Clock()
    one = updates(settings, board.address, clock)
    one.decide(looks=True)
    assert await one.look_when_due() == Release("99.1", PAGE)
    clock.now_ms += WEEK_MS - 1
    assert await one.look_when_due() is None
    assert len(board.asked) == 1
    clock.now_ms += 1
    assert await one.look_when_due() is None  # told of already
    assert len(board.asked) == 2


async def test_a_look_tells_nothing_about_the_person(
    settings: SettingsStore, board: Board
) -> None:
    await updates(settings, board.address).look()
    ((method, path, headers),) = board.asked
    assert (method, path) == ("GET", "/latest.json")
    assert headers.pop("host").startswith("127.0.0.1")
    assert headers.pop("user-agent") == "Wordlight"
    assert set(headers) <= {"accept", "accept-encoding", "connection"}


async def test_the_same_or_an_older_release_is_none(
    settings: SettingsStore, board: Board
) -> None:
    board.content = b'{"version": "0.1.0", "page": "https://a.b"}'
    assert await updates(settings, board.address).look() is None


async def test_a_look_that_fails_is_silent_and_waits_for_the_next_week(
    settings: SettingsStore, board: Board
) -> None:
    board.status = 500
    one = updates(settings, board.address)
    one.decide(looks=True)
    assert await one.look_when_due() is None
    assert await one.look_when_due() is None
    assert len(board.asked) == 1


@pytest.mark.parametrize("content", [b"<html>", b" " * 70_000])
async def test_nonsense_is_said_to_whoever_asked(
    settings: SettingsStore, board: Board, content: bytes
) -> None:
    board.content = content
    with pytest.raises(UpdateError, match="Could not check for updates"):
        await updates(settings, board.address).look()


async def test_without_a_connection_it_says_so(settings: SettingsStore) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/latest.json"
        with pytest.raises(UpdateError, match="connection"):
            await updates(settings, address).look()
