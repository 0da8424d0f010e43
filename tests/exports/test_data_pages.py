"""开放数据 and 数据字典: what they tell is what there is, and the handbook's examples run."""

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

from gongkai.build.list_pages import list_pages
from gongkai.build.render import examine
from gongkai.exports.open_data import shapes
from gongkai.exports.open_data.list_shapes import form_sections
from gongkai.exports.open_data.tables import TABLES
from gongkai.model import publication
from gongkai.model.terms import PageKind, Role
from gongkai.pages.render import list_page
from gongkai.pages.views.open_data import Whole, WholeFile
from tests.folders import ROOT
from tests.pages.test_registers import site, unit

HANDBOOK = (ROOT / "content" / "data" / "api.md").read_text("utf-8")


def soup(built: Path, url: str) -> BeautifulSoup:
    return BeautifulSoup((built / url / "index.html").read_text("utf-8"), "html.parser")


def rows(page: BeautifulSoup, caption: str) -> list[list[str]]:
    (table,) = (
        each
        for each in page.select("main table")
        if each.caption and each.caption.get_text() == caption
    )
    found = table.select("tbody tr")
    return [[cell.get_text() for cell in row.select("th, td")] for row in found]


def test_the_dictionary_tells_every_column(built_site: Path) -> None:
    page = soup(built_site, "data/dictionary")
    for table in TABLES:
        told = rows(page, f"{table.title}（{table.name}）")
        assert [(each[0], each[1], each[5]) for each in told] == [
            (column.title, column.name, column.about) for column in table.columns
        ]
        assert [each[4] == "是" for each in told] == [each.required for each in table.columns]
    assert rows(page, "栏目和行的含义") == [[role.value, role.name.lower()] for role in Role]


def test_the_dictionary_tells_every_field_of_the_forms_in_use(built_site: Path) -> None:
    run = examine(ROOT / "data")
    used = {each.form.id for one in run.dataset.disclosures for each in one.all_records}
    assert len(used) == 5
    links = soup(built_site, "data/dictionary").select("main a")
    pages = {f"{each['href']}".strip("/").rpartition("/")[2] for each in links}
    assert used <= pages
    for form in (form for form in run.dataset.forms if form.id in used):
        page = soup(built_site, f"data/dictionary/{form.id}")
        told = [
            [cell.get_text() for cell in row.select("th, td")][:4]
            for table in page.select("main table")
            for row in table.select("tbody tr")
            if len(table.select("thead th")) == 6
        ]
        assert told == [
            [field.key, field.english, field.type, field.unit]
            for part in form_sections(form)
            for field in part.fields
        ]
        assert form.source in page.get_text()


@contextlib.contextmanager
def plainly_served(site: Path) -> Iterator[str]:
    """A site on this machine, sent as it lies there."""
    handler = functools.partial(_Quiet, directory=f"{site}")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def titles(shape: type) -> Iterator[tuple[str, str]]:
    """The fields of what a JSON file holds, with their Chinese names."""
    for each in dataclasses.fields(shape):
        told = [more for more in each.type.__metadata__ if isinstance(more, FieldInfo)]  # type: ignore[union-attr]
        yield each.name, f"{told[-1].title}"


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
def test_fields_are_called_as_in_the_files_that_units_write(
    shape: type, model: type[publication.UnitFacts]
) -> None:
    labels = {name: field.alias for name, field in model.model_fields.items()}
    told = {name: title for name, title in titles(shape) if name != "slug"}
    assert told == {name: labels[name] for name in told}


def test_every_field_of_the_catalogue_is_published() -> None:
    told = {each.name for each in dataclasses.fields(shapes.Catalogue)}
    assert told == set(publication.Catalogue.model_fields)


def test_the_page_offers_the_whole_where_there_is_one() -> None:
    file = WholeFile("示例：全部数据（CSV）", "whole/shili.zip", "1.2 MB", "0f" * 32)
    for files in ((), (file,)):
        wanted = list_pages([unit(1)], site(), [], Whole(files))
        (page,) = (list_page(each) for each in wanted if each.kind is PageKind.DATA)
        assert ("整体下载的文件" in page.body) == bool(files)
        assert ("0f" * 32 in page.body) == bool(files)
        assert ('href="whole/shili.zip" download' in page.body) == bool(files)


def test_the_handbooks_examples_run(built_site: Path) -> None:
    blocks = re.findall(r"\n```\n(import json.*?|record_url = .*?)\n```\n", HANDBOOK, re.DOTALL)
    assert len(blocks) == 2
    said = io.StringIO()
    with plainly_served(built_site) as base, contextlib.redirect_stdout(said):
        code = "\n".join(blocks).replace("https://gongkai.example/", base)
        exec(compile(code, "api.md", "exec"), {})  # noqa: S102 - the handbook's own words
    lines = said.getvalue().splitlines()
    assert lines[0] == "新田县计划生育协会 2022 97 292.31 万元"
    assert len(lines) > 300


def test_pages_on_the_data_are_found_among_the_guides(built_site: Path) -> None:
    assert list((built_site / "search" / "data" / "text" / "site.guide").iterdir())
    by_itself = (built_site / "search" / "data" / "text").glob("site.data*")
    assert [each.name for each in by_itself] == ["site.data"]


def test_the_page_tells_of_every_file_of_the_whole(built_site: Path) -> None:
    """To people, and to search engines; and the files are there."""
    page = (built_site / "data" / "index.html").read_text("utf-8")
    (graph,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    told = json.loads(graph)
    assert (told["@type"], told["temporalCoverage"]) == ("Dataset", "2022/2022")
    shown = re.findall(r'<a href="(whole/[^"]+)" download>([^<]+)</a>', page)
    assert [title for _, title in shown] == ["全部数据（CSV，压缩包）", "全部数据（SQLite 数据库）"]
    for (path, _), each in zip(shown, told["distribution"], strict=True):
        data = (built_site / "data" / path).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        assert each["contentUrl"] == f"https://gongkai.example/data/{path}"
        assert (each["sha256"], each["contentSize"]) == (digest, f"{len(data)} B")
        assert digest in page
