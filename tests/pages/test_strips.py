"""Strips of scores: one image per year and form, on which a unit's own page marks its score."""

import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from gongkai.build.list_pages import list_pages
from gongkai.checks.registry import check_dataset
from gongkai.pages.charts.strip import draw_dots, draw_strip, median_score
from gongkai.pages.entries import UnitEntry, unit_entry
from gongkai.pages.render import render_list_page, render_unit_pages
from gongkai.pages.strips import strip_images
from tests.folders import ROOT, example_data, explain_problems, replace_in_file
from tests.office_data import load_dataset
from tests.serving import serve_site
from tests.site_pages import open_page

OVERALL = "units/shili/2022/overall.yml"
SLUGS = ("jia", "yi", "bing")


def county(folder: Path, *scores: str) -> Path:
    """Write the synthetic unit and others with the same form, with total scores as given."""
    data = example_data(folder)
    for slug, score in zip(SLUGS, scores, strict=True):
        target = data / "units" / slug
        target.mkdir(parents=True)
        for path in sorted((data / "units/shili").rglob("*")):
            copy = target / path.relative_to(data / "units/shili")
            if path.is_dir():
                copy.mkdir()
            else:
                copy.write_text(path.read_text("utf-8").replace("示例单位", f"示例{slug}"), "utf-8")
        old = "总分: {分值: 100, 得分: 98}"
        replace_in_file(target / "2022/overall.yml", {old: old.replace("98", score)})
    explain_problems(data)
    return data


def entries_and_pages(data: Path) -> tuple[list[UnitEntry], dict[str, str]]:
    dataset = load_dataset(data)
    assert dataset.site
    problems = check_dataset(dataset).by_disclosure
    entries, pages = [], {}
    for unit in dataset.units:
        own = [disclosure for disclosure in dataset.disclosures if disclosure.unit == unit]
        entries.append(unit_entry(unit, own, problems))
        for page in render_unit_pages(unit, entries[-1], own, problems, dataset.site):
            pages[page.head.url] = page.body
    for listed in list_pages(entries, dataset.site):
        pages[listed.url] = render_list_page(listed).body
    return entries, pages


def test_a_unit_is_marked_on_the_image_of_its_form(tmp_path: Path) -> None:
    entries, pages = entries_and_pages(county(tmp_path, "98", "97", "96"))
    page = BeautifulSoup(pages["units/jia/2022/"], "html.parser")
    figure = page.select_one("#chart-peers")
    assert figure
    image, own = figure.select_one("image"), figure.select_one(".gk-chart-own")
    assert image
    assert own
    [shared] = strip_images(entries)
    assert image["href"] == f"../../../{shared.path}"
    assert shared.scores == (Decimal(98),) * 4  # The others' totals contradict their rows.
    texts = [text.get_text() for text in figure.select("text")]
    assert texts[-1] == "本单位 98 分"
    other = BeautifulSoup(pages["units/yi/2022/"], "html.parser").select("#chart-peers text")
    assert other[-1].get_text() == "本单位 97 分（复算 98）"
    link = figure.select_one("p a")
    assert link
    folder, _, anchor = f"{link['href']}".partition("#")
    assert folder == "../../../years/2022/"
    row = BeautifulSoup(pages["years/2022/"], "html.parser").find(id=anchor)
    assert row
    assert [cell.get_text() for cell in row.find_all("td")] == ["4", "98", "98", "98"]


def test_a_page_changes_with_its_own_score_only(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, pages = entries_and_pages(county(tmp_path / "one", "98", "97", "96"))
    data = county(tmp_path / "two", "98", "97", "96")
    changed = {"得分: 13\n": "得分: 3\n"}
    replace_in_file(data / "units/bing/2022/overall.yml", changed)
    explain_problems(data)
    two, other_pages = entries_and_pages(data)
    assert pages["units/jia/2022/"] == other_pages["units/jia/2022/"]
    assert pages["years/2022/"] != other_pages["years/2022/"]
    [before], [after] = strip_images(one), strip_images(two)
    assert before.path == after.path
    assert before.key != after.key
    assert before.draw() != after.draw()


@pytest.mark.parametrize(("count", "lines"), [(3, 0), (4, 1)])
def test_few_scores_have_no_median(count: int, lines: int) -> None:
    image = ET.fromstring(draw_dots([Decimal(90)] * count))  # noqa: S314 - our own
    paths = image.findall("{http://www.w3.org/2000/svg}path")
    assert len(paths) == 1 + lines
    assert f"{paths[0].get('d')}".count("z") == count


def test_scores_below_the_scale_stand_together_and_the_best_at_its_end() -> None:
    def place(score: str) -> float:
        chart = draw_strip("a", "甲", "a.svg", (Decimal(score), "甲"))
        match = re.search(r'gk-chart-own" d="M(\d+) ', chart)
        assert match
        return float(match[1])

    assert place("0") == place("59.9") < place("60") < place("80") < place("100") == place("103")
    assert place("80") - place("60") == pytest.approx(place("100") - place("80"), abs=1)
    assert median_score([Decimal(number) for number in (60, 70, 90, 100)]) == Decimal(80)


def test_charts_are_shown_as_tables_and_saved(chromium: Browser, tmp_path: Path) -> None:
    entries, pages = entries_and_pages(county(tmp_path, "98", "97", "96"))
    site = tmp_path / "site"
    for image in strip_images(entries):
        (site / image.path).parent.mkdir(parents=True)
        (site / image.path).write_bytes(image.draw())
    for name in ("charts.js", "charts.css"):
        (site / name).write_bytes((ROOT / "overrides/assets" / name).read_bytes())
    (site / "index.html").write_text(
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>图</title>'
        '<link rel="stylesheet" href="charts.css"><link rel="icon" href="data:,">'
        f'<script type="module" src="charts.js"></script>{pages["units/jia/2022/"]}',
        "utf-8",
    )
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        page.goto(base)
        figure = page.locator("#chart-overall-scores")
        figure.get_by_role("button", name="看数据表").click()
        assert not figure.locator("svg").is_visible()
        rows = figure.locator("tbody tr").all_inner_texts()
        assert rows == ["预算执行率\t10/10", "产出指标\t50/50", "效益指标\t38/40"]
        figure.get_by_role("button", name="看图").click()
        saved = {}
        for kind in ("的数据", "的矢量图", "的图片"):
            with page.expect_download() as download:
                figure.get_by_role("button", name=kind).click()
            saved[download.value.suggested_filename] = download.value.path().read_bytes()
        assert errors == []
    assert list(saved) == [f"各类指标得分.{kind}" for kind in ("csv", "svg", "png")]
    table, drawing, picture = saved.values()
    assert table.decode("utf-8-sig").splitlines()[3] == "效益指标,38/40"
    assert ET.fromstring(drawing).get("width") == "680"  # noqa: S314 - our own
    assert picture.startswith(b"\x89PNG")
