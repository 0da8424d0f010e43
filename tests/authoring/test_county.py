"""Command import-all: a folder or zip of many units, divided by folder and by name, written when confirmed."""

import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from gongkai.authoring.county import KnownUnits
from gongkai.authoring.office.safety import MAX_FILE_SIZE
from tests.authoring.test_form_drafts import write_table
from tests.authoring.test_hostile_files import replace_text
from tests.folders import example_data
from tests.office_data import disclosure_texts, load_dataset, load_disclosure, run_cli


def county(tmp_path: Path) -> tuple[Path, Path]:
    """Create a data folder with 示例单位, and a folder with the files of several units for 2022."""
    data = example_data(tmp_path)
    paper, source = tmp_path / "paper", tmp_path / "全县"
    run_cli("export", "shili", 2022, "--to", paper, "--format", "word", "--data", data)
    shutil.rmtree(data / "units/shili/2022")
    for folder in ("2022年/示例单位", "2022年/xin-danwei", "2022年/示例新局"):
        shutil.copytree(paper, source / folder)
    for path in (source / "2022年/xin-danwei").iterdir():
        path.write_bytes(replace_text(path.read_bytes(), "示例单位", "示例中心"))
    (source / "2022年/letter.txt").write_text("请于周五前上报", "utf-8")
    (source / "2022年/示例新局/scan.jpg").write_bytes(b"")
    return data, source


def zip_folder(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder.parent))
    return path


def test_units_are_divided_and_nothing_is_written_unconfirmed(tmp_path: Path) -> None:
    data, source = county(tmp_path)
    before = sorted(data.rglob("*"))
    arguments = ("import-all", source, "--year", 2022, "--data", data)
    code, out, err = run_cli(*arguments, "--check-only")
    assert code == 1
    assert "示例单位 → units/shili：读了 10 个文件，认出 10 份表，5 份表重复，没有写出" in out
    assert "示例中心（新单位） → units/xin-danwei：读了 5 个文件，认出 5 份表" in out
    assert "分不清是哪个单位的，没有导入：2022年/letter.txt；" in out
    assert "没有读，不是能导入的文件：scan.jpg" in out
    assert "没有写任何数据文件（--check-only）" in err
    assert sorted(data.rglob("*")) == before
    assert not list(tmp_path.glob("导入报告*"))
    _, _, err = run_cli(*arguments)  # there is nobody to confirm
    assert sorted(data.rglob("*")) == before


def test_confirmed_import_and_its_report(tmp_path: Path) -> None:
    data, source = county(tmp_path)
    expected = disclosure_texts(load_disclosure(example_data(tmp_path / "old"), "shili", 2022))
    archive = zip_folder(source, tmp_path / "全县.zip")
    _, _, err = run_cli("import-all", archive, "--year", 2022, "--data", data, "--yes")
    assert "个数据文件\n要办的事都在" in err
    for unit, name in (("shili", "示例单位"), ("xin-danwei", "示例中心")):
        texts = repr(disclosure_texts(load_disclosure(data, unit, 2022)))
        assert texts == repr(expected).replace("示例单位", name)
    assert {unit.slug for unit in load_dataset(data).units} == {"shili", "xin-danwei"}
    report = (tmp_path / "导入报告-全县-2022.md").read_text("utf-8")
    assert "| 示例单位 | shili | 10 | 5 |" in report
    assert "- [ ] 分不清是哪个单位的：全县/2022年/letter.txt；" in report
    assert "- [ ] 不是能导入的文件：scan.jpg" in report
    assert "### 全县/2022年/xin-danwei/附件1 2022年度部门整体支出绩效评价基础数据表.docx" in report


def test_existing_files_of_a_unit_are_kept(tmp_path: Path) -> None:
    data, source = county(tmp_path)
    arguments = ("import-all", source, "--year", 2022, "--data", data, "--yes")
    run_cli(*arguments)
    baseline = data / "units/shili/2022/baseline.yml"
    baseline.write_text(baseline.read_text("utf-8") + "# 我的批注\n", "utf-8")
    code, out, _ = run_cli(*arguments)
    assert (code, "个数据文件已经有了，没有改动" in out) == (1, True)
    assert "# 我的批注" in baseline.read_text("utf-8")
    run_cli(*arguments, "--force")
    assert "# 我的批注" not in baseline.read_text("utf-8")


def test_names_in_gbk(tmp_path: Path) -> None:
    """Programs in Chinese Windows write names in GBK, without a mark."""
    data, path, name = example_data(tmp_path), tmp_path / "a.zip", "示例单位/通知.txt".encode("gbk")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x" * len(name), "通知")
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    _, out, _ = run_cli("import-all", path, "--year", 2022, "--data", data, "--check-only")
    assert "示例单位 → units/shili：读了 1 个文件" in out


HOSTILE = {
    "../../evil.docx": "指到了压缩包外面，不安全",
    "/etc/evil.docx": "指到了压缩包外面，不安全",
    "a/..\\..\\evil.docx": "指到了压缩包外面，不安全",
    "C:\\evil.docx": "指到了压缩包外面，不安全",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_archives_that_lead_out_of_their_folder(name: str, tmp_path: Path) -> None:
    data, path = example_data(tmp_path), tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"x")
    code, _, err = run_cli("import-all", path, "--year", 2022, "--data", data, "--yes")
    assert (code, HOSTILE[name] in err) == (1, True)
    assert not list(tmp_path.rglob("evil*"))


def test_unusable_archives(tmp_path: Path) -> None:
    data, path = example_data(tmp_path), tmp_path / "a.zip"
    arguments = ("import-all", path, "--year", 2022, "--data", data, "--yes")
    path.write_bytes(b"PK\x03\x04")
    assert "压缩包已经损坏，或者不是 zip" in run_cli(*arguments)[2]
    link = zipfile.ZipInfo("link.docx")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "指到了压缩包外面" in run_cli(*arguments)[2]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("示例单位/bomb.docx", bytes(3 * MAX_FILE_SIZE))
    code, out, _ = run_cli(*arguments)
    assert (code, "1 个文件没有读" in out) == (1, True)


def test_slugs_of_new_units() -> None:
    names = KnownUnits({})
    assert [names.add(name) for name in ("示例单位", "示例单位", "shili", "示例—单位")] == [
        "shilidanwei",
        "shilidanwei",
        "shili",
        "shilidanwei-2",
    ]


def test_tables_without_a_form_are_drafted_together(tmp_path: Path) -> None:
    data, source = example_data(tmp_path), tmp_path / "全县"
    for unit in ("示例甲局", "示例乙局"):
        (source / unit).mkdir(parents=True)
        path = write_table(source / unit / "自评.html", name=f"{unit}道路", indicator=f"{unit}里程")
        path.write_text(path.read_text("utf-8").replace("示例中心", unit), "utf-8")
    arguments = ("import-all", source, "--year", 2024, "--data", data, "--draft-forms")
    before = sorted(data.rglob("*"))
    _, out, err = run_cli(*arguments, "--check-only")
    assert "示例甲局（新单位）" in out
    assert "起草了表式（表式 local-2024-project" in err
    assert sorted(data.rglob("*")) == before
    _, _, err = run_cli(*arguments, "--yes")
    assert "个数据文件" in err
    assert (data / "forms/local-2024-project.yml").exists()
    projects = sorted(path.read_text("utf-8") for path in data.glob("units/*/2024/projects/*.yml"))
    assert len(projects) == 2
    assert all("表式: local-2024-project" in text for text in projects)
