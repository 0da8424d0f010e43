"""Texts as they stand in the raw XML of an Office file, and the parts that hold them."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring, iterparse


class Aside(StrEnum):
    """Why a text is not part of the plain text of its place."""

    NONE = ""
    TEXT_BOX = "文本框"
    STRUCK = "删除线文字"
    HIDDEN = "隐藏文字"
    WHITE = "白色文字"
    PROMPT = "填写提示"
    READING = "注音"
    COVERED = "合并后看不见的文字"
    PICTURE = "图片"
    OBJECT = "嵌入对象"
    INSERTED_FILE = "插入的文件"
    WORD_ART = "艺术字"
    FORMULA = "没有结果的公式"

    @property
    def is_object(self) -> bool:
        """Whether it is no text but something that only has a name."""
        return self in {Aside.PICTURE, Aside.OBJECT, Aside.INSERTED_FILE, Aside.WORD_ART}


def aside_place(place: str, aside: Aside) -> str:
    """Return the place of a text that stands aside: 第3段的文本框."""
    return f"{place}的{aside}" if aside else place


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text of a file, whether a reader takes it or not."""

    place: str
    """第2个表第3行第4列, 工作表“附件2”C5, 第3段的文本框, 页眉."""
    text: str
    aside: Aside = Aside.NONE
    grid: tuple[int, int, int] = (0, 0, 0)
    """Table, row and column of a cell, from 1; 0 for a paragraph."""
    is_in_body: bool = True
    """False for page headers and footers, notes, comments and drawings."""
    is_number: bool = False
    """Whether the file stores a number, which is shown in the format of the cell."""
    is_merged: bool = False
    """Whether the cell covers several rows or columns."""
    is_numbered: bool = False
    """Whether the paragraphs are in lists."""
    numbers: int = 0
    """How many paragraphs show an automatic number, which is not stored as text."""
    has_equation: bool = False
    """Whether the text has an equation, whose signs are not stored as text."""


def local_name(tag: object) -> str:
    """Return the name of an element without its namespace."""
    return f"{tag}".rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """Return an attribute, whatever its namespace; empty if there is none."""
    values = (value for key, value in element.attrib.items() if local_name(key) == name)
    return next(values, "")


def parse_xml(data: bytes) -> Element | None:
    """Parse a part; return None if it is damaged."""
    try:
        root: Element = fromstring(data)
    except (ParseError, LookupError, ValueError):
        return None
    return root


def root_name(data: bytes) -> str:
    """Return the name of a part's root without reading the rest; empty if it is damaged."""
    try:
        _, root = next(iter(iterparse(BytesIO(data), events=("start",))))
    except (StopIteration, ParseError, LookupError, ValueError):
        return ""
    return local_name(root.tag)


def related_parts(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Return the relationships of a part by id: the kind (comments) and the path of the target."""
    folder, name = posixpath.split(part)
    root = parse_xml(parts.get(posixpath.join(folder, "_rels", f"{name}.rels"), b""))
    related: dict[str, tuple[str, str]] = {}
    for element in () if root is None else root:
        target = attribute(element, "Target")
        if attribute(element, "TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = attribute(element, "Type").rpartition("/")[2]
        related[attribute(element, "Id")] = (kind, target)
    return related


def main_part(parts: Mapping[str, bytes]) -> str:
    """Return the path of the main part; empty if there is none."""
    related = related_parts(parts, "").values()
    return next((path for kind, path in related if kind == "officeDocument"), "")
