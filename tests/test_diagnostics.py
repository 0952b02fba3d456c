"""The log, the last nets under everything, and the report for ``wordlight doctor``."""

from __future__ import annotations

import asyncio
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import __version__, diagnostics
from app.diagnostics import LOG_NAME, LogFile, Redactor, follow_loop
from app.ondevice.installed import ModelFolders
from app.store.paths import AppPaths
from app.system.start_watch import CRASH_NAME

KEY = "c0ffee-1234"


@pytest.fixture
def redactor():
    one = Redactor()
    one.hide(KEY)
    return one


@pytest.fixture
def log(tmp_path, redactor):
    level = logging.getLogger().level
    one = LogFile(tmp_path / "logs", redactor)
    yield one
    one.close()
    logging.getLogger().setLevel(level)


def written(log: LogFile) -> str:
    assert log.path is not None
    return log.path.read_text("utf-8")


@pytest.mark.parametrize(
    "text", [f"key={KEY}", f"{KEY}{KEY}", "sk_0123456789abcdef", "sk-live-0123456789"]
)
def test_keys_are_taken_out(redactor, text):
    cleaned = redactor.clean(f"before {text} after")

    assert KEY not in cleaned
    assert "0123456789" not in cleaned
    assert cleaned.startswith("before ")
    assert cleaned.endswith(" after")


def test_bearer_token_is_taken_out_whatever_it_looks_like():
    assert Redactor().clean("Authorization: Bearer a.b/c= x") == "Authorization: Bearer (key) x"


def test_longer_key_that_begins_with_a_shorter_leaves_no_rest():
    redactor = Redactor()
    redactor.hide("abcd")
    redactor.hide("abcdefgh")

    assert redactor.clean("abcdefgh") == "(key)"


def test_other_text_is_left_alone(redactor):
    text = "ask_not what task_id=12 risk_free"

    assert redactor.clean(text) == text


def test_empty_secret_hides_nothing():
    redactor = Redactor()
    redactor.hide("")

    assert redactor.clean("text") == "text"


def test_log_holds_no_key_even_in_a_traceback(log, expected_log):
    expected_log("refused")
    try:
        int(f"bad header {KEY}")
    except ValueError:
        logging.getLogger("app.waves").exception("refused %s", KEY)

    text = written(log)
    assert "refused (key)" in text
    assert "bad header (key)" in text
    assert KEY not in text


def test_log_begins_with_the_version(log):
    assert f"Wordlight {__version__}" in written(log)


def test_long_log_is_turned_over(log):
    for _ in range(30):
        logging.getLogger("app").info("x" * 100_000)

    assert log.path is not None
    kept = sorted(one.name for one in log.path.parent.glob(f"{LOG_NAME}*"))
    assert kept == [LOG_NAME, f"{LOG_NAME}.1", f"{LOG_NAME}.2", f"{LOG_NAME}.3"]


def test_program_starts_without_a_log_where_none_can_be_written(tmp_path, redactor, capsys):
    (tmp_path / "logs").write_text("in the way")

    log = LogFile(tmp_path / "logs", redactor)

    assert log.path is None
    said = capsys.readouterr().err
    assert "There is no log of this run" in said
    assert str(tmp_path / "logs") in said
    log.close()


def test_loop_errors_are_logged_and_told(expected_log):
    expected_log("no luck")
    told: list[BaseException] = []

    async def fail_in_a_callback() -> None:
        loop = asyncio.get_running_loop()
        follow_loop(loop, told.append)
        done = asyncio.Event()

        def fail() -> None:
            done.set()
            raise ValueError("no luck")

        loop.call_soon(fail)
        await done.wait()

    asyncio.run(fail_in_a_callback())

    assert [str(error) for error in told] == ["no luck"]


def child(code: str, folder: Path) -> str:
    """Run code with the nets up, in an interpreter of its own; gives its log."""
    start = (
        "import pathlib, sys, threading\n"
        "from app import diagnostics\n"
        f"log = diagnostics.LogFile(pathlib.Path({str(folder)!r}), diagnostics.Redactor())\n"
        "diagnostics.catch_unhandled()\n"
    )
    subprocess.run(
        [sys.executable, "-c", start + code], capture_output=True, text=True, check=False
    )
    return (folder / LOG_NAME).read_text("utf-8")


def test_error_that_nobody_caught_is_logged(tmp_path):
    text = child("raise ValueError('oh no sk_0123456789')", tmp_path)

    assert "CRITICAL app.diagnostics: Unhandled error" in text
    assert "ValueError: oh no (key)" in text


def test_error_in_a_thread_is_logged(tmp_path):
    text = child(
        "thread = threading.Thread(target=lambda: 1 / 0)\nthread.start()\nthread.join()",
        tmp_path,
    )

    assert "ZeroDivisionError" in text


def test_qt_messages_are_logged(tmp_path):
    text = child(
        "diagnostics.follow_qt()\nfrom PySide6.QtCore import qWarning\nqWarning('odd layout')",
        tmp_path,
    )

    assert "WARNING qt: odd layout" in text


def test_loading_sound_never_calls_python_under_the_lock_of_the_loader(tmp_path):
    text = child(
        "diagnostics.follow_qt()\n"
        "from PySide6.QtCore import QLoggingCategory\n"
        "from app.player.qt_engine import load_plugins\n"
        "load_plugins()\n"
        "missing = QLoggingCategory('qt.multimedia.symbolsresolver')\n"
        "import logging\nlogging.error('missing is told: %s', missing.isWarningEnabled())",
        tmp_path,
    )

    assert "missing is told: False" in text
    assert "symbolsresolver" not in text


def test_crash_leaves_its_stack(tmp_path):
    child("import os, faulthandler\nos.abort()", tmp_path)

    assert "Fatal Python error: Aborted" in (tmp_path / CRASH_NAME).read_text()


def test_importing_needs_no_qt():
    code = (
        "import sys\n"
        "import app.diagnostics\n"
        "assert not [one for one in sys.modules if one.startswith('PySide6')]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


def test_report_tells_versions_folders_devices_and_models_but_no_key(tmp_path, monkeypatch):
    monkeypatch.setenv("SMALLEST_API_KEY", KEY)
    paths = AppPaths.below(tmp_path)

    text = diagnostics.report(paths, ModelFolders(tmp_path / "models"))

    assert __version__ in text
    assert str(paths.data) in text
    text = re.sub(" +", " ", text)
    for fact in (
        "PySide6",
        "Qt platform offscreen",
        "ffmpeg version",
        "Keyring",
        "tiny.en",
    ):
        assert fact in text
    assert "Key in environment yes" in text
    assert KEY not in text


@pytest.mark.parametrize(
    ("device", "trouble", "told"),
    [
        ("", "", "Computes not known yet\n"),
        ("cuda", "", "Computes cuda\n"),
        ("cpu", "no libcublas.so.12", "Computes cpu; the card: no libcublas.so.12\n"),
    ],
)
def test_report_tells_what_computes_and_why_a_card_does_not(tmp_path, device, trouble, told):
    folders = ModelFolders(tmp_path / "models")
    if device:
        folders.save_device(device, trouble)

    text = diagnostics.report(AppPaths.below(tmp_path), folders)

    assert told in re.sub(" +", " ", text) + "\n"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a screen")
@pytest.mark.parametrize(
    ("display", "sentence"),
    [("", "There is no screen."), (":4711", "The screen cannot be used.")],
    ids=["none", "unreachable"],
)
def test_report_without_a_screen_says_so_once_and_tells_the_rest(
    tmp_path, monkeypatch, display, sentence
):
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("WAYLAND_DISPLAY", "")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")

    text = diagnostics.report(AppPaths.below(tmp_path), ModelFolders(tmp_path / "models"))

    assert text.count(sentence) == 1
    assert "plugin" not in text
    assert "does not start" not in text
    assert re.search(r"Keyring +keyring\.backends\.null\.Keyring", text)
    assert re.search(r"Audio outputs +\S", text)
