"""Command new: skeletons pass the checks, and existing files are kept."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.authoring.form_questions import next_question
from gongkai.authoring.skeletons import DOCUMENT_FILES
from gongkai.checks.runner import check_data
from gongkai.cli import main
from gongkai.model.forms import Form
from gongkai.model.terms import DocumentKind
from tests.folders import ROOT, TODAY, example_data

FORMS = [form for form in check_data(ROOT / "data", TODAY).dataset.forms if form.is_complete]


def run_command(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


HUNAN = {"units/shili/unit.yml": {"行政区划:\n": "行政区划:\n  省: 湖南省\n"}}


def read_files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_skeleton_lacks_only_required_values(form: Form, tmp_path: Path) -> None:
    data = example_data(tmp_path)
    options = ["--project", "xin-xiangmu"] if form.kind.is_about_project else []
    code, out, _ = run_command(
        "new", "shili", "2024", "--form", form.id, *options, "--data", str(data)
    )
    assert code == 0
    name = f"projects/{options[1]}.yml" if options else DOCUMENT_FILES[form.kind]
    assert f"2024/{name}" in out
    problems = check_data(data, TODAY).judgement.problems
    new_problems = [problem for problem in problems if "/2024/" in problem.position.file]
    assert {problem.rule.id for problem in new_problems} <= {"JG-03", "JG-07"}
    assert any(problem.rule.id == "JG-03" for problem in new_problems)


def test_existing_files_are_kept(tmp_path: Path) -> None:
    data = example_data(tmp_path, HUNAN)
    before = read_files(data / "units")
    code, out, advice = run_command("new", "shili", "2022", "--data", str(data))
    assert (code, advice) == (0, "没有新建文件\n")
    assert out.count("已有 ") == 5
    assert read_files(data / "units") == before


def test_filled_skeleton_is_a_document(tmp_path: Path) -> None:
    data = example_data(tmp_path, HUNAN)
    run_command(
        "new", "shili", "2023", "--project", "xin", "--name", "示例: #一", "--data", str(data)
    )
    project = data / "units/shili/2023/projects/xin.yml"
    head = project.read_text("utf-8").splitlines()
    assert head[0] == "# yaml-language-server: $schema=../../../../schemas/project.json"
    assert head[2] == "项目名称: '示例: #一'  # 项目全称，必填"
    assert (
        "    - 一级指标: 成本指标\n      分值: 20  # 分数，例如 10 或 9.5\n"
        in project.read_text("utf-8")
    )
    facts = data / "units/shili/2023/disclosure.yml"
    facts.write_text(facts.read_text("utf-8").replace("  名称:", "  名称: 示例"), "utf-8")
    disclosure = check_data(data, TODAY).dataset.disclosures[-1]
    assert (disclosure.year, disclosure.projects[0].name) == (2023, "示例: #一")


def test_new_unit_starts_with_unit_file(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    code, out, _ = run_command("new", "xin-danwei", "2023", "--data", str(data))
    assert code == 0
    assert [line.split("/units/")[1] for line in out.splitlines()] == [
        "xin-danwei/unit.yml",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("shili", "2023", "--form", "hunan-2022-overal"), "没有名为“hunan-2022-overal”的表式；是否应为“hunan-2022-overall”？\n"),
        (("shili", "2023", "--form", "hubei-2022-project"), "表式“hubei-2022-project”尚不完整（完整: 否），不能用来填报\n"),
        (("shili", "2023", "--form", "mof-2020-project", "--form", "yunnan-2022-project"), "mof-2020-project、yunnan-2022-project 都是项目自评表；请只写一个\n"),
        (("../shili", "2023"), "代号“../shili”会成为网址的一部分，只能用小写英文字母、数字和连字符（例如 jsx-2），且不能是 index、readme\n"),
        (("shili", "2023", "--project", "新项目"), "代号“新项目”会成为网址的一部分，只能用小写英文字母、数字和连字符（例如 jsx-2），且不能是 index、readme\n"),
    ],
)  # fmt: skip
def test_invalid_request_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    data = example_data(tmp_path)
    before = read_files(data)
    assert run_command("new", *arguments, "--data", str(data)) == (2, "", message)
    assert read_files(data) == before


def test_ambiguous_form_is_refused(tmp_path: Path) -> None:
    data = example_data(
        tmp_path, {"units/shili/unit.yml": {"行政区划:\n": "行政区划:\n  省: 示例省\n"}}
    )
    code, _, message = run_command("new", "shili", "2023", "--project", "xin", "--data", str(data))
    assert code == 2
    assert message == (
        "项目自评表有几种表式可用：central-transfer-2021、mof-2020-project、mof-2021-project-cost、"
        "project-40-40、project-rate-indicator、project-split-values、project-two-levels；"
        "请用 --form 写明用哪一种\n"
    )
    code, _, message = run_command("new", "shili", "2015", "--data", str(data))
    assert code == 2
    assert message.startswith(
        "没有适用于本单位的表式；请用 --form 写明，可用的有：anhui-2020-project、"
    )


def test_a_general_form_is_for_units_whose_region_has_none(tmp_path: Path) -> None:
    data = example_data(
        tmp_path, {"units/shili/unit.yml": {"行政区划:\n": "行政区划:\n  省: 示例省\n"}}
    )
    assert run_command("new", "shili", "2023", "--data", str(data))[0] == 0
    year = data / "units/shili/2023"
    assert sorted(path.name for path in year.iterdir()) == ["disclosure.yml", "overall.yml"]
    assert "表式: overall-evaluation\n" in (year / "overall.yml").read_text("utf-8")


def general_forms() -> list[Form]:
    forms = [form for form in FORMS if form.kind is DocumentKind.PROJECT and not form.scope.region]
    assert len(forms) > 5
    return forms


def test_questions_tell_all_general_forms_apart() -> None:
    def leaves(forms: Sequence[Form]) -> list[str]:
        question = next_question(forms, {}) if len(forms) > 1 else None
        if question is None:
            assert len(forms) == 1, [form.id for form in forms]
            return [forms[0].id]
        return [*leaves(question.yes), *leaves(question.no)]

    forms = general_forms()
    assert sorted(leaves(forms)) == sorted(form.id for form in forms)
    costs = [form for form in forms if form.id in {"project-40-40", "mof-2021-project-cost"}]
    question = next_question(costs, {})
    assert question
    assert question.text == "一级指标里有没有“成本指标”这一行？"
    assert [form.id for form in question.yes] == ["mof-2021-project-cost"]


def test_forms_that_look_the_same_have_no_question() -> None:
    form = general_forms()[0]
    assert next_question([form, form.model_copy(update={"id": "other"})], {}) is None


@pytest.mark.skipif(sys.platform == "win32", reason="伪终端只有 Linux 和 macOS 有")
def test_questions_on_a_terminal(tmp_path: Path) -> None:
    data = example_data(
        tmp_path, {"units/shili/unit.yml": {"行政区划:\n": "行政区划:\n  省: 示例省\n"}}
    )
    arguments = ["new", "shili", "2023", "--project", "xin", "--data", str(data)]
    shown, code = answer_on_terminal(arguments, ["不知道", "否", "是"])
    assert code == 0
    assert "“产出指标”是不是 50 分？（是/否）" in shown
    assert "一级指标里有没有“成本指标”这一行？（是/否）" in shown
    assert "用“项目支出绩效自评表（成本式，2021年）”（mof-2021-project-cost）" in shown
    text = (data / "units/shili/2023/projects/xin.yml").read_text("utf-8")
    assert "表式: mof-2021-project-cost" in text


def answer_on_terminal(arguments: Sequence[str], answers: Sequence[str]) -> tuple[str, int]:
    """Run gongkai on a terminal and type the answers; return what it shows and its exit code."""
    import pty  # noqa: PLC0415 - not on Windows

    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "gongkai", *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    os.write(controller, "".join(f"{answer}\n" for answer in answers).encode())
    shown = b""
    with suppress(OSError):  # The terminal is closed when the process has ended.
        while chunk := os.read(controller, 65536):
            shown += chunk
    os.close(controller)
    return shown.decode(), process.wait(60)
