"""Forms told in words: what there is, and what each wants."""

from collections.abc import Iterable, Iterator, Sequence

from gongkai.model.forms import Form
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    PresetSpec,
    SectionSpec,
    TableSpec,
)
from gongkai.model.values import plain


def listed(forms: Iterable[Form]) -> str:
    """One line a form: what to write after 表式, what kind it is, what it is called."""
    rows = [
        (form.id, str(form.kind), form.name, "" if form.complete else "（不完整）")
        for form in forms
    ]
    width = max((len(row[0]) for row in rows), default=0)
    return "".join(
        f"{name:<{width}}  {kind}  {title}{partly}\n" for name, kind, title, partly in rows
    )


def explained(form: Form) -> str:
    """All that a form wants, part by part, in the order in which it is printed."""
    return (
        "\n".join([*_head(form), *(line for part in form.sections for line in _part(part))]) + "\n"
    )


def _head(form: Form) -> Iterator[str]:
    heir = f"，继承 {form.parent}" if form.parent else ""
    yield f"{form.name}（表式: {form.id}{heir}）"
    yield f"类型：{form.kind}"
    yield f"来源：{form.source}"
    scope = form.scope
    first = f"{scope.first_year} 年起" if scope.first_year else ""
    last = f"到 {scope.last_year} 年" if scope.last_year else ""
    where = "，".join(word for word in (scope.region, "、".join(scope.levels), first, last) if word)
    yield f"适用：{where or '不限'}"
    yield f"金额单位：{form.money}"
    if form.total_points is not None:
        bands = "，".join(
            f"{grade} {plain(lowest)} 分以上" for grade, lowest in form.grades.items()
        )
        yield f"总分：{plain(form.total_points)} 分{f'（{bands}）' if bands else ''}"
    if form.sign_off_keys:
        yield f"填报：{'、'.join(form.sign_off_keys)}"


def _part(part: SectionSpec) -> Iterator[str]:
    yield ""
    yield f"{part.key or part.name or '表头'}{'（必填）' if part.required else ''}"
    match part:
        case FieldsSpec():
            yield from _fields(part.fields)
        case TableSpec():
            yield from _fields(part.columns)
            for row in part.rows:
                total = f" = {' + '.join(row.parts)}" if row.parts else ""
                many = "（列表，一项一行）" if row.open else ""
                yield f"  行 {row.key}{many}{total}"
            for block in part.blocks:
                yield f"  分解 {block.key}：{'、'.join(row.key for row in block.rows)}"
        case IndicatorsSpec():
            yield f"  层级 {' > '.join(each.key for each in part.levels)}"
            yield from _fields(part.columns)
            for preset in part.presets:
                yield from _preset(preset, 1)
        case _:
            yield from _fields(part.columns)


def _preset(preset: PresetSpec, depth: int) -> Iterator[str]:
    """An indicator of the form, and those below it: names side by side where they have no parts."""
    points = f" {plain(preset.points)} 分" if preset.points is not None else ""
    alone = [each for each in preset.children if not each.children and each.points is None]
    listed = f"：{'、'.join(each.name for each in alone)}" if alone else ""
    yield f"{'  ' * depth}{preset.name}{points}{listed}"
    for child in preset.children:
        if child not in alone:
            yield from _preset(child, depth + 1)


def _fields(fields: Sequence[FieldSpec]) -> Iterator[str]:
    for field in fields:
        printed = f"，印作“{field.label.strip()}”" if field.label else ""
        yield f"  {field.key}：{field.kind}{'，必填' if field.required else ''}{printed}"
