"""Tables that became running text: values between two labels, and nothing guessed."""

from pathlib import Path

import docx
import pytest

from gongkai.authoring.importer import SourceFile, form_candidates, read_source_file
from gongkai.authoring.office.label_index import Leaf
from tests.authoring.test_office_reader import FORMS, yaml_of

FORM = FORMS["mof-2020-project"].model_copy(
    update={"sign_off": ("填表人：{填表人}", "单位负责人签字：{单位负责人签字}")}
)
TITLE = "项目支出绩效自评表（2022年度）"
TEXT = (
    "项目名称 示例道路 主管部门 示例局 实施单位（盖章） 示例单位 项目资金（万元） "
    "年初预算数 全年预算数 全年执行数 分值 执行率 得分 "
    "年度资金总额 10.50 10 9.5 10 95% 9.5 其中：当年财政拨款 10 9.5 "
    "年度总体目标 预期目标 实际完成情况 修好道路。 已经修好。 "
    "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施 "
    "产出指标（50分） 数量指标 里程 ≥12公里 12公里 50 50 总分 100 95.5"
)
PLACED = {
    "项目名称": "示例道路",
    "主管部门": "示例局",
    "实施单位": "示例单位",
    "项目资金/年度资金总额/年初预算数": "10.50",
    "项目资金/年度资金总额/全年执行数": "9.5",
    "项目资金/年度资金总额/得分": "9.5",
    "年度总体目标/预期目标": "修好道路。",
    "年度总体目标/实际完成情况": "已经修好。",
    "总分/分值": "100",
    "总分/得分": "95.5",
}


def value_at(reading: SourceFile, path: str) -> str:
    """Return the value at a path of keys; empty if it was not placed."""
    tree: object = reading.drafts[0].tree
    for key in path.split("/"):
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree.text if isinstance(tree, Leaf) else ""


def import_texts(folder: Path, kind: str, *texts: str) -> SourceFile:
    """Import paragraphs as a web page, Word file or text file."""
    path = folder / f"示例{kind}"
    if kind == ".docx":
        document = docx.Document()
        for text in texts:
            document.add_paragraph(text)
        document.save(f"{path}")
    elif kind == ".html":
        path.write_text(f"<html><body>{''.join(f'<p>{text}</p>' for text in texts)}", "utf-8")
    else:
        path.write_text("\n".join(texts), "utf-8")
    candidates = form_candidates([FORM], None, 2022)
    return read_source_file(path, candidates)


@pytest.mark.parametrize("kind", [".docx", ".html", ".txt"])
def test_values_between_labels_are_placed(kind: str, tmp_path: Path) -> None:
    reading = import_texts(tmp_path, kind, TITLE, TEXT)
    assert {path: value_at(reading, path) for path in PLACED} == PLACED
    assert [slot.text for slot in reading.drafts[0].unused] == [
        "其中：当年财政拨款 10 9.5",
        "产出指标（50分） 数量指标 里程 ≥12公里 12公里 50 50",
    ]
    assert any("按标签拆开" in remark for remark in reading.remarks)
    if reading.account:
        assert (reading.account.lost, reading.account.foreign) == ([], [])


def test_the_line_below_the_table_is_read_as_such(tmp_path: Path) -> None:
    text = f"{TEXT} 填表人：张某 单位负责人签字：李 某"
    reading = import_texts(tmp_path, ".html", TITLE, text)
    signed = {key: leaf.text for key, leaf in reading.drafts[0].sign_off.items()}
    assert signed == {"填表人": "张某", "单位负责人签字": "李 某"}
    assert value_at(reading, "总分/得分") == "95.5"


def test_complete_rows_of_indicators_are_placed(tmp_path: Path) -> None:
    start, end = TEXT.split("产出指标")
    rows = (
        "产出指标（50分） 数量指标 里程 ≥12公里 12公里 50 50 无",
        "质量指标 合格率 100% 100% 0 0",
    )
    reading = import_texts(tmp_path, ".html", TITLE, start, *rows, f"总分{end.split('总分')[1]}")
    assert "三级指标: 里程" in yaml_of(reading.drafts[0])
    assert "合格率" not in yaml_of(reading.drafts[0])
    assert [slot.text for slot in reading.drafts[0].unused] == [
        "其中：当年财政拨款 10 9.5",
        rows[1],
    ]


def test_a_cell_in_every_paragraph(tmp_path: Path) -> None:
    cells = TEXT.replace("修好道路。", "修好 道路。").split(" ")
    reading = import_texts(tmp_path, ".html", TITLE, *cells)
    assert value_at(reading, "主管部门") == "示例局"
    assert value_at(reading, "项目资金/年度资金总额/得分") == "9.5"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("示例道路 主管部门", "示例道路主管部门"),
        ("示例单位 项目资金", "示例单位 项目资金情况 项目资金"),
        ("主管部门 示例局", "主管部门 示例局 某某股"),
    ],
)
def test_what_may_be_another_cell_is_not_guessed(before: str, after: str, tmp_path: Path) -> None:
    reading = import_texts(tmp_path, ".html", TITLE, TEXT.replace(before, after))
    values = [value_at(reading, path) for path in ("项目名称", "主管部门", "实施单位")]
    assert values.count("") in {1, 2}
    assert {value for value in values if value} < {"示例道路", "示例局", "示例单位"}
    assert len(reading.drafts[0].unused) == 3


def test_a_text_with_few_labels_is_no_table(tmp_path: Path) -> None:
    reading = import_texts(tmp_path, ".html", "项目名称 示例道路 主管部门 示例局")
    assert not reading.drafts
    assert [slot.text for slot in reading.unrecognized] == ["项目名称 示例道路 主管部门 示例局"]
