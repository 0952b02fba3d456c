from pathlib import Path

from app.jobs.intake import gather, paths_of_text


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
    assert "no such file" in found.refused[0].reason.fill()


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


def test_pasted_text_gives_paths_and_links():
    paths, links = paths_of_text(
        '# a comment\nfile:///tmp/My%20talk.mp3\n"/tmp/b.wav"\nhttps://x.test/c.mp3\nhello\n'
    )
    assert paths == [Path("/tmp/My talk.mp3"), Path("/tmp/b.wav")]
    assert links == ["https://x.test/c.mp3"]
