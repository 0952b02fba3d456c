"""What a stranger's computer may lack or call oddly, each tried with the installed program.

Steps of ``dev.py try``: no sound server, a full disk, a home one may not write to, names with
spaces, umlauts and quotes, a library of a newer Wordlight, a screen of Wayland alone. Each
must end in one sentence, and nothing may be lost. That there is neither D-Bus nor a keyring is
so in every step.
"""

from __future__ import annotations

import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from stranger import WINDOW_S, Stranger, WrongError, make_sure

_ODD_PERSON, _ODD_HOME = "zoe", """/home/Zoë "Z" O'Neil & Söhne"""
_ODD_TALK = """It's „a“ "tälk" & more.flac"""
_POOR_PERSON = "ben"
_POOR_HOME = f"/home/{_POOR_PERSON}"
_TALK = "/opt/talk.flac"
_OLD_PERSON = "eve"
_LIBRARY = ".local/share/Wordlight/wordlight.db"
_NEWEST_OF_ALL = 999
_FURNISHED_S = 8
_LOG = "/opt/refused.log"


@dataclass(frozen=True, slots=True)
class Hardships:
    """What may be wrong, as steps of a trial.

    Attributes:
        one: Who has the installed program, and has transcribed something with it.
        sample: A recording.
    """

    one: Stranger
    sample: Path

    def steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Give the steps, each with what it shows."""
        shutil.copy2(self.sample, self.one.root / _TALK.lstrip("/"))
        yield "says so where there is no sound server", self.no_sound_server
        yield "a home and a program with spaces, umlauts, quotes", self.odd_names
        yield "says that the disk is full, or not to be written to", self.poor_home
        yield "leaves the library of a newer Wordlight alone", self.newer_library
        yield "brings the library of an older Wordlight along", self.older_library
        yield "a window where there is only Wayland", self.only_wayland

    def no_sound_server(self) -> None:
        """Record where no sound server is."""
        said = self.one.refused("wordlight record --for 2s")
        _one_sentence(said, "sound system of this computer cannot be reached")

    def odd_names(self) -> None:
        """Work in a home whose name is hard to quote, with a program that lies there too."""
        person = self._new_person(_ODD_PERSON, _ODD_HOME)
        home = self.one.root / _ODD_HOME.lstrip("/")
        home.mkdir()
        shutil.copy2(self.sample, home / _ODD_TALK)
        shutil.copytree(self.one.root / "usr/lib/wordlight", home / "my prögram", symlinks=True)
        self.one.as_root("chown", "-R", f"{_ODD_PERSON}:", _ODD_HOME)
        talk = shlex.quote(_ODD_TALK)
        person.say(f"'./my prögram/wordlight' transcribe {talk} --format txt --output 'o ö'")
        (text,) = (home / "o ö").glob("*.txt")
        make_sure("Dashwood" in text.read_text("utf-8"), "the text is another one")
        shutil.rmtree(home / "my prögram")
        person.say(f"wordlight export {talk} --format docx,srt --output 'o ö'")
        make_sure(len(list((home / "o ö").iterdir())) == 3, "an export is missing")

    def poor_home(self) -> None:
        """Work where nothing can be written: first the disk is full, then it is read-only."""
        person = self._new_person(_POOR_PERSON, _POOR_HOME)
        command = f"wordlight transcribe {_TALK} --format txt --output /tmp"
        with self._small_disk(_POOR_HOME) as disk:
            self.one.as_root("chown", f"{_POOR_PERSON}:", _POOR_HOME)
            filling = disk / "everything"
            with filling.open("wb", buffering=0) as file, suppress(OSError):
                while file.write(bytes(4096)):
                    pass  # until it is full
            make_sure(filling.stat().st_size, "there was no disk to fill")
            _one_sentence(person.refused(command), "The disk is full")
            self._window_says_no(person)
            filling.unlink()
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            _one_sentence(person.refused(command), "is on a read-only disk")
            self._window_says_no(person)
        make_sure("Wordlight" in person.say("wordlight --version"), "no version is told")

    def newer_library(self) -> None:
        """Open a library that a newer Wordlight has written."""
        library = self.one.home / _LIBRARY
        with closing(sqlite3.connect(library)) as kept:
            (version,) = kept.execute("PRAGMA user_version").fetchone()
            kept.execute(f"PRAGMA user_version = {_NEWEST_OF_ALL}")
        before = library.read_bytes()
        _one_sentence(self.one.refused("wordlight list"), "made by a newer Wordlight")
        self._window_says_no(self.one)
        make_sure(library.read_bytes() == before, "the library was changed")
        with closing(sqlite3.connect(library)) as kept:
            kept.execute(f"PRAGMA user_version = {version}")
        make_sure(self.one.say("wordlight list").strip(), "the library is empty now")

    def older_library(self) -> None:
        """Open a library as the first Wordlight wrote it, with the transcript of this one."""
        new = self.one.home / _LIBRARY
        person = self._new_person(_OLD_PERSON, f"/home/{_OLD_PERSON}")
        old = person.home / _LIBRARY
        old.parent.mkdir(parents=True)
        first = self.one.root / "usr/lib/wordlight/lib/app/store/migrations/0001_first.sql"
        with closing(sqlite3.connect(new)) as kept:
            (version,) = kept.execute("PRAGMA user_version").fetchone()
        with closing(sqlite3.connect(old)) as library:
            library.executescript(first.read_text("utf-8"))
            library.execute("ATTACH ? AS newer", (str(new),))
            for table in ("transcripts", "transcript_bodies"):
                told = library.execute("SELECT name FROM pragma_table_info(?)", (table,))
                names = ", ".join(name for (name,) in told)
                copied = f"INSERT INTO {table} ({names}) SELECT {names} FROM newer.{table}"  # noqa: S608 - its own names
                library.execute(copied)
            library.execute("PRAGMA user_version = 1")
            library.commit()
        self.one.as_root("chown", "-R", f"{_OLD_PERSON}:", f"/home/{_OLD_PERSON}")
        make_sure(version > 1, "there is no older form of the library")
        listed = person.say("wordlight list")
        make_sure(listed == self.one.say("wordlight list"), listed)
        ids = " ".join(line.split()[0] for line in listed.splitlines())
        person.say(f"wordlight export {ids} --format txt --output out")
        texts = [path.read_text("utf-8") for path in (person.home / "out").glob("*.txt")]
        make_sure(any("Dashwood" in text for text in texts), "the text is another one")
        with closing(sqlite3.connect(old)) as library:
            (now,) = library.execute("PRAGMA user_version").fetchone()
        make_sure(now == version, f"the library is still of version {now}")

    def only_wayland(self) -> None:
        """Open the window where nobody has ever heard of X11."""
        one = self.one
        one.as_root(
            *("apt-get", "-q", "-y", "--no-install-recommends", "install", "weston"),
        )
        run = f"/home/{one.name}/run"
        where = f"XDG_RUNTIME_DIR={run} WAYLAND_DISPLAY=wayland-7"
        one.say("mkdir -m 700 run")
        start = "weston --backend=headless-backend.so --socket=wayland-7 --idle-time=0"
        with one.running(f"XDG_RUNTIME_DIR={run} {start}", "weston.log"):
            one.until((one.home / "run" / "wayland-7").exists, "no Wayland")
            told = one.say(f"{where} wordlight doctor")
            make_sure("wayland" in told and "does not start" not in told, told)
            with one.running(f"{where} WAYLAND_DEBUG=1 wordlight", "wayland.log") as window:
                one.wait(_FURNISHED_S)
                make_sure(window.poll() is None, "the window closed again")
                log = (one.home / "wayland.log").read_text("utf-8", "replace")
                for step in ('set_title("Wordlight', ".ack_configure(", ".attach(wl_buffer"):
                    make_sure(step in log, f"Wayland was never told {step}")
                one.as_root("pkill", "-TERM", "-u", one.name, "-x", "wordlight")
                make_sure(window.wait(WINDOW_S) == 0, "the window did not end in order")

    def _new_person(self, name: str, home: str) -> Stranger:
        self.one.as_root("useradd", "-M", "-d", home, "-s", "/bin/bash", name)
        return self.one.neighbour(name, home)

    def _window_says_no(self, person: Stranger) -> None:
        """Open the window, which says in a box why it cannot; that is closed by a key."""
        with person.running_on_screen(_LOG) as window:
            person.see("Wordlight")

            def is_over() -> bool:
                person.press("Return")  # the box comes when it can, over the bare window
                return window.poll() is not None

            person.until(is_over, "the window did not end")
            make_sure(window.wait(WINDOW_S) == 1, "the window did not end as one that says no")
        said = (self.one.root / _LOG[1:]).read_text("utf-8", "replace")
        make_sure("Traceback" not in said and "wordlight: " in said, said)

    @contextmanager
    def _small_disk(self, home: str) -> Iterator[Path]:
        place = self.one.root / home.lstrip("/")
        place.mkdir()
        kind = ["-t", "tmpfs", "-o", "size=1m", "tmpfs"]
        subprocess.run(["mount", *kind, str(place)], check=True)
        try:
            yield place
        finally:
            subprocess.run(["umount", "-l", str(place)], check=False)


def _one_sentence(said: str, wanted: str) -> None:
    """See that something was refused for the right reason, and by a sentence alone."""
    lines = [line for line in said.splitlines() if line.strip()]
    if wanted not in said or "Traceback" in said or len(lines) > 2:
        raise WrongError(f"it says {said!r}")
