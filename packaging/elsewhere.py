"""The forms for Windows and macOS, and what stores and lists want to know of a release.

The forms are made on the systems they are for. What stores want is filled in from the files of
all systems, once they lie together: ``dev.py gather FOLDER``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePath

import bundle
from environment import ROOT, SetupError, say

sys.path.insert(0, str(ROOT))
from app.core.file_kinds import RECORDING_SUFFIXES

HERE = Path(__file__).parent
HOME_PAGE = "https://github.com/wordlight/wordlight"
DOWNLOADS = f"{HOME_PAGE}/releases/download"
SIGN_TOOL = "WORDLIGHT_SIGN_TOOL"
"""Environment variable: how Inno Setup has files signed on Windows; unsigned without it."""
SIGN_AS = "WORDLIGHT_SIGN_AS"
"""Environment variable: whose certificate macOS signs with; ad hoc without it."""
INNO_LANGUAGES = {"ar": "Arabic", "de": "German", "es": "Spanish", "fr": "French"}
"""What Inno Setup has texts for, of the languages that Wordlight speaks, besides English."""
_EARLIEST_IN_A_ZIP = (1980, 1, 1, 0, 0, 0)


def filled(template: str, values: Mapping[str, str]) -> str:
    """Fill in a template.

    Raises:
        SetupError: A gap is left.
    """
    for name, value in values.items():
        template = template.replace(f"@{name}@", value)
    left = [word for word in template.split("@")[1::2] if word.isupper() and " " not in word]
    if left:
        raise SetupError(f"Nothing is known for {', '.join(left)}.")
    return template


# ---------------------------------------------------------------------- Windows


def supported_types() -> str:
    """Give the lines of Inno Setup that offer Wordlight for what it reads."""
    key = r"Software\Classes\Applications\wordlight.exe\SupportedTypes"
    return "\n".join(
        f'Root: HKA; Subkey: "{key}"; ValueType: string; ValueName: "{suffix}"; '
        'ValueData: ""; Flags: uninsdeletekey'
        for suffix in sorted({*RECORDING_SUFFIXES, ".wordlight"})
    )


def inno_languages() -> str:
    """Give the lines of Inno Setup for the languages that its installer speaks."""
    named = {"en": "Default.isl"} | {
        code: rf"Languages\{name}.isl" for code, name in INNO_LANGUAGES.items()
    }
    return "\n".join(
        f'Name: "{code}"; MessagesFile: "compiler:{file}"' for code, file in named.items()
    )


def inno_script(folder: PurePath, out: PurePath, name: str, icon: PurePath) -> str:
    """Fill in the recipe of the installer for Windows."""
    signs = os.environ.get(SIGN_TOOL)
    return filled(
        (HERE / "windows" / "wordlight.iss.in").read_text("utf-8"),
        {
            "VERSION": bundle.__version__,
            "HOME": HOME_PAGE,
            "ICON": str(icon),
            "OUT": str(out),
            "NAME": name,
            "FOLDER": str(folder),
            "SIGNED": "SignTool=wordlight\nSignedUninstaller=yes" if signs else "",
            "LANGUAGES": inno_languages(),
            "SUPPORTED": supported_types(),
        },
    )


def version_info() -> str:
    """Give what Windows shows of the program's file, as PyInstaller reads it."""
    numbers = [int(one) for one in bundle.__version__.split(".")]
    four = tuple([*numbers, 0, 0, 0, 0][:4])
    texts = {
        "CompanyName": "The makers of Wordlight",
        "FileDescription": "Wordlight",
        "FileVersion": bundle.__version__,
        "InternalName": "wordlight",
        "LegalCopyright": "MIT licence",
        "OriginalFilename": "wordlight.exe",
        "ProductName": "Wordlight",
        "ProductVersion": bundle.__version__,
    }
    told = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in texts.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3f, "
        "flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)), kids=["
        f"StringFileInfo([StringTable('040904B0', [{told}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )


def make_icon(pictures: Mapping[int, bytes], target: Path) -> None:
    """Write an icon of Windows from pictures, as PNG, by their size."""
    count = len(pictures)
    head = b"\0\0\1\0" + count.to_bytes(2, "little")
    place, entries = len(head) + 16 * count, b""
    for size, content in sorted(pictures.items()):
        edge = bytes([size % 256] * 2)  # 256 is told as 0
        entries += edge + b"\0\0\1\0\x20\0"
        entries += len(content).to_bytes(4, "little") + place.to_bytes(4, "little")
        place += len(content)
    target.write_bytes(head + entries + b"".join(one for _, one in sorted(pictures.items())))


def make_setup(folder: Path, work: Path, out: Path, name: str) -> Path:
    """Have Inno Setup make the installer.

    Raises:
        SetupError: Inno Setup is not there, or could not do it.
    """
    compiler = shutil.which("iscc") or r"C:\Program Files (x86)\Inno Setup 6\ISCC.exe"
    if not Path(compiler).is_file():
        raise SetupError("Inno Setup 6 is needed for the installer; install that first.")
    script = work / "wordlight.iss"
    script.write_text(inno_script(folder, out, name, work / "parts" / "wordlight.ico"), "utf-8")
    signs = os.environ.get(SIGN_TOOL)
    done = subprocess.run(
        [compiler, "/Q", *([f"/Swordlight={signs}"] if signs else []), str(script)],
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise SetupError("Inno Setup could not make the installer; see above.")
    return out / f"{name}.exe"


def make_zip(folder: Path, out: Path, name: str) -> Path:
    """Make the archive that is only unpacked; the same folder gives the same bytes."""
    target = out / f"{name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                inside = f"Wordlight/{path.relative_to(folder).as_posix()}"
                member = zipfile.ZipInfo(inside, _EARLIEST_IN_A_ZIP)
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, path.read_bytes())
    return target


# ------------------------------------------------------------------------ macOS


def make_dmg(app: Path, work: Path, out: Path, name: str) -> Path:
    """Sign the app, ad hoc where nobody's name is given, and put it into a disk image."""
    signed_as = os.environ.get(SIGN_AS) or "-"
    entitlements = HERE / "macos" / "entitlements.plist"
    hardened = [] if signed_as == "-" else ["--options", "runtime", "--timestamp"]
    command = ["codesign", "--force", *hardened, "--sign", signed_as]
    # From the inside out: the seal of what holds others covers them.
    for path in sorted(app.rglob("*"), key=lambda one: (-len(one.parts), str(one))):
        if path.is_file() and not path.is_symlink() and _is_mach(path):
            subprocess.run(
                [*command, "--entitlements", str(entitlements), str(path)], check=True
            )
    subprocess.run([*command, "--entitlements", str(entitlements), str(app)], check=True)
    subprocess.run(["codesign", "--verify", "--deep", "--strict", str(app)], check=True)
    image = work / "dmg"
    shutil.rmtree(image, ignore_errors=True)
    image.mkdir(parents=True)
    shutil.copytree(app, image / app.name, symlinks=True)
    (image / "Applications").symlink_to("/Applications")
    target = out / f"{name}.dmg"
    made = ["hdiutil", "create", "-volname", "Wordlight", "-srcfolder", str(image), "-ov"]
    subprocess.run([*made, "-format", "ULMO", str(target)], check=True)
    return target


def _is_mach(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in {b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"}


# ------------------------------------------------------- what stores want to know

TEMPLATES = (
    *("winget.version.yaml", "winget.installer.yaml", "winget.locale.yaml"),
    *("wordlight.rb", "PKGBUILD"),
)
ENDINGS = {"SETUP": ".exe", "DMG": ".dmg", "TAR": ".tar.xz", "DEB": ".deb"}


def gather(folder: Path, downloads: str = DOWNLOADS) -> list[Path]:
    """Write checksums, the file that tells of the release, and what stores want.

    Args:
        folder: Where the files of all systems lie; a store whose file is not there is left out.
        downloads: Below which address they will lie.
    """
    files = sorted(
        one
        for one in folder.iterdir()
        if one.name.startswith("wordlight-")
        and one.name.endswith((*ENDINGS.values(), ".zip", ".AppImage"))
    )
    if not files:
        raise SetupError(f"There is nothing to release in {folder}.")
    sums = {one.name: _digest(one) for one in files}
    values = {"VERSION": bundle.__version__, "HOME": HOME_PAGE, "ID": bundle.APP_ID}
    for name, ending in ENDINGS.items():
        found = next(
            (one for one in sums if one.endswith(ending) and "without" not in one), None
        )
        if found is not None:
            values[f"{name}_ADDRESS"] = f"{downloads}/v{bundle.__version__}/{found}"
            values[f"{name}_SHA256"] = sums[found]
            values[f"{name}_FOLDER"] = found.removesuffix(ending)
    written = [folder / "SHA256SUMS", folder / "latest.json"]
    written[0].write_text("".join(f"{sums[one]}  {one}\n" for one in sums), "utf-8")
    page = f"{HOME_PAGE}/releases/tag/v{bundle.__version__}"
    latest = {"version": bundle.__version__, "page": page, "hashes": sums}
    written[1].write_text(json.dumps(latest, indent=1) + "\n", "utf-8")
    sources = [HERE / "stores" / f"{name}.in" for name in TEMPLATES]
    sources.append(HERE / "flatpak" / "manifest.yml.in")
    for source in sources:
        name = source.name.removesuffix(".in")
        target = folder / (f"{bundle.APP_ID}.yml" if name == "manifest.yml" else name)
        try:
            target.write_text(filled(source.read_text("utf-8"), values), "utf-8")
        except SetupError as error:
            say(f"- {name} left out: {error}")
        else:
            written.append(target)
    return written


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def forms_here() -> tuple[str, ...]:
    """Give the forms that can be made on this system."""
    if sys.platform == "win32":
        return ("folder", "setup", "zip")
    if sys.platform == "darwin":
        return ("folder", "dmg")
    return ("folder", "deb", "tar", "appdir")
