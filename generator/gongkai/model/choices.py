"""Choices that a form prints with boxes (√是 □否): printing the filed ones, reading the ticked ones."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gongkai.model.specs import BOX, CHOICE, PLACEHOLDER, FieldSpec

SEPARATOR = "、"
"""Between the choices of a value that has several (多选)."""
SEPARATORS = re.compile(r"\s*[、，,；;/\s]\s*")
"""Whatever people put between several choices."""
_TICKS, _BLANKS = "☑√✓☒✔■●✅◼▣", "□☐○◻〇▢"
_ANY_BOX = rf"[{_TICKS}{_BLANKS}]+|[(（\[［【]\s*[{_TICKS}{_BLANKS}vVxX×]?\s*[)）\]］】]"
_IS_TICKED = re.compile(rf"[{_TICKS}vV]")


def filed_choices(spec: FieldSpec, text: str) -> tuple[str, ...] | None:
    """Return the choices that a value names; None if it is anything else."""
    if text in spec.choices:
        return (text,)
    if not spec.has_several:
        return () if not text else None
    names = tuple(filter(None, SEPARATORS.split(text)))
    is_known = set(names) <= set(spec.choices) and len(set(names)) == len(names)
    return names if is_known else None


def print_choices(spec: FieldSpec, text: str) -> str | None:
    """Return all choices with their boxes as the form prints them; None if it prints a plain value."""
    ticked = filed_choices(spec, text) if spec.choice_format else None
    if ticked is None:
        return None
    return _fill_boxes(
        spec, [spec.boxes[0] if choice in ticked else spec.boxes[1] for choice in spec.choices]
    )


def _fill_boxes(spec: FieldSpec, boxes: Sequence[str]) -> str:
    if spec.has_whole_format:
        remaining = iter(boxes)
        return PLACEHOLDER.sub(lambda _: next(remaining), spec.choice_format)
    return " ".join(
        spec.choice_format.format_map({"序号": number, CHOICE: choice, BOX: box})
        for number, (choice, box) in enumerate(zip(spec.choices, boxes, strict=True), start=1)
    )


class _Token(NamedTuple):
    """A choice, or a box before or after it."""

    choice: str
    """Empty for a box."""
    is_ticked: bool = False


def ticked_choices(spec: FieldSpec, text: str) -> tuple[str, ...] | None:
    """Return the ticked choices in a text that has all choices with their boxes; None if it has not.

    A single choice without a box beside it counts as ticked: conversions of files lose ticks.
    """
    tokens = _last_choices(_tokens_of(spec, text), len(spec.choices))
    if [token.choice for token in tokens if token.choice] != list(spec.choices):
        return None
    if not any(not token.choice for token in tokens):
        return None if spec.boxes[1].strip() or not spec.choice_format else ()
    boxes = _boxes_by_choice(tokens, is_before=_stand_before(tokens, spec))
    ticked = tuple(choice for choice, found in boxes.items() if any(found))
    bare = [choice for choice, found in boxes.items() if not found]
    can_be_lost = len(boxes) > 1 and bool(spec.boxes[1].strip()) and not spec.has_several
    return tuple(bare) if can_be_lost and not ticked and len(bare) == 1 else ticked


def _last_choices(tokens: Sequence[_Token], count: int) -> Sequence[_Token]:
    """Return the last `count` choices with their boxes: the words before may be a label (是否新增)."""
    numbers = [number for number, token in enumerate(tokens) if token.choice]
    if len(numbers) <= count:
        return tokens
    first = numbers[-count]
    while first > 0 and not tokens[first - 1].choice:
        first -= 1
    return tokens[first:]


def _tokens_of(spec: FieldSpec, text: str) -> list[_Token]:
    """Return the choices and boxes in a text, in order."""
    tokens: list[_Token] = []
    for match in _token_pattern(spec.choices, spec.boxes).finditer(text):
        if match["choice"]:
            tokens.append(_Token(re.sub(r"\s", "", match["choice"])))
        elif match["own"]:
            tokens.append(_Token("", re.sub(r"\s", "", match["own"]) == _squeeze(spec.boxes[0])))
        else:
            tokens.append(_Token("", bool(_IS_TICKED.search(match["box"]))))
    by_squeezed = {_squeeze(choice): choice for choice in spec.choices}
    return [token._replace(choice=by_squeezed.get(token.choice, token.choice)) for token in tokens]


@lru_cache(maxsize=1_000)
def _token_pattern(choices: tuple[str, ...], boxes: tuple[str, ...]) -> re.Pattern[str]:
    own = [_loose(box) for box in sorted(boxes, key=len, reverse=True) if box.strip()]
    names = [_loose(choice) for choice in sorted(choices, key=len, reverse=True)]
    return re.compile(
        rf"(?P<own>{'|'.join(own) or '(?!)'})|(?P<choice>{'|'.join(names)})|(?P<box>{_ANY_BOX})"
    )


def _loose(text: str) -> str:
    return r"\s*".join(map(re.escape, _squeeze(text)))


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def _stand_before(tokens: Sequence[_Token], spec: FieldSpec) -> bool:
    """Tell whether the boxes stand before their choices: by the ends of the text, else by the form."""
    starts, ends = not tokens[0].choice, not tokens[-1].choice
    if starts != ends:
        return starts
    if not spec.choice_format:
        return False
    printed = _tokens_of(spec, _fill_boxes(spec, [_BLANKS[0]] * len(spec.choices)))
    return bool(printed) and bool(printed[-1].choice)


def _boxes_by_choice(tokens: Sequence[_Token], *, is_before: bool) -> dict[str, list[bool]]:
    """Return for every choice whether the boxes beside it are ticked."""
    boxes: dict[str, list[bool]] = {}
    pending: list[bool] = []
    for token in reversed(tokens) if not is_before else tokens:
        if token.choice:
            boxes[token.choice] = pending
            pending = []
        else:
            pending.append(token.is_ticked)
    return boxes if is_before else dict(reversed(boxes.items()))


def choice_fault(spec: FieldSpec, text: str) -> tuple[str, str]:
    """Return in Chinese why a value is not as many of the choices as the form allows, and a remedy.

    Both are empty if it is; the remedy is the text to write instead, where that is certain.
    """
    if filed_choices(spec, text) is not None:
        return "", ""
    listed = "".join(f"“{choice}”" for choice in spec.choices)
    options = f"{listed}中选{'一个或几个' if spec.has_several else '一个'}"
    ticked = ticked_choices(spec, text)
    if ticked is None:
        return _fault_of_words(spec, text, options)
    if not ticked:
        return f"的方框一个也没有勾，这里写的是“{text}”；请从{options}写上", ""
    names = SEPARATOR.join(ticked)
    if len(ticked) > 1 and not spec.has_several:
        marked = "".join(f"“{choice}”" for choice in ticked)
        return f"勾了{marked}{len(ticked)} 个，只能选一个，这里写的是“{text}”；请核对原件", ""
    return f"只写选中的答案“{names}”，方框由表式印，这里写的是“{text}”", names


def _fault_of_words(spec: FieldSpec, text: str, options: str) -> tuple[str, str]:
    names = list(filter(None, SEPARATORS.split(text)))
    known = [name for name in names if name in spec.choices]
    if len(known) == len(names) > 1:
        twice = next((name for name in known if known.count(name) > 1), "")
        if twice:
            return f"把“{twice}”写了不止一次；请只留一处", ""
        return f"只能选一个，这里写了“{text}”；请只留一个", ""
    if spec.has_several and known:
        unknown = "".join(f"“{name}”" for name in names if name not in spec.choices)
        return f"里的{unknown}不是选项；应从{options}，几个之间用“{SEPARATOR}”隔开", ""
    return f"应从{options}，这里写的是“{text}”", ""
