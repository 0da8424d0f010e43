"""Descriptions of forms for gongkai forms: the list of all, and the fields of one."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from gongkai.authoring.form_drafts.ranking import RankedForm
from gongkai.model.forms import Form
from gongkai.model.schema import find_nearest
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    PresetSpec,
    SectionSpec,
    TableSpec,
)
from gongkai.model.values import format_decimal


def unknown_form_message(name: str, forms: Collection[Form]) -> str:
    """Return the message that no form has this id or name, with the most similar one."""
    if not forms:
        return no_forms_message()
    nearest = find_nearest(name, [word for form in forms for word in (form.id, form.name)])
    hint = f"是否应为“{nearest}”？" if nearest else "全部表式用 gongkai forms 列出"
    return f"没有名为“{name}”的表式；{hint}"


def no_forms_message() -> str:
    """Return the message that there is no data folder, whose own forms would count."""
    return "找不到数据目录；请在仓库根目录运行，或用 --data 指定"


def render_form_list(forms: Iterable[Form]) -> str:
    """Render one line per form: id (表式), kind and name."""
    rows = [
        (form.id, str(form.kind), form.name, "" if form.is_complete else "（不完整）")
        for form in forms
    ]
    width = max((len(row[0]) for row in rows), default=0)
    return "".join(
        f"{form_id:<{width}}  {kind}  {name}{incomplete}\n"
        for form_id, kind, name, incomplete in rows
    )


def render_form_ranking(ranked: Sequence[RankedForm]) -> str:
    """Render the forms that fit a table, the best first, with how many of its texts come back.

    What is missing are labels of the form that the table does not have.
    """
    if not ranked:
        return "没有一张表式与它相像；用 gongkai forms draft 照它起草一张\n"
    width = max(len(one.form.id) for one in ranked)
    return "".join(
        f"{one.form.id:<{width}}  对上 {one.back} / {one.cells}，缺 {one.missing} 个标签  {one.form.name}"
        f"{'（本地区）' if one.is_in_region else ''}{'' if one.form.is_complete else '（不完整）'}\n"
        for one in ranked
    )


def render_form_help(form: Form) -> str:
    """Render the description of a form, section by section in printed order."""
    sections = (line for section in form.sections for line in _section_lines(section))
    return "\n".join([*_head_lines(form), *sections]) + "\n"


def _head_lines(form: Form) -> Iterator[str]:
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
            f"{grade} {format_decimal(lowest)} 分以上" for grade, lowest in form.grades.items()
        )
        yield f"总分：{format_decimal(form.total_points)} 分{f'（{bands}）' if bands else ''}"
    if form.sign_off_keys:
        yield f"填报：{'、'.join(form.sign_off_keys)}"


def _section_lines(section: SectionSpec) -> Iterator[str]:
    yield ""
    yield f"{section.key or section.name or '表头'}{'（必填）' if section.required else ''}"
    match section:
        case FieldsSpec():
            yield from _field_lines(section.fields)
        case TableSpec():
            yield from _field_lines(section.columns)
            for row in section.rows:
                total = f" = {' + '.join(row.parts)}" if row.parts else ""
                many = "（列表，一项一行）" if row.is_open else ""
                yield f"  行 {row.key}{many}{total}"
            for block in section.blocks:
                yield f"  分解 {block.key}：{'、'.join(row.key for row in block.rows)}"
        case IndicatorsSpec():
            yield f"  层级 {' > '.join(level.key for level in section.levels)}"
            yield from _field_lines(section.columns)
            for preset in section.presets:
                yield from _preset_lines(preset, 1)
        case _:
            yield from _field_lines(section.columns)


def _preset_lines(preset: PresetSpec, depth: int) -> Iterator[str]:
    """Yield a line per preset indicator; children without points and parts share their parent's."""
    points = f" {format_decimal(preset.points)} 分" if preset.points is not None else ""
    inline = [child for child in preset.children if not child.children and child.points is None]
    names = f"：{'、'.join(child.name for child in inline)}" if inline else ""
    yield f"{'  ' * depth}{preset.name}{points}{names}"
    for child in preset.children:
        if child not in inline:
            yield from _preset_lines(child, depth + 1)


def _field_lines(fields: Sequence[FieldSpec]) -> Iterator[str]:
    for field in fields:
        printed = f"，印作“{field.label.strip()}”" if field.label else ""
        several = "，可选几个" if field.has_several else ""
        choices = f"（{'、'.join(field.choices)}{several}）" if field.choices else ""
        required = "，必填" if field.required else ""
        yield f"  {field.key}：{field.kind}{choices}{required}{printed}"
