"""The pages 开放数据 and 数据字典 match the data, and the examples of the handbook run."""

import contextlib
import dataclasses
import functools
import hashlib
import io
import json
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pydantic.fields import FieldInfo

from gongkai.authoring.importer import form_candidates, read_source_file
from gongkai.authoring.json_schemas import form_schema
from gongkai.build.list_pages import list_pages
from gongkai.checks.runner import check_data
from gongkai.exports.open_data import shapes
from gongkai.exports.open_data.list_shapes import form_sections
from gongkai.exports.open_data.tables import TABLES
from gongkai.model import publication
from gongkai.model.terms import Role
from gongkai.pages import page_types
from gongkai.pages.render import render_list_page
from gongkai.pages.views.open_data import BulkDownload, BulkFile
from tests.folders import ROOT, TODAY
from tests.pages.test_registers import site, unit
from tests.site_pages import index_folder

HANDBOOK = (ROOT / "content" / "data" / "api.md").read_text("utf-8")


def parse_page(built: Path, url: str) -> BeautifulSoup:
    return BeautifulSoup((built / url / "index.html").read_text("utf-8"), "html.parser")


def table_rows(page: BeautifulSoup, caption: str) -> list[list[str]]:
    (table,) = (
        table
        for table in page.select("main table")
        if table.caption and table.caption.get_text() == caption
    )
    rows = table.select("tbody tr")
    return [[cell.get_text() for cell in row.select("th, td")] for row in rows]


def test_the_dictionary_lists_every_column(built_site: Path) -> None:
    page = parse_page(built_site, "data/dictionary")
    for table in TABLES:
        rows = table_rows(page, f"{table.title}（{table.name}）")
        assert [(row[0], row[1], row[5]) for row in rows] == [
            (column.title, column.name, column.description) for column in table.columns
        ]
        assert [row[4] == "是" for row in rows] == [column.required for column in table.columns]
    assert table_rows(page, "栏目和行的含义") == [[role.value, role.name.lower()] for role in Role]


def test_the_dictionary_lists_every_field_of_the_forms_in_use(built_site: Path) -> None:
    run = check_data(ROOT / "data", TODAY)
    used = {
        record.form.id
        for disclosure in run.dataset.disclosures
        for record in disclosure.all_records
    }
    assert len(used) == 5
    links = parse_page(built_site, "data/dictionary").select("main a")
    pages = {f"{link['href']}".strip("/").rpartition("/")[2] for link in links}
    assert used <= pages
    for form in (form for form in run.dataset.forms if form.id in used):
        page = parse_page(built_site, f"data/dictionary/{form.id}")
        fields = [
            [cell.get_text() for cell in row.select("th, td")][:4]
            for table in page.select("main table")
            for row in table.select("tbody tr")
            if [cell.get_text() for cell in table.select("thead th")][:1] == ["中文名"]
        ]
        assert fields == [
            [field.key, field.english, field.type, field.unit]
            for section in form_sections(form)
            for field in section.fields
        ]
        assert form.source in page.get_text()


def test_the_page_of_a_form_has_the_empty_form_to_fill_in(built_site: Path) -> None:
    forms = {form.id: form for form in check_data(ROOT / "data", TODAY).dataset.forms}
    form = forms["hunan-2022-project"]
    page = parse_page(built_site, f"data/dictionary/{form.id}")
    folder = built_site / "data/dictionary" / form.id
    names = [f"{link['href']}" for link in page.select(".gk-downloads a")]
    assert names == [f"{form.id}.xlsx", f"{form.id}.docx", f"{form.id}.schema.json"]
    excel, word, schema = (folder / name for name in names)
    candidates = form_candidates(forms.values(), None, 2022)
    for path in (excel, word):
        (draft,) = read_source_file(path, candidates).drafts
        assert (draft.form.id, draft.unused, draft.missing) == (form.id, [], [])
    assert json.loads(schema.read_text("utf-8")) == form_schema(form)
    checks = [item.get_text() for item in page.select("#checks + ul li")]
    assert checks[0].startswith("必须填写：项目支出名称、主管部门")
    assert "年度资金总额 = 当年财政拨款 + 上年结转资金 + 其他资金（ZJ-02 资金分行合计）" in checks
    assert "成本指标（20 分）、产出指标（40 分）" in "".join(checks)
    (unit,) = page.select("#units + ul a")
    assert unit.get_text() == "新田县计划生育协会（2022）"
    report = parse_page(built_site, "data/dictionary/hunan-2022-report")
    names = [f"{link['href']}" for link in report.select(".gk-downloads a")]
    assert names == ["hunan-2022-report.docx", "hunan-2022-report.schema.json"]


@contextlib.contextmanager
def serve_folder(site: Path) -> Iterator[str]:
    """Serve a built site on loopback without compression; yield its URL."""
    handler = functools.partial(_QuietHandler, directory=f"{site}")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def field_titles(shape: type) -> Iterator[tuple[str, str]]:
    """Yield the name and Chinese title of every field of a shape."""
    for field in dataclasses.fields(shape):
        metadata = [entry for entry in field.type.__metadata__ if isinstance(entry, FieldInfo)]  # type: ignore[union-attr]
        yield field.name, f"{metadata[-1].title}"


@pytest.mark.parametrize(
    ("shape", "model"),
    [
        (shapes.Catalogue, publication.Catalogue),
        (shapes.Correction, publication.Correction),
        (shapes.Explanation, publication.ExplanationEntry),
        (shapes.Region, publication.Region),
        (shapes.Unit, publication.UnitFacts),
    ],
)
def test_field_titles_equal_the_labels_of_the_data_files(
    shape: type, model: type[publication.UnitFacts]
) -> None:
    labels = {name: field.alias for name, field in model.model_fields.items()}
    titles = {name: title for name, title in field_titles(shape) if name != "slug"}
    assert titles == {name: labels[name] for name in titles}


def test_every_field_of_the_catalogue_is_published() -> None:
    published = {field.name for field in dataclasses.fields(shapes.Catalogue)}
    assert published == set(publication.Catalogue.model_fields)


def test_the_data_page_links_to_the_bulk_download_if_there_is_one() -> None:
    file = BulkFile("示例：全部数据（CSV）", "whole/shili.zip", "1.2 MB", "0f" * 32)
    for files in ((), (file,)):
        pages = list_pages([unit(1)], site(), [], BulkDownload(files))
        (page,) = (render_list_page(entry) for entry in pages if entry.type is page_types.DATA)
        assert ("整体下载的文件" in page.body) == bool(files)
        assert ("0f" * 32 in page.body) == bool(files)
        assert ('href="whole/shili.zip" download' in page.body) == bool(files)


def test_the_examples_of_the_handbook_run(built_site: Path) -> None:
    blocks = re.findall(r"\n```\n(import json.*?|record_url = .*?)\n```\n", HANDBOOK, re.DOTALL)
    assert len(blocks) == 2
    output = io.StringIO()
    with serve_folder(built_site) as base, contextlib.redirect_stdout(output):
        code = "\n".join(blocks).replace("https://gongkai.example/", base)
        exec(compile(code, "api.md", "exec"), {})  # noqa: S102 - our own handbook
    lines = output.getvalue().splitlines()
    assert lines[0] == "新田县计划生育协会 2022 97 292.31 万元"
    assert len(lines) > 300


def test_pages_about_the_data_are_indexed_with_the_guides(built_site: Path) -> None:
    texts = index_folder(built_site) / "text"
    assert list((texts / "site.guide").iterdir())
    data_texts = texts.glob("site.data*")
    assert [path.name for path in data_texts] == ["site.data"]


def test_the_data_page_lists_every_bulk_file(built_site: Path) -> None:
    """In the visible list and in JSON-LD; the hashes and sizes match the files."""
    page = (built_site / "data" / "index.html").read_text("utf-8")
    (json_ld,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    graph = json.loads(json_ld)
    assert (graph["@type"], graph["temporalCoverage"]) == ("Dataset", "2022/2022")
    links = re.findall(r'<a href="(whole/[^"]+)" download>([^<]+)</a>', page)
    assert [title for _, title in links] == ["全部数据（CSV，压缩包）", "全部数据（SQLite 数据库）"]
    for (path, _), distribution in zip(links, graph["distribution"], strict=True):
        data = (built_site / "data" / path).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        assert distribution["contentUrl"] == f"https://gongkai.example/data/{path}"
        assert (distribution["sha256"], distribution["contentSize"]) == (digest, f"{len(data)} B")
        assert digest in page
