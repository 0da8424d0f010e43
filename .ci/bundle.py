"""Pack the program for a network without a way out: wheel, pinned packages, install scripts.

Usage: .ci/bundle.py FOLDER [PYTHON…] [--system SYSTEM]; it runs in the environment of the Makefile
and needs a package index. Every package is taken as a wheel for the named system, and its hash
compared with the locked one.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = {
    "linux-x86_64": ("linux", "Linux", "posix", "x86_64", ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")),
    "linux-aarch64": ("linux", "Linux", "posix", "aarch64", ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64")),
    "windows-amd64": ("win32", "Windows", "nt", "AMD64", ("win_amd64",)),
}  # fmt: skip
"""System → sys.platform, platform.system(), os.name, machine, and platform tags."""


def main() -> None:
    """Fill the folder, one subfolder per system."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("pythons", nargs="*", default=PYTHONS)
    parser.add_argument("--system", action="append", choices=[*SYSTEMS])
    options = parser.parse_args()
    folder, pythons = options.folder, options.pythons
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", f"{folder}", f"{ROOT}")
    (wheel,) = folder.glob("gongkai-*.whl")
    for system in options.system or SYSTEMS:
        target = folder / system / "wheels"
        target.mkdir(parents=True)
        for python in pythons:
            download(system, python, target)
        shutil.copy(wheel, target)
        check_tags(system, target)
        for script in ("install.sh", "install.ps1"):
            if (system == "windows-amd64") == script.endswith(".ps1"):
                shutil.copy(ROOT / ".ci" / script, folder / system / script)
        write_requirements(folder / system, wheel)
        write_hashes(folder / system)
    wheel.unlink()


def pip(*arguments: str) -> None:
    """Run pip; end with its error if it fails."""
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments],
        check=True,
    )


def locked() -> list[str]:
    """Return the entries of requirements.txt, each with its hashes."""
    text = (ROOT / "requirements.txt").read_text("utf-8")
    joined = re.sub(r" \\\n\s*", " ", text)
    return [line for line in joined.splitlines() if line and not line.startswith("#")]


def download(system: str, python: str, target: Path) -> None:
    """Download the wheels for a system and a Python; pip compares their hashes with the locked ones.

    The first and the last patch release of a Python may need different packages.
    """
    tags = SYSTEMS[system][-1]
    chosen = target.parent / "locked.txt"
    texts = {locked_for(system, python, patch): f"{python}.{patch}" for patch in (0, 99)}
    for text, version in texts.items():
        chosen.write_text(text, "utf-8")
        platforms = [word for tag in tags for word in ("--platform", tag)]
        pip(
            *("download", "--require-hashes", "--no-deps", "--only-binary=:all:"),
            *(*platforms, "--python-version", version, "--implementation", "cp"),
            *("--dest", f"{target}", "--requirement", f"{chosen}"),
        )
    chosen.unlink()


def locked_for(system: str, python: str, patch: int) -> str:
    """Return the locked packages that a system and a Python need, with their hashes."""
    sys_platform, name, os_name, machine, _ = SYSTEMS[system]
    environment = {
        "sys_platform": sys_platform,
        "platform_system": name,
        "os_name": os_name,
        "platform_machine": machine,
        "python_version": python,
        "python_full_version": f"{python}.{patch}",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    lines = []
    for entry in locked():
        text, *hashes = entry.split(" --hash=")
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            requirement.marker = None
            lines.append(" --hash=".join([f"{requirement}", *hashes]))
    return "\n".join(lines) + "\n"


def check_tags(system: str, target: Path) -> None:
    """Exit if a wheel is made for another system."""
    machine = {"linux-x86_64": "x86_64", "linux-aarch64": "aarch64", "windows-amd64": "win_amd64"}
    for path in target.iterdir():
        tags = parse_wheel_filename(path.name)[3]
        if not any(tag.platform == "any" or tag.platform.endswith(machine[system]) for tag in tags):
            sys.exit(f"{path.name} is not for {system}")


def write_requirements(folder: Path, wheel: Path) -> None:
    """Write requirements.txt with the program's own hash."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    version = wheel.name.split("-")[1]
    lines = [f"gongkai=={version} --hash=sha256:{digest}", *locked()]
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n", "utf-8")


def write_hashes(folder: Path) -> None:
    """Write SHA256SUMS of all files."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
