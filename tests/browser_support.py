"""What the promised browsers do not support, and where scripts and style sheets use it nevertheless.

`make browsers` (python -m tests.browser_support) takes the names from MDN's browser-compat-data,
by npm, into browser_support.json beside this module; it is needed only when `BROWSERS` change.
"""

import itertools
import json
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import tinycss2
import tinycss2.ast
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

BROWSERS = {
    "chrome": 78,
    "chrome_android": 78,
    "firefox": 78,
    "safari": 13,
    "safari_ios": 13,
}
"""Oldest promised versions, by their names in the data."""
_DATA = "@mdn/browser-compat-data@8.1.9"
_TABLE = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class UnsupportedNames:
    """Names of which at least one of the promised browsers has no support."""

    members: frozenset[str]
    """Names of properties, methods and classes, of whatever object."""
    globals: frozenset[str]
    """Classes and functions of the browser."""
    static_members: frozenset[str]
    """`Class.member` where another class has a supported member of this name."""
    properties: Mapping[str, frozenset[str]]
    """Prefixes by CSS property; with one of them it is supported."""
    values: frozenset[str]
    """`property: value` of CSS."""
    pseudo_classes: frozenset[str]
    at_rules: frozenset[str]
    media_features: frozenset[str]
    elements: frozenset[str]
    """HTML elements."""


@cache
def unsupported_names() -> UnsupportedNames:
    """Return the names that are in browser_support.json."""
    table = json.loads(_TABLE.read_text("utf-8"))
    prefixes = {name: frozenset(prefixes) for name, prefixes in table.pop("properties").items()}
    names = {key: frozenset(names) for key, names in table.items() if key != "source"}
    return UnsupportedNames(properties=prefixes, **names)


class TooNew(NamedTuple):
    """Something in a file that a promised browser does not support."""

    line: int
    text: str


# Scripts.
_JAVASCRIPT = Language(tree_sitter_javascript.language())
_NEW_SYNTAX = frozenset(
    {
        *("optional_chain", "field_definition", "private_property_identifier"),
        *("class_static_block", "decorator", "import_attribute", "namespace_export"),
        *("using_declaration", "hash_bang_line", "html_comment", "with_statement"),
        *("??", "??=", "||=", "&&="),
    }
)
"""Kinds of nodes and operators of later editions than the promised browsers know."""
_KNOWN_SYNTAX = """
arguments array array_pattern arrow_function assignment_expression assignment_pattern
augmented_assignment_expression await_expression binary_expression break_statement
call_expression catch_clause class class_body class_declaration class_heritage comment
computed_property_name continue_statement do_statement else_clause empty_statement
escape_sequence export_clause export_specifier export_statement expression_statement false
finally_clause for_in_statement for_statement formal_parameters function_declaration
function_expression generator_function generator_function_declaration identifier if_statement
import import_clause import_specifier import_statement labeled_statement lexical_declaration
member_expression meta_property method_definition named_imports namespace_import new_expression
null number object object_assignment_pattern object_pattern pair pair_pattern
parenthesized_expression program property_identifier regex regex_flags regex_pattern
rest_pattern return_statement sequence_expression shorthand_property_identifier
shorthand_property_identifier_pattern spread_element statement_block statement_identifier
string string_fragment subscript_expression super switch_body switch_case switch_default
switch_statement template_string template_substitution ternary_expression this throw_statement
true try_statement unary_expression undefined update_expression variable_declaration
variable_declarator while_statement yield_expression
"""
"""Kinds of nodes of the editions that they know; another kind is new."""
_NEW_PATTERN = re.compile(r"\(\?(?:<[=!]|-?[ims]+[-:])")
"""Look-behind assertions and modifiers of regular expressions."""
_FLAGS = frozenset("gimsuy")
OWN_KEYS = frozenset({"format"})
"""Keys of the site's data files that are called like new properties of the browsers' objects."""
OWN_METHODS = frozenset({"take"})
"""Methods of the scripts' own objects that are called like new ones of the browsers' objects."""
GUARDED = frozenset(
    {
        *("DecompressionStream", "writable", "getWriter", "readable"),  # else files.js takes fflate
        *("clipboard", "writeText"),  # else site.js offers no button
        "captureStackTrace",  # else fflate's errors have none
        "fragmentDirective",  # else page.js makes other addresses
    }
)
"""Members that are used only where a script finds them."""
_FUNCTIONS = frozenset({"arrow_function", "function_declaration", "function_expression", "method_definition", "generator_function", "generator_function_declaration"})  # fmt: skip
_INTERFACES = {
    "document": "Document",
    "window": "Window",
    "globalThis": "Window",
    "navigator": "Navigator",
    "performance": "Performance",
    "history": "History",
    "location": "Location",
}
"""Interfaces of the browser's own objects."""
_SELECTOR = re.compile(r"(?<!:):([a-z-]+)")


@cache
def _known_syntax() -> frozenset[str]:
    return frozenset(_KNOWN_SYNTAX.split())


def declared_names(text: str) -> frozenset[str]:
    """Return the names of a script's variables, parameters and keys."""
    return frozenset(
        _text(node)
        for node in _walk(_parse(text))
        if node.type.startswith(("identifier", "shorthand_property_identifier"))
        or (node.type == "property_identifier" and node.parent and node.parent.type == "pair")
    )


def _parse(text: str) -> Node:
    return Parser(_JAVASCRIPT).parse(text.encode()).root_node


def syntax_kinds(text: str) -> frozenset[str]:
    """Return the kinds of nodes in a script."""
    return frozenset(node.type for node in _walk(_parse(text)) if node.is_named)


def find_in_script(text: str, own_names: AbstractSet[str] = frozenset()) -> Iterator[TooNew]:
    """Yield what a promised browser does not support in a script.

    A property that is called like one of `own_names` may be one of the scripts' own objects; a method
    is not.
    """
    root = _parse(text)
    if root.has_error:
        yield TooNew(1, "syntax error, or unknown syntax")
    media_queries = frozenset(_media_queries(root))
    for node in _walk(root):
        line = node.start_point.row + 1
        for fault in (*_new_syntax(node), *_new_names(node, media_queries, own_names)):
            yield TooNew(line, fault)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _text(node: Node | None) -> str:
    return (node.text or b"").decode() if node else ""


def _new_syntax(node: Node) -> Iterator[str]:
    text = _text(node)
    if node.type in _NEW_SYNTAX or (node.is_named and node.type not in _known_syntax()):
        yield f"{node.type} {text[:40]}"
    elif node.type == "number" and text.endswith("n"):
        yield f"BigInt {text}"
    elif node.type == "regex_pattern" and (match := _NEW_PATTERN.search(text)):
        yield f"{match[0]} in a regular expression"
    elif node.type == "regex_flags" and (more := {*text} - _FLAGS):
        yield f"flags {more} of a regular expression"
    elif node.type == "await_expression" and not any(
        parent.type in _FUNCTIONS for parent in _parents(node)
    ):
        yield "await outside functions"


def _parents(node: Node) -> Iterator[Node]:
    while parent := node.parent:
        yield parent
        node = parent


def _new_names(
    node: Node, media_queries: AbstractSet[str], own_names: AbstractSet[str]
) -> Iterator[str]:
    names, text = unsupported_names(), _text(node)
    if node.type == "member_expression":
        owner = _text(node.child_by_field_name("object"))
        name = _text(node.child_by_field_name("property"))
        static = f"{_INTERFACES.get(owner, owner)}.{name}"
        own = OWN_METHODS if _is_called(node) else own_names | OWN_KEYS
        is_new = name in names.members - own or static in names.static_members
        if is_new and name not in GUARDED:
            yield f"{owner[-40:]}.{name}"
        if name == "addEventListener" and (owner in media_queries or "matchMedia(" in owner):
            yield f"{owner}.addEventListener of a media query"
    elif node.type == "identifier" and text in names.globals - GUARDED and _is_free(node):
        yield text
    elif node.type == "string_fragment":
        for name in _SELECTOR.findall(text):
            if name in names.pseudo_classes:
                yield f":{name} in a selector"


def _is_called(node: Node) -> bool:
    parent = node.parent
    return (
        parent is not None
        and parent.type == "call_expression"
        and parent.child_by_field_name("function") == node
    )


def _is_free(node: Node) -> bool:
    """Return whether an identifier is a class or function of the browser, not one of the script."""
    *_, root = _parents(node)
    declared = rf"\b(?:const|let|var|function|class)\s+{re.escape(_text(node))}\b"
    return re.search(declared, _text(root)) is None


def _media_queries(root: Node) -> Iterator[str]:
    for node in _walk(root):
        if node.type == "variable_declarator" and _text(
            node.child_by_field_name("value")
        ).startswith("matchMedia("):
            yield _text(node.child_by_field_name("name"))


# Style sheets.
_UNITS = frozenset({"px", "em", "rem", "ch", "pt", "mm", "vh", "vw", "s", "ms", "deg", "fr", "n"})
_CSS_FUNCTIONS = """
attr calc cubic-bezier inset minmax repeat rgb rgba hsl hsla rotate scale scalex scaley steps
translate translatex translatey translatez url var
"""
_GRID = re.compile(r"^(?:display: (?:inline-)?grid|columns:|column-count:|grid-template)")
_FALLBACKS = {
    "overflow-wrap: anywhere": "word-break: break-word",
    "width: fit-content": "width: -moz-fit-content",
}
"""What does the same in the browsers that do not know a value, by the declaration."""
_LONGHANDS = {"list-style": "list-style-type", "background": "background-image"}
"""Property whose values the data has, for a shorthand."""
HARMLESS = frozenset(
    {
        *("break-after", "break-before", "break-inside", "size"),  # only on paper
        *("color-adjust", "print-color-adjust"),
        "color-scheme",  # the browser's own controls stay light
        *("cursor", "-webkit-tap-highlight-color"),  # a phone has none
        "scroll-margin-top",
        *("scrollbar-color", "scrollbar-width"),
        "text-size-adjust",  # a phone may choose the size of the text
        "text-underline-offset",  # underlines touch the letters
    }
)
"""Properties without which a page only looks a little different."""
_HARMLESS_RULES = frozenset({"page"})
_AT_RULES = frozenset({"charset", "font-face", "keyframes", "media", "page", "supports"})
_ALONE = frozenset({"marker"})
"""Pseudo-elements that have rules of their own, which browsers skip that do not know them."""


def find_in_sheet(text: str) -> Iterator[TooNew]:
    """Yield what a promised browser does not support in a style sheet, except in @supports."""
    yield from _sheet_faults(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))  # fmt: skip


def _sheet_faults(rules: Iterable[tinycss2.ast.Node]) -> Iterator[TooNew]:
    for rule in rules:
        match rule.type:
            case "error":
                yield TooNew(rule.source_line, rule.message)
            case "at-rule":
                yield from _at_rule_faults(rule)
            case "qualified-rule":
                yield from (
                    TooNew(rule.source_line, text) for text in _selector_faults(rule.prelude)
                )
                yield from _block_faults(rule.content)


def _at_rule_faults(rule: tinycss2.ast.AtRule) -> Iterator[TooNew]:
    keyword = rule.lower_at_keyword
    if keyword in unsupported_names().at_rules - _HARMLESS_RULES or keyword not in _AT_RULES:
        yield TooNew(rule.source_line, f"@{keyword}")
    yield from (TooNew(rule.source_line, text) for text in _media_faults(rule.prelude))
    if keyword == "media":
        yield from _sheet_faults(
            tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        )
    elif keyword in {"page", "font-face"}:
        yield from _block_faults(rule.content)


def _selector_faults(prelude: Sequence[tinycss2.ast.Node]) -> Iterator[str]:
    new = unsupported_names().pseudo_classes - _ALONE
    for token, following in _pairs(prelude):
        name = getattr(following, "lower_value", getattr(following, "lower_name", ""))
        is_pseudo = token.type == "literal" and token.value == ":"
        if is_pseudo and name in new and name[0] != "-":
            yield f":{name}"


def _pairs(
    tokens: Sequence[tinycss2.ast.Node],
) -> Iterator[tuple[tinycss2.ast.Node, tinycss2.ast.Node]]:
    """Yield every token with its successor, in functions and brackets too."""
    yield from itertools.pairwise(tokens)
    for token in tokens:
        yield from _pairs(
            getattr(token, "arguments", None) or getattr(token, "content", None) or []
        )


def _media_faults(prelude: Sequence[tinycss2.ast.Node]) -> Iterator[str]:
    for token in prelude:
        content = getattr(token, "content", None) or []
        for part in content:
            if part.type == "literal" and part.value in {"<", ">", "<=", ">=", "="}:
                yield f"{part.value} in a media query"
            if part.type == "ident" and part.lower_value in unsupported_names().media_features:
                yield f"media feature {part.lower_value}"


def _block_faults(content: Sequence[tinycss2.ast.Node]) -> Iterator[TooNew]:
    parts = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    declarations = [
        (part, f"{part.lower_name}: {tinycss2.serialize(part.value).strip()}")
        for part in parts
        if part.type == "declaration"
    ]
    texts = frozenset(text for _, text in declarations)
    for part in parts:
        if part.type != "declaration":
            yield TooNew(part.source_line, f"{part.type} in a block of declarations")
    for declaration, text in declarations:
        for fault in _declaration_faults(declaration, text, texts):
            yield TooNew(declaration.source_line, fault)


def _declaration_faults(
    declaration: tinycss2.ast.Declaration, text: str, texts: frozenset[str]
) -> Iterator[str]:
    names, name = unsupported_names(), declaration.lower_name
    if name.startswith("--"):
        return
    if name in names.properties and name not in HARMLESS:
        prefixed = (f"{prefix}{name}: " for prefix in names.properties[name])
        if not any(other.startswith(start) for start in prefixed for other in texts):
            yield text
    if name in {"gap", "row-gap", "column-gap"} and not any(map(_GRID.match, texts)):
        yield f"{text} in a row that is no grid"
    if name not in HARMLESS:
        yield from (
            fault
            for token in _tokens(declaration.value)
            for fault in _value_faults(token, name, texts)
        )


def _value_faults(token: tinycss2.ast.Node, name: str, texts: frozenset[str]) -> Iterator[str]:
    match token.type:
        case "ident":
            value = f"{_LONGHANDS.get(name, name)}: {token.lower_value}"
            if value in unsupported_names().values and _FALLBACKS.get(value) not in texts:
                yield value
        case "function" if token.lower_name not in _CSS_FUNCTIONS.split():
            yield f"{name}: {token.lower_name}()"
        case "dimension" if token.lower_unit not in _UNITS:
            yield f"{name}: {token.representation}"


def _tokens(tokens: Iterable[tinycss2.ast.Node]) -> Iterator[tinycss2.ast.Node]:
    for token in tokens:
        yield token
        yield from _tokens(
            getattr(token, "arguments", None) or getattr(token, "content", None) or []
        )


# HTML.
_TAG = re.compile(r"<([a-z][a-z0-9-]*)")


def find_in_html(text: str) -> Iterator[TooNew]:
    """Yield the elements of a page or template that a promised browser does not know."""
    for number, line in enumerate(text.splitlines(), start=1):
        for name in _TAG.findall(line):
            if name in unsupported_names().elements:
                yield TooNew(number, f"<{name}>")


# The table.
def make_table() -> dict[str, Any]:
    """Return the names that the promised browsers do not support, from MDN's data."""
    with tempfile.TemporaryDirectory() as temporary:
        command = ("npm", "install", "--silent", "--no-save", "--prefix", temporary, _DATA)
        subprocess.run(command, check=True, capture_output=True)
        path = Path(temporary, "node_modules", "@mdn", "browser-compat-data", "data.json")
        data = json.loads(path.read_text("utf-8"))
    members: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    callable_by_class: set[str] = set()
    for owner, name, feature in _members(data):
        plain = name.removesuffix("_static")
        members[plain][f"{owner}.{plain}"] = _is_supported(feature)
        if (
            plain != name
            or owner in data["javascript"]["builtins"]
            or owner in _INTERFACES.values()
        ):
            callable_by_class.add(f"{owner}.{plain}")
    new = {name for name, supports in members.items() if not any(supports.values())}
    css = data["css"]
    return {
        "source": f"{_DATA}, CC0-1.0, made by make browsers",
        "members": sorted(new),
        "globals": sorted(
            name for name in new if not {f".{name}", f"Window.{name}"}.isdisjoint(members[name])
        ),
        "static_members": sorted(
            path
            for name, supports in members.items()
            if name not in new
            for path, is_supported in supports.items()
            if not is_supported and path in callable_by_class
        ),
        "properties": {
            name: sorted(_prefixes(feature))
            for name, feature in css["properties"].items()
            if name[0] != "-" and not _is_supported(feature)
        },
        "values": sorted(
            f"{name}: {value}"
            for name, feature in css["properties"].items()
            for value, part in feature.items()
            if re.fullmatch(r"[a-z-]+", value) and "__compat" in part and not _is_supported(part)
        ),
        "pseudo_classes": _new_keys(css["selectors"]),
        "at_rules": _new_keys(css["at-rules"]),
        "media_features": _new_keys(css["at-rules"]["media"]),
        "elements": _new_keys(data["html"]["elements"]),
    }


def _members(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the owner, name and data of all members; global names have no owner."""
    for owners in (data["javascript"]["builtins"], data["api"]):
        for owner, parts in owners.items():
            if owner == "__compat":
                continue
            if "__compat" in parts:
                yield "", owner, parts
            for name, part in parts.items():
                if re.fullmatch(r"\w+(?<!_event)", name) and name != "__compat" and "__compat" in part:  # fmt: skip
                    yield owner, name, part


def _new_keys(parts: Mapping[str, Any]) -> list[str]:
    return sorted(
        name
        for name, part in parts.items()
        if name != "__compat" and "__compat" in part and not _is_supported(part)
    )


def _is_supported(feature: Mapping[str, Any]) -> bool:
    """Return whether all promised browsers support a feature, without prefix or switch."""
    return all(
        any(_is_in(statement, version) and not statement.get("prefix") for statement in statements)
        for statements, version in _statements(feature)
    )


def _prefixes(feature: Mapping[str, Any]) -> frozenset[str]:
    """Return the prefixes with which a promised browser supports a feature."""
    return frozenset(
        statement["prefix"]
        for statements, version in _statements(feature)
        for statement in statements
        if _is_in(statement, version) and statement.get("prefix")
    )


def _statements(feature: Mapping[str, Any]) -> Iterator[tuple[list[Mapping[str, Any]], int]]:
    support = feature.get("__compat", {}).get("support", {})
    for browser, version in BROWSERS.items():
        statements = support.get(browser, {})
        yield statements if isinstance(statements, list) else [statements], version


def _is_in(statement: Mapping[str, Any], version: int) -> bool:
    added, removed = (_number(statement.get(f"version_{end}")) for end in ("added", "removed"))
    is_plain = not statement.get("flags") and not statement.get("alternative_name")
    return is_plain and added is not None and added <= version < (removed or float("inf"))


def _number(version: object) -> float | None:
    if version is True:
        return 0
    match = re.match(r"≤?(\d+(?:\.\d+)?)", version) if isinstance(version, str) else None
    return float(match[1]) if match else None


if __name__ == "__main__":
    _TABLE.write_text(f"{json.dumps(make_table(), indent=1)}\n", "utf-8")
