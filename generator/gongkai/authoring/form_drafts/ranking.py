"""Ranking of forms by how well they fit a table."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from gongkai.authoring.form_drafts.judge import judge_form
from gongkai.authoring.form_drafts.lines import find_year
from gongkai.authoring.form_drafts.proposals import label_words, read_tables
from gongkai.authoring.office.cells import core_label
from gongkai.authoring.office.form_recognition import FormCandidates
from gongkai.model.forms import Form


class RankedForm(NamedTuple):
    """A form, and how many texts of a table come back if it is imported with it."""

    form: Form
    back: int
    cells: int
    missing: int
    """Labels of the form that the table does not have."""
    is_in_region: bool


_MIN_SHARE = 0.15
"""Smallest share of a table's labels that makes a form worth trying."""


def rank_forms(path: Path, forms: Sequence[Form], region: str) -> list[RankedForm]:
    """Return the forms that fit the first table of a file, the best first.

    Of those that fit as well, the region's come first, then those of no region. Raise UnreadableFileError if the file
    has no table.
    """
    table = read_tables(path, forms)[0]
    year = find_year([slot.text for slot in table.parts.opening])
    words = label_words(year)
    candidates = FormCandidates(tuple(forms), words)
    texts = table.texts
    cores = frozenset(map(core_label, texts))
    ranked: list[RankedForm] = []
    for form in forms:
        labels = candidates.labels[form.id]
        missing = sum(label not in texts and label not in cores for label in labels.required)
        if len(labels.required) - missing < _MIN_SHARE * max(len(labels.required), 1):
            continue
        fidelity = judge_form(form, table.lines, words)
        back = fidelity.same + fidelity.moved
        ranked.append(RankedForm(form, back, fidelity.cells, missing, _is_in(form, region)))
    return sorted(
        ranked,
        key=lambda one: (
            one.missing - one.back,
            not one.is_in_region,
            bool(one.form.scope.region),
            one.form.id,
        ),
    )


def _is_in(form: Form, region: str) -> bool:
    return (
        bool(region)
        and bool(form.scope.region)
        and (region.startswith(form.scope.region) or form.scope.region.startswith(region))
    )
