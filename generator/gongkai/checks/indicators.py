"""Checks of indicators (ZB): complete, and without duplicates."""

from collections import Counter
from collections.abc import Iterator

from gongkai.checks.base import Assessment, Finding, check, finding_at
from gongkai.model.documents import (
    Cell,
    Indicator,
    IndicatorTable,
    Record,
    cell_with_role,
    find_leaves,
)
from gongkai.model.outcomes import indicator_outcomes
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import format_decimal

_OUTPUT_SIDES = ("数量", "质量", "时效")


@check("ZB-01", "一级指标齐全", of=Record)
def dimensions_differ(record: Record) -> Iterator[Finding]:
    """一级指标须与表式一致：有分值的不能少，表式没有的不能加，同一个不能写两次。

    为什么：少一类指标，等于少评一类绩效；分值也加不到总分。
    来源：财预〔2020〕10号；各表式的“一级”。
    怎么改：照表式补上或改名；没有内容的类别，写上名称、留空下级。
    """
    for tree in record.indicator_tables:
        presets = {preset.name: preset for preset in tree.spec.presets}
        if not (presets and record.form.is_complete):
            continue
        for siblings in _dimensions(tree):
            names = Counter(dimension.name.filed for dimension in siblings)
            for dimension in siblings:
                if dimension.name.filed not in presets:
                    expected = "、".join(presets)
                    message = f"表式没有一级指标“{dimension.name.filed}”"
                    yield finding_at(dimension.name, message, f"表式的一级指标是：{expected}")
            for name, dimension in {sibling.name.filed: sibling for sibling in siblings}.items():
                if names[name] > 1:
                    message = f"一级指标“{name}”写了 {names[name]} 次"
                    yield finding_at(dimension.name, message, "请合在一处")
            for name, preset in presets.items():
                if siblings and preset.points and name not in names:
                    yield finding_at(siblings[0].name, f"缺少一级指标“{name}”", "请照表式补上")


def _dimensions(tree: IndicatorTable) -> list[list[Indicator]]:
    """Return the 一级指标: one list, or one per block (年度绩效目标1, 2 …)."""
    lists = [list(tree.roots)]
    for _ in range(tree.spec.first_level):
        lists = [list(parent.children) for siblings in lists for parent in siblings]
    return lists


@check("ZB-02", "类别不为空", of=Record)
def dimension_empty(record: Record) -> Iterator[Finding]:
    """有分值的一级指标下，至少要有一个指标。

    为什么：有分值而没有指标，这部分得分没有依据。
    来源：财预〔2020〕10号。
    怎么改：补上指标；确实不适用的，把分值调到别的指标。
    """
    for tree in record.indicator_tables:
        last = len(tree.spec.levels) - 1
        for dimension in (sibling for siblings in _dimensions(tree) for sibling in siblings):
            points = cell_with_role(dimension.cells, Role.POINTS)
            filed = points.value.number if points else None
            if filed and not find_leaves((dimension,), last):
                message = (
                    f"“{dimension.name.filed}”有 {points.filed if points else ''} 分，却没有指标"
                )
                yield finding_at(dimension.name, message, "请补上指标，或核对分值")


@check("ZB-09", "产出维度", Level.I, of=Record)
def output_without_a_side(record: Record) -> Iterator[Finding]:
    """产出指标一般要有数量、质量、时效三方面的指标；缺的提示一下。

    为什么：只说做了多少，不说做得好不好、及不及时，看不出绩效。
    来源：财预〔2020〕10号。
    怎么改：补上这方面的指标；确实没有的不必改。
    """
    for tree in record.indicator_tables:
        for dimension in (sibling for siblings in _dimensions(tree) for sibling in siblings):
            if not dimension.name.filed.startswith("产出"):
                continue
            filed = [aspect.name.filed for aspect in dimension.children if aspect.children]
            presets = (
                preset for preset in tree.spec.presets if preset.name == dimension.name.filed
            )
            preset = next(presets, None)
            in_form = [child.name for child in preset.children] if preset else []
            for side in _OUTPUT_SIDES:
                expected = any(side in name for name in in_form)
                if expected and filed and not any(side in name for name in filed):
                    yield finding_at(
                        dimension.name, f"产出指标里没有{side}指标", "请核对是否漏填", level=Level.I
                    )


@check("ZB-13", "指标重复", Level.W, of=Assessment)
def indicator_twice(assessment: Assessment) -> Iterator[Finding]:
    """同一张表里，名称、目标值、完成值都相同的指标不应出现两次；没有填目标值和完成值的空行不算。

    为什么：同一件事计两次分。
    怎么改：删去一个，或写明两者的区别。
    """
    seen: set[tuple[str, str, str]] = set()
    for outcome in assessment.outcomes:
        key = (outcome.indicator.name.filed, outcome.target_value.text, outcome.actual_value.text)
        if key[0] and any(key[1:]) and key in seen:
            yield finding_at(
                outcome.indicator.name,
                f"指标“{outcome.name}”重复",
                "请核对是否写了两次",
                level=Level.W,
            )
        seen.add(key)


@check("ZB-14", "与年初目标一致", Level.W, of=Disclosure)
def targets_changed(disclosure: Disclosure) -> Iterator[Finding]:
    """有绩效目标表的项目，自评表的指标与目标值须与年初的一致；有部门整体绩效目标表的，部门整体自评表也是。

    为什么：年底改目标，就谈不上完成。
    来源：中发〔2018〕34号。
    怎么改：照年初的目标表填；经批准调整的，写“差异说明”或在偏差原因里写明。
    """
    kinds = (DocumentKind.OVERALL_TARGETS, DocumentKind.OVERALL)
    pairs = [(disclosure.record(kinds[0]), disclosure.record(kinds[1]))]
    kinds = (DocumentKind.TARGETS, DocumentKind.PROJECT)
    pairs += [
        (project.record(kinds[0]), project.record(kinds[1])) for project in disclosure.projects
    ]
    for targets, record in pairs:
        planned = _targets_by_name(targets)
        filed = _targets_by_name(record) if planned else {}
        if not filed:
            continue
        for name, (cell, text) in planned.items():
            if name not in filed and record:
                message = f"年初的目标表有指标“{name}”（{text or '未写目标'}），自评表没有"
                yield Finding(record.position, message, "请核对", record.name, level=Level.W)
            elif name in filed and filed[name][1] != text:
                message = f"“{name}”年初的目标是“{text}”，自评表写的是“{filed[name][1]}”"
                yield finding_at(
                    filed[name][0], message, "请核对", computed=cell.filed, level=Level.W
                )
        for name, (cell, text) in filed.items():
            if name not in planned and text:
                yield finding_at(cell, f"年初的目标表没有指标“{name}”", "请核对", level=Level.W)


def _targets_by_name(record: Record | None) -> dict[str, tuple[Cell, str]]:
    """Return the cell and the text of every indicator's target, by the indicator's name."""
    targets: dict[str, tuple[Cell, str]] = {}
    for outcome in indicator_outcomes(record) if record else ():
        sign = outcome.target_value.comparison.value if outcome.target_value.comparison else ""
        number = (
            outcome.target_value.text
            if outcome.target_value.number is None
            else format_decimal(outcome.target_value.number)
        )
        text = f"{sign}{number}{outcome.target_value.measure}"
        targets[outcome.indicator.name.filed] = (outcome.target or outcome.indicator.name, text)
    return targets
