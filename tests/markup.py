"""Markup faults of a page: a strict parser's errors and a validator's complaints."""

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
    """A parsed page."""

    text: str

    @cached_property
    def _parser(self) -> HTMLParser:
        return HTMLParser(namespace_html_elements=True)

    @cached_property
    def root(self) -> Element:
        """The element html."""
        root: Element = self._parser.parse(self.text)
        return root

    @cached_property
    def elements(self) -> list[tuple[str, Element, tuple[str, ...]]]:
        """Every element as (name, element, names of its ancestors from the root down)."""
        return list(_walk(self.root, ()))

    @cached_property
    def ids(self) -> Counter[str]:
        """The number of elements per id."""
        return Counter(
            element.get("id", "") for _, element, _ in self.elements if "id" in element.attrib
        )

    def parse_errors(self) -> Iterator[str]:
        """Yield the errors of a strict parser."""
        _ = self.root
        for (line, column), code, _data in self._parser.errors:
            yield f"{line}:{column} {code}"


def _walk(
    element: Element, ancestors: tuple[str, ...]
) -> Iterator[tuple[str, Element, tuple[str, ...]]]:
    if isinstance(element.tag, str):  # A comment's tag is a function.
        name = element.tag.removeprefix(_HTML)
        yield name, element, ancestors
        for child in element:
            yield from _walk(child, (*ancestors, name))


def find_markup_faults(text: str) -> Iterator[str]:
    """Yield a description of every fault in a page."""
    page = Markup(text)
    yield from page.parse_errors()
    yield from _identity(page)
    for name, element, ancestors in page.elements:
        if name.startswith("{"):
            continue  # SVG and MathML have their own rules.
        yield from _nesting(name, ancestors)
        yield from _attributes(name, element)
        yield from _references(name, element, page)
        yield from _safety(name, element)
    yield from _headings(page)
    yield from _tables(page)


def _identity(page: Markup) -> Iterator[str]:
    """Check language, title, main element and ids."""
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", page.root.get("lang", "")):
        yield "html without lang"
    titles = [
        element
        for name, element, ancestors in page.elements
        if name == "title" and "head" in ancestors
    ]
    if len(titles) != 1 or not (titles[0].text or "").strip():
        yield "not one title"
    if sum(name == "main" for name, *_ in page.elements) != 1:
        yield "not one main"
    for id_, count in page.ids.items():
        if count > 1:
            yield f"id {id_} {count} times"
        if not id_ or _SPACE.search(id_):
            yield f"id {id_!r}"


def _nesting(name: str, ancestors: tuple[str, ...]) -> Iterator[str]:
    """Check whether an element is allowed inside its ancestors."""
    parent = ancestors[-1] if ancestors else ""
    if name in OBSOLETE:
        yield f"obsolete element {name}"
    if name not in CHILDREN.get(parent, {name}) | {"script", "template"}:
        yield f"{name} in {parent}"
    if name in BLOCKS and parent in PHRASING_ONLY and not (parent == "summary" and name[0] == "h"):
        yield f"{name} in {parent}"
    if name in INTERACTIVE:
        for outer in {"a", "button"} & set(ancestors):
            yield f"{name} inside {outer}"
    if name in {"header", "footer", "main"} and {"header", "footer"} & set(ancestors):
        yield f"{name} inside a header or footer"


def _attributes(name: str, element: Element) -> Iterator[str]:
    """Check for obsolete and missing attributes and wrong values."""
    attributes = element.attrib
    yield from (
        f"obsolete {name}[{attribute}]"
        for attribute in OBSOLETE_ATTRIBUTES.get(name, ())
        if attribute in attributes
    )
    if name == "img" and "alt" not in attributes:
        yield f"img without alt: {attributes.get('src')}"
    if name == "button" and "type" not in attributes:
        yield "button without type"
    if "autocomplete" in attributes and attributes.get("type") in AUTOCOMPLETE:
        yield f"{name}[type={attributes['type']}][autocomplete]"
    for attribute, pattern in VALUES.items():
        value = attributes.get(attribute)
        if value is not None and not re.fullmatch(pattern, value):
            yield f"{name}[{attribute}={value!r}]"


def _references(name: str, element: Element, page: Markup) -> Iterator[str]:
    """Check that referenced ids exist and labels belong to labelable elements."""
    for attribute in REFERENCES:
        for id_ in element.get(attribute, "").split():
            if id_ not in page.ids:
                yield f"{name}[{attribute}={id_}] leads nowhere"
    target = element.get("for", "")
    if name == "label" and target in page.ids:
        owner_name, owner = next(
            (other_name, other)
            for other_name, other, _ in page.elements
            if other.get("id") == target
        )
        if owner_name not in LABELABLE or owner.get("type") == "hidden":
            yield f"label[for={target}] for {owner_name}"


def _safety(name: str, element: Element) -> Iterator[str]:
    """Check for what a strict Content-Security-Policy forbids."""
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
    """Check for one h1, no skipped levels and no empty headings."""
    headings = [
        (name, element) for name, element, _ in page.elements if re.fullmatch("h[1-6]", name)
    ]
    levels = [int(name[1]) for name, _ in headings]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} h1"
    for (name, heading), previous, level in zip(headings[1:], levels, levels[1:], strict=False):
        if level > previous + 1:
            yield f"{name} after h{previous}: {''.join(heading.itertext()).strip()}"
    yield from (
        f"empty {name}" for name, heading in headings if not "".join(heading.itertext()).strip()
    )


def _tables(page: Markup) -> Iterator[str]:
    """Check that the spans of tables neither overlap nor leave holes."""
    for name, table, _ in page.elements:
        if name == "table":
            for part in ("thead", "tbody", "tfoot"):
                for group in table.findall(f"{_HTML}{part}"):
                    yield from _spans(group)


def _spans(group: Element) -> Iterator[str]:
    """Check that the rows of a thead, tbody or tfoot are equally wide and stay inside it."""
    rows = group.findall(f"{_HTML}tr")
    taken: set[tuple[int, int]] = set()
    for row_number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (row_number, column) in taken:
                column += 1
            colspan, rowspan = int(cell.get("colspan", "1")), int(cell.get("rowspan", "1"))
            if row_number + rowspan > len(rows):
                yield f"rowspan {rowspan} reaches out of its part"
            slots = {
                (row_number + down, column + right)
                for right in range(colspan)
                for down in range(rowspan)
            }
            if slots & taken:
                yield "cells overlap"
            taken |= slots
    widths = Counter(number for number, _ in taken)
    if len(set(widths.values())) > 1:
        yield f"rows of different width: {sorted(set(widths.values()))}"
