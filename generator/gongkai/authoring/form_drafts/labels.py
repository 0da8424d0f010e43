"""Labels of a drafted form: keys, years as placeholders, units of money, kinds of values."""

import re
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from gongkai.authoring.form_drafts.entries import FormEntry
from gongkai.authoring.form_drafts.layout import PageCell
from gongkai.authoring.form_drafts.vocabulary import LabelTerm, Use, Vocabulary
from gongkai.authoring.office.cells import clean_value, normalize_label
from gongkai.authoring.office.money_units import stated_unit
from gongkai.model.terms import Role
from gongkai.model.values import MONEY_UNITS, Kind

_NUMBERING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|[（(][0-9一二三四五六七八九十]{1,2}[)）]|[0-9]{1,2}[.、．])?"
    r"\s*(?:其中\s*[:：]?\s*)?"
)
_TAIL = re.compile(r"(?:[（(][^（）()]*[)）]|[:：。]|\s)+$")
_LONG_TEXT = 40
"""Shortest value, in characters, that makes an unknown field a long text."""
_MAX_KEY = 30
_RATE = re.compile(r"[-+]?[\d.]+%")
_AMOUNT = re.compile(r"[-+]?[\d,.]+(?:万元|亿元|元)?")
MAX_QUOTATION = 24
"""Longest quotation of a label in a remark, in characters."""


@dataclass(slots=True)
class Wording:
    """The words of one table, and what is known about them."""

    words: Vocabulary
    year: int
    """0 if the table names no year."""
    printed: frozenset[str] | None = None
    """Normalized texts that the form itself prints; None if only one filled table is known."""
    money: str = ""
    """The form's unit of money, once it is known."""
    keys: set[str] = field(default_factory=set)
    """Keys at the top of the data file that are taken."""

    def template(self, text: str) -> str:
        """Return a label on one line, with the year and the year before as placeholders."""
        label = clean_value(text)
        if self.year:
            label = re.sub(rf"{self.year}(?=\s*年|\s*[)）])", "{年度}", label)
            label = re.sub(rf"{self.year - 1}(?=\s*年)", "{上年}", label)
        return label

    def find(self, use: Use, text: str) -> LabelTerm | None:
        """Return the meaning of a label."""
        return self.words.find(use, self.template(text))

    def is_printed(self, text: str) -> bool | None:
        """Return whether the form prints a text; None if nobody can tell."""
        return None if self.printed is None else normalize_label(text) in self.printed

    def amount_unit(self, text: str) -> str:
        """Return the unit of money in a label, if it differs from the form's."""
        unit = stated_unit(text)
        return unit if unit in MONEY_UNITS and unit != self.money else ""


def make_key(label: str, taken: Container[str] = ()) -> str:
    """Return a key for a label: without numbering, brackets and colons; a number if it is taken."""
    text = label.replace("{上年}年", "上年").replace("{年度}年", "本年").replace("{年度}", "")
    text = _NUMBERING.sub("", text)
    bare = _TAIL.sub("", text) or text
    bare = re.sub(r"\s+", "", bare).replace("/", "、").replace("{", "").replace("}", "")
    bare = bare.strip(":：,，;；#&*!|>'\"%@`-?[]")[:_MAX_KEY] or "项"
    numbered = (bare if number == 1 else f"{bare}{number}" for number in range(1, 1000))
    return next(key for key in numbered if key not in taken)


def put_label(entry: FormEntry, label: str) -> None:
    """Set the label of an entry, if the form prints another text than its key."""
    if label.strip() != entry.get("键"):
        entry.put("标签", label.strip())


def put_kind(entry: FormEntry, kind: Kind) -> None:
    """Set the kind of an entry, unless it is text."""
    if kind is not Kind.TEXT:
        entry.put("类型", str(kind))


def put_role(entry: FormEntry, role: Role | None) -> None:
    """Set the role of an entry, if it has one."""
    if role is not None:
        entry.put("角色", str(role))


def kind_of_values(label: str, texts: Iterable[str]) -> Kind:
    """Return the kind of a field that nobody knows, from its label and values."""
    filled = [unicodedata.normalize("NFKC", text.strip()) for text in texts if text.strip()]
    if any(len(text) > _LONG_TEXT or "\n" in text for text in filled):
        return Kind.LONG_TEXT
    if filled and all(_RATE.fullmatch(text) for text in filled):
        return Kind.RATE
    if stated_unit(label) and all(_AMOUNT.fullmatch(text) for text in filled):
        return Kind.AMOUNT
    if filled and all(text.endswith(("万元", "亿元")) for text in filled):
        return Kind.AMOUNT
    return Kind.TEXT


def quote_label(text: str) -> str:
    """Return a label as a remark quotes it."""
    line = clean_value(text)
    return line if len(line) <= MAX_QUOTATION else f"{line[:MAX_QUOTATION]}…"


def unknown_label_remark(label: str, what: str) -> str:
    """Return the remark on a label that nobody knows."""
    return (
        f"不认识“{quote_label(label)}”这{what}：照样留着，角色空着；程序要用它核对的，请写上“角色”"
    )


def texts_of(cells: Iterable[PageCell | None]) -> list[str]:
    """Return the texts of the cells that there are."""
    return [cell.text for cell in cells if cell is not None and not cell.is_blank]
