"""Home page and departments: totals over how many, changes of like with like, short lists."""

from decimal import Decimal

from gongkai.model.figures import LISTED_FIGURES, SCORE
from gongkai.model.shortfalls import TargetCounts
from gongkai.pages.departments import department_view, departments_view
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.home import home_view
from gongkai.pages.totals import year_sentences
from tests.pages.test_registers import entry, site, unit


def filed_entry(year: int, budget: int, spent: int, score: int = 90, form: str = "甲表") -> Entry:
    """Return an evaluation that filed money and a score."""
    new = entry(year, f"{year + 1}-06-01")
    texts = tuple(f"{score}" if figure is SCORE else "" for figure in LISTED_FIGURES)
    return new._replace(
        line=new.line._replace(texts=texts),
        budget=Decimal(budget),
        spent=Decimal(spent),
        score=Decimal(score),
        evaluation_form=form,
        targets=TargetCounts(10, 8, score % 7, 1),
        missed=score % 7,
    )


def county() -> list[UnitEntry]:
    scores = (91, 83, 99, 95, 88)
    units = [
        unit(
            number,
            filed_entry(2021, 100, 50),
            filed_entry(2022, 110, 60 + number, score),
            department=f"示例{'甲' if number < 3 else '乙'}局",
        )
        for number, score in enumerate(scores)
    ]
    other = unit(8, filed_entry(2022, 5000, 5000, 10, "乙表"), department="示例乙局")
    return [*units, other, unit(9, department="示例丙局")]


def test_figures_say_over_how_many_and_compare_like_with_like() -> None:
    view = home_view(county(), site(y2022="2023-05-31"))
    assert [(figure.term, figure.text, figure.note) for figure in view.figures] == [
        ("公开自评的单位", "6 个", ""),
        ("预算合计", "5,550 万元", "6 个单位中 6 个填报；其中 5 个两年都填了，比上年增加 10.0%"),
        ("支出合计", "5,310 万元", "6 个单位中 6 个填报；其中 5 个两年都填了，比上年增加 24.0%"),
        ("没有达到目标的指标", "18 项", "能判断的 48 项中，含项目"),
        ("数对不上的地方", "0 处", ""),
    ]
    assert view.late_note == "2022年度：1 个尚未公开，6 个逾期公开，期限是 2023-05-31。"
    assert len(view.late) == 7


def test_sums_are_over_the_units_that_filed_them() -> None:
    """As many filed a budget as filed their spending, but not the same ones."""
    first, second = filed_entry(2022, 100, 50), filed_entry(2022, 300, 200)
    sentences = list(
        year_sentences(2022, [first._replace(spent=None), second._replace(budget=None)])
    )
    assert sentences[1] == (
        "1 个单位填报了整个单位的预算，合计 100 万元；1 个单位没有填报，不在合计内；"
        "1 个单位填报了整个单位的支出，合计 200 万元；1 个单位没有填报，不在合计内。"
    )


def test_scores_are_ranked_only_among_units_with_the_same_form() -> None:
    view = home_view(county(), site())
    by_title = {ranking.title: ranking for ranking in view.rankings}
    lowest = by_title["自评得分最低"]
    assert lowest.note == "只比用同一张表（甲表）、有总分的 5 个单位；得分是单位给自己打的。"
    assert [row.text for row in lowest.units] == ["83 分", "88 分", "91 分", "95 分", "99 分"]
    assert by_title["没有花完的钱最多"].units[0].text == "50 万元，占预算的 45.5%"
    assert by_title["没有达到目标的指标最多"].units[0].text == "6 项，能判断的 8 项"
    assert "数对不上，相差最多" not in by_title


def test_departments_are_a_directory_with_a_page_of_their_own() -> None:
    view = departments_view(county())
    assert [(line.page.title, line.units, line.budget_text, line.filed) for line in view.lines] == [
        ("示例乙局", 3, "5,220", 3),
        ("示例甲局", 3, "330", 3),
        ("示例丙局", 1, "", 0),
    ]
    own = [unit for unit in county() if unit.department == "示例甲局"]
    page = department_view("示例甲局", own)
    assert page.head.url == view.lines[1].page.url
    assert page.summary[:2] == (
        "示例甲局有 3 个单位在本站。",
        "2022 年度有 3 个单位公开了绩效自评。",
    )
    assert [line.unit.title for line in page.lines] == [entry.link.title for entry in own]


def test_a_site_without_any_disclosure_has_a_home_page() -> None:
    view = home_view([unit(1)], site())
    assert (view.figures, view.rankings, view.departments) == ((), (), ())
