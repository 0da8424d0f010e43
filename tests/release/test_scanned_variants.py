"""The scan finds in every kind of file what the checks of the data files find."""

import gzip
import html
import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pypdf
import pytest
from playwright.sync_api import Browser

from gongkai.model.personal_data import find_unpublishable_data
from gongkai.release.scanned_texts import MAX_DEPTH, ChunkKind, iter_chunks
from tests.model.personal_numbers.variants import VARIANTS

TEXTS = [
    variant.build(Random(f"{seed}-{number}"))  # noqa: S311
    for number, variant in enumerate(VARIANTS)
    for seed in range(2)
]
REFUSED = [text for text in TEXTS if any(find_unpublishable_data(text))]
FINE = [text for text in TEXTS if not any(find_unpublishable_data(text))]
Container = Callable[[str], tuple[str, bytes]]
"""Makes a file with a text in it: name and content."""


def finds(name: str, data: bytes) -> bool:
    """Tell whether the scan finds personal data in a file."""
    chunks = iter_chunks(name, io.BytesIO(data))
    return any(any(find_unpublishable_data(chunk.text)) for chunk in chunks)


def zip_of(**members: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return buffer.getvalue()


def page(text: str) -> tuple[str, bytes]:
    return "a.html", f"<!doctype html>\n<p>示例</p>\n<p>{html.escape(text)}</p>\n".encode()


def page_of_references(text: str) -> tuple[str, bytes]:
    return "a.html", f"<p>{''.join(f'&#{ord(sign)};' for sign in text)}</p>".encode()


def page_in_pieces(text: str) -> tuple[str, bytes]:
    pieces = "</span><span>".join(html.escape(sign) for sign in text)
    return "a.html", f"<p>示例</p><p><b>{pieces}</b></p>".encode()


def attribute(text: str) -> tuple[str, bytes]:
    return "a.html", f'<p>示例</p>\n<img alt="{html.escape(text)}" src="x.png">\n'.encode()


def comment(text: str) -> tuple[str, bytes]:
    return "a.xml", f"<a>1</a>\n<!-- {html.escape(text)} -->".encode()


def json_file(text: str) -> tuple[str, bytes]:
    return "a.json", json.dumps({"文字": text, "n": 1}, ensure_ascii=False).encode()


def escaped_json(text: str) -> tuple[str, bytes]:
    return "a.json", json.dumps({"文字": text, "n": 1}).encode()


def search_text(text: str) -> tuple[str, bytes]:
    block = json.dumps([[[["", "示例", text]], "", "units/a/", "示例"]], ensure_ascii=False)
    return "search/data.00000000/text/a/0.json.bin", zlib.compress(block.encode())


def csv_file(text: str) -> tuple[str, bytes]:
    quoted = text.replace('"', '""')
    return "a.csv", f'\ufeff序号,文字\r\n1,"{quoted}"\r\n'.encode()


def old_csv_file(text: str) -> tuple[str, bytes]:
    return "a.csv", f"序号,文字\r\n1,{text}\r\n".encode("gb18030")


def wide_text(text: str) -> tuple[str, bytes]:
    return "a.txt", f"示例\r\n{text}\r\n".encode("utf-16")


def database(text: str) -> tuple[str, bytes]:
    with closing(sqlite3.connect(":memory:")) as connection, connection:
        connection.execute("CREATE TABLE a (filed TEXT)")
        connection.execute("INSERT INTO a VALUES (?)", (text,))
        connection.commit()
        return "a.sqlite", connection.serialize()


def parquet(text: str) -> tuple[str, bytes]:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pa.table({"filed": ["示例", text]}), sink)
    return "a.parquet", sink.getvalue()


def word(text: str) -> tuple[str, bytes]:
    """Every character in a run of its own, as Word may leave them."""
    runs = "".join(f"<w:r><w:rPr/><w:t>{html.escape(sign)}</w:t></w:r>" for sign in text)
    body = f"<w:p><w:r><w:t>示例</w:t></w:r></w:p><w:p>{runs}</w:p>"
    return "a.docx", zip_of(word__document_xml=f"<w:document>{body}</w:document>")


def excel(text: str) -> tuple[str, bytes]:
    book = openpyxl.Workbook()
    assert book.active
    book.active.append(["示例", text])
    buffer = io.BytesIO()
    book.save(buffer)
    return "a.xlsx", buffer.getvalue()


def open_document(text: str) -> tuple[str, bytes]:
    spans = "".join(f"<text:span>{html.escape(sign)}</text:span>" for sign in text)
    return "a.odt", zip_of(content_xml=f"<a><text:p>示例</text:p><text:p>{spans}</text:p></a>")


def nested_zip(text: str) -> tuple[str, bytes]:
    return "a.zip", zip_of(b_zip=zip_of(a__c_docx=word(text)[1], d_txt="示例"))


def gzip_file(text: str) -> tuple[str, bytes]:
    return "a.json.gz", gzip.compress(json_file(text)[1])


def png_chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + checksum


def png(*chunks: bytes) -> tuple[str, bytes]:
    head = png_chunk(b"IHDR", bytes.fromhex("00000001000000010800000000"))
    pixels = png_chunk(b"IDAT", zlib.compress(b"\0\0"))
    return "a.png", b"\x89PNG\r\n\x1a\n" + head + pixels + b"".join(chunks) + png_chunk(
        b"IEND", b""
    )


def png_text(text: str) -> tuple[str, bytes]:
    return png(png_chunk(b"iTXt", b"Comment\0\0\0zh\0\0" + text.encode()))


def compressed_png_text(text: str) -> tuple[str, bytes]:
    return png(png_chunk(b"iTXt", b"Comment\0\1\0zh\0\0" + zlib.compress(text.encode())))


def png_exif(text: str) -> tuple[str, bytes]:
    return png(png_chunk(b"eXIf", exif(text)))


def exif(text: str) -> bytes:
    """EXIF with UserComment in UTF-16, as cameras and Windows write it."""
    comment = b"UNICODE\0" + text.encode("utf-16-le")
    entry = b"\x86\x92\x07\x00" + len(comment).to_bytes(4, "little") + b"\x1a\0\0\0"
    return b"II*\0\x08\0\0\0\x01\0" + entry + b"\0\0\0\0" + comment


def jpeg(segment: bytes, marker: int = 0xE1) -> tuple[str, bytes]:
    size = (len(segment) + 2).to_bytes(2, "big")
    return "a.jpg", b"\xff\xd8\xff" + bytes([marker]) + size + segment + b"\xff\xda\0\2x\xff\xd9"


def jpeg_exif(text: str) -> tuple[str, bytes]:
    return jpeg(b"Exif\0\0" + exif(text))


def jpeg_xmp(text: str) -> tuple[str, bytes]:
    xmp = f"<x:xmpmeta><dc:creator>{html.escape(text)}</dc:creator></x:xmpmeta>"
    return jpeg(b"http://ns.adobe.com/xap/1.0/\0" + xmp.encode())


def jpeg_comment(text: str) -> tuple[str, bytes]:
    return jpeg(f"备注 {text}".encode("gb18030"), 0xFE)  # A single 元 could be UTF-8, too.


def webp(text: str) -> tuple[str, bytes]:
    body = exif(text)
    body += b"\0" * (len(body) % 2)
    chunk = b"EXIF" + len(body).to_bytes(4, "little") + body
    return "a.webp", b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk


def old_word(text: str) -> tuple[str, bytes]:
    """A binary format: text in UTF-16 among other bytes."""
    return "a.doc", b"\xd0\xcf\x11\xe0\0\0\0\0\1" + text.encode("utf-16-le") + b"\0\0\xff\xfe\1"


def pdf_properties(text: str) -> tuple[str, bytes]:
    """In an object stream, which is compressed."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(10, 10)
    writer.add_metadata({"/Author": text})
    buffer = io.BytesIO()
    writer.write(buffer)
    return "a.pdf", buffer.getvalue()


CONTAINERS: tuple[Container, ...] = (
    *(page, page_of_references, page_in_pieces, attribute, comment),
    *(json_file, escaped_json, search_text, csv_file, wide_text, database),
    *(parquet, excel, open_document, gzip_file),
    *(png_text, compressed_png_text, png_exif, jpeg_exif, jpeg_xmp, webp, old_word),
    *(old_csv_file, jpeg_comment, pdf_properties, word, nested_zip),
)
RARE = re.compile("[^\x20-\u024f\u2000-\u20df\u2100-\u9fff\uff00-\uffef]|\u20e3")
SLOW = frozenset({excel, parquet, pdf_properties})
"""Of these only a part of the variants is made."""


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda make: make.__name__)
def test_the_scan_finds_what_the_checks_find(container: Container) -> None:
    step = 11 if container in SLOW else 1
    missed = [text for text in REFUSED[::step] if not finds(*container(text))]
    assert missed == []
    wrong = [text for text in FINE[::step] if finds(*container(text))]
    assert wrong == []


@pytest.mark.long
def test_the_text_of_a_pdf_is_scanned(chromium: Browser) -> None:
    """As Chromium prints it, a page for every text, without digits that few fonts have."""
    texts = [text for text in TEXTS[::2] if text.isprintable() and not RARE.search(text)]
    assert len(texts) > 0.7 * len(TEXTS[::2])
    articles = "".join(f"<article>{html.escape(text)}</article>" for text in texts)
    style = "<style>article { break-after: page }</style>"
    page = chromium.new_page()
    page.set_content(f"<!doctype html><meta charset=utf-8>{style}{articles}")
    data = page.pdf(format="A4")
    page.close()
    chunks = [chunk for chunk in iter_chunks("a.pdf", io.BytesIO(data)) if chunk.text]
    found = {chunk.line for chunk in chunks if any(find_unpublishable_data(chunk.text))}
    expected = {number for number, text in enumerate(texts, start=1) if text in REFUSED}
    assert found == expected


def test_what_cannot_be_read_is_named() -> None:
    locked = bytearray(zip_of(a_txt="示例", b_txt="示例"))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1  # Encrypted.
    locked[6] |= 1
    data = zip_of(a_txt="示例")
    for _ in range(MAX_DEPTH):
        data = zip_of(a_zip=data)
    for content, unread in (
        (bytes(locked), {"a.txt"}),
        (data, {"!".join(["a.zip"] * MAX_DEPTH)}),
        (b"PK\x03\x04 no archive", {""}),
        (b"SQLite format 3\0 no database", {""}),
        (b"%PDF-1.7 no document", {""}),
    ):
        chunks = list(iter_chunks("a.zip", io.BytesIO(content)))
        assert {chunk.member for chunk in chunks if chunk.kind is ChunkKind.UNREAD} == unread


def test_files_of_a_site_are_read(built_site: Path) -> None:
    """All of its own can be; the search index too."""
    kinds = {
        (path.suffix, chunk.kind)
        for path in sorted(built_site.rglob("*.*"))
        if path.is_file()
        for chunk in iter_chunks(path.name, io.BytesIO(path.read_bytes()))
    }
    assert {suffix for suffix, kind in kinds if kind is ChunkKind.UNREAD} == set()
    assert {suffix for suffix, kind in kinds if kind is not ChunkKind.CONTENT} == {".png"}
    assert {".bin", ".html", ".csv", ".js", ".json"} <= {suffix for suffix, _ in kinds}
