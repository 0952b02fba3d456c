from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import StorageError
from app.core.options import ModelId
from app.core.preferences import Settings, ThemeChoice
from app.store.database import Database
from app.store.settings import SettingsStore
from tests.store.test_records import ANY_JSON


def test_change_is_kept_and_told(database: Database) -> None:
    store = SettingsStore(database)
    assert store.settings == Settings()
    told: list[Settings] = []
    stop = store.subscribe(told.append)
    store.change(theme=ThemeChoice.DARK, prices=((ModelId.PULSE, 0.01),))
    store.change(theme=ThemeChoice.DARK)
    stop()
    store.change(speed=1.5)
    assert [one.theme for one in told] == [ThemeChoice.DARK]
    assert SettingsStore(database).settings == store.settings


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(list(Settings.__dataclass_fields__)), text=st.text())
def test_damaged_value_never_stops_the_start(database: Database, name: str, text: str) -> None:
    with database.writing() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO settings VALUES (?, ?)",
            (name, text.encode("utf-8", "replace").decode()),
        )
    assert isinstance(SettingsStore(database).settings, Settings)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=ANY_JSON)
def test_speed_is_always_one_that_can_be_played(database: Database, value: object) -> None:
    import json

    with database.writing() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO settings VALUES ('speed', ?)", (json.dumps(value),)
        )
    assert 0.5 <= SettingsStore(database).settings.speed <= 3


def test_setting_that_is_no_more_disturbs_nothing(database: Database) -> None:
    with database.writing() as connection:
        connection.executemany(
            "INSERT INTO settings VALUES (?, ?)",
            [
                ("follows_playback", "false"),
                ("panes_hidden", '["library"]'),
                ("seen_hints", '["drop"]'),
                ("shows_timestamps", "false"),
                ("speaker_count", "3"),
                ("cache_limit_bytes", "1000"),
                ("speed", "1.5"),
            ],
        )
    store = SettingsStore(database)
    assert store.settings == Settings(speed=1.5)
    store.change(volume=0.5)
    assert SettingsStore(database).settings == Settings(speed=1.5, volume=0.5)


def test_what_a_newer_version_kept_is_passed_over_and_stays(database: Database) -> None:
    newer = {
        "lyrics_mode": '{"on": true, "lines": [1, 2]}',  # a name that is not known here
        "theme": '"sepia"',  # a value that is not known here
        "watch_folders": '[{"path": "/talks", "depth": 3}]',  # a field that is not known here
        "interface_language": '"de"',
    }
    with database.writing() as connection:
        connection.executemany("INSERT INTO settings VALUES (?, ?)", newer.items())

    store = SettingsStore(database)
    assert store.settings.theme is Settings().theme
    assert store.settings.interface_language == "de"
    store.change(volume=0.5)

    assert dict(database.read("SELECT name, value FROM settings")) == newer | {"volume": "0.5"}


def test_change_that_cannot_be_kept_changes_nothing(database: Database) -> None:
    store = SettingsStore(database)
    with database.writing() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="disk is full"):
        store.change(geometry="x" * 100_000)
    assert store.settings == Settings()
    assert SettingsStore(database).settings == Settings()
