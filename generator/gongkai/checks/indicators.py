"""Checks of indicators (ZB): whether they are all there, and not there twice."""

from collections import Counter
from collections.abc import Iterator

from gongkai.checks.base import Finding, Outcomes, at, check
from gongkai.model.documents import Cell, Indicators, Node, Project, Record, by_role, leaves
from gongkai.model.outcomes import outcomes
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import plain

_OUTPUTS = ("数量", "质量", "时效")


@check("ZB-01", "一级指标齐全", of=Record)
def dimensions_differ(record: Record) -> Iterator[Finding]:
    """一级指标须与表式一致：有分值的不能少，表式没有的不能加，同一个不能写两次。

    为什么：少一类指标，等于少评一类绩效；分值也加不到总分。
    来源：财预〔2020〕10号；各表式的“一级”。
    怎么改：照表式补上或改名；没有内容的类别，写上名称、留空下级。
    """
    for tree in record.trees:
        presets = {each.name: each for each in tree.spec.presets}
        if not (presets and record.form.complete):
            continue
        for siblings in _first_level(tree):
            names = Counter(node.name.filed for node in siblings)
            for node in siblings:
                if node.name.filed not in presets:
                    expected = "、".join(presets)
                    message = f"表式没有一级指标“{node.name.filed}”"
                    yield at(node.name, message, f"表式的一级指标是：{expected}")
            for node in {node.name.filed: node for node in siblings}.values():
                if names[node.name.filed] > 1:
                    message = f"一级指标“{node.name.filed}”写了 {names[node.name.filed]} 次"
                    yield at(node.name, message, "请合在一处")
            for name, preset in presets.items():
                if siblings and preset.points and name not in names:
                    yield at(siblings[0].name, f"缺少一级指标“{name}”", "请照表式补上")


def _first_level(tree: Indicators) -> list[list[Node]]:
    """The level-1 indicators: one list, or one a block (年度绩效目标1, 2 …)."""
    lists = [list(tree.nodes)]
    for _ in range(tree.spec.first):
        lists = [list(node.children) for nodes in lists for node in nodes]
    return lists


@check("ZB-02", "类别不为空", of=Record)
def dimension_empty(record: Record) -> Iterator[Finding]:
    """有分值的一级指标下，至少要有一个指标。

    为什么：有分值而没有指标，这部分得分没有依据。
    来源：财预〔2020〕10号。
    怎么改：补上指标；确实不适用的，把分值调到别的指标。
    """
    for tree in record.trees:
        last = len(tree.spec.levels) - 1
        for node in (each for siblings in _first_level(tree) for each in siblings):
            points = by_role(node.cells, Role.POINTS)
            filed = points.value.number if points else None
            if filed and not leaves((node,), last):
                message = f"“{node.name.filed}”有 {points.filed if points else ''} 分，却没有指标"
                yield at(node.name, message, "请补上指标，或核对分值")


@check("ZB-09", "产出维度", Level.I, of=Record)
def output_without_a_side(record: Record) -> Iterator[Finding]:
    """产出指标一般要有数量、质量、时效三方面的指标；缺的提示一下。

    为什么：只说做了多少，不说做得好不好、及不及时，看不出绩效。
    来源：财预〔2020〕10号。
    怎么改：补上这方面的指标；确实没有的不必改。
    """
    for tree in record.trees:
        for node in (each for siblings in _first_level(tree) for each in siblings):
            if not node.name.filed.startswith("产出"):
                continue
            filed = [each.name.filed for each in node.children if each.children]
            preset = next((p for p in tree.spec.presets if p.name == node.name.filed), None)
            asked = [each.name for each in preset.children] if preset else []
            for side in _OUTPUTS:
                known = any(side in name for name in asked)
                if known and filed and not any(side in name for name in filed):
                    yield at(
                        node.name, f"产出指标里没有{side}指标", "请核对是否漏填", level=Level.I
                    )


@check("ZB-13", "指标重复", Level.W, of=Outcomes)
def indicator_twice(assessed: Outcomes) -> Iterator[Finding]:
    """同一张表里，名称、目标值、完成值都相同的指标不应出现两次。

    为什么：同一件事计两次分。
    怎么改：删去一个，或写明两者的区别。
    """
    seen: set[tuple[str, str, str]] = set()
    for row in assessed.rows:
        mark = (row.node.name.filed, row.wanted.text, row.got.text)
        if mark[0] and mark in seen:
            yield at(row.node.name, f"指标“{row.name}”重复", "请核对是否写了两次", level=Level.W)
        seen.add(mark)


@check("ZB-14", "与年初目标一致", Level.W, of=Disclosure)
def targets_changed(disclosure: Disclosure) -> Iterator[Finding]:
    """有绩效目标表的项目，自评表的指标与目标值须与年初的一致。

    为什么：年底改目标，就谈不上完成。
    来源：中发〔2018〕34号。
    怎么改：照年初的目标表填；经批准调整的，写“差异说明”或在偏差原因里写明。
    """
    for project in disclosure.projects:
        planned = _targets(project, DocumentKind.TARGETS)
        filed = _targets(project, DocumentKind.PROJECT) if planned else {}
        if not filed:
            continue
        record = project.record(DocumentKind.PROJECT)
        for name, (cell, text) in planned.items():
            if name not in filed and record:
                message = f"年初的目标表有指标“{name}”（{text or '未写目标'}），自评表没有"
                yield Finding(record.position, message, "请核对", record.name, level=Level.W)
            elif name in filed and filed[name][1] != text:
                message = f"“{name}”年初的目标是“{text}”，自评表写的是“{filed[name][1]}”"
                yield at(filed[name][0], message, "请核对", computed=cell.filed, level=Level.W)
        for name, (cell, _) in filed.items():
            if name not in planned:
                yield at(cell, f"年初的目标表没有指标“{name}”", "请核对", level=Level.W)


def _targets(project: Project, kind: DocumentKind) -> dict[str, tuple[Cell, str]]:
    """Each indicator's place and its target in one line, by its name."""
    record = project.record(kind)
    found: dict[str, tuple[Cell, str]] = {}
    for row in outcomes(record) if record else ():
        sign = row.wanted.comparison.value if row.wanted.comparison else ""
        number = row.wanted.text if row.wanted.number is None else plain(row.wanted.number)
        told = f"{sign}{number}{row.wanted.measure}"
        found[row.node.name.filed] = (row.target or row.node.name, told)
    return found
