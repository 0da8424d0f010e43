"""The same form as another province would print it: other words for its labels, its columns moved."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from gongkai.model.forms import Form

Values = dict[str, Any]

WORDINGS = {
    "项目名称": "项目（政策）名称",
    "主管部门": "业务主管部门",
    "实施单位": "项目具体实施单位",
    "预期目标": "年初设定的年度目标",
    "实际完成情况": "年度目标实际完成情况",
    "年度总体目标": "年度绩效总体目标",
    "年初预算数": "年初预算批复数",
    "全年预算数": "全年预算安排数",
    "全年执行数": "全年实际支出数",
    "执行率": "预算执行进度",
    "年度资金总额": "年度预算资金合计",
    "其中：当年财政拨款": "其中：本年度财政拨款",
    "上年结转资金": "上年结转和结余资金",
    "其他资金": "其他来源资金",
    "年度指标值": "年度目标值（A）",
    "指标值": "预期指标数值",
    "实际完成值": "全年实际完成数值（B）",
    "完成值": "年末实际完成值",
    "分值": "标准分值",
    "权重": "权重（分值）",
    "得分": "自评得分",
    "偏差原因分析及改进措施": "未完成原因及拟采取的改进措施",
    "未完成原因分析": "产生偏差的原因",
    "指标性质": "指标比较符号",
    "度量单位": "指标计量单位",
    "一级指标": "一级绩效指标",
    "二级指标": "二级绩效指标",
    "三级指标": "三级绩效指标（具体内容）",
    "评分标准": "评分标准及说明",
}
"""What another province might write, by the label."""


def write_varied_forms(forms: Iterable[Form], folder: Path) -> None:
    """Write forms with other labels, and the columns of their indicators and tables moved."""
    for form in forms:
        values = form.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"parent"})
        values["部分"] = [_vary_section(section) for section in values.get("部分", [])]
        text = yaml.safe_dump(_with_words(values), allow_unicode=True, sort_keys=False)
        (folder / f"{form.id}.yml").write_text(text, "utf-8")


def _with_words(value: Any) -> Any:
    """Return values as a form file has them: 是 and 否."""
    match value:
        case bool():
            return "是" if value else "否"
        case dict():
            return {key: _with_words(child) for key, child in value.items() if child is not None}
        case list():
            return [_with_words(child) for child in value]
        case _:
            return value


def _vary_section(section: Values) -> Values:
    varied = dict(section)
    for key in ("项", "列", "行", "层级") if section["形式"] != "合计行" else ():
        varied |= {key: [_vary(spec) for spec in section[key]]} if key in section else {}
    return varied | ({"列": _move(varied["列"])} if "列" in section else {})


def _vary(spec: Values) -> Values:
    """Return a field, row, column or level with another label."""
    wording = WORDINGS.get(spec.get("标签") or spec["键"])
    return spec | {"标签": wording} if wording and spec.get("印名", True) else spec


def _move(columns: list[Values]) -> list[Values]:
    """Return columns with the first one moved to the last place but one."""
    has_heading = any(column.get("表头") or column.get("层级") for column in columns)
    if len(columns) < 4 or has_heading:
        return columns
    first, *others, last = columns
    return [*others, first, last]
