"""gongkai scan: it finds personal data in a built site, inside Office files and archives too."""

import sqlite3
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pypdf
import pypdf.annotations
import pytest
from click.testing import CliRunner

from gongkai.cli import main
from gongkai.model.personal_data import find_personal_data
from gongkai.model.personal_kinds import PersonalDataKind
from gongkai.release.privacy_scan import scan_for_personal_data
from gongkai.release.scanned_texts import iter_chunks
from tests.folders import PERSONAL_NUMBERS


def run_scan(site: Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["scan", str(site)], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_a_clean_site(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>示例 138****0000</p>", "utf-8")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert run_scan(tmp_path) == (
        0,
        "",
        "看了 1 个文件，1 个图片等文件只看了附带的信息：没有发现个人信息\n",
    )


def test_personal_data_is_found_in_every_kind_of_file(tmp_path: Path) -> None:
    mobile, identity, card = (
        PERSONAL_NUMBERS["MOBILE"],
        PERSONAL_NUMBERS["IDENTITY"],
        PERSONAL_NUMBERS["CARD"],
    )
    (tmp_path / "index.html").write_text(f"<p>示例</p>\n<!-- {mobile} -->", "utf-8")
    (tmp_path / "search.json").write_text(f'{{"text": "号码{identity}"}}', "utf-8")
    (tmp_path / "data.csv").write_text(f"\ufeff卡号,{card}\n", "utf-8")
    with zipfile.ZipFile(tmp_path / "表.xlsx", "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{mobile}</t>")
    (tmp_path / "0.json.bin").write_bytes(zlib.compress(f'["号码{mobile}"]'.encode()))
    (tmp_path / f"{mobile}.png").write_bytes(b"\x89PNG")
    code, out, summary = run_scan(tmp_path)
    assert code == 1
    assert sorted(line.split(": ")[0] for line in out.splitlines()) == [
        "错误 0.json.bin:1",
        f"错误 {mobile}.png:1",
        "错误 data.csv:1",
        "错误 index.html:2",
        "错误 search.json:1",
        "错误 表.xlsx!xl/sharedStrings.xml:1",
    ]
    assert out.count("手机号") == 4
    assert "6 处个人信息" in summary
    assert mobile not in out.replace(f"{mobile}.png", "")


def test_personal_data_is_found_in_the_bulk_download(tmp_path: Path) -> None:
    mobile, identity, card = (
        PERSONAL_NUMBERS["MOBILE"],
        PERSONAL_NUMBERS["IDENTITY"],
        PERSONAL_NUMBERS["CARD"],
    )
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database, database:
        database.execute('CREATE TABLE "values" (number TEXT, filed TEXT)')
        rows = [("1", "示例"), ("2", f"甲\n{card}"), (None, "示例")] * 3000
        database.executemany('INSERT INTO "values" VALUES (?, ?)', rows[:5999])
    table = pa.table({"filed": ["示例"] * 6000 + [f"号码{identity}"], "number": list(range(6001))})
    pyarrow.parquet.write_table(table, tmp_path / "values.parquet")
    (tmp_path / "b.sqlite").write_bytes(b"no database")
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("values.csv", "示例,示例\r\n" * 4_000_000 + f"电话,{mobile}\r\n")
    code, out, summary = run_scan(tmp_path)
    assert code == 1
    lines = [line.split(": ")[0] for line in out.splitlines()]
    assert lines[:2] == ["错误 a.sqlite!values:2", "错误 a.sqlite!values:5"]
    assert lines[-2:] == ["错误 c.zip!values.csv:4000001", "错误 values.parquet:6001"]
    assert len(lines) == 2000 + 2
    assert summary.startswith("看了 4 个文件：")


def test_personal_data_is_found_in_document_properties(tmp_path: Path) -> None:
    mobile, identity, card = (
        PERSONAL_NUMBERS["MOBILE"],
        PERSONAL_NUMBERS["IDENTITY"],
        PERSONAL_NUMBERS["CARD"],
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as package:
        package.writestr("docProps/core.xml", f"<dc:creator>示例{mobile}</dc:creator>")
        package.writestr(f"word/media/{card}.png", b"")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": f"示例{identity}", "/Title": f"电话 {mobile}"})
    note = pypdf.annotations.Text(text=f"卡号{card}", rect=(0, 0, 9, 9))
    writer.add_annotation(0, note)
    writer.add_attachment("附件.txt", f"电话{mobile}".encode())
    writer.compress_identical_objects()
    writer.write(tmp_path / "b.pdf")
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7 /Title (" + f"电话 {mobile}".encode() + b")")
    code, out, summary = run_scan(tmp_path)
    assert code == 1
    assert sorted(line.split("（")[0] for line in out.splitlines()) == [
        "提示 b.pdf: 读不了，里面没有看；请自己核对",
        "提示 c.pdf: 读不了，里面没有看；请自己核对",
        "错误 a.docx!docProps/core.xml:1: 这里有手机号",
        "错误 a.docx:2: 这里有银行卡号",
        "错误 b.pdf!附件:1: 这里有手机号",
        "错误 b.pdf!附带信息:1: 这里有手机号",
        "错误 b.pdf!附带信息:1: 这里有身份证号",
        "错误 b.pdf!附带信息:1: 这里有银行卡号",
        "错误 c.pdf!附带信息:1: 这里有手机号",
    ]
    assert summary.startswith("看了 2 个文件，2 个读不了：")


@pytest.mark.parametrize("line_end", ["", "\n"])
def test_chunks_do_not_cut_numbers_in_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line_end: str
) -> None:
    """Chunks may end anywhere, and part of a longer number is no personal data."""
    monkeypatch.setattr("gongkai.release.scanned_texts._CHUNK_SIZE", 40)
    monkeypatch.setattr("gongkai.release.scanned_texts._HEAD_SIZE", 10)
    mobile = PERSONAL_NUMBERS["MOBILE"]
    for offset in range(45):
        text = f"{'示' * offset}，{mobile}，{mobile}0000，{'例' * 30}{line_end}" * 3
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("a.txt", text)
        with (tmp_path / "a.zip").open("rb") as file:
            chunks = [chunk.text for chunk in iter_chunks("a.zip", file) if chunk.member]
        assert "".join(chunks) == text
        assert [len(scan_for_personal_data(tmp_path).leaks), len(chunks) > 3] == [3, True]


@pytest.mark.parametrize(
    "text",
    [
        "51000021R000000019951-示例项目",
        "监督索引号 " + "5300002022010" + "0001",
        "公安备案号 " + "43110202" + "000001",
        "网站标识码 " + "43112800" + "01",
        "387664.62元，1380000000.00元",
        "0746-4712345",
        "91430000" + "MA4L12345X",
        "哈希 " + "0f13912345678c",
        "138****0000",
    ],
)
def test_other_numbers_are_not_personal_data(text: str) -> None:
    assert [match.kind for match in find_personal_data(text)] == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("MOBILE", PersonalDataKind.MOBILE),
        ("SPLIT-MOBILE", PersonalDataKind.MOBILE),
        ("WIDE-MOBILE", PersonalDataKind.MOBILE),
        ("IDENTITY", PersonalDataKind.IDENTITY),
        ("CARD", PersonalDataKind.CARD),
    ],
)
def test_personal_numbers_are_recognised(name: str, kind: PersonalDataKind) -> None:
    assert [
        match.kind for match in find_personal_data(f"联系：{PERSONAL_NUMBERS[name]}，谢谢")
    ] == [kind]
