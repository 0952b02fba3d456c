"""What the desktop is told, looked at by the distributions' own tools where they are here."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from app import APP_ID
from app.core.file_kinds import RECORDING_SUFFIXES
from tests.packaging.conftest import PACKAGING, Load

LINUX = PACKAGING / "linux"


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"no {tool} here")


@pytest.fixture
def files(load: Load, tmp_path: Path) -> dict[str, Path]:
    """The files as a package has them."""
    building = load("building")
    made = {}
    for source, name in (
        ("wordlight.desktop.in", f"{APP_ID}.desktop"),
        ("metainfo.xml.in", f"{APP_ID}.metainfo.xml"),
        ("mime.xml", f"{APP_ID}.xml"),
        ("wordlight.1", "wordlight.1"),
    ):
        text = building.filled((LINUX / source).read_text("utf-8"), 1_700_000_000)
        made[source] = tmp_path / name
        made[source].write_text(text, "utf-8")
    return made


def complaints(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr) if done.returncode else ""


@needs("desktop-file-validate")
def test_the_desktop_entry_is_valid(files: dict[str, Path]) -> None:
    assert complaints("desktop-file-validate", files["wordlight.desktop.in"]) == ""


@needs("appstreamcli")
def test_the_description_for_software_centres_is_valid(files: dict[str, Path]) -> None:
    path = files["metainfo.xml.in"]
    assert complaints("appstreamcli", "validate", "--no-net", "--explain", path) == ""


@needs("update-mime-database")
def test_the_types_of_files_are_taken_up(files: dict[str, Path], tmp_path: Path) -> None:
    packages = tmp_path / "mime" / "packages"
    packages.mkdir(parents=True)
    shutil.copy2(files["mime.xml"], packages)
    assert complaints("update-mime-database", tmp_path / "mime") == ""
    globs = (tmp_path / "mime" / "globs2").read_text("utf-8")
    assert "application/x-wordlight:*.wordlight" in globs


@needs("man")
def test_the_manual_page_is_laid_out_without_a_warning(files: dict[str, Path]) -> None:
    done = subprocess.run(
        ["man", "--warnings", "-l", files["wordlight.1"]],
        env={"LC_ALL": "C.UTF-8", "MANWIDTH": "80", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    for verb in ("transcribe", "export", "import", "list", "doctor"):
        assert verb in done.stdout


def test_the_manual_page_tells_every_command(files: dict[str, Path]) -> None:
    from app.__main__ import _COMMANDS

    text = files["wordlight.1"].read_text("utf-8")
    assert {one for one in _COMMANDS if f".B {one}\n" in text} == _COMMANDS


def test_entry_description_and_window_are_called_the_same(files: dict[str, Path]) -> None:
    described = ET.parse(files["metainfo.xml.in"]).getroot()  # noqa: S314 - our own
    assert described.findtext("id") == APP_ID
    assert described.findtext("launchable") == files["wordlight.desktop.in"].name


def test_open_with_is_offered_for_just_what_is_read(load: Load, files: dict[str, Path]) -> None:
    bundle = load("bundle")
    entry = files["wordlight.desktop.in"].read_text("utf-8")
    (line,) = (line for line in entry.splitlines() if line.startswith("MimeType="))
    offered = line.removeprefix("MimeType=").rstrip(";").split(";")

    assert sorted(offered) == sorted([bundle.OWN_TYPE, *bundle.MIME_TYPES])
    endings = {f".{one}" for told in bundle.MIME_TYPES.values() for one in told.split()}
    assert endings <= RECORDING_SUFFIXES
