"""Makes synthetic personal numbers, names and look-alikes at run time.

No complete number stands in this file or in the templates: a template such as
"联系电话：{mobile:344-}" is put together by fill() from a seeded random.Random.

    {what}            a number, name, ... (see MAKERS), or {d6}: six random digits
    {what:344-}       in groups of 3, 4, 4 (the last size repeats), joined with "-";
                      a size of 0 takes all that is left
    {what!style}      in other digits (see STYLES)
    {what!style:4 }   both
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

Maker = Callable[[Random], str]
Expect = Literal["refuse", "warn", "pass"]
Where = Literal["value", "key", "file name", "comment", "document property"]


@dataclass(frozen=True)
class Variant:
    """A text, and what the scanner should say of it."""

    kind: str
    text: Maker | str
    expect: Expect
    where: Where = "value"
    note: str = ""

    def build(self, rng: Random) -> str:
        """Return the text, with numbers from a generator."""
        return self.text if isinstance(self.text, str) else self.text(rng)


# --- digits and check digits -------------------------------------------------

DIGITS = "0123456789"
# County-level division codes (GB/T 2260).
REGIONS = [
    "430922",
    "430903",
    "430981",
    "430921",
    "430103",
    "430111",
    "431202",
    "510107",
    "500230",
    "330106",
    "320102",
    "440305",
    "110105",
    "370602",
    "420106",
    "530103",
    "610113",
    "350203",
    "210102",
    "520103",
]
IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice(DIGITS) for _ in range(count))


def identity_check(first17: str) -> str:
    """The last character by GB 11643 (ISO 7064 MOD 11-2)."""
    total = sum(int(d) * w for d, w in zip(first17, IDENTITY_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def luhn_valid(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def identity_valid(number: str) -> bool:
    """Whether an 18-character number has a birth date and the right check digit."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9Xx]", number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return 1900 <= born.year <= 2030 and identity_check(number[:17]) == number[17].upper()


# --- persons' numbers --------------------------------------------------------


def mobile(rng: Random) -> str:
    return "1" + rng.choice("3456789") + digits(rng, 9)


def birth(rng: Random, first: int = 1940, last: int = 2004) -> date:
    start = date(first, 1, 1)
    return start + timedelta(days=rng.randrange((date(last, 12, 31) - start).days))


def identity_from(rng: Random, region: str, born: date) -> str:
    first17 = f"{region}{born:%Y%m%d}{rng.randrange(1, 1000):03d}"
    return first17 + identity_check(first17)


def identity(rng: Random) -> str:
    return identity_from(rng, rng.choice(REGIONS), birth(rng))


def identity_child(rng: Random) -> str:
    return identity_from(rng, rng.choice(REGIONS), birth(rng, 2008, 2018))


def identity_resident(rng: Random) -> str:
    """As on the residence permit for people from Hong Kong, Macao and Taiwan."""
    return identity_from(rng, rng.choice(("810000", "820000", "830000")), birth(rng))


def identity_foreigner(rng: Random) -> str:
    """As on the permanent residence card of 2023: 9, province, country, birth date."""
    return identity_from(rng, "9" + rng.choice(("43", "11", "44")) + digits(rng, 3), birth(rng))


def identity_x(rng: Random) -> str:
    while True:
        number = identity(rng)
        if number.endswith("X"):
            return number


def identity_bad(rng: Random) -> str:
    """With a wrong check digit."""
    number = identity(rng)
    return number[:17] + rng.choice([d for d in DIGITS if d != number[17]])


def identity15(rng: Random) -> str:
    born = birth(rng, 1940, 1985)
    return f"{rng.choice(REGIONS)}{born:%y%m%d}{rng.randrange(1, 1000):03d}"


def disability(rng: Random) -> str:
    """A disability card's number: identity number, category, degree."""
    return identity(rng) + rng.choice("1234567") + rng.choice("1234")


def card_of(rng: Random, prefix: str, length: int) -> str:
    body = prefix + digits(rng, length - 1 - len(prefix))
    return next(body + d for d in DIGITS if luhn_valid(body + d))


UNIONPAY = ("621700", "622848", "622202", "621226", "623090", "621539", "622180", "621098")


def card16(rng: Random) -> str:
    return card_of(rng, rng.choice(UNIONPAY), 16)


def card17(rng: Random) -> str:
    return card_of(rng, rng.choice(UNIONPAY), 17)


def card18(rng: Random) -> str:
    return card_of(rng, rng.choice(UNIONPAY), 18)


def card19(rng: Random) -> str:
    return card_of(rng, rng.choice(UNIONPAY), 19)


def card_bad(rng: Random) -> str:
    """19 digits with a card's prefix and a wrong check digit."""
    number = card19(rng)
    return number[:18] + str((int(number[18]) + rng.randrange(1, 10)) % 10)


def card_visa(rng: Random) -> str:
    return card_of(rng, "4", 16)


def card_master(rng: Random) -> str:
    return card_of(rng, "5" + rng.choice("12345"), 16)


def card_jcb(rng: Random) -> str:
    return card_of(rng, "35" + rng.choice("3456"), 16)


def card_amex(rng: Random) -> str:
    return card_of(rng, "37", 15)


def passport(rng: Random) -> str:
    return rng.choice("EG") + digits(rng, 8)


def passport_letters(rng: Random) -> str:
    """The newer form: E, a letter other than I and O, seven digits."""
    return "E" + rng.choice("ABCDEFGHJKLMN") + digits(rng, 7)


def qq(rng: Random) -> str:
    return rng.choice("123456789") + digits(rng, rng.choice((7, 8, 9)))


def wechat(rng: Random) -> str:
    word = "".join(rng.choice("abcdefghkmnpqrstwxyz") for _ in range(rng.choice((4, 5, 6))))
    return rng.choice(
        ("wxid_" + word + digits(rng, 8), word + digits(rng, 4), word + "_" + digits(rng, 3))
    )


def mailbox(rng: Random) -> str:
    """What stands before the @ of a private address."""
    word = "".join(rng.choice("abcdefghkmnpqrstwxyz") for _ in range(rng.choice((5, 6, 7))))
    return word + digits(rng, rng.choice((2, 3, 4)))


def email(rng: Random) -> str:
    return rng.choice((qq(rng) + "@qq.com", mailbox(rng) + "@163.com", mailbox(rng) + "@126.com"))


def social(rng: Random) -> str:
    """The card number of a social security card: a letter and eight digits."""
    return rng.choice("ABCDE") + digits(rng, 8)


def hongkong_pass(rng: Random) -> str:
    return rng.choice(("C", "W")) + digits(rng, 8)


def plate(rng: Random) -> str:
    return (
        rng.choice("湘粤川渝浙苏鲁鄂")
        + rng.choice("ABCDEFGH")
        + "·"
        + digits(rng, 4)
        + rng.choice("ABCDEFGHJK")
    )


def plate_green(rng: Random) -> str:
    return (
        rng.choice("湘粤川渝浙苏鲁鄂")
        + rng.choice("ABCDEFGH")
        + "·"
        + rng.choice("DF")
        + digits(rng, 5)
    )


# --- names -------------------------------------------------------------------

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
COMPOUND_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "皇甫", "令狐", "司徒", "夏侯")
GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华玉兰建国志文辉波斌宇浩凯健俊帆雪琴梅莲珍海燕春红云莉荣爱凤洁琳素珠翠雅芝萍莎锦黛青倩婷婉娴瑾颖露瑶怡婵雁蓓仪荷丹蓉眉君琼勤薇菁梦岚苑馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思庆"


def surname(rng: Random) -> str:
    return rng.choice(SURNAMES)


def name(rng: Random) -> str:
    """Plainly synthetic."""
    return rng.choice(
        (surname(rng) + "示例", surname(rng) + "某示例", rng.choice(COMPOUND_SURNAMES) + "示例")
    )


def name_plain(rng: Random) -> str:
    """Plainly synthetic, and without 某, which may count as masked."""
    return rng.choice((surname(rng), rng.choice(COMPOUND_SURNAMES))) + "示例"


def name2(rng: Random) -> str:
    return surname(rng) + rng.choice(GIVEN)


def name3(rng: Random) -> str:
    return surname(rng) + rng.choice(GIVEN) + rng.choice(GIVEN)


def name4(rng: Random) -> str:
    return rng.choice(COMPOUND_SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN)


# --- harmless look-alikes ----------------------------------------------------


def local7(rng: Random) -> str:
    return rng.choice("2345678") + digits(rng, 6)


def local8(rng: Random) -> str:
    return rng.choice("2345678") + digits(rng, 7)


def credit_of(first8: str, organisation: str) -> str:
    """A unified social credit code (GB 32100), the last character computed."""
    first17 = first8 + organisation
    total = sum(
        CREDIT_CHARACTERS.index(c) * w for c, w in zip(first17, CREDIT_WEIGHTS, strict=True)
    )
    return first17 + CREDIT_CHARACTERS[(31 - total % 31) % 31]


def credit(rng: Random) -> str:
    return credit_of(rng.choice(("11", "12", "52")) + rng.choice(REGIONS), "MB" + digits(rng, 7))


def credit_company(rng: Random) -> str:
    return credit_of("91" + rng.choice(REGIONS), "MA4" + rng.choice("LPQ") + digits(rng, 5))


def credit_digits(rng: Random) -> str:
    """Seventeen digits and a letter."""
    while True:
        code = credit_of(rng.choice(("11", "12")) + rng.choice(REGIONS), "00" + digits(rng, 7))
        if code[-1].isalpha():
            return code


def credit_x(rng: Random) -> str:
    """Seventeen digits and X: an identity number's shape, not its meaning."""
    while True:
        code = credit_digits(rng)
        if code[-1] == "X" and not identity_valid(code):
            return code


def credit_all_digits(rng: Random) -> str:
    while True:
        code = credit_of(rng.choice(("11", "12")) + rng.choice(REGIONS), "44" + digits(rng, 7))
        if code.isdigit() and not identity_valid(code):
            return code


def organisation_code(rng: Random) -> str:
    return digits(rng, 8) + "-" + rng.choice("0123456789X")


def project21(rng: Random) -> str:
    """Division, year, category, serial number: digits only."""
    return rng.choice(REGIONS) + rng.choice(("21", "22", "23")) + "0000000" + digits(rng, 6)


def index17(rng: Random) -> str:
    """The index number for public supervision (监督索引号)."""
    return (
        "53" + rng.choice(("0103", "0302", "2901")) + "00" + digits(rng, 4) + "01" + digits(rng, 3)
    )


def filing14(rng: Random) -> str:
    """The number of a web site's filing with the police."""
    return rng.choice(REGIONS) + "02000" + digits(rng, 3)


def round_amount(rng: Random) -> str:
    """Eleven digits, as long as a mobile number, mostly noughts."""
    return "1" + rng.choice("3456789") + rng.choice(DIGITS) + "0" * 8


def comma_amount(rng: Random) -> str:
    return f"{rng.randrange(13_000_000_000, 20_000_000_000):,}"


def milliseconds(rng: Random) -> str:
    return str(rng.randrange(1_640_000_000_000, 1_690_000_000_000))


def hexadecimal(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789abcdef") for _ in range(count))


def uuid(rng: Random) -> str:
    return "-".join(hexadecimal(rng, size) for size in (8, 4, 4, 4, 12))


def isbn(rng: Random) -> str:
    first12 = "9787" + digits(rng, 8)
    total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(first12))
    return first12 + str(-total % 10)


MAKERS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        mobile, identity, identity_child, identity_resident, identity_foreigner,
        identity_x, identity_bad, identity15, disability,
        card16, card17, card18, card19, card_bad, card_visa, card_master, card_jcb, card_amex,
        passport, passport_letters, qq, wechat, mailbox, email, social, hongkong_pass, plate, plate_green,
        surname, name, name_plain, name2, name3, name4,
        local7, local8, credit, credit_company, credit_digits, credit_x, credit_all_digits,
        organisation_code, project21, index17, filing14, round_amount, comma_amount, milliseconds,
        uuid, isbn,
    )
}  # fmt: skip
MAKERS["m3"] = lambda rng: mobile(rng)[:3]
MAKERS["region4"] = lambda rng: rng.choice(REGIONS)[:4]
MAKERS["region6"] = lambda rng: rng.choice(REGIONS)
MAKERS["birth8"] = lambda rng: f"{birth(rng):%Y%m%d}"
MAKERS["hex32"] = lambda rng: hexadecimal(rng, 32)
MAKERS["hex40"] = lambda rng: hexadecimal(rng, 40)
MAKERS["hex64"] = lambda rng: hexadecimal(rng, 64)
MAKERS["identity_lower"] = lambda rng: identity_x(rng).lower()


# --- other digits ------------------------------------------------------------


def run_of(first: int) -> str:
    return "".join(chr(first + i) for i in range(10))


# The ten digits from nought on; and a few letters that go with them.
STYLES: dict[str, dict[str, str]] = {
    style: dict(zip(DIGITS, characters, strict=True))
    for style, characters in {
        "fullwidth": run_of(0xFF10),
        "arabic": run_of(0x0660),
        "persian": run_of(0x06F0),
        "devanagari": run_of(0x0966),
        "bengali": run_of(0x09E6),
        "thai": run_of(0x0E50),
        "tibetan": run_of(0x0F20),
        "mongolian": run_of(0x1810),
        "bold": run_of(0x1D7CE),
        "double_struck": run_of(0x1D7D8),
        "sans": run_of(0x1D7E2),
        "sans_bold": run_of(0x1D7EC),
        "monospace": run_of(0x1D7F6),
        "circled": "⓪①②③④⑤⑥⑦⑧⑨",
        "circled_negative": "⓿❶❷❸❹❺❻❼❽❾",
        "circled_sans": "🄋➀➁➂➃➄➅➆➇➈",
        "full_stop": "🄀⒈⒉⒊⒋⒌⒍⒎⒏⒐",
        "superscript": "⁰¹²³⁴⁵⁶⁷⁸⁹",
        "subscript": "₀₁₂₃₄₅₆₇₈₉",
        "chinese": "〇一二三四五六七八九",
        "chinese_zero": "零一二三四五六七八九",
        "spoken": "零幺二三四五六七八九",
        "spoken_dong": "洞幺两三四五六拐八勾",
        "financial": "零壹贰叁肆伍陆柒捌玖",
        "letter_o": "O123456789",
        "letter_l": "0l23456789",
        "mixed": "０1２3４5６7８9",
    }.items()
}
STYLES["fullwidth"]["X"] = "Ｘ"
STYLES["fullwidth"]["x"] = "ｘ"
STYLES["keycap"] = {d: d + "\ufe0f\u20e3" for d in DIGITS}
STYLES["fullwidth_x_only"] = {"X": "Ｘ"}
STYLES["roman_x"] = {"X": "\u2169"}
STYLES["cyrillic_x"] = {"X": "\u0425"}
STYLES["times_x"] = {"X": "×"}
STYLES["at_words"] = {"@": "(at)", ".": "(dot)"}
STYLES["at_only"] = {"@": "(at)"}
STYLES["at_hash"] = {"@": "#"}
STYLES["at_fullwidth"] = {"@": "＠"}
STYLES["at_square"] = {"@": "[at]"}
STYLES["at_chinese"] = {"@": "（艾特）", ".": "点"}
STYLES["at_spaced"] = {"@": " @ "}


# --- templates ---------------------------------------------------------------

FIELD = re.compile(r"\{([a-z_0-9]+)(?:!([a-z_]+))?(?::([0-9]+)([^}]*))?\}")


def make(what: str, rng: Random) -> str:
    if re.fullmatch(r"d[0-9]+", what):
        return digits(rng, int(what[1:]))
    return MAKERS[what](rng)


def split_groups(text: str, sizes: str, separator: str) -> str:
    parts: list[str] = []
    place = 0
    while text:
        size = int(sizes[min(place, len(sizes) - 1)]) or len(text)
        parts.append(text[:size])
        text = text[size:]
        place += 1
    return separator.join(parts)


def fill(template: str) -> Maker:
    """A maker of texts from a template (see the top of this file)."""

    def build(rng: Random) -> str:
        def field(match: re.Match[str]) -> str:
            what, style, sizes, separator = match.groups()
            text = make(what, rng)
            # Group first: the separator stands between digits, whatever their style.
            pieces = split_groups(text, sizes, "\0").split("\0") if sizes else [text]
            if style:
                pieces = ["".join(STYLES[style].get(c, c) for c in piece) for piece in pieces]
            return (separator or "").join(pieces)

        return FIELD.sub(field, template)

    return build
