"""Format places and values of changes: 产出指标·数量指标1 实际完成值; long texts shortened."""

from gongkai.model.personal_data import find_personal_data, mask_personal_data
from gongkai.model.personal_kinds import MASKED_KINDS

MAX_VALUE_LENGTH = 60
"""Number of characters of a value that are shown."""
_CONTEXT = 12
"""Number of shown characters before the first difference."""
_HIDDEN = "（含个人信息，不显示）"


def format_place(row: str, key: str = "") -> str:
    """Format a row's path and a column key, leaving out the name of the form's section."""
    parts = row.split("/") if row else []
    path = "·".join(parts[1:] or parts)
    return f"{path} {key}".strip()


def shorten_pair(old: str, new: str) -> tuple[str, str]:
    """Return both texts as single lines cut around their first difference, personal data masked."""
    before, after = _clean(old), _clean(new)
    if max(len(before), len(after)) <= MAX_VALUE_LENGTH:
        return before, after
    start = max(0, _common_prefix_length(before, after) - _CONTEXT)
    return _cut(before, start), _cut(after, start)


def _common_prefix_length(one: str, other: str) -> int:
    shorter = min(len(one), len(other))
    return next((index for index in range(shorter) if one[index] != other[index]), shorter)


def _cut(text: str, start: int) -> str:
    """Return an excerpt of a text, with ellipses for what is left out."""
    excerpt = text[start : start + MAX_VALUE_LENGTH]
    return f"{'…' if start and excerpt else ''}{excerpt}{'…' if len(text) > start + MAX_VALUE_LENGTH else ''}"


def _clean(text: str) -> str:
    masked = mask_personal_data(" ".join(text.split()))
    return (
        _HIDDEN
        if any(match.kind not in MASKED_KINDS for match in find_personal_data(masked))
        else masked
    )
