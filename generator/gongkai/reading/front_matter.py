"""Markdown reports as files: front matter between two `---` lines, then paragraphs."""

import re
from dataclasses import dataclass

_FRONT_MATTER = re.compile(r"\A\s*?---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_MISSING = (
    "报告开头缺少表头；请在第一行写“---”，下面写“表式: …”“标题: …”等项，再写一行“---”，然后写正文"
)
_OPEN = "报告的表头没有结束；请在表头各项之后、正文之前写一行“---”"

_BREAK = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report split into front matter and body."""

    front_matter: str | None
    """Its YAML, padded with blank lines to keep the file's line numbers; None if missing."""
    body: str
    body_line: int
    """The 1-based line where the body begins."""
    message: str = ""
    """Why there is no front matter, in Chinese."""


def split_report(text: str) -> ReportText:
    """Split a report into front matter and body."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        is_open = text.lstrip().startswith("---\n")
        return ReportText(None, text, 1, _OPEN if is_open else _MISSING)
    padding = "\n" * text.count("\n", 0, match.start(1))
    return ReportText(padding + match[1], text[match.end() :], match[0].count("\n") + 1)


def split_paragraphs(body: str) -> list[str]:
    """Split a report's Markdown into paragraphs at blank lines."""
    return [paragraph.strip("\n") for paragraph in _BREAK.split(body) if paragraph.strip()]
