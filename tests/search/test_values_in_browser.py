"""Queries for values, compared with the figures of the data."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from gongkai.checks.registry import check_units
from gongkai.model.documents import Record
from gongkai.model.figures import BUDGET, RATE, SCORE, SPENT, figures_of
from gongkai.model.outcomes import indicator_outcomes
from gongkai.model.recomputed import Contradictions, find_contradictions, recomputed_figures
from gongkai.model.terms import DocumentKind
from gongkai.pages.links import disclosure_link, main_evaluation, project_link
from gongkai.reading.dataset import read_dataset
from tests.commands import run_gongkai
from tests.edits import DAYS
from tests.folders import ROOT
from tests.search_truth import page_texts, right_pages
from tests.serving import serve_site
from tests.site_pages import find_asset, open_page

_FIGURES = {SCORE: "得分", RATE: "执行率", SPENT: "支出", BUDGET: "预算"}
"""What queries call them."""
_UNITS = (
    ("万元", Decimal(1)),
    ("元", Decimal(10_000)),
    ("", Decimal(1)),
    ("亿", Decimal("0.0001")),
)
_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "低于": lt,
    "<": lt,
    "不超过": le,
    "超过": gt,
    ">=": ge,
    "不低于": ge,
    "=": eq,
}
_SEARCH = """async ([script, words]) => {
    const { search } = await import(script);
    const found = [];
    for (let page = 1; ; page += 1) {
        const { valueQuery, count, isExact, results, pages } = await search(words, { page });
        found.push(...results.map(({ url }) => url));
        if (page >= pages) return { found, count, isExact, sentence: valueQuery ? valueQuery.sentence : "" };
    }
}"""


@dataclass
class PageNumbers:
    """The numbers of a page by what queries call them, filed and recomputed ones alike."""

    by_name: dict[str, set[Decimal]] = field(default_factory=dict)

    def add(self, name: str, number: Decimal) -> None:
        """Add a number."""
        self.by_name.setdefault(name, set()).add(number)


def page_numbers(data: Path) -> dict[str, PageNumbers]:
    """Return the numbers of all evaluations' pages by address, as the checks find them in the data."""
    pages: dict[str, PageNumbers] = {}
    dataset = read_dataset(data, "data", DAYS[0])
    problems = check_units(dataset).by_disclosure
    for disclosure in dataset.disclosures:
        contradictions = find_contradictions(problems[disclosure.file])
        records = [(disclosure_link(disclosure).url, main_evaluation(disclosure))]
        records += [
            (project_link(disclosure, project).url, project.record(DocumentKind.PROJECT))
            for project in disclosure.projects
        ]
        for url, record in records:
            if record:
                pages[url] = _numbers(record, contradictions)
    return pages


def _numbers(record: Record, contradictions: Contradictions) -> PageNumbers:
    numbers = PageNumbers()
    figures, recomputed = figures_of(record), recomputed_figures(record, contradictions)
    for figure, name in _FIGURES.items():
        computed = recomputed[figure].number if figure in recomputed else None
        for number in (figures.number(figure), computed):
            if number is not None:
                numbers.add(name, number)
    for outcome in indicator_outcomes(record):
        names = f"{outcome.path}{outcome.indicator.name.filed}"
        match = re.match(r"[^\d]?([\d.]+) ?(?:[%％]|$)", outcome.actual_text)
        if match and re.search("满意[度率]", names):
            numbers.add("满意度", Decimal(match[1]))
    return numbers


def random_questions(pages: dict[str, PageNumbers], count: int) -> Iterator[tuple[str, set[str]]]:
    """Yield random queries for values with the pages that meet them."""
    rnd = Random(12)  # noqa: S311 - reproducible
    names = sorted({name for numbers in pages.values() for name in numbers.by_name})
    for turn in range(count):
        name = names[turn % len(names)]
        word, fits = rnd.choice(list(_COMPARISONS.items()))
        values = sorted({value for page in pages.values() for value in page.by_name.get(name, ())})
        limit = rnd.choice(values) + rnd.choice((Decimal(0), Decimal(0), Decimal("0.5")))
        unit, factor = "", Decimal(1)
        if name in {"支出", "预算"}:
            unit, factor = rnd.choice(_UNITS)
        elif rnd.random() < 0.5:
            unit = "分" if name == "得分" else "%"
        expected = {
            url
            for url, numbers in pages.items()
            if any(fits(value, limit) for value in numbers.by_name.get(name, ()))
        }
        yield f"{name} {word} {limit * factor:f}{unit}", expected


def ask(page: Page, base: str, site: Path, words: str) -> dict[str, object]:
    """Return what the search finds on all pages of results."""
    script = base + find_asset(site, "assets/search/search.js").relative_to(site).as_posix()
    answer: dict[str, object] = page.evaluate(_SEARCH, [script, words])
    return answer


@pytest.mark.parametrize("count", [20, pytest.param(300, marks=pytest.mark.long)])
@pytest.mark.parametrize("fixture", ["built_site", "corpus_folder"])
def test_values_are_those_of_the_pages(
    request: pytest.FixtureRequest, fixture: str, count: int, chromium: Browser
) -> None:
    folder = Path(request.getfixturevalue(fixture))
    site, data = (folder, ROOT) if fixture == "built_site" else (folder / "site", folder)
    pages = page_numbers(data / "data")
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        page.goto(f"{base}search/")
        for words, expected in random_questions(pages, count):
            answer = ask(page, base, site, words)
            assert answer["sentence"], words
            assert sorted(answer["found"]) == sorted(expected), words  # type: ignore[call-overload]
            assert (answer["count"], answer["isExact"]) == (len(expected), True), words
        assert errors == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    {
        "得分低于80的项目有哪些？": "自评得分低于 80 分的项目",
        "哪些单位的执行率不到百分之八十": "执行率低于 80%的年度自评",
        "支出超过一百万元": "全年支出超过 100 万元的年度自评和项目",
        "预算 大于 1,234,567元": "全年预算超过 123.4567 万元的年度自评和项目",
        "2022年 得分>=95 支出<50万": "2022 年度自评得分不低于 95 分、全年支出低于 50 万元的年度自评和项目",
        "得分最低的项目": "自评得分从低到高的项目",
        "2022年支出最多的单位": "2022 年度全年支出从高到低的年度自评",
        "得分 80到90": "自评得分在 80 到 90 分之间的年度自评和项目",
        "群众满意度＜９０％": "满意度低于 90%的年度自评和项目",
        "计生协 得分 95 分以上": "自评得分不低于 95 分的年度自评和项目，并且含有 计生协",
        '"得分低于80"': "",
        "支出 > 100%": "",
        "得分 80": "",
    }.items(),
)
def test_what_is_understood_is_said(
    built_site: Path, chromium: Browser, words: str, sentence: str
) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        page.goto(f"{base}search/")
        assert ask(page, base, built_site, words)["sentence"] == sentence
        assert errors == []


@pytest.mark.parametrize(
    ("words", "is_lowest"), [("得分最低的项目", True), ("支出最多的项目", False)]
)
def test_superlatives_sort_the_newest_year_first(
    corpus_folder: Path, chromium: Browser, words: str, *, is_lowest: bool
) -> None:
    site = corpus_folder / "site"
    numbers = page_numbers(corpus_folder / "data")
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        page.goto(f"{base}search/")
        urls = ask(page, base, site, words)["found"]
        assert isinstance(urls, list)
        projects = {url for url in numbers if "/projects/" in url}
        assert set(urls) == {url for url in projects if numbers[url].by_name.get(words[:2])}
        rank = [
            (
                -int(url.split("/")[2]),
                (min if is_lowest else max)(numbers[url].by_name[words[:2]])
                * (1 if is_lowest else -1),
            )
            for url in urls
        ]
        assert rank == sorted(rank)
        assert errors == []


def test_both_values_are_shown_and_the_words_can_be_searched_for_instead(
    built_site: Path, chromium: Browser
) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        page.goto(f"{base}search/?q=得分 < 90")
        note = page.locator(".gk-understood")
        expect(note).to_contain_text("查的是：自评得分低于 90 分的年度自评和项目。")
        expect(page.locator(".gk-about mark")).to_have_text("自评得分 99（复算 89）")
        page.get_by_role("link", name="只查原来的字").click()
        expect(note).to_have_count(0)
        page.goto(f"{base}search/?q=满意度 低于 91")
        expect(page.locator(".gk-excerpt").first).to_be_visible()
        rows = page.locator(".gk-excerpt").all_inner_texts()
        assert any(
            re.search("三级指标：.*满意.*年度指标值：95%以上.*实际完成值：90%", row) for row in rows
        )
        target = page.locator(".gk-where").first.get_attribute("href") or ""
        page.goto(target)
        assert page.locator(f"[id='{target.partition('#')[2]}']").count() == 1
        assert errors == []


def test_words_that_stand_in_guides_are_offered_as_they_are(
    built_site: Path, chromium: Browser
) -> None:
    words = next(
        match[0]
        for url, text in page_texts(built_site).items()
        if url.startswith("guide/") and (match := re.search(r"执行率低于\d+%", text))
    )
    expected = right_pages(page_texts(built_site), words)
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        page.goto(f"{base}search/?q={quote(words)}")
        note = page.locator(".gk-understood")
        expect(note).to_contain_text(f"另有 {len(expected)} 个指南网页原样有这些字。")
        note.get_by_role("link", name="只查原来的字").click()
        expect(note).to_have_count(0)
        expect(page.locator(".gk-status")).to_have_text(f"找到 {len(expected)} 个网页。")
        assert errors == []


def test_words_that_stand_on_a_page_of_a_unit_are_searched_for_as_they_are(
    built_publisher: Path, chromium: Browser
) -> None:
    """What they would mean is offered."""
    words = "执行率低于20%"
    [report] = (built_publisher / "data").rglob("report.md")
    report.write_text(f"{report.read_text('utf-8')}\n\n示例：{words}。\n", "utf-8")
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    site = built_publisher / "site"
    expected = right_pages(page_texts(site), words)
    assert expected
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        page.goto(f"{base}search/")
        assert sorted(ask(page, base, site, words)["found"]) == sorted(expected)  # type: ignore[call-overload]
        page.goto(f"{base}search/?q={quote(words)}")
        note = page.locator(".gk-understood")
        expect(note).to_contain_text("照原样查了这些字。也可以查：")
        note.get_by_role("link").click()
        expect(note).to_contain_text("查的是：")
        assert errors == []
