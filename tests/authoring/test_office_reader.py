"""Office files as staff make them: unmerged cells, repeated heads, other brackets, automatic numbers."""

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from defusedxml.ElementTree import fromstring
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook

from gongkai.authoring.importer import SourceFile, form_candidates, read_source_file
from gongkai.authoring.office.cells import Slot, clean_value
from gongkai.authoring.office.documents import Draft
from gongkai.authoring.office.form_recognition import MAX_ATTACHMENTS
from gongkai.authoring.office.label_index import Leaf
from gongkai.authoring.office.label_patterns import match_label
from gongkai.authoring.office.narrative import report_markdown
from gongkai.authoring.office.number_formats import shown_number, stored_number
from gongkai.authoring.office.read import read_office_file
from gongkai.authoring.office.word_styles import Numbering
from gongkai.authoring.yaml_writer import join_yaml_lines, yaml_lines
from gongkai.checks.runner import check_data
from gongkai.exports.office.excel_numbers import parse_excel_number
from gongkai.reading.source import parse_source
from tests.folders import ROOT, TODAY

FORMS = {form.id: form for form in check_data(ROOT / "data", TODAY).dataset.forms}
INDICATOR_HEAD = (
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分 值",
    "得分",
    "偏差原因\n分析及改进措施",
)
FUNDS_HEAD = (
    "项目资金\n（万元）",
    "",
    "年初\n预算数（A）",
    "全年预算数(B)",
    "全年执行数",
    "分值",
    "执行率",
    "得分",
)
TABLE: tuple[Sequence[str], ...] = (
    ("项目名称：", "示例项目"),
    ("主管部门", "示例局", "实施单位（盖章）", "示例单位"),
    FUNDS_HEAD,
    ("", "1.年度资金总额", "　10", "10", "9.5", "10", "95%", "9.5"),
    ("", "其中:当年财政拨款（含上级）", "10", "10", "9.5", "—", "", "—"),
    INDICATOR_HEAD,
    ("产出指标\n(50分)", "数量\n指标", "示例数量", "≥10个", "10个", "50", "50", ""),
    ("", "", "示例数量二", "5个", "4个", "0", "0", "示例\n原因"),
    INDICATOR_HEAD,
    ("", "质量指标", "", "", "", "", "", ""),
    ("", "", "……", "", "", "", "", ""),
    ("效益指标（40 分）", "社会效益指标", "示例效益", "好", "好", "40", "40", ""),
    ("总 分（100分）", "", "", "", "", "100", "99.5", ""),
    ("填表人：", "张某", "联系电话", "0746-000000"),
)
"""A table without merged cells, with a repeated head and rows of different lengths."""


def add_table(document: Word, rows: Sequence[Sequence[str]]) -> None:
    new_table = document.add_table(0, max(map(len, rows)))
    for row in rows:
        cells = new_table.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            cell.text = text


def import_document(document: Word, folder: Path, *forms: str) -> SourceFile:
    path = folder / "示例.docx"
    document.save(f"{path}")
    candidate_forms = [FORMS[form_id] for form_id in forms] or list(FORMS.values())
    return read_source_file(path, form_candidates(candidate_forms, None, 2022))


def yaml_of(draft: Draft) -> str:
    return join_yaml_lines(yaml_lines(draft.tree))


def test_handmade_table(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("附件4：")
    document.add_paragraph("项目支出绩效自评表")
    document.add_paragraph("（2022年度）")
    add_table(document, TABLE)
    (draft,) = import_document(document, tmp_path).drafts
    assert (draft.form.id, draft.number) == ("mof-2020-project", "附件4")
    assert draft.title == "项目支出绩效自评表（2022年度）"
    assert yaml_of(draft) == EXPECTED_YAML
    assert [slot.text for slot in draft.unused] == ["填表人：", "张某", "联系电话", "0746-000000"]
    assert draft.missing == [
        "项目资金/上年结转资金",
        "项目资金/其他资金",
        "年度总体目标/预期目标",
        "年度总体目标/实际完成情况",
    ]


EXPECTED_YAML = """\
项目名称: 示例项目
主管部门: 示例局
实施单位: 示例单位
项目资金:
  年度资金总额:
    年初预算数: 10
    全年预算数: 10
    全年执行数: 9.5
    分值: 10
    执行率: 95%
    得分: 9.5
  当年财政拨款:
    年初预算数: 10
    全年预算数: 10
    全年执行数: 9.5
    执行率:
  上年结转资金:  # 文件里没有认出这一项，应在第1个表第3行第3列一带
  其他资金:  # 文件里没有认出这一项，应在第1个表第3行第3列一带
年度总体目标:
  预期目标:  # 文件里没有认出这一项
  实际完成情况:  # 文件里没有认出这一项
绩效指标:
  - 一级指标: 产出指标
    分值: 50
    下级:
      - 二级指标: 数量指标
        下级:
          - 三级指标: 示例数量
            年度指标值: ≥10个
            实际完成值: 10个
            分值: 50
            得分: 50
          - 三级指标: 示例数量二
            年度指标值: 5个
            实际完成值: 4个
            分值: 0
            得分: 0
            偏差原因分析及改进措施: 示例原因
      - 二级指标: 质量指标
  - 一级指标: 效益指标
    分值: 40
    下级:
      - 二级指标: 社会效益指标
        下级:
          - 三级指标: 示例效益
            年度指标值: 好
            实际完成值: 好
            分值: 40
            得分: 40
总分:
  分值: 100
  得分: 99.5
"""


def test_several_projects_without_titles_between(tmp_path: Path) -> None:
    document = docx.Document()
    for name in ("示例甲", "示例乙", "示例丙"):
        add_table(document, (("项目名称", name), *TABLE[1:]))
    drafts = import_document(document, tmp_path).drafts
    assert [yaml_of(draft).splitlines()[0] for draft in drafts] == [
        "项目名称: 示例甲",
        "项目名称: 示例乙",
        "项目名称: 示例丙",
    ]


def add_numbered_paragraph(document: Word, text: str, level: int) -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr()  # noqa: SLF001 - numbers
    properties.append(
        parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'
        )
    )


def test_report_with_automatic_numbering(tmp_path: Path) -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, text in enumerate(("%1、", "（%2）"))
    )
    space = nsdecls("w")
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="77">{levels}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {space} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    document.add_paragraph("2022年度示例单位部门整体支出绩效自评报告")
    add_numbered_paragraph(document, "部门（单位）基本情况", 0)
    document.add_paragraph("示例单位编制5人。")
    add_numbered_paragraph(document, "一般公共预算支出情况", 0)
    add_numbered_paragraph(document, "基本支出情况", 1)
    document.add_paragraph("支出1*2*3万元，\t见附表。")
    add_numbered_paragraph(document, "项目支出情况", 1)
    add_numbered_paragraph(document, "政府性基金预算支出情况。", 0)
    (draft,) = import_document(document, tmp_path).drafts
    assert draft.body == (
        "## 一、部门（单位）基本情况\n\n示例单位编制5人。\n\n## 二、一般公共预算支出情况\n\n"
        "### （一）基本支出情况\n\n支出1\\*2\\*3万元，\t见附表。\n\n### （二）项目支出情况\n\n"
        "## 三、政府性基金预算支出情况。"
    )


def numbers_of(lists: str, *num_ids: str) -> list[str]:
    """Return the numbers of paragraphs that stand in these lists, of the same definition; “1.0” is level 0."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, (style, text) in enumerate((("chineseCounting", "%1、"), ("decimal", "%1-%2.")))
    )
    definition = f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
    xml = f"<w:numbering {nsdecls('w')}>{definition}{lists}</w:numbering>"
    numbering = Numbering.from_xml(fromstring(xml))
    places = (num_id.split(".") for num_id in num_ids)
    return [numbering.next_number(num_id, int(level)) for num_id, level in places]


def num(num_id: int, content: str = "") -> str:
    """Return a list of the definition 7."""
    return f'<w:num w:numId="{num_id}"><w:abstractNumId w:val="7"/>{content}</w:num>'


START = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>'


def test_lists_of_one_definition_count_on() -> None:
    numbers = numbers_of(num(1) + num(2), "1.0", "1.1", "2.0", "2.1", "1.0")
    assert numbers == ["一、", "一-1.", "二、", "二-1.", "三、"]


def test_a_list_that_starts_anew_does_so_once() -> None:
    lists = num(1) + num(2, START.format(1)) + num(3, START.format(5))
    numbers = numbers_of(lists, "1.0", "1.0", "2.0", "2.0", "1.0", "3.0", "3.0", "3.1")
    assert numbers == ["一、", "二、", "一、", "二、", "三、", "五、", "六、", "六-1."]


def test_a_list_may_change_a_level_of_its_definition() -> None:
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="第%1章"/></w:lvl>'
    own = f'<w:lvlOverride w:ilvl="0">{level}</w:lvlOverride>'
    assert numbers_of(num(1) + num(2, own), "1.0", "2.0") == ["一、", "第2章"]


def test_a_lower_level_without_a_number_above_it() -> None:
    assert numbers_of(num(1), "1.1", "1.1") == ["一-1.", "一-2."]


def test_text_outside_the_body_is_reported(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.add_paragraph("通知")
    reading = import_document(document, tmp_path)
    assert [(slot.text, slot.place) for slot in reading.outside_text] == [("内部资料", "页眉")]
    assert [slot.text for slot in reading.unrecognized] == ["通知"]


def test_tracked_changes_are_accepted(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("甲")._p  # noqa: SLF001 - tracked changes
    paragraph.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>乙</w:delText></w:r></w:del>")
    )
    paragraph.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>丙</w:t></w:r></w:ins>"))
    paragraph.append(
        parse_xml(f'<w:r {nsdecls("w")}><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>')
    )
    path = tmp_path / "changes.docx"
    document.save(f"{path}")
    assert [line[0].text for line in read_office_file(path).lines if line[0]] == ["甲丙☑"]


def test_excel_cells_as_displayed(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["项目名称", "示例"])
    sheet.append([0.1 + 0.2, "=1+1"])
    sheet["C3"], sheet["C3"].number_format = 0.9725, "0.00%"
    book.create_sheet("藏").sheet_state = "hidden"
    path = tmp_path / "shown.xlsx"
    book.save(path)
    document = read_office_file(path)
    texts = [slot.text for line in document.lines for slot in line if slot and slot.text]
    assert texts == ["项目名称", "示例", "0.3", "97.25%"]
    assert document.remarks == (
        "工作表“Sheet”B2是公式，文件里没有存结果；请在 Excel 里打开、保存后再导入",
        "工作表“藏”是隐藏的，也读了",
    )


@pytest.mark.parametrize(
    "text", ["0", "5", "24.00", "292.31", "100%", "97.25%", "-1.5", "387664.62", "0.10%"]
)
def test_numbers_round_trip_through_excel(text: str) -> None:
    parsed = parse_excel_number(text)
    assert parsed
    assert shown_number(stored_number(f"{parsed.value}"), parsed.number_format) == text


@pytest.mark.parametrize("text", ["", "012", "1,000", "5人", "—", "1e5", "１", "1234567890123456"])
def test_inexact_numbers_stay_text(text: str) -> None:
    assert parse_excel_number(text) is None


def test_labels_match_with_filled_words() -> None:
    assert match_label("{名称}（{分值}分）", "产出\n指标( 50 分)", {}) == {
        "名称": "产出指标",
        "分值": "50",
    }
    assert match_label("{序号}.{名称}", "2．示例（一期）", {}) == {
        "序号": "2",
        "名称": "示例（一期）",
    }
    assert match_label("{名称}（{分值}分）", "产出指标", {}) is None


def test_padding_is_stripped_from_values() -> None:
    assert clean_value("\u3000示例\n数量 \n") == "示例数量"
    assert clean_value("one\ntwo") == "one two"
    assert clean_value(" 第一段\n\n\u3000\u3000第二段 ", long=True) == "第一段\n第二段"


TRICKY_TEXTS = [
    "a: b", "a #b", "# b", "-5%", "- x", "-", "—", "~", "null", "yes", "012", "12:30", "[2022]1号",
    "{a}", "a:", "甲：乙", '"x"', "it's", "*a", "&a", "!a", "%", "@", "|", ">", "? a", "=", "<x>",
    "第一行\n第二行", "第一行\n- 第二行: x", "# 一\n# 二", "a\tb", "---", "...", "\\", '"a\nb"',
]  # fmt: skip


@pytest.mark.parametrize("text", TRICKY_TEXTS)
def test_any_text_round_trips_as_yaml(text: str) -> None:
    tree = {"键": Leaf(text), "列": [{"名称": Leaf(text), "值": Leaf("1")}]}
    source = parse_source(join_yaml_lines(yaml_lines(tree)).encode(), "f")
    assert source.problems == ()
    assert repr(source.root).count(f"text={text!r}") == 2


def test_report_headings_are_recognized_by_wording() -> None:
    form = FORMS["hunan-2022-report"]
    markdown_by_text = {
        "一、部门（单位）基本情况": "## 一、部门（单位）基本情况",
        "其他需要说明的情况": "## 其他需要说明的情况",
        "（一）基本支出情况": "### （一）基本支出情况",
        "（一）加大投入，保持运转。": "（一）加大投入，保持运转。",
        "一是建立机制。": "一是建立机制。",
    }
    lines = [(Slot(text, ""),) for text in markdown_by_text]
    assert report_markdown(lines, form).split("\n\n") == list(markdown_by_text.values())


def yaml_lines_from(text: str, key: str, folder: Path) -> str:
    """Import TABLE with this deviation, and return three lines of YAML from a key on."""
    document = docx.Document()
    rows = [list(row) for row in TABLE]
    rows[7][7] = text
    add_table(document, rows)
    (draft,) = import_document(document, folder).drafts
    lines = yaml_of(draft).splitlines()
    start = next(number for number, line in enumerate(lines) if line.strip().startswith(key))
    return "\n".join(lines[start : start + 3])


def test_sentences_in_a_cell_keep_their_lines(tmp_path: Path) -> None:
    key = "偏差原因分析及改进措施"
    yaml_text = yaml_lines_from("1.原因一。\n2.原因二。", key, tmp_path)
    assert yaml_text.endswith("|-\n              1.原因一。\n              2.原因二。")
    assert yaml_lines_from("示例\n原因", key, tmp_path).startswith(f"            {key}: 示例原因\n")


HUBEI_TABLE: tuple[Sequence[str], ...] = (
    ("项目名称", "示例工程"),
    ("主管部门", "示例局", "项目实施单位", "示例馆"),
    ("项目类别", "1、部门预算项目☑ 2、市直专项□"),
    (
        "预算执行情况\n（万元）（20分）",
        "",
        "预算数（A）",
        "执行数（B）",
        "执行率（B/A）",
        "得分（20分*执行率）",
    ),
    ("", "年度财政资金总额", "5", "5", "100%", "20"),
    ("年度绩效目标1\n（80分）", *INDICATOR_HEAD[:3], "年初目标值（A）", "实际完成值（B）", "得分"),
    ("<", "产出指标（40分）", "数量指标", "示例一", "25TB", "25TB", "10"),
    ("<", "<", "<", "示例二", "100%", "100%", "<"),
    ("<", "<", "质量指标", "示例三", "好", "好", "30"),
)
"""The form as the province prints it; “<” is merged with the cell above."""


def test_form_with_blocks_and_shared_scores(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("附表2")
    document.add_paragraph("2022年度示例工程项目自评表")
    document.add_paragraph("项目单位（盖章）：示例馆   主要领导签字：   填报日期：2023.6.28")
    add_table(document, HUBEI_TABLE)
    word_table = document.tables[0]
    for row_number, row in enumerate(HUBEI_TABLE):
        for column, text in enumerate(row):
            if text == "<":
                word_table.cell(row_number, column).text = ""
                word_table.cell(row_number - 1, column).merge(word_table.cell(row_number, column))
    candidates = form_candidates(FORMS.values(), None, 2022, drafts=True)
    path = tmp_path / "示例.docx"
    document.save(f"{path}")
    (draft,) = read_source_file(path, candidates).drafts
    assert (draft.form.id, draft.number) == ("hubei-2022-project", "附表2")
    assert draft.title == "2022年度示例工程项目自评表"
    sign_off = {key: leaf.text for key, leaf in draft.sign_off.items()}
    assert sign_off == {"项目单位": "示例馆", "主要领导签字": "", "填报日期": "2023.6.28"}
    assert yaml_of(draft).split("绩效指标:\n")[1].split("偏差大")[0] == HUBEI_YAML
    assert "项目类别: 部门预算项目\n" in yaml_of(draft)


HUBEI_YAML = """\
  - 年度绩效目标: 年度绩效目标1
    分值: 80
    下级:
      - 一级指标: 产出指标
        分值: 40
        下级:
          - 二级指标: 数量指标
            下级:
              - 三级指标: 示例一
                年初目标值: 25TB
                实际完成值: 25TB
                得分: 10
                得分组: 甲
              - 三级指标: 示例二
                年初目标值: 100%
                实际完成值: 100%
                得分组: 甲
          - 二级指标: 质量指标
            下级:
              - 三级指标: 示例三
                年初目标值: 好
                实际完成值: 好
                得分: 30
"""


@pytest.mark.parametrize("shares_score", [False, True])
def test_points_merged_over_two_rows_are_one_value(tmp_path: Path, *, shares_score: bool) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in TABLE:
        sheet.append(list(row))
    sheet["F8"] = None
    sheet.merge_cells("F7:F8")
    sheet["G7"], sheet["G8"] = "42", None if shares_score else "7"
    if shares_score:
        sheet.merge_cells("G7:G8")
    path = tmp_path / "示例.xlsx"
    book.save(path)
    (draft,) = read_source_file(path, form_candidates(FORMS.values(), None, 2022)).drafts
    rows = yaml_of(draft).split("三级指标: ")
    end = "            得分组: 甲\n"
    assert (
        rows[1].split("\n", 3)[3].startswith(f"            分值: 50\n            得分: 42\n{end}")
    )
    assert "分值" not in rows[2].split("二级指标")[0]
    scores = "" if shares_score else "            得分: 7\n"
    assert (
        rows[2]
        .split("实际完成值: 4个\n")[1]
        .startswith(f"{scores}            偏差原因分析及改进措施: 示例原因\n{end}")
    )


def test_report_with_title_repeated_after_the_cover(tmp_path: Path) -> None:
    document = docx.Document()
    title = "2022年度示例单位部门整体支出绩效自评报告"
    for text in (
        title,
        "单位名称：（盖章）示例单位",
        "2023年3月1日",
        title,
        "一、部门（单位）基本情况",
    ):
        document.add_paragraph(text)
    document.add_paragraph("示例单位编制5人。")
    (draft,) = import_document(document, tmp_path).drafts
    assert (draft.form.id, draft.title) == ("hunan-2022-report", title)
    assert "单位名称: 示例单位\n" in yaml_of(draft)
    assert draft.body.endswith("## 一、部门（单位）基本情况\n\n示例单位编制5人。")


def test_too_many_attachments_are_refused(tmp_path: Path) -> None:
    document = docx.Document()
    add_table(document, [*TABLE, *[("项目名称", "示例")] * MAX_ATTACHMENTS])
    assert import_document(document, tmp_path).refusal.startswith(
        f"文件里超过 {MAX_ATTACHMENTS} 份表，没有读取"
    )
