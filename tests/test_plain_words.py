"""The code's own English: plain words, names with one meaning, functions named by verbs."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.fflate import SCRIPT
from tests.folders import ROOT

PYTHON = sorted([*(ROOT / "generator").rglob("*.py"), *(ROOT / "tests").rglob("*.py")])
SCRIPTS = sorted({*(ROOT / "overrides").rglob("*.js")} - {SCRIPT})
TEXTS = {path: path.read_text("utf-8") for path in (*PYTHON, *SCRIPTS) if path != Path(__file__)}
OTHER_TEXTS = {
    path: path.read_text("utf-8")
    for folder, pattern in (
        (ROOT, "*.md"),
        (ROOT / "content", "**/*.md"),
        (ROOT / "generator", "**/*.md"),
        (ROOT / "generator", "**/*.jinja"),
        (ROOT / "overrides", "**/*.html"),
        (ROOT / "tests/benchmarks", "*.md"),
    )
    for path in folder.glob(pattern)
}
"""Documentation, with the program texts in it, and templates."""
TREES = {path: ast.parse(TEXTS[path]) for path in PYTHON if path in TEXTS}
LINES = sum(text.count("\n") for text in TEXTS.values())
FORBIDDEN = frozenset({"to" + "ld", "as" + "ked", "wan" + "ted"})
"""Words that stand in for a name without saying what it holds."""
VAGUE = frozenset({"item", "elem", "obj", "thing", "elems", "objs", "things"})
"""Words that say little; some belong to the API or to HTML."""
PARTICIPLES = frozenset(
    ["been", "begun", "bound", "bought", "broken", "brought", "built", "caught", "chosen", "come", "done", "drawn", "driven", "fallen", "fed", "felt", "forgotten", "found", "given", "gone", "grown", "heard", "held", "hidden", "kept", "known", "laid", "left", "lent", "lost", "made", "meant", "met", "paid", "said", "seen", "sent", "shown", "sold", "sought", "spelt", "spent", "spoken", "stood", "sung", "taken", "taught", "thought", "thrown", "torn", "understood", "woken", "won", "worn", "wound", "written"]
)  # fmt: skip
"""Irregular participles that are not the infinitive as well."""
INFINITIVES = frozenset({"embed", "feed", "need", "seed", "shed", "speed"})
"""Words that end in -ed without being participles."""
API_SHAPES = {
    ROOT / f"generator/gongkai/exports/open_data/{name}.py" for name in ("shapes", "list_shapes")
}
"""Shapes have the names of the published JSON Schemas, which say Unit and Record as the model does."""


def words(text: str) -> Iterator[str]:
    """Yield the words of a text in lower case, names split at underscores and capitals."""
    return (word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text))


def count_words(
    vocabulary: Iterable[str], texts: Mapping[Path, str] = TEXTS
) -> Counter[tuple[str, str]]:
    """Count words by word and file."""
    return Counter(
        (word, path.name)
        for path, text in texts.items()
        for word in words(text)
        if word in vocabulary
    )


def bound_name(node: ast.AST) -> str:
    """Return the name that a node binds: of a variable, parameter, import, exception or pattern."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            return name
        case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
            return name
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return name
        case ast.MatchMapping(rest=str(name)):
            return name
        case _:
            return ""


def one_letter_variables() -> Iterator[tuple[str, str]]:
    """Yield one-letter variables and parameters with their files, once per assignment."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            name = bound_name(node)
            if len(name.strip("_0123456789")) == 1:
                yield name, path.name
    for path in SCRIPTS:
        declared = re.findall(r"\b(?:const|let|var)\s+([^=;]+?)\s*(?:=|;|\bof\b)", TEXTS[path])
        parameters = re.findall(r"\(([^()]*)\)\s*(?:=>|\{)|\b(\w+)\s*=>", TEXTS[path])
        for names in (*declared, *(name for pair in parameters for name in pair)):
            yield from (
                (name, path.name) for name in re.findall(r"(?<![.\w])[a-zA-Z]\b(?!:)", names)
            )


def test_words_that_stand_in_for_a_name() -> None:
    assert count_words(FORBIDDEN, TEXTS | OTHER_TEXTS) == {}
    assert count_words({"each"}, TEXTS | OTHER_TEXTS).total() <= LINES / 1000


def test_vague_names_are_rare() -> None:
    vague, short = count_words(VAGUE), Counter(one_letter_variables())
    assert vague.total() + short.total() <= 3 * LINES / 1000, (vague, short)


def public_functions(tree: ast.Module) -> Iterator[str]:
    """Yield the public functions and methods, without properties."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not node.name.startswith("_"):
            decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
            if not decorators & {"property", "cached_property"}:
                yield node.name


def test_functions_are_named_by_a_verb_or_a_noun() -> None:
    """No public function is a bare participle."""
    participles = {
        (path.name, name)
        for path, tree in TREES.items()
        for name in public_functions(tree)
        if name in PARTICIPLES or (re.fullmatch(r"[a-z]+ed", name) and name not in INFINITIVES)
    }
    assert participles == set()


def test_a_class_name_has_one_meaning() -> None:
    modules: dict[str, list[Path]] = {}
    for path, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                modules.setdefault(node.name, []).append(path)
    repeated = {name: paths for name, paths in modules.items() if len({*paths} - API_SHAPES) > 1}
    assert repeated == {}


def test_references_in_comments_lead_somewhere() -> None:
    """“(see name)” names a module, function, class, method or field that exists."""
    names = {path.stem for path in TEXTS}
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    for path in SCRIPTS:
        names.update(re.findall(r"\b(?:function|const|let)\s+(\w+)", TEXTS[path]))
    references = {
        (path.name, reference)
        for path, text in TEXTS.items()
        for reference in re.findall(r"\bsee\s+`?(\w+(?:\.\w+)*)`?(?:\(\))?\)", text)
    }
    assert {
        (file, reference)
        for file, reference in references
        if re.sub(r"\.(?:py|js)$", "", reference).split(".")[-1] not in names
    } == set()
