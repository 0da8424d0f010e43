"""Key figures of a unit over the years as JSON, read by the comparison page (compare.js)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from gongkai.model.documents import Cell, Record, cell_with_role
from gongkai.model.figures import (
    COUNTED_FIGURES,
    EXPORTED_FIGURES,
    EvaluationFigures,
    Figure,
    figures_of,
)
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure, Unit
from gongkai.model.recomputed import (
    RECOMPUTED_FIGURES,
    Contradictions,
    RecomputedFigure,
    exact_recomputed,
    find_contradictions,
    recomputed_cells,
    recomputed_dimensions,
)
from gongkai.model.terms import DocumentKind, Role
from gongkai.pages.entries import ProblemsByFile, UnitEntry
from gongkai.pages.links import disclosure_link, main_evaluation, unit_link


@dataclass(frozen=True, slots=True)
class DimensionFigures:
    """Points and score of a dimension (一级指标); decimals as text, None if not filed."""

    name: str
    points: str | None
    score: str | None
    computed: str | None = None
    """The recomputed score; None unless it differs."""


@dataclass(frozen=True, slots=True)
class SpendingFigures:
    """One kind of spending; decimals as text, None if not filed."""

    prior: str | None
    """上年决算数."""
    budget: str | None
    """本年预算数."""
    final: str | None
    """本年决算数."""
    computed: dict[str, str] = field(default_factory=dict)
    """The recomputed amounts that differ, by the names of the fields."""


@dataclass(frozen=True, slots=True)
class ThreePublicFigures:
    """三公经费, in the money unit of its own form."""

    money: str
    """元, 万元 or 亿元."""
    total: SpendingFigures | None
    vehicles: SpendingFigures | None
    abroad: SpendingFigures | None
    reception: SpendingFigures | None


YearFigures = dict[str, object]
"""One disclosure: all FIGURES by name, None if unknown, and what else the comparison shows."""


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Content of units/<unit>/figures.json."""

    unit: str
    slug: str
    url: str
    level: str
    department: str
    years: tuple[YearFigures, ...]
    """Newest first."""


def unit_figures(
    unit: Unit, disclosures: Iterable[Disclosure], problems: ProblemsByFile
) -> UnitFigures:
    """Return the figures of a unit's disclosures, newest first."""
    newest_first = sorted(disclosures, key=lambda disclosure: -disclosure.year)
    return UnitFigures(
        unit=unit.facts.name,
        slug=unit.slug,
        url=unit_link(unit).url,
        level=unit.facts.level,
        department=unit.facts.department,
        years=tuple(
            _year(disclosure, main_evaluation(disclosure), problems[disclosure.file])
            for disclosure in newest_first
        ),
    )


def figures_json(figures: UnitFigures) -> str:
    """Return the text of units/<unit>/figures.json."""
    return json.dumps(asdict(figures), ensure_ascii=False, separators=(",", ":")) + "\n"


def units_json(units: Iterable[UnitEntry]) -> str:
    """Return the text of compare/units.json: slug, name, department, level and years per unit."""
    rows = [
        [
            unit.slug,
            unit.link.title,
            unit.department,
            unit.level,
            [entry.year for entry in unit.entries],
        ]
        for unit in units
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) + "\n"


def _year(
    disclosure: Disclosure, record: Record | None, problems: Iterable[Problem]
) -> YearFigures:
    figures = figures_of(record) if record else None
    contradictions = find_contradictions(problems)
    computed = exact_recomputed(record, contradictions)
    return {
        "year": disclosure.year,
        "url": disclosure_link(disclosure).url,
        "form": record.form.name if record else None,
        "kind": record.form.kind.value if record else None,
        **_values(figures, EXPORTED_FIGURES),
        "projects": len(disclosure.projects),
        "dimensions": _dimensions(record, contradictions) if record else (),
        "three_public": _three_public(disclosure.record(DocumentKind.BASELINE), contradictions),
        **_values(figures, COUNTED_FIGURES),
        "computed": {
            figure.name: text
            for figure, text in zip(RECOMPUTED_FIGURES, computed, strict=True)
            if text
        },
    }


def _values(
    evaluation: EvaluationFigures | None, figures: Iterable[Figure]
) -> dict[str, str | int | None]:
    values = {
        figure.name: evaluation.json_value(figure) if evaluation else "" for figure in figures
    }
    return {name: None if value == "" else value for name, value in values.items()}


def _dimensions(record: Record, contradictions: Contradictions) -> tuple[DimensionFigures, ...]:
    return tuple(
        DimensionFigures(
            filed.name,
            _decimal_text(filed.points),
            _decimal_text(filed.score),
            None if recomputed.score == filed.score else _decimal_text(recomputed.score),
        )
        for filed, recomputed in recomputed_dimensions(record, contradictions)
    )


def _three_public(
    record: Record | None, contradictions: Contradictions
) -> ThreePublicFigures | None:
    if record is None:
        return None
    cells = recomputed_cells(record, contradictions)
    figures = ThreePublicFigures(
        money=record.form.money,
        total=_spending(record, Role.THREE_PUBLIC, cells),
        vehicles=_spending(record, Role.VEHICLES, cells),
        abroad=_spending(record, Role.ABROAD, cells),
        reception=_spending(record, Role.RECEPTION, cells),
    )
    rows = (figures.total, figures.vehicles, figures.abroad, figures.reception)
    return figures if any(rows) else None


def _spending(
    record: Record, role: Role, recomputed: Mapping[str, RecomputedFigure]
) -> SpendingFigures | None:
    row = record.row_with_role(role)
    if row is None:
        return None
    columns = {"prior": Role.PRIOR_FINAL, "budget": Role.BUDGET, "final": Role.FINAL}
    cells = {name: cell_with_role(row.cells, column) for name, column in columns.items()}
    computed = {
        name: recomputed[cell.where].exact
        for name, cell in cells.items()
        if cell and cell.where in recomputed and recomputed[cell.where].number is not None
    }
    return SpendingFigures(
        **{name: _cell_text(cell) for name, cell in cells.items()}, computed=computed
    )


def _cell_text(cell: Cell | None) -> str | None:
    return _decimal_text(cell.value.number) if cell else None


def _decimal_text(number: Decimal | None) -> str | None:
    """Format a number with its trailing zeros (292.30) and without an exponent."""
    return None if number is None else f"{number:f}"
