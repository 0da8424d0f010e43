"""Safe automatic corrections of data files: byte-order mark, line ends, full-width digits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gongkai.model.problems import Fix, Position, Problem

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class AppliedFix:
    """A correction that was written to a file."""

    position: Position
    description: str
    """What was changed, in Chinese."""


def apply_fixes(problems: Iterable[Problem], files: Iterable[tuple[str, Path]]) -> list[AppliedFix]:
    """Correct the files (name in messages, path) where that is safe; return the corrections.

    No figure changes its value.
    """
    fixes: dict[str, list[tuple[Position, Fix]]] = defaultdict(list)
    for problem in problems:
        if problem.fix:
            fixes[problem.position.file].append((problem.position, problem.fix))
    applied: list[AppliedFix] = []
    for name, path in files:
        old = path.read_bytes()
        new, applied_here = _fix_bytes(name, old, fixes.get(name, []))
        if new != old:
            path.write_bytes(new)
        applied.extend(applied_here)
    return applied


def _fix_bytes(
    name: str, raw: bytes, fixes: list[tuple[Position, Fix]]
) -> tuple[bytes, list[AppliedFix]]:
    applied: list[AppliedFix] = []
    if raw.startswith(_BOM):
        raw = raw.removeprefix(_BOM)
        applied.append(AppliedFix(Position(name), "删去文件开头的 BOM"))
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        applied.append(AppliedFix(Position(name), "换行改为 LF"))
    try:
        lines = raw.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return raw, applied
    for position, fix in sorted(fixes, key=lambda entry: entry[0], reverse=True):
        line = lines[position.line - 1]
        start = line.find(fix.old, max(0, position.column - 1))
        if start >= 0:
            lines[position.line - 1] = line[:start] + fix.new + line[start + len(fix.old) :]
            applied.append(AppliedFix(position, f"“{fix.old}”改为“{fix.new}”"))
    return "\n".join(lines).encode(), applied
