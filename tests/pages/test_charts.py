"""Charts: a description of every figure, patterns besides colours, no overlaps, strict CSP."""

import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser

from gongkai.model.terms import Grade
from gongkai.pages.charts import charts, svg
from gongkai.pages.charts.charts import Band, DimensionScore, Spending, YearMoney
from tests.folders import ROOT
from tests.serving import serve_site
from tests.site_pages import open_page

SVG = "{http://www.w3.org/2000/svg}"
BIG = Decimal(1000000000)
LONG = "示例单位社会公众或服务对象满意度指标（含<上级>&下级）"


def parse_svg(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


def description_of(text: str) -> str | None:
    """Return a chart's description for screen readers."""
    return parse_svg(text)[1].text


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def money(*pairs: tuple[str | None, str | None]) -> Markup:
    years = [
        YearMoney(year, _amount(budget), _amount(spent))
        for year, (budget, spent) in enumerate(pairs, 2013)
    ]
    return charts.money_chart("money", "示例单位的预算与支出", "万元", years)


CASES = {
    "one-year": money(("292.31", "292.30")),
    "ten-years": money(*[(f"{280 + n}.5", f"{270 + 2 * n}.12") for n in range(10)]),
    "gap": money(("10", None), (None, None), ("0.1", "0.3")),
    "zeros": money(("0", "0"), ("0", "0.00")),
    "equal": money(("5", "5"), ("5", "5")),
    "big": money((f"{BIG}", f"-{BIG}.55"), ("1", "-1")),
    "negative": money(("-3", "-2"), ("-1", None)),
    "three-public": charts.three_public_chart(
        "three-public",
        "三公经费",
        "万元",
        2022,
        [
            Spending("公务用车购置和维护经费", None, None, None),
            Spending("出国经费", Decimal(0), Decimal("1.50"), Decimal(0)),
            Spending("公务接待", Decimal("1.91"), Decimal("1.81"), Decimal("1.81")),
        ],
    ),
    "scores": charts.scores_chart(
        "scores",
        "各项得分",
        [
            DimensionScore("产出指标", Decimal("48.0"), Decimal(50)),
            DimensionScore(LONG, Decimal(12), Decimal(10)),
            DimensionScore("成本指标", None, Decimal(30)),
            DimensionScore("效益指标", Decimal("-1.5"), None),
        ],
    ),
    "spread": charts.distribution_chart(
        "spread",
        "得分分布",
        "家单位",
        charts.count_bands(map(Decimal, ("59.9", "90", "95", "100"))),
    ),
    "grades": charts.distribution_chart(
        "grades", "等级", "家单位", charts.count_grades([Grade.GOOD] * 1200 + [Grade.POOR])
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_chart_is_well_formed_and_named(case: str) -> None:
    text = str(CASES[case])
    root = parse_svg(text)
    ids = [element.get("id", "") for element in root.iter() if element.get("id")]
    name = ids[0].removesuffix("-t")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{name}-t {name}-d"
    assert root[0].tag == f"{SVG}title"
    assert root[1].tag == f"{SVG}desc"
    assert all(html_id.startswith(f"{name}-") for html_id in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("case", CASES)
def test_a_chart_has_no_styles_and_no_blank_lines(case: str) -> None:
    text = str(CASES[case])
    assert "style" not in text
    assert all(line.startswith("<") for line in text.split("\n"))


def test_the_description_contains_every_figure() -> None:
    descriptions = {case: description_of(text) for case, text in CASES.items()}
    assert descriptions["one-year"] == "2013年：预算 292.31 万元，支出 292.3 万元。"
    assert descriptions["gap"] == (
        "2013年：预算 10 万元，支出 原件未载；2014年：预算 原件未载，支出 原件未载；"
        "2015年：预算 0.1 万元，支出 0.3 万元。"
    )
    assert descriptions["big"] == (
        "2013年：预算 1,000,000,000 万元，支出 -1,000,000,000.55 万元；"
        "2014年：预算 1 万元，支出 -1 万元。"
    )
    assert descriptions["scores"] == (
        f"产出指标 48 分，满分 50 分；{LONG} 12 分，满分 10 分；"
        "成本指标 原件未载，满分 30 分；效益指标 -1.5 分。"
    )
    assert (
        descriptions["grades"]
        == "共 1,201 家单位：优 0 家单位，良 1,200 家单位，中 0 家单位，差 1 家单位。"
    )


def test_bars_are_as_long_as_their_values() -> None:
    bars = [
        (float(x), float(width))
        for x, width in re.findall(
            r'url\(#money-p\d\)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"',
            str(money(("40", "20"), ("-10", None))),
        )
    ][2:]
    (start, budget), (_, spent), (left, negative) = bars
    assert budget == pytest.approx(2 * spent, abs=0.2)
    assert budget == pytest.approx(4 * negative, abs=0.4)
    assert left + negative == pytest.approx(start, abs=0.2)


def test_no_chart_without_values() -> None:
    assert money() == money((None, None)) == ""
    assert charts.distribution_chart("none", "无", "家单位", []) == ""


def test_values_are_counted_by_bands() -> None:
    values = map(Decimal, ("-1", "0", "59.99", "60", "89.99", "90", "94.9", "95", "99.99", "100"))
    assert charts.count_bands(values) == (
        Band("60分以下", 3),
        Band("60–70分", 1),
        Band("70–80分", 0),
        Band("80–90分", 1),
        Band("90–95分", 2),
        Band("95–100分", 2),
        Band("100分", 1),
    )
    rates = charts.count_bands([Decimal("100.01"), Decimal(100)], "%")
    assert rates[-2:] == (Band("100%", 1), Band("100%以上", 1))


def test_long_names_are_truncated_and_numbers_formatted() -> None:
    assert svg.truncate("示例单位的很长的名称", 60) == "示例单…"
    assert svg.truncate("两 行\n文字", 100) == "两 行 文字"
    assert [svg.format_number(Decimal(text)) for text in ("1E+3", "0.10", "-0.00", "12345.60")] == [
        "1,000",
        "0.1",
        "0",
        "12,345.6",
    ]


_MEASURE = """() => [...document.querySelectorAll(".gk-chart")].map(chart => ({
  box: chart.getBoundingClientRect().toJSON(),
  size: parseFloat(getComputedStyle(chart.querySelector("text")).fontSize)
    * chart.getBoundingClientRect().width / chart.viewBox.baseVal.width,
  texts: [...chart.querySelectorAll("text")].map(
    text => ({content: text.textContent, ...text.getBoundingClientRect().toJSON()})),
}))"""


@pytest.mark.parametrize("width", [375, 1280])
def test_text_is_large_enough_and_overlaps_nothing(
    tmp_path: Path, chromium: Browser, width: int
) -> None:
    style = (ROOT / "overrides/assets/charts.css").read_text("utf-8")
    (tmp_path / "charts.css").write_text(f"{style} body {{ margin: 16px }}", "utf-8")
    page_html = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>图</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="charts.css"><body>'
    )
    (tmp_path / "index.html").write_text(page_html + "\n".join(CASES.values()), "utf-8")
    with serve_site(tmp_path) as base, open_page(chromium, base, width) as (page, errors):
        page.goto(base)
        for case, chart in zip(CASES, page.evaluate(_MEASURE), strict=True):
            assert chart["size"] >= 12, case
            texts = chart["texts"]
            for number, one in enumerate(texts, 1):
                assert one["left"] >= chart["box"]["left"] - 1, (case, one)
                assert one["right"] <= chart["box"]["right"] + 1, (case, one)
                for other in texts[number:]:
                    overlap_x = min(one["right"], other["right"]) - max(one["left"], other["left"])
                    overlap_y = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
                    # A line of text is taller than its glyphs: 5 pixels of it are empty.
                    assert overlap_x <= 0 or overlap_y <= 0.4 * chart["size"], (case, one, other)
        assert errors == []
