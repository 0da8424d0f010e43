"""The account of an import: every text of a file ends as a value, as a leftover or as a printed text."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pydantic import BaseModel

from gongkai.authoring.office.cells import (
    Slot,
    core_label,
    normalize_label,
    remove_invisible,
)
from gongkai.authoring.office.documents import Draft
from gongkai.authoring.office.label_index import Leaf
from gongkai.authoring.office.source_parts import Aside, SourceText, aside_place
from gongkai.authoring.office.tables import PLACEHOLDERS
from gongkai.authoring.office.texts import TEMPLATE_INSTRUCTIONS, printed_captions
from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.personal_data import mask_personal_data
from gongkai.model.specs import PLACEHOLDER
from gongkai.model.terms import DocumentKind
from gongkai.pages.narrative import build_parser
from gongkai.reading.form_plan import SCORE_GROUP_KEY

_PRINTED_FIELDS = frozenset({
    "key", "aliases", "label", "heading", "corner", "printed", "name", "name_format",
    "choice_format", "notes", "prompts", "opening", "sign_off", "outline", "title", "sections",
    "printed_fields", "printed_columns", "columns", "blanks", "cell_format", "rows", "blocks", "levels", "presets", "children",
})  # fmt: skip
"""The fields of a form that hold what it prints, and those that lead to them."""
_NUMBER = (
    r"[（(第]?[0-9０-９零〇一二三四五六七八九十百壹贰貳叁參肆伍陆陸柒捌玖拾甲乙丙丁戊己庚辛壬癸"
    r"子丑寅卯辰巳午未申酉戌亥①-⑳⑴-⒇⒈-⒛A-Za-z.．-]{1,12}[、.．)）章条节款]*"
)
"""An automatic number of Word."""
_EQUATION_SIGNS = re.compile(r"[/^_√()（）{}\[\]|∑∏∫]")
_FIGURE = re.compile(r"[\d.,%＋+\-—－/]*")
_PUNCTUATION = re.compile(r"[\W_]*")


class ChangedText(NamedTuple):
    """A value that is not made of the file's own characters."""

    place: str
    reason: str
    source: str
    """What stands in the file."""
    written: str


class PlacedText(NamedTuple):
    """A text at its place."""

    place: str
    text: str


@dataclass(slots=True)
class Account:
    """What became of the texts of a file."""

    texts: int = 0
    values: int = 0
    """Texts that are values, or parts of a report."""
    leftovers: int = 0
    """Texts that the import report names."""
    printed: int = 0
    """Texts that the form itself prints."""
    lost: list[PlacedText] = field(default_factory=list)
    """Texts of the file that are nowhere."""
    foreign: list[PlacedText] = field(default_factory=list)
    """Values and leftovers that are not in the file at their place, or are there fewer times."""
    changes: list[ChangedText] = field(default_factory=list)
    labels: list[PlacedText] = field(default_factory=list)
    """Labels that are worded differently in the form."""

    @property
    def is_balanced(self) -> bool:
        """Whether every text is somewhere, and nothing came from elsewhere."""
        return not self.lost and not self.foreign


@lru_cache(maxsize=50_000)
def compact(text: str) -> str:
    """Return the characters of a text that show: no spaces, no invisible signs."""
    return "".join(
        character
        for character in text
        if not character.isspace() and unicodedata.category(character) != "Cf"
    )


class _Taken(NamedTuple):
    """A value or a leftover that is to be found in the file."""

    text: str
    source: str
    """What it was made of, if that is not its own characters."""
    is_value: bool


class _PrintedWords(NamedTuple):
    """The texts that a form prints."""

    exact: frozenset[str]
    """Normalized; the texts around the placeholders of a label are on their own."""
    cores: frozenset[str]


@dataclass(slots=True)
class _Books:
    """An account being drawn up."""

    account: Account = field(default_factory=Account)
    taken: dict[str, list[_Taken]] = field(default_factory=lambda: defaultdict(list))
    """Values and leftovers by place; those that were found are removed."""
    outside: Counter[str] = field(default_factory=Counter)
    """Leftovers from outside the body, compact."""
    outside_places: dict[str, str] = field(default_factory=dict)
    """Those of them that have a place of their own, compact: 工作表“附件2”C5的隐藏文字."""
    owners: dict[str, Draft] = field(default_factory=dict)
    """The document at a place."""
    words: dict[int, _PrintedWords] = field(default_factory=dict)
    """What the form of a document prints, by its id()."""
    titles: dict[int, str] = field(default_factory=dict)
    """Number and title of a document that are not yet found, by its id()."""
    bodies: dict[int, list[SourceText]] = field(default_factory=lambda: defaultdict(list))
    """The texts that the report of a document must hold, by its id()."""


def draw_up_account(
    sources: Sequence[SourceText],
    drafts: Sequence[Draft],
    leftovers: Iterable[Slot] = (),
    outside: Iterable[Slot] = (),
    remarks: Sequence[str] = (),
) -> Account:
    """Compare the texts of a file with what the readers made of it."""
    books = _open_books(drafts, leftovers, outside)
    books.account.texts = len(sources)
    for source in sources:
        if source.is_in_body and source.aside in {Aside.NONE, Aside.TEXT_BOX}:
            _settle(books, source)
        else:
            _settle_aside(books, source, remarks)
    for draft in drafts:
        if draft.form.kind is DocumentKind.REPORT:
            _settle_report(books, draft)
    _close_books(books, drafts)
    return books.account


def _open_books(
    drafts: Sequence[Draft], leftovers: Iterable[Slot], outside: Iterable[Slot]
) -> _Books:
    """Enter everything that the readers took."""
    books = _Books()
    for draft in drafts:
        books.owners |= dict.fromkeys(draft.places, draft)
        books.words[id(draft)] = _printed_words(draft.form, draft.words)
        books.titles[id(draft)] = compact(draft.number + draft.title)
        for key, leaf in (*_iter_leaves(draft.tree), *_iter_leaves(draft.sign_off)):
            if leaf.text and key != SCORE_GROUP_KEY:
                books.taken[leaf.place].append(_Taken(leaf.text, leaf.source, is_value=True))
    for slot in (*leftovers, *(slot for draft in drafts for slot in draft.unused)):
        books.taken[slot.place].append(_Taken(slot.text, "", is_value=False))
    for slot in outside:
        books.outside[compact(slot.text)] += 1
        books.outside_places[slot.place] = compact(slot.text)
    return books


def _iter_leaves(tree: object, key: str = "") -> Iterator[tuple[str, Leaf]]:
    """Yield the values of a tree with their keys."""
    if isinstance(tree, Leaf):
        yield key, tree
    elif isinstance(tree, Mapping):
        for name, value in tree.items():
            yield from _iter_leaves(value, f"{name}")
    elif isinstance(tree, list):
        for value in tree:
            yield from _iter_leaves(value, key)


def _settle(books: _Books, source: SourceText) -> None:
    """Find a text of the body among the values, leftovers, titles, printed texts and reports."""
    account = books.account
    shown = remove_invisible(source.text).strip()
    text = mask_personal_data(shown).strip()
    if text != shown:
        account.changes.append(ChangedText(source.place, "遮盖了号码", "", text))
    fragments, kinds = _take_out(books, source, text)
    draft = books.owners.get(source.place)
    if draft is not None and fragments:
        is_used = source.place in draft.used_places
        in_title = [
            fragment for fragment in fragments if is_used and _is_in_title(books, draft, fragment)
        ]
        fragments = [fragment for fragment in fragments if fragment not in in_title]
        if draft.form.kind is DocumentKind.REPORT and not (is_used or kinds):
            books.bodies[id(draft)].append(source)
            return
        fragments = [
            fragment for fragment in fragments if not _is_printed(books, draft, source, fragment)
        ]
        kinds |= {True} if in_title else set()
    if fragments and _take_outside(books, aside_place(source.place, Aside.HIDDEN)):
        account.leftovers += 1  # Its format shows nothing.
    elif fragments:
        account.lost.append(PlacedText(source.place, text))
    elif True in kinds:
        account.values += 1
    elif kinds:
        account.leftovers += 1
    else:
        account.printed += 1


def _take_out(books: _Books, source: SourceText, text: str) -> tuple[list[str], set[bool]]:
    """Take the values and leftovers of a place out of its text.

    Return the fragments that remain, and whether there were values (True) or leftovers (False).
    """
    fragments, kinds = [compact(text)], set[bool]()
    entries = books.taken.get(source.place, [])
    taken: set[str] = set()
    for entry in sorted(entries, key=lambda entry: -len(entry.source or entry.text)):
        rest = _without(books.account, entry, source, text, fragments)
        is_shared = source.is_merged and entry.is_value and entry.text in taken
        if rest is None and not is_shared:
            continue
        fragments = fragments if rest is None else rest
        entries.remove(entry)
        taken.add(entry.text)
        kinds.add(entry.is_value)
    return [fragment for fragment in fragments if fragment], kinds


def _without(
    account: Account, entry: _Taken, source: SourceText, text: str, fragments: Sequence[str]
) -> list[str] | None:
    """Return the fragments without an entry; None if it is not in them."""
    whole = len(fragments) == 1 and fragments[0] == compact(text)
    if source.is_number:
        if not whole:
            return None
        if entry.source:
            account.changes += _changes(entry, source, text, is_whole=True)
        elif not _is_same_number(text, entry.text):
            account.changes.append(ChangedText(source.place, "按格式显示", text, entry.text))
        return []
    needle = compact(entry.source or entry.text)
    if source.numbers and whole and needle == fragments[0]:
        return None  # The automatic number is missing.
    for number, fragment in enumerate(fragments):
        position = fragment.find(needle)
        if position >= 0 and needle:
            account.changes += _changes(
                entry, source, text, is_whole=fragment == compact(text) == needle
            )
            rest = [fragment[:position], fragment[position + len(needle) :]]
            return [*fragments[:number], *rest, *fragments[number + 1 :]]
    if whole and _is_shown_as(source, text, entry.text):
        account.changes += _changes(entry, source, text, is_whole=True)
        return []
    return None


def _changes(
    entry: _Taken, source: SourceText, text: str, *, is_whole: bool
) -> Iterator[ChangedText]:
    """Yield how a value differs from the characters of the file."""
    if not entry.is_value:
        return
    if entry.source:
        reason = "换算了单位" if _FIGURE.fullmatch(entry.text) else "按勾选的填"
        yield ChangedText(source.place, reason, entry.source, entry.text)
    elif source.has_equation and is_whole:
        yield ChangedText(source.place, "公式写成一行", text, entry.text)
    elif is_whole and len(entry.text.split("\n")) < len(text.split("\n")):
        yield ChangedText(source.place, "几行连成一行", text, entry.text)


def _is_same_number(stored: str, shown: str) -> bool:
    """Return whether a text shows a stored number as it is."""
    try:
        return f"{float(stored):.15g}" == f"{float(shown.replace(',', '')):.15g}"
    except ValueError:
        return compact(stored) == compact(shown)


def _is_shown_as(source: SourceText, text: str, shown: str) -> bool:
    """Return whether Word shows a text as this one: with numbers and the signs of equations."""
    if source.has_equation:
        signs = _EQUATION_SIGNS
        return signs.sub("", compact(text)) == signs.sub("", compact(shown))
    if not source.is_numbered:
        return compact(text) == compact(shown)
    lines = (re.escape(compact(line)) for line in text.split("\n") if line.strip())
    pattern = "".join(f"({_NUMBER})?{line}" for line in lines)
    match = re.fullmatch(pattern, compact(shown))
    return match is not None and sum(map(bool, match.groups())) >= source.numbers


def _is_in_title(books: _Books, draft: Draft, fragment: str) -> bool:
    """Return whether a text is in the document's number and title; what was found counts once."""
    before, found, after = books.titles[id(draft)].partition(fragment.strip("：:") or fragment)
    if found:
        books.titles[id(draft)] = before + after
    return bool(found)


def _is_printed(books: _Books, draft: Draft, source: SourceText, fragment: str) -> bool:
    """Return whether the form of a document prints a text."""
    if _PUNCTUATION.fullmatch(fragment):
        return True
    words = books.words[id(draft)]
    label = normalize_label(fragment)
    if _FIGURE.fullmatch(label):
        return source.place in draft.printed_places
    is_used = source.place in draft.used_places
    if label in words.exact or (is_used and _is_made_of(label, words.exact)):
        return True
    if is_used and core_label(fragment) in words.cores:
        books.account.labels.append(PlacedText(source.place, source.text.strip()))
        return True
    return False


_MAX_LINE = 500
"""Longest line of labels, in characters."""


def _is_made_of(line: str, labels: frozenset[str]) -> bool:
    """Return whether a line is a row of labels without values: 填表人：  审核人：."""
    ends = {0}
    for start in range(min(len(line), _MAX_LINE)):
        if start in ends:
            ends |= {
                end
                for end in range(start + 2, len(line) + 1)
                if line[start:end].strip(":,;") in labels
            }
    return len(line) in ends and len(line) <= _MAX_LINE


def _printed_words(form: Form, words: Mapping[str, str]) -> _PrintedWords:
    """Return the texts that a form prints."""
    texts = [
        fill_placeholders(text, words)
        for text in (
            *_iter_printed(form),
            *PLACEHOLDERS,
            *printed_captions(form),
            TEMPLATE_INSTRUCTIONS,
        )
    ]
    parts = [part for text in texts for part in PLACEHOLDER.split(text)[::2]]
    exact = frozenset(normalize_label(part) for part in (*texts, *parts)) - {""}
    return _PrintedWords(exact, frozenset(core_label(text) for text in texts) - {""})


def _iter_printed(value: object) -> Iterator[str]:
    """Yield all texts that a form, or a part of it, prints."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in _PRINTED_FIELDS & type(value).model_fields.keys():
            yield from _iter_printed(getattr(value, name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _iter_printed(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _iter_printed(part)


def _take_outside(books: _Books, place: str) -> bool:
    """Take the leftover at a place out of the books; return whether there was one."""
    text = books.outside_places.pop(place, "")
    books.outside[text] -= 1 if text else 0
    return bool(text)


def _settle_aside(books: _Books, source: SourceText, remarks: Sequence[str]) -> None:
    """Find a text outside the body, or one that is struck or hidden, among the named leftovers."""
    text = mask_personal_data(remove_invisible(source.text)).strip()
    key = compact(text)
    entries = books.taken.get(source.place, [])
    named = next((entry for entry in entries if compact(entry.text) == key), None)
    if named is not None and not named.is_value:
        entries.remove(named)
    elif books.outside[key] > 0:
        books.outside[key] -= 1
    elif source.is_number and _take_outside(books, source.place):
        pass  # Named as its format shows it.
    elif source.aside is Aside.FORMULA and any(
        source.place.removesuffix(f"的{source.aside}") in remark for remark in remarks
    ):
        pass
    else:
        books.account.lost.append(PlacedText(source.place, text))
        return
    books.account.leftovers += 1


class _Block(NamedTuple):
    """A paragraph or a table cell of a report."""

    text: str
    is_heading: bool = False
    table: int = 0
    row: int = 0
    column: int = 0


_WINDOW = 60
"""How far a text is searched in a report."""


def _settle_report(books: _Books, draft: Draft) -> None:
    """Compare the report of a document with the texts that it must hold, in their order."""
    account = books.account
    blocks = list(_blocks(draft.body))
    position = 0
    pairs: list[tuple[SourceText, _Block]] = []
    for source in books.bodies.get(id(draft), ()):
        text = mask_personal_data(remove_invisible(source.text)).strip()
        window = range(position, min(position + _WINDOW, len(blocks)))
        match = next((n for n in window if _is_shown_as(source, text, blocks[n].text)), None)
        if match is None:
            account.lost.append(PlacedText(source.place, text))
            continue
        account.foreign += (PlacedText("报告", block.text) for block in blocks[position:match])
        account.values += 1
        pairs.append((source, blocks[match]))
        position = match + 1
        entry = _Taken(blocks[match].text, "", is_value=True)
        account.changes += _changes(entry, source, text, is_whole=True)
    account.foreign += (PlacedText("报告", block.text) for block in blocks[position:])
    account.foreign += _shifted_cells(pairs)


def _shifted_cells(pairs: Iterable[tuple[SourceText, _Block]]) -> Iterator[PlacedText]:
    """Yield the table cells of a report that stand in another row or column than in the file."""
    first: dict[int, tuple[SourceText, _Block]] = {}
    for source, block in pairs:
        if block.table:
            first_source, first_block = first.setdefault(block.table, (source, block))
            distance = (block.row - first_block.row, block.column - first_block.column)
            table, row, column = first_source.grid
            if source.grid != (table, row + distance[0], column + distance[1]):
                yield PlacedText(source.place, block.text)


def _blocks(body: str) -> Iterator[_Block]:
    """Yield the paragraphs and the filled table cells of a report, as its page shows them."""
    table = row = column = 0
    in_row = is_heading = False
    for token in build_parser().parse(body):
        match token.type:
            case "table_open":
                table, row = table + 1, 0
            case "tr_open":
                row, column, in_row = row + 1, 0, True
            case "tr_close":
                in_row = False
            case "th_open" | "td_open":
                column += 1
            case "heading_open":
                is_heading = True
            case "fence":
                yield _Block(token.content)
            case "inline":
                parts = token.children or ()
                text = "".join(
                    "\n" if part.type in {"softbreak", "hardbreak"} else part.content
                    for part in parts
                )
                if text:
                    place = (table, row, column) if in_row else (0, 0, 0)
                    yield _Block(text, is_heading, *place)
                is_heading = False
            case _:
                pass


def _close_books(books: _Books, drafts: Sequence[Draft]) -> None:
    """Enter what was taken but is not in the file."""
    account = books.account
    for place, entries in books.taken.items():
        account.foreign += (
            PlacedText(place, entry.text) for entry in entries if compact(entry.text)
        )
    account.foreign += (
        PlacedText("正文以外", text)
        for text, count in books.outside.items()
        for _ in range(count)
        if text
    )
    for draft in drafts:
        if rest := books.titles[id(draft)]:
            account.foreign.append(PlacedText("标题", rest))
