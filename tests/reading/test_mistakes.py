"""Mistakes of clerks in every file of a data folder, one by one, with all that is said of them.

The golden file has the mistakes' names and the problems. After a change of messages,
`pytest tests/reading/test_mistakes.py --update-golden` rewrites it; review its diff as prose: a
mistake has one message that says what is wrong, where, and what to do, and no others follow from it.
"""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gongkai.checks.runner import check_data
from gongkai.model.problems import Problem
from tests.folders import GOLDEN, ROOT, TODAY

GOLDEN_FILE = GOLDEN / "reading" / "mistakes.txt"
UNIT = "units/shili/unit.yml"
YEAR = "units/shili/2022"
FACTS = f"{YEAR}/disclosure.yml"
OVERALL = f"{YEAR}/overall.yml"
BASELINE = f"{YEAR}/baseline.yml"
REPORT = f"{YEAR}/report.md"
PROJECT = f"{YEAR}/projects/shili-daolu.yml"
FORM = "forms/hunan-2022-project.yml"
OBJECTIVE = "预期目标: 示例道路畅通，示例服务到位。"
KINDS = "{基本支出: 200, 项目支出: 100}"
ITEM = "          - 三级指标: 示例居民满意度"

Step = Callable[[Path], object]


def replace(file: str, old: str, new: str, count: int = -1) -> Step:
    """Return a step that replaces a text in a file."""

    def step(data: Path) -> None:
        text = (data / file).read_text("utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (data / file).write_text(text.replace(old, new, count), "utf-8")

    return step


def append(file: str, text: str) -> Step:
    """Return a step that adds lines to a file."""
    return lambda data: (data / file).write_text((data / file).read_text("utf-8") + text, "utf-8")


def write(file: str, content: str | bytes) -> Step:
    """Return a step that writes a file."""

    def step(data: Path) -> None:
        (data / file).parent.mkdir(parents=True, exist_ok=True)
        (data / file).write_bytes(content if isinstance(content, bytes) else content.encode())

    return step


def save_as(file: str, encoding: str) -> Step:
    """Return a step that saves a file in another encoding."""
    return lambda data: (data / file).write_bytes((data / file).read_text("utf-8").encode(encoding))


def rename(old: str, new: str) -> Step:
    """Return a step that renames a file or folder."""

    def step(data: Path) -> None:
        (data / new).parent.mkdir(parents=True, exist_ok=True)
        (data / old).rename(data / new)

    return step


def remove(name: str) -> Step:
    """Return a step that removes a file or folder."""
    return lambda data: (
        shutil.rmtree(data / name) if (data / name).is_dir() else (data / name).unlink()
    )


def make_folder(folder: str) -> Step:
    """Return a step that makes an empty folder."""
    return lambda data: (data / folder).mkdir(parents=True)


def put_link(file: str, target: str) -> Step:
    """Return a step that puts a link in a file's place."""

    def step(data: Path) -> None:
        (data / file).unlink()
        (data / file).symlink_to(target)

    return step


def amount(text: str) -> tuple[Step]:
    """Return the step that files a text as an amount."""
    return (replace(OVERALL, "政府性基金拨款: 0", f"政府性基金拨款: {text}"),)


def filed_on(text: str) -> tuple[Step]:
    """Return the step that files a text as 填报日期."""
    return (replace(FACTS, "填报日期: 2023年3月1日", f"填报日期: {text}"),)


def published_on(text: str) -> tuple[Step]:
    """Return the step that files a text as 发布日期."""
    return (replace(FACTS, "发布日期: 2023-06-30", f"发布日期: {text}"),)


WRONG_SUM = replace(PROJECT, "总分: {分值: 100, 得分: 99}", "总分: {分值: 100, 得分: 98}")
PLACE = "项目自评表（示例道路维护）/总分/得分"


def explain(**changes: str) -> tuple[Step, ...]:
    """Return the steps that plant a wrong sum and explain it."""
    entry = {
        "规则": "DF-03", "位置": PLACE, "申报值": "98", "复算值": "99",
        "说明": "示例", "说明人": "示例员", "日期": "2023-07-01",
    } | changes  # fmt: skip
    lines = "\n    ".join(f"{key}: {value}" for key, value in entry.items())
    return WRONG_SUM, append(FACTS, f"差异说明:\n  - {lines}\n")


def correct(**changes: str) -> tuple[Step]:
    """Return the step that announces a correction."""
    entry = {
        "位置": PLACE,
        "原值": "97",
        "新值": "99",
        "原因": "示例",
        "日期": "2023-07-01",
    } | changes
    lines = "\n    ".join(f"{key}: {value}" for key, value in entry.items())
    return (append(FACTS, f"勘误:\n  - {lines}\n"),)


def site(text: str) -> tuple[Step]:
    """Return the step that adds to site.yml."""
    return (append("site.yml", text),)


SECOND_DASHES = replace(FACTS, "  - 编号", "    编号")
MISTAKES: Mapping[str, tuple[Step, ...]] = {
    # How files are written
    "no dash in a list": (
        replace(OVERALL, "绩效指标:\n  - 一级指标", "绩效指标:\n    一级指标"),
        replace(OVERALL, "  - 一级指标: 效益指标", "    一级指标: 效益指标"),
    ),
    "no dash before the first item": (
        replace(OVERALL, "绩效指标:\n  - 一级指标", "绩效指标:\n    一级指标"),
    ),
    "no dash before a later item": (
        replace(OVERALL, "  - 一级指标: 效益指标", "    一级指标: 效益指标"),
    ),
    "no dash before the only item": (replace(OVERALL, ITEM, ITEM.replace("- ", "  ")),),
    "no dash before a later attachment": (
        replace(FACTS, "  - 编号: 附件2\n", "    编号: 附件2\n"),
    ),
    "no dash before any attachment": (SECOND_DASHES,),
    "no dash before a project": (replace(FACTS, "  - shili-daolu", "  shili-daolu"),),
    "a dash without a space": (replace(OVERALL, ITEM, ITEM.replace("- ", "-")),),
    "a full-width dash": (replace(OVERALL, ITEM, ITEM.replace("-", "－")),),
    "a full-width dash without a space": (replace(OVERALL, ITEM, ITEM.replace("- ", "－")),),
    "an em dash": (replace(OVERALL, ITEM, ITEM.replace("-", "—")),),
    "a bullet": (replace(OVERALL, ITEM, ITEM.replace("-", "•")),),
    "a star": (replace(OVERALL, ITEM, ITEM.replace("-", "*")),),
    "a full-width colon": (replace(OVERALL, "预期目标: ", "预期目标："),),
    "a ratio sign": (replace(OVERALL, "预期目标: ", "预期目标∶"),),
    "an equals sign": (replace(OVERALL, "预期目标: ", "预期目标="),),
    "no colon": (replace(OVERALL, "预期目标: ", "预期目标 "),),
    "a quote closed in Chinese": (
        replace(OVERALL, OBJECTIVE, '预期目标: "示例道路畅通，示例服务到位。”'),
    ),
    "a quote not closed": (replace(OVERALL, "预期目标: 示例", '预期目标: "示例'),),
    "a brace not closed": (replace(OVERALL, KINDS, KINDS.replace("}", "")),),
    "full-width braces": (replace(OVERALL, KINDS, KINDS.replace("{", "｛").replace("}", "｝")),),
    "a full-width closing brace": (replace(OVERALL, KINDS, KINDS.replace("}", "｝")),),
    "a wrong closing bracket": (replace(OVERALL, KINDS, KINDS.replace("}", "]")),),
    "brackets for braces": (
        replace(OVERALL, KINDS, KINDS.replace("{", "[").replace("}", "]")),
    ),
    "round brackets for braces": (
        replace(OVERALL, KINDS, KINDS.replace("{", "(").replace("}", ")")),
    ),
    "a full-width comma": (replace(OVERALL, KINDS, KINDS.replace(", ", "，")),),
    "a semicolon for a comma": (replace(OVERALL, KINDS, KINDS.replace(",", ";")),),
    "an enumeration comma": (replace(OVERALL, KINDS, KINDS.replace(", ", "、")),),
    "a thousands separator": (replace(OVERALL, KINDS, KINDS.replace("200", "1,200")),),
    "a decimal comma": amount("3,05"),
    "one space too few": (replace(OVERALL, "  实际完成情况: ", " 实际完成情况: "),),
    "one space too many": (replace(OVERALL, "  实际完成情况: ", "   实际完成情况: "),),
    "a section that is not indented": (
        replace(OVERALL, "  预期目标: ", "预期目标: "),
        replace(OVERALL, "  实际完成情况: ", "实际完成情况: "),
    ),
    "a second line that is not indented": (
        replace(OVERALL, OBJECTIVE, "预期目标: 示例道路畅通，\n示例服务到位。"),
    ),
    "a tab": (replace(OVERALL, "  预期目标:", "\t预期目标:"),),
    "no-break spaces": (replace(OVERALL, "  预期目标: ", "\xa0\xa0预期目标: "),),
    "a conflict": (
        replace(
            OVERALL,
            f"  {OBJECTIVE}\n",
            f"<<<<<<< HEAD\n  {OBJECTIVE}\n=======\n  预期目标: 示例。\n>>>>>>> shili\n",
        ),
    ),
    "the rest of a conflict": (replace(OVERALL, "年度总体目标:\n", "=======\n年度总体目标:\n"),),
    "a key twice": (append(OVERALL, "市级预算部门名称: 示例局\n"),),
    "a code frame": (
        replace(OVERALL, "表式: hunan", "```yaml\n表式: hunan"),
        append(OVERALL, "```\n"),
    ),
    "a key in Chinese quotes": (replace(OVERALL, "表式: ", "“表式”: "),),
    "a list for a text": (replace(OVERALL, OBJECTIVE, "预期目标:\n    - 甲\n    - 乙"),),
    "keys for a text": (replace(OVERALL, OBJECTIVE, "预期目标:\n    甲: 乙"),),
    "a text for keys": (replace(OVERALL, KINDS, "300"),),
    "GBK": (save_as(OVERALL, "gb18030"),),
    "UTF-16": (save_as(OVERALL, "utf-16"),),
    "a BOM": (save_as(OVERALL, "utf-8-sig"),),
    "an Excel file": (write(OVERALL, b"PK\x03\x04" + bytes(range(256))),),
    "an old Word file": (write(OVERALL, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)),),
    "a picture": (write(OVERALL, b"\x89PNG\r\n\x1a\n" + bytes(100)),),
    "a PDF": (write(OVERALL, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),),
    "a web page": (write(OVERALL, "<!DOCTYPE html>\n<table><td>年度</table>"),),
    "a report of Word": (write(REPORT, b"PK\x03\x04" + bytes(range(256))),),
    "zero bytes": (write(OVERALL, bytes(300)),),
    "CSV": (write(OVERALL, "表式,市级预算部门名称\nhunan-2022-overall,示例单位\n"),),
    "a Markdown table": (write(OVERALL, "| 表式 | 值 |\n|---|---|\n| 甲 | 1 |\n"),),
    "nothing": (write(OVERALL, ""),),
    # Values
    **{f"amount {text}": amount(text) for text in (
        "无", "约300", "￥300", "30O", "300。5", "−5", ".5", "三百", "见附表", "300（含结转）",
        "300.00元", "'#REF!'", "#REF!",
    )},
    **{f"filed on {text}": filed_on(text) for text in (
        "2月30日", "2023年3月", "3月", "45000", "20230301", "明天", "2033年3月1日", "2021年3月1日",
    )},
    **{f"published on {text}": published_on(text) for text in (
        "2023-06-31", "20230630", "2023-06-30 25:00", "45107", "今天", "30/06/2023", "2099-01-01",
    )},
    "created after publication": (
        replace(FACTS, "生成日期: 2023-06-30", "生成日期: 2023-07-30"),
    ),
    **{f"year {text}": (replace(FACTS, "年度: 2022\n", f"年度: {text}\n"),) for text in (
        "2022年", "二〇二二", "无", "2023",
    )},
    "an unknown kind of attachment": (
        replace(FACTS, "类型: 部门整体自评表", "类型: 部门整体支出绩效自评表"),
    ),
    "an attachment twice": (replace(FACTS, "类型: 项目自评表", "类型: 项目自评报告"),),
    **{f"form {text}": (replace(PROJECT, "表式: hunan-2022-project\n", f"表式: {text}\n"),) for text in (
        "hunan_2022_project", "hunan-2022-project.yml", "湖南", "[湖南]", "hunan-2022-overall",
    )},
    "a misspelt key that must be there": (replace(FACTS, "公开目录:", "公开目彔:"),),
    "an unknown key": (append(FACTS, "备注: 示例\n"),),
    # Files and folders
    "no unit": (remove("units"), make_folder("units")),
    "no unit.yml": (remove(UNIT),),
    "no units": (remove("units"),),
    "an attachment without a file": (remove(BASELINE),),
    "a project without a file": (remove(PROJECT),),
    "a project misspelt": (replace(FACTS, "  - shili-daolu", "  - shili-dao1u"),),
    "a project with its extension": (
        replace(FACTS, "  - shili-daolu", "  - shili-daolu.yml"),
    ),
    "a project by its name": (replace(FACTS, "  - shili-daolu", "  - 示例道路维护"),),
    "a project's file with a Chinese name": (rename(PROJECT, f"{YEAR}/projects/示例道路.yml"),),
    "a project's file beside the others": (rename(PROJECT, f"{YEAR}/shili-daolu.yml"),),
    "a folder of projects with another name": (rename(f"{YEAR}/projects", f"{YEAR}/project"),),
    "a folder in the folder of projects": (rename(PROJECT, f"{YEAR}/projects/2022/shili-daolu.yml"),),
    "a year's folder with another name": (rename(YEAR, "units/shili/2022年"),),
    "a file in units": (write("units/shili.yml", "名称: 示例\n"),),
    "a file in the unit's folder": (write("units/shili/report.md", "示例\n"),),
    "another extension": (rename(OVERALL, f"{YEAR}/overall.YML"),),
    "two extensions": (rename(REPORT, f"{YEAR}/report.md.txt"),),
    "a Word file beside": (write(f"{YEAR}/report.docx", b"PK"),),
    "a file of Word while it is open": (write(f"{YEAR}/~$report.docx", b"x"),),
    "a file of Windows": (write(f"{YEAR}/Thumbs.db", b"x"),),
    "a copy": (lambda data: shutil.copy(data / OVERALL, data / YEAR / "overall - 副本.yml"),),
    "a folder for a file": (remove(OVERALL), make_folder(OVERALL)),
    "a broken link": (put_link(OVERALL, "没有.yml"),),
    "a link to itself": (put_link(OVERALL, "overall.yml"),),
    "a pipe": (remove(OVERALL), lambda data: os.mkfifo(data / OVERALL)),
    "a form's file with another name": (rename(FORM, "forms/湖南.yml"),),
    # unit.yml, site.yml, words.yml
    "level 县": (replace(UNIT, "级别: 市级", "级别: 县"),),
    "a short name that is no list": (replace(UNIT, "简称:\n  - 示单\n", "简称: 示单、示例\n"),),
    "a region that is a text": (replace(UNIT, "行政区划:\n  县: 示例县\n", "行政区划: 示例县\n"),),
    "a unit that is a list": (write(UNIT, "- 名称: 示例单位\n"),),
    "an address as domain": (
        replace("site.yml", "域名: gongkai.example", "域名: https://gongkai.example/"),
    ),
    "nine digits": (replace("site.yml", '"0000000000"', '"000000000"'),),
    "a format that is not offered": site("下载: [Word, PDF]\n"),
    "formats that are no list": site("下载: Word、Excel\n"),
    "neither yes nor no": site("修改记录: 也许\n"),
    "a deadline for a year in words": site("公开期限:\n  二二: 2023-09-30\n"),
    "a deadline on no day": site("公开期限:\n  2022: 2023-09-31\n"),
    "a deadline before the end of the year": site("公开期限:\n  2022: 2021-09-30\n"),
    "a link without a scheme": site("网站找错: gongkai.example\n"),
    "a wrong word without the right one": (write("words.yml", "错字:\n  - {错: 示例}\n"),),
    # 差异说明, 勘误, 勾稽核对
    "explanation": explain(),
    **{f"explanation, {key}: {value}": explain(**{key: value}) for key, value in (
        ("位置", "项目自评表（示例道路维护）/总分"), ("位置", "第84行"), ("规则", "df-03"), ("规则", "DF-04"),
        ("规则", "得分合计"), ("申报值", "97"), ("日期", "2033-07-01"), ("日期", "7月1日"), ("说明", ""),
    )},
    "explanation twice": (*explain(), append(FACTS, (
        f"  - {{规则: DF-03, 位置: {PLACE}, 申报值: 98, 复算值: 99, 说明: 示例, 说明人: 示例员, 日期: 2023-07-01}}\n"
    ))),
    "explanation as a text": (WRONG_SUM, append(FACTS, "差异说明: 原件如此\n")),
    "explanation without a dash": (
        append(FACTS, "差异说明:\n  规则: DF-03\n  位置: 示例\n  说明: 示例\n"),
    ),
    "correction": correct(),
    **{f"correction, {key}: {value}": correct(**{key: value}) for key, value in (
        ("位置", "项目自评表/总分/得分"), ("位置", "项目自评表（示例道路维护）/养护里程/实际完成值"),
        ("位置", "项目自评表（示例道路维护）/项目资金"), ("位置", "overall.yml/总分"), ("新值", "98"),
        ("原值", "99"), ("日期", "2033-01-01"),
    )},
    "correction as a text": (append(FACTS, "勘误: 无\n"),),
    "a relation of one place": (
        append(FACTS, "勾稽核对:\n  - {名称: 示例, 相等: [部门整体自评表/总分/得分]}\n"),
    ),
    "a relation of a wrong place": (append(FACTS, (
        "勾稽核对:\n  - {名称: 示例, 相等: [部门整体自评表/总分/得分, 基础数据表/总计]}\n"
    )),),
}  # fmt: skip
"""The steps of every mistake."""


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the synthetic unit."""
    data = tmp_path_factory.mktemp("example") / "data"
    shutil.copytree(GOLDEN / "data", data)
    (data / "forms").mkdir()
    forms = ROOT / "data" / "forms"
    for form in (*forms.glob("hunan-2022-*.yml"), *forms.glob("mof-*.yml")):
        shutil.copy(form, data / "forms")
    return data


def say(data: Path, steps: tuple[Step, ...]) -> list[str]:
    """Return what is said of a data folder after a mistake."""
    for step in steps:
        step(data)
    problems = check_data(data, TODAY, display_name="data").judgement.problems
    return [describe(problem) for problem in problems if problem.explanation is None]


def describe(problem: Problem) -> str:
    file = problem.position.file.replace(f"data/{YEAR}/", "")
    place = f"{file}:{problem.position.line}:{problem.position.column}"
    return f"{problem.level} {place} {problem.sentence}（{problem.rule.id}）"


def golden_cases() -> dict[str, list[str]]:
    """Return the problems of the golden file by the mistakes' names."""
    cases = {}
    for case in f"\n{GOLDEN_FILE.read_text('utf-8')}".split("\n=== ")[1:]:
        name, *lines = case.rstrip("\n").split("\n")
        cases[name] = lines
    return cases


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(name: str, example: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    data = shutil.copytree(example, tmp_path / "data")
    said = say(data, MISTAKES[name])
    if request.config.getoption("--update-golden"):
        cases = (golden_cases() if GOLDEN_FILE.is_file() else {}) | {name: said}
        ordered = (
            f"=== {key}\n" + "".join(f"{line}\n" for line in cases[key])
            for key in MISTAKES
            if key in cases
        )
        GOLDEN_FILE.write_text("".join(ordered), "utf-8")
    assert said == golden_cases()[name]


_ENGLISH = re.compile(r"\b(?:is|not|a|an|the|of|to|expected|invalid|error|found|must|should|key)\b")


def test_messages_are_chinese() -> None:
    """Words of Python, pydantic and PyYAML show nowhere."""
    for name, lines in golden_cases().items():
        assert [line for line in lines if _ENGLISH.search(line)] == [], name


def test_every_mistake_is_noticed() -> None:
    """Only what is right goes without a word."""
    cases = golden_cases()
    assert cases.keys() == MISTAKES.keys()
    assert [name for name, lines in cases.items() if not lines] == ["explanation", "correction"]
