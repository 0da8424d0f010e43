"""What another version of the program would change for a publisher, found by running it."""

import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai.runtime.hashing import read_fingerprints
from gongkai.runtime.settings import Settings
from gongkai.runtime.shipped import SHIPPED

_KEYS = """
import json
from gongkai.authoring.json_schemas import build_schemas
schemas = build_schemas([])
names = ("site", "unit", "disclosure")
print(json.dumps([f"{name}.yml：{key}" for name in names for key in schemas[name]["properties"]]))
"""
_PINS = """
import sys
from pathlib import Path
from gongkai.authoring.publisher_files import pinned_requirements
sys.stdout.write(pinned_requirements(Path(sys.argv[1])))
"""
_CHANGES = "CHANGELOG.zh-CN.md"
_VERSION = re.compile(r"^## (\d[\w.]*)", re.MULTILINE)


class UpgradeError(Exception):
    """The other version cannot be run; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """What differs between the present program and another version, for one publisher."""

    version: str
    news: str
    """What the list of changes says about the versions in between."""
    forms: tuple[str, ...]
    keys: tuple[str, ...]
    own_copies: tuple[str, ...]
    """The publisher's own files whose originals have changed."""
    problems: tuple[str, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Program:
    """An unpacked program, run in its own process."""

    folder: Path
    """Comes first among the folders that modules are imported from; empty for the present one."""
    shipped: Path

    def run(self, *arguments: str) -> str:
        paths = [f"{self.folder}", os.environ.get("PYTHONPATH", "")]
        done = subprocess.run(  # noqa: S603 - our own arguments
            [sys.executable, *arguments],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in {0, 1} or "Traceback" in done.stderr:
            raise UpgradeError(f"新版本没有运行成功：{done.stderr.strip()[-600:]}")
        return done.stdout


def compare_versions(wheel: Path, settings: Settings, config: Path) -> VersionChanges:
    """Run the version in `wheel` on a publisher's data beside the present one, and compare."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        folder = Path(name)
        new = _unpack(wheel, folder / "new")
        old = _Program(Path(__file__).parents[2], SHIPPED)
        keys = [set(json.loads(program.run("-c", _KEYS))) for program in (old, new)]
        problems = [_problems(program, settings, config) for program in (old, new)]
        pages = [
            _pages(program, config, folder / label)
            for program, label in ((old, "before"), (new, "after"))
        ]
        changed = dict(_differences(_files(old.shipped), _files(new.shipped)))
        return VersionChanges(
            version=_version_of(wheel),
            news=_news(old.shipped, new.shipped),
            forms=tuple(_forms(changed, settings.data)),
            keys=tuple(
                f"{kind} {key}"
                for key, kind in _differences(*(dict.fromkeys(names, "") for names in keys))
            ),
            own_copies=tuple(_own_copies(changed, settings)),
            problems=tuple(
                f"{kind} {text}"
                for text, kind in _differences(*(dict.fromkeys(texts, "") for texts in problems))
            ),
            pages=tuple(f"{kind} {page}" for page, kind in _differences(*pages)),
        )


def pinned_versions(wheel: Path) -> str:
    """Return the requirements.txt of the version in `wheel`."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        return _unpack(wheel, Path(name)).run("-c", _PINS, f"{wheel.absolute()}")


def _unpack(wheel: Path, folder: Path) -> _Program:
    try:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    except zipfile.BadZipFile:
        raise UpgradeError(f"{wheel} 不是完整的 .whl 文件；请重新取一份") from None
    if not (folder / "gongkai" / "shipped").is_dir():
        raise UpgradeError(f"{wheel} 里没有本程序；请写 gongkai-版本-py3-none-any.whl")
    return _Program(folder, folder / "gongkai" / "shipped")


def _version_of(wheel: Path) -> str:
    return wheel.name.split("-")[1] if "-" in wheel.name else wheel.name


def _files(folder: Path) -> dict[str, str]:
    """Return content hashes by path."""
    return {
        path: file.digest
        for path, file in read_fingerprints(folder, {}, 0).items()
        if not path.endswith("/")
    }


def _differences(old: dict[str, str], new: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what differs, and how: 新增, 删去 or 改动."""
    for name in sorted({*old, *new}):
        if name not in old:
            yield name, "新增"
        elif name not in new:
            yield name, "删去"
        elif old[name] != new[name]:
            yield name, "改动"


def _problems(program: _Program, settings: Settings, config: Path) -> list[str]:
    output = program.run(
        *("-m", "gongkai", "check", "--format", "json"),
        *("--config-file", f"{config}", "--data", f"{settings.data}"),
    )
    rows = [json.loads(line) for line in output.splitlines()]
    return [f"{row['file']}:{row['line']} {row['message']}（{row['rule']}）" for row in rows]


def _pages(program: _Program, config: Path, out: Path) -> dict[str, str]:
    program.run("-m", "gongkai", "render", f"{out}", "--config-file", f"{config}")
    files = _files(out) if out.is_dir() else {}
    return {path: digest for path, digest in files.items() if path.endswith(".md")}


def _forms(changed: dict[str, str], data: Path) -> Iterator[str]:
    """Yield the shipped forms that differ, and what they are to the publisher."""
    texts = [path.read_text("utf-8", "replace") for path in data.glob("units/**/*.*")]
    for path, kind in changed.items():
        if path.startswith("data/forms/"):
            name = Path(path).stem
            uses = sum(bool(re.search(rf"表式: {name}\s*$", text, re.MULTILINE)) for text in texts)
            is_own = (data / "forms" / f"{name}.yml").is_file()
            own = "，这里有自己的一份，不受影响" if is_own else f"，这里有 {uses} 份文件在用"
            yield f"{kind} {name}{own}"


def _own_copies(changed: dict[str, str], settings: Settings) -> Iterator[str]:
    """Yield the publisher's pages and templates whose originals differ."""
    folders = [("content/", settings.content), *(("overrides/", own) for own in settings.overrides)]
    for path, kind in changed.items():
        for prefix, folder in folders:
            if path.startswith(prefix) and (folder / path.removeprefix(prefix)).is_file():
                yield f"{kind} {path}：程序的原件变了，您自己的一份没有跟着变，请对照"


def _news(old: Path, new: Path) -> str:
    """Return the sections of the new list of changes that the old one does not have."""
    known = _sections(old)
    sections = _sections(new)
    return "".join(text for version, text in sections.items() if version not in known)


def _sections(shipped: Path) -> dict[str, str]:
    path = shipped / _CHANGES
    text = path.read_text("utf-8") if path.is_file() else ""
    starts = [match.start() for match in _VERSION.finditer(text)]
    parts = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    return {_VERSION.findall(part)[0]: part for part in parts}
