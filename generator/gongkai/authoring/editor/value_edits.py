"""Change values of a YAML file as a careful colleague would: only their lines change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Self

from gongkai.authoring.editor.tree_diffs import diff_trees
from gongkai.authoring.editor.value_trees import (
    BODY,
    EditError,
    EditKind,
    KeyOrder,
    Tree,
    ValueEdit,
    any_order,
    apply_edits,
    clean_text,
    clean_tree,
    fault_of,
    has_place,
    parse_file,
    read_tree,
    same_values,
    value_at,
)
from gongkai.authoring.editor.yaml_spans import ScalarSpan, find_span, find_spans
from gongkai.authoring.editor.yaml_splices import Splice, Splicer, apply_splices
from gongkai.authoring.editor.yaml_style import detect_style
from gongkai.reading.encoding import decode_text
from gongkai.reading.front_matter import split_report
from gongkai.reading.lookalike_digits import LOOKALIKE

_NOT_WRITTEN = (
    "这一处没有改成：写进文件再读出来，与填的不一样；文件没有改动，请换一种写法，"
    "或先照提示改正文件里写法上的错误"
)


def edit_values(
    text: str,
    edits: Sequence[ValueEdit],
    *,
    key_order: KeyOrder = any_order,
    is_report: bool = False,
) -> str:
    """Return the text of a data file with some values edited, one edit after another.

    Only the lines of these values change: comments, order, quotation marks, braces, line ends,
    indentation and the byte-order mark stay. New keys go where `key_order` says. In a report
    (`is_report`) the front matter is edited; the place BODY is the Markdown below. Afterwards both
    texts are read: raise EditError unless every other value is the same, and the new ones read back
    as clean_text() returns them.
    """
    old = read_tree(text, is_report=is_report)
    expected = apply_edits(old, edits)
    problem_count = len(parse_file(text, is_report=is_report).problems)
    failure = EditError(_NOT_WRITTEN)
    for quotes_all in (False, True):
        editor = _TextEditor(text, key_order, is_report, problem_count > 0, quotes_all)
        try:
            new = editor.edit(edits)
            actual = read_tree(new, is_report=is_report)
        except EditError as error:
            failure = error
            continue
        is_clean = len(parse_file(new, is_report=is_report).problems) <= problem_count
        if is_clean and same_values(actual, expected) and _keeps_order(old, actual):
            return new
    raise failure


@dataclass(slots=True)
class _TextEditor:
    """A text being edited; changes of existing scalars are collected and made together."""

    raw: str
    key_order: KeyOrder
    is_report: bool
    is_faulty: bool
    """Whether the reader mends something before it reads the file."""
    quotes_all: bool

    def edit(self, edits: Sequence[ValueEdit]) -> str:
        """Make the edits one after another, and return the text."""
        clean, splicer = self.read()
        pending: dict[tuple[str | int, ...], list[Splice]] = {}
        for edit in self.iter_simple(edits):
            span = find_span(splicer.root, edit.place)
            is_scalar = isinstance(span, ScalarSpan) and edit.kind is EditKind.SET
            is_simple = is_scalar and (edit.value is None or isinstance(edit.value, str))
            is_body = self.is_report and edit.place == BODY
            if is_body or not is_simple or edit.place in pending:
                self.raw = clean.apply(
                    [splice for splices in pending.values() for splice in splices]
                )
                clean, splicer = self.read()
                pending = {}
            if is_body:
                self.raw = clean.apply(_body_splices(clean, edit.value))
                clean, splicer = self.read()
                continue
            splices = splicer.splice(edit)
            if is_simple:
                pending[edit.place] = splices
            else:
                self.raw = clean.apply(splices)
                clean, splicer = self.read()
        return clean.apply([splice for splices in pending.values() for splice in splices])

    def read(self) -> tuple["_CleanText", Splicer]:
        """Return the present text as the reader sees it, with the spans of its values."""
        clean = _CleanText.of(self.raw, is_report=self.is_report)
        try:
            root = find_spans(clean.yaml)
        except EditError as error:
            raise fault_of(parse_file(self.raw, is_report=self.is_report)) from error
        style = detect_style(clean.yaml, root, quotes_all=self.quotes_all)
        values = read_tree(self.raw, is_report=self.is_report) if self.is_faulty else None
        return clean, Splicer(clean.yaml, root, style, self.key_order, values)

    def iter_simple(self, edits: Sequence[ValueEdit]) -> Iterator[ValueEdit]:
        """Yield the edits; one that replaces a whole mapping or list as edits of what differs."""
        before: Tree = read_tree(self.raw, is_report=self.is_report)
        for edit in edits:
            value = clean_tree(edit.value)
            if edit.kind is EditKind.SET and value and not isinstance(value, str):
                old = value_at(before, edit.place) if has_place(before, edit.place) else ""
                is_alike = isinstance(old, dict) and isinstance(value, dict)
                if old and (is_alike or (isinstance(old, list) and isinstance(value, list))):
                    yield from diff_trees(old, value, edit.place)
                else:
                    yield edit
            else:
                yield edit
            if edit is not edits[-1]:
                before = apply_edits(before, [edit])


@dataclass(frozen=True, slots=True)
class _CleanText:
    """A text as the reader sees it, and where its characters are in the file."""

    raw: str
    text: str
    offsets: Sequence[int]
    """Index in `raw` by index in `text`."""
    start: int
    """Where the YAML begins."""
    end: int
    """Where it ends: in a report the front matter."""

    @classmethod
    def of(cls, raw: str, *, is_report: bool) -> Self:
        """Read a text."""
        text = decode_text(raw.encode(errors="surrogatepass")).clean
        offsets = range(len(raw) + 1) if text == raw else _align(raw, text)
        start, end = 0, len(text)
        if is_report:
            front = split_report(text).front_matter or ""
            yaml = front.lstrip("\n")
            padding = len(front) - len(yaml)
            lines = text.split("\n")[:padding]
            start = sum(len(line) + 1 for line in lines)
            end = start + len(yaml)
        return cls(raw, text, offsets, start, end)

    @property
    def yaml(self) -> str:
        """The YAML text."""
        return self.text[self.start : self.end]

    def apply(self, splices: Sequence[Splice]) -> str:
        """Return the file's text with changes of its YAML, in the file's line ends."""
        crlf = self.raw.count("\r\n")
        line_end = "\r\n" if crlf * 2 > self.raw.count("\n") else "\n"
        moved = [
            Splice(
                self.offsets[self.start + splice.start],
                self.offsets[self.start + splice.end],
                splice.new.replace("\n", line_end),
            )
            for splice in splices
        ]
        return apply_splices(self.raw, moved)


def _align(raw: str, text: str) -> list[int]:
    """Return where in a file's text the characters are that the reader sees."""
    offsets: list[int] = []
    at = 0
    for character in text:
        while raw[at] != character:
            is_line_end = character == "\n" and raw[at] == "\r"
            if is_line_end or (character.isdigit() and LOOKALIKE.match(raw, at)):
                break
            at += 1
        offsets.append(at)
        at += 2 if raw.startswith("\r\n", at) else 1
    return [*offsets, len(raw)]


def _body_splices(clean: _CleanText, value: Tree) -> list[Splice]:
    """Return the changes that give a report another body; lines that stay the same stay."""
    if value is not None and not isinstance(value, str):
        raise EditError("报告的正文是一段文字，不能分项")
    old = split_report(clean.text).body
    start = len(clean.text) - len(old) - clean.start
    new = clean_text(value or "").strip("\n")
    if not old.strip("\n"):
        before = "" if not old or old.startswith("\n") else "\n"
        joint = "\n" if not clean.text.endswith("\n") else ""
        end = len(clean.text) - clean.start
        blank = "" if old else "\n"
        return [Splice(end, end, f"{joint}{before}{blank}{new}\n")] if new else []
    start += len(old) - len(old.lstrip("\n"))
    old_lines = old.strip("\n").splitlines(keepends=True)
    new_lines = new.splitlines(keepends=True)
    return _line_splices(old_lines, new_lines, start)


def _line_splices(old: Sequence[str], new: Sequence[str], start: int) -> list[Splice]:
    starts = [start]
    for line in old:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        Splice(starts[first], starts[last], "".join(new[new_first:new_last]))
        for tag, first, last, new_first, new_last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _keeps_order(old: Tree, new: Tree) -> bool:
    """Tell whether the keys that both versions have are in the same order."""
    if isinstance(old, dict) and isinstance(new, dict):
        common = [key for key in new if key in old]
        ordered = [key for key in old if key in new]
        return common == ordered and all(_keeps_order(old[key], new[key]) for key in common)
    return True
