"""The program's scripts and style sheets without their comments and indentation, which browsers need not load."""

import re
from pathlib import Path

_TRAILING_COMMENT = re.compile(r"(?<=[;{,(]) +// [^\"'`]*$")
_SHEET_COMMENT = re.compile(r"^/\*[^*!].*?\*/\s*", re.DOTALL | re.MULTILINE)
_SUFFIXES = frozenset({".js", ".css"})


def compact_scripts(folder: Path) -> None:
    """Compact the scripts and style sheets below assets/ in a folder; minified ones stay as they are."""
    for path in (folder / "assets").rglob("*"):
        if path.suffix in _SUFFIXES and ".min." not in path.name:
            compact = compact_script if path.suffix == ".js" else compact_sheet
            path.write_bytes(
                compact(path.read_bytes().decode("utf-8", "surrogateescape")).encode(
                    "utf-8", "surrogateescape"
                )
            )


def compact_script(text: str) -> str:
    """Return a script without comments and indentation, line by line; licences (//!) stay."""
    lines, is_in_template = list[str](), False
    for line in text.split("\n"):
        code = line if is_in_template else _TRAILING_COMMENT.sub("", line.strip())
        if code.startswith("//") and not code.startswith("//!") and not is_in_template:
            continue
        lines += [code] if code or is_in_template else []
        is_in_template ^= code.count("`") % 2 == 1
    return "\n".join([*lines, ""])


def compact_sheet(text: str) -> str:
    """Return a style sheet without comments and indentation; licences (/*!) stay."""
    return "\n".join(filter(None, map(str.strip, _SHEET_COMMENT.sub("", text).split("\n"))))
