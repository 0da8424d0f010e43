"""Checks of documents against their form (JG): prompts left in, forms made for somebody else."""

import unicodedata
from collections.abc import Iterator

from generator.checks.frame import Finding, at, check
from generator.fitting import unfit
from generator.model import Record
from generator.problems import Level
from generator.publication import Disclosure

_PROMPTS = frozenset({
    "(一个项目一行)", "……", "…", "...", "......", "(此页为封面)", "(100字以内)", "(200字以内)", "XX", "XXX", "年 月 日", "年月日",
})  # fmt: skip
"""What forms print as a prompt anywhere, in narrow characters."""
_LEVELS = ("省级", "市级", "县级", "区级", "乡镇级")


@check("JG-06", "样板文字残留", of=Record)
def prompt_left_in(record: Record) -> Iterator[Finding]:
    """整格只有表式的提示语（“（一个项目一行）”“……”“（100字以内）”等），等于没有填。

    为什么：系统预置的提示语原样公开，读者会当成单位写的内容。
    来源：各地公开件中的实例；表式自己的提示语写在“样板文字”里。
    怎么改：写上实际内容，没有的写“无”；确为原件如此的，写“差异说明”。
    """
    own = {_narrow(each) for each in record.form.prompts}
    for cell in [*record.cells(), *(node.name for tree in record.trees for node in tree.nodes)]:
        if cell.filed and _narrow(cell.filed) in _PROMPTS | own and cell.filed != cell.printed:
            shown = cell.filed if len(cell.filed) <= 20 else f"{cell.filed[:20]}…"  # noqa: PLR2004
            message = f"“{cell.spec.key}”只有表式的提示语“{shown}”"
            yield at(cell, message, "请写上实际内容，没有的写“无”")


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text.replace("…", "\0")).replace("\0", "…").strip()


@check("JG-07", "表式适用", Level.W, of=Disclosure)
def form_made_for_others(disclosure: Disclosure) -> Iterator[Finding]:
    """所用表式的地区、级别、年度须与单位相符；表内印的“市级”也须与单位的级别相符。

    为什么：用错了表，分值和口径就不可比。
    来源：表式文件的“适用”；unit.yml 的级别与行政区划。
    怎么改：换用本地的表式，或核对 unit.yml。
    """
    unit = disclosure.unit.facts
    first = {record.form.id: record for record in reversed(disclosure.all_records)}
    for record in first.values():
        for reason in unfit(record.form, unit, disclosure.year):
            message = f"表式“{record.form.id}”{reason}"
            advice = "请核对表式与 unit.yml"
            yield Finding(record.position, message, advice, record.name, level=Level.W)
        yield from _other_level(record, unit.level)


def _other_level(record: Record, level: str) -> Iterator[Finding]:
    for cell in record.cells():
        printed = record.label(cell.spec.label or cell.spec.key)
        named = next((each for each in _LEVELS if printed.startswith(each)), "")
        if named and level and named != level:
            message = f"表内印的是“{printed}”，本单位是{level}"
            yield at(cell, message, "请核对是否用错了表", level=Level.W)
