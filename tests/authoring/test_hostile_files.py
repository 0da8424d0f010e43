"""Files of strangers: damaged, encrypted, huge, dangerous. Each a clear word, and no crash."""

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook

from gongkai.authoring.office.read import read_file
from gongkai.authoring.office.safety import LARGEST_FILE, MOST_PARTS
from gongkai.exports.office.libreoffice import libreoffice
from gongkai.runtime.errors import RefusedError
from tests.folders import example
from tests.office_data import disclosure, ran

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
NOT_OFFICE = "不是 Word（.docx）或 Excel（.xlsx）文件，或者已经损坏"
XML = "word/document.xml"


def document(*paragraphs: str) -> bytes:
    made, out = docx.Document(), io.BytesIO()
    for each in paragraphs:
        made.add_paragraph(each)
    made.save(out)
    return out.getvalue()


def sheet(change: Callable[[Workbook], None]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


def changed(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """An archive with one part changed, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", 8) as target:
        for entry in source.namelist():
            text = source.read(entry)
            target.writestr(entry, change(text.decode()) if entry == name else text)
        if name not in source.namelist():
            target.writestr(name, change(""))
    return out.getvalue()


def archive(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return out.getvalue()


def far(book: Workbook) -> None:
    book.worksheets[0].cell(1_000_000, 16_000, "远")


def wide(text: str) -> str:
    return text.replace("<w:sectPr", f"{TABLE}<w:sectPr")


TABLE = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="900000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
MERGED = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells><pageMargins'

FILES: dict[str, tuple[bytes, str]] = {
    "damaged.docx": (document("文字")[:2000], NOT_OFFICE),
    "empty.docx": (b"", NOT_OFFICE),
    "text.docx": ("附件1".encode(), NOT_OFFICE),
    "picture.xlsx": (b"\x89PNG\r\n\x1a\n" + bytes(100), NOT_OFFICE),
    "other.docx": (archive(a="b"), NOT_OFFICE),
    "encrypted.docx": (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "文件加了密码"),
    "renamed.docx": (OLE + bytes(600), "内容却是旧格式"),
    "bomb.docx": (changed(document(), XML, lambda _: " " * (17 << 20)), "太大，没有读取"),
    "parts.docx": (archive(**{f"p{n}": "" for n in range(MOST_PARTS + 1)}), "解开后太大"),
    "entities.docx": (changed(document(), XML, lambda text: ENTITIES + text), "不安全"),
    "entities.xlsx": (
        changed(sheet(lambda _: None), "xl/workbook.xml", lambda text: ENTITIES + text),
        "不安全",
    ),
    "broken.docx": (changed(document(), XML, lambda text: text[:-20]), "文件已经损坏"),
    "broken.xlsx": (
        changed(sheet(lambda _: None), "xl/worksheets/sheet1.xml", lambda text: text[:-20]),
        "文件已经损坏",
    ),
    "deep.docx": (
        changed(
            document("文"),
            XML,
            lambda text: text.replace("<w:r>", "<w:r>" * 50_000).replace(
                "</w:r>", "</w:r>" * 50_000
            ),
        ),
        "套得太深",
    ),
    "wide.docx": (changed(document(), XML, wide), "超过 200 列"),
    "far.xlsx": (sheet(far), "删去表格下面和右边多余的行列"),
    "merged.xlsx": (
        changed(
            sheet(lambda _: None),
            "xl/worksheets/sheet1.xml",
            lambda text: text.replace("<pageMargins", MERGED),
        ),
        "删去表格下面和右边多余的行列",
    ),
    "large.docx": (bytes(LARGEST_FILE + 1), "超过 20 MB"),
}


@pytest.mark.parametrize("name", FILES)
def test_file_is_refused_with_a_clear_word(name: str, tmp_path: Path) -> None:
    data, word = FILES[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(RefusedError, match=re.escape(word)):
        read_file(path)


@pytest.mark.parametrize("ending", [".doc", ".xls", ".wps"])
def test_old_files_without_libreoffice(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / f"old{ending}"
    path.write_bytes(OLE + bytes(600))
    with pytest.raises(RefusedError, match=f"转换 {ending} 需要 LibreOffice，本机没有安装"):
        read_file(path)


@pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed here")
def test_old_files_with_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "old.doc"
    path.write_bytes(b"{\\rtf1 text}")
    assert read_file(path).lines


def test_macros_are_neither_run_nor_kept(tmp_path: Path) -> None:
    path = tmp_path / "macros.docm"
    path.write_bytes(changed(document("文字"), "word/vbaProject.bin", lambda _: "Sub AutoOpen()"))
    read = read_file(path)
    assert read.remarks == ("文件里有宏，没有运行，也没有导入",)
    assert [line[0].text for line in read.lines if line[0]] == ["文字"]


def named(data: bytes, old: str, new: str) -> bytes:
    return changed(data, XML, lambda text: text.replace(old, new))


def test_a_folder_of_many_files_with_bad_ones(tmp_path: Path) -> None:
    """200 files: two cannot be read, one is none of the forms, the others become projects."""
    data, source = example(tmp_path), tmp_path / "source"
    ran("export", "shili", 2022, "--to", source, "--format", "word", "--data", data)
    one = next(source.glob("*示例道路*"))
    content = one.read_bytes()
    for path in source.iterdir():
        path.unlink()
    for number in range(197):
        name = f"示例道路{number:03}"
        (source / f"{name}.docx").write_bytes(named(content, "示例道路", name))
    (source / "bad.docx").write_bytes(content[:3000])
    (source / "locked.docx").write_bytes(FILES["encrypted.docx"][0])
    (source / "letter.docx").write_bytes(document("通知", "请于周五前上报"))
    (source / "~$open.docx").write_bytes(b"")
    (source / "scan.pdf").write_bytes(b"%PDF")
    shutil.rmtree(data / "units/shili/2022")
    code, out, err = ran("import", source, "--unit", "shili", "--year", 2022, "--data", data)
    assert code == 1
    assert out.count("已写出") == 198
    assert "读取文件：200 个" in err
    assert err.count("没有读 bad.docx：") == err.count("没有读 locked.docx：") == 1
    assert "没有读，不是 Word、Excel 文件：scan.pdf\n" in err
    assert "没有认出 letter.docx：里面没有一张表与表式相符" in err
    assert "没有用上 letter.docx 第2段：请于周五前上报" in err
    summary = "读了 200 个文件，认出 197 份表，2 个文件没有读，1 个文件里没有认出任何一张表"
    assert err.count(summary) == 1
    names = {each.name for each in disclosure(data, "shili", 2022).projects}
    assert names == {f"示例道路{number:03}维护" for number in range(197)}
