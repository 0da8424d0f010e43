"""Word and Excel downloads beside the pages, if enabled in site.yml."""

import shutil
from pathlib import Path

from gongkai.release.privacy_scan import scan_for_personal_data
from tests.build.test_mkdocs_site import hashes
from tests.commands import run_gongkai
from tests.folders import example_data, explain_problems, replace_in_file
from tests.office_data import disclosure_texts, load_disclosure, run_cli

PAGE = "units/shili/2022"
PROJECT = f"{PAGE}/projects/shili-daolu"
FILES = [f"{page}/index.{ending}" for page in (PAGE, PROJECT) for ending in ("docx", "xlsx")]
NAMES = ("shili-2022", "shili-2022-shili-daolu")


RENAMED_DEPARTMENT = {
    "项目主管部门: 示例交通局": "项目主管部门: 示例住建局",
    "\n  主管部门: 示例交通局": "\n  主管部门: 示例住建局",
}


def build_site(data: Path, site: Path) -> None:
    result = run_gongkai("build", "--strict", "--site-dir", site, "--data", data)
    assert result.returncode == 0, result.stdout + result.stderr


def test_disclosure_downloads_as_word_and_excel(tmp_path: Path) -> None:
    data, site = example_data(tmp_path), tmp_path / "site"
    explain_problems(data)
    build_site(data, site)
    downloads = {*site.rglob("*.docx"), *site.rglob("*.xlsx")}
    assert downloads == set((site / "data/dictionary").rglob("*.*")) & downloads  # Empty forms.
    page = (site / PAGE / "index.html").read_text("utf-8")
    assert 'type="text/csv"' in page
    assert "Excel 工作簿" not in page

    text = (data / "site.yml").read_text("utf-8")
    (data / "site.yml").write_text(f"{text}下载: [Word, Excel]\n", "utf-8")
    build_site(data, site)
    for folder, name in zip((PAGE, PROJECT), NAMES, strict=True):
        page = (site / folder / "index.html").read_text("utf-8")
        for ending in ("csv", "json", "docx", "xlsx"):
            assert f'<a href="index.{ending}" download="{name}.{ending}" type="' in page
            assert (site / folder / f"index.{ending}").is_file()
    first_files = {name: (site / name).read_bytes() for name in FILES}
    assert not scan_for_personal_data(site).leaks

    overall = data / "units/shili/2022/overall.yml"
    overall.write_text(overall.read_text("utf-8") + "# 改动\n", "utf-8")
    build_site(data, site)
    assert {name: (site / name).read_bytes() for name in FILES} == first_files
    replace_in_file(data / "units/shili/2022/projects/shili-daolu.yml", RENAMED_DEPARTMENT)
    build_site(data, site)
    assert all((site / name).read_bytes() != first_files[name] for name in FILES)
    assert (site / "units/index.xlsx").is_file()
    build_site(data, tmp_path / "cold")
    assert hashes(site) == hashes(tmp_path / "cold")

    before = disclosure_texts(load_disclosure(data, "shili", 2022))
    shutil.rmtree(data / "units/shili/2022")
    for name in FILES[:2]:
        _, _, messages = run_cli(
            "import", site / name, "--unit", "shili", "--year", 2022, "--data", data
        )
        assert "说明" not in messages
        assert disclosure_texts(load_disclosure(data, "shili", 2022)) == before
        shutil.rmtree(data / "units/shili/2022")
