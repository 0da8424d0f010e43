"""The seed's attachments, reassembled from data/ to compare with the original."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from tests.seed.original import INDICATORS, TOTAL, OriginalAttachment, Row

Texts = Mapping[str, str]
Files = dict[str, Any]
"""The files of one year as plain dicts, lists and texts, by role."""

STAFF = ("编制数", "实际在职人数", "控制率")
MONEY = ("上年决算数", "本年预算数", "本年决算数")
BUILDINGS = {
    "批复规模": "批复规模（㎡）",
    "实际规模": "实际规模（㎡）",
    "规模控制率": "规模控制率",
    "预算投资": "预算投资（万元）",
    "实际投资": "实际投资（万元）",
    "投资概算控制率": "投资概算控制率",
}
FUNDS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
OBJECTIVES = ("预期目标", "实际完成情况")
LEVELS = ("一级指标", "二级指标", "三级指标")
COLUMNS = ("年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
NAME_AND_COLUMNS = (LEVELS[2], *COLUMNS)

PRINTED = {
    "部门基本支出": "一、部门基本支出",
    "公用经费": "其中：公用经费",
    "办公费": "其中：办公费",
    "公务用车购置和维护经费": "1.公务用车购置和维护经费",
    "公务车购置": "其中：公务车购置",
    "出国经费": "2.出国经费",
    "公务接待": "3.公务接待",
    "项目支出小计": "二、项目支出小计",
    "一般公共预算": "其中：  一般公共预算",
    "基本支出": "其中：基本支出",
    "当年财政拨款": "其中：当年财政拨款",
}
"""Row labels of the original that differ from the keys."""

NOTE_ON_PROJECTS = "备注：每个项目支出分别填报自评报告和自评表。"
NOTES = {
    "基础数据表": (
        "说明：“项目支出”需要填报基本支出以外的所有项目支出情况，“公用经费”填报基本支出中的一般商品和服务支出。",
    ),
    "部门整体自评表": (),
    "项目自评报告": (NOTE_ON_PROJECTS,),
    "项目自评表": (NOTE_ON_PROJECTS,),
}
HEADING = re.compile(r"^##?# ")
SIGN_OFF = {
    "基础数据表": ("填表人：", "填报日期：", "联系电话", "单位负责人签字："),
    "部门整体自评表": ("填表人：", "联系电话：", "填报日期：", "单位负责人签字："),
    "项目自评报告": ("填表人：", "填报日期：", "联系电话：", "单位负责人签字："),
    "项目自评表": ("填表人：", "填报日期：", "联系电话：", "单位负责人签字："),
}


class _StrictLoader(yaml.BaseLoader):
    """Loads every value as text and rejects duplicate keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"键重复：{node.start_mark}"
        return dict(super().construct_mapping(node, deep))


def parse_yaml(text: str) -> Any:
    """Parse YAML into plain dicts, lists and texts."""
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of BaseLoader


def read_files(folder: Path) -> Files:
    """Read the files of one unit and year."""

    def read(name: str) -> str:
        return (folder / name).read_text("utf-8")

    facts = parse_yaml(read("disclosure.yml"))
    head, _, body = read("report.md").removeprefix("---\n").partition("\n---\n")
    return {
        "disclosure": facts,
        "baseline": parse_yaml(read("baseline.yml")),
        "overall": parse_yaml(read("overall.yml")),
        "projects": [parse_yaml(read(f"projects/{stem}.yml")) for stem in facts["项目"]],
        "report": parse_yaml(head),
        "paragraphs": body.strip("\n").split("\n\n"),
    }


def build_attachments(files: Files) -> list[OriginalAttachment]:
    """Return the attachments of the files, in the order of disclosure.yml."""
    builders: dict[str, Callable[[Files], list[tuple[Any, Iterator[Row]]]]] = {
        "基础数据表": lambda year: [(year["baseline"], _baseline_rows(year["baseline"]))],
        "部门整体自评表": lambda year: [(year["overall"], _overall_rows(year["overall"]))],
        "项目自评报告": lambda year: [
            (project["自评报告"], _project_report_rows(project["自评报告"]))
            for project in year["projects"]
        ],
        "项目自评表": lambda year: [
            (project["自评表"], _project_rows(project["自评表"])) for project in year["projects"]
        ],
    }
    shared = files["disclosure"]["填报"]
    attachments: list[OriginalAttachment] = []
    for entry in files["disclosure"]["附件"]:
        number, kind = entry["编号"], entry["类型"]
        if kind == "部门自评报告":
            attachments.append(OriginalAttachment(number, (), tuple(_narrative_lines(files))))
            continue
        for document, rows in builders[kind](files):
            sign_off = shared | document.get("填报", {})
            pieces = (f"{label}{sign_off[label.rstrip('：')]}" for label in SIGN_OFF[kind])
            content_rows = tuple(row for row in rows if any(row))
            lines = (document["标题"], *NOTES[kind], *pieces)
            attachments.append(OriginalAttachment(number, content_rows, lines))
    return attachments


def _narrative_lines(files: Files) -> Iterator[str]:
    head = files["report"]
    yield head["标题"]
    yield f"单位名称：（盖章）{head['单位名称']}"
    if head["日期"]:
        yield head["日期"]
    for paragraph in files["paragraphs"]:
        yield HEADING.sub("", paragraph)


def _baseline_rows(data: Any) -> Iterator[Row]:
    yield "财政供养人员情况（人）", "编制数", "2022年实际在职人数", "控制率"
    yield "", *_cells(data["财政供养人员情况"], STAFF)
    yield "经费控制情况（万元）", "2021年决算数", "2022年预算数", "2022年决算数"
    for key, row in data["经费控制情况"].items():
        if key == "项目":
            for number, project in enumerate(row, start=1):
                name, *amounts = _cells(project, ("名称", *MONEY))
                yield f"{number}.{name}", *amounts
        else:
            yield PRINTED.get(key, key), *_cells(row, MONEY)
    yield "楼堂馆所控制情况（2022年完工项目）", *BUILDINGS.values()
    yield "", *_cells(data["楼堂馆所控制情况"], BUILDINGS)
    yield "厉行节约保障措施", data["厉行节约保障措施"]


def _overall_rows(data: Any) -> Iterator[Row]:
    yield "市级预算部门名称", data["市级预算部门名称"]
    funds = data["年度预算申请"]
    yield "年度预算申请（万元）", "", *FUNDS
    yield "", "年度资金总额", *_cells(funds["年度资金总额"], FUNDS)
    yield "", "按收入性质分：", "按支出性质分："
    columns = [
        [f"{PRINTED.get(key, key)}：{value}" for key, value in funds[block].items()]
        for block in ("按收入性质分", "按支出性质分")
    ]
    yield from (("", *line) for line in zip_longest(*columns, fillvalue=""))
    yield from _objective_rows(data["年度总体目标"])
    yield from _indicator_rows(data[INDICATORS], half_width="产出指标")
    yield from _total_row(data[TOTAL])


def _project_report_rows(data: Any) -> Iterator[Row]:
    for group in ("部门概况", "绩效情况", "存在的问题分析及改进措施"):
        label = group
        for key, value in data[group].items():
            yield label, key, value
            label = ""


def _project_rows(data: Any) -> Iterator[Row]:
    yield "项目支出名称", data["项目名称"]
    yield "主管部门", data["主管部门"], "实施单位", data["实施单位"]
    yield "项目资金（万元）", "", *FUNDS
    for key, row in data["项目资金"].items():
        yield "", PRINTED.get(key, key), *_cells(row, FUNDS)
    yield from _objective_rows(data["年度总体目标"])
    yield from _indicator_rows(data[INDICATORS])
    yield from _total_row(data[TOTAL])


def _objective_rows(texts: Texts) -> Iterator[Row]:
    yield "年度总体目标", *OBJECTIVES
    yield "", *_cells(texts, OBJECTIVES)


def _indicator_rows(tree: Iterable[Any], half_width: str = "") -> Iterator[Row]:
    """Yield one row per indicator; a name merged over several rows is in the first."""
    yield INDICATORS, *LEVELS, *COLUMNS
    for dimension in tree:
        brackets = "({}分)" if dimension["一级指标"] == half_width else "（{}分）"
        dimension_label = dimension["一级指标"] + brackets.format(dimension["分值"])
        for aspect in dimension["下级"]:
            aspect_label = aspect["二级指标"]
            for indicator in aspect.get("下级", [{}]):
                yield "", dimension_label, aspect_label, *_cells(indicator, NAME_AND_COLUMNS)
                dimension_label = aspect_label = ""


def _total_row(cells: Texts) -> Iterator[Row]:
    yield TOTAL, *_cells(cells, ("分值", "得分")), ""


def _cells(row: Texts, columns: Iterable[str]) -> list[str]:
    """Return the values of a row in column order; fail on a key that is no column."""
    names = list(columns)
    assert set(row) <= set(names), f"表上没有这一列：{set(row) - set(names)}"
    return [row.get(name, "") for name in names]
