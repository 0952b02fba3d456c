import os
from pathlib import Path

import pytest

from app.jobs.intake import count_entries, entries_of_text, gather, gather_some

FIELD = Path(__file__).parents[1] / "field"


def make(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")


def test_folder_gives_its_recordings_in_name_order_at_any_depth(tmp_path: Path):
    make(tmp_path, "b.mp3", "a.wav", "deep/er/c.FLAC", "notes.txt", ".hidden.mp3")
    found = gather([tmp_path])
    assert [file.name for file in found.files] == ["a.wav", "b.mp3", "c.FLAC"]
    assert found.refused == ()


def test_a_file_named_by_itself_is_taken_whatever_it_is_called(tmp_path: Path):
    make(tmp_path, "strange.name")
    assert gather([tmp_path / "strange.name"]).files == (tmp_path / "strange.name",)


def test_what_is_given_twice_is_taken_once(tmp_path: Path):
    make(tmp_path, "a.wav")
    assert gather([tmp_path / "a.wav", tmp_path]).files == (tmp_path / "a.wav",)


def test_missing_file_is_refused_with_a_reason(tmp_path: Path):
    found = gather([tmp_path / "gone.wav"])
    assert found.files == ()
    assert [refused.name for refused in found.refused] == ["gone.wav"]
    assert "no longer exists" in found.refused[0].reason.fill()


def test_folder_without_recordings_is_refused_with_a_reason(tmp_path: Path):
    make(tmp_path, "notes.txt")
    found = gather([tmp_path])
    assert [refused.reason.fill() for refused in found.refused] == [
        "No recordings in this folder."
    ]


def test_link_loop_ends(tmp_path: Path):
    make(tmp_path, "a.wav")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert [file.name for file in gather([tmp_path]).files] == ["a.wav"]


PASTED = (
    '# a comment\nfile:///tmp/My%20talk.mp3\n"/tmp/b.wav"\nhttps://x.test/c.mp3\nhello\n\n'
    " ~/d.wav\nfile:///tmp/100%2525.wav\r\nfile:///tmp/%FF.wav\r\n"
)


def test_pasted_text_gives_paths_and_links():
    assert list(entries_of_text(PASTED)) == [
        Path("/tmp/My talk.mp3"),
        Path("/tmp/b.wav"),
        "https://x.test/c.mp3",
        Path.home() / "d.wav",
        Path("/tmp/100%25.wav"),
        Path(os.fsdecode(b"/tmp/\xff.wav")),
    ]


def test_entries_are_counted_without_reading_them():
    assert count_entries(PASTED) == len(list(entries_of_text(PASTED)))
    assert count_entries("hello\nand so on") == 0


def test_many_files_come_some_at_a_time_and_nothing_twice(tmp_path: Path):
    make(tmp_path, *(f"{number}.wav" for number in range(5)))
    steps = list(gather_some([tmp_path, tmp_path / "gone.wav", tmp_path / "0.wav"], 2))
    assert [[file.name for file in step.files] for step in steps] == [
        ["0.wav", "1.wav"],
        ["2.wav", "3.wav"],
        ["4.wav"],
    ]
    assert [refused.name for refused in steps[-1].refused] == ["gone.wav"]


@pytest.mark.parametrize("given", [[], ["https://x.test/a", "https://x.test/a"]])
def test_links_are_given_once_and_nothing_for_nothing(given: list[str]):
    assert gather(given).links == tuple(dict.fromkeys(given))
    assert gather(given).files == ()


def test_the_folder_of_a_camera_gives_all_its_recordings() -> None:
    found = gather([FIELD / "folder-of-a-camera"])

    assert [file.name for file in found.files] == [
        "00001.m2ts",
        "CLIP0001.MXF",
        "New Recording 12.qta",
        "voice.weba",
    ]
    assert found.left_out.sentence() is None


def test_deleted_recordings_on_a_stick_are_left_alone() -> None:
    found = gather([FIELD / "folder-of-a-stick"])

    assert [file.name for file in found.files] == ["keep.mp3"]
    said = found.left_out.sentence()
    assert said is not None
    assert "Trash and hidden folders" in said.fill()


def test_a_bin_that_is_named_itself_is_looked_into() -> None:
    found = gather([FIELD / "folder-of-a-stick" / "$RECYCLE.BIN"])

    assert [file.name for file in found.files] == ["$RABC123.mp3"]


def test_what_is_left_out_of_a_folder_is_counted_and_said(tmp_path: Path) -> None:
    for name in ("a.wav", "b.jpg", "c.JPG", "notes.docx", ".DS_Store", "Thumbs.db", "README"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".Trash-1000").mkdir()
    (tmp_path / ".Trash-1000" / "d.wav").write_bytes(b"x")

    parts = list(gather_some([tmp_path], 1))

    assert [file.name for part in parts for file in part.files] == ["a.wav"]
    said = [one.fill() for part in parts if (one := part.left_out.sentence())]
    assert len(said) == 1
    assert said[0].startswith("Skipped 4 files that are not recordings (.jpg, README, .docx)")
