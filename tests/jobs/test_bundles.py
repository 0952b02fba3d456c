from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import AppError, ExportError
from app.core.messages import Message
from app.core.options import TranscriptionOptions
from app.jobs.bundles import open_bundle, write_bundle
from app.jobs.documents import find_recording
from app.store.audio_links import link_to
from app.store.library import Library
from app.store.opening import open_database
from app.store.versions import VERSION_EVERY_MS
from tests.support.speech import SPEECH

NOW_MS = 1_700_000_000_000


@pytest.fixture
def libraries(tmp_path: Path):
    opened = [open_database(tmp_path / f"{name}.db")[0] for name in ("here", "there")]
    yield [Library(one) for one in opened]
    for one in opened:
        one.close()


def recorded(library: Library, clips: Path, folder: Path):
    """Add an edited transcript with its recording."""
    sound = folder / "talk.flac"
    shutil.copy(clips / "lj001-0001.flac", sound)
    made = library.add(
        SPEECH,
        name="My talk",
        options=TranscriptionOptions(),
        link=link_to(sound),
        now_ms=NOW_MS,
    )
    for step in (1, 2):
        edited = replace(SPEECH, language=f"e{step}")
        library.save(made, edited, now_ms=NOW_MS + step * VERSION_EVERY_MS)
    library.set_tags(made, ["rivers", "first round"])
    return library.load(made), sound


async def test_all_of_it_opens_on_another_computer(libraries, clips, tmp_path: Path) -> None:
    here, there = libraries
    stored, sound = recorded(here, clips, tmp_path)
    shares: list[float] = []
    elsewhere = tmp_path / "usb"
    path = await write_bundle(
        here, stored, elsewhere / "talk.wordlight", on_progress=shares.append
    )
    await asyncio.sleep(0)
    content = sound.read_bytes()
    sound.unlink()

    made = await open_bundle(there, tmp_path / "copies", path)

    found = there.load(made)
    assert found.transcript == stored.transcript
    assert found.entry.name == "My talk"
    assert found.entry.tags == ("first round", "rivers")
    assert found.entry.created_ms == NOW_MS
    assert there.original(made) == SPEECH
    old_id = stored.entry.transcript_id
    assert there.versions(made) == here.versions(old_id)
    assert [there.version(made, at) for at in there.versions(made)] == [
        here.version(old_id, at) for at in here.versions(old_id)
    ]
    copy = find_recording(found)
    assert copy is not None
    assert copy.read_bytes() == content
    assert shares[-1] == 1
    # Exports go beside the bundle, under the name of the recording.
    assert found.link.path == elsewhere / "talk.flac"


async def test_words_are_taken_from_a_bundle_whose_sound_is_damaged(
    libraries, clips, tmp_path: Path
) -> None:
    here, there = libraries
    stored, _sound = recorded(here, clips, tmp_path)
    path = await write_bundle(here, stored, tmp_path / "talk.wordlight")
    content = bytearray(path.read_bytes())
    place = content.index(b"fLaC") + 40_000
    content[place] ^= 0xFF
    path.write_bytes(content)
    remarks: list[Message] = []
    made = await open_bundle(there, tmp_path / "copies", path, on_remark=remarks.append)
    found = there.load(made)
    assert found.transcript == stored.transcript
    assert find_recording(found) is None
    assert not found.link.has_recording
    assert list((tmp_path / "copies").iterdir()) == []
    assert [one.fill()[:45] for one in remarks] == [
        "The recording in this bundle is damaged, so o"
    ]


async def test_a_damaged_bundle_leaves_nothing(libraries, clips, tmp_path: Path) -> None:
    here, there = libraries
    stored, _sound = recorded(here, clips, tmp_path)
    path = await write_bundle(here, stored, tmp_path / "talk.wordlight")
    content = bytearray(path.read_bytes())
    content[content.index(b"transcript.json") + 60] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ExportError, match="damaged"):
        await open_bundle(there, tmp_path / "copies", path)
    assert there.entries() == ()
    assert not (tmp_path / "copies").exists()


async def test_a_bundle_that_two_take_at_the_same_moment_comes_in_once(
    libraries, clips, tmp_path: Path
) -> None:
    here, there = libraries
    stored, _sound = recorded(here, clips, tmp_path)
    path = await write_bundle(here, stored, tmp_path / "talk.wordlight")
    copies, known = tmp_path / "copies", list[str]()
    made = await asyncio.gather(
        *(open_bundle(there, copies, path, on_known=known.append) for _ in range(4))
    )
    assert known == [made[0]] * 3
    assert len(there.entries()) == 1
    assert len(list(copies.iterdir())) == 1


_TAKES_ON_A_FULL_DISK = """
import asyncio, resource, signal, sys
from pathlib import Path
from app.core.errors import StorageError
from app.jobs.bundles import open_bundle
from app.store.library import Library
from app.store.opening import open_database
folder, file = map(Path, sys.argv[1:])
opened, _ = open_database(folder / "w.db")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    asyncio.run(open_bundle(Library(opened), folder / "copies", file))
except StorageError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit to the size of files there")
async def test_a_recording_without_room_is_called_by_its_name(
    libraries, clips, tmp_path: Path
) -> None:
    here, _there = libraries
    stored, _sound = recorded(here, clips, tmp_path)
    path = await write_bundle(here, stored, tmp_path / "bundle.wordlight")
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", _TAKES_ON_A_FULL_DISK, str(tmp_path), str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (
        "The disk is full, so talk.flac was not saved. Free some space and try again.\n"
    )
    assert list((tmp_path / "copies").iterdir()) == []


async def test_what_is_there_stays_unless_it_may_go(libraries, clips, tmp_path: Path) -> None:
    here, _ = libraries
    stored, _sound = recorded(here, clips, tmp_path)
    target = tmp_path / "talk.wordlight"
    target.write_text("mine")
    path = await write_bundle(here, stored, target, has_audio=False)
    assert (target.read_text(), path.name) == ("mine", "talk 2.wordlight")
    assert await write_bundle(here, stored, target, has_audio=False, replaces=True) == target
    assert target.read_bytes().startswith(b"PK")


async def test_the_same_is_not_written_again(libraries, clips, tmp_path: Path) -> None:
    here, _ = libraries
    stored, sound = recorded(here, clips, tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    target = out / "talk.wordlight"
    target.write_text("mine")
    first = await write_bundle(here, stored, target)
    assert await write_bundle(here, stored, target) == first
    assert [one.name for one in sorted(out.iterdir())] == ["talk 2.wordlight", target.name]

    # One byte of the sound is another, and the size the same.
    content = bytearray(sound.read_bytes())
    content[-1] ^= 0xFF
    sound.write_bytes(content)
    other = replace(stored, link=link_to(sound))
    assert (await write_bundle(here, other, target)).name == "talk 3.wordlight"


async def test_stopping_leaves_no_part(libraries, clips, tmp_path: Path) -> None:
    here, _ = libraries
    stored, sound = recorded(here, clips, tmp_path)
    with sound.open("ab") as file:
        file.truncate(64 << 20)
    grown = replace(stored, link=link_to(sound))
    folder = tmp_path / "out"
    begun = asyncio.Event()
    work = asyncio.ensure_future(
        write_bundle(
            here, grown, folder / "talk.wordlight", on_progress=lambda _done: begun.set()
        )
    )
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert list(folder.iterdir()) == []


async def test_what_is_no_bundle_is_told_in_a_sentence(libraries, tmp_path: Path) -> None:
    _, there = libraries
    (tmp_path / "x.wordlight").write_text("no bundle")
    for name in ("x.wordlight", "gone.wordlight"):
        with pytest.raises(AppError):
            await open_bundle(there, tmp_path / "copies", tmp_path / name)
