"""How places and values are told: 产出指标·数量指标1 实际完成值; long texts shortened."""

from gongkai.model.personal_data import GRAVE, cover, personal

LONGEST = 60
"""How many characters of a value are told."""
_BEFORE = 12
"""How many of them stand before the first difference."""
_HIDDEN = "（含个人信息，不显示）"


def place(row: str, key: str = "") -> str:
    """A row's path and a column as people say it; the name of the form's section is left out."""
    parts = row.split("/") if row else []
    shown = "·".join(parts[1:] or parts)
    return f"{shown} {key}".strip()


def shortened(old: str, new: str) -> tuple[str, str]:
    """Both texts in one line, cut to where they differ; personal data in them is covered."""
    before, now = _clean(old), _clean(new)
    if max(len(before), len(now)) <= LONGEST:
        return before, now
    start = max(0, _same(before, now) - _BEFORE)
    return _cut(before, start), _cut(now, start)


def _same(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _cut(text: str, start: int) -> str:
    """A piece of a text, with marks where something is left out."""
    piece = text[start : start + LONGEST]
    return f"{'…' if start and piece else ''}{piece}{'…' if len(text) > start + LONGEST else ''}"


def _clean(text: str) -> str:
    covered = cover(" ".join(text.split()))
    return _HIDDEN if any(each.kind not in GRAVE for each in personal(covered)) else covered
