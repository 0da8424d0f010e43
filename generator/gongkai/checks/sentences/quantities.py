"""Figures in prose: numbers with their units, as 3608万元, 12.6万亩 or 96.5%."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from gongkai.model.values import format_decimal, parse_decimal

NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,17})(?:\.[0-9]{1,8})?"
SCALES = {"万": 4, "百万": 6, "千万": 7, "亿": 8}
"""Powers of ten of the words that scale a unit."""
_WORDS = (
    "个百分点|百分点|人次|户次|车次|台次|场次|批次|班次|家次|册次|站次|件次|例次|亩次|课时|学时|人天|工日|台班|"
    "工作日|小时|分钟|公里|千米|平方米|平方公里|立方米|公斤|千克|公顷|毫米|厘米|个月|千瓦时|千瓦"
)
_LETTERS = (
    "元个户人名位口家所处台辆条项次期场篇份亩吨件套册株棵只头座间栋幢层把张片块盏根支部本批班组队村镇校门宗"
    "起例笔种页字对双袋瓶箱桶卡天米克升倍轮节课股趟封幅枚樘羽尾匹盆丛眼口孔扇米顶床桌艘架卷斤枝棚罐亭"
)
UNIT = rf"(?:[%％‰]|{_WORDS}|[{_LETTERS}])"
_QUANTITY = re.compile(
    rf"(?<![0-9A-Za-z.,_+〔\[])(?P<number>{NUMBER})\s{{0,2}}"
    rf"(?P<vague>[余多几])?(?P<scale>亿|千万|百万|万)?(?P<more>[余多])?(?P<unit>{UNIT})?"
    r"(?![0-9A-Za-z])"
)
_DATE_LETTERS = frozenset("年月日号时秒届点度条款岁")
_SAME_UNIT = {
    "名": "人",
    "位": "人",
    "口": "人",
    "％": "%",
    "百分点": "个百分点",
}
_MULTIPLES = {
    "公里": ("米", 3),
    "千米": ("米", 3),
    "吨": ("公斤", 3),
    "千克": ("公斤", 0),
    "平方公里": ("平方米", 6),
}
"""Units that are a power of ten of another."""
_SCALED = re.compile(r"(?P<scale>亿|千万|百万|万)?(?P<unit>.*)", re.DOTALL)
_APPROXIMATELY = re.compile(
    r"(?:(?<!节)(?<!集)约|(?<!附)近|接近|超|超过|逾|突破|不到|不足|不超过|不低于|不少于|不高于|至少|达到或超过|最高|最多|以内)(?:为|是)?\s?$"
)
_OR_SO = re.compile(r"\s?(?:左右|上下|以上|以下|以内|之内|及以上|有余|不等)")
_PER = re.compile(
    r"(?:(?:每|[人户日月年场平亩村生班]均)[^，。；：、0-9]{0,8}|(?:单价|单位成本|标准)(?:为|是|：)?)$"
)
_PEOPLE = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:人口|群众|居民|农民|学生|职工|游客|村民|市民|百姓|劳动力|移民)"
)
"""Words after a figure without a unit that count people: 12.8万农村人口."""
_RANGE = frozenset({"-", "—", "——", "–", "~", "～", "至"})
_WIDE = str.maketrans("０１２３４５６７８９．％＋－＝×＊／", "0123456789.%+-=×*/")
_YEAR = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}(?=\s?(?:年|学年|财年))|(?<=[〔\[（(])(?:19|20)[0-9]{2}(?=[〕\]）)])"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its unit."""

    text: str
    """As written, without the spaces inside."""
    number: Decimal
    unit: str
    """As written, with 万 or 亿."""
    column: int
    """Counted from 0."""
    end: int = 0
    """The column after it."""
    base_unit: str = ""
    """The unit without 万 and 亿; 人 for 名 and 位, 米 for 公里."""
    exponent: int = 0
    """Decimal exponent of 万, 亿 or 公里."""
    is_rough: bool = False
    """Whether it is about so much (约, 余, 以上) or one end of a range."""
    is_rate: bool = False
    """Whether it is an amount for one (每人500元, 12元/亩), which is no part of a sum."""

    @property
    def base_value(self) -> Decimal:
        """The number in the base unit (元, 人次 …)."""
        return self.number.scaleb(self.exponent)

    @property
    def decimals(self) -> int:
        """The number of decimals as written."""
        exponent = self.number.as_tuple().exponent
        return -exponent if isinstance(exponent, int) else 0

    @property
    def last_place(self) -> int:
        """Decimal exponent of the last digit as written, in the base unit."""
        return self.exponent - self.decimals

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money."""
        return self.base_unit == "元"

    @property
    def is_percentage(self) -> bool:
        """Whether it is a percentage."""
        return self.base_unit == "%"


@lru_cache(maxsize=1_000)
def base_unit_of(measure: str) -> tuple[str, int]:
    """Return the unit in which figures of a measure are compared, and its power of ten (万亩: 亩, 4)."""
    match = _SCALED.fullmatch(measure)
    scale, unit = (match["scale"] or "", match["unit"]) if match else ("", measure)
    unit = _SAME_UNIT.get(unit, unit) or "元"
    base, exponent = _MULTIPLES.get(unit, (unit, 0))
    return base, exponent + SCALES.get(scale, 0)


def normalize_digits(text: str) -> str:
    """Return a text of the same length with half-width digits; the digits of years become “○”."""
    if not text.isascii():
        text = text.translate(_WIDE)
    return _YEAR.sub("○○○○", text) if "年" in text or "〔" in text or "[" in text else text


def find_quantities(text: str, offset: int = 0) -> tuple[Quantity, ...]:
    """Return the figures with a unit in a normalised text; columns count from -offset."""
    return tuple(_iter_quantities(text, offset))


def _iter_quantities(text: str, offset: int) -> Iterator[Quantity]:
    previous_end = -1
    for match in _QUANTITY.finditer(text):
        start, end = match.span()
        scale, unit = match["scale"] or "", match["unit"] or ""
        if not unit and not scale:
            continue
        if not unit and text[end : end + 1] in _DATE_LETTERS:
            continue
        before = text[max(start - 12, 0) : start]
        if before[-1:] in {"-", "/"} and not _is_word(before[-2:-1]):
            continue  # A code: 2022-018.
        if before[-1:] == "第":
            continue
        is_range = previous_end >= 0 and text[previous_end:start].strip() in _RANGE
        previous_end = end
        base_unit, exponent = base_unit_of(f"{scale}{unit}")
        if not unit and _PEOPLE.match(text, end):
            base_unit = "人"
        yield Quantity(
            text=f"{match['number']}{match['vague'] or ''}{scale}{match['more'] or ''}{unit}",
            number=parse_decimal(match["number"]),
            unit=f"{scale}{unit}",
            column=offset + start,
            end=offset + end,
            base_unit=base_unit,
            exponent=exponent,
            is_rough=bool(
                is_range
                or match["vague"]
                or match["more"]
                or _APPROXIMATELY.search(before)
                or _OR_SO.match(text, end)
                or _starts_range(text, end)
            ),
            is_rate=(text[end : end + 1] in {"/", "／"} and not text[end + 1 : end + 2].isdigit())
            or bool(_PER.search(before)),
        )


def _is_word(letter: str) -> bool:
    """Tell whether a letter is Chinese, a bracket or a percent sign, so that a sign may follow."""
    return bool(letter) and (letter in ")）%％ " or not letter.isascii())


def _starts_range(text: str, end: int) -> bool:
    sign = text[end : end + 1]
    return sign in _RANGE and text[end + 1 : end + 2].isdigit()


def format_in_unit(base_value: Decimal, model: Quantity) -> str:
    """Format a value, given in the base unit, in the unit of another quantity."""
    return f"{format_decimal(base_value.scaleb(-model.exponent).normalize())}{model.unit}"
