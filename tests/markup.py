"""What is wrong in the markup of a page: a strict parser's errors, and what a validator would say."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

from tests.html_terms import (
    AUTOCOMPLETE,
    BLOCKS,
    CHILDREN,
    INTERACTIVE,
    LABELABLE,
    OBSOLETE,
    OBSOLETE_ATTRIBUTES,
    PHRASING_ONLY,
    REFERENCES,
    VALUES,
)

_HTML = "{http://www.w3.org/1999/xhtml}"
_SPACE = re.compile(r"\s")


@dataclass(frozen=True)
class Markup:
    """A page taken apart."""

    text: str

    @cached_property
    def _parser(self) -> HTMLParser:
        return HTMLParser(namespace_html_elements=True)

    @cached_property
    def root(self) -> Element:
        """The element html."""
        found: Element = self._parser.parse(self.text)
        return found

    @cached_property
    def elements(self) -> list[tuple[str, Element, tuple[str, ...]]]:
        """Every element with its name and the names of those it stands in, the nearest last."""
        return list(_walked(self.root, ()))

    @cached_property
    def ids(self) -> Counter[str]:
        """Every id, and how often."""
        return Counter(each.get("id", "") for _, each, _ in self.elements if "id" in each.attrib)

    def parse_errors(self) -> Iterator[str]:
        """What a strict parser stumbles over."""
        _ = self.root
        for (line, column), code, _data in self._parser.errors:
            yield f"{line}:{column} {code}"


def _walked(
    element: Element, above: tuple[str, ...]
) -> Iterator[tuple[str, Element, tuple[str, ...]]]:
    if isinstance(element.tag, str):  # A comment's tag is a function.
        name = element.tag.removeprefix(_HTML)
        yield name, element, above
        for child in element:
            yield from _walked(child, (*above, name))


def faults(text: str) -> Iterator[str]:
    """What is wrong in a page, in words."""
    page = Markup(text)
    yield from page.parse_errors()
    yield from _identity(page)
    for name, element, above in page.elements:
        if name.startswith("{"):
            continue  # Pictures have rules of their own.
        yield from _nesting(name, above)
        yield from _attributes(name, element)
        yield from _references(name, element, page)
        yield from _safety(name, element)
    yield from _headings(page)
    yield from _tables(page)


def _identity(page: Markup) -> Iterator[str]:
    """Language, title, one main part, no id twice."""
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", page.root.get("lang", "")):
        yield "html without lang"
    titles = [each for name, each, above in page.elements if name == "title" and "head" in above]
    if len(titles) != 1 or not (titles[0].text or "").strip():
        yield "not one title"
    if sum(name == "main" for name, *_ in page.elements) != 1:
        yield "not one main"
    for id_, times in page.ids.items():
        if times > 1:
            yield f"id {id_} {times} times"
        if not id_ or _SPACE.search(id_):
            yield f"id {id_!r}"


def _nesting(name: str, above: tuple[str, ...]) -> Iterator[str]:
    """Elements where they may not be."""
    parent = above[-1] if above else ""
    if name in OBSOLETE:
        yield f"obsolete element {name}"
    if name not in CHILDREN.get(parent, {name}) | {"script", "template"}:
        yield f"{name} in {parent}"
    if name in BLOCKS and parent in PHRASING_ONLY and not (parent == "summary" and name[0] == "h"):
        yield f"{name} in {parent}"
    if name in INTERACTIVE:
        for outer in {"a", "button"} & set(above):
            yield f"{name} inside {outer}"
    if name in {"header", "footer", "main"} and {"header", "footer"} & set(above):
        yield f"{name} inside a header or footer"


def _attributes(name: str, element: Element) -> Iterator[str]:
    """Attributes that are obsolete, missing or badly filled."""
    filled = element.attrib
    yield from (
        f"obsolete {name}[{one}]" for one in OBSOLETE_ATTRIBUTES.get(name, ()) if one in filled
    )
    if name == "img" and "alt" not in filled:
        yield f"img without alt: {filled.get('src')}"
    if name == "button" and "type" not in filled:
        yield "button without type"
    if "autocomplete" in filled and filled.get("type") in AUTOCOMPLETE:
        yield f"{name}[type={filled['type']}][autocomplete]"
    for attribute, pattern in VALUES.items():
        value = filled.get(attribute)
        if value is not None and not re.fullmatch(pattern, value):
            yield f"{name}[{attribute}={value!r}]"


def _references(name: str, element: Element, page: Markup) -> Iterator[str]:
    """Names of other elements that are not there."""
    for attribute in REFERENCES:
        for id_ in element.get(attribute, "").split():
            if id_ not in page.ids:
                yield f"{name}[{attribute}={id_}] leads nowhere"
    target = element.get("for", "")
    if name == "label" and target in page.ids:
        owner = next(each for each in page.elements if each[1].get("id") == target)
        if owner[0] not in LABELABLE or owner[1].get("type") == "hidden":
            yield f"label[for={target}] for {owner[0]}"


def _safety(name: str, element: Element) -> Iterator[str]:
    """Whatever a strict content security policy forbids."""
    if name == "script" and "src" not in element.attrib:
        if element.get("type") not in {"application/ld+json", "application/json"}:
            yield "inline script"
        else:
            try:
                json.loads(element.text or "")
            except ValueError as error:
                yield f"JSON-LD: {error}"
    for attribute, value in element.attrib.items():
        if attribute == "style" or attribute.startswith("on"):
            yield f"{name}[{attribute}]"
        if value.strip().lower().startswith("javascript:"):
            yield f"{name}[{attribute}=javascript:]"


def _headings(page: Markup) -> Iterator[str]:
    """Headings that leave out a level; a page has one of the first."""
    found = [(name, each) for name, each, _ in page.elements if re.fullmatch("h[1-6]", name)]
    levels = [int(name[1]) for name, _ in found]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} h1"
    for (name, each), before, level in zip(found[1:], levels, levels[1:], strict=False):
        if level > before + 1:
            yield f"{name} after h{before}: {''.join(each.itertext()).strip()}"
    yield from (f"empty {name}" for name, each in found if not "".join(each.itertext()).strip())


def _tables(page: Markup) -> Iterator[str]:
    """Tables whose spans overlap or leave holes."""
    for name, table, _ in page.elements:
        if name == "table":
            for part in ("thead", "tbody", "tfoot"):
                for group in table.findall(f"{_HTML}{part}"):
                    yield from _spans(group)


def _spans(group: Element) -> Iterator[str]:
    """Rows of one part of a table that are not equally wide, or reach out of it."""
    rows = group.findall(f"{_HTML}tr")
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while (at, column) in taken:
                column += 1
            wide, high = int(cell.get("colspan", "1")), int(cell.get("rowspan", "1"))
            if at + high > len(rows):
                yield f"rowspan {high} reaches out of its part"
            places = {(at + y, column + x) for x in range(wide) for y in range(high)}
            if places & taken:
                yield "cells overlap"
            taken |= places
    widths = Counter(row for row, _ in taken)
    if len(set(widths.values())) > 1:
        yield f"rows of different width: {sorted(set(widths.values()))}"
