"""Drafts of 填写项: labels with values beside or below them."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from gongkai.authoring.form_drafts.entries import FormEntry
from gongkai.authoring.form_drafts.labels import (
    Wording,
    kind_of_values,
    make_key,
    put_kind,
    put_label,
    put_role,
    unknown_label_remark,
)
from gongkai.authoring.form_drafts.layout import PageCell
from gongkai.authoring.form_drafts.parts import FieldColumns, FieldRows, Pair
from gongkai.authoring.form_drafts.vocabulary import LabelTerm, Use
from gongkai.authoring.office.cells import clean_value
from gongkai.model.specs import BLANK_LINE
from gongkai.model.terms import Role
from gongkai.model.values import Kind

_TICKS, _BLANKS = "☑√✓☒✔■●✅", "□☐○◻"
_BOX = rf"(?:[（(]\s*[{_TICKS}]?\s*[)）]|[{_TICKS}{_BLANKS}])"
_CHOICE_AFTER = re.compile(rf"({_BOX})\s*([^\s{_TICKS}{_BLANKS}（）()]+(?:[（(][^（）()]*[)）])?)")
_CHOICE_BEFORE = re.compile(rf"(?:(\d)\s*[、.．]\s*)?([^\s{_TICKS}{_BLANKS}（）()、]+)\s*({_BOX})")
_BLANK = re.compile(r"_{2,}|＿{2,}")
_REQUIRED = frozenset({Role.PROJECT_NAME, Role.UNIT_NAME})


def draft_field_rows(part: FieldRows, wording: Wording, name: str) -> FormEntry:
    """Return a section of labels with their values to the right."""
    section = _new_section(part.lead, wording, name)
    taken = wording.keys if part.lead is None else set[str]()
    entries: list[FormEntry] = []
    for pairs in part.rows:
        for number, pair in enumerate(pairs):
            entry = draft_field(pair, wording, taken, part.lead)
            if number:
                entry.put("并排", "是")
            entries.append(entry)
    _add_sums(entries, [pair for pairs in part.rows for pair in pairs])
    settle_roles(entries)
    section.put("项", entries)
    return section


def draft_field_columns(part: FieldColumns, wording: Wording, name: str) -> FormEntry:
    """Return a section of labels with their values below them."""
    section = _new_section(part.caption, wording, name)
    section.put("排列", "分栏")
    taken = wording.keys if part.caption is None else set[str]()
    entries: list[FormEntry] = []
    for column in part.columns:
        value = part.values.cell_at(column.number)
        entry = draft_field(Pair(column.label, value), wording, taken)
        if column.heading is not None:
            entry.put("表头", wording.template(column.heading.text))
        entries.append(entry)
    settle_roles(entries)
    section.put("项", entries)
    return section


def _new_section(lead: PageCell | None, wording: Wording, name: str) -> FormEntry:
    section = FormEntry({"形式": "填写项"})
    if lead is None or lead.is_blank:
        section.put("名称", name)
        return section
    label = wording.template(lead.text)
    section.put("键", make_key(label, wording.keys))
    wording.keys.add(section.get("键"))
    put_label(section, label)
    return section


def draft_field(
    pair: Pair, wording: Wording, taken: set[str], lead: PageCell | None = None
) -> FormEntry:
    """Return one field; one without a label is named after the end of its section's label."""
    value = "" if pair.value is None else pair.value.text
    if pair.label is None or pair.label.is_blank:
        return _draft_untitled(value, wording, taken, lead)
    label = wording.template(pair.label.text)
    term = wording.find(Use.FIELD, label) or wording.find(Use.GOAL, label)
    if wording.find(Use.GOAL, label) and (term is None or term.role is None):
        term = wording.find(Use.GOAL, label)
    entry = FormEntry({"键": make_key(label, taken)})
    taken.add(entry.get("键"))
    put_label(entry, label)
    if _put_choices(entry, value):
        return entry
    if _put_blanks(entry, value, wording, taken):
        return entry
    put_kind(entry, term.kind if term else kind_of_values(label, [value]))
    if entry.get("类型") == Kind.AMOUNT:
        entry.put("金额单位", wording.amount_unit(label))
    put_role(entry, term.role if term else None)
    if term is None and not wording.find(Use.LINE, label):
        entry.remarks.append(unknown_label_remark(label, "一项"))
    elif term is not None and term.required:
        entry.put("必填", "是")
    return entry


def _draft_untitled(
    value: str, wording: Wording, taken: set[str], lead: PageCell | None
) -> FormEntry:
    words = re.split("及|和|与|、", clean_value(lead.text)) if lead else []
    term = wording.find(Use.FIELD, words[-1]) if len(words) > 1 else None
    name = words[-1] if term else "说明文字"
    entry = FormEntry({"键": make_key(name, taken), "印名": "否", "类型": str(Kind.LONG_TEXT)})
    put_role(entry, term.role if term else None)
    taken.add(entry.get("键"))
    known = f"，填的是“{clean_value(value)[:20]}”" if value.strip() else ""
    entry.remarks.append(f"这一格没有标签{known}：先叫“{entry.get('键')}”，请改成合适的名称")
    return entry


def settle_roles(entries: Sequence[FormEntry]) -> None:
    """Leave every role with one field; of two targets the adjusted one keeps it."""
    goals = [entry for entry in entries if entry.get("角色") == Role.OBJECTIVE]
    adjusted = [entry for entry in goals if re.search("调整|全年", f"{_label(entry)}")]
    for entry in goals if len(goals) > 1 else ():
        if entry is not (adjusted or goals)[0]:
            del entry.values["角色"]
    keep_first_roles(entries, "项")


def keep_first_roles(entries: Sequence[FormEntry], counter: str) -> None:
    """Leave every role with the first entry that has it; `counter` is 项 or 列, for the remark."""
    seen: set[str] = set()
    for entry in entries:
        role = entry.get("角色")
        if role in seen:
            del entry.values["角色"]
            entry.remarks.append(f"前面已经有“{role}”一{counter}，这一{counter}的角色空着")
        seen.update([role] if role else [])


def _label(entry: FormEntry) -> str:
    return f"{entry.get('标签') or entry.get('键')}"


def _add_sums(entries: Sequence[FormEntry], pairs: Sequence[Pair]) -> None:
    """Add 合计: of a total the amounts before it, of an amount before “其中” those behind it."""
    amounts = [
        (entry, pair)
        for entry, pair in zip(entries, pairs, strict=True)
        if entry.get("类型") == Kind.AMOUNT and entry.get("角色") != Role.SPENT
    ]
    for number, (entry, pair) in enumerate(amounts):
        parts: Sequence[tuple[FormEntry, Pair]] = ()
        following = amounts[number + 1 :]
        if following and "其中" in _label(following[0][0]) and "其中" not in _label(entry):
            parts = following
        elif _is_total(entry) and number > 1:
            parts = amounts[:number]
            put_role(entry, Role.ADJUSTED)
            entry.remarks.append("当作全年预算数（各项来源之和）；不是的，请改“角色”")
        if parts and adds_up(pair.value, [part.value for _, part in parts]) is not False:
            entry.put("合计", [part.get("键") for part, _ in parts])


def _is_total(entry: FormEntry) -> bool:
    return bool(re.match("合计|总计|小计", f"{entry.get('键')}"))


def number_of(cell: PageCell | None) -> Decimal | None:
    """Return the figure in a cell; 0 for a blank one, None if it holds anything else."""
    text = re.sub(r"[,，\s]|万元|亿元|元|人|%", "", cell.text) if cell else ""
    if not text or (cell and cell.is_struck):
        return Decimal(0)
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def adds_up(total: PageCell | None, parts: Sequence[PageCell | None]) -> bool | None:
    """Return whether the parts add up to the total; None if no figures are filled in."""
    numbers = [number_of(part) for part in parts]
    whole = number_of(total)
    if whole is None or any(number is None for number in numbers) or not (whole or any(numbers)):
        return None
    return whole == sum((number for number in numbers if number is not None), Decimal(0))


def _put_choices(entry: FormEntry, value: str) -> bool:
    """Set the choices of a field that prints them with boxes; return whether it does."""
    text = clean_value(value)
    boxes = re.findall(_BOX, text)
    if not boxes or not re.search(rf"[{_TICKS}{_BLANKS}]", text):
        return False
    begins_with_box = bool(re.match(rf"\s*{_BOX}", text))
    if begins_with_box:
        found = [("", choice, box) for box, choice in _CHOICE_AFTER.findall(text)]
    else:
        found = _CHOICE_BEFORE.findall(text)
    if not found or len({choice for _, choice, _ in found}) < len(found):
        return False
    numbered = "{序号}、" if all(number for number, _, _ in found) else ""
    ticked = next((box for _, _, box in found if re.search(f"[{_TICKS}]", box)), "☑")
    blank = next((box for _, _, box in found if not re.search(f"[{_TICKS}]", box)), "□")
    entry.put("类型", str(Kind.CHOICE))
    entry.put("选项", [choice.strip("、，,；; ") for _, choice, _ in found])
    if sum(bool(re.search(f"[{_TICKS}]", box)) for _, _, box in found) > 1:
        entry.put("多选", "是")
    entry.put("勾选", "{框}{选项}" if begins_with_box else f"{numbered}{{选项}}{{框}}")
    if (ticked, blank) != ("☑", "□"):
        entry.put("框", [ticked, blank])
    if len(boxes) < 2:  # noqa: PLR2004 - a choice needs two
        entry.remarks.append("只认出一个选项，别的选项旁边没有方框；请补全“选项”")
    return True


def _put_blanks(entry: FormEntry, value: str, wording: Wording, taken: set[str]) -> bool:
    """Set the blanks of a cell that prints lines to write on; return whether it does."""
    text = clean_value(value)
    if not _BLANK.search(text):
        return False
    blanks: list[FormEntry] = []
    template, position = "", 0
    for match in _BLANK.finditer(text):
        before = re.split(r"[，,；;。\s]", text[position : match.start()])[-1]
        key = make_key(before or "空格", taken)
        taken.add(key)
        blank = FormEntry({"键": key})
        term = wording.find(Use.FIELD, key) or wording.find(Use.MONEY_ROW, key)
        after = text[match.end() :]
        kind = Kind.AMOUNT if re.match(r"\s*(万元|亿元|元)", after) else Kind.TEXT
        put_kind(blank, kind)
        put_role(blank, _role_of_blank(term))
        blanks.append(blank)
        template += f"{text[position : match.start()]}{{{key}}}"
        position = match.end()
    entry.put("写法", template + text[position:])
    entry.put("空格", blanks)
    entry.remarks.append(f"一格里有几条横线（{BLANK_LINE}），各算一个空格；请核对名称和类型")
    return True


def _role_of_blank(term: LabelTerm | None) -> Role | None:
    return term.role if term else None
