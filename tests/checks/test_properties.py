"""Right disclosures from every form raise nothing, and a changed figure in them is found.

tests/golden/unnoticed.yml lists the changes that nobody can notice, by form and column, with reasons;
they do not count. What else is missed is under one in twenty.
"""

import datetime as dt
import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.checks.registry import check_dataset
from gongkai.model.forms import Form
from gongkai.model.problems import Level
from gongkai.reading.dataset import (
    CommonData,
    common_dataset,
    complete_dataset,
    read_common_data,
)
from tests.checks.generated.changes import FigureChangeKind, iter_changes
from tests.checks.generated.disclosures import GeneratedDisclosure, draw_disclosure
from tests.folders import GOLDEN, ROOT

_TODAY = dt.date(2026, 12, 1)
_FORM_IDS = sorted(path.stem for path in (ROOT / "data/forms").glob("*.yml"))
_LEAST_FOUND = 0.95
_PARTS = 4
"""Into how many tests the forms of a long run are divided."""
_RANDOMS = st.randoms(use_true_random=True)
LONG = pytest.mark.long


def read_unnoticed() -> dict[FigureChangeKind, str]:
    """Return the reasons why changes cannot be noticed."""
    entries = yaml.safe_load((GOLDEN / "unnoticed.yml").read_text("utf-8"))
    return {
        FigureChangeKind(form, column, entry["情形"]): entry["缘由"]
        for entry in entries
        for form, columns in entry["栏"].items()
        for column in columns
    }


UNNOTICED = read_unnoticed()


class DataFolder(NamedTuple):
    """A data folder for one generated unit after the other."""

    common: CommonData
    """All that is not the unit's: read once."""

    @property
    def unit(self) -> Path:
        """The unit's folder."""
        return self.common.folder / "units/shili"

    @property
    def forms(self) -> Mapping[str, Form]:
        """The forms by id."""
        return {form.id: form for form in common_dataset(self.common).forms}

    def write(self, disclosure: GeneratedDisclosure) -> None:
        """Write a disclosure in place of the one before."""
        shutil.rmtree(self.unit, ignore_errors=True)
        disclosure.write(self.unit)

    def problems(self) -> list[str]:
        """Return the errors and warnings."""
        problems = check_dataset(complete_dataset(self.common)).problems
        return [f"{problem}" for problem in problems if problem.level is not Level.I]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    path = tmp_path_factory.mktemp("generated")
    (path / "units/shili").mkdir(parents=True)
    (path / "forms").symlink_to(ROOT / "data/forms")
    (path / "site.yml").write_text("站点名称: 示例站点\n主办单位: 示例主办单位\n", "utf-8")
    return DataFolder(read_common_data(path, "data", _TODAY, drafts=True))


@pytest.mark.parametrize("examples", [2, pytest.param(60, marks=LONG)])
@pytest.mark.parametrize("form_id", _FORM_IDS)
def test_right_disclosure_has_no_problems(folder: DataFolder, form_id: str, examples: int) -> None:
    @settings(max_examples=examples)
    @given(_RANDOMS)
    def check(rnd: Random) -> None:
        disclosure = draw_disclosure(rnd, folder.forms[form_id], folder.forms)
        assert any(cell.form == form_id for cell in disclosure.cells)
        folder.write(disclosure)
        assert folder.problems() == []

    check()


@pytest.mark.parametrize(
    ("examples", "figures", "forms"),
    [
        (1, 3, _FORM_IDS),
        *(
            pytest.param(
                examples, 1000, _FORM_IDS[part::_PARTS], marks=marks, id=f"{examples}-{part}"
            )
            for examples, marks in ((3, LONG), (8, pytest.mark.nightly))
            for part in range(_PARTS)
        ),
    ],
)
def test_changed_figure_is_found(
    folder: DataFolder, examples: int, figures: int, forms: Sequence[str]
) -> None:
    counts: Counter[FigureChangeKind] = Counter()
    missed: defaultdict[FigureChangeKind, list[str]] = defaultdict(list)

    @settings(max_examples=examples)
    @given(_RANDOMS)
    def check(rnd: Random) -> None:
        for form_id in forms:
            disclosure = draw_disclosure(rnd, folder.forms[form_id], folder.forms)
            folder.write(disclosure)
            for change in islice(iter_changes(rnd, disclosure), figures):
                disclosure.write_changed(folder.unit, change.cell, change.text)
                counts[change.kind] += 1
                if not folder.problems():
                    missed[change.kind].append(change.describe())
                disclosure.write_changed(folder.unit, change.cell, change.cell.text)

    check()
    relevant = sum(count for kind, count in counts.items() if kind not in UNNOTICED)
    unlisted = [text for kind, texts in missed.items() if kind not in UNNOTICED for text in texts]
    rate = 1 - len(unlisted) / relevant
    figures_found = f"{rate:.4f} of {relevant} found, {counts.total() - relevant} not counted"
    print("", figures_found, *unlisted, sep="\n")  # noqa: T201
    unchanged = set(forms) - {kind.form for kind in counts}
    assert not unchanged or figures < 100, unchanged  # A short run may draw none of a small form.
    assert rate >= _LEAST_FOUND
    mostly_found = {
        kind: f"{len(missed[kind])} of {counts[kind]} missed"
        for kind in UNNOTICED
        if counts[kind] > 9 and len(missed[kind]) * 2 < counts[kind]
    }
    assert mostly_found == {}, "listed as unnoticed, but mostly found"
