"""Shares and rates whose two figures the same document names elsewhere: 女职工占在职人数的38%."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.checks.sentences.arithmetic import StatedResult
from gongkai.checks.sentences.clauses import Sentence, clause_before
from gongkai.checks.sentences.prose import TextBlock
from gongkai.checks.sentences.quantities import Quantity
from gongkai.checks.sentences.quotes import quote_figure
from gongkai.model.values import format_decimal, round_half_up

_SHARE = re.compile(
    r"(?P<part>[^，。；：、0-9占]{2,14})占(?P<whole>[^，。；：、0-9占]{2,14}?)的?(?:比例|比重)?(?:为|是|达到?|约)?\s*"
)
_RATE = re.compile(r"(?P<subject>[^，。；：、0-9]{2,10}?)(?:的)?完成率(?:为|是|达到?)?\s*")
_PLANNED = ("计划", "年度计划", "目标", "年度目标")
_DONE = ("实际", "实际完成", "完成", "已完成", "")
_LEADING = re.compile(
    r"^(?:其中|另外?有?|截至|到|○○○○年度?|[本全当]年|年[末底初内]|本?年度|[我本][局委站所馆院校镇]|本?单位|实有|现有|共有?|"
    r"实际(?!完成|培训|参)|累计|总计|合计|全部|拥有|有)+"
)
_TRAILING = re.compile(
    r"(?:总人数|人数|总数|总量|总额|数量|人员|[数量额的为是有共约达到]|共计|合计|\s)+$"
)
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class _Named:
    """A figure and where it stands."""

    quantity: Quantity
    block: TextBlock


def find_wrong_named_shares(
    blocks: Iterable[TextBlock],
) -> Iterator[tuple[TextBlock, StatedResult]]:
    """Yield shares and rates that the only figures of the two names in a document do not give."""
    blocks = tuple(blocks)
    stated = [
        (block, figure, match)
        for block in blocks
        if "占" in block.text or "完成率" in block.text
        for sentence in block.sentences
        for figure in sentence.quantities
        if figure.is_percentage and not figure.is_rough
        for match in [_read(sentence, figure)]
        if match
    ]
    if not stated:
        return
    figures = _figures_by_name(blocks)
    for block, percentage, match in stated:
        pair = _find_pair(match, figures, block, percentage)
        if pair is None:
            continue
        part, whole = pair
        rate = _share_of(part.quantity, whole.quantity, percentage)
        if rate == percentage.number or _other_gives(percentage, part, whole, block):
            continue
        shown = f"{format_decimal(rate)}%"
        both = "、".join(quote_figure(found.block.text, found.quantity) for found in pair)
        quote = f"{both}；{quote_figure(block.text, percentage)}"
        result = StatedResult(percentage.column, percentage.text, shown, "占比或比率", quote)
        yield block, result


def _share_of(part: Quantity, whole: Quantity, percentage: Quantity) -> Decimal:
    return round_half_up(part.base_value / whole.base_value * 100, percentage.decimals)


def _other_gives(percentage: Quantity, part: _Named, whole: _Named, block: TextBlock) -> bool:
    """Tell whether the part or the whole gives a share with another figure of the text."""
    pairs = (
        pair
        for sentence in block.sentences
        for other in sentence.quantities
        if other.base_unit == whole.quantity.base_unit
        for pair in ((part.quantity, other), (other, whole.quantity))
        if pair[1].base_value
    )
    return any(_share_of(*pair, percentage) == percentage.number for pair in pairs)


def _read(sentence: Sentence, figure: Quantity) -> re.Match[str] | None:
    """Return the words of a share or rate before a percentage."""
    clause = clause_before(sentence, figure)[0].strip()
    return _SHARE.fullmatch(clause) or _RATE.fullmatch(clause)


def _figures_by_name(blocks: Iterable[TextBlock]) -> dict[str, list[_Named]]:
    """Return the exact figures of a document's texts by their names."""
    figures: dict[str, list[_Named]] = {}
    for block in blocks:
        for sentence in block.sentences:
            for quantity in sentence.quantities:
                if quantity.is_percentage or quantity.is_rate:
                    continue
                name = _core(re.split(r"[、和及]", clause_before(sentence, quantity)[0])[-1])
                if len(name) >= _SHORTEST:
                    figures.setdefault(name, []).append(_Named(quantity, block))
    return figures


def _core(name: str) -> str:
    """Return a name without words for the time, the unit and how it is counted."""
    return _TRAILING.sub("", _LEADING.sub("", name.strip()))


def _find_pair(
    match: re.Match[str], figures: dict[str, list[_Named]], block: TextBlock, percentage: Quantity
) -> tuple[_Named, _Named] | None:
    """Return the part and the whole, if the document has one figure of each name."""
    if match.re is _SHARE:
        part = _only(figures, [_core(match["part"])])
        whole = _only(figures, [_core(match["whole"])])
    else:
        subject = _core(match["subject"])
        part = _only(figures, [f"{words}{subject}" for words in _DONE])
        whole = _only(figures, [f"{words}{subject}" for words in _PLANNED])
    if part is None or whole is None or part is whole or not whole.quantity.base_value:
        return None
    is_same_unit = part.quantity.base_unit == whole.quantity.base_unit
    is_after = block is not part.block or part.quantity.column < percentage.column
    return (part, whole) if is_same_unit and is_after else None


def _only(figures: dict[str, list[_Named]], names: Sequence[str]) -> _Named | None:
    """Return the figure of some names, if all figures of these names are the same and exact."""
    found = [named for name in names for named in figures.get(name, ())]
    if not found:
        endings = tuple(name for name in names if len(name) > _SHORTEST)
        found = [named for name in figures if name.endswith(endings) for named in figures[name]]
    values: set[tuple[str, Decimal]] = {
        (named.quantity.base_unit, named.quantity.base_value) for named in found
    }
    if len(values) != 1 or any(named.quantity.is_rough for named in found):
        return None
    return found[0]
