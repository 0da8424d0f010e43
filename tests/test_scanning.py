"""gongkai scan: nothing personal leaves in a built site, not even inside Office files."""

import zipfile
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.personal import Private, personal
from tests.folders import PERSONAL


def ran(site: Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["scan", str(site)], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_a_clean_site(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>示例 138****0000</p>", "utf-8")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    assert ran(tmp_path) == (0, "", "看了 1 个文件，1 个图片等文件没有看：没有发现个人信息\n")


def test_everything_that_leaks_is_found(tmp_path: Path) -> None:
    mobile, identity, card = PERSONAL["MOBILE"], PERSONAL["IDENTITY"], PERSONAL["CARD"]
    (tmp_path / "index.html").write_text(f"<p>示例</p>\n<!-- {mobile} -->", "utf-8")
    (tmp_path / "search.json").write_text(f'{{"text": "号码{identity}"}}', "utf-8")
    (tmp_path / "data.csv").write_text(f"\ufeff卡号,{card}\n", "utf-8")
    with zipfile.ZipFile(tmp_path / "表.xlsx", "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{mobile}</t>")
    (tmp_path / "0.json.bin").write_bytes(zlib.compress(f'["号码{mobile}"]'.encode()))
    (tmp_path / f"{mobile}.png").write_bytes(b"\x89PNG")
    code, out, closing = ran(tmp_path)
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
    assert "6 处个人信息" in closing
    assert mobile not in out.replace(f"{mobile}.png", "")


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
        "图片 a13812345678b.png 的哈希 " + "0f13912345678c",
        "138****0000",
    ],
)
def test_numbers_that_are_not_personal(text: str) -> None:
    assert [found.kind for found in personal(text)] == []


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("MOBILE", Private.MOBILE),
        ("SPLIT-MOBILE", Private.MOBILE),
        ("WIDE-MOBILE", Private.MOBILE),
        ("IDENTITY", Private.IDENTITY),
        ("CARD", Private.CARD),
    ],
)
def test_numbers_that_are(word: str, kind: Private) -> None:
    assert [found.kind for found in personal(f"联系：{PERSONAL[word]}，谢谢")] == [kind]
