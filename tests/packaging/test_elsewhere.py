"""What is made for Windows, macOS and stores, as far as it can be seen on any system."""

from __future__ import annotations

import ast
import json
import plistlib
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from app import APP_ID, __version__
from app.core.file_kinds import RECORDING_SUFFIXES
from tests.packaging.conftest import PACKAGING, Load


@pytest.fixture
def elsewhere(load: Load) -> ModuleType:
    return load("elsewhere")


def test_the_windows_installer_offers_wordlight_for_all_it_reads(
    elsewhere: ModuleType, tmp_path: Path
) -> None:
    script = elsewhere.inno_script(tmp_path, tmp_path, "wordlight-x", tmp_path / "w.ico")
    offered = set(
        re.findall(r'SupportedTypes"; ValueType: string; ValueName: "([^"]+)"', script)
    )

    assert offered == {*RECORDING_SUFFIXES, ".wordlight"}
    assert "PrivilegesRequired=lowest" in script
    assert "SignTool" not in script
    assert not re.search(r"@[A-Z0-9_]+@", script)


def test_the_windows_installer_is_signed_where_there_is_something_to_sign_with(
    elsewhere: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(elsewhere.SIGN_TOOL, "signtool sign $f")

    assert "SignTool=wordlight" in elsewhere.inno_script(
        tmp_path, tmp_path, "wordlight-x", tmp_path / "w.ico"
    )


def test_windows_is_told_the_version(elsewhere: ModuleType) -> None:
    told = elsewhere.version_info()

    assert ast.parse(told.strip(), mode="eval")
    numbers = tuple(int(one) for one in __version__.split("."))
    assert f"filevers={(*numbers, 0, 0, 0)[:4]}" in told


def test_an_icon_holds_its_pictures(elsewhere: ModuleType, tmp_path: Path) -> None:
    pictures = {16: b"\x89PNG small", 256: b"\x89PNG large"}
    elsewhere.make_icon(pictures, tmp_path / "w.ico")
    icon = (tmp_path / "w.ico").read_bytes()

    assert icon[:6] == b"\0\0\1\0\2\0"
    for number, size in enumerate((16, 256)):
        entry = icon[6 + 16 * number :][:16]
        length, place = (int.from_bytes(entry[at : at + 4], "little") for at in (8, 12))
        assert entry[0] == size % 256
        assert icon[place : place + length] == pictures[size]


def test_the_same_folder_gives_the_same_zip(elsewhere: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "wordlight"
    folder.mkdir()
    (folder / "wordlight.exe").write_bytes(b"MZ")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = elsewhere.make_zip(folder, tmp_path / "a", "w").read_bytes()
    (folder / "wordlight.exe").touch()

    assert elsewhere.make_zip(folder, tmp_path / "b", "w").read_bytes() == first


def test_what_macos_is_told_of_the_app_can_be_read() -> None:
    told = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())

    assert set(told.values()) == {True}


def test_macos_offers_wordlight_for_all_it_reads(load: Load) -> None:
    told = plistlib.loads(plistlib.dumps(load("bundle").info_plist()))
    own, recordings = told["CFBundleDocumentTypes"]

    assert {f".{one}" for one in recordings["CFBundleTypeExtensions"]} == RECORDING_SUFFIXES
    (exported,) = told["UTExportedTypeDeclarations"]
    assert own["LSItemContentTypes"] == [exported["UTTypeIdentifier"]]
    assert "record" in told["NSMicrophoneUsageDescription"]
    assert "computer plays" in told["NSAudioCaptureUsageDescription"]


@pytest.fixture
def gathered(elsewhere: ModuleType, tmp_path: Path) -> Path:
    for ending in ("linux-x86_64.deb", "linux-x86_64.tar.xz", "macos-arm64.dmg"):
        (tmp_path / f"wordlight-{__version__}-{ending}").write_text(ending, "utf-8")
    for ending in ("exe", "zip"):
        name = f"wordlight-{__version__}-windows-x86_64.{ending}"
        (tmp_path / name).write_text(ending, "utf-8")
    elsewhere.gather(tmp_path)
    return tmp_path


def test_checksums_are_right(gathered: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=gathered, check=True)
    assert len((gathered / "SHA256SUMS").read_text("utf-8").splitlines()) == 5


def test_what_tells_of_a_release_is_what_the_program_reads(gathered: Path) -> None:
    from app.core.releases import read_release

    release = read_release((gathered / "latest.json").read_bytes())

    assert release is not None
    assert release.version == __version__


def test_stores_get_address_and_hash_of_the_very_files(gathered: Path) -> None:
    hashes = json.loads((gathered / "latest.json").read_text("utf-8"))["hashes"]
    for name, ending in (
        ("winget.installer.yaml", "windows-x86_64.exe"),
        ("wordlight.rb", "macos-arm64.dmg"),
        ("PKGBUILD", "linux-x86_64.tar.xz"),
        (f"{APP_ID}.yml", "linux-x86_64.tar.xz"),
    ):
        text = (gathered / name).read_text("utf-8")
        file = f"wordlight-{__version__}-{ending}"
        assert f"/v{__version__}/{file}" in text
        assert hashes[file] in text
        assert not re.search(r"@[A-Z0-9_]+@", text)


def test_manifests_can_be_read(gathered: Path) -> None:
    for path in gathered.glob("*.y*ml"):
        assert isinstance(yaml.safe_load(path.read_text("utf-8")), dict)
    flatpak = yaml.safe_load((gathered / f"{APP_ID}.yml").read_text("utf-8"))
    assert flatpak["app-id"] == APP_ID
    assert not any("filesystem=home" in one for one in flatpak["finish-args"])
    subprocess.run(["bash", "-n", gathered / "PKGBUILD"], check=True)


def test_a_store_whose_file_is_not_there_is_left_out(
    elsewhere: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / f"wordlight-{__version__}-linux-x86_64.deb").write_text("deb", "utf-8")
    written = {path.name for path in elsewhere.gather(tmp_path)}

    assert written == {"SHA256SUMS", "latest.json", "winget.version.yaml", "winget.locale.yaml"}


def test_an_empty_folder_is_no_release(elsewhere: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(elsewhere.SetupError):
        elsewhere.gather(tmp_path)


def test_the_windows_installer_speaks_as_the_program_does_where_inno_setup_can(
    elsewhere: ModuleType, load: Load, tmp_path: Path
) -> None:
    script = elsewhere.inno_script(tmp_path, tmp_path, "wordlight-x", tmp_path / "w.ico")
    spoken = set(re.findall(r'(?m)^Name: "(\w+)"; MessagesFile: "compiler:\S+\.isl"$', script))

    # Inno Setup itself has no texts in Hindi.
    assert spoken == {"en", *load("texts").COMPLETE} - {"hi"}


def test_what_tries_the_windows_installer_takes_no_other_compiler(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = load("windows_trial")
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\necho other > innosetup-6.4.1.tgz\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}:/usr/bin:/bin")
    monkeypatch.setattr(trial, "ROOT", tmp_path)

    with pytest.raises(Exception, match="another innosetup"):
        trial.inno_setup()
    assert not [*tmp_path.rglob("*.tgz")]


@pytest.mark.parametrize("name", ["bullseye", "Windows", "--all"])
def test_only_systems_that_are_known_are_tried(load: Load, name: str) -> None:
    with pytest.raises(Exception, match=r"There are bookworm, trixie, windows\."):
        load("trying").take_systems([name])
