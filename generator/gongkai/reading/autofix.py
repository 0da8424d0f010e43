"""What can be put right without asking: a byte-order mark, line ends, full-width digits; never a figure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gongkai.model.problems import Fix, Position, Problem

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Fixed:
    """One thing that was put right."""

    position: Position
    what: str


def fix(problems: Iterable[Problem], files: Iterable[tuple[str, Path]]) -> list[Fixed]:
    """Put right what is safe, in these files (name in messages, path); what was done."""
    wanted: dict[str, list[tuple[Position, Fix]]] = defaultdict(list)
    for problem in problems:
        if problem.fix:
            wanted[problem.position.file].append((problem.position, problem.fix))
    done: list[Fixed] = []
    for name, path in files:
        old = path.read_bytes()
        new, made = _fixed(name, old, wanted.get(name, []))
        if new != old:
            path.write_bytes(new)
        done.extend(made)
    return done


def _fixed(name: str, raw: bytes, fixes: list[tuple[Position, Fix]]) -> tuple[bytes, list[Fixed]]:
    done: list[Fixed] = []
    if raw.startswith(_BOM):
        raw = raw.removeprefix(_BOM)
        done.append(Fixed(Position(name), "删去文件开头的 BOM"))
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        done.append(Fixed(Position(name), "换行改为 LF"))
    try:
        lines = raw.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return raw, done
    for position, change in sorted(fixes, key=lambda each: each[0], reverse=True):
        line = lines[position.line - 1]
        start = line.find(change.old, max(0, position.column - 1))
        if start >= 0:
            lines[position.line - 1] = line[:start] + change.new + line[start + len(change.old) :]
            done.append(Fixed(position, f"“{change.old}”改为“{change.new}”"))
    return "\n".join(lines).encode(), done
