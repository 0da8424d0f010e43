"""The figures of a unit over the years as JSON, for the page that compares (compare.js)."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal

from gongkai.model.documents import Cell, Record, by_role
from gongkai.model.figures import Figures, dimensions_of, figures_of
from gongkai.model.publication import Disclosure, Unit
from gongkai.model.terms import DocumentKind, Role
from gongkai.pages.entries import UnitEntry
from gongkai.pages.links import disclosure_link, evaluation, unit_link


@dataclass(frozen=True, slots=True)
class DimensionFigures:
    """A level-1 indicator; all numbers here are decimals as text, None where nothing is filed."""

    name: str
    points: str | None
    score: str | None


@dataclass(frozen=True, slots=True)
class SpendingFigures:
    """One kind of spending: last year's final accounts, this year's budget and final accounts."""

    prior: str | None
    budget: str | None
    final: str | None


@dataclass(frozen=True, slots=True)
class ThreePublicFigures:
    """三公经费 in the money unit of its own form."""

    money: str
    total: SpendingFigures | None
    vehicles: SpendingFigures | None
    abroad: SpendingFigures | None
    reception: SpendingFigures | None


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One disclosure; where it holds no evaluation of the whole unit, most is None."""

    year: int
    url: str
    """Its page, from the site's root."""
    form: str | None
    """The form's name."""
    kind: str | None
    """类型 of the document that holds the figures."""
    score: str | None
    points: str | None
    """满分."""
    grade: str | None
    """As filed, else by the form's bands."""
    initial: str | None
    """年初预算数, in `money`."""
    budget: str | None
    """全年预算数, else 年初预算数, in `money`."""
    spent: str | None
    rate: str | None
    """执行率 to the character, for instance 100%."""
    money: str | None
    """元, 万元 or 亿元."""
    projects: int
    dimensions: tuple[DimensionFigures, ...]
    three_public: ThreePublicFigures | None
    indicators: int | None
    """How many indicators there are."""
    missed: int | None
    """How many did not reach their target."""
    lost: int | None
    """How many did not get all their points."""


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """units/<unit>/figures.json."""

    unit: str
    slug: str
    url: str
    level: str
    department: str
    years: tuple[YearFigures, ...]
    """Newest first."""


def unit_figures(unit: Unit, disclosures: Iterable[Disclosure]) -> UnitFigures:
    """The figures of a unit's disclosures, newest first."""
    newest_first = sorted(disclosures, key=lambda each: -each.year)
    return UnitFigures(
        unit=unit.facts.name,
        slug=unit.slug,
        url=unit_link(unit).url,
        level=unit.facts.level,
        department=unit.facts.department,
        years=tuple(_year(each, evaluation(each)) for each in newest_first),
    )


def figures_json(figures: UnitFigures) -> str:
    """The text of units/<unit>/figures.json."""
    return json.dumps(asdict(figures), ensure_ascii=False, separators=(",", ":")) + "\n"


def units_json(units: Iterable[UnitEntry]) -> str:
    """The text of compare/units.json: slug, name, department, level and years of each unit."""
    listed = [
        [
            unit.slug,
            unit.link.title,
            unit.department,
            unit.level,
            [entry.year for entry in unit.entries],
        ]
        for unit in units
    ]
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":")) + "\n"


def _year(disclosure: Disclosure, record: Record | None) -> YearFigures:
    figures = figures_of(record) if record else None
    return YearFigures(
        year=disclosure.year,
        url=disclosure_link(disclosure).url,
        form=record.form.name if record else None,
        kind=record.form.kind.value if record else None,
        score=_text(figures.score) if figures else None,
        points=_decimal(figures.total_points) if figures else None,
        grade=_grade(figures) if figures else None,
        initial=_text(figures.initial) if figures else None,
        budget=_text(figures.adjusted or figures.initial) if figures else None,
        spent=_text(figures.spent) if figures else None,
        rate=figures.rate.filed if figures and figures.rate else None,
        money=record.form.money if record else None,
        projects=len(disclosure.projects),
        dimensions=_dimensions(record) if record else (),
        three_public=_three_public(disclosure.record(DocumentKind.BASELINE)),
        indicators=len(figures.indicators) if figures else None,
        missed=len(figures.missed) if figures else None,
        lost=len(figures.losses) if figures else None,
    )


def _grade(figures: Figures) -> str | None:
    return figures.grade_filed or figures.grade or None


def _dimensions(record: Record) -> tuple[DimensionFigures, ...]:
    return tuple(
        DimensionFigures(each.name, _decimal(each.points), _decimal(each.score))
        for each in dimensions_of(record)
    )


def _three_public(record: Record | None) -> ThreePublicFigures | None:
    roles = (Role.THREE_PUBLIC, Role.VEHICLES, Role.ABROAD, Role.RECEPTION)
    rows = [_spending(record, role) for role in roles] if record else []
    return ThreePublicFigures(record.form.money, *rows) if record and any(rows) else None


def _spending(record: Record, role: Role) -> SpendingFigures | None:
    row = record.row(role)
    if row is None:
        return None
    prior, budget, final = (
        _text(by_role(row.cells, each)) for each in (Role.PRIOR_FINAL, Role.BUDGET, Role.FINAL)
    )
    return SpendingFigures(prior, budget, final)


def _text(cell: Cell | None) -> str | None:
    return _decimal(cell.value.number) if cell else None


def _decimal(number: Decimal | None) -> str | None:
    """With the zeros as filed (292.30), without an exponent."""
    return None if number is None else f"{number:f}"
