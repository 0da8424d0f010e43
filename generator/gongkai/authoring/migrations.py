"""Changes to a publisher's own files that an upgrade calls for."""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai.runtime.settings import Settings
from gongkai.runtime.shipped import CONTENT, FORMS, THEME, read_shipped_page


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file to change."""

    path: Path
    text: str | None
    """The new text; None to delete the file."""


@dataclass(frozen=True, slots=True)
class Migration:
    """A change to a publisher's files."""

    name: str
    """What it does, in Chinese."""
    find_changes: Callable[[Settings], Iterator[FileChange]]


def _copies_of_shipped_files(settings: Settings) -> Iterator[FileChange]:
    """Yield the publisher's files that are the program's own, byte for byte."""
    pairs = [(FORMS, settings.data / "forms"), (CONTENT, settings.content)]
    pairs += [(THEME, folder) for folder in settings.overrides]
    for original_folder, folder in pairs:
        if folder.resolve() == original_folder.resolve() or not folder.is_dir():
            continue
        for path in sorted(folder.rglob("*")):
            original = original_folder / path.relative_to(folder)
            if path.is_file() and original.is_file() and _is_copy(path, original):
                yield FileChange(path, None)


def _is_copy(path: Path, original: Path) -> bool:
    if original.is_relative_to(CONTENT):
        if original.suffix != ".md" or original.name in {"about.md", "accessibility.md"}:
            return False
        return path.read_text("utf-8") == read_shipped_page(
            original.relative_to(CONTENT).as_posix()
        )
    return path.read_bytes() == original.read_bytes()


MIGRATIONS = (
    Migration(
        "与程序自带的完全相同的表式、手册和模板不必再留一份，升级时才会跟着变",
        _copies_of_shipped_files,
    ),
)


def render_diff(change: FileChange, top: Path) -> str:
    """Return a change as a unified diff."""
    name = (
        change.path.relative_to(top).as_posix()
        if change.path.is_relative_to(top)
        else f"{change.path}"
    )
    try:
        old = change.path.read_text("utf-8").splitlines(keepends=True)
    except UnicodeDecodeError:
        return f"删去 {name}\n"
    new = [] if change.text is None else change.text.splitlines(keepends=True)
    after = "/dev/null" if change.text is None else name
    return "".join(difflib.unified_diff(old, new, name, after, n=1))


def apply_change(change: FileChange) -> None:
    """Change a file, and remove folders that are empty then."""
    if change.text is not None:
        change.path.write_text(change.text, "utf-8", newline="\n")
        return
    change.path.unlink()
    for folder in change.path.parents:
        if any(folder.iterdir()):
            break
        folder.rmdir()
