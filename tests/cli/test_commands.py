"""Commands as users type them: exit codes and output."""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gongkai.checks.registry import RULES
from gongkai.cli import main
from gongkai.runtime.clock import today
from gongkai.runtime.git import run_git
from tests.folders import GOLDEN, ROOT, example_data, replace_in_file

OVERALL = "units/shili/2022/overall.yml"
PROJECT = "units/shili/2022/projects/shili-daolu.yml"
KEYS = [
    "rule", "level", "name", "file", "line", "column", "where", "filed", "computed", "message",
    "explained",
]  # fmt: skip


@pytest.fixture
def seed_without_explanations(tmp_path: Path) -> Path:
    """Return a copy of the published data without its 差异说明."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    path = data / "units/xintian-jsx/2022/disclosure.yml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("差异说明:")], "utf-8")
    return data


def run(*arguments: str) -> tuple[int, str, str]:
    """Run gongkai; return exit code, standard output and standard error."""
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_python_m_gongkai_is_the_command() -> None:
    arguments = ("rules", "DF-03")
    command = [sys.executable, "-m", "gongkai", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == run(*arguments)


def count_files(data: Path) -> int:
    """Return the number of data files in a folder."""
    return sum(1 for path in data.rglob("*") if path.suffix in {".yml", ".md"})


def test_published_data_is_publishable() -> None:
    code, out, err = run("check", "--data", str(ROOT / "data"))
    assert (code, "错误" in out) == (0, False)
    assert err.startswith(f"核对了 {count_files(ROOT / 'data')} 个文件：")
    assert err.endswith("处差异已有说明。可以公开。\n")


def test_problems_of_the_published_data(
    seed_without_explanations: Path, request: pytest.FixtureRequest
) -> None:
    """Compare the problems of the real disclosure with tests/golden/seed.txt."""
    code, out, err = run("check", "--data", str(seed_without_explanations))
    report = out.replace(f"{seed_without_explanations.as_posix()}/units/xintian-jsx/2022/", "")
    golden_file = GOLDEN / "seed.txt"
    if request.config.getoption("--update-golden"):
        golden_file.write_text(report, "utf-8")
    assert report == golden_file.read_text("utf-8")
    assert code == 1
    assert err.endswith("请改正后再提交。\n")


def test_json_has_one_object_per_line(seed_without_explanations: Path) -> None:
    code, out, _ = run("check", "--format", "json", "--data", str(seed_without_explanations))
    problems = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert all(list(problem) == KEYS for problem in problems)
    last = next(problem for problem in problems if problem["rule"] == "DF-03")
    assert (last["level"], last["name"]) == ("E", "得分合计")
    assert (last["line"], last["column"], last["filed"], last["computed"]) == (99, 21, "99", "89")
    assert last["where"] == "项目自评表（流出人口计生协会专项经费）/总分/得分"
    assert last["explained"] is False


def test_json_lists_explained_problems_too() -> None:
    code, out, _ = run("check", "--format", "json", "--data", str(ROOT / "data"))
    assert code == 0
    problems = [json.loads(line) for line in out.splitlines()]
    assert {problem["explained"] for problem in problems if problem["level"] == "E"} == {True}
    assert {problem["explained"] for problem in problems if problem["level"] != "E"} == {False}


def test_paths_limit_the_report(tmp_path: Path) -> None:
    data = example_data(
        tmp_path, {OVERALL: {"得分: 98}": "得分: 97}"}, PROJECT: {"得分: 99}": "得分: 98}"}}
    )
    assert run("check", "--data", str(data))[1].count("DF-03") == 2
    code, out, _ = run("check", str(data / OVERALL), "--data", str(data))
    assert (code, out.count("DF-03"), "overall.yml" in out) == (1, 1, True)
    assert run("check", str(data / "site.yml"), "--data", str(data))[0] == 0
    assert run("check", str(data / "units/shili/2022/projects"), "--data", str(data))[0] == 1


def test_usage_errors_exit_with_2() -> None:
    assert run("check", "--format", "yaml")[0] == 2
    assert run("check", "no-such-file.yml")[0] == 2
    assert run("check", "--data", "no-such-folder")[0] == 2
    assert run("check", "--today", "2026-13-01")[0] == 2
    code, _, err = run("build", "-f", "no-such.yml")
    assert code == 2
    assert "文件“no-such.yml”不存在；请核对名称和所在的目录" in err


def test_today_option_decides_which_dates_are_in_the_future(tmp_path: Path) -> None:
    data = str(example_data(tmp_path))
    assert run("check", "--data", data, "--today", "2023-06-30")[0] == 0
    code, out, _ = run("check", "--data", data, "--today", "2023-06-29")
    assert code == 1
    assert "发布日期 2023-06-30 晚于今天（2023-06-29）" in out


def test_today_option_accepts_any_date(tmp_path: Path) -> None:
    data = str(example_data(tmp_path))
    for day, code in ((dt.date.min, 1), (dt.date(1969, 12, 31), 1), (dt.date.max, 0)):
        assert run("check", "--data", data, "--today", f"{day}")[0] == code


def test_options_leave_the_environment_alone(tmp_path: Path) -> None:
    before = dict(os.environ)
    assert run("check", "--data", str(example_data(tmp_path)), "--today", "2023-06-29")[0] == 1
    assert dict(os.environ) == before


def test_source_date_epoch_overrides_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    now = dt.datetime.now(tz=dt.UTC).astimezone().date()
    for seconds in ("9" * 14, "", "示例"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
        assert today() - now <= dt.timedelta(days=1)  # Midnight may have passed.
    for day in (dt.date.min, dt.date(1969, 12, 31), dt.date(2026, 11, 28), dt.date.max):
        midnight = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", f"{midnight.timestamp():.0f}")
        assert today() == day


def test_source_date_epoch_counts_as_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = str(example_data(tmp_path))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1687996800")  # 2023-06-29
    assert run("check", "--data", data)[0] == 1
    assert run("check", "--data", data, "--today", "2023-06-30")[0] == 0


def test_explain_output_resolves_the_contradictions(seed_without_explanations: Path) -> None:
    data = seed_without_explanations
    _, out, _ = run("explain", "--data", str(data))
    explanations = out.replace("    说明:\n", "    说明: 示例\n")
    explanations = explanations.replace("说明人:\n", "说明人: 示例员\n").replace(
        "日期:\n", "日期: 2023-07-01\n"
    )
    path = data / "units/xintian-jsx/2022/disclosure.yml"
    path.write_text(path.read_text("utf-8") + explanations, "utf-8")
    assert run("check", "--data", str(data))[0] == 0
    assert run("explain", "--data", str(data))[1] == "# 没有需要说明的差异\n"


def test_explain_writes_the_corrections_of_published_values(tmp_path: Path) -> None:
    """Values changed since the release get a 勘误, which then settles them."""
    data = example_data(tmp_path)
    head = f"# 填好后放进 {data}/units/shili/2022/disclosure.yml；那里已有同名的键的，只加“- ”起的各行\n"
    for arguments in (
        ("init",),
        ("config", "user.name", "示例员"),
        ("config", "user.email", "shili@example.org"),
        ("add", "--all"),
        ("commit", "--message", "公开"),
        ("tag", "released/2023-07-01"),
    ):
        run_git(*arguments, folder=tmp_path)
    replace_in_file(
        data / OVERALL, {"预期目标: 示例道路畅通，示例服务到位。": "预期目标: 示例道路畅通。"}
    )
    replace_in_file(data / PROJECT, {"改进措施: 错峰施工": "改进措施: 冬季备料"})
    code, out, _ = run("explain", "--data", str(data))
    assert (code, out) == (
        0,
        (
            f"{head}勘误:\n"
            "  - 位置: 部门整体自评表/年度总体目标/预期目标\n    原值: 示例道路畅通，示例服务到位。\n"
            "    新值: 示例道路畅通。\n    原因:\n    日期:\n"
            "  - 位置: 项目自评报告（示例道路维护）/存在的问题分析及改进措施/改进措施\n    原值: 错峰施工\n    新值: 冬季备料\n"
            "    原因:\n    日期:\n"
        ),
    )
    assert run("explain", str(data / PROJECT), "--data", str(data))[1].count("位置") == 1
    filled = out.replace("原因:\n", "原因: 示例\n").replace("日期:\n", "日期: 2023-07-01\n")
    with (data / "units/shili/2022/disclosure.yml").open("a", encoding="utf-8") as file:
        file.write(filled)
    assert run("check", "--data", str(data))[0] == 0
    assert run("explain", "--data", str(data))[1] == "# 没有需要说明的差异\n"


def test_explain_says_where_to_put_what_it_writes(tmp_path: Path) -> None:
    """Every disclosure.yml gets its own entries, which settle it once they are there."""
    data = example_data(tmp_path, copies={"units/shili": "units/shili-2"})
    for slug in ("shili", "shili-2"):
        replace_in_file(
            data / f"units/{slug}/2022/projects/shili-daolu.yml", {"得分: 99}": "得分: 98}"}
        )
    _, out, _ = run("explain", "--data", str(data))
    blocks = out.split("# 填好后放进 ")[1:]
    assert [block.split("；")[0] for block in blocks] == [
        f"{data}/units/{slug}/2022/disclosure.yml" for slug in ("shili-2", "shili")
    ]
    for block in blocks:
        path, _, rest = block.partition("；")
        entries = rest.partition("\n")[2].replace("    说明:\n", "    说明: 示例\n")
        entries = entries.replace("说明人:\n", "说明人: 示例员\n").replace(
            "日期:\n", "日期: 2023-07-01\n"
        )
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(entries)
    assert run("explain", "--data", str(data))[1] == "# 没有需要说明的差异\n"
    assert "DF-03" not in run("check", "--data", str(data))[1]


def test_explain_writes_texts_of_any_kind(tmp_path: Path) -> None:
    """Lines, quotes, hashes, colons and blanks: the corrections settle what was changed."""
    data = example_data(tmp_path)
    text = "    实际完成情况: |\n      已维护示例道路100公里，年中追加的10万元用于示例路段\n      第二行：完成\n"
    old = "    实际完成情况: 已维护示例道路100公里，年中追加的10万元用于示例路段\n"
    replace_in_file(data / PROJECT, {old: text})
    for arguments in (
        ("init",),
        ("config", "user.name", "示例员"),
        ("config", "user.email", "shili@example.org"),
        ("add", "--all"),
        ("commit", "--message", "公开"),
        ("tag", "released/2023-07-01"),
    ):
        run_git(*arguments, folder=tmp_path)
    changes = {
        "第二行：完成": "第二行: 完成“全部” #1",
        "维护示例道路100公里\n  存在": "维护示例道路100公里，含'支线'\n  存在",
        "全年预算数: ——, 全年执行数: }": "全年预算数: ——, 全年执行数: 0}",
        "改进措施: 错峰施工\n": "改进措施:\n",
    }
    replace_in_file(data / PROJECT, changes)
    _, out, _ = run("explain", "--data", str(data))
    assert out.count("位置") == 4
    filled = out.replace("原因:\n", "原因: 示例\n").replace("日期:\n", "日期: 2023-07-01\n")
    with (data / "units/shili/2022/disclosure.yml").open("a", encoding="utf-8") as file:
        file.write(filled)
    assert run("explain", "--data", str(data))[1] == "# 没有需要说明的差异\n"
    assert "GK-0" not in run("check", "--data", str(data))[1]


def test_explanation_holds_only_for_its_values(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    project = data / "units/xintian-jsx/2022/projects/liuchu-renkou.yml"
    replace_in_file(project, {"得分: 99}": "得分: 98}"})
    code, out, _ = run("check", "--data", str(data))
    assert code == 1
    assert "说明已失效；请核对后重写（GK-03 差异说明失效）" in out
    assert "总分填报 98，各项得分合计为 89" in out


def test_render_writes_pages(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    code, _, err = run("render", str(tmp_path / "out"), "--data", str(data))
    pages = len(list((tmp_path / "out").rglob("*.md")))
    assert pages > len(RULES)
    assert (code, f"已写出 {pages} 个页面" in err) == (0, True)
    assert (tmp_path / "out/units/shili/2022/projects/shili-daolu.md").is_file()
    replace_in_file(data / OVERALL, {"得分: 98}": "得分: 97}"})
    code, _, err = run("render", str(tmp_path / "other"), "--data", str(data))
    assert (code, "DF-03" in err, (tmp_path / "other").exists()) == (1, True, False)


def test_every_command_is_documented() -> None:
    assert isinstance(main, click.Group)
    context = click.Context(main)
    guides = (ROOT / "README.md").read_text("utf-8"), (ROOT / "README.zh-CN.md").read_text("utf-8")
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command, name
        assert command.help, name
        assert all(f"gongkai {name}" in guide for guide in guides), name
        assert all(
            option.help
            for option in command.params
            if isinstance(option, click.Option) and not option.hidden
        ), name


def test_nothing_filed_is_not_called_good(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    shutil.rmtree(data / "units/shili/2022")
    code, _, err = run("check", "--data", str(data))
    assert code == 0
    assert "还没有任何年度的公开件" in err
    assert "可以公开" not in err


def test_data_folder_of_mkdocs_yml(tmp_path: Path) -> None:
    shutil.move(example_data(tmp_path), tmp_path / "sources")
    settings = tmp_path / "mkdocs.yml"
    settings.write_text("plugins:\n  - gongkai:\n      data_dir: sources\n", "utf-8")
    code, _, err = run("check", "-f", str(settings))
    count = count_files(tmp_path / "sources")
    assert (code, err) == (0, f"核对了 {count} 个文件：没有发现问题。可以公开。\n")


def test_one_run_reports_faults_of_all_kinds(tmp_path: Path) -> None:
    data = example_data(
        tmp_path,
        {
            OVERALL: {"总分: {": "总分：{", "年度指标值: ≥95%": "年度指标值: >95%"},
            PROJECT: {"存在的问题: 示例": "存在的问题: 原因: 示例", "得分: 99}": "得分: ９９}"},
            "site.yml": {"主办单位": "主办单位名"},
        },
    )
    report = data / "units/shili/2022/report.md"
    report.write_bytes(report.read_text("utf-8").encode("gb18030"))
    _, out, err = run("check", "--data", str(data))
    lines = [line.removeprefix(f"错误 {data.as_posix()}/") for line in out.splitlines()]
    assert lines == [
        "site.yml:4:1: 不认识的键“主办单位名”；是否应为“主办单位”？（JG-02 未知或缺失的键）",
        (
            f'{OVERALL}:27:20: 值以“>”开头，这个符号在此另有用途；请给整个值加引号，写成 ">95%"'
            "（JG-01 文件可解析）"
        ),
        (
            f"{OVERALL}:39:3: “总分”后面是全角冒号“：”；请改为半角冒号加空格，写成“总分: {{分值: 100, 得分: 98}}”"
            "（JG-01 文件可解析）"
        ),
        (
            f"{PROJECT}:12:14: 值“原因: 示例路段施工时间较长”中有半角冒号加空格，会被当作另一个键；"
            '请给整个值加引号，写成 "原因: 示例路段施工时间较长"，或改用全角冒号“：”（JG-01 文件可解析）'
        ),
        f"{PROJECT}:84:21: “得分”数字用了全角字符，请改写为半角“99”（JG-01 文件可解析）",
        (
            "units/shili/2022/report.md:1:1: 文件是 GBK 编码，应为 UTF-8；"
            "请用记事本或 WPS 打开，选“另存为”，编码选“UTF-8”后保存（JG-01 文件可解析）"
        ),
    ]
    assert err == f"核对了 {count_files(data)} 个文件：6 处错误。请改正后再提交。\n"


def test_forms_lists_and_describes_forms() -> None:
    data = str(ROOT / "data")
    code, out, _ = run("forms", "--data", data)
    assert code == 0
    assert re.search(
        r"^mof-2020-project +项目自评表  财政部项目支出绩效自评表（2020年）$", out, re.MULTILINE
    )
    code, out, _ = run("forms", "hunan-2022-project", "--data", data)
    assert code == 0
    assert out.startswith(
        "湖南省项目支出绩效自评表（2022年度）（表式: hunan-2022-project，继承 mof-2021-project-cost）\n"
        "类型：项目自评表\n"
    )
    assert "适用：湖南省，县级、市级，2022 年起\n" in out
    assert "总分：100 分（优 90 分以上，良 80 分以上，中 60 分以上，差 0 分以上）\n" in out
    assert "\n表头\n  项目名称：文本，必填，印作“项目支出名称”\n" in out
    assert "  行 年度资金总额 = 当年财政拨款 + 上年结转资金 + 其他资金\n" in out
    assert "  成本指标 20 分：经济成本指标、社会成本指标、生态环境成本指标\n" in out
    code, _, err = run("forms", "hunan-2022-projet", "--data", data)
    assert (code, err) == (
        2,
        "没有名为“hunan-2022-projet”的表式；是否应为“hunan-2022-project”？\n",
    )


def test_fix_changes_characters_but_no_figure(tmp_path: Path) -> None:
    data = example_data(tmp_path, {OVERALL: {"得分: 98}": "得分: ９８}"}})
    project = data / PROJECT
    project.write_bytes(b"\xef\xbb\xbf" + project.read_bytes().replace(b"\n", b"\r\n"))
    before = (data / OVERALL).read_text("utf-8")
    code, out, err = run("check", "--fix", "--data", str(data))
    assert (code, out) == (0, "")
    folder = data.as_posix()
    assert err.splitlines()[:3] == [
        f"已改 {folder}/{OVERALL}:39:19: “９８”改为“98”",
        f"已改 {folder}/{PROJECT}:1:1: 删去文件开头的 BOM",
        f"已改 {folder}/{PROJECT}:1:1: 换行改为 LF",
    ]
    assert (data / OVERALL).read_text("utf-8") == before.replace("９８", "98")
    assert project.read_bytes() == (GOLDEN / "data" / PROJECT).read_bytes()


def test_fix_keeps_figures_and_other_files(tmp_path: Path) -> None:
    data = example_data(
        tmp_path, {OVERALL: {"得分: 98}": "得分: 97}"}, PROJECT: {"得分: 99}": "得分: ９９}"}}
    )
    before = {path: path.read_bytes() for path in data.rglob("*.yml")}
    code, out, _ = run("check", "--fix", str(data / OVERALL), "--data", str(data))
    assert (code, out.count("DF-03")) == (1, 1)
    assert {path: path.read_bytes() for path in data.rglob("*.yml")} == before


def test_check_of_a_single_unit(tmp_path: Path) -> None:
    data = example_data(tmp_path, None, {"units/shili": "units/shili-er"})
    code, out, _ = run("check", "--data", str(data))
    assert (code, "GK-04" in out) == (1, True)
    code, out, err = run("check", str(data / "units/shili"), "--data", str(data))
    assert (code, out) == (0, "")
    assert err.splitlines()[-1] == "只核对了这些文件所在的单位；单位之间的核对，请不写文件名再运行"
