"""A style sheet without the rules that cannot match, because nobody ever writes what they ask for."""

import hashlib
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import tinycss2

from gongkai.build.theme.page_shells import PLACEHOLDER_PATHS, placeholder_url
from gongkai.model.terms import PageKind

_WORD = re.compile(r"[\w-]+")
_GROUPS = frozenset({"container", "layer", "media", "supports"})
"""At-rules that hold rules."""
_KEYFRAMES = "keyframes"
_EXACT = ("=", "~=")
"""What asks for a whole word as an attribute's value."""


class UnreadableError(ValueError):
    """The text is no style sheet, or one of a kind that is not known."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What elements look like."""

    selectors: tuple[str, ...]
    needs: tuple[frozenset[str], ...]
    """The words without which each selector matches nothing."""
    declared: tuple[tuple[str, str], ...]
    """Names of properties and what is said of them; without a name where it is not taken apart."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rules under a condition: @media print."""

    head: str
    within: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Any other at-rule; one with a name does nothing where nobody says the name."""

    name: str
    text: str


Part = Rule | Group | Other


def words(text: str) -> frozenset[str]:
    """All that could be a class, an id, a value or a variable in a text, whatever it is there."""
    return frozenset(_WORD.findall(text)) | frozenset(_WORD.findall(text.lower()))


def read_sheet(text: str) -> tuple[Part, ...]:
    """The parts of a style sheet; UnreadableError where any of it is strange."""
    return tuple(map(_part, _nodes(tinycss2.parse_stylesheet(text, True, True))))  # noqa: FBT003 - no comments, no blanks


def asked(parts: Iterable[Part]) -> frozenset[str]:
    """Every word that some rule needs, and the names of all variables and movements."""
    found: set[str] = set()
    for part in parts:
        if isinstance(part, Group):
            found |= asked(part.within)
        elif isinstance(part, Other):
            found.add(part.name)
        else:
            found.update(*part.needs, (name for name, _ in part.declared if _is_variable(name)))
    return frozenset(found - {""})


def trimmed(parts: Iterable[Part], known: Collection[str]) -> str:
    """A style sheet without what needs words other than those that are known."""
    matching = list(_matching(parts, known))
    return "".join(_texts(matching, _used(list(_declared(matching)), known)))


def _nodes(nodes: Iterable[Any]) -> Iterator[Any]:
    for node in nodes:
        if node.type == "error":
            raise UnreadableError(node.message)
        yield node


def _part(node: Any) -> Part:  # noqa: ANN401 - tinycss2 has no types
    if node.type == "qualified-rule":
        selectors = list(_selectors(node.prelude))
        needs = tuple(frozenset(_needs(each)) for each in selectors)
        texts = tuple(tinycss2.serialize(each).strip() for each in selectors)
        return Rule(texts, needs, tuple(_declarations(node.content)))
    word = node.lower_at_keyword
    if word in _GROUPS and node.content is not None:
        rules = _nodes(tinycss2.parse_rule_list(node.content, True, True))  # noqa: FBT003 - as above
        head = f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}"
        return Group(head, tuple(map(_part, rules)))
    name = tinycss2.serialize(node.prelude).strip() if word.endswith(_KEYFRAMES) else ""
    return Other(name, node.serialize())


def _selectors(prelude: Sequence[Any]) -> Iterator[list[Any]]:
    """A list of selectors, each by itself; as one where a browser may refuse all for one of them."""
    commas = [at for at, each in enumerate(prelude) if each == ","]
    if any(_is_vendors(*pair) for pair in pairwise(prelude)):
        commas = []
    for start, end in pairwise([-1, *commas, len(prelude)]):
        yield list(prelude[start + 1 : end])


def _is_vendors(before: Any, node: Any) -> bool:  # noqa: ANN401
    name = node.value if node.type == "ident" else node.name if node.type == "function" else ""
    return bool(before == ":" and name.startswith("-"))


def _needs(selector: Sequence[Any]) -> Iterator[str]:
    """Words of its classes, ids and attributes; nothing of what stands in :not() and its like."""
    if any(each == "," for each in selector):
        return
    for before, node in pairwise([None, *selector]):
        if node.type == "hash" or (node.type == "ident" and before == "."):
            yield from _WORD.findall(node.value)
        elif node.type == "[] block":
            yield from _value([each for each in node.content if each.type != "whitespace"])


def _value(attribute: Sequence[Any]) -> Iterator[str]:
    """The words of the value that an attribute has to have; names of attributes need not be said."""
    match attribute:
        case [_, operator, value, *_] if any(operator == each for each in _EXACT):
            yield from _WORD.findall(value.value.lower())
        case _:
            return


def _declarations(content: Sequence[Any]) -> Iterator[tuple[str, str]]:
    found = tinycss2.parse_blocks_contents(content, True, True)  # noqa: FBT003 - as above
    if any(each.type != "declaration" for each in found):
        yield "", tinycss2.serialize(content)
        return
    for each in found:
        yield each.name, each.serialize()


def _is_variable(name: str) -> bool:
    return name.startswith("--")


def _matching(parts: Iterable[Part], known: Collection[str]) -> Iterator[Part]:
    """What may match, with those selectors only that may."""
    for part in parts:
        if isinstance(part, Group):
            yield Group(part.head, tuple(_matching(part.within, known)))
        elif isinstance(part, Other):
            yield part
        else:
            pairs = zip(part.selectors, part.needs, strict=True)
            kept = [(text, needs) for text, needs in pairs if all(each in known for each in needs)]
            if kept:
                texts, needs = zip(*kept, strict=True)
                yield Rule(texts, needs, part.declared)


def _declared(parts: Iterable[Part]) -> Iterator[tuple[str, str]]:
    for part in parts:
        if isinstance(part, Group):
            yield from _declared(part.within)
        elif isinstance(part, Other):
            yield "", part.text.partition("{")[2] if part.name else part.text
        else:
            yield from part.declared


def _used(declared: Iterable[tuple[str, str]], known: Collection[str]) -> Collection[str]:
    """The known words, those of all that is declared, and those of variables that they lead to."""
    used, waiting = set(known), []
    for name, text in declared:
        if _is_variable(name):
            waiting.append((name, frozenset(_WORD.findall(text.partition(":")[2]))))
        else:
            used.update(_WORD.findall(text))
    while found := [each for each in waiting if each[0] in used]:
        waiting = [each for each in waiting if each[0] not in used]
        used.update(*(said for _, said in found))
    return used


def _texts(parts: Iterable[Part], used: Collection[str]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Other):
            if not part.name or part.name in used:
                yield part.text
            continue
        if isinstance(part, Group):
            head, inner = part.head, "".join(_texts(part.within, used))
        else:
            kept = (text for name, text in part.declared if not _is_variable(name) or name in used)
            head, inner = ",".join(part.selectors), ";".join(kept)
        if inner:
            yield f"{head}{{{inner}}}"


_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_OURS = PLACEHOLDER_PATHS.keys() - {PageKind.HOME}
"""Kinds of pages in which nothing is written by hand."""
_TEXTS = frozenset({".py", ".jinja", ".yml"})
_SCRIPTS = frozenset({".js", ".mjs", ".css"})


def dress(frame: Path, names: Iterable[str]) -> None:
    """Write lean sheets beside the theme's, and let those pages load them which lose nothing by it.

    No page of ours can have a class that stands neither in this program, nor in a script of the
    site, nor in the specimens of our pages, whatever it stands there for. The home page is partly
    written by hand, others are wholly: one that says a word more goes on loading the theme's sheet.
    """
    sheets = [frame / name for name in names]
    if not sheets:
        return
    known = frozenset[str]().union(*map(_words, _sources(frame, sheets)))
    pages = sorted(frame.rglob("*.html"))
    for sheet in sheets:
        try:
            parts = read_sheet(sheet.read_text("utf-8"))
        except (UnicodeDecodeError, UnreadableError) as error:
            _LOG.info("%s 读不懂，各网页照原样使用：%s", sheet.name, error)
            continue
        lean = trimmed(parts, known).encode()
        name = f"lean.{hashlib.sha256(lean).hexdigest()[:8]}.min.css"
        sheet.with_name(name).write_bytes(lean)
        _change(pages, sheet.name, name, asked(parts) - known)


def _sources(frame: Path, sheets: Collection[Path]) -> Iterator[Path]:
    """Where everything stands that a page of ours can be made of."""
    yield from (each for each in Path(__file__).parent.rglob("*.*") if each.suffix in _TEXTS)
    others = (each for each in frame.rglob("*.*") if each.suffix in _SCRIPTS)
    yield from (each for each in others if each not in sheets)
    yield from (frame / placeholder_url(kind) / "index.html" for kind in _OURS)


def _words(path: Path) -> frozenset[str]:
    return words(path.read_text("utf-8", "replace"))


def _change(pages: Iterable[Path], old: str, new: str, lacking: Collection[str]) -> None:
    """Let pages load another sheet, but for those in which a word of these stands."""
    for page in pages:
        html = page.read_text("utf-8")
        if old in html and words(html).isdisjoint(lacking):
            page.write_text(html.replace(old, new), "utf-8")
