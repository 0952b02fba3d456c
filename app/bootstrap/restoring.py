"""Put a backup in the library's place while nothing has it open."""

from __future__ import annotations

from pathlib import Path

from app.core.errors import StorageError
from app.core.messages import Message, message
from app.store.backup import restore_backup
from app.store.paths import AppPaths
from app.system.locks import Presence


def restore(paths: AppPaths, backup: Path) -> Message:
    """Restore; what is kept must be closed. Blocks.

    Returns:
        What happened. If it could not be done the library is as it was.
    """
    presence = Presence(paths.presence)
    try:
        if not presence.is_alone():
            return message(
                "Another Wordlight is using this library, perhaps in a terminal. Let it "
                "finish, then restore again."
            )
        aside = restore_backup(backup, paths.database, recordings=paths.copies)
    except StorageError as error:
        return error.message
    finally:
        presence.close()
    if aside is None:
        return message("The library was restored from {name}.", name=backup.name)
    return message(
        "The library was restored from {name}. The previous one was saved as {aside}.",
        name=backup.name,
        aside=aside.name,
    )
