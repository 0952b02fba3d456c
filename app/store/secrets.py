"""The API key: in the system's keyring, the environment, this session, or a file.

Keyrings may ask the person, wait for ever or raise whatever their library does, so
each call has a time limit and every failure means the same: no keyring.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import stat
import threading
from collections.abc import Callable, MutableMapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar, cast, final

from typing_extensions import override

from app.core.errors import Action, StorageError
from app.core.messages import message
from app.system.children import OwnChild, own_command, own_environment, quiet_flags
from app.system.files import explain, write_whole

SERVICE = "Wordlight"
USER = "smallest.ai"
VARIABLE = "SMALLEST_API_KEY"
KEY_FILE = "api-key"

_LOG = logging.getLogger(__name__)
_LONGEST_KEY = 4096
_Result = TypeVar("_Result")


@final
class ApiKey:
    """A key that shows itself only when asked to."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Take a key as typed or pasted; spaces around it are dropped.

        Raises:
            StorageError: That is no key.
        """
        trimmed = text.strip()
        if (
            not trimmed
            or len(trimmed) > _LONGEST_KEY
            or any(not "!" <= character <= "~" for character in trimmed)
        ):
            raise StorageError(
                message(
                    "That does not look like an API key. Copy it again, without spaces or "
                    "line breaks."
                ),
                action=Action.ENTER_KEY,
            )
        self._text = trimmed

    def reveal(self) -> str:
        """Give the key itself, for the one header it goes into."""
        return self._text

    @override
    def __repr__(self) -> str:
        return "ApiKey(…)"

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, ApiKey) and other._text == self._text

    @override
    def __hash__(self) -> int:
        return hash(self._text)

    @override
    def __reduce__(self) -> str:
        raise TypeError("a key is not written down")


class KeyPlace(StrEnum):
    """Where the key in use comes from."""

    NONE = "none"
    KEYRING = "keyring"
    ENVIRONMENT = "environment"
    SESSION = "session"
    FILE = "file"


class Keyring(Protocol):
    """What is used of a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """Give the kept text, if any."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a text."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget the text."""
        ...


class NoKeyringError(Exception):
    """There is no keyring, it is locked, or it does not answer."""


def system_keyring() -> Keyring | None:
    """Give the system's keyring, or nothing if there is none that keeps secrets."""
    import keyring
    from keyring.backends import fail, null

    found = keyring.get_keyring()
    # priority below 1: backends that keep texts readable or keep nothing
    if isinstance(found, (fail.Keyring, null.Keyring)) or found.priority < 1:
        return None
    # its stubs hide the parameters of a decorated method
    return cast("Keyring", found)


def is_in_keyring(timeout_s: float) -> bool:
    """Look for the key in the system's keyring by a process of its own; blocks.

    The libraries of a keyring take as much memory as a whole page, and until something is
    sent nobody needs the key itself.

    Args:
        timeout_s: How long that may take.
    """
    import subprocess  # it takes its time, and is not for the first paint

    try:
        done = subprocess.run(  # noqa: S603 - a part of our own program
            [*own_command(OwnChild.PROBE), "key"],
            env=own_environment(all_but={VARIABLE}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=quiet_flags(),
            timeout=timeout_s,
            check=False,
        )
        told: object = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return False
    return told == {"is_kept": True}


class KeyStore:
    """Keep and give the API key. Its methods may wait: call them in a thread.

    The key is looked for in this order: what was entered for this session, the
    keyring, the file (kept only after a person agreed to it), the environment.
    """

    def __init__(
        self,
        config: Path,
        environ: MutableMapping[str, str] = os.environ,
        *,
        find_keyring: Callable[[], Keyring | None] = system_keyring,
        is_in_keyring: Callable[[float], bool] | None = None,
        timeout_s: float = 10.0,
    ) -> None:
        """Take the key out of the environment, so that no child process inherits it.

        Args:
            config: Folder for the file.
            environ: The environment.
            find_keyring: Gives the keyring; called in a thread of its own.
            is_in_keyring: Tells whether the key is there, without bringing the keyring in;
                the keyring itself is asked if left out.
            timeout_s: How long the keyring may take.
        """
        self._file = config / KEY_FILE
        self._find_keyring = find_keyring
        self._is_in_keyring = is_in_keyring
        self._follow: Callable[[ApiKey], None] = _ignore
        self._timeout_s = timeout_s
        self._lock = threading.RLock()
        self._session: ApiKey | None = None
        self._environment: ApiKey | None = _key_of(environ.pop(VARIABLE, ""))
        self._cached: tuple[ApiKey | None, KeyPlace] | None = None

    def follow(self, listener: Callable[[ApiKey], None]) -> None:
        """Tell ``listener`` of each key before anybody else gets it, in whatever thread."""
        self._follow = listener
        if self._environment is not None:
            listener(self._environment)

    def load(self) -> ApiKey | None:
        """Give the key, if there is one."""
        return self._find()[0]

    def is_there(self) -> bool:
        """Tell whether there is a key."""
        with self._lock:
            if self._cached is None and self._is_in_keyring is not None:
                is_at_hand = self._session or self._environment or self._read_file()
                return bool(is_at_hand) or self._is_in_keyring(self._timeout_s)
        return self.load() is not None

    def where(self) -> KeyPlace:
        """Tell where the key comes from."""
        return self._find()[1]

    def keyring_works(self) -> bool:
        """Tell whether a key can be kept in the keyring."""
        try:
            return self._ask(lambda found: found is not None)
        except NoKeyringError:
            return False

    def save(self, key: ApiKey) -> KeyPlace:
        """Keep a key in the keyring, or for this session where there is none.

        Returns:
            Where it is now; after ``SESSION`` the person may be offered the file.
        """
        self._follow(key)
        with self._lock:
            place = KeyPlace.KEYRING
            try:
                self._ask(
                    lambda found: _required(found).set_password(SERVICE, USER, key.reveal())
                )
                kept = self._ask(lambda found: _required(found).get_password(SERVICE, USER))
                if kept != key.reveal():
                    place = KeyPlace.SESSION
            except NoKeyringError:
                place = KeyPlace.SESSION
            if place is KeyPlace.KEYRING:
                self._session = None
                self._remove_file()  # an older key must not come back
            else:
                self._session = key
            self._cached = (key, place)
            return place

    def save_in_file(self, key: ApiKey) -> None:
        """Keep a key in a file that only this person can read; ask the person first.

        Raises:
            StorageError: It could not be written.
        """
        with self._lock:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                # made empty and closed to others before the key goes in
                descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o600)
                os.close(descriptor)
                self._file.chmod(0o600)
            except OSError as error:
                raise StorageError(explain(error, self._file)) from error
            self._follow(key)
            write_whole(self._file, key.reveal().encode())
            self._session = None
            self._cached = (key, KeyPlace.FILE)

    def forget(self) -> None:
        """Remove the key from keyring, file, session and this process's environment."""
        with self._lock:
            self._session = self._environment = None
            self._remove_file()
            with contextlib.suppress(NoKeyringError):
                self._ask(_forget_in)
            self._cached = None

    def _find(self) -> tuple[ApiKey | None, KeyPlace]:
        with self._lock:
            if self._cached is None:
                found, place = self._look()
                if found is not None:
                    self._follow(found)
                self._cached = found, place
            return self._cached

    def _look(self) -> tuple[ApiKey | None, KeyPlace]:
        if self._session is not None:
            return self._session, KeyPlace.SESSION
        try:
            text = self._ask(lambda found: _required(found).get_password(SERVICE, USER))
        except NoKeyringError:
            text = None
        if key := _key_of(text or ""):
            return key, KeyPlace.KEYRING
        if key := self._read_file():
            return key, KeyPlace.FILE
        if self._environment is not None:
            return self._environment, KeyPlace.ENVIRONMENT
        return None, KeyPlace.NONE

    def _read_file(self) -> ApiKey | None:
        try:
            if os.name == "posix" and stat.S_IMODE(self._file.stat().st_mode) & 0o077:
                self._file.chmod(0o600)  # others could read it: close it again
            return _key_of(self._file.read_text("utf-8", "replace"))
        except OSError:
            return None

    def _remove_file(self) -> None:
        with contextlib.suppress(OSError):
            self._file.unlink()

    def _ask(self, question: Callable[[Keyring | None], _Result]) -> _Result:
        """Put a question to the keyring, within the time limit.

        Raises:
            NoKeyringError: It failed or did not answer.
        """
        answers: list[_Result] = []

        def ask() -> None:
            try:
                answers.append(question(self._find_keyring()))
            except Exception as error:  # noqa: BLE001 - backends raise whatever their library does
                _LOG.info("The keyring cannot be used: %s", type(error).__name__)

        # A thread of its own, not a pool's: one that hangs must not keep the program alive.
        thread = threading.Thread(target=ask, name="keyring", daemon=True)
        thread.start()
        thread.join(self._timeout_s)
        if not answers:
            raise NoKeyringError
        return answers[0]


def _ignore(_key: ApiKey) -> None:
    pass


def _required(found: Keyring | None) -> Keyring:
    if found is None:
        raise NoKeyringError
    return found


def _forget_in(found: Keyring | None) -> None:
    if found is not None and found.get_password(SERVICE, USER) is not None:
        found.delete_password(SERVICE, USER)


def _key_of(text: str) -> ApiKey | None:
    try:
        return ApiKey(text) if text.strip() else None
    except StorageError:
        return None
