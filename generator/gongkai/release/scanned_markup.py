"""Text of HTML, XML and JSON as a reader sees it, for the scan for personal data."""

import html
import re
from collections.abc import Iterator

from gongkai.model.personal_data import find_unpublishable_data

_SEPARATOR = "\x02"
"""Stands for a tag; no number goes on over it."""
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nobr|q|s|samp|small"
    r"|span|strike|strong|sub|sup|time|tspan|tt|u|var|wbr)(?:\s[^<>]*)?/?>|<!--[^<>]*-->"
)
"""Tags between which a text goes on."""
_OFFICE_BLANK = re.compile(r"<(?:\w+:)?(?:tab|br|cr|s|line-break)(?:\s[^<>]*)?/?>")
_OFFICE_RUN = re.compile(
    r"</?(?!(?:\w+:)?(?:p|tr|tc|si|c|row|h|table-cell|table-row|f)[\s/>])[A-Za-z][^<>]*>"
)
"""Tags within a paragraph or cell of an office file."""
_TAG = re.compile(r"<[!/?A-Za-z][^<>]*>")
_ESCAPES = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+|\\([^u])")
_PLAIN_ESCAPES = {"n": "\r", "r": "\r", "t": "\t", "b": " ", "f": " "}


def visible_text(text: str, *, in_office: bool) -> str:
    """Return the text between the tags, with character references decoded.

    `in_office`: it is part of Word, Excel and the like, which put a number into several runs.
    """
    runs = _OFFICE_RUN if in_office else _INLINE
    text = runs.sub("", _OFFICE_BLANK.sub(" ", text) if in_office else text)
    return html.unescape(_TAG.sub(_SEPARATOR, text))


def hidden_texts(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and text of tags and comments with personal data in their attributes."""
    tags = _SEPARATOR.join(_TAG.findall(text))
    if not any(find_unpublishable_data(html.unescape(tags))):
        return
    for match in _TAG.finditer(text):
        yield text.count("\n", 0, match.start()), html.unescape(match[0])


def decode_escapes(text: str) -> str:
    """Return JSON or a script with characters in place of escape sequences; lines stay lines."""
    return _ESCAPES.sub(_decode_escape, text) if "\\" in text else text


def _decode_escape(match: re.Match[str]) -> str:
    if match[1]:
        return _PLAIN_ESCAPES.get(match[1], match[1])
    return bytes.fromhex(match[0].replace("\\u", "")).decode("utf-16-be", "replace")
