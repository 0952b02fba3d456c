"""Try the installer for Windows on a Debian, by wine: the recipe, not the program.

Inno Setup's compiler comes from the npm registry, pinned by its hash; a program of wine's own
stands in for Wordlight's, which no Linux can build. So ``dev.py try windows`` shows that the
recipe compiles, that it installs for one person without an administrator, says to Windows what
the program opens, leaves nothing of an older version, and goes again without what the person
has. The real program is started by the workflow, on Windows.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shlex
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import bundle
from elsewhere import inno_script
from environment import ROOT, SetupError, say
from stranger import Stranger, make_sure
from trying import clean_root, go_through, mounted, screen, unpack

from app.core.file_kinds import RECORDING_SUFFIXES

RELEASE = "bookworm"
INNO_SETUP = "innosetup@6.4.1"
_SHA512 = (
    "Bh/dNlyyFsFKBGoTf19n1msPnm4Njfb0CWVirw2CV1MSJXYy0ajRI+xjo/Yr9DtZFLLafhnwm1ZsxTu309F8lQ=="
)
_PERSON = "ann"
_STAND_IN = "usr/lib/x86_64-linux-gnu/wine/x86_64-windows/notepad.exe"
_NAME = "wordlight-setup"
_SETUP = f"{_NAME}.exe"
_ODD_FOLDER = "Zoë's „Programme“ & mehr"
_SILENTLY = "/VERYSILENT /SUPPRESSMSGBOXES"


def attempt(pictures: Path) -> int:
    """Try the recipe; gives how many steps went wrong."""
    say("== The installer for Windows, by wine")
    compiler = inno_setup()
    with ExitStack() as stack:
        top = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wordlight-try-")))
        root = top / "root"
        unpack(clean_root(RELEASE), root)
        stack.enter_context(mounted(root))
        display = stack.enter_context(screen())
        person = Stranger(root, display, _PERSON)
        trial = WindowsTrial(person, display, compiler, pictures / "windows.png")
        stack.callback(trial.end)
        return go_through(trial.steps())


def inno_setup() -> Path:
    """Give the archive that Inno Setup's compiler lies in; fetched the first time.

    Raises:
        SetupError: It is not to be had, or it is another one.
    """
    kept = ROOT / "build" / "cache" / f"{INNO_SETUP.replace('@', '-')}.tgz"
    if kept.is_file():
        return kept
    if shutil.which("npm") is None:
        raise SetupError("Inno Setup's compiler is fetched by npm; install that first.")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        done = subprocess.run(
            ["npm", "pack", "--silent", INNO_SETUP],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        found = next(Path(folder).glob("*.tgz"), None)
        if found is None:
            raise SetupError(f"npm gives no {INNO_SETUP}:\n{done.stdout[-1_000:]}")
        if hashlib.sha512(found.read_bytes()).digest() != base64.b64decode(_SHA512):
            raise SetupError(f"npm gave another {INNO_SETUP} than the one that is known.")
        found.replace(kept)
    return kept


@dataclass(frozen=True, slots=True)
class WindowsTrial:
    """What is tried of the installer, one step after the other.

    Attributes:
        one: Who tries; their Windows lies in their home.
        display: The screen it draws on.
        compiler: The archive with Inno Setup's compiler.
        picture: Where a picture of the installer is put.
    """

    one: Stranger
    display: str
    compiler: Path
    picture: Path

    def steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Give the steps, each with what it shows."""
        yield "wine is there", self.prepare
        yield "Inno Setup compiles the recipe", self.compile
        yield "the installer opens its window", self.open_installer
        yield "it installs for one person, without an administrator", self.install
        yield "Windows knows what the program opens", self.ask_registry
        yield "a newer one leaves nothing of the older", self.install_over
        yield "it goes, and leaves what the person has", self.remove
        yield "into a folder with spaces, umlauts and quotes", self.install_oddly

    def prepare(self) -> None:
        """Install wine, and put what is to be packed where the compiler finds it."""
        one = self.one
        one.as_root("dpkg", "--add-architecture", "i386")
        one.as_root("apt-get", "-q", "update")
        install = ("apt-get", "-q", "-y", "--no-install-recommends", "install")
        one.as_root(*install, "wine", "wine32:i386", "wine64", "procps")
        one.as_root("useradd", "-m", "-s", "/bin/bash", _PERSON)
        place = one.root / "opt"
        with tarfile.open(self.compiler) as archive:
            archive.extractall(place, filter="data")
        program = place / "wordlight"
        papers = program / "lib" / "resources" / "papers"
        shutil.copytree(ROOT / "resources" / "papers", papers)
        (papers / "Größe „ä“.txt").write_text("ß", "utf-8")
        for name in ("wordlight.exe", "wordlight-cli.exe"):
            shutil.copyfile(one.root / _STAND_IN, program / name)
        shutil.copyfile(
            place / "package" / "bin" / "SetupClassicIcon.ico", place / "wordlight.ico"
        )
        script = inno_script(
            PureWindowsPath("Z:/opt/wordlight"),
            PureWindowsPath(f"Z:/home/{_PERSON}"),
            _NAME,
            PureWindowsPath("Z:/opt/wordlight.ico"),
        )
        (place / "wordlight.iss").write_text(script, "utf-8")
        self._wine("winecfg", "-v", "win10")

    def compile(self) -> None:
        """Have the installer made."""
        said = self._wine("/opt/package/bin/ISCC.exe", "/Q", r"Z:\opt\wordlight.iss")
        make_sure("Warning" not in said, said)
        make_sure((self.one.home / _SETUP).is_file(), said)

    def open_installer(self) -> None:
        """Look at its first page."""
        one = self.one
        with one.running(self._line(_SETUP), "setup.log"):
            one.see("Setup.*Wordlight")
            one.wait(2)
            one.picture(self.picture)
        make_sure(not self._program().exists(), "it installed without being asked to")

    def install(self) -> None:
        """Install, and look at what is there."""
        self._wine(_SETUP, *_SILENTLY.split(), r"/LOG=C:\setup.log")
        log = (self._drive() / "setup.log").read_text("utf-8", "replace")
        make_sure("Administrative install mode: No" in log, log)
        self._make_sure_all_is_there(self._program())
        make_sure(any(self._profile().rglob("Programs/Wordlight.lnk")), "nothing in the menu")

    def ask_registry(self) -> None:
        """See which files the program is offered for, and how it would be started."""
        classes = r"HKCU\Software\Classes"
        offered = self._wine(
            "reg", "query", rf"{classes}\Applications\wordlight.exe\SupportedTypes"
        )
        found = set(re.findall(r"^\s+(\.\S+)\s+REG_SZ", offered, re.MULTILINE))
        make_sure(found == {*RECORDING_SUFFIXES, ".wordlight"}, offered)
        own = self._wine("reg", "query", rf"{classes}\.wordlight\OpenWithProgids")
        make_sure("Wordlight.Transcript" in own, own)
        start = self._wine(
            "reg", "query", rf"{classes}\Wordlight.Transcript\shell\open\command"
        )
        make_sure(r'\AppData\Local\Programs\Wordlight\wordlight.exe" "%1"' in start, start)
        told = self._wine("reg", "query", _UNINSTALL, "/s")
        make_sure(re.search(rf"DisplayVersion\s+REG_SZ\s+{bundle.__version__}", told), told)

    def install_over(self) -> None:
        """Install over a version that had a file which this one has not."""
        old = self._program() / "lib" / "old.pyd"
        old.write_bytes(b"MZ")
        self._wine(_SETUP, *_SILENTLY.split())
        make_sure(not old.exists(), "a file of the older version is still there")
        self._make_sure_all_is_there(self._program())

    def remove(self) -> None:
        """Take it away; what the person has lies elsewhere, and stays."""
        library = self._profile() / "AppData" / "Local" / "Wordlight" / "wordlight.db"
        self.one.say(
            f"mkdir -p '{self._seen(library.parent)}' && touch '{self._seen(library)}'"
        )
        self._remove(self._program())
        make_sure(library.exists(), "the person's transcripts are gone")
        kept = self._wine("reg", "query", r"HKCU\Software\Classes", "/s")
        make_sure("ordlight" not in kept, kept)
        make_sure(not [*self._profile().rglob("Wordlight.lnk")], "it is still in the menu")

    def install_oddly(self) -> None:
        """Install into a folder that is hard to name, and take it away again."""
        folder = self._drive() / _ODD_FOLDER
        self._wine(_SETUP, *_SILENTLY.split(), rf"/DIR=C:\{_ODD_FOLDER}")
        self._make_sure_all_is_there(folder)
        self._remove(folder)

    def end(self) -> None:
        """End what is left of wine, which outlives whoever called it."""
        subprocess.run(
            ["chroot", str(self.one.root), "pkill", "-KILL", "-u", _PERSON], check=False
        )

    def _remove(self, program: Path) -> None:
        self._wine(self._seen(program / "unins000.exe"), *_SILENTLY.split())
        # It goes on in a copy of itself, as it cannot delete the file that runs.
        self.one.until(
            lambda: not (program / "wordlight.exe").exists() and not program.exists(),
            "files were left",
        )

    def _make_sure_all_is_there(self, program: Path) -> None:
        packed = self.one.root / "opt" / "wordlight"
        for path in packed.rglob("*"):
            if path.is_file():
                there = program / path.relative_to(packed)
                make_sure(there.is_file(), f"{there.name} is missing")
                make_sure(there.read_bytes() == path.read_bytes(), f"{there.name} differs")

    def _wine(self, *command: str) -> str:
        return self.one.say(self._line(*command))

    def _line(self, *command: str) -> str:
        quiet = f"DISPLAY={self.display} LANG=C.UTF-8 WINEDEBUG=-all"
        return f"{quiet} wine {shlex.join(command)}"

    def _seen(self, path: Path) -> str:
        return f"/{path.relative_to(self.one.root)}"

    def _drive(self) -> Path:
        return self.one.home / ".wine" / "drive_c"

    def _profile(self) -> Path:
        return self._drive() / "users" / _PERSON

    def _program(self) -> Path:
        return self._profile() / "AppData" / "Local" / "Programs" / "Wordlight"


_UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall"
