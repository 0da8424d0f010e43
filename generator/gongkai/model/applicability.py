"""Which forms were made for a unit: its region, its level, the year."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from gongkai.model.forms import Form
from gongkai.model.publication import Region, UnitFacts
from gongkai.model.terms import DocumentKind


def unfit(form: Form, unit: UnitFacts, year: int) -> Iterator[str]:
    """Why a form is not for this unit and year; nothing where it is, as far as is known."""
    scope = form.scope
    if not within(scope.region, unit.region):
        yield f"适用于{scope.region}，本单位在{_region(unit.region)}"
    if scope.levels and unit.level and unit.level not in scope.levels:
        yield f"适用于{'、'.join(scope.levels)}，本单位是{unit.level}"
    if scope.first_year and year < scope.first_year:
        yield f"自 {scope.first_year} 年度起使用，这里是 {year} 年度"
    if scope.last_year and year > scope.last_year:
        yield f"用到 {scope.last_year} 年度为止，这里是 {year} 年度"


def best_fitting(
    forms: Iterable[Form], unit: UnitFacts, year: int
) -> dict[DocumentKind, list[Form]]:
    """The forms that a unit files with, by kind: those made for its own region before general ones.

    More than one where several fit equally well.
    """
    fitting: dict[DocumentKind, list[Form]] = defaultdict(list)
    for form in forms:
        known = not form.scope.region or unit.region.province
        if form.complete and known and not any(unfit(form, unit, year)):
            fitting[form.kind].append(form)
    return {kind: _nearest(found) for kind, found in fitting.items()}


def _nearest(forms: list[Form]) -> list[Form]:
    closest = max(len(form.scope.region) for form in forms)
    return [form for form in forms if len(form.scope.region) == closest]


def within(place: str, region: Region) -> bool:
    """Whether a unit lies in a form's region, as far as unit.yml tells."""
    for part in (region.province, region.city, region.county):
        if not (place and part):
            return True
        if not place.startswith(part):
            return False
        place = place.removeprefix(part)
    return True


def _region(region: Region) -> str:
    return f"{region.province}{region.city}{region.county}"
