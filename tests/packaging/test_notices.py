"""Every file of a bundle belongs to somebody, and everybody's terms are told."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.conftest import PACKAGING, Load


@pytest.fixture
def notices(load: Load) -> ModuleType:
    return load("notices")


@pytest.fixture
def packages(notices: ModuleType):
    return notices.Packages(metadata.distributions())


def test_every_component_of_the_tables_has_its_text(notices: ModuleType) -> None:
    for _, component in (*notices.HIDDEN, *notices.OF_THE_SYSTEM):
        if component.name == "CPython":  # Python brings its own
            continue
        text = notices.text_of(component)
        assert len(text) > 100, component.name
        assert "@COPYRIGHT@" not in text
        if component.licence.startswith(("LGPL", "GPL")):
            assert component.sources.startswith("https://"), component.name


def words(text: str) -> str:
    """Give a text without its lines, marks of comments and years."""
    return " ".join(re.sub(r"(?m)^(\*\*| \.$)", "", text).split()).replace("-2022", "-2023")


TRUE_TEXTS = {
    # where a system has the text as its makers wrote it; ours has no word of its own
    "ICU": "usr/share/icu/*/LICENSE",
    "SQLite": "usr/include/sqlite3ext.h",
    "liblzma": "usr/share/doc/liblzma5/copyright",
}


@pytest.mark.parametrize("name", TRUE_TEXTS)
def test_a_text_is_that_of_its_makers(notices: ModuleType, name: str) -> None:
    found = next(Path("/").glob(TRUE_TEXTS[name]), None)
    if found is None:
        pytest.skip("this system does not have it")
    true = words(found.read_text("utf-8"))
    ours = (notices.TEXTS / f"{name}.txt").read_text("utf-8")
    # What newer releases say instead stands in no file of this system.
    ours = ours.partition("From version 5.6 on")[0].replace("Up to version 5.5, from ", "")

    for piece in re.split(r"\n\s*\n|-{9,}", ours):
        if piece.strip() and "COPYING of XZ" not in piece:
            assert words(piece) in true


def test_the_dictionaries_of_icu_whose_terms_are_not_told_are_left_out(load: Load) -> None:
    assert "brkitr" in load("leaner").ICU_LEFT_OUT


def test_every_package_a_user_gets_has_its_text(notices: ModuleType, packages) -> None:
    lock = (PACKAGING / "run.lock").read_text("utf-8")
    for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE):
        try:
            one = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # of another system
        component, text = packages.component(one)
        assert text, name
        assert component.licence, name


BRINGS_ITS_TEXT = {
    # packages of other systems, and of newer Pythons, whose wheels were looked into
    *("audioop-lts", "catap", "colorama", "pyobjc-framework-cocoa", "pywin32-ctypes"),
    "soundcard",
}
NOT_FOR_US = {"httpx2-jsfetch"}  # of a browser


def test_a_package_of_another_system_has_its_text_too(notices: ModuleType) -> None:
    lock = (PACKAGING / "run.lock").read_text("utf-8")
    elsewhere = set(
        re.findall(r"^([A-Za-z0-9._-]+)==\S+ ; .*sys_platform == '", lock, re.MULTILINE)
    )

    assert {"catap", "soundcard"} <= elsewhere
    known = {*notices.WITHOUT_TEXT, *BRINGS_ITS_TEXT, *NOT_FOR_US}
    assert elsewhere - {*_installed()} <= known, "look into their wheels, then say so here"


def _installed() -> set[str]:
    return {re.sub(r"[-_.]+", "-", one.name).lower() for one in metadata.distributions()}


def test_a_file_of_nobody_is_refused(notices: ModuleType, packages) -> None:
    files = ["wordlight", "lib/app/store/migrations/0001_first.sql", "lib/libnobody.so.1"]

    with pytest.raises(notices.SetupError, match=r"libnobody\.so\.1"):
        notices.find_parts(files, [], packages, "PSF")


def test_what_a_wheel_hides_is_told_beside_the_wheel(notices: ModuleType, packages) -> None:
    files = ["lib/PySide6/Qt/lib/libQt6Core.so.6", "lib/libpython3.11.so.1.0", "lib/ffmpeg"]
    parts = notices.find_parts(files, ["httpx/__init__.py"], packages, "PSF LICENSE")
    names = {component.name for component in parts.files}

    assert {"Qt", "CPython", "Opus", "FFmpeg, built for Wordlight", "httpx"} <= names
    told = notices.notices(parts, "MIT License")
    assert told.startswith("What Wordlight is made of")
    for wanted in ("GNU LESSER GENERAL PUBLIC LICENSE", "PSF LICENSE", "Sources: https://"):
        assert wanted in told


def test_the_list_of_parts_is_the_same_for_the_same_bundle(
    notices: ModuleType, packages, tmp_path: Path
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "ffmpeg").write_bytes(b"\x7fELF")
    parts = notices.find_parts(["lib/ffmpeg"], [], packages, "PSF")
    one, two = (
        notices.list_of_parts(parts, tmp_path, version="1.0", commit="abc") for _ in range(2)
    )

    assert one == two
    told = json.loads(one)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    (ffmpeg,) = (part for part in told["components"] if part["name"].startswith("FFmpeg"))
    assert ffmpeg["evidence"]["occurrences"] == [{"location": "lib/ffmpeg"}]
    assert len(ffmpeg["hashes"][0]["content"]) == 64
    refs = {part["bom-ref"] for part in told["components"]}
    assert set(told["dependencies"][0]["dependsOn"]) == refs
