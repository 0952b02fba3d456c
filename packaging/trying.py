"""Try what was built as a stranger would: on a system that has never seen Wordlight.

A minimal Debian is put into a folder (debootstrap, kept as an archive for the next time), the
``.deb`` installed there, and an ordinary user works with it: version, ``doctor``, a recording
to text and to every format, what the computer plays to a recording and that to text, the
window on a screen of its own with a window manager, and much that may be amiss
(``hardships.py``). Then it is upgraded while the window is open, and removed; what the person
has stays. Nothing of this touches the machine; it takes root and debootstrap.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from environment import ROOT, SetupError, say
from hardships import Hardships
from spoken import Spoken
from stranger import WINDOW_S, Sound, Stranger, WrongError, make_sure, sound_for

RELEASES = ("bookworm", "trixie")
WINDOWS = "windows"
"""Not the program, but its installer's recipe: ``windows_trial.py``."""
_PERSON = "ann"
_TALK = "Gespräch 1 „Ä“.flac"
_RECORDING = ROOT / "resources" / "sample" / "two-readers.flac"
_PYTHON = ROOT / ".venv-bundle" / "bin" / "python"
"""What the package was made with: it has all that the program stands on."""
_FIRST_ROW = (100, 192)
"""Of the queue, where the first recording lies; the pictures show it."""
_FURNISHED_S = 6
"""The first paint comes first; the rest of the window is there soon after."""
_PROGRAMS = (
    *("debootstrap", "chroot", "dpkg-deb", "Xvfb", "openbox", "xdotool"),
    *("pulseaudio", "paplay", "parec"),
)
_RECORDED_S = 10
_ASK = """
import sys
from pathlib import Path
from app.ondevice.protocol import Request, to_line
from tests.support.parakeets import write_parakeet
write_parakeet(Path(sys.argv[1]))
line = to_line(Request(*sys.argv[2:], "en", engine="parakeet"))
sys.stdout.buffer.write(line)
"""


def take_systems(arguments: Sequence[str]) -> tuple[str, ...]:
    """Read the command line of ``dev.py try``.

    Raises:
        SetupError: It asks for what there is not, or this machine cannot do it.
    """
    systems, known = tuple(arguments) or RELEASES[:1], (*RELEASES, WINDOWS)
    if unknown := sorted({*systems} - {*known}):
        raise SetupError(f"Unknown: {' '.join(unknown)}. There are {', '.join(known)}.")
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise SetupError("Trying a package on a clean system takes Linux and root.")
    if lacking := [name for name in _PROGRAMS if shutil.which(name) is None]:
        raise SetupError(f"Trying takes {', '.join(lacking)}; install that first.")
    return systems


def newest_package() -> Path:
    """Give the package to try.

    Raises:
        SetupError: None was built.
    """
    built = [
        one
        for one in (ROOT / "dist").glob("wordlight-*.deb")
        if "without-models" not in one.name
    ]
    built.sort(key=lambda one: one.stat().st_mtime)
    if not built:
        raise SetupError("There is no package with a model in dist; first: dev.py build deb")
    return built[-1]


def attempt(release: str, package: Path, pictures: Path) -> int:
    """Try a package on one release; gives how many steps went wrong."""
    say(f"== {package.name} on Debian {release}")
    with ExitStack() as stack:
        top = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wordlight-try-")))
        root = top / "root"
        unpack(clean_root(release), root)
        stack.enter_context(mounted(root))
        display = stack.enter_context(screen())
        picture = pictures / f"{release}.png"
        sound = stack.enter_context(sound_for(root))
        one = Stranger(root, display, _PERSON)
        trial = Trial(one, package, _earlier(package, top), picture, sound)
        return go_through(trial.steps())


def go_through(steps: Iterable[tuple[str, Callable[[], None]]]) -> int:
    """Do one step after the other, and say how each went; gives how many went wrong."""
    failed = 0
    for what, step in steps:
        began = time.monotonic()
        try:
            step()
        except (
            subprocess.CalledProcessError,
            WrongError,
            OSError,
            subprocess.TimeoutExpired,
        ) as error:
            failed += 1
            output = getattr(error, "stdout", "") or ""
            say(f"  FAILED  {what}: {error}\n{output[-2_000:]}")
        else:
            say(f"  {time.monotonic() - began:5.1f} s  {what}")
    return failed


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried with a package, one step after the other.

    Attributes:
        one: Who tries.
        package: What is tried.
        earlier: The same as the version before.
        picture: Where a picture of the window is put.
        sound: What there is to record.
    """

    one: Stranger
    package: Path
    earlier: Path
    picture: Path
    sound: Sound

    def steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Give the steps, each with what it shows."""
        yield "installs, for an ordinary user", self.install
        yield "tells its version", self.tell_version
        yield "doctor finds nothing that does not start", self.ask_doctor
        yield "a recording becomes text", self.transcribe
        yield "the other recogniser, Parakeet, hears too", self.hear_otherwise
        yield "every format is written", self.export
        yield from Spoken(self.one, self.sound, _RECORDING, _PYTHON).steps()
        yield from Hardships(self.one, _RECORDING).steps()
        yield "the window opens, records, and plays", self.open_window
        yield "an upgrade while the window is open", self.upgrade
        yield "goes, and leaves the transcripts", self.remove

    def install(self) -> None:
        """Install the earlier version, and give the person a recording."""
        one = self.one
        for file in (self.package, self.earlier):
            shutil.copy2(file, one.root / "opt" / file.name)
        one.as_root("apt-get", "-q", "update")
        install = ("apt-get", "-q", "-y", "--no-install-recommends", "install")
        one.as_root(*install, f"/opt/{self.earlier.name}", "fonts-dejavu-core", "procps")
        one.as_root("useradd", "-m", "-s", "/bin/bash", _PERSON)
        shutil.copy2(_RECORDING, one.home / _TALK)
        one.as_root("chown", "-R", f"{_PERSON}:", f"/home/{_PERSON}")

    def tell_version(self) -> None:
        """Start the command, in every language it speaks."""
        make_sure("Wordlight" in self.one.say("wordlight --version"), "no version is told")
        english = self.one.say("wordlight --help")
        for file in (ROOT / "resources" / "translations").glob("*.po"):
            told = self.one.say(f"WORDLIGHT_LANGUAGE={file.stem} wordlight --help")
            make_sure(told.strip() and told != english, f"it does not speak {file.stem}")

    def ask_doctor(self) -> None:
        """See that all its parts start and the bundle's own are found."""
        told = self.one.say("wordlight doctor")
        make_sure("does not start" not in told, told)
        versions = told.partition("Versions")[2].partition("\n\n")[0]
        make_sure(versions and "not installed" not in versions, told)
        make_sure("/usr/lib/wordlight/lib/ffmpeg" in told, told)

    def transcribe(self) -> None:
        """Transcribe the recording with the model inside."""
        self.one.say(f"wordlight transcribe '{_TALK}' --format txt")
        (text,) = self.one.home.glob("*.txt")
        said = text.read_text("utf-8")
        make_sure("Dashwood" in said, said)

    def hear_otherwise(self) -> None:
        """Ask the part that recognises to do so with Parakeet's engine, and a tiny model of it.

        The real one is no part of the package; it is fetched when somebody wants it.
        """
        one = self.one
        wav, model = one.home / "parakeet.wav", one.home / "parakeet"
        tool = "/usr/lib/wordlight/lib/ffmpeg -v error"
        one.say(f"{tool} -i '{_TALK}' -t 11 -ac 1 -ar 16000 {wav.name}")
        seen = [f"/home/{_PERSON}/{path.name}" for path in (model, wav)]
        written = subprocess.run(
            [str(_PYTHON), "-c", _ASK, str(model), *seen],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        (one.home / "ask").write_bytes(written)
        version = re.sub(r"Wordlight (\S+) \((\w+)\)", r"\1+\2", one.say("wordlight --version"))
        # It ends with whoever asks, so that one has to wait for the answer.
        wait = "until grep -qE 'kind.: .(done|failed)' answer; do sleep 0.2; done"
        part = f"timeout 120 wordlight --recognise {version.strip()} > answer"
        one.say(f'touch answer; {{ cat ask; timeout 100 sh -c "{wait}"; }} | {part}')
        answer = (one.home / "answer").read_text("utf-8")
        make_sure("hello" in answer and '"kind": "done"' in answer, answer)

    def export(self) -> None:
        """Write every format there is."""
        refused = self.one.say("wordlight export x --format ? 2>&1 || true")
        known = re.search(r"known: (.+)", refused)
        names = known[1].split(", ") if known else []
        make_sure(names, refused)
        for name in names:
            folder = f"out/{name}"
            command = f"wordlight export '{_TALK}' --format {name} --output {folder}"
            self.one.say(f"mkdir -p {folder} && {command}")
            files = [path for path in (self.one.home / folder).rglob("*") if path.is_file()]
            is_written = files and all(path.stat().st_size for path in files)
            make_sure(is_written, f"{name} wrote nothing")

    def open_window(self) -> None:
        """Open the window, record in it, play what it has, and close it."""
        one = self.one
        one.open_window(self.sound.variable)
        one.wait(_FURNISHED_S)
        make_sure(one.is_window_open(), "the window closed again")
        one.until(
            lambda: one.asks("ctrl+shift+r", "^Record$"), "it does not ask what to record"
        )
        one.press("Return")
        with self.sound.playing(_RECORDING):
            one.wait(_RECORDED_S)
            one.picture(self.picture.with_stem(f"{self.picture.stem}-recording"))
        one.press("ctrl+shift+r")
        one.until(lambda: "Recording 2" in one.say("wordlight list"), "nothing was recorded")
        one.wait(2)
        make_sure(not self.sound.is_heard(), "something plays before it is asked to")
        one.click(*_FIRST_ROW)
        one.wait(4)
        one.press("alt+k")
        one.until(self.sound.is_heard, "it does not play", 20)
        one.picture(self.picture)
        one.close_window()

    def upgrade(self) -> None:
        """Put the new version over the old one beneath the open window, and go on working.

        A recording given to the new one is taken by the window of the old one, whose
        recogniser is the new one by now: they must not work together, and say why.
        """
        one = self.one
        one.open_window()
        one.wait(_FURNISHED_S)
        one.as_root("dpkg", "-i", f"/opt/{self.package.name}")
        make_sure(one.is_window_open(), "the window did not live through the upgrade")
        make_sure(not one.as_root("dpkg", "-V", "wordlight").strip(), "files differ")
        one.say(f"cp '{_TALK}' later.flac")
        one.open_with("later.flac")
        for _ in range(WINDOW_S):
            if "exit code 76" in one.logs():
                break
            one.wait(1)
        one.picture(self.picture.with_stem(f"{self.picture.stem}-upgraded"))
        make_sure("exit code 76" in one.logs(), "the old window used the new recogniser")
        one.close_window()
        self.tell_version()

    def remove(self) -> None:
        """Take it away again."""
        self.one.as_root("apt-get", "-q", "-y", "purge", "wordlight")
        program = self.one.root / "usr" / "lib" / "wordlight"
        make_sure(not program.exists(), "files were left")
        kept = self.one.home / ".local" / "share" / "Wordlight"
        make_sure(any(kept.iterdir()), "the person's transcripts are gone")


def _earlier(package: Path, top: Path) -> Path:
    """Pack the same files as the version before, to upgrade from."""
    folder = top / "earlier"
    subprocess.run(["dpkg-deb", "-R", str(package), str(folder)], check=True)
    # Another build, as far as its parts can tell.
    (folder / "usr" / "lib" / "wordlight" / "lib" / "commit.txt").write_text("0" * 12)
    (folder / "DEBIAN" / "md5sums").unlink()
    control = folder / "DEBIAN" / "control"
    text = control.read_text("utf-8")
    control.write_text(re.sub(r"(?m)^Version: .*$", "Version: 0.0.1", text), "utf-8")
    target = top / "wordlight-earlier.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z1", "-b", str(folder), str(target)],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    shutil.rmtree(folder)
    return target


def clean_root(release: str) -> Path:
    """Give the archive of a minimal Debian; made the first time."""
    kept = ROOT / "build" / "cache" / f"root-{release}.tar"
    if kept.is_file():
        return kept
    say(f"- Fetching a minimal Debian {release} (once)")
    with tempfile.TemporaryDirectory(prefix="wordlight-root-") as top:
        root = Path(top, "root")
        command = ["debootstrap", "--variant=minbase", release, str(root), *_mirror()]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            raise SetupError(f"debootstrap failed:\n{done.stdout[-1_000:]}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(".half")
        with tarfile.open(half, "w") as archive:
            archive.add(root, ".")
        half.replace(kept)
    return kept


def _mirror() -> list[str]:
    """Give the archive this machine itself uses, if it is Debian's."""
    for path in (Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")):
        if path.is_file() and path.suffix in {".list", ".sources"}:
            found = re.search(
                r"^[^#\n]*?(https?://\S+/debian/?)\s", path.read_text(), re.MULTILINE
            )
            if found:
                return [found[1]]
    return []


def unpack(archive: Path, root: Path) -> None:
    """Put a system into a folder, which can be reached from it what this machine reaches."""
    root.mkdir()
    subprocess.run(["tar", "-C", str(root), "-xpf", str(archive)], check=True)
    shutil.copyfile("/etc/resolv.conf", root / "etc" / "resolv.conf")
    for settings in Path("/etc/apt/apt.conf.d").glob("*proxy*"):
        shutil.copy2(settings, root / "etc" / "apt" / "apt.conf.d")


@contextmanager
def mounted(root: Path) -> Iterator[None]:
    """Give the system what every running one has; taken away again in any case."""
    places = (("proc", ["-t", "proc", "proc"]), ("dev", ["--bind", "/dev"]))
    with ExitStack() as stack:
        for name, what in places:
            place = str(root / name)
            subprocess.run(["mount", *what, place], check=True)
            stack.callback(subprocess.run, ["umount", "-l", place], check=False)
        yield


@contextmanager
def screen() -> Iterator[str]:
    """Open a screen with a window manager; it is reached from the other system too."""
    read, write = os.pipe()
    with ExitStack() as stack:
        server = stack.enter_context(
            subprocess.Popen(
                ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-ac"],
                pass_fds=[write],
                stderr=subprocess.DEVNULL,
            )
        )
        stack.callback(server.terminate)
        os.close(write)
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        manager = stack.enter_context(
            subprocess.Popen(
                ["openbox"],
                env={**os.environ, "DISPLAY": display},
                stderr=subprocess.DEVNULL,
            )
        )
        stack.callback(manager.terminate)
        yield display
