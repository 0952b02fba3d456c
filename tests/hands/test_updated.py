"""Another build put in the place of the one that runs: a restart, and nothing is lost."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from tests.hands.talk import write_talk
from tests.support.hands.desk import ROOT, Desk

_BUNDLE = f"""#!{sys.executable}
import sys
from pathlib import Path
sys.frozen = True
sys.executable = __file__
sys._MEIPASS = str(Path(__file__).with_name("lib"))
sys.path.insert(0, {str(ROOT)!r})
from app.__main__ import main
sys.exit(main())
"""


def install(folder: Path, commit: str) -> Path:
    """Put a build in place as an installer does; gives its program."""
    inside = folder / "lib"
    inside.mkdir(parents=True, exist_ok=True)
    if not (inside / "resources").exists():
        (inside / "resources").symlink_to(ROOT / "resources")
    (inside / "commit.txt").write_text(commit)
    new = folder / "wordlight.new"
    new.write_text(_BUNDLE)
    new.chmod(0o755)
    return new.rename(folder / "wordlight")


def test_after_an_update_beneath_an_open_window_a_restart_goes_on_with_everything(
    desk: Desk, clips: Path
) -> None:
    bundle = install(desk.folder / "opt", "0123456789ab")
    program = desk.open_program(write_talk(desk.folder, "read"), command=[bundle])
    page = program.page
    desk.eye.until(lambda: "fellow" in page.text, "the transcript")
    install(bundle.parent, "ba9876543210")

    talk = Path(shutil.copy(clips / "kennedy-1961.flac", desk.folder / "talk.flac"))
    desk.hand_to(program, talk)
    program.find("list item", re.compile(r"^talk\.flac\. Waiting · on hold"), 60)
    program.find("label", re.compile("^Wordlight was updated while this window was open"))
    desk.hand.double_click(page.box_of("fellow"))
    desk.eye.until(lambda: page.selected_text == "fellow", "the word selected")
    desk.hand.type("dear")
    desk.eye.until(lambda: "my dear Americans" in page.text, "the word")
    number, before = program.process_id, program.seen.bus_name
    desk.hand.click(program.find("push button", "Restart Wordlight").box)

    desk.eye.until(
        lambda: program.is_open and program.seen.bus_name != before, "the new program", 60
    )
    assert program.process_id == number  # who waits for it sees no end
    program.find("list item", re.compile(r"^talk\.flac\. Done"), 100)
    page = program.page
    desk.eye.until(lambda: "my dear Americans" in page.text, "what was written")
    assert not program.seen.has("push button", "Restart Wordlight")
    program.leave()
