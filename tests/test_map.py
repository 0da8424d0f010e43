"""generator/README.md, the map for newcomers: every room, file and name in it exists."""

import ast
import re
from pathlib import Path

from tests.folders import ROOT

PACKAGE = ROOT / "generator/gongkai"
MOST_FILES = 40
MAP = (ROOT / "generator/README.md").read_text("utf-8")


def find_file(name: str) -> Path:
    paths = [path for path in (PACKAGE / name, ROOT / name) if path.exists()]
    assert paths, f"{name} does not exist"
    return paths[0]


def defined_names(path: Path) -> set[str]:
    """Return the names that a file defines, methods and fields included."""
    if path.suffix == ".js":
        return set(re.findall(r"\b(?:function|const) (\w+)", path.read_text("utf-8")))
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def test_the_map_has_every_room() -> None:
    rooms = re.findall(r"^\| `(\w+)/`", MAP, re.MULTILINE)
    folders = sorted(path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("__init__.py"))
    assert sorted(rooms) == [f"{folder}" for folder in folders if len(folder.parts) == 1]
    missing = [
        folder for folder in folders if folder.parts and f"`{folder.as_posix()}/`" not in MAP
    ]
    assert missing == []


def test_files_and_names_in_the_map_exist() -> None:
    """A name belongs to the file named last before it in the same paragraph or table row."""
    for paragraph in re.split(r"\n(?:\n|(?=\|))", MAP):
        path = PACKAGE
        for name in re.findall(r"`([^`\n]+)`", paragraph):
            if "/" in name and "generator/" not in name:
                path = find_file(name)
            elif path.is_file() and name.isidentifier():
                assert name in defined_names(path), f"{name} in {path.name}"


def test_no_room_is_crowded() -> None:
    """What is searched for among more files is not found at a glance."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    counts = {folder.relative_to(PACKAGE): len(list(folder.glob("*.py"))) for folder in folders}
    assert {f"{folder}": count for folder, count in counts.items() if count > MOST_FILES} == {}
