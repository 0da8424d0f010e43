"""gongkai forms draft: forms written from tables, what it says of them, what it refuses."""

import io
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from gongkai.authoring.form_drafts.drafting import DraftRequest, draft_form, read_table
from gongkai.authoring.office.read import read_office_file
from gongkai.model.forms import Form
from gongkai.model.specs import IndicatorsSpec
from tests.folders import example_data
from tests.office_data import run_cli

Row = Sequence[str]
HEAD = (
    '<tr><td>项目名称</td><td colspan="7">{name}</td></tr>'
    '<tr><td>主管部门</td><td colspan="3">示例局</td><td>实施单位</td><td colspan="3">示例中心</td></tr>'
)
MONEY = (
    '<tr><td rowspan="3">项目资金（万元）</td><td></td><td>年初预算数</td><td>全年执行数</td><td>分值</td>'
    "<td>执行率</td><td>得分</td><td>{extra}</td></tr>"
    "<tr><td>年度资金总额</td><td>100</td><td>90</td><td>10</td><td>90%</td><td>9</td><td></td></tr>"
    "<tr><td>其中：示例专款</td><td>100</td><td>90</td><td>—</td><td></td><td>—</td><td></td></tr>"
)
GOALS = (
    '<tr><td rowspan="2">年度总体目标</td><td colspan="3">预期目标</td><td colspan="4">实际完成情况</td></tr>'
    '<tr><td colspan="3">养护示例路</td><td colspan="4">已养护示例路</td></tr>'
)
INDICATORS = (
    '<tr><td rowspan="4">绩效指标</td><td>一级指标</td><td>二级指标</td><td>三级指标</td>'
    "<td>年度指标值</td><td>实际完成值</td><td>分值</td><td>得分</td></tr>"
    '<tr><td rowspan="2">产出指标（60分）</td><td>数量指标</td><td>{indicator}</td><td>≥10公里</td>'
    "<td>10公里</td><td>30</td><td>30</td></tr>"
    "<tr><td>质量指标</td><td>合格率</td><td>≥95%</td><td>96%</td><td>30</td><td>30</td></tr>"
    "<tr><td>满意度指标（30分）</td><td>满意度指标</td><td>群众满意度</td><td>≥90%</td><td>92%</td>"
    "<td>30</td><td>29</td></tr>"
    '<tr><td colspan="6">总分</td><td>100</td><td>98</td></tr>'
)


def write_table(
    path: Path, name: str = "示例道路", indicator: str = "养护里程", extra: str = "示例编码"
) -> Path:
    """Write a filled table of a form that nobody has yet, as one grid with labels on the left."""
    rows = (HEAD + MONEY + GOALS + INDICATORS).format(name=name, indicator=indicator, extra=extra)
    path.write_text(
        f"<html><body><h1>示例省项目支出绩效自评表（2024年度）</h1><table>{rows}</table>"
        "<p>填表人：示例员</p></body></html>",
        "utf-8",
    )
    return path


DRAFT = """\
表式: shili-2024-project
名称: 示例省项目支出绩效自评表
类型: 项目自评表
标题: '示例省项目支出绩效自评表（{年度}年度）'
来源: 由文件“甲.html”起草，请改成规定这张表的文件
完整: 是
适用: {地区: 示例省, 年度起: 2024}
金额单位: 万元
总分: 100
执行率: {分值: 10, 计分: 按比例}
部分:
  - 形式: 填写项
    名称: 表头
    项:
      - {键: 项目名称, 角色: 项目名称, 必填: 是}
      - {键: 主管部门, 角色: 主管部门}
      - {键: 实施单位, 角色: 实施单位, 并排: 是}
  - 形式: 行列表
    键: 项目资金
    标签: 项目资金（万元）
    列:
      - {键: 年初预算数, 类型: 金额, 角色: 年初预算数}
      - {键: 全年执行数, 类型: 金额, 角色: 全年执行数}
      - {键: 分值, 类型: 分数, 角色: 分值}
      - {键: 执行率, 类型: 百分比, 角色: 执行率}
      - {键: 得分, 类型: 分数, 角色: 得分}
      # 不认识“示例编码”这一列：照样留着，角色空着；程序要用它核对的，请写上“角色”
      - {键: 示例编码}
    行:
      - {键: 年度资金总额, 角色: 资金总额}
      - {键: 示例专款, 标签: 其中：示例专款, 上级: 年度资金总额, 印: {分值: —, 得分: —}}
  - 形式: 填写项
    键: 年度总体目标
    排列: 分栏
    项:
      - {键: 预期目标, 类型: 长文, 角色: 预期目标}
      - {键: 实际完成情况, 类型: 长文, 角色: 实际完成情况}
  - 形式: 指标表
    键: 绩效指标
    必填: 是
    层级: [{键: 一级指标, 写法: '{名称}（{分值}分）'}, 二级指标, 三级指标]
    列:
      - {键: 年度指标值, 类型: 指标值, 角色: 目标值}
      - {键: 实际完成值, 类型: 指标值, 角色: 完成值}
      - {键: 分值, 类型: 分数, 角色: 分值}
      - {键: 得分, 类型: 分数, 角色: 得分}
    一级:
      - {名称: 产出指标, 分值: 60, 下级: [数量指标, 质量指标]}
      - {名称: 满意度指标, 分值: 30, 下级: [满意度指标]}
  - 形式: 合计行
    键: 总分
    必填: 是
    列:
      - {键: 分值, 类型: 分数, 角色: 分值}
      - {键: 得分, 类型: 分数, 角色: 得分}
落款: ['填表人：{填表人}']
"""


IMPORTED = """\
# yaml-language-server: $schema=../../../../schemas/project.json
# 由 gongkai import 导入；请对照原文件核对一遍
项目名称: 示例道路
自评表:
  表式: local-2024-project
  项目名称: 示例道路
  主管部门: 示例局
  实施单位: 示例中心
  项目资金:
    年度资金总额:
      年初预算数: 100
      全年执行数: 90
      分值: 10
      执行率: 90%
      得分: 9
      示例编码:
    示例专款:
      年初预算数: 100
      全年执行数: 90
      执行率:
      示例编码:
  年度总体目标:
    预期目标: 养护示例路
    实际完成情况: 已养护示例路
  绩效指标:
    - 一级指标: 产出指标
      分值: 60
      下级:
        - 二级指标: 数量指标
          下级:
            - 三级指标: 养护里程
              年度指标值: ≥10公里
              实际完成值: 10公里
              分值: 30
              得分: 30
        - 二级指标: 质量指标
          下级:
            - 三级指标: 合格率
              年度指标值: ≥95%
              实际完成值: 96%
              分值: 30
              得分: 30
    - 一级指标: 满意度指标
      分值: 30
      下级:
        - 二级指标: 满意度指标
          下级:
            - 三级指标: 群众满意度
              年度指标值: ≥90%
              实际完成值: 92%
              分值: 30
              得分: 29
  总分:
    分值: 100
    得分: 98
"""


def draft(data: Path, *arguments: object) -> tuple[int, str, str]:
    return run_cli("forms", "draft", *arguments, "--data", data)


def test_a_form_is_written_from_one_filled_table(tmp_path: Path) -> None:
    """A label that nobody knows is kept without a role, with a remark."""
    lines = read_office_file(write_table(tmp_path / "甲.html")).lines
    request = DraftRequest("shili-2024-project", region="示例省")
    drafted = draft_form([read_table("甲.html", lines)], request)
    assert (drafted.text, drafted.problems, drafted.year) == (DRAFT, [], 2024)


def test_what_a_draft_is_sure_of(tmp_path: Path) -> None:
    data, table = example_data(tmp_path), write_table(tmp_path / "甲.html")
    code, out, err = draft(data, table, "--name", "shili-2024-project", "--region", "示例省")
    path = data / "forms/shili-2024-project.yml"
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"已写出 {path}（表式 shili-2024-project）",
        "  1 处没有把握，写在文件里“#”开头的几行，请逐处核对",
        "  甲.html：导入再导出，63 处文字全部对上，其中 3 处印的位置不同（例如左边竖排的标题印在上方）",
    ]


def names_below(form: Form) -> dict[str, list[str]]:
    """Return the names that the form prints on level 2, by those on level 1."""
    tables = (section for section in form.sections if isinstance(section, IndicatorsSpec))
    presets = (preset for table in tables for preset in table.presets)
    return {preset.name: [child.name for child in preset.children] for preset in presets}


def draft_text(path: Path, text: str) -> tuple[Form, list[str]]:
    """Return the form drafted from one page, and what is to be confirmed."""
    path.write_text(text, "utf-8")
    drafted = draft_form(
        [read_table(path.name, read_office_file(path).lines)], DraftRequest("drafted")
    )
    assert drafted.form
    return drafted.form, drafted.remarks


def test_names_that_the_unit_left_out_are_those_of_their_family(tmp_path: Path) -> None:
    text = write_table(tmp_path / "甲.html").read_text("utf-8")
    form, remarks = draft_text(
        tmp_path / "乙.html",
        text.replace("<td>满意度指标</td><td>群众", "<td>服务对象满意度指标</td><td>群众"),
    )
    added = "时效指标、成本指标、经济效益指标、社会效益指标、生态效益指标、可持续影响指标、效益指标"
    assert names_below(form) == {
        "产出指标": ["数量指标", "质量指标", "时效指标", "成本指标"],
        "效益指标": ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"],
        "满意度指标": ["服务对象满意度指标"],
    }
    assert any(remark.endswith(f"表上没有的请删去：{added}") for remark in remarks)
    others, remarks = draft_text(tmp_path / "丙.html", text)
    assert names_below(others) == {
        "产出指标": ["数量指标", "质量指标"],
        "满意度指标": ["满意度指标"],
    }
    assert not any("补上" in remark for remark in remarks)


def test_columns_that_nobody_knows_are_kept_without_a_role(tmp_path: Path) -> None:
    text = write_table(tmp_path / "甲.html").read_text("utf-8")
    for label, wording in {
        "三级指标": "甲乙丙", "年度指标值": "丁戊", "实际完成值": "己庚", "年初预算数": "辛壬",
    }.items():  # fmt: skip
        text = text.replace(f"<td>{label}</td>", f"<td>{wording}</td>")
    form, remarks = draft_text(tmp_path / "乙.html", text)
    roles = {
        spec.label or spec.key: spec.role for part in form.sections for spec in part.all_fields
    }
    assert {roles["丁戊"], roles["己庚"], roles["辛壬"]} == {None}
    (table,) = (part for part in form.sections if isinstance(part, IndicatorsSpec))
    assert [level.key for level in table.levels] == ["一级指标", "二级指标", "甲乙丙"]
    for label in ("丁戊", "己庚", "辛壬"):
        assert any(remark.startswith(f"不认识“{label}”这一列") for remark in remarks)
    assert "“甲乙丙”当作一级指标名称（紧挨着已知的一级）；请核对" in remarks


def test_a_written_form_is_not_overwritten(tmp_path: Path) -> None:
    data, table = example_data(tmp_path), write_table(tmp_path / "甲.html")
    draft(data, table, "--name", "shili-2024-project")
    code, out, err = draft(data, table, "--name", "shili-2024-project", "--force")
    assert (code, out.splitlines()[0]) == (
        0,
        "甲.html：与现有的表式 shili-2024-project（示例省项目支出绩效自评表）相符，不用另写",
    )
    assert err == ""


def test_tables_of_one_form_are_drafted_together(tmp_path: Path) -> None:
    """What is the same in all is printed; a label that only some have is listed."""
    data = example_data(tmp_path)
    tables = [
        write_table(tmp_path / "甲.html"),
        write_table(tmp_path / "乙.html", "示例桥梁", "维修桥梁", "示例代码"),
    ]
    code, out, _ = draft(data, *tables)
    assert code == 0
    assert "local-2024-project" in out
    assert [line for line in out.splitlines() if "各文件不同" in line] == [
        "  各文件不同：“示例编码”只有 甲.html 有",
        "  各文件不同：“示例代码”只有 乙.html 有",
    ]


def test_a_form_that_differs_little_is_an_heir(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    draft(data, write_table(tmp_path / "甲.html"), "--name", "shili-2024-project")
    code, out, _ = draft(
        data, write_table(tmp_path / "乙.html", extra="备注"), "--name", "shili-2025-project"
    )
    path = data / "forms/shili-2025-project.yml"
    assert code == 0
    assert out.splitlines()[0] == (
        f"已写出 {path}（表式 shili-2025-project，继承 shili-2024-project，只写了不同之处）"
    )
    assert (
        path.read_text("utf-8")
        == """\
# 与 shili-2024-project 大体相同，只写不同之处；等级、样板文字等没有印在表上的，照那张表，请核对
表式: shili-2025-project
继承: shili-2024-project
名称: 示例省项目支出绩效自评表
来源: 由文件“乙.html”起草，请改成规定这张表的文件
适用: {年度起: 2024}
部分:
  - 键: 项目资金
    列:
      - {键: 年初预算数, 类型: 金额, 角色: 年初预算数}
      - {键: 全年执行数, 类型: 金额, 角色: 全年执行数}
      - {键: 分值, 类型: 分数, 角色: 分值}
      - {键: 执行率, 类型: 百分比, 角色: 执行率}
      - {键: 得分, 类型: 分数, 角色: 得分}
      - {键: 备注, 类型: 长文}
"""
    )


WRONG_FILE = "没有认出绩效的表：标签里没有几个认得的（项目名称、年度指标值、分值、得分……）；请核对是不是拿错了文件"
NO_TEXT = "文件里没有文字"
NO_TABLE = "里面没有表格；文字报告不用起草表式，照着别的报告表式写“提纲”即可"
DAMAGED = "不是 Word（.docx）或 Excel（.xlsx）文件，或者已经损坏"
REFUSALS = {
    "damaged.docx": DAMAGED,
    "damaged.xlsx": DAMAGED,
    "cut-off.docx": DAMAGED,
    "cut-off.xlsx": DAMAGED,
    "cut-off.pdf": "PDF 已经损坏",
    "empty.docx": NO_TEXT,
    "empty.xlsx": NO_TEXT,
    "empty.html": NO_TEXT,
    "empty.pdf": "PDF 里没有文字",
    "scanned.docx": NO_TEXT,
    "scanned.pdf": "PDF 里没有文字",
    "menu.docx": WRONG_FILE,
    "menu.xlsx": WRONG_FILE,
    "menu.html": WRONG_FILE,
    "report.docx": NO_TABLE,
    "report.html": NO_TABLE,
}
MENU = (("菜名", "价格"), ("示例面", "9"), ("示例汤", "5"))
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
"""A picture of one pixel, for a scanned page."""


def write_word(path: Path, kind: str) -> None:
    document = docx.Document()
    if kind == "menu":
        table = document.add_table(len(MENU), 2)
        for row, texts in zip(table.rows, MENU, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    elif kind == "report":
        document.add_paragraph("示例单位的报告。")
    elif kind == "scanned":
        document.add_picture(io.BytesIO(PIXEL))
    document.save(f"{path}")


def write_workbook(path: Path, kind: str) -> None:
    workbook = Workbook()
    for row in MENU if kind == "menu" else ():
        workbook.worksheets[0].append(row)
    workbook.save(path)


def write_pdf(path: Path, kind: str) -> None:
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    if kind == "scanned":
        page[NameObject("/Contents")] = writer._add_object(StreamObject())  # noqa: SLF001 - pypdf has no other way
    writer.write(path)


def write_web_page(path: Path, kind: str) -> None:
    rows = "".join(f"<tr><td>{name}</td><td>{price}</td></tr>" for name, price in MENU)
    bodies = {"empty": "", "menu": f"<table>{rows}</table>", "report": "<p>示例单位的报告。</p>"}
    path.write_text(f"<html><body>{bodies[kind]}</body></html>", "utf-8")


WRITERS = {
    ".docx": write_word,
    ".xlsx": write_workbook,
    ".pdf": write_pdf,
    ".html": write_web_page,
}


def write_refused(path: Path) -> None:
    """Write a file of the kind that its name says."""
    kind = path.stem
    if kind == "damaged":
        path.write_bytes("PK\x03\x04示例".encode())
        return
    WRITERS[path.suffix](path, "menu" if kind == "cut-off" else kind)
    if kind == "cut-off":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("name", REFUSALS)
def test_files_without_a_table_are_refused(name: str, tmp_path: Path) -> None:
    """A damaged, cut-off, empty, scanned or irrelevant file gives a reason, and nothing is written."""
    data, path = example_data(tmp_path), tmp_path / name
    write_refused(path)
    before = sorted(data.rglob("*"))
    code, out, _ = draft(data, path)
    assert code == 1
    assert out.splitlines()[0].startswith(f"没有读 {name}：{REFUSALS[name]}")
    assert out.splitlines()[-1] == "没有写出表式"
    assert sorted(data.rglob("*")) == before


def test_forms_are_ranked_by_a_table(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    table = write_table(tmp_path / "甲.html")
    code, out, err = run_cli("forms", "--region", "安徽省", "--like", table, "--data", data)
    assert (code, err) == (0, "")
    assert out.splitlines()[:3] == [
        "mof-2020-project            对上 57 / 63，缺 5 个标签  财政部项目支出绩效自评表（2020年）",
        "project-40-40               对上 57 / 63，缺 5 个标签  通用项目支出绩效自评表（执行率10、产出40、效益40、满意度10）",
        "hebei-2020-project          对上 57 / 63，缺 5 个标签  河北省项目支出绩效自评表（2020年）",
    ]


def test_a_table_without_a_form_is_imported_with_one_drafted_from_it(tmp_path: Path) -> None:
    data, table = example_data(tmp_path), write_table(tmp_path / "甲.html")
    arguments = ("import", table, "--unit", "shili-xin", "--year", 2024, "--data", data)
    code, out, err = run_cli(*arguments, "--draft-forms")
    form = data / "forms/local-2024-project.yml"
    assert err.splitlines()[:3] == [
        f"已写出 {form}（表式 local-2024-project）",
        "  1 处没有把握，写在文件里“#”开头的几行，请逐处核对",
        "  甲.html：导入再导出，63 处文字全部对上，其中 3 处印的位置不同（例如左边竖排的标题印在上方）",
    ]
    project = data / "units/shili-xin/2024/projects/xiangmu-1.yml"
    assert f"已写出 {project}" in out.splitlines()
    assert project.read_text("utf-8") == IMPORTED
    assert code == 0


def test_a_table_that_is_not_quite_like_its_form(tmp_path: Path) -> None:
    """The import says how to draft a form; as long as it may not overwrite the data, it writes none."""
    data, table = example_data(tmp_path), write_table(tmp_path / "甲.html")
    arguments = ("import", table, "--unit", "shili-xin", "--year", 2024, "--data", data)
    _, out, err = run_cli(*arguments)
    assert "xiangmu-1.yml" in out
    assert (
        "甲.html 与表式不完全相符；是本地另有的表的，再运行一次同样的命令，加上 --draft-forms --force，"
        "照它起草表式再导入"
    ) in err.splitlines()
    before = sorted(data.rglob("*"))
    code, _, err = run_cli(*arguments, "--draft-forms")
    assert code == 2
    assert "这些文件已经有了，没有改动" in err
    assert sorted(data.rglob("*")) == before
    code, _, err = run_cli(*arguments, "--draft-forms", "--force")
    assert err.startswith(f"已写出 {data / 'forms/local-2024-project.yml'}")
    assert "与表式不完全相符" not in err
