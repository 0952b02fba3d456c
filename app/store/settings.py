"""What a person has set, kept field by field and read forgivingly."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable
from typing import Any

from app.core.preferences import Settings, within_limits
from app.store.database import Database
from app.store.records import dump, from_plain

Listener = Callable[[Settings], None]


class SettingsStore:
    """The settings, kept in the database; each change is on disk at once.

    Attributes:
        settings: The present settings.
    """

    def __init__(self, database: Database) -> None:
        """Read the settings; what makes no sense has its default.

        Raises:
            StorageError: They cannot be read.
        """
        self._database = database
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self.settings = load(database)

    def change(self, **changes: Any) -> Settings:
        """Set some fields and tell the listeners, in the caller's thread.

        Raises:
            StorageError: It could not be kept; nothing is changed.
        """
        with self._lock:
            after = within_limits(dataclasses.replace(self.settings, **changes))
            if after == self.settings:
                return after
            save(self._database, after, since=self.settings)
            self.settings = after
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(after)
        return after

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after each change; gives a function that ends this."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe


def load(database: Database) -> Settings:
    """Read the settings; unknown names are passed over, bad values have their default."""
    found: dict[str, Any] = {}
    for name, text in database.read("SELECT name, value FROM settings"):
        try:
            found[name] = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            continue
    return within_limits(from_plain(Settings, found))


def save(database: Database, settings: Settings, *, since: Settings | None = None) -> None:
    """Keep settings, only the fields that differ from ``since`` where given."""
    names = [one.name for one in dataclasses.fields(Settings)]
    rows = [
        (name, dump(getattr(settings, name)))
        for name in names
        if since is None or getattr(since, name) != getattr(settings, name)
    ]
    with database.writing() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", rows
        )
