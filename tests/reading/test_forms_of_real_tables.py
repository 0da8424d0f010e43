"""What forms of real tables need, each in a small form: reading, checks, pages, schemas, exports."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.authoring.hints import field_hint
from gongkai.authoring.json_schemas import build_schemas
from gongkai.checks.runner import check_data
from gongkai.exports.office.attachments import EXCEL, WORD, export_attachments
from gongkai.exports.open_data.values import iter_document_rows
from gongkai.model.documents import Record
from gongkai.model.publication import Disclosure, Site
from gongkai.model.terms import DocumentKind
from gongkai.pages.render import render_archived_disclosure
from tests.folders import TODAY, example_data

SITE = Site.model_validate({"站点名称": "示例站点", "主办单位": "示例单位"})
HEAD = """表式: {id}
名称: 示例省部门整体支出绩效自评表
类型: 部门整体自评表
标题: "{{年度}}年度部门整体支出绩效自评表"
来源: 示财绩〔2024〕1号
完整: 是
"""


def load(
    folder: Path, form: str, document: str, name: str = "shili-real"
) -> tuple[Disclosure, list[str]]:
    """Return the disclosure of the example whose 部门整体自评表 is this document, and its problems."""
    data = example_data(folder)
    (data / "forms" / f"{name}.yml").write_text(HEAD.format(id=name) + form, "utf-8")
    path = data / "units/shili/2022"
    (path / "overall.yml").write_text(f"表式: {name}\n{document}", "utf-8")
    shutil.rmtree(path / "projects")
    (path / "baseline.yml").unlink()
    disclosure = path / "disclosure.yml"
    text = disclosure.read_text("utf-8")
    start, end = text.index("附件:"), text.index("填报:")
    disclosure.write_text(f"{text[:start]}{text[end:]}", "utf-8")
    checked = check_data(data, TODAY)
    found = [f"{problem.rule.id} {problem.sentence}" for problem in checked.judgement.problems]
    (disclosed,) = checked.dataset.disclosures or [None]
    assert disclosed is not None, found
    return disclosed, found


def overall(disclosure: Disclosure) -> Record:
    record = disclosure.record(DocumentKind.OVERALL)
    assert record
    return record


def render_html(disclosure: Disclosure) -> str:
    """Return the pages of a disclosure."""
    return "".join(page.body for page in render_archived_disclosure(disclosure, [], SITE))


def can_export(disclosure: Disclosure) -> bool:
    return all(export_attachments(disclosure, [WORD, EXCEL]).values())


# Two units of money

MONEY_FORM = """金额单位: 万元
小数位: 2
部分:
  - 形式: 行列表
    键: 资金
    标签: 资金（万元）
    列:
      - {键: 预算数, 类型: 金额, 角色: 全年预算数}
      - {键: 执行数, 类型: 金额, 角色: 全年执行数}
      - {键: 其中工资, 类型: 金额, 金额单位: 元}
      - {键: 其中其他, 类型: 金额, 金额单位: 元}
      - {键: 工资和其他, 类型: 金额, 合计: [其中工资, 其中其他]}
    行:
      - {键: 总额, 角色: 资金总额, 合计: [甲, 乙]}
      - {键: 甲}
      - {键: 乙}
    分解:
      - {键: 明细, 行: [{键: 项目一, 类型: 金额, 金额单位: 元}, {键: 项目二, 类型: 金额, 金额单位: 元}]}
  - 形式: 行列表
    键: 明细表
    标签: 明细表（元）
    金额单位: 元
    列:
      - {键: 金额, 类型: 金额}
      - {键: 说明}
    行:
      - {键: 合计, 合计: [工资, 其他]}
      - {键: 工资}
      - {键: 其他}
"""
MONEY = """资金:
  总额: {预算数: 100, 执行数: 99.5, 其中工资: 600000.55, 其中其他: "394999.45", 工资和其他: 99.5}
  甲: {预算数: 60, 执行数: 60, 其中工资: 300000.55, 其中其他: 300000, 工资和其他: 60.000055}
  乙: {预算数: 40, 执行数: 39.5, 其中工资: 300000, 其中其他: 94999.45, 工资和其他: 39.499945}
  明细: {项目一: 500000, 项目二: 495000}
明细表:
  合计: {金额: 995000.25}
  工资: {金额: 600000.25}
  其他: {金额: 395000元}
"""


def test_two_units_of_money(tmp_path: Path) -> None:
    form = MONEY_FORM.replace("小数位: 2", "小数位: 6")
    disclosure, found = load(tmp_path, form, MONEY)
    assert [
        sentence
        for sentence in found
        if sentence.startswith(("ZJ-01", "ZJ-02", "ZJ-03", "JG-01", "BS"))
    ] == []
    cells = disclosure.cells_by_path()
    wages = cells["部门整体自评表/明细表/工资/金额"]
    assert (wages.filed, f"{wages.value.number}", wages.value.scale) == (
        "600000.25",
        "60.000025",
        Decimal(10000),
    )
    assert can_export(disclosure)
    rows = [row for document in iter_document_rows(disclosure) for row in document.rows]
    (row,) = [row for row in rows if row.filed == "600000.25"]
    assert (row.number, row.measure) == ("600000.25", "元")
    page = render_html(disclosure)
    assert "600000.25" in page
    assert "60.000025" not in page


def test_sums_across_units_of_money(tmp_path: Path) -> None:
    """Recomputed values are in the unit of the cell that they are compared with."""
    document = (
        MONEY.replace("工资和其他: 99.5}", "工资和其他: 99}")
        .replace("合计: {金额: 995000.25}", "合计: {金额: 995000}")
        .replace("项目二: 495000", "项目二: 495001")
    )
    _, found = load(tmp_path, MONEY_FORM.replace("小数位: 2", "小数位: 6"), document)
    assert [sentence for sentence in found if sentence.startswith(("ZJ-02", "ZJ-03"))] == [
        "ZJ-02 “工资和其他”填报 99，各分项合计为 99.5，相差 0.5；请核对各分项",
        "ZJ-02 “总额”的工资和其他填报 99，各分项合计为 99.5，相差 0.5；请核对各分项",
        "ZJ-03 “明细”合计为 99.5001，资金总额填报 100、99.5、600000.55、394999.45、99；请核对这一组的各项金额",
        "ZJ-02 “合计”的金额填报 995000，各分项合计为 995000.25，相差 0.25；请核对各分项",
    ]


@pytest.mark.parametrize(
    ("filed", "message"),
    [
        (
            "60万元",
            "JG-01 “金额”本表金额以“元”为单位，这里写的是“60万元”；请换算成元（600000元），或核对单位是否误写",
        ),
        (
            "600000.255",
            "ZJ-01 “金额”填报 600000.255，这里以元为单位，至多 2 位小数；请核对金额与单位",
        ),
        ("-1", "ZJ-01 “金额”填报 -1，金额不得为负；请核对"),
    ],
)
def test_amount_in_the_other_unit(filed: str, message: str, tmp_path: Path) -> None:
    _, found = load(tmp_path, MONEY_FORM, MONEY.replace("395000元", filed))
    assert message in found


INDICATORS_FORM = """总分: 100分
部分:
  - 形式: 指标表
    键: 绩效指标
    层级:
      - {键: 一级指标, 写法: "{名称}（{分值（权重）}分）"}
      - {键: 二级指标, 写法: "{名称}（50分）"}
      - 三级指标
    列:
      - {键: 目标, 类型: 指标值, 角色: 目标值}
      - {键: 分值（权重）, 类型: 分数, 角色: 分值}
      - {键: 得分, 类型: 分数, 角色: 得分}
    一级:
      - {名称: 产出指标, 分值: 100分, 下级: [{名称: 数量指标, 下级: [……]}, ……]}
      - ……
  - 形式: 合计行
    键: 总分
    列:
      - {键: 分值（权重）, 类型: 分数, 角色: 分值}
      - {键: 得分, 类型: 分数, 角色: 得分}
"""
INDICATORS = """绩效指标:
  - 一级指标: 产出指标
    分值（权重）: 100
    下级:
      - 二级指标: 数量指标
        下级:
          - {三级指标: 示例甲, 目标: 5个, 分值（权重）: 100分, 得分: 100分}
          - {三级指标: ……}
      - 二级指标: ……
  - 一级指标: ……
总分: {分值（权重）: 100分, 得分: 100分}
"""


def test_points_with_unit_brackets_in_keys_and_rows_of_dots(tmp_path: Path) -> None:
    disclosure, problems = load(tmp_path, INDICATORS_FORM, INDICATORS)
    kinds = ("BS", "JG-01", "JG-02", "JG-06", "DF-01", "DF-02", "DF-03", "ZB-05")
    assert [sentence for sentence in problems if sentence.startswith(kinds)] == []
    record = overall(disclosure)
    assert record.form.total_points == 100
    assert [leaf.label for leaf in record.leaves] == ["示例甲"]
    assert [root.label for root in record.indicator_tables[0].roots] == [
        "产出指标（100分）",
        "……",
    ]
    page = render_html(disclosure)
    assert page.count("……") == 3
    assert "产出指标（100分）" in page
    assert can_export(disclosure)


def test_points_at_a_level_whose_names_do_not_print_them(tmp_path: Path) -> None:
    document = INDICATORS.replace(
        "二级指标: 数量指标", "二级指标: 数量指标\n        分值（权重）: 50"
    )
    _, problems = load(tmp_path, INDICATORS_FORM, document)
    assert [sentence for sentence in problems if sentence.startswith("JG-02")] == [
        (
            "JG-02 “分值（权重）”在这一级没有自己的一格，填了印不出来；请删去，或在表式这一级的“写法”里写上 {分值（权重）}，"
            "或给这一列写明“层级”"
        )
    ]


def test_hints_name_the_unit_of_the_column(tmp_path: Path) -> None:
    disclosure, _ = load(tmp_path, MONEY_FORM, MONEY)
    form = overall(disclosure).form
    hints = {cell.where: field_hint(cell.spec, form.money) for cell in overall(disclosure).cells}
    assert hints["部门整体自评表/明细表/工资/金额"] == "金额，元"
    assert hints["部门整体自评表/资金/甲/其中工资"] == "金额，元"
    assert hints["部门整体自评表/资金/明细/项目一"] == "金额，元"
    assert hints["部门整体自评表/资金/甲/预算数"] == "金额，万元"
    assert "金额，元" in f"{build_schemas([form])}"


def test_rows_of_dots_that_the_form_does_not_print(tmp_path: Path) -> None:
    """A filed row of dots continues the printed ones: only dots beside a value are a leftover."""
    form = INDICATORS_FORM.replace("      - ……\n", "")
    disclosure, problems = load(tmp_path / "dots", form, INDICATORS)
    assert [sentence for sentence in problems if sentence.startswith("JG-06")] == []
    assert render_html(disclosure).count("……") == 3
    document = INDICATORS.replace("目标: 5个", "目标: ……")
    _, problems = load(tmp_path / "dots beside a value", form, document)
    assert [sentence for sentence in problems if sentence.startswith("JG-06")] == [
        "JG-06 “目标”只有表式的提示语“……”；请写上实际内容，没有的写“无”"
    ]
