"""Every text that a Word or Excel file shows, from the raw XML of all parts, without the readers."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from gongkai.authoring.office.source_excel import excel_texts
from gongkai.authoring.office.source_parts import (
    Aside,
    SourceText,
    attribute,
    local_name,
    main_part,
    parse_xml,
    related_parts,
    root_name,
)
from gongkai.authoring.office.source_word import word_texts

_WORD_PARTS = {
    "hdr": "页眉",
    "ftr": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
}
"""Kind of text by root element of a part."""
_DRAWING_PARTS = {"wsDr": "图形", "dataModel": "图示", "chartSpace": "图表"}


def source_texts(parts: Mapping[str, bytes]) -> list[SourceText]:
    """Return all texts of a package, by its unpacked XML parts."""
    main = main_part(parts)
    root = parse_xml(parts.get(main, b""))
    if root is None:
        return []
    is_workbook = local_name(root.tag) == "workbook"
    texts = list(excel_texts(parts, main, root) if is_workbook else word_texts(parts, main))
    for part in _reachable_parts(parts, main):
        texts += _side_texts(parts, part, is_workbook=is_workbook)
    return texts


def _reachable_parts(parts: Mapping[str, bytes], main: str) -> Iterator[str]:
    """Yield the parts that the main part leads to; what nothing leads to is not shown."""
    seen, waiting = {main}, [main]
    while waiting:
        for _, target in related_parts(parts, waiting.pop()).values():
            if target in parts and target not in seen:
                seen.add(target)
                waiting.append(target)
                yield target


def _side_texts(
    parts: Mapping[str, bytes], part: str, *, is_workbook: bool
) -> Iterator[SourceText]:
    """Yield the texts of a part beside the main ones: headers, notes, comments, drawings."""
    name = root_name(parts[part])
    if name in _WORD_PARTS and not is_workbook:
        yield from word_texts(parts, part, _WORD_PARTS[name])
    elif name in _DRAWING_PARTS or (name == "xml" and is_workbook):
        root = parse_xml(parts[part])
        if root is not None and name in _DRAWING_PARTS:
            yield from _drawing_texts(root, _DRAWING_PARTS[name])
        elif root is not None:
            yield from _control_texts(root)


def _control_texts(root: Element) -> Iterator[SourceText]:
    """Yield the captions of old controls in a VML drawing."""
    for shape in (element for element in root.iter() if local_name(element.tag) == "shape"):
        parts = {local_name(part.tag): part for part in shape}
        kind = attribute(parts["ClientData"], "ObjectType") if "ClientData" in parts else "Note"
        if kind == "Note":
            continue
        text = "".join(parts["textbox"].itertext()) if "textbox" in parts else ""
        checked = [
            part.text or "" for part in parts["ClientData"] if local_name(part.tag) == "Checked"
        ]
        is_ticked = checked[:1] == ["1"]
        if kind in {"Checkbox", "Radio"}:
            text = ("☑" if is_ticked else "□") + text.strip()
        if text.strip():
            yield SourceText("控件", text, is_in_body=False)


def _drawing_texts(root: Element, place: str) -> Iterator[SourceText]:
    """Yield the texts and pictures in a drawing, diagram or chart, a paragraph at a time."""
    for element in root.iter():
        match local_name(element.tag):
            case "p":
                parts = [part for part in element.iter() if local_name(part.tag) in {"t", "br"}]
                text = "".join(part.text or "\n" for part in parts)
                if text.strip():
                    yield SourceText(place, text, is_in_body=False)
            case "pic":
                names = [part for part in element.iter() if local_name(part.tag) == "cNvPr"]
                text = names[0].get("descr") or names[0].get("name") or "" if names else ""
                yield SourceText(place, text or "图片", Aside.PICTURE, is_in_body=False)
            case _:
                pass
