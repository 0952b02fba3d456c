"""Build what this system can: a folder that runs anywhere, and the forms people install.

The folder comes from PyInstaller (``wordlight.spec``). On Linux a ``.deb``, a ``.tar.xz`` with
its ``install.sh`` and an AppDir are made from it; on Windows the installer's script is filled
in, on macOS the app is there already. The same commit gives the same bytes: times come from
the commit, names are in order.
"""

from __future__ import annotations

import gzip
import lzma
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import bundle
import notices
from debian import add_tree, filters, write_package
from elsewhere import (
    HOME_PAGE,
    forms_here,
    make_dmg,
    make_icon,
    make_setup,
    make_zip,
    version_info,
)
from environment import ROOT, Environment, SetupError, say
from small_ffmpeg import small_ffmpeg

FORMS = forms_here()
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_LINUX = Path(__file__).parent / "linux"
_MEGABYTE = 1_000_000
_SITE_PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))"
_LICENCE = "import sysconfig; print(sysconfig.get_path('stdlib') + '/LICENSE.txt')"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be built.

    Attributes:
        forms: Of ``FORMS``.
        with_models: The model goes in.
        is_fast: Packed less tightly, for a trial.
        environment: Where PyInstaller and the program's packages are.
    """

    forms: Sequence[str]
    with_models: bool
    is_fast: bool
    environment: Environment

    @property
    def name(self) -> str:
        """What files are called by."""
        models = "" if self.with_models else "-without-models"
        return f"wordlight-{bundle.__version__}{models}-{system_name()}"


def take_order(arguments: Sequence[str], environment: Environment) -> Order:
    """Read the command line of ``dev.py build``.

    Raises:
        SetupError: It asks for what there is not.
    """
    forms = [one for one in arguments if not one.startswith("--")]
    flags = {one for one in arguments if one.startswith("--")}
    if unknown := sorted({*forms} - {*FORMS} | flags - {"--without-models", "--fast"}):
        raise SetupError(
            f"Unknown: {' '.join(unknown)}. There are {', '.join(FORMS)}, "
            "--without-models and --fast."
        )
    return Order(
        forms or FORMS, "--without-models" not in flags, "--fast" in flags, environment
    )


def build(order: Order) -> int:
    """Build, tell what everything weighs, and fail over a limit; gives the exit code."""
    work, out = ROOT / "build", ROOT / "dist"
    folder = freeze(order, work, out)
    is_small = tell_sizes(folder, with_models=order.with_models)
    if sys.platform.startswith("linux"):
        tree = work / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        lay_out(folder, tree, order)
        makers = {"deb": make_deb, "tar": make_tar}
        with ThreadPoolExecutor() as pool:  # packing takes long, and one core each
            wanted = [makers[form] for form in order.forms if form in makers]
            made = [pool.submit(make, tree, work, out, order) for make in wanted]
            for one in made:
                is_small &= tell_download(one.result(), order)
        if "appdir" in order.forms:
            say(f"- {make_appdir(tree, out)}")
    for path in made_elsewhere(order, folder, work, out):
        is_small &= tell_download(path, order)
    return 0 if is_small else 1


def made_elsewhere(order: Order, folder: Path, work: Path, out: Path) -> list[Path]:
    """Make the forms of Windows and macOS that are asked for; Linux has its own."""
    made = []
    if "setup" in order.forms:
        made.append(make_setup(folder, work, out, order.name))
    if "zip" in order.forms:
        made.append(make_zip(folder, out, order.name))
    if "dmg" in order.forms:
        made.append(make_dmg(out / "Wordlight.app", work, out, order.name))
    return made


# ---------------------------------------------------------------------- the folder


def freeze(order: Order, work: Path, out: Path) -> Path:
    """Let PyInstaller gather the program into a folder of its own."""
    parts = work / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    shutil.copy2(small_ffmpeg(), parts)
    (parts / "commit.txt").write_text(f"{_git('rev-parse', '--short=12', 'HEAD')}\n", "utf-8")
    more = _of_windows(order, parts) if sys.platform == "win32" else {}
    say("- Gathering the program")
    surroundings = {
        **os.environ,
        "PYTHONHASHSEED": "0",
        # xz packs it afterwards, and better.
        "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "0",
        "SOURCE_DATE_EPOCH": commit_seconds(),
        "WORDLIGHT_BUILD": str(parts),
        "WORDLIGHT_MODELS": "1" if order.with_models else "0",
        **more,
    }
    shutil.rmtree(out / "wordlight", ignore_errors=True)
    done = subprocess.run(
        [
            *(str(order.environment.python), "-m", "PyInstaller", "--noconfirm", "--clean"),
            *("--log-level", "WARN", "--workpath", str(work / "pyinstaller")),
            *("--distpath", str(out), str(Path(__file__).parent / "wordlight.spec")),
        ],
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise SetupError("PyInstaller could not gather the program; see above.")
    folder = out / "wordlight"
    parts = notices.write(
        folder,
        Path(_output(str(order.environment.python), "-c", _SITE_PACKAGES)),
        work / "pyinstaller" / "wordlight" / "PYZ-00.toc",
        Path(_output(str(order.environment.python), "-c", _LICENCE)),
        commit=_git("rev-parse", "HEAD"),
    )
    say(f"- Of {len(parts.files)} components, each with its terms")
    return folder


def _of_windows(order: Order, parts: Path) -> dict[str, str]:
    """Make what Windows shows of the program's file: its icon and its version."""
    icons, icon = parts / "icons", parts / "wordlight.ico"
    shutil.rmtree(icons, ignore_errors=True)
    _draw_icons(icons, order.environment)
    sizes = [size for size in ICON_SIZES if size <= 256]
    drawn = {
        size: (icons / f"{size}x{size}" / "apps" / f"{bundle.APP_ID}.png").read_bytes()
        for size in sizes
    }
    make_icon(drawn, icon)
    version = parts / "version.txt"
    version.write_text(version_info(), "utf-8")
    return {"WORDLIGHT_ICON": str(icon), "WORDLIGHT_VERSION_FILE": str(version)}


def tell_sizes(folder: Path, *, with_models: bool) -> bool:
    """Print what each component weighs; gives whether all of it is within the limit."""
    files = [
        (str(path.relative_to(folder)), path.stat().st_size)
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    ]
    for name, size in bundle.sizes(files).items():
        say(f"    {size / _MEGABYTE:6.1f} MB  {name}")
    return _within("installed", "in all", sum(size for _, size in files), with_models)


def tell_download(path: Path, order: Order) -> bool:
    """Print what a file weighs; gives whether that is within the limit."""
    if order.is_fast:
        say(f"- {path.name}: {path.stat().st_size / _MEGABYTE:.1f} MB, packed fast")
        return True
    return _within("download", path.name, path.stat().st_size, order.with_models)


def _within(kind: str, name: str, size: int, with_models: bool) -> bool:  # noqa: FBT001
    limits = tomllib.loads((Path(__file__).parent / "sizes.toml").read_text("utf-8"))
    most = limits[kind]["with models" if with_models else "without models"]
    fits = size <= most * _MEGABYTE
    say(f"- {name}: {size / _MEGABYTE:.1f} MB, {'at most' if fits else 'OVER'} {most} MB")
    return fits


# ------------------------------------------------------------- what Linux installs


def lay_out(folder: Path, tree: Path, order: Order) -> None:
    """Put the folder and all that a desktop asks for where a package has it, below ``usr``."""
    program = tree / "usr" / "lib" / "wordlight"
    shutil.copytree(folder, program, symlinks=True)
    share = tree / "usr" / "share"
    seconds = int(commit_seconds())
    for source, place in (
        ("wordlight.desktop.in", f"applications/{bundle.APP_ID}.desktop"),
        ("metainfo.xml.in", f"metainfo/{bundle.APP_ID}.metainfo.xml"),
        ("mime.xml", f"mime/packages/{bundle.APP_ID}.xml"),
        ("wordlight.1", "man/man1/wordlight.1"),
    ):
        target = share / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(filled((_LINUX / source).read_text("utf-8"), seconds), "utf-8")
    _draw_icons(share / "icons" / "hicolor", order.environment)
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            is_run = path.is_dir() or path.name in {"wordlight", "ffmpeg"}
            path.chmod(0o755 if is_run else 0o644)


def filled(text: str, seconds: int) -> str:
    """Fill in a template's names, version and day."""
    day = datetime.fromtimestamp(seconds, UTC).date().isoformat()
    for name, value in (
        ("@ID@", bundle.APP_ID),
        ("@EXEC@", "wordlight"),
        ("@HOME@", HOME_PAGE),
        ("@VERSION@", bundle.__version__),
        ("@DATE@", day),
        ("@MIME@", "".join(f"{one};" for one in (bundle.OWN_TYPE, *bundle.MIME_TYPES))),
    ):
        text = text.replace(name, value)
    return text


def make_deb(tree: Path, work: Path, out: Path, order: Order) -> Path:
    """Make the package of Debian and Ubuntu; what it depends on is what its files ask for."""
    root = work / "deb"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(tree, root, symlinks=True)
    program = root / "usr" / "lib" / "wordlight"
    needed = bundle.needed_by(program)
    if unknown := {name: by for name, by in needed.items() if name not in bundle.DEPENDS}:
        asked = "\n".join(f"  {name}, needed by {by}" for name, by in unknown.items())
        raise SetupError(f"bundle.DEPENDS does not say which package has these:\n{asked}")
    (program / "PACKAGED").write_text("deb\n", "utf-8")  # the package manager updates it
    command = root / "usr" / "bin" / "wordlight"
    command.parent.mkdir()
    command.symlink_to("../lib/wordlight/wordlight")
    papers = root / "usr" / "share" / "doc" / "wordlight"
    papers.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", papers / "copyright")
    log = (ROOT / "CHANGELOG.md").read_bytes()
    (papers / "changelog.gz").write_bytes(gzip.compress(log, mtime=int(commit_seconds())))
    manual = root / "usr" / "share" / "man" / "man1" / "wordlight.1"
    packed = gzip.compress(manual.read_bytes(), mtime=int(commit_seconds()))
    manual.with_suffix(".1.gz").write_bytes(packed)
    manual.unlink()
    size = sum(one.stat().st_size for one in root.rglob("*") if not one.is_symlink())
    control = {
        "Package": "wordlight",
        "Version": bundle.__version__,
        "Architecture": _output("dpkg", "--print-architecture"),
        "Maintainer": "The makers of Wordlight <wordlight@users.noreply.github.com>",
        "Installed-Size": str(size // 1024),
        "Section": "sound",
        "Priority": "optional",
        "Homepage": HOME_PAGE,
        "Depends": ", ".join(bundle.depends_of(needed)),
        "Recommends": ", ".join(bundle.RECOMMENDS),
        "Description": (
            "Turn recordings into text you can trust\n"
            " Drop recordings on a window; each is transcribed on this computer or by a\n"
            " service, then read along word by word, corrected and exported."
        ),
    }
    target = out / f"{order.name}.deb"
    seconds = int(commit_seconds())
    write_package(root, control, target, seconds=seconds, is_fast=order.is_fast)
    return target


def make_tar(tree: Path, work: Path, out: Path, order: Order) -> Path:
    """Make the archive for everybody else, with the script that installs it for one person."""
    top = work / "tar" / order.name
    shutil.rmtree(top.parent, ignore_errors=True)
    shutil.copytree(tree / "usr" / "lib" / "wordlight", top / "wordlight", symlinks=True)
    shutil.copytree(tree / "usr" / "share", top / "share")
    script = (_LINUX / "install.sh").read_text("utf-8")
    (top / "install.sh").write_text(script.replace("@ID@", bundle.APP_ID), "utf-8")
    (top / "install.sh").chmod(0o755)
    shutil.copyfile(ROOT / "LICENSE", top / "LICENSE")
    target = out / f"{order.name}.tar.xz"
    half = target.with_suffix(".half")
    with (
        lzma.open(half, "wb", filters=filters(is_fast=order.is_fast)) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        add_tree(archive, top, order.name, int(commit_seconds()))
    half.replace(target)
    return target


def make_appdir(tree: Path, out: Path) -> Path:
    """Make the folder an AppImage is made of; it runs by its ``AppRun``."""
    top = out / "Wordlight.AppDir"
    shutil.rmtree(top, ignore_errors=True)
    shutil.copytree(tree, top, symlinks=True)
    (top / "AppRun").symlink_to("usr/lib/wordlight/wordlight")
    share = Path("usr/share")
    (top / f"{bundle.APP_ID}.desktop").symlink_to(
        share / "applications" / f"{bundle.APP_ID}.desktop"
    )
    icon = share / "icons" / "hicolor" / "256x256" / "apps" / f"{bundle.APP_ID}.png"
    (top / f"{bundle.APP_ID}.png").symlink_to(icon)
    (top / ".DirIcon").symlink_to(icon)
    return top


def _draw_icons(folder: Path, environment: Environment) -> None:
    drawing = ROOT / "resources" / "icons" / "wordlight.svg"
    for place in ("scalable", *(f"{size}x{size}" for size in ICON_SIZES)):
        (folder / place / "apps").mkdir(parents=True)
    shutil.copyfile(drawing, folder / "scalable" / "apps" / f"{bundle.APP_ID}.svg")
    targets = [
        str(folder / f"{size}x{size}" / "apps" / f"{bundle.APP_ID}.png") for size in ICON_SIZES
    ]
    subprocess.run(
        [str(environment.python), str(Path(__file__).with_name("icons.py")), drawing, *targets],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
    )


# --------------------------------------------------------------------- by the way


def system_name() -> str:
    """Give what files of this system are called by, as ``linux-x86_64``."""
    names = {"win32": "windows", "darwin": "macos"}
    machine = platform.machine().lower().replace("amd64", "x86_64")
    return f"{names.get(sys.platform, 'linux')}-{machine}"


def commit_seconds() -> str:
    """Give when the present commit was made, which is the time of all that is built."""
    return _git("log", "-1", "--format=%ct")


def _git(*arguments: str) -> str:
    return _output("git", "-C", str(ROOT), *arguments)


def _output(*command: str) -> str:
    return subprocess.run(
        list(command), capture_output=True, text=True, check=True
    ).stdout.strip()
