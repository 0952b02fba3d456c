from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import Action, RecogniserError
from app.core.options import TranscriptionOptions
from app.ondevice.catalog import BASE, PACKAGES, TINY_ENGLISH
from app.ondevice.installed import SHARED, WANTED, ModelFolders, sha256_of
from tests.support.hub import CONTENTS, TOY, put


@pytest.fixture(autouse=True)
def _only_own_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """What all tests share is not to be damaged here."""
    monkeypatch.delenv(SHARED, raising=False)


def test_own_folder_goes_before_downloads(tmp_path: Path) -> None:
    folders = ModelFolders(tmp_path / "downloads", tmp_path / "own")
    put(tmp_path / "downloads" / "toy")
    assert folders.ready(TOY) == tmp_path / "downloads" / "toy"

    put(tmp_path / "own" / "toy")
    assert folders.ready(TOY) == tmp_path / "own" / "toy"


def test_own_folder_may_be_the_model_itself(tmp_path: Path) -> None:
    assert (
        ModelFolders(tmp_path / "downloads", put(tmp_path / "own")).ready(TOY)
        == tmp_path / "own"
    )


def test_missing_model_says_what_to_do(tmp_path: Path) -> None:
    folders = ModelFolders(tmp_path)

    assert not folders.is_installed(TOY)
    with pytest.raises(
        RecogniserError, match="The model toy is not on this computer"
    ) as caught:
        folders.ready(TOY)
    assert caught.value.action is Action.CHOOSE_MODEL


def test_incomplete_model_counts_as_missing(tmp_path: Path) -> None:
    put(tmp_path / "toy", {"config.json": b"{}", "model.bin": b"half"})

    assert not ModelFolders(tmp_path).is_installed(TOY)


def test_damaged_model_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "toy", {**CONTENTS, "model.bin": b"weighty" * 1_000})

    with pytest.raises(RecogniserError, match="The model toy is damaged"):
        ModelFolders(tmp_path).ready(TOY)


def test_damage_after_the_first_check_is_noticed(tmp_path: Path) -> None:
    put(tmp_path / "toy")
    folders = ModelFolders(tmp_path)
    folders.ready(TOY)
    (tmp_path / "toy" / "model.bin").write_bytes(b"weighty" * 1_000)

    with pytest.raises(RecogniserError, match="damaged"):
        folders.ready(TOY)


def test_unchanged_files_are_not_hashed_again(tmp_path: Path) -> None:
    weights = put(tmp_path / "toy") / "model.bin"
    folders = ModelFolders(tmp_path)
    folders.ready(TOY)
    weights.chmod(0)  # could not be read even if it tried, unless by root
    note = tmp_path / "checked.json"
    written = note.stat().st_mtime_ns

    folders.ready(TOY)

    assert note.stat().st_mtime_ns == written


@pytest.mark.parametrize("note", [b"", b"[]", b"{", b"\xff"])
def test_broken_note_only_costs_another_check(tmp_path: Path, note: bytes) -> None:
    put(tmp_path / "toy")
    (tmp_path / "checked.json").write_bytes(note)

    assert ModelFolders(tmp_path).ready(TOY) == tmp_path / "toy"


def test_unwritable_note_does_not_stop_anything(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    expected_log("Could not note")
    (tmp_path / "downloads").write_bytes(b"a file where the folder should be")

    own = put(tmp_path / "own")

    assert ModelFolders(tmp_path / "downloads", own).ready(TOY) == own


def test_bundled_english_model_is_used_where_it_lies(folders: ModelFolders) -> None:
    assert folders.is_installed(TINY_ENGLISH)
    assert sha256_of(folders.ready(TINY_ENGLISH) / "model.bin") == TINY_ENGLISH.files[1].sha256
    assert not (folders.downloads / "tiny.en").exists()


def test_base_is_put_together_from_its_parts(folders: ModelFolders) -> None:
    folder = folders.ready(BASE)

    assert {path.name for path in folder.iterdir()} == {file.name for file in BASE.files}
    assert all(sha256_of(folder / file.name) == file.sha256 for file in BASE.files)


def test_base_is_put_together_once_for_all_jobs_that_begin_with_it(tmp_path: Path) -> None:
    folders = ModelFolders(tmp_path)

    def first_use(_: int) -> int:
        return (folders.ready(BASE) / "model.bin").stat().st_ino

    with ThreadPoolExecutor(3) as jobs:
        assert len(set(jobs.map(first_use, range(3)))) == 1


def test_damaged_joined_model_is_put_together_again(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    expected_log("Putting base together again")
    folders = ModelFolders(tmp_path)
    weights = folders.ready(BASE) / "model.bin"
    with weights.open("r+b") as stream:
        stream.write(b"not this")

    assert folders.ready(BASE) == weights.parent
    assert sha256_of(weights) == BASE.files[1].sha256


def test_no_room_to_put_together_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "downloads").write_bytes(b"a file where the folder should be")

    with pytest.raises(RecogniserError, match=r"The model base .* could not be saved"):
        ModelFolders(tmp_path / "downloads").ready(BASE)


def test_data_package_that_is_not_installed_counts_as_missing(tmp_path: Path) -> None:
    package = replace(TOY, bundle=("no_such_module_here/data",))

    assert not ModelFolders(tmp_path).is_installed(package)


def test_further_models_are_not_there_by_themselves(tmp_path: Path) -> None:
    installed = [
        name for name, one in PACKAGES.items() if ModelFolders(tmp_path).is_installed(one)
    ]

    assert installed == ["tiny.en", "base"]


def test_who_runs_this_computer_may_name_the_model_for_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = ModelFolders(tmp_path, shared=None)
    monkeypatch.setenv(WANTED, "tiny.en")
    assert here.chosen(TranscriptionOptions(language="en")) is TINY_ENGLISH
    assert here.chosen(TranscriptionOptions(language="de")) is BASE
    for name in ("small", "no such model"):  # not here
        monkeypatch.setenv(WANTED, name)
        assert here.chosen(TranscriptionOptions(language="en")) is BASE


def test_base_is_for_english_where_it_is_here_and_quick_enough(
    folders: ModelFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(WANTED)
    english = TranscriptionOptions(language="en")
    here = ModelFolders(tmp_path / "downloads", shared=None)
    assert here.chosen(english) is BASE
    assert here.ms_per_second(BASE) is None

    here.save_speed(BASE, 1_500.0)
    assert ModelFolders(tmp_path / "downloads", shared=None).chosen(english) is TINY_ENGLISH
    assert here.chosen(TranscriptionOptions(language="de")) is BASE
    assert here.chosen(TranscriptionOptions(language="en", package="base")) is BASE

    for _ in range(12):  # the machine is no longer busy
        here.save_speed(BASE, 130.0)
    assert here.chosen(english) is BASE
    assert here.ms_per_second(BASE) == pytest.approx(150, abs=25)


@pytest.mark.parametrize(
    "note", [b"[]", b"{", b'{"base ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66": "x"}']
)
def test_a_broken_note_of_speeds_says_nothing(tmp_path: Path, note: bytes) -> None:
    (tmp_path / "speeds.json").write_bytes(note)

    assert ModelFolders(tmp_path).ms_per_second(BASE) is None


def test_a_folder_for_everybody_is_looked_at_behind_the_downloads(tmp_path: Path) -> None:
    folders = ModelFolders(tmp_path / "downloads", shared=tmp_path / "all")
    put(tmp_path / "all" / "toy")
    assert folders.ready(TOY) == tmp_path / "all" / "toy"
    assert not folders.is_downloaded(TOY)
    put(tmp_path / "downloads" / "toy")
    assert folders.ready(TOY) == tmp_path / "downloads" / "toy"
