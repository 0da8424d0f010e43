"""Untrusted files: damaged, encrypted, oversized or dangerous ones are refused with a clear message."""

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import Workbook

from gongkai.authoring.importer import read_source_file
from gongkai.authoring.office.read import read_office_file
from gongkai.authoring.office.safety import MAX_FILE_SIZE, MAX_PARTS
from gongkai.runtime.errors import UnreadableFileError
from tests.folders import example_data
from tests.office_data import load_disclosure, run_cli

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
NOT_OFFICE = "不是 Word（.docx）或 Excel（.xlsx）文件，或者已经损坏"
XML = "word/document.xml"


def word_file(*paragraphs: str) -> bytes:
    """Return the bytes of a Word file with these paragraphs."""
    new_document, out = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        new_document.add_paragraph(paragraph)
    new_document.save(out)
    return out.getvalue()


def workbook(change: Callable[[Workbook], object]) -> bytes:
    """Return the bytes of an Excel file after a change."""
    book, out = Workbook(), io.BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


def change_part(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Return an archive with one part changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", 8) as target:
        for entry in source.namelist():
            text = source.read(entry)
            target.writestr(entry, change(text.decode()) if entry == name else text)
        if name not in source.namelist():
            target.writestr(name, change(""))
    return out.getvalue()


def zip_archive(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return out.getvalue()


def write_far_cell(book: Workbook) -> None:
    book.worksheets[0].cell(1_000_000, 16_000, "远")


def add_wide_table(text: str) -> str:
    return text.replace("<w:sectPr", f"{TABLE}<w:sectPr")


TABLE = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="900000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'

FILES: dict[str, tuple[bytes, str]] = {
    "damaged.docx": (word_file("文字")[:2000], NOT_OFFICE),
    "empty.docx": (b"", NOT_OFFICE),
    "text.docx": ("附件1".encode(), NOT_OFFICE),
    "picture.xlsx": (b"\x89PNG\r\n\x1a\n" + bytes(100), NOT_OFFICE),
    "other.docx": (zip_archive(a="b"), NOT_OFFICE),
    "encrypted.docx": (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "文件加了密码"),
    "renamed.docx": (OLE + bytes(600), "内容却是旧格式"),
    "bomb.docx": (change_part(word_file(), XML, lambda _: " " * (17 << 20)), "太大，没有读取"),
    "parts.docx": (zip_archive(**{f"p{n}": "" for n in range(MAX_PARTS + 1)}), "解开后太大"),
    "entities.docx": (change_part(word_file(), XML, lambda text: ENTITIES + text), "不安全"),
    "entities.xlsx": (
        change_part(workbook(lambda _: None), "xl/workbook.xml", lambda text: ENTITIES + text),
        "不安全",
    ),
    "broken.docx": (change_part(word_file(), XML, lambda text: text[:-20]), "文件已经损坏"),
    "broken.xlsx": (
        change_part(workbook(lambda _: None), "xl/worksheets/sheet1.xml", lambda text: text[:-20]),
        "文件已经损坏",
    ),
    "deep.docx": (
        change_part(
            word_file("文"),
            XML,
            lambda text: text.replace("<w:r>", "<w:r>" * 50_000).replace(
                "</w:r>", "</w:r>" * 50_000
            ),
        ),
        "套得太深",
    ),
    "wide.docx": (change_part(word_file(), XML, add_wide_table), "超过 200 列"),
    "far.xlsx": (workbook(write_far_cell), "删去表格下面和右边多余的行列"),
    "large.docx": (bytes(MAX_FILE_SIZE + 1), "超过 20 MB"),
}


@pytest.mark.parametrize("name", FILES)
def test_file_is_refused_with_a_clear_message(name: str, tmp_path: Path) -> None:
    data, message = FILES[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError, match=re.escape(message)):
        read_office_file(path)


@pytest.mark.parametrize("suffix", [".doc", ".xls", ".wps"])
def test_old_files_without_libreoffice(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / f"old{suffix}"
    path.write_bytes(OLE + bytes(600))
    with pytest.raises(UnreadableFileError, match=f"转换 {suffix} 需要 LibreOffice，本机没有安装"):
        read_office_file(path)


def duplicate_style(text: str) -> str:
    """Add a second style of the same name, as LibreOffice does, and give it to all cells."""
    text = re.sub(r"(<cellStyleXfs.*?>)(<xf .*?/>)", r"\1\2\2", text)
    text = re.sub(r'(<cellXfs.*?xfId=)"0"', r'\1"1"', text)
    return re.sub(r'(<cellStyle [^>]*xfId=)"0"([^>]*/>)', r'\1"0"\2\1"1"\2', text)


def test_cells_with_one_of_two_styles_of_the_same_name(tmp_path: Path) -> None:
    path = tmp_path / "styles.xlsx"
    data = workbook(lambda book: book.worksheets[0].cell(1, 1, "文字"))
    path.write_bytes(change_part(data, "xl/styles.xml", duplicate_style))
    ((slot,),) = read_office_file(path).lines
    assert slot
    assert (slot.text, slot.level) == ("文字", 0)


def rename_parts(data: bytes, names: dict[str, str]) -> bytes:
    """Return a package with parts renamed, and their names in all content types and relationships."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", 8) as target:
        for entry in source.namelist():
            text, name = source.read(entry), entry
            for old, new in names.items():
                name = name.replace(old, new)
                if entry.endswith((".rels", "[Content_Types].xml")):
                    text = text.replace(old.encode(), new.encode())
            target.writestr(name, text)
    return out.getvalue()


def to_strict(data: bytes) -> bytes:
    """Return a package in the namespaces of Strict Open XML."""
    out = io.BytesIO()
    pattern = re.compile(rb"http://schemas\.openxmlformats\.org/(\w+)/2006/(?!digital|metadata)")
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", 8) as target:
        for entry in source.namelist():
            part = source.read(entry)
            if entry != "[Content_Types].xml" and b"/package/2006/" not in part:
                part = pattern.sub(rb"http://purl.oclc.org/ooxml/\1/", part)
            target.writestr(entry, part)
    return out.getvalue()


def heading_file() -> bytes:
    """Return the bytes of a Word file with a heading, whose style is in a part of its own."""
    new_document, out = docx.Document(), io.BytesIO()
    new_document.add_heading("标题", 2)
    new_document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: rename_parts(data, {"document.xml": "document2.xml"}),
        lambda data: rename_parts(
            data, {"document.xml": "document2.xml", "styles.xml": "styles3.xml"}
        ),
        to_strict,
    ],
)
def test_word_parts_under_other_names_and_namespaces(
    change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "online.docx"
    path.write_bytes(change(heading_file()))
    ((slot,),) = read_office_file(path).lines
    assert slot
    assert (slot.text, slot.level) == ("标题", 2)


def test_unexpected_error_becomes_the_refusal_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(word_file("通知"))
    broken_candidates: Any = None
    reading = read_source_file(path, broken_candidates)
    assert reading.refusal.startswith("读到一半出了错（AttributeError），没有读取；请用 Word")
    assert reading.drafts == []


def test_macros_are_neither_run_nor_imported(tmp_path: Path) -> None:
    path = tmp_path / "macros.docm"
    path.write_bytes(
        change_part(word_file("文字"), "word/vbaProject.bin", lambda _: "Sub AutoOpen()")
    )
    document = read_office_file(path)
    assert document.remarks == ("文件里有宏，没有运行，也没有导入",)
    assert [line[0].text for line in document.lines if line[0]] == ["文字"]


def replace_text(data: bytes, old: str, new: str) -> bytes:
    return change_part(data, XML, lambda text: text.replace(old, new))


@pytest.mark.long
def test_folder_of_many_files_with_some_unusable(tmp_path: Path) -> None:
    """Of 200 files, two are unreadable, one matches no form, and the others become projects."""
    data, source = example_data(tmp_path), tmp_path / "source"
    run_cli("export", "shili", 2022, "--to", source, "--format", "word", "--data", data)
    original = next(source.glob("*示例道路*"))
    content = original.read_bytes()
    for path in source.iterdir():
        path.unlink()
    for number in range(197):
        name = f"示例道路{number:03}"
        (source / f"{name}.docx").write_bytes(replace_text(content, "示例道路", name))
    (source / "bad.docx").write_bytes(content[:3000])
    (source / "locked.docx").write_bytes(FILES["encrypted.docx"][0])
    (source / "letter.docx").write_bytes(word_file("通知", "请于周五前上报"))
    (source / "~$open.docx").write_bytes(b"")
    (source / "scan.png").write_bytes(b"\x89PNG")
    shutil.rmtree(data / "units/shili/2022")
    code, out, err = run_cli("import", source, "--unit", "shili", "--year", 2022, "--data", data)
    assert code == 1
    assert out.count("已写出") == 198
    assert "读取文件：200 个" in err
    assert err.count("没有读 bad.docx：") == err.count("没有读 locked.docx：") == 1
    assert "没有读，不是能导入的文件：scan.png\n" in err
    assert "没有认出 letter.docx：里面没有一张表与表式相符" in err
    assert "没有用上 letter.docx 第2段：请于周五前上报" in err
    summary = "读了 200 个文件，认出 197 份表，2 个文件没有读，1 个文件里没有认出任何一张表"
    assert err.count(summary) == 1
    names = {project.name for project in load_disclosure(data, "shili", 2022).projects}
    assert names == {f"示例道路{number:03}维护" for number in range(197)}
