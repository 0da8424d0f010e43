"""Everything that a form itself prints: such texts in a file are no answers."""

from collections.abc import Iterator

from generator.forms import Form, filled
from generator.office.lines import bare
from generator.office.taking import PLACEHOLDERS
from generator.office.walk import Walk
from generator.specs import FieldsSpec, IndicatorsSpec, SectionSpec, TableSpec, braces

HOW = (
    "浅黄色的格子可以填，其余是表式，不能改；点到格子上有填写说明。"
    "某一类要多填几行，就在那几行中间插入整行；填好后用 gongkai import 导入。"
)
"""What stands at the foot of an empty Excel sheet."""


def printed_texts(form: Form, going: Walk) -> frozenset[str]:
    """Everything that the form itself prints."""
    texts = ["序号", HOW, *form.notes, *PLACEHOLDERS]
    for part in form.sections:
        texts += [part.printed, part.key, *_printed_in(part)]
    known = {bare(filled(each, going.words)) for each in texts}
    captions = "、".join(
        going_label
        for part in form.sections
        if isinstance(part, FieldsSpec) and part.key
        for going_label in [filled(part.printed, going.words)]
    )
    return frozenset(known | {bare(captions)})


def _printed_in(part: SectionSpec) -> Iterator[str]:
    match part:
        case FieldsSpec():
            yield from (
                text for each in part.fields for text in (each.heading, each.label, each.key)
            )
        case TableSpec():
            yield part.corner
            yield from (
                text for each in part.columns for text in (each.heading, each.label, each.key)
            )
            yield from (
                text
                for each in part.rows
                for text in (each.label, each.key, *each.printed.values())
                if "名称" not in braces(text)
            )
            yield from (each.label or each.key for each in part.blocks)
        case IndicatorsSpec():
            yield part.heading
            yield from (each.label or each.key for each in part.levels)
            yield from (
                text for each in part.columns for text in (each.heading, each.label, each.key)
            )
        case _:
            yield from (each.label or each.key for each in part.columns)
