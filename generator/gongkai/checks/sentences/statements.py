"""Totals with their parts, as sentences list them: 共计52.5万元，其中：……."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from gongkai.checks.sentences.clauses import Sentence
from gongkai.checks.sentences.divisions import (
    find_divisions,
    find_instalments,
    find_paired_totals,
    find_totals_with_rest,
)
from gongkai.checks.sentences.itemized import (
    CHANGED,
    COMPARED,
    MIN_PARTS,
    OTHER_MEASURE,
    OTHER_TOTAL,
    ItemizedTotal,
    ListKind,
    Part,
    comes_to,
    rounding_tolerance,
    sum_without_details,
)
from gongkai.checks.sentences.partitions import find_partitions, is_partition
from gongkai.checks.sentences.prose import TextBlock, text_blocks
from gongkai.checks.sentences.quantities import Quantity
from gongkai.model.documents import Record, cache_on_record

_NO_SUM = re.compile(
    "四舍五入|重复|重叠|交叉|两[项类者种个][^，。；0-9]{0,4}(?:都|均|兼)|兼(?:有|做|任|顾)|同时(?:是|属于|享受|具备)|互有"
)
"""Words of a sentence whose parts are rounded or have something in common."""
_ANOTHER = re.compile("^\\s*(?:另|还)有?$|^\\s*此外")
_MAX_PARTS, _MAX_CONNECTORS, _MAX_HEAD = 60, 12, 12
"""Longest lists, and how far back a total is looked for, so that a text is read in linear time."""


_CONNECTOR = re.compile(
    r"(?P<AMONG>其中(?:主要)?(?:包括|有)?|(?:^|(?<=[，,]))\s*含(?!量))"
    r"|(?P<ALL>(?:具体|构成|组成|明细|支出|安排)?(?:情况)?如下|分为|分成)"
    r"|(?P<APART>分别(?:为|是|[支完安下投达采发拨购收建补占][\u4e00-\u9fff])?)"
    r"|(?P<INCLUDE>(?:主要)?(?:包括|包含)|主要用于)"
    r"|(?P<MADE_OF>由(?=[\u4e00-\u9fff“]))"
)
_MADE_OF_END = re.compile(r"(?:组成|构成)")
_MAX_MADE_OF = 300
_AFTER_TOTAL = re.compile(
    r"\s*(?:(?P<BELOW>[^，。；：、,;:0-9]{0,4}[：:]|(?:——|—|--)|[，,；;：:]\s*(?=一是|①|1[.、．]|第一[，、是])"
    r"|[，,：:]\s*(?=第?一季度|上半年|一标段|一期))"
    r"|(?P<OF>[^，。；：、,;:0-9\s]{0,8}?中(?![央心学小期级型医国标的华介共间])(?:[，,]|有|：)?))"
)
_BREAK = re.compile(r"[，,；;]")
_ATTRIBUTE = re.compile(r"\s*(?:约?占|比重|涉及|惠及|共?计?)[^0-9，。]{0,8}?[0-9]")
"""A clause between two parts that only says more of the first: 占83.33%, 120人."""
_JOINT = re.compile(r"、|以及|和|及|与|并")
_OPEN = re.compile(r"\s*[^，,；;、0-9]{0,6}?等(?!级|次|奖|额|值)")
_REST = re.compile(
    r"[，,；;、]\s*(?:其余|剩余|余下|其他)(?:的|部分|资金)?(?:为|是|用于|均|全部|主要)"
)
_SUM_WORD = re.compile(
    r"(?:^|[，,；;、])\s*(?:以上|上述|前述|[一二两三四五六七八九十0-9]{1,3}[项个类笔期次部年处方家批]{1,2}|两者|三者|总)?"
    r"(?:合计|共计|总计|总共|共)(?:为|是|达|金额|[支拨兑交]付|(?<!同)[支投发收采完安使培服办新][\u4e00-\u9fff])?(?:为|：)?\s*$"
)
_COUNT = re.compile(r"[一二两三四五六七八九十0-9]{1,3}")
_SPENDING = re.compile(r"(?:资金|项目|经费|全年|年度|本年|实际)?支出(?:主要)?$")
_REFERENCE = re.compile(r"[\u4e00-\u9fff]{1,8}[\[〔（(]\d{4}[\]〕）)]\s*\d{1,8}号")
_HAN_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", 1)} | {"两": 2}


@dataclass(frozen=True, slots=True)
class _Connector:
    kind: ListKind
    start: int
    """Where its words begin, in the sentence."""
    end: int
    """Where the list begins."""
    limit: int
    """Where the list ends at the latest."""
    is_choice: bool = False
    """Whether the words say that only the main parts are listed (主要)."""


@dataclass(frozen=True, slots=True)
class _List:
    """The parts after a connector."""

    parts: tuple[Part, ...] = ()
    is_open: bool = False
    is_cut: bool = False


@dataclass(slots=True)
class _Reading:
    """A sentence as it is read, from its last list to its first."""

    sentence: Sentence
    text: str
    """The whole text."""
    working: str
    """The sentence with the lists that are read replaced by blanks."""
    used: set[int] = field(default_factory=set)
    """Columns of the figures that are parts of the lists that are read."""
    totals: set[int] = field(default_factory=set)
    """Columns of the totals of the lists that are read."""

    def offset(self, column: int) -> int:
        """Return the place in the sentence of a column of the text."""
        return column - self.sentence.start

    def remove(self, connector: _Connector, parts: tuple[Part, ...]) -> None:
        """Replace a list by blanks."""
        end = self.offset(parts[-1].quantity.end)
        blanks = " " * (end - connector.start)
        self.working = self.working[: connector.start] + blanks + self.working[end:]
        self.used.update(part.quantity.column for part in parts)


@cache_on_record
def itemized_totals(record: Record) -> tuple[tuple[TextBlock, ItemizedTotal], ...]:
    """Return the totals with parts that a document's texts state."""
    return tuple(
        (block, itemized)
        for block in text_blocks(record)
        for sentence in block.sentences
        for itemized in find_itemized_totals(sentence, block.text)
    )


def find_itemized_totals(sentence: Sentence, text: str) -> Iterator[ItemizedTotal]:
    """Yield the totals of a sentence of a text with their parts; unknown structures are skipped."""
    if not sentence.quantities or _NO_SUM.search(_original(sentence, text)):
        return
    lists: list[ItemizedTotal] = []
    reading = _Reading(sentence, text, sentence.text)
    for connector in reversed(_find_connectors(sentence)):
        listed = _collect_parts(reading, connector)
        itemized = _with_total(reading, connector, listed) if listed.parts else None
        if itemized is None:
            continue
        lists.append(itemized)
        if len(itemized.parts) >= MIN_PARTS:
            reading.remove(connector, itemized.parts)
        if itemized.total and connector.kind is ListKind.AMONG:
            reading.totals.add(itemized.total.column)
    yield from reversed(lists)
    sums = list(_find_sums(sentence, text))
    yield from sums
    known = {figure.column for itemized in (*lists, *sums) for figure in _figures_of(itemized)}
    yield from find_partitions(sentence, text, frozenset(known))
    for find in (find_divisions, find_paired_totals, find_instalments, find_totals_with_rest):
        yield from find(sentence, text)


def _figures_of(itemized: ItemizedTotal) -> Iterator[Quantity]:
    if itemized.total:
        yield itemized.total
    yield from (part.quantity for part in itemized.parts)


def _original(sentence: Sentence, text: str) -> str:
    return text[sentence.start : sentence.start + len(sentence.text)]


def _find_connectors(sentence: Sentence) -> list[_Connector]:
    """Return the words that join totals to lists, in order."""
    text, length = sentence.text, len(sentence.text)
    connectors: list[_Connector] = []
    for match in _CONNECTOR.finditer(text):
        kind, limit = ListKind[match.lastgroup or ""], length
        if kind is ListKind.MADE_OF:
            end = _MADE_OF_END.search(text, match.end(), match.end() + _MAX_MADE_OF)
            if not end:
                continue
            limit = end.start()
        choice = (
            "主要" in match[0]
            or match[0].endswith("含")
            or text[max(match.start() - 2, 0) : match.start()] == "主要"
        )
        connectors.append(_Connector(kind, match.start(), match.end(), limit, choice))
        if len(connectors) == _MAX_CONNECTORS:
            break
    if sentence.in_brackets and not connectors and sentence.owner:
        connectors.append(_Connector(ListKind.BRACKETS, 0, 0, length))
    starts = {connector.start for connector in connectors}
    for quantity in sentence.quantities[: 2 * _MAX_CONNECTORS]:
        after = _AFTER_TOTAL.match(text, quantity.end - sentence.start)
        if after and not any(after.start() <= start <= after.end() + 1 for start in starts):
            kind = ListKind[after.lastgroup or ""]
            connectors.append(_Connector(kind, after.start(), after.end(), length))
    return sorted(connectors, key=lambda connector: connector.start)[:_MAX_CONNECTORS]


def _collect_parts(reading: _Reading, connector: _Connector) -> _List:
    """Return the parts of a list; none if its structure is unknown."""
    parts: list[Part] = []
    at, is_open = connector.end, connector.is_choice
    for quantity in _figures_after(reading, connector):
        unit = parts[0].quantity.base_unit if parts else quantity.base_unit
        if quantity.base_unit != unit:
            continue
        joint = _read_joint(
            reading.working[at : reading.offset(quantity.column)], is_first=not parts
        )
        if joint is None or (parts and quantity.column in reading.totals):
            # Figures of the same unit follow, so that it is not known where the list ends.
            return _List(tuple(parts), is_open, is_cut=True)
        name, after_semicolon = joint
        if CHANGED.search(name) or OTHER_TOTAL.search(name):
            is_open = is_open or bool(_ANOTHER.search(name))
            break
        if OTHER_MEASURE.search(name) or (is_open and parts and after_semicolon):
            return _List(tuple(parts), is_open, is_cut=True)
        at = reading.offset(quantity.end)
        reference = _reference_at(reading.text, quantity.end)
        parts.append(Part(name.strip(" ：:的"), quantity, reference, after_semicolon))
        is_open = is_open or bool(_OPEN.match(reading.working, at))
    return _List(tuple(parts), is_open or bool(_REST.match(reading.working, at)))


def _figures_after(reading: _Reading, connector: _Connector) -> Iterator[Quantity]:
    """Yield the figures after a connector that may be parts."""
    figures = (
        figure
        for figure in reading.sentence.quantities
        if connector.end <= reading.offset(figure.column) < connector.limit
        and figure.column not in reading.used
        and not (figure.is_rate or figure.is_percentage)
    )
    return islice(figures, _MAX_PARTS)


def _read_joint(gap: str, *, is_first: bool) -> tuple[str, bool] | None:
    """Return the name of a part and whether a “；” is before it; None if no list goes on here.

    `gap` is the text between the part before and this one's figure.
    """
    segments = _BREAK.split(gap)
    if is_first:
        filled = [segment for segment in segments if segment.strip(" ：:")]
        return (filled[-1] if filled else "", False) if len(filled) <= 1 else None
    if len(segments) == 1:
        pieces = _JOINT.split(gap, maxsplit=1)
        return (pieces[1], False) if len(pieces) > 1 else None
    if any(segment.strip() and not _ATTRIBUTE.match(segment) for segment in segments[1:-1]):
        return None
    return segments[-1], "；" in gap or ";" in gap


def _reference_at(text: str, column: int) -> str:
    """Return the document number in the brackets that begin at a column; empty if there is none."""
    if text[column : column + 1] not in {"（", "("}:
        return ""
    reference = _REFERENCE.search(text, column, column + 60)
    closing = text.find("）" if text[column] == "（" else ")", column)
    return reference[0] if reference and reference.end() <= closing + 1 else ""


def _with_total(reading: _Reading, connector: _Connector, listed: _List) -> ItemizedTotal | None:
    """Return a list with its total; None if there is none or it is not clear."""
    if connector.kind is ListKind.BRACKETS and not listed.parts[0].name:
        return None
    sentence, parts = reading.sentence, listed.parts
    source, figures = _find_figures(reading, connector, parts[0].quantity.base_unit)
    clear = [figure for figure in figures if not _is_compared(source, figure)]
    total = clear[-1] if clear else None
    if not _is_joined(reading, connector, total, parts) or (total and total.is_rough):
        return None
    if total is None and not parts[0].quantity.is_money:
        return None
    return ItemizedTotal(
        total,
        tuple(_own_parts(parts, total, figures, connector.kind) if total else parts),
        tuple(figures),
        connector.kind,
        listed.is_open,
        listed.is_cut,
        _quote(sentence, source, reading.text),
        _words_before(reading.text, total) if total else "",
    )


def _find_figures(
    reading: _Reading, connector: _Connector, unit: str
) -> tuple[Sentence, Sequence[Quantity]]:
    """Return the figures before a list that may be its total, and the sentence they are in."""
    sentence = reading.sentence
    before = [
        figure for figure in sentence.quantities if reading.offset(figure.end) <= connector.start
    ]
    figures = [figure for figure in before if figure.base_unit == unit][-_MAX_HEAD:]
    if before:
        return sentence, figures
    if sentence.owner and sentence.owner.base_unit == unit:
        return sentence, [sentence.owner]
    if sentence.previous and not sentence.in_brackets:
        head = sentence.text[: connector.start]
        return sentence.previous, _figures_of_previous(sentence.previous, unit, head)
    return sentence, []


def _is_joined(
    reading: _Reading, connector: _Connector, total: Quantity | None, parts: Sequence[Part]
) -> bool:
    """Tell whether a connector's words join a list to a total, or to spending without a figure."""
    sentence, kind = reading.sentence, connector.kind
    head = sentence.text[: connector.start]
    if kind is ListKind.APART:
        return total is not None and (
            _is_adjacent(sentence, total, head) or _are_named(sentence, total, head, parts)
        )
    if kind in {ListKind.BELOW, ListKind.OF}:
        if total is None or reading.offset(total.end) < connector.start - 1:
            return False
        return not OTHER_MEASURE.search(_words_before(reading.text, total))
    if total is None:
        is_sum = kind in {ListKind.INCLUDE, ListKind.ALL, ListKind.MADE_OF}
        return is_sum and not sentence.in_brackets and bool(_SPENDING.search(head.rstrip()))
    return True


def _own_parts(
    parts: Sequence[Part], total: Quantity, figures: Sequence[Quantity], kind: ListKind
) -> Sequence[Part]:
    """Return the parts of a list that belong to its total; what follows may be something else.

    All do, or the first ones that come to the total (up to a “；” if the words claim that the list
    is all of it), or those before the “；” that come nearest.
    """
    ends = [
        number for number, part in enumerate(parts) if part.after_semicolon and number >= MIN_PARTS
    ]
    is_uniform = all(part.after_semicolon for part in parts[1:])
    own_ends = ends if kind.claims_all else range(MIN_PARTS, len(parts))
    values = [part.quantity.base_value for part in parts]
    quantities = [part.quantity for part in parts]
    running, sums = Decimal(0), []
    for value in values:
        running += value
        sums.append(running)
    for targets in ((total,), figures):
        if comes_to((sums[-1], sum_without_details(values)), targets, Decimal(0)):
            return parts
        for count in (len(parts), *reversed(own_ends)):
            tolerance = rounding_tolerance(total, quantities[:count])
            if comes_to((sums[count - 1],), targets, tolerance):
                return parts[:count]
    if is_uniform:
        return parts
    target = total.base_value
    return parts[: min((len(parts), *ends), key=lambda end: abs(sums[end - 1] - target))]


def _figures_of_previous(previous: Sentence, unit: str, head: str) -> list[Quantity]:
    """Return the figures of the sentence before that may be the total of a list."""
    subject = head.strip(" ，,：:")
    figures = [figure for figure in previous.quantities if figure.base_unit == unit][-_MAX_HEAD:]
    if not subject:
        return figures
    if len(subject) > _LONGEST_SUBJECT:
        return []
    return [figure for figure in figures if subject[-2:] in _name_before(previous, figure)]


_LONGEST_SUBJECT = 12


def _name_before(sentence: Sentence, figure: Quantity) -> str:
    """Return the words before a figure, back to the last punctuation."""
    end = figure.column - sentence.start
    if end < 0 or end > len(sentence.text):
        return ""
    head = sentence.text[max(end - 40, 0) : end]
    return re.split(r"[，,；;：:、]", head)[-1].strip()


def _is_compared(sentence: Sentence, figure: Quantity) -> bool:
    """Tell whether a figure is what something is compared with, or a change."""
    name = _name_before(sentence, figure)
    return bool(figure.is_rate or CHANGED.search(name) or COMPARED.search(name))


def _is_adjacent(sentence: Sentence, total: Quantity, head: str) -> bool:
    """Tell whether only a few words that name the parts' number stand between total and 分别."""
    if total.column < sentence.start:
        return not head.strip(" ，,：:")
    between = head[total.end - sentence.start :].strip(" ，,：:")
    return len(between) <= _LONGEST_SUBJECT and not re.search(
        r"[、；;和]|[收支]|预算|决算", between
    )


def _are_named(sentence: Sentence, total: Quantity, head: str, parts: Sequence[Part]) -> bool:
    """Tell whether the words between total and 分别 name all parts: 甲、乙、丙三类分别为."""
    if total.column < sentence.start:
        return False
    between = head[total.end - sentence.start :].strip(" ，,：:")
    if not between or _NOT_PARTS.search(between):
        return False
    counted = _COUNTED_PARTS.search(between)
    if counted:
        return _parse_count(counted["count"]) == len(parts)
    names = re.split(r"[、和及与]", between)
    if len(names) != len(parts):
        return False
    return is_partition(names) or is_partition([name[: len(names[0])] for name in names])


_NOT_PARTS = re.compile(r"[，,；;：:]|[收支]|[预决]算|计划|目标|上年|去年|年初|年末")
_COUNTED_PARTS = re.compile(
    r"(?P<count>[两二三四五六七八九十]|[0-9]{1,2})(?:个|大?类|项|种|级|批|期|所|家|部分|条|支|处|座|镇|乡|村|县|区|者)"
    r"[\u4e00-\u9fff]{0,8}$"
)


def _quote(sentence: Sentence, source: Sentence, text: str) -> str:
    """Quote a sentence with the one before it that has the total, or the words before brackets."""
    start, end = source.start, sentence.start + len(sentence.text)
    if sentence.owner:
        start = sentence.owner.column - len(_words_before(text, sentence.owner))
        end += 1
    return text[start:end].strip()


def _words_before(text: str, figure: Quantity) -> str:
    """Return the words before a figure, back to the last punctuation or bracket."""
    head = text[max(figure.column - _NEAR, 0) : figure.column]
    return _PUNCTUATION.split(head)[-1].strip()


_NEAR = 40
_PUNCTUATION = re.compile(r"[，,；;。：:、（(\n]")


def _find_sums(sentence: Sentence, text: str) -> Iterator[ItemizedTotal]:
    """Yield totals that follow their parts: A10万元，B20万元，合计30万元."""
    for index, total in enumerate(sentence.quantities):
        column = total.column - sentence.start
        head = sentence.text[max(column - 24, 0) : column]
        words = _SUM_WORD.search(head)
        if index < MIN_PARTS or total.is_rough or total.is_rate or not words:
            continue
        parts = _parts_before(sentence, text, index)
        count = _COUNT.search(words[0])
        number = _parse_count(count[0]) if count else 0
        if number and number < len(parts):
            parts = parts[-number:]
        if len(parts) >= MIN_PARTS and not (number and number != len(parts)):
            yield ItemizedTotal(
                total,
                tuple(parts),
                figures=(total,),
                kind=ListKind.SUM if number else ListKind.BELOW,
                is_open=False,
                is_cut=False,
                sentence=_original(sentence, text).strip(),
                name="",
            )


def _parse_count(text: str) -> int:
    return int(text) if text.isdigit() else _HAN_DIGITS.get(text, 0)


def _parts_before(sentence: Sentence, text: str, index: int) -> list[Part]:
    """Return the parts that precede a total."""
    unit = sentence.quantities[index].base_unit
    parts: list[Part] = []
    at: int | None = None
    for quantity in reversed(sentence.quantities[max(index - _MAX_PARTS, 0) : index]):
        if quantity.is_rate or quantity.base_unit != unit:
            if quantity.is_percentage:
                continue
            break
        start, end = quantity.column - sentence.start, quantity.end - sentence.start
        if at is not None and _read_joint(sentence.text[end:at], is_first=False) is None:
            break
        name = _name_before(sentence, quantity)
        if OTHER_TOTAL.search(name) or CHANGED.search(name) or OTHER_MEASURE.search(name):
            break
        parts.insert(0, Part(name, quantity, _reference_at(text, quantity.end)))
        at = start
    return parts
