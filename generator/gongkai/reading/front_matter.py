"""A report as a file: front matter, the lines between `---` and `---`, above Markdown in paragraphs."""

import re
from dataclasses import dataclass

_FRONT = re.compile(r"\A\s*?---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_MISSING = (
    "报告开头缺少表头；请在第一行写“---”，下面写“表式: …”“标题: …”等项，再写一行“---”，然后写正文"
)
_OPEN = "报告的表头没有结束；请在表头各项之后、正文之前写一行“---”"

_BREAK = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Front:
    """A report's two parts."""

    head: str | None
    """The front matter, in the lines where it stands; None where there is none."""
    body: str
    body_line: int
    message: str = ""
    """What is missing."""


def split(text: str) -> Front:
    """A report's front matter and its body."""
    match = _FRONT.match(text)
    if match is None:
        opened = text.lstrip().startswith("---\n")
        return Front(None, text, 1, _OPEN if opened else _MISSING)
    above = "\n" * text.count("\n", 0, match.start(1))
    return Front(above + match[1], text[match.end() :], match[0].count("\n") + 1)


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a report's Markdown: what blank lines separate."""
    return [each.strip("\n") for each in _BREAK.split(body) if each.strip()]
