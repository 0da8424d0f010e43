"""The same attachments put together again from data/: what the original must read like."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from tests.seed.original import INDICATORS, TOTAL, Attachment, Row

Texts = Mapping[str, str]
Files = dict[str, Any]
"""The files of one year as plain dicts, lists and texts, by what they are."""

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
"""How the original prints a row's label where it is more than the key."""

ONE_EACH = "备注：每个项目支出分别填报自评报告和自评表。"
NOTES = {
    "基础数据表": (
        "说明：“项目支出”需要填报基本支出以外的所有项目支出情况，“公用经费”填报基本支出中的一般商品和服务支出。",
    ),
    "部门整体自评表": (),
    "项目自评报告": (ONE_EACH,),
    "项目自评表": (ONE_EACH,),
}
HEADING = re.compile(r"^##?# ")
SIGN_OFF = {
    "基础数据表": ("填表人：", "填报日期：", "联系电话", "单位负责人签字："),
    "部门整体自评表": ("填表人：", "联系电话：", "填报日期：", "单位负责人签字："),
    "项目自评报告": ("填表人：", "填报日期：", "联系电话：", "单位负责人签字："),
    "项目自评表": ("填表人：", "填报日期：", "联系电话：", "单位负责人签字："),
}


class _StrictLoader(yaml.BaseLoader):
    """Every value a text, no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"键重复：{node.start_mark}"
        return dict(super().construct_mapping(node, deep))


def parse(text: str) -> Any:
    """YAML as plain dicts, lists and texts."""
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of BaseLoader


def read_files(folder: Path) -> Files:
    """The files of one unit and year."""

    def read(name: str) -> str:
        return (folder / name).read_text("utf-8")

    facts = parse(read("disclosure.yml"))
    head, _, body = read("report.md").removeprefix("---\n").partition("\n---\n")
    return {
        "disclosure": facts,
        "baseline": parse(read("baseline.yml")),
        "overall": parse(read("overall.yml")),
        "projects": [parse(read(f"projects/{stem}.yml")) for stem in facts["项目"]],
        "report": parse(head),
        "paragraphs": body.strip("\n").split("\n\n"),
    }


def read_transcription(files: Files) -> list[Attachment]:
    """The attachments that the files hold, in the order of disclosure.yml."""
    build: dict[str, Callable[[Files], list[tuple[Any, Iterator[Row]]]]] = {
        "基础数据表": lambda all_: [(all_["baseline"], _baseline(all_["baseline"]))],
        "部门整体自评表": lambda all_: [(all_["overall"], _overall(all_["overall"]))],
        "项目自评报告": lambda all_: [
            (each["自评报告"], _project_report(each["自评报告"])) for each in all_["projects"]
        ],
        "项目自评表": lambda all_: [
            (each["自评表"], _project(each["自评表"])) for each in all_["projects"]
        ],
    }
    shared = files["disclosure"]["填报"]
    found: list[Attachment] = []
    for each in files["disclosure"]["附件"]:
        number, kind = each["编号"], each["类型"]
        if kind == "部门自评报告":
            found.append(Attachment(number, (), tuple(_narrative(files))))
            continue
        for document, rows in build[kind](files):
            signed = shared | document.get("填报", {})
            pieces = (f"{label}{signed[label.rstrip('：')]}" for label in SIGN_OFF[kind])
            kept = tuple(row for row in rows if any(row))
            found.append(Attachment(number, kept, (document["标题"], *NOTES[kind], *pieces)))
    return found


def _narrative(files: Files) -> Iterator[str]:
    head = files["report"]
    yield head["标题"]
    yield f"单位名称：（盖章）{head['单位名称']}"
    if head["日期"]:
        yield head["日期"]
    for paragraph in files["paragraphs"]:
        yield HEADING.sub("", paragraph)


def _baseline(data: Any) -> Iterator[Row]:
    yield "财政供养人员情况（人）", "编制数", "2022年实际在职人数", "控制率"
    yield "", *_cells(data["财政供养人员情况"], STAFF)
    yield "经费控制情况（万元）", "2021年决算数", "2022年预算数", "2022年决算数"
    for key, row in data["经费控制情况"].items():
        if key == "项目":
            for number, each in enumerate(row, start=1):
                name, *amounts = _cells(each, ("名称", *MONEY))
                yield f"{number}.{name}", *amounts
        else:
            yield PRINTED.get(key, key), *_cells(row, MONEY)
    yield "楼堂馆所控制情况（2022年完工项目）", *BUILDINGS.values()
    yield "", *_cells(data["楼堂馆所控制情况"], BUILDINGS)
    yield "厉行节约保障措施", data["厉行节约保障措施"]


def _overall(data: Any) -> Iterator[Row]:
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
    yield from _objectives(data["年度总体目标"])
    yield from _indicators(data[INDICATORS], half_width="产出指标")
    yield from _total(data[TOTAL])


def _project_report(data: Any) -> Iterator[Row]:
    for group in ("部门概况", "绩效情况", "存在的问题分析及改进措施"):
        label = group
        for key, value in data[group].items():
            yield label, key, value
            label = ""


def _project(data: Any) -> Iterator[Row]:
    yield "项目支出名称", data["项目名称"]
    yield "主管部门", data["主管部门"], "实施单位", data["实施单位"]
    yield "项目资金（万元）", "", *FUNDS
    for key, row in data["项目资金"].items():
        yield "", PRINTED.get(key, key), *_cells(row, FUNDS)
    yield from _objectives(data["年度总体目标"])
    yield from _indicators(data[INDICATORS])
    yield from _total(data[TOTAL])


def _objectives(texts: Texts) -> Iterator[Row]:
    yield "年度总体目标", *OBJECTIVES
    yield "", *_cells(texts, OBJECTIVES)


def _indicators(tree: Iterable[Any], half_width: str = "") -> Iterator[Row]:
    """One row an indicator; a name merged over several rows stands in the first."""
    yield INDICATORS, *LEVELS, *COLUMNS
    for top in tree:
        brackets = "({}分)" if top["一级指标"] == half_width else "（{}分）"
        first = top["一级指标"] + brackets.format(top["分值"])
        for middle in top["下级"]:
            second = middle["二级指标"]
            for leaf in middle.get("下级", [{}]):
                yield "", first, second, *_cells(leaf, NAME_AND_COLUMNS)
                first = second = ""


def _total(cells: Texts) -> Iterator[Row]:
    yield TOTAL, *_cells(cells, ("分值", "得分")), ""


def _cells(row: Texts, columns: Iterable[str]) -> list[str]:
    """The values of a row in column order; nothing may stand beside the columns."""
    names = list(columns)
    assert set(row) <= set(names), f"表上没有这一列：{set(row) - set(names)}"
    return [row.get(name, "") for name in names]
