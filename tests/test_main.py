"""The way in: what a start of the program becomes, above all in a frozen bundle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.errors import Action, RecogniserError
from app.jobs.spelling import Speller
from app.ondevice.child import Child
from app.ondevice.protocol import Failed, Request, read_answer, to_line
from app.probe import Side
from app.system.children import OTHER_BUILD, OwnChild, own_command, own_environment

# A frozen bundle runs app/__main__.py itself; there is no interpreter to be given -m or -c.
_BUNDLE = f"""#!{sys.executable}
import sys
sys.frozen = True
sys.executable = __file__
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
from app.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that takes itself for a frozen bundle, and this process for a run of it."""
    path = tmp_path / "wordlight-bundle"
    path.write_text(_BUNDLE)
    path.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(path))
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="no line there says what runs a script")
def test_a_frozen_program_is_its_own_recogniser(bundle: Path, tmp_path: Path) -> None:
    command = own_command(OwnChild.RECOGNISER)
    assert command[:2] == [str(bundle), OwnChild.RECOGNISER.value]

    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=own_environment(),
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(to_line(Request(str(tmp_path / "no-model"), "no.wav", "en")))
        worker.stdin.flush()
        answer = read_answer(worker.stdout.readline())
        worker.stdin.close()

        assert isinstance(answer, Failed)
        assert worker.wait(20) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no line there says what runs a script")
@pytest.mark.parametrize(
    ("command", "code"),
    [(["--version"], 0), (["list"], 0), (["export", "nothing"], 1), (["transcribe"], 2)],
)
def test_a_frozen_program_that_nobody_hears_does_what_it_is_told(
    bundle: Path, tmp_path: Path, command: list[str], code: int
) -> None:
    # As Windows starts a windowed one; a failure is told in a file, there is nowhere else.
    failed = tmp_path / "failed.txt"
    deaf = (
        "sys.frozen = True\nsys.stdin = sys.stdout = sys.stderr = None\n"
        f"sys.excepthook = lambda *what: open({str(failed)!r}, 'w').write(repr(what))"
    )
    bundle.write_text(_BUNDLE.replace("sys.frozen = True", deaf))

    done = subprocess.run(
        [str(bundle), *command],
        env={**os.environ, "WORDLIGHT_HOME": str(tmp_path / "home")},
        capture_output=True,
        check=False,
    )

    assert not failed.exists(), failed.read_text()
    assert done.returncode == code
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.fixture
def newer_bundle(bundle: Path, tmp_path: Path) -> Path:
    """The bundle after another build was put in its place; this process is of the old one."""
    contents = tmp_path / "lib"
    contents.mkdir()
    (contents / "commit.txt").write_text("0123456789ab")
    told = f"sys.frozen = True\nsys._MEIPASS = {str(contents)!r}"
    bundle.write_text(_BUNDLE.replace("sys.frozen = True", told))
    return bundle


@pytest.mark.skipif(sys.platform == "win32", reason="no line there says what runs a script")
@pytest.mark.parametrize("child", OwnChild)
def test_no_part_of_another_build_says_a_word(newer_bundle: Path, child: OwnChild) -> None:
    done = subprocess.run(
        [*own_command(child), Side.SOUND.value],
        input=b'{"kind": "something new"}\n',
        env=own_environment(),
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (OTHER_BUILD, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="no line there says what runs a script")
async def test_a_window_that_was_updated_beneath_says_so(
    newer_bundle: Path, tmp_path: Path, expected_log
) -> None:
    expected_log("The recogniser ended: exit code 76")
    child = await Child.start(tmp_path)
    answers = child.ask(Request(str(tmp_path), "no.wav", "en"))
    with pytest.raises(RecogniserError, match="was updated while this window was open") as told:
        await anext(answers)
    assert told.value.pauses_queue
    assert told.value.action is Action.RESTART
    await child.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no line there says what runs a script")
async def test_spelling_in_a_window_that_was_updated_beneath_says_so(
    newer_bundle: Path, tmp_path: Path
) -> None:
    for suffix in (".aff", ".dic"):
        (tmp_path / f"en_US{suffix}").write_text("SET UTF-8\n" if suffix == ".aff" else "0\n")
    speller = Speller(lambda: [tmp_path])
    with pytest.raises(RecogniserError, match="was updated while this window") as told:
        await speller.open("en")
    assert told.value.action is Action.RESTART
    await speller.aclose()


@pytest.mark.skipif(sys.platform == "win32", reason="no line there says what runs a script")
@pytest.mark.parametrize("side", Side)
def test_a_frozen_program_is_its_own_probe(bundle: Path, tmp_path: Path, side: Side) -> None:
    done = subprocess.run(
        [*own_command(OwnChild.PROBE), side.value],
        cwd=tmp_path,
        env=own_environment(os.environ, all_but=()),
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {
        Side.SCREEN: "platform",
        Side.SOUND: "outputs",
        Side.KEYRING: "keyring",
        Side.KEY: "is_kept",
    }[side] in told
