"""Applicability of forms to a unit's region and level and to the year (适用)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from gongkai.model.forms import Form
from gongkai.model.publication import Region, UnitFacts
from gongkai.model.terms import DocumentKind


def iter_mismatches(form: Form, unit: UnitFacts, year: int) -> Iterator[str]:
    """Yield in Chinese why a form does not apply to a unit and year; nothing if it may apply."""
    yield from iter_unit_mismatches(form, unit)
    yield from iter_year_mismatches(form, year)


def iter_unit_mismatches(form: Form, unit: UnitFacts) -> Iterator[str]:
    """Yield in Chinese why a form does not apply to a unit's region and level."""
    scope = form.scope
    if not is_in_region(scope.region, unit.region):
        yield f"适用于{scope.region}，本单位在{_region_name(unit.region)}"
    if scope.levels and unit.level and unit.level not in scope.levels:
        yield f"适用于{'、'.join(scope.levels)}，本单位是{unit.level}"


def iter_year_mismatches(form: Form, year: int) -> Iterator[str]:
    """Yield in Chinese why a form does not apply to a year."""
    scope = form.scope
    if scope.first_year and year < scope.first_year:
        yield f"自 {scope.first_year} 年度起使用，这里是 {year} 年度"
    if scope.last_year and year > scope.last_year:
        yield f"用到 {scope.last_year} 年度为止，这里是 {year} 年度"


def find_applicable_forms(
    forms: Iterable[Form], unit: UnitFacts, year: int
) -> dict[DocumentKind, list[Form]]:
    """Return the forms that a unit files with, by kind; forms of its own region precede general ones.

    A kind has several forms if they apply equally well.
    """
    applicable: dict[DocumentKind, list[Form]] = defaultdict(list)
    for form in forms:
        is_region_known = not form.scope.region or unit.region.province
        if form.is_complete and is_region_known and not any(iter_mismatches(form, unit, year)):
            applicable[form.kind].append(form)
    return {kind: _most_specific(candidates) for kind, candidates in applicable.items()}


def _most_specific(forms: list[Form]) -> list[Form]:
    longest = max(len(form.scope.region) for form in forms)
    return [form for form in forms if len(form.scope.region) == longest]


def is_in_region(form_region: str, region: Region) -> bool:
    """Tell whether a unit's region is in the form's, as far as unit.yml states it."""
    rest = form_region
    for part in (region.province, region.city, region.county):
        if not (rest and part):
            return True
        if not rest.startswith(part):
            return False
        rest = rest.removeprefix(part)
    return True


def _region_name(region: Region) -> str:
    return f"{region.province}{region.city}{region.county}"
