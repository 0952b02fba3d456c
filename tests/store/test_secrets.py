from __future__ import annotations

import logging
import pickle
import threading
from pathlib import Path

import pytest
from typing_extensions import override

from app.core.errors import StorageError
from app.store.secrets import (
    ApiKey,
    KeyPlace,
    Keyring,
    KeyStore,
    is_in_keyring,
    system_keyring,
)

KEY = "sk_0123456789abcdef"


class Drawer:
    """A keyring that keeps its texts in memory."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.texts.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.texts[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.texts[service, username]


class Broken(Drawer):
    @override
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyError(f"org.freedesktop.DBus {KEY}")

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(password)


def no_keyring() -> Keyring | None:
    return None


def test_key_never_shows_itself() -> None:
    key = ApiKey(f"  {KEY}\n")
    assert key.reveal() == KEY
    assert KEY not in f"{key} {key!r} {[key]}"
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize("text", ["", "  ", "two words", "a\nb", "ключ", "x" * 5000])
def test_what_is_no_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(StorageError) as caught:
        ApiKey(text)
    assert not text.strip() or text not in str(caught.value)


def test_key_is_kept_in_the_keyring(tmp_path: Path) -> None:
    drawer = Drawer()
    store = KeyStore(tmp_path, {}, find_keyring=lambda: drawer)
    assert store.where() is KeyPlace.NONE
    assert store.save(ApiKey(KEY)) is KeyPlace.KEYRING
    again = KeyStore(tmp_path, {}, find_keyring=lambda: drawer)
    assert again.load() == ApiKey(KEY)
    assert again.where() is KeyPlace.KEYRING
    again.forget()
    assert again.load() is None
    assert not drawer.texts
    assert list(tmp_path.iterdir()) == []


def test_environment_is_a_fallback_and_is_not_handed_to_children(tmp_path: Path) -> None:
    environ = {"SMALLEST_API_KEY": KEY, "PATH": "/bin"}
    store = KeyStore(tmp_path, environ, find_keyring=no_keyring)
    assert environ == {"PATH": "/bin"}
    assert store.where() is KeyPlace.ENVIRONMENT
    store.save(ApiKey("typed"))
    assert store.load() == ApiKey("typed")
    assert store.where() is KeyPlace.SESSION


def test_without_keyring_the_key_lasts_for_the_session(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, {}, find_keyring=no_keyring)
    assert not store.keyring_works()
    assert store.save(ApiKey(KEY)) is KeyPlace.SESSION
    assert store.load() == ApiKey(KEY)
    assert list(tmp_path.iterdir()) == []
    assert KeyStore(tmp_path, {}, find_keyring=no_keyring).load() is None


def test_file_is_for_this_person_only(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "config", {}, find_keyring=no_keyring)
    store.save_in_file(ApiKey(KEY))
    file = tmp_path / "config" / "api-key"
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    again = KeyStore(tmp_path / "config", {}, find_keyring=no_keyring)
    assert again.load() == ApiKey(KEY)
    assert again.where() is KeyPlace.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    again.forget()
    assert not file.exists()


def test_odd_keyring_is_none_and_the_key_is_not_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        store = KeyStore(tmp_path, {}, find_keyring=Broken)
        assert store.load() is None
        assert store.save(ApiKey(KEY)) is KeyPlace.SESSION
        store.forget()
    assert "KeyError" in caplog.text
    assert KEY not in caplog.text


def test_keyring_that_hangs_is_given_up(tmp_path: Path) -> None:
    release = threading.Event()

    def waits() -> Keyring | None:
        release.wait()
        return None

    store = KeyStore(tmp_path, {"SMALLEST_API_KEY": KEY}, find_keyring=waits, timeout_s=0.01)
    assert store.load() == ApiKey(KEY)
    release.set()


def test_keyring_that_keeps_nothing_is_no_keyring() -> None:
    assert system_keyring() is None  # tests run with keyring's null backend


@pytest.mark.parametrize(
    ("backend", "is_kept"),
    [("tests.support.full_keyring.Keyring", True), ("keyring.backends.null.Keyring", False)],
)
def test_another_process_tells_whether_the_key_is_in_the_keyring(
    monkeypatch: pytest.MonkeyPatch, backend: str, is_kept: bool
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    assert is_in_keyring(60) is is_kept


def test_process_that_does_not_answer_stands_for_no_key() -> None:
    assert not is_in_keyring(0.001)


def test_whether_there_is_a_key_is_asked_without_the_keyring(tmp_path: Path) -> None:
    asked: list[float] = []

    def look(timeout_s: float) -> bool:
        asked.append(timeout_s)
        return True

    def never() -> Keyring | None:
        raise AssertionError("it was not to be loaded")

    def store(environ: dict[str, str]) -> KeyStore:
        return KeyStore(tmp_path, environ, find_keyring=never, is_in_keyring=look, timeout_s=5)

    assert store({"SMALLEST_API_KEY": KEY}).is_there()
    assert asked == []
    assert store({}).is_there()
    assert asked == [5]


def test_key_in_use_answers_whether_there_is_one(tmp_path: Path) -> None:
    store = KeyStore(
        tmp_path, {}, find_keyring=Drawer, is_in_keyring=lambda _: False, timeout_s=5
    )
    assert not store.is_there()
    store.save(ApiKey(KEY))
    assert store.is_there()
    store.forget()
    assert not store.is_there()


def test_follower_hears_of_each_key_first(tmp_path: Path) -> None:
    drawer = Drawer()
    drawer.set_password("Wordlight", "smallest.ai", KEY)
    heard: list[ApiKey] = []
    store = KeyStore(tmp_path, {"SMALLEST_API_KEY": "sk_env"}, find_keyring=lambda: drawer)
    store.follow(heard.append)
    assert heard == [ApiKey("sk_env")]
    store.load()
    assert heard[1:] == [ApiKey(KEY)]
    store.save(ApiKey("sk_typed"))
    store.save_in_file(ApiKey("sk_written"))
    assert heard[2:] == [ApiKey("sk_typed"), ApiKey("sk_written")]
