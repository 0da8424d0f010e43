"""What forms of real tables need, each in a small form: reading, checks, pages, schemas, exports."""

import io
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from jsonschema import Draft7Validator
from openpyxl import load_workbook

from gongkai.authoring.excel_template import render_excel_template
from gongkai.authoring.hints import field_hint
from gongkai.authoring.json_schemas import build_schemas, form_schema
from gongkai.authoring.office.label_patterns import match_blanks
from gongkai.authoring.skeletons import document_skeleton
from gongkai.checks.runner import check_data
from gongkai.exports.open_data.api import form_file
from gongkai.exports.open_data.values import iter_document_rows
from tests.folders import TODAY, example_data
from tests.hanging import no_hang
from tests.office_data import record_texts, run_cli
from tests.small_forms import HEAD, can_export, import_exported, load, overall, render_html

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
            "JG-08 “金额”的单位是“元”，这里写的是“60万元”，即 600000元；请核对单位，能统一的请统一",
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


# Choices with boxes

CHOICES_FORM = """部分:
  - 形式: 填写项
    名称: 表头
    项:
      - {键: 是否新增, 类型: 选择, 选项: [是, 否], 勾选: "{框}{选项}", 框: [√, □]}
      - {键: 项目类别, 类型: 选择, 选项: [常年性, 一次性], 勾选: "{序号}.{选项}（{框}）", 框: [√, "  "], 并排: 是}
      - {键: 支出方向, 类型: 选择, 选项: [人员, 公用, 项目], 多选: 是, 勾选: "{框}人员；{框}公用；{框}项目（附明细）", 框: [■, □]}
      - {键: 备注, 类型: 选择, 选项: [有, 无], 必填: 是}
  - 形式: 行列表
    键: 制度
    行头: 制度名称
    列:
      - {键: 已建立, 类型: 选择, 选项: [是, 否], 勾选: "{选项}{框}", 框: [☑, ☐]}
      - {键: 说明}
    行: [{键: 采购制度}, {键: 资产制度}, {键: 合同制度}]
  - 形式: 指标表
    键: 绩效指标
    层级: [一级指标, 二级指标]
    列:
      - {键: 目标, 类型: 指标值, 角色: 目标值}
      - {键: 核心指标, 类型: 选择, 选项: [是, 否], 勾选: "{框}是 {框}否"}
    一级: [产出指标]
"""
CHOICES = """是否新增: 是
项目类别: 一次性
支出方向: [公用, 人员]
备注: 有
制度:
  采购制度: {已建立: 是, 说明: 示例}
  资产制度: {已建立: 否, 说明: 示例}
绩效指标:
  - 一级指标: 产出指标
    下级:
      - {二级指标: 示例甲, 目标: 5个, 核心指标: 否}
      - {二级指标: 示例乙, 目标: 6个, 核心指标: 是}
"""


def choice_problems(problems: list[str]) -> list[str]:
    return [sentence for sentence in problems if sentence.startswith(("BS", "JG-0"))]


def test_choices_are_printed_with_their_boxes(tmp_path: Path) -> None:
    disclosure, problems = load(tmp_path, CHOICES_FORM, CHOICES)
    assert choice_problems(problems) == []
    page = render_html(disclosure)
    for text in (
        "√是 □否",
        "1.常年性（  ） 2.一次性（√）",
        "■人员；■公用；□项目（附明细）",
        "是☑ 否☐",
        "是☐ 否☑",
        "□是 ☑否",
        "☑是 □否",
    ):
        assert f">{text}<" in page
    rows = [row for document in iter_document_rows(disclosure) for row in document.rows]
    filed = {row.field: row.filed for row in rows if not row.item}
    assert filed["支出方向"] == "公用、人员"
    assert can_export(disclosure)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("是否新增: 是", "是否新增: 对", "JG-01 “是否新增”应从“是”“否”中选一个，这里写的是“对”"),
        (
            "是否新增: 是",
            "是否新增: √是 √否",
            "JG-01 “是否新增”勾了“是”“否”2 个，只能选一个，这里写的是“√是 √否”；请核对原件",
        ),
        (
            "是否新增: 是",
            "是否新增: □是 □否",
            "JG-01 “是否新增”的方框一个也没有勾，这里写的是“□是 □否”；请从“是”“否”中选一个写上",
        ),
        (
            "是否新增: 是",
            "是否新增: □是 √否",
            "JG-01 “是否新增”只写选中的答案“否”，方框由表式印，这里写的是“□是 √否”",
        ),
        (
            "是否新增: 是",
            "是否新增:",
            "JG-04 “是否新增”的方框一个也没有勾；请从“是”“否”中选一个，不适用的填“—”",
        ),
        (
            "支出方向: [公用, 人员]",
            "支出方向: 公用、其他",
            "JG-01 “支出方向”里的“其他”不是选项；应从“人员”“公用”“项目”中选一个或几个，几个之间用“、”隔开",
        ),
        (
            "采购制度: {已建立: 是,",
            "采购制度: {",
            "JG-04 “已建立”的方框一个也没有勾；请从“是”“否”中选一个，不适用的填“—”",
        ),
        (
            "目标: 6个, 核心指标: 是",
            "目标: 6个",
            "JG-04 “核心指标”的方框一个也没有勾；请从“是”“否”中选一个，不适用的填“—”",
        ),
        ("备注: 有", "备注:", "JG-03 “备注”必填，这里是空的；请填写"),
    ],
)
def test_faults_of_choices(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert CHOICES.count(old) == 1
    _, problems = load(tmp_path, CHOICES_FORM, CHOICES.replace(old, new))
    assert choice_problems(problems) == [message]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"{框}人员；{框}公用；',
            '"{框}人员；公用；',
            "“勾选”里有 2 个 {框}，选项有 3 个；请每个选项写一个 {框}，或写一个选项的样子，例如 {选项}{框}",
        ),
        (
            "框: [☑, ☐]",
            "框: [☑]",
            "“框”要写两个不同的字样：先写勾上的，再写没有勾的，例如 [√, □]",
        ),
        (
            "选项: [人员, 公用, 项目]",
            "选项: [人员、工资, 公用, 项目]",
            "“多选”的选项里不能有顿号、逗号、分号、斜杠、空格，这里是“人员、工资”；请改写",
        ),
        (
            "{键: 说明}",
            "{键: 说明, 多选: 是}",
            "“说明”写了“多选”，却没有“选项”；请列出可选的答案",
        ),
    ],
)
def test_faults_of_choices_in_the_form(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert CHOICES_FORM.count(old) == 1
    assert form_faults(tmp_path, CHOICES_FORM.replace(old, new)) == [message]


@pytest.mark.parametrize("style", ["word", "excel"])
def test_choices_come_back_from_office_files(style: str, tmp_path: Path) -> None:
    disclosure, _ = load(tmp_path, CHOICES_FORM, CHOICES)
    before = [
        (where, "人员、公用" if where.endswith("支出方向") else filed)
        for where, filed in record_texts(overall(disclosure))
    ]
    assert import_exported(tmp_path, style) == before


def test_import_names_what_is_ticked_twice_or_not_at_all(tmp_path: Path) -> None:
    load(tmp_path, CHOICES_FORM, CHOICES)
    data, paper = tmp_path / "data", tmp_path / "paper"
    run_cli("export", "shili", 2022, "--to", paper, "--format", "excel", "--data", data)
    (path,) = paper.glob("*自评表*.xlsx")
    book = load_workbook(path)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value == "√是 □否":
                cell.value = "√是 √否"
            if cell.value == "是☑ 否☐":
                cell.value = "是☐ 否☐"
    book.save(tmp_path / "示例.xlsx")
    shutil.rmtree(data / "units/shili/2022")
    source = tmp_path / "示例.xlsx"
    run_cli("import", source, "--unit", "shili", "--year", 2022, "--data", data)
    report = (tmp_path / "导入报告-shili-2022.md").read_text("utf-8")
    twice = "“是否新增”勾了“是”“否”2 个，只能选一个，这里写的是“√是 √否”；请核对原件（JG-01 文件可解析）（原文件：示例.xlsx "
    assert report.count(twice) == 1
    none = "“已建立”的方框一个也没有勾；请从“是”“否”中选一个，不适用的填“—”（JG-04 空与零）（原文件：示例.xlsx "
    assert report.count(none) == 1


def test_choices_in_schemas_hints_and_the_api(tmp_path: Path) -> None:
    disclosure, _ = load(tmp_path, CHOICES_FORM, CHOICES)
    form = overall(disclosure).form
    properties = form_schema(form)["properties"]
    assert properties["是否新增"]["enum"] == ["是", "否", None]
    several = Draft7Validator(properties["支出方向"])
    assert several.is_valid(["公用", "人员"])
    assert several.is_valid("公用、人员")
    assert not several.is_valid(["公用", "其他"])
    skeleton = document_skeleton(form)
    assert "\n是否新增:  # 选一个：是、否\n" in skeleton
    assert "\n支出方向:  # 选一个或几个，用“、”隔开：人员、公用、项目\n" in skeleton
    (fields, *_) = form_file(form, "").sections
    assert [field.multiple for field in fields.fields] == [False, False, True, False]


# A score beside every level

LEVELS_FORM = """总分: 100
部分:
  - 形式: 指标表
    键: 评分
    序号: 是
    层级: [一级指标, 二级指标, 三级指标]
    列:
      - {键: 一级分值, 标签: 分值, 类型: 分数, 角色: 分值, 层级: 一级指标, 随层级: 是}
      - {键: 一级得分, 标签: 得分, 类型: 分数, 角色: 得分, 层级: 一级指标, 随层级: 是}
      - {键: 二级得分, 标签: 得分, 类型: 分数, 角色: 得分, 层级: 二级指标, 随层级: 是}
      - {键: 分值, 类型: 分数, 角色: 分值}
      - {键: 得分, 类型: 分数, 角色: 得分}
    一级:
      - {名称: 投入, 分值: 40}
      - {名称: 产出, 分值: 60}
  - 形式: 合计行
    键: 合计
    列:
      - {键: 一级得分, 类型: 分数}
      - {键: 分值, 类型: 分数, 角色: 分值}
      - {键: 得分, 类型: 分数, 角色: 得分}
"""
LEVELS = """评分:
  - 一级指标: 投入
    分值: 40
    得分: 38
    下级:
      - 二级指标: 目标设定
        得分: 18
        下级:
          - {三级指标: 示例甲, 分值: 10, 得分: 9}
          - {三级指标: 示例乙, 分值: 10, 得分: 9}
      - 二级指标: 预算配置
        得分: 20
        下级:
          - {三级指标: 示例丙, 分值: 20, 得分: 20}
  - 一级指标: 产出
    分值: 60
    得分: 60
    下级:
      - 二级指标: 履职
        得分: 60
        下级:
          - {三级指标: 示例丁, 分值: 60, 得分: 60}
合计: {一级得分: 98, 分值: 100, 得分: 98}
"""


def score_problems(problems: list[str]) -> list[str]:
    return [sentence for sentence in problems if sentence.startswith(("BS", "JG-0", "DF-0"))]


def test_scores_beside_every_level(tmp_path: Path) -> None:
    disclosure, problems = load(tmp_path, LEVELS_FORM, LEVELS)
    assert score_problems(problems) == []
    soup = BeautifulSoup(render_html(disclosure), "html.parser")
    table = next(table for table in soup.select("table") if "目标设定" in table.get_text())
    rows = [
        [(cell.get_text(), int(f"{cell.get('rowspan', '1')}")) for cell in row.select("th, td")]
        for row in table.select("tr")
    ]
    head = ["序号", "一级指标", "分值", "得分", "二级指标", "得分", "三级指标", "分值", "得分"]
    assert [text for text, _ in rows[0]] == head
    assert rows[1] == [
        *[("1", 1), ("投入", 3), ("40", 3), ("38", 3), ("目标设定", 2), ("18", 2)],
        *[("示例甲", 1), ("10", 1), ("9", 1)],
    ]
    assert rows[2] == [("2", 1), ("示例乙", 1), ("10", 1), ("9", 1)]
    assert rows[3] == [("3", 1), ("预算配置", 1), ("20", 1), *[("示例丙", 1), ("20", 1), ("20", 1)]]
    total = table.select("tfoot tr")[0].select("th, td")
    assert [(cell.get_text(), int(f"{cell.get('colspan', '1')}")) for cell in total] == [
        *[("合计", 3), ("98", 1), ("", 1), ("", 1), ("", 1), ("100", 1), ("98", 1)],
    ]
    assert can_export(disclosure)


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        (
            {"    得分: 38": "    得分: 39"},
            ["DF-03 “投入”的一级得分填报 39，下级合计为 38，相差 1；请核对下级的得分"],
        ),
        (
            {"        得分: 18": "        得分: 17"},
            [
                "DF-03 “投入”的一级得分填报 38，下级合计为 37，相差 1；请核对下级的得分",
                "DF-03 “目标设定”的二级得分填报 17，下级合计为 18，相差 1；请核对下级的得分",
            ],
        ),
        (
            {"示例乙, 分值: 10, 得分: 9": "示例乙, 分值: 10, 得分: 8"},
            [
                "DF-03 “目标设定”的二级得分填报 18，下级合计为 17，相差 1；请核对下级的得分",
                "DF-03 总分填报 98，各项得分合计为 97，相差 1；请核对“示例甲”的得分",
            ],
        ),
        (
            {"    得分: 60\n    下级:": "    得分: 61\n    下级:"},
            [
                "DF-03 “产出”的一级得分填报 61，下级合计为 60，相差 1；请核对下级的得分",
                "DF-07 得分填报 61，应在 0 与分值 60 之间；请核对这一行的分值与得分",
            ],
        ),
        (
            {", 分值: 10, 得分: 9}\n          - {三级指标: 示例乙, 分值: 10, 得分: 9}": "}"},
            [],
        ),
        (
            {
                ", 分值: 10, 得分: 9}\n          - {三级指标: 示例乙, 分值: 10, 得分: 9}": "}",
                "得分: 98}": "得分: 97}",
            },
            ["DF-03 总分填报 97，各项得分合计为 98，相差 1；请核对各项得分与总分"],
        ),
    ],
)
def test_sums_of_scores_upwards(
    changes: dict[str, str], messages: list[str], tmp_path: Path
) -> None:
    """A score above others is their sum; it stands for them where they have none."""
    document = LEVELS
    for old, new in changes.items():
        assert document.count(old) == 1
        document = document.replace(old, new)
    _, problems = load(tmp_path, LEVELS_FORM, document)
    relevant = [sentence for sentence in problems if sentence.startswith(("DF-03", "DF-07"))]
    assert sorted(relevant) == sorted(messages)


@pytest.mark.parametrize("style", ["word", "excel"])
def test_scores_of_levels_come_back_from_office_files(style: str, tmp_path: Path) -> None:
    disclosure, _ = load(tmp_path, LEVELS_FORM, LEVELS)
    before = record_texts(overall(disclosure))
    assert import_exported(tmp_path, style) == before


def test_scores_of_levels_in_new_files_schemas_and_forms(tmp_path: Path) -> None:
    disclosure, _ = load(tmp_path, LEVELS_FORM, LEVELS)
    form = overall(disclosure).form
    skeleton = document_skeleton(form)
    first = "  - 一级指标: 投入\n    一级分值: 40  # 分数，例如 10 或 9.5\n    一级得分:  # 分数，例如 10 或 9.5\n"
    assert first in skeleton
    schema = Draft7Validator(form_schema(form))
    document = {"一级指标": "投入", "得分": 38, "下级": [{"二级指标": "示例", "得分": 1}]}
    assert schema.is_valid({"表式": "shili-real", "评分": [document]})
    assert not schema.is_valid({"表式": "shili-real", "评分": [document | {"二级得分": 1}]})
    faulty = LEVELS_FORM.replace(
        "层级: 一级指标, 随层级: 是}\n      - {键: 一级得分", "随层级: 是}\n      - {键: 一级得分"
    )
    assert form_faults(tmp_path / "faulty", faulty) == [
        "“一级分值”随层级印，要写明是哪一级，例如 层级: 一级指标"
    ]


# Several blanks in one cell

BLANKS_FORM = """金额单位: 万元
部分:
  - 形式: 填写项
    名称: 表头
    项:
      - 键: 资金情况
        写法: "{年度}年初预算{年初预算}万元，其中财政拨款{财政拨款}万元；全年执行{全年执行}万元"
        空格:
          - {键: 年初预算, 类型: 金额, 角色: 年初预算数, 必填: 是}
          - {键: 财政拨款, 类型: 金额}
          - {键: 全年执行, 类型: 金额, 角色: 全年执行数}
      - {键: 负责人, 并排: 是}
      - 键: 批复
        印名: 否
        写法: "批复时间：{批复时间}；经费性质：{经费性质}。"
        空格:
          - {键: 批复时间, 类型: 日期}
          - {键: 经费性质, 类型: 选择, 选项: [经常性, 一次性], 勾选: "{框}{选项}"}
  - 形式: 行列表
    键: 人员
    行头: 单位
    列:
      - 键: 人员情况
        写法: "共{总数}人，其中在编{在编}人"
        空格: [{键: 总数, 类型: 数量, 合计: [在编, 编外]}, {键: 在编, 类型: 数量}]
      - {键: 编外, 类型: 数量}
    行: [{键: 机关, 合计: [甲科, 乙科]}, {键: 甲科}, {键: 乙科}, {键: 退休, 印: {人员情况: —}}]
  - 形式: 填写项
    键: 成果
    排列: 分栏
    项:
      - {键: 名称}
      - {键: 规模, 写法: "{长度}公里（{等级}级）", 空格: [{键: 长度, 类型: 数量}, {键: 等级}]}
"""
BLANKS = """年初预算: 100
财政拨款: 60
全年执行: 95
负责人: 示例长
批复时间: 2022-01-05
经费性质: 一次性
人员:
  机关: {总数: 8, 在编: 5, 编外: 3}
  甲科: {总数: 5人, 在编: 3人, 编外: 2}
  乙科: {总数: 3, 在编: 2, 编外: 1}
  退休: {编外: 2}
成果: {名称: 示例路, 长度: 12.5, 等级: 二}
"""


def test_blanks_are_printed_in_their_place(tmp_path: Path) -> None:
    disclosure, problems = load(tmp_path, BLANKS_FORM, BLANKS)
    kinds = ("BS", "JG-0", "ZJ-0")
    assert [sentence for sentence in problems if sentence.startswith(kinds)] == []
    soup = BeautifulSoup(render_html(disclosure), "html.parser")
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in soup.select("tr")]
    for row in (
        ["资金情况", "2022年初预算100万元，其中财政拨款60万元；全年执行95万元", "负责人", "示例长"],
        ["批复时间：2022-01-05；经费性质：□经常性 ☑一次性。"],
        ["单位", "人员情况", "编外"],
        ["机关", "共8人，其中在编5人", "3"],
        ["甲科", "共5人，其中在编3人", "2"],
        ["退休", "—", "2"],
        ["名称", "规模"],
        ["示例路", "12.5公里（二级）"],
    ):
        assert row in rows
    cells = disclosure.cells_by_path()
    assert cells["部门整体自评表/财政拨款"].value.number == 60
    assert cells["部门整体自评表/人员/甲科/在编"].value.number == 3
    assert can_export(disclosure)


def test_blanks_without_a_value_are_lines(tmp_path: Path) -> None:
    document = BLANKS.replace("财政拨款: 60", "财政拨款:").replace("在编: 3人, ", "")
    disclosure, _ = load(tmp_path, BLANKS_FORM, document)
    page = render_html(disclosure)
    assert "2022年初预算100万元，其中财政拨款____万元；全年执行95万元" in page
    assert "共5人，其中在编____人" in page


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("年初预算: 100", "年初预算:", "JG-03 “年初预算”必填，这里是空的；请填写"),
        (
            "全年执行: 95",
            "全年执行: 九十五",
            "JG-01 “全年执行”应为金额（例如 292.31 或 292.31万元），这里写的是“九十五”；请用阿拉伯数字写",
        ),
        (
            "机关: {总数: 8,",
            "机关: {总数: 9,",
            "ZJ-02 “机关”的总数填报 9，各分项合计为 8，相差 1；请核对各分项",
        ),
        (
            "甲科: {总数: 5人,",
            "甲科: {总计: 5人,",
            "JG-02 不认识的键“总计”；是否应为“总数”？",
        ),
        (
            "退休: {编外: 2}",
            "退休: {在编: 1, 编外: 2}",
            "JG-02 表式在这一格印“—”，不填写“在编”，这里写的是“1”；请删去",
        ),
    ],
)
def test_faults_of_blanks(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert BLANKS.count(old) == 1
    _, problems = load(tmp_path, BLANKS_FORM, BLANKS.replace(old, new))
    assert message in problems


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("在编{在编}人", "在编人", "“写法”里要有一个 {在编}，这里有 0 个"),
        ("{长度}公里（{等级}级）", "{长度}{等级}", "两个空格之间要有文字，否则分不清各填的是什么"),
        ("共{总数}人，", "共{总数}人，计{人数}，", "不认识 {人数}；是否应为“总数”？"),
        (
            "- {键: 编外, 类型: 数量}",
            "- {键: 编外, 写法: 编外}",
            "“编外”写了“写法”，却没有“空格”；请列出花括号里的各项",
        ),
        ("{键: 等级}]", "{键: 长度}]", "“长度”用了两次，填报时分不清；请改掉一处的“键”或“别名”"),
        ("键: 规模, ", "键: 规模, 类型: 数量, ", "“规模”有几个空格，“类型”要写在各个空格里"),
    ],
)
def test_faults_of_blanks_in_the_form(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert BLANKS_FORM.count(old) == 1
    assert message in form_faults(tmp_path, BLANKS_FORM.replace(old, new))


def form_faults(folder: Path, form: str) -> list[str]:
    data = example_data(folder)
    (data / "forms/shili-real.yml").write_text(HEAD.format(id="shili-real") + form, "utf-8")
    problems = check_data(data, TODAY).judgement.problems
    return [problem.sentence for problem in problems if problem.rule.id == "BS-01"]


def test_blanks_only_where_they_can_be_printed(tmp_path: Path) -> None:
    column = "{键: 目标, 写法: '{甲}至{乙}', 空格: [{键: 甲}, {键: 乙}]}"
    form = INDICATORS_FORM.replace("- {键: 目标, 类型: 指标值, 角色: 目标值}", f"- {column}")
    assert form_faults(tmp_path, form) == [
        "“空格”只用在填写项的“项”和行列表的“列”里，部门自评报告里不用；请分成几项写"
    ]


def test_notes_and_anchors_of_blanks(tmp_path: Path) -> None:
    """Notes on a blank, and links to its figure, lead to the cell that prints it."""
    load(tmp_path, BLANKS_FORM, BLANKS)
    data = tmp_path / "data"
    correction = "勘误: [{位置: 部门整体自评表/人员/机关/在编, 原值: 6, 新值: 5, 原因: 笔误, 日期: 2023-07-01}]\n"
    with (data / "units/shili/2022/disclosure.yml").open("a", encoding="utf-8") as file:
        file.write(correction)
    (disclosure,) = check_data(data, TODAY).dataset.disclosures
    soup = BeautifulSoup(render_html(disclosure), "html.parser")
    (cell,) = (cell for cell in soup.select("td") if cell.get_text().startswith("共8人"))
    assert [link["href"] for link in cell.select("sup a")] == ["#note-1"]
    links = [
        link for link in soup.select("a") if f"{link.get('href')}".endswith("#overall-initial")
    ]
    assert {link.get_text() for link in links} == {"100万元", "95万元"}
    (target,) = soup.select("#overall-initial")
    assert target.get_text().startswith("2022年初预算100万元")


@pytest.mark.parametrize("style", ["word", "excel"])
def test_blanks_come_back_from_office_files(style: str, tmp_path: Path) -> None:
    """A unit that the form prints behind a blank is not filed."""
    disclosure, _ = load(tmp_path, BLANKS_FORM, BLANKS)
    units = {"5人": "5", "3人": "3"}
    before = [(where, units.get(text, text)) for where, text in record_texts(overall(disclosure))]
    assert import_exported(tmp_path, style) == before


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("共 5 人，其中在编 3 人", {"总数": "5", "在编": "3"}),
        ("共__5__人，其中在编__3__人", {"总数": "5", "在编": "3"}),
        ("共____人，其中在编____人", {"总数": "", "在编": ""}),
        ("共5人,其中在编\n3人", {"总数": "5", "在编": "3"}),
        ("共5人，其中在编3人。", None),
        ("共有5人，其中在编3人", {"总数": "有5", "在编": "3"}),
        ("在编3人，共5人", None),
        ("", None),
    ],
)
def test_blanks_of_a_text(text: str, values: dict[str, str] | None) -> None:
    assert match_blanks("共{总数}人，其中在编{在编}人", text, {}) == values


@pytest.mark.parametrize(
    ("template", "text", "values"),
    [
        ("{甲}：{乙}", "一：二", {"甲": "一", "乙": "二"}),
        ("{甲} {乙}", "一  二", {"甲": "一", "乙": "二"}),
        ("{甲}人员", "新人人员", {"甲": "新人"}),
        ("总数：{甲}", "总数 5", {"甲": "5"}),
    ],
)
def test_words_behind_a_blank(template: str, text: str, values: dict[str, str]) -> None:
    assert match_blanks(template, text, {}) == values


def test_long_texts_are_searched_once() -> None:
    template = "".join(f"甲{{{number}}}" for number in range(9)) + "乙"
    with no_hang():
        assert match_blanks(template, "甲 " * 900, {}) is None


def test_import_names_a_text_that_is_not_the_printed_one(tmp_path: Path) -> None:
    load(tmp_path, BLANKS_FORM, BLANKS)
    data, paper = tmp_path / "data", tmp_path / "paper"
    run_cli("export", "shili", 2022, "--to", paper, "--format", "excel", "--data", data)
    (path,) = paper.glob("*自评表*.xlsx")
    book = load_workbook(path)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value == "共5人，其中在编3人":
                cell.value = "五名，三名在编"
    book.save(tmp_path / "示例.xlsx")
    shutil.rmtree(data / "units/shili/2022")
    source = tmp_path / "示例.xlsx"
    run_cli("import", source, "--unit", "shili", "--year", 2022, "--data", data)
    report = (tmp_path / "导入报告-shili-2022.md").read_text("utf-8")
    assert "- 没有认出“人员/甲科/总数”，留空" in report
    assert "：五名，三名在编" in report


def test_blanks_in_new_files_schemas_templates_and_the_api(tmp_path: Path) -> None:
    disclosure, _ = load(tmp_path, BLANKS_FORM, BLANKS)
    form = overall(disclosure).form
    skeleton = document_skeleton(form)
    assert "\n年初预算:  # 金额，万元，必填\n财政拨款:  # 金额，万元\n" in skeleton
    assert "  退休:\n    编外:" in skeleton
    schema = Draft7Validator(form_schema(form))
    assert schema.is_valid({"表式": "shili-real", "年初预算": 1, "人员": {"机关": {"总数": 1}}})
    assert not schema.is_valid({"表式": "shili-real", "年初预算": 1, "资金情况": "示例"})
    (fields, *_) = form_file(form, "").sections
    assert [(field.key, field.unit) for field in fields.fields[:2]] == [
        ("年初预算", "万元"),
        ("财政拨款", "万元"),
    ]
    book = load_workbook(io.BytesIO(render_excel_template(form, 2022)))
    texts = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert "2022年初预算____万元，其中财政拨款____万元；全年执行____万元" in texts
    assert texts.count("共____人，其中在编____人") == 3
