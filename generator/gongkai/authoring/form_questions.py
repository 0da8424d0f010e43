"""Questions that tell similar forms apart, in the words that stand on the paper."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.specs import FieldsSpec, IndicatorsSpec, TableSpec
from gongkai.model.values import format_decimal


class FormQuestion(NamedTuple):
    """A question with the forms that remain after either answer."""

    text: str
    yes: tuple[Form, ...]
    no: tuple[Form, ...]


def next_question(forms: Sequence[Form], words: Mapping[str, str]) -> FormQuestion | None:
    """Return the question that divides these forms most evenly; None if they look the same.

    Of questions that divide as well, the one about what stands out on the page goes first: level-1
    indicators, then columns, then fields. `words` fill in the placeholders of labels.
    """
    questions = [frozenset(_iter_questions(form, words)) for form in forms]
    best: FormQuestion | None = None
    best_order: tuple[int, int] | None = None
    for rank, text in sorted(frozenset().union(*questions)):
        yes = tuple(
            form for form, found in zip(forms, questions, strict=True) if (rank, text) in found
        )
        no = tuple(form for form in forms if form not in yes)
        order = (abs(len(yes) - len(no)), rank)
        if yes and no and (best_order is None or order < best_order):
            best, best_order = FormQuestion(text, yes, no), order
    return best


def _iter_questions(form: Form, words: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield the questions that are answered with yes for a form, with their ranks."""
    for section in form.sections:
        match section:
            case IndicatorsSpec():
                yield from _indicator_questions(section)
            case TableSpec() | FieldsSpec():
                rank, place = (2, "列") if isinstance(section, TableSpec) else (3, "格")
                for spec in section.all_fields:
                    if spec.shows_label:
                        label = _label(spec.label or spec.key, words)
                        yield rank, f"表上有没有“{label}”这一{place}？"
            case _:
                pass


def _indicator_questions(section: IndicatorsSpec) -> Iterator[tuple[int, str]]:
    for preset in section.presets:
        yield 0, f"一级指标里有没有“{preset.name}”这一行？"
        if preset.points is not None:
            yield 1, f"“{preset.name}”是不是 {format_decimal(preset.points)} 分？"
    for level in section.levels:
        if level.shows_label:
            yield 1, f"指标表里有没有“{level.label or level.key}”这一列？"
    for column in section.columns:
        if column.has_own_column:
            yield 1, f"指标表里有没有“{column.label or column.key}”这一列？"


def _label(label: str, words: Mapping[str, str]) -> str:
    return fill_placeholders(label, words).strip(" ：:\u3000")
