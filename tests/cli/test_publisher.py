"""A publisher's first steps: init, the first unit, the release."""

from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from gongkai.authoring.publisher_files import pinned_requirements, split_region
from gongkai.cli import main
from tests.commands import run_gongkai, run_program
from tests.folders import ROOT, copy_publisher, example_data, replace_in_file

ANSWERS = (
    *("--name", "示例县预算绩效自评公开", "--organiser", "示例县财政局", "--level", "县级"),
    *("--domain", "jixiao.shili.example", "--region", "湖南省示例市示例县"),
)


def init(folder: Path, *options: str) -> CompletedProcess[str]:
    return run_gongkai("init", folder, *ANSWERS, *options, folder=folder.parent)


def new(folder: Path, *arguments: object) -> CompletedProcess[str]:
    return run_gongkai("new", *arguments, folder=folder)


@pytest.fixture
def publisher(tmp_path: Path) -> Path:
    """A new publisher's repository."""
    assert init(tmp_path / "gongkai").returncode == 0
    return tmp_path / "gongkai"


def test_a_new_repository_holds_own_files_only(publisher: Path) -> None:
    names = {
        path.relative_to(publisher).as_posix()
        for path in publisher.rglob("*")
        if path.is_file() and ".git" not in path.parts and "schemas" not in path.parts
    }
    assert names == {
        *(".gitignore", ".vscode/extensions.json", ".vscode/settings.json", "README.md"),
        *("content/about.md", "content/accessibility.md", "content/contact.md"),
        *("data/site.yml", "data/units/.gitkeep", "mkdocs.yml", "overrides/README.md"),
        *("edit.cmd", "publish.sh", "requirements.txt"),
    }
    texts = "".join((publisher / name).read_text("utf-8") for name in names)
    assert "新田" not in texts
    assert "演示" not in texts
    assert "${" not in texts
    assert (publisher / ".git/hooks/pre-commit").is_file()


def test_the_empty_site_is_built(publisher: Path) -> None:
    done = run_gongkai("build", "--strict", folder=publisher)
    assert done.returncode == 0, done.stderr
    about = (publisher / "site/about/index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://jixiao.shili.example/about/">' in about
    assert "示例县财政局" in (publisher / "site/contact/index.html").read_text("utf-8")
    assert "联系我们" in about


@pytest.mark.parametrize(
    ("platform", "file"),
    [
        ("gitlab", ".gitlab-ci.yml"),
        ("github", ".github/workflows/gongkai.yml"),
        ("gitea", ".gitea/workflows/gongkai.yml"),
    ],
)
def test_recipes(platform: str, file: str, tmp_path: Path) -> None:
    assert init(tmp_path / "a", "--platform", platform).returncode == 0
    assert "gongkai check" in (tmp_path / "a" / file).read_text("utf-8")
    assert not (tmp_path / "a/publish.sh").exists()


def test_questions_are_chinese(tmp_path: Path) -> None:
    answers = "示例县绩效\n示例县财政局\n\n湖南省示例市示例县\n\n"
    done = CliRunner().invoke(main, ["init", f"{tmp_path / 'a'}"], input=answers)
    assert done.exit_code == 0, done.output
    assert "主办单位，例如 某某县财政局：" in done.stderr
    assert f"还没有写：域名；请填在 {tmp_path / 'a/data/site.yml'}" in done.stderr
    site = (tmp_path / "a/data/site.yml").read_text("utf-8")
    assert "站点名称: 示例县绩效\n" in site
    assert "\n域名:\n" in site
    assert "主办单位: 示例县财政局\n" in site
    assert "级别: 县级\n行政区划:\n  代码:\n  省: 湖南省\n  市: 示例市\n  县: 示例县\n" in site


def test_nothing_is_overwritten(publisher: Path) -> None:
    done = init(publisher)
    assert done.returncode == 1
    assert done.stderr == f"错误：{publisher}/mkdocs.yml 已经有了，没有改动；请换一个目录\n"


@pytest.mark.parametrize(
    ("region", "parts"),
    [
        ("湖南省永州市示例县", ("湖南省", "永州市", "示例县")),
        ("湖南省 湘西土家族苗族自治州 示例市", ("湖南省", "湘西土家族苗族自治州", "示例市")),
        ("北京市示例区", ("北京市", "", "示例区")),
        ("广西壮族自治区示例市", ("广西壮族自治区", "示例市", "")),
        ("示例县", ("", "", "示例县")),
        ("", ("", "", "")),
    ],
)
def test_regions(region: str, parts: tuple[str, str, str]) -> None:
    assert tuple(split_region(region).values()) == parts


def test_hashes_are_pinned_if_the_program_has_one(tmp_path: Path) -> None:
    wheel = tmp_path / "gongkai.whl"
    wheel.write_bytes(b"example")
    pinned = pinned_requirements(wheel)
    assert "gongkai==0.1.0 \\\n    --hash=sha256:50d858e0985ecc7f60418aaf0cc5ab58" in pinned
    locked = (ROOT / "requirements.txt").read_text("utf-8")
    assert pinned.count("--hash") == locked.count("--hash") + 1
    without = pinned_requirements()
    assert "--hash" not in without
    assert without.count("==") >= locked.count("==") // 2


def test_the_first_unit(publisher: Path) -> None:
    """unit.yml comes first: what is filled in there decides which forms there are."""
    first = new(publisher, "jsx", 2024)
    assert first.returncode == 0, first.stderr
    assert first.stdout == "新建 data/units/jsx/unit.yml\n"
    assert first.stderr == (
        "请先在 data/units/jsx/unit.yml 里填写名称、级别、行政区划（选表式要用），"
        "再运行一次 gongkai new jsx 2024，就会新建各张表\n"
    )
    unit = publisher / "data/units/jsx/unit.yml"
    assert "  省: 湖南省\n" in unit.read_text("utf-8")
    again = new(publisher, "jsx", 2024)
    assert again.returncode == 2
    assert again.stderr.startswith(
        "units/jsx/unit.yml 还没有填好，没有新建文件；填好以后再运行同一条命令\n  第 3 行：“名称”"
    )
    replace_in_file(unit, {"名称:": "名称: 示例县某局"})
    third = new(publisher, "jsx", 2024)
    assert third.returncode == 0, third.stderr
    assert "新建 data/units/jsx/2024/overall.yml" in third.stdout
    facts = (publisher / "data/units/jsx/2024/disclosure.yml").read_text("utf-8")
    assert "单位: 示例县某局" in facts
    assert "类型: 部门整体自评表" in facts


def test_a_unit_in_one_go(publisher: Path) -> None:
    done = new(publisher, "jsx", 2024, "--unit-name", "示例县某局")
    assert done.returncode == 0, done.stderr
    assert "新建 data/units/jsx/2024/overall.yml" in done.stdout
    assert "名称: 示例县某局" in (publisher / "data/units/jsx/unit.yml").read_text("utf-8")


def test_a_unit_without_level_and_region(publisher: Path) -> None:
    unit = publisher / "data/units/jsx/unit.yml"
    unit.parent.mkdir()
    unit.write_text("名称: 示例县某局\n", "utf-8")
    done = new(publisher, "jsx", 2024)
    assert done.returncode == 2
    assert done.stderr == (
        "units/jsx/unit.yml 的“级别”“行政区划”（至少写省）还空着，选不出表式；"
        "请先填好，再运行同一条命令，或用 --form 写明用哪一种\n"
    )


def test_the_domain_is_in_one_place(tmp_path: Path) -> None:
    folder = copy_publisher(tmp_path)
    example_data(folder, {"site.yml": {"gongkai.example": "jixiao.example"}})
    done = run_gongkai("build", folder=folder)
    assert done.returncode == 1
    assert (
        "data/site.yml 的“域名”是 jixiao.example，mkdocs.yml 的 site_url 是 https://gongkai.example/，"
        "两处不是同一个网站，引用格式会指错地方；请改正其中一个，或删去 site_url 这一行"
        "（网址就由域名得出）。网站没有改动"
    ) in done.stdout


def test_demo_texts_are_not_released(publisher: Path) -> None:
    site = publisher / "data/site.yml"
    replace_in_file(site, {"许可:": "许可: 演示数据", "网站标识码:": f"网站标识码: '{'0' * 10}'"})
    for arguments in ((), ("live", "--no-git")):
        done = run_gongkai("release", *arguments, folder=publisher)
        assert done.returncode == 1
        assert done.stderr == (
            "错误：data/site.yml 里还有演示用的文字，没有发布；线上网站没有改动\n"
            "  “许可”写的是“演示数据”\n"
            "  “网站标识码”写的是“0000000000”，不是真的标识码；没有的请留空\n"
            "  “域名”写的是“jixiao.shili.example”，这是举例用的域名\n"
            "请换成真实的；只是演示的，加 --demo\n"
        )
    done = run_program("git", "tag", folder=publisher)
    assert done.stdout == ""


def test_copies_of_the_programs_files_are_migrated(publisher: Path) -> None:
    """A file that equals the program's own need not stay; what was changed stays."""
    pairs = {
        "data/forms/mof-2020-project.yml": "data/forms/mof-2020-project.yml",
        "overrides/partials/footer.html": "overrides/partials/footer.html",
        "content/glossary.md": "content/glossary.md",
    }
    for name, original in pairs.items():
        (publisher / name).parent.mkdir(parents=True, exist_ok=True)
        (publisher / name).write_bytes((ROOT / original).read_bytes())
    own = publisher / "content/guide/search.md"
    own.parent.mkdir()
    own.write_text("# 自己的 {#top}\n", "utf-8")
    listed = run_gongkai("upgrade", folder=publisher)
    assert listed.stderr == "有 3 个文件可以改，现在没有改；要改请加 --write\n"
    assert "--- overrides/partials/footer.html\n+++ /dev/null\n" in listed.stdout
    assert all((publisher / name).is_file() for name in pairs)
    done = run_gongkai("upgrade", "--write", folder=publisher)
    assert done.stderr == "改了 3 个文件；请用 git diff 看一遍，再运行 gongkai build\n"
    assert not any((publisher / name).exists() for name in pairs)
    assert own.is_file()
    assert (publisher / "overrides/README.md").is_file()
    assert run_gongkai("upgrade", folder=publisher).stderr == "没有要改的文件\n"


def test_a_file_that_is_no_program(publisher: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "gongkai-9-py3-none-any.whl"
    wheel.write_bytes(b"example")
    done = run_gongkai("upgrade", wheel, "--check", folder=publisher)
    assert done.stderr == f"错误：{wheel} 不是完整的 .whl 文件；请重新取一份\n"
