"""Scripts, style sheets and templates keep to what Chromium 78, Firefox 78 and Safari 13 support."""

import functools
from collections.abc import Callable, Iterator

import pytest

from tests.browser_support import (
    GUARDED,
    OWN_KEYS,
    OWN_METHODS,
    TooNew,
    declared_names,
    find_in_html,
    find_in_script,
    find_in_sheet,
    syntax_kinds,
)
from tests.fflate import SCRIPT
from tests.folders import ROOT

FINDERS: dict[str, Callable[[str], Iterator[TooNew]]] = {
    ".js": find_in_script,
    ".css": find_in_sheet,
    ".html": find_in_html,
    ".jinja": find_in_html,
}
SHIPPED = [
    path
    for folder in ("overrides", "generator")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in FINDERS
]
NEW_IN_SCRIPTS = (
    "x?.y;",
    "x ?? y;",
    "x ??= y;",
    "x ||= y;",
    "x &&= y;",
    "10n;",
    "BigInt(x);",
    "class A { x = 1; }",
    "class A { #x() {} }",
    "class A { static { f(); } }",
    "/(?<=a)b/.test(x);",
    "/(?<!a)b/.test(x);",
    "/a/v.test(x);",
    "/a/d.exec(x);",
    "await f();",
    "export * as x from './x.js';",
    "import x from './x.json' with { type: 'json' };",
    "x.at(-1);",
    "x.replaceAll('a', 'b');",
    "x.replaceChildren();",
    "x.findLast(f);",
    "x.toSorted();",
    "Object.hasOwn(x, y);",
    "Object.groupBy(x, f);",
    "Promise.any(x);",
    "structuredClone(x);",
    "new WeakRef(x);",
    "new Intl.Segmenter('zh');",
    "new ResizeObserver(f);",
    "new CompressionStream('gzip');",
    "crypto.randomUUID();",
    "URL.canParse(x);",
    "AbortSignal.timeout(1);",
    "const wide = matchMedia(x); wide.addEventListener('change', f);",
    "document.querySelector('a:has(b)');",
    "x.closest(':is(ul, ol)');",
)
OLD_IN_SCRIPTS = (
    "const { x, ...rest } = { ...y, z: 10_000 ** 2 };",
    "try { f(); } catch { g(); }",
    "async function f() { for await (const x of g()) h(await x); }",
    "import('./x.js').then(() => import.meta.url);",
    "new Map(Object.entries(x)).forEach(f); Object.fromEntries(x); x.flatMap(f); x.matchAll(/a/gu);",
    "/(?<year>\\d+)\\p{M}./su.exec(x);",
    "Promise.allSettled(x); globalThis.y; new URL('x', y); new URLSearchParams(z); new Blob([x]);",
    "x.append(y); x.before(y); x.closest('a:not(.b)'); x.toggleAttribute('hidden'); x.isConnected;",
    "matchMedia(x).addListener(f); x.addEventListener('change', f);",
)
NEW_IN_SHEETS = (
    "p { inset: 0 }",
    "p { margin-inline: auto }",
    "p { padding-block: 1em 2em }",
    "p { display: flex; gap: 1em }",
    "p { row-gap: 1em }",
    "p { width: min(1em, 100%) }",
    "p { width: clamp(1em, 50%, 2em) }",
    "p { grid-template-columns: repeat(auto-fit, minmax(min(1em, 100%), 1fr)) }",
    "p { aspect-ratio: 1 }",
    "p { content-visibility: auto }",
    "p { color: color-mix(in srgb, red, blue) }",
    "p { overflow-wrap: anywhere }",
    "p { overflow: clip }",
    "p { text-decoration: underline dotted }",
    "p { list-style: disclosure-closed }",
    "p { mask-image: url(x.svg) }",
    "p { accent-color: red }",
    "p { height: 100dvh }",
    "a:is(.b, .c) { top: 0 }",
    "a:where(.b) { top: 0 }",
    "a:has(b) { top: 0 }",
    "a:not(:focus-visible) { top: 0 }",
    "@media (width >= 1px) { p { top: 0 } }",
    "@media (max-width: 1px) { p { inset: 0 } }",
    "@layer x { p { top: 0 } }",
    "@container (min-width: 1px) { p { top: 0 } }",
    "p { a & { top: 0 } }",
)
OLD_IN_SHEETS = (
    ":root { --x: min(1em, 2em); color: var(--x) }",
    "p { display: grid; gap: 1em; grid-template-columns: repeat(auto-fit, minmax(1rem, 1fr)) }",
    "p { word-break: break-word; overflow-wrap: anywhere }",
    "p { -webkit-mask-image: url(x.svg); mask-image: url(x.svg) }",
    "p { position: sticky; clip-path: inset(50%); background: rgb(0 0 0 / 25%) }",
    "@supports selector(:has(a)) { p:has(a) { inset: 0 } }",
    "@media print { @page { size: A4 } p:nth-child(n+11) { break-inside: avoid } }",
)


@pytest.mark.parametrize(
    ("find", "text"),
    [
        *((find_in_script, text) for text in NEW_IN_SCRIPTS),
        *((find_in_sheet, text) for text in NEW_IN_SHEETS),
        (find_in_html, "<search>"),
    ],
)
def test_what_is_too_new_is_found(find: Callable[[str], Iterator[TooNew]], text: str) -> None:
    assert len(list(find(text))) > 0


@pytest.mark.parametrize(
    ("find", "text"),
    [
        *((find_in_script, text) for text in OLD_IN_SCRIPTS),
        *((find_in_sheet, text) for text in OLD_IN_SHEETS),
        (find_in_html, "<details><summary>"),
    ],
)
def test_what_is_old_enough_is_not(find: Callable[[str], Iterator[TooNew]], text: str) -> None:
    assert list(find(text)) == []


def test_what_is_shipped_keeps_to_the_promise() -> None:
    assert len({path.suffix for path in SHIPPED}) == len(FINDERS)
    texts = {path: path.read_text("utf-8") for path in SHIPPED}
    scripts = (text for path, text in texts.items() if path.suffix == ".js" and path != SCRIPT)
    own_names = frozenset().union(*map(declared_names, scripts))
    finders = FINDERS | {".js": functools.partial(find_in_script, own_names=own_names)}
    faults = [
        f"{path.relative_to(ROOT)}:{fault.line}: {fault.text}"
        for path, text in texts.items()
        for fault in finders[path.suffix](text)
    ]
    assert faults == [], "not in Chromium 78, Firefox 78 or Safari 13 (tests/browser_support.py)"


def test_the_first_script_is_of_the_oldest_syntax() -> None:
    """Any browser can read it, so that it can say which one is too old."""
    script = (ROOT / "overrides/assets/prefs.js").read_text("utf-8")
    assert syntax_kinds(script) <= {
        *("program", "comment", "expression_statement", "call_expression", "arguments"),
        *("parenthesized_expression", "function_expression", "function_declaration"),
        *("formal_parameters", "statement_block", "variable_declaration", "variable_declarator"),
        *("identifier", "property_identifier", "member_expression", "string", "string_fragment"),
        *("if_statement", "try_statement", "catch_clause", "return_statement", "null"),
        *("assignment_expression", "augmented_assignment_expression", "binary_expression"),
        *("unary_expression", "ternary_expression", "escape_sequence"),
    }


def test_the_lists_of_exceptions_are_used() -> None:
    """A name that no script uses any more is not an exception any more."""
    scripts = "".join(path.read_text("utf-8") for path in SHIPPED if path.suffix == ".js")
    assert {name for name in GUARDED | OWN_KEYS | OWN_METHODS if name not in scripts} == set()
