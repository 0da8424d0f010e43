"""A publisher's folder that holds only its own files; the program has all others."""

import tomllib
from pathlib import Path

import pytest

from gongkai.runtime.shipped import shipped_pages
from tests.commands import run_gongkai
from tests.folders import ROOT, example_data

CONFIG = """\
site_name: 示例
site_url: https://gongkai.example/
docs_dir: content
theme:
  name: material
  custom_dir: overrides
  language: zh-CN
  font: false
extra:
  generator: false
  notice: !!python/name:gongkai.build.mkdocs.notice.NOTICE
plugins: [gongkai]
"""


@pytest.fixture
def publisher(tmp_path: Path) -> Path:
    """A publisher's folder without forms, theme and handbook."""
    data = example_data(tmp_path)
    for path in (data / "forms").iterdir():
        path.unlink()
    for name in ("content", "overrides"):
        (tmp_path / name).mkdir()
    (tmp_path / "mkdocs.yml").write_text(CONFIG, "utf-8")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def build(folder: Path) -> Path:
    done = run_gongkai("build", "--strict", folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def read(site: Path, page: str) -> str:
    return (site / page / "index.html").read_text("utf-8")


def test_the_program_has_what_the_publisher_has_not(publisher: Path, example_folder: Path) -> None:
    """Data and pages are those of a publisher with copies of everything; ours says nothing of demos."""
    site = build(publisher)
    for page in ("units/shili/2022", "guide/forms", "guide/rules/df-03", "data/dictionary", "."):
        assert read(site, page) == read(example_folder / "site", page)
    other = example_folder / "site"
    theirs = {path.relative_to(other) for path in other.rglob("*.html")}
    assert {path.relative_to(site) for path in site.rglob("*.html")} == theirs
    assert "演示站点" not in read(site, "about")
    assert "新田县" not in read(site, "about")
    assert "照原样公开" in read(site, "about")


def test_own_files_go_first(publisher: Path) -> None:
    """A template, a form, a page of the handbook and a list of words replace the program's."""
    build(publisher)
    footer = (ROOT / "overrides/partials/footer.html").read_text("utf-8")
    write(publisher / "overrides/partials/footer.html", footer + "<p>自己的页脚</p>\n")
    write(publisher / "content/guide/search.md", "---\ntitle: 搜索\n---\n# 自己的手册 {#top}\n")
    form = (ROOT / "data/forms/hunan-2022-project.yml").read_text("utf-8")
    own_form = form.replace("名称: 湖南省项目支出绩效自评表", "名称: 自己的自评表")
    write(publisher / "data/forms/hunan-2022-project.yml", own_form)
    write(publisher / "data/words.yml", "错字:\n  - {错: 示例道路, 对: 示例公路}\n")
    site = build(publisher)
    assert "自己的页脚" in read(site, "units/shili/2022")
    assert "自己的手册" in read(site, "guide/search")
    assert "照原样公开" in read(site, "about")
    assert "自己的自评表" in read(site, "data/dictionary")
    assert "疑为“示例公路”" in read(site, "units/shili/2022/projects/shili-daolu")


def test_a_parent_that_was_replaced_names_the_heir(publisher: Path) -> None:
    """The program's own forms may inherit from a form that a publisher replaces."""
    write(publisher / "data/forms/mof-2020-project.yml", "表式: mof-2020-project\n名称: 示例\n")
    done = run_gongkai("check", folder=publisher)
    assert done.returncode == 1
    assert "mof-2020-project" in done.stdout
    assert "Traceback" not in done.stderr
    page = run_gongkai("check", "--format", "html", folder=publisher)
    assert (page.returncode, "</html>" in page.stdout) == (1, True)


def test_the_wheel_ships_every_page_of_the_handbook() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    shipped = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    missing = [
        page
        for page in shipped_pages()
        if f"content/{page}" not in shipped and f"content/{page.partition('/')[0]}" not in shipped
    ]
    assert missing == []
