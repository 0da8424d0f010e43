"""What is wrong with a form's indicators: levels, presets, and points that do not add up."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from generator.faults import Fault, missing, repeated, unknown_words
from generator.forms import WORDS, Form
from generator.specs import IndicatorsSpec, PresetSpec, TotalSpec, braces
from generator.values import plain


def indicators(form: Form) -> Iterator[Fault]:
    """Levels, columns and presets that do not fit together."""
    for number, part in enumerate(form.sections):
        if not isinstance(part, IndicatorsSpec):
            continue
        levels = [each.key for each in part.levels]
        columns = [each.key for each in part.columns]
        here = f"部分/{number}"
        if part.levels[-1].block:
            yield f"{here}/层级", "最末一级是指标本身，不能写“分块: 是”"
            return
        worded = " ".join([*(each.wording for each in part.levels), *_labels(part.presets)])
        for place, spec in enumerate(part.columns):
            at = f"{here}/列/{place}"
            if spec.level:
                yield from missing(f"{at}/层级", "层级", [spec.level], levels)
            if not spec.own_column and spec.key not in braces(worded):
                yield f"{at}/单列", f"“{spec.key}”不单列，就要在层级的“写法”里印出 {{{spec.key}}}"
        for place, level in enumerate(part.levels):
            yield from unknown_words(
                f"{here}/层级/{place}/写法", level.wording, ("名称", *WORDS, *columns)
            )
        depth = len(part.levels) - part.first
        yield from _presets(f"{here}/一级", part.presets, columns, depth)
        if form.complete:
            yield from _points_below(f"{here}/一级", part.presets)


def _labels(presets: Iterable[PresetSpec]) -> Iterator[str]:
    for each in presets:
        yield each.label
        yield from _labels(each.children)


def _presets(
    path: str, presets: Sequence[PresetSpec], columns: Sequence[str], depth: int
) -> Iterator[Fault]:
    yield from repeated((f"{path}/{n}/名称", (each.name,)) for n, each in enumerate(presets))
    for number, each in enumerate(presets):
        here = f"{path}/{number}"
        yield from unknown_words(f"{here}/标签", each.label, ("名称", *WORDS, *columns))
        yield from missing(f"{here}/印", "印字的列", each.printed, columns)
        if each.children and depth == 1:
            yield f"{here}/下级", f"“{each.name}”已在最末一级，不能再有下级；请核对“层级”"
        yield from _presets(f"{here}/下级", each.children, columns, depth - 1)


def _points_below(path: str, presets: Sequence[PresetSpec]) -> Iterator[Fault]:
    for number, each in enumerate(presets):
        yield from _points_of(f"{path}/{number}", each)
        yield from _points_below(f"{path}/{number}/下级", each.children)


def _points_of(path: str, preset: PresetSpec) -> Iterator[Fault]:
    below = [each.points for each in preset.children if each.points is not None]
    computed = sum(below, Decimal(0))
    if preset.points is None or len(below) < len(preset.children) or not below:
        return
    if computed != preset.points:
        yield (
            f"{path}/分值",
            f"“{preset.name}”的分值是 {plain(preset.points)}，下级合计为 {plain(computed)}；请核对",
        )


def points(form: Form) -> Iterator[Fault]:
    """Points of the level-1 indicators that do not come to the form's 总分."""
    trees = [part for part in form.sections if isinstance(part, IndicatorsSpec)]
    presets = [each.points for part in trees for each in part.presets]
    given = [points for points in presets if points is not None]
    if form.total_points is None or not form.complete or not given or len(given) < len(presets):
        return
    rate = form.execution.points if form.execution else None
    computed = sum(given, rate or Decimal(0))
    if computed != form.total_points:
        parts = f"执行率 {plain(rate)} 与" if rate else ""
        yield (
            "总分",
            f"总分是 {plain(form.total_points)}，{parts}各一级指标分值合计为 {plain(computed)}；请核对",
        )


def totals(form: Form) -> Iterator[Fault]:
    """Totals that would stand under no column."""
    columns: list[str] = []
    for number, part in enumerate(form.sections):
        if isinstance(part, IndicatorsSpec):
            columns = [each.key for each in part.columns if each.own_column]
        elif isinstance(part, TotalSpec) and columns:
            for place, spec in enumerate(part.columns):
                path = f"部分/{number}/列/{place}/{'对齐' if spec.under else '键'}"
                yield from missing(path, "合计行所对齐的列", [spec.under or spec.key], columns)
