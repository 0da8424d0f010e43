"""Short hints in Chinese on how to fill in a field."""

from gongkai.model.specs import FieldSpec
from gongkai.model.terms import Role
from gongkai.model.values import Kind

_BY_ROLE = {
    Role.TARGET: "目标，例如 ≥95%、100公里",
    Role.INITIAL_TARGET: "年初的目标，例如 ≥95%、100公里",
    Role.ACTUAL: "实际完成的确数，例如 96%、98公里",
    Role.COMPARISON: "≥、≤、= 等",
    Role.MEASURE: "例如 %、公里、人次",
    Role.DEVIATION: "没有达到目标或者扣了分的，必须写",
    Role.GRADE: "优、良、中、差",
}
_BY_KIND = {
    Kind.TEXT: "文字",
    Kind.LONG_TEXT: "文字，可以写长",
    Kind.NUMBER: "数字，例如 5 或 5人",
    Kind.POINTS: "分数，例如 10 或 9.5",
    Kind.RATE: "百分比，例如 97.25%",
    Kind.MEASURED: "数值或文字",
    Kind.DATE: "日期，例如 2023-03-01",
}


def field_hint(spec: FieldSpec, money: str) -> str:
    """Return the hint for a field; `money` is the form's 金额单位."""
    return f"{_value_hint(spec, money)}{'，必填' if spec.required else ''}"


def _value_hint(spec: FieldSpec, money: str) -> str:
    """Return the hint for a field's value."""
    if spec.choices:
        advice = "选一个或几个，用“、”隔开" if spec.has_several else "选一个"
        return f"{advice}：{'、'.join(spec.choices)}"
    if spec.pattern_hint:
        return spec.pattern_hint
    if spec.kind is Kind.AMOUNT:
        return f"金额，{spec.money or money}"
    is_text = spec.kind in {Kind.TEXT, Kind.MEASURED}
    by_role = _BY_ROLE.get(spec.role) if spec.role and is_text else None
    return by_role or _BY_KIND.get(spec.kind, "文字")
