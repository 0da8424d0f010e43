"""Personal numbers in every context with every separator and script, and harmless numbers beside them.

The lists are crossed by a program, so that what is found does not hang on single writings.
"""

from collections.abc import Iterator
from random import Random

from gongkai.model.personal_data import find_personal_data
from gongkai.model.personal_kinds import MASKED_KINDS
from tests.model.personal_numbers.making import STYLES, make

SEPARATORS = (
    *"\u00ad\u2060\u200e\u200d\u202f\u2007\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fb\uff0e\ufeff\u3164\u2028",
    *"\\~…*'’`^•●。:－﹣⁃･‧︱",
    *("**", " / ", " - ", "||", "_ ", "\r\n", "<br>", "&nbsp;", "&#8203;", "</td><td>"),
)
SIZES = {"mobile": (3, 4, 4), "identity": (6, 8, 4), "card19": (4, 4, 4, 4, 3)}
CONTEXTS = {
    "mobile": (
        *("手机：{}", "联系人示例员，手机号码为{}。", "（微信同号）{}", "联系方式 {}", "tel:{}"),
        *(
            "负责人电话（移动）：{}",
            "报名请拨打{}咨询",
            "Mobile: {}",
            '"手机号": "{}"',
            "| 电话 | {} |",
        ),
    ),
    "identity": (
        *("身份证号：{}", "公民身份号码 {}", "证件号码（身份证）：{}", "身份证,{}"),
        *('"idcard": "{}"', "| 身份证号 | {} |"),
    ),
    "card19": (
        *("银行卡号：{}", "账号 {}", "开户行示例银行，账号为{}", "卡号={}"),
        *("一卡通账号,{}", "| 账户 | {} |"),
    ),
}
ALONE = (
    *("086{}", "86-{}", "①{}", "1.{}", "{}@139.com", "https://example.com/?tel={}&n=1", "示例员{}"),
    *(
        "示例员（{}）",
        "示例员\t{}\t示例县",
        "IMG_{}.jpg",
        "报告-{}-定稿.docx",
        "<!-- {} -->",
        "电话{}转801",
    ),
)
HARMLESS = (
    *("统一社会信用代码：{credit}", "项目编码 {project21}", "监督索引号{index17}", "ISBN {isbn}"),
    *(
        "联系电话：0746-4{d6}",
        "电话 (010)6{d7}",
        "咨询电话：400-{d3}-{d4}",
        "热线12345、12366、12388",
    ),
    *(
        "发票号码：25{d18}",
        "合同编号：HT2022{d8}",
        "国库支付凭证号{d16}",
        "流水号 {d19}",
        "公安备案号{filing14}",
    ),
    *("总投资{mobile}.00元", "合计{mobile}元", "面积{mobile}平方米", "文件大小{mobile}字节"),
    *(
        "坐标 26.{d8},112.{d8}",
        "时间戳16{d8}{d3}",
        "商品条码69{d11}",
        "网站标识码{d10}",
        "QQ群{d9}",
    ),
    *(
        "档案号：3-{d4}-{d4}-{d3}",
        "湘ICP备{d8}号-1",
        "取水许可证 D{d6}S2022-{d4}",
        "预算科目201{d4}",
    ),
    *("手机号138****{d4}", "身份证号43{d4}********{d4}", "基建项目代码2020-{d6}-48-01-{d6}"),
    *(
        "2022-11-28 13:45:59",
        "年度：2019、2020、2021、2022、2023",
        "2022年1月至12月，1380人、1500户、1390户",
    ),
    *(
        "版本3.14.159",
        "支出分别为138、1024、2048万元",
        "示例县不动产权第{d7}号",
        "电话4{d6}，传真5{d6}",
    ),
    *(
        "学校代码{d10}",
        "养老保险35人、医保1380人",
        "批复金额1,{d3},{d3},{d3}.00元",
        "IP 192.168.10.138",
    ),
)


def fill(template: str, rng: Random) -> str:
    """Fill the fields of a template."""
    for field in ("credit", "project21", "index17", "isbn", "filing14", "mobile"):
        template = template.replace(f"{{{field}}}", make(field, rng))
    while "{d" in template:
        start = template.index("{d")
        end = template.index("}", start)
        template = template[:start] + make(template[start + 1 : end], rng) + template[end + 1 :]
    return template


def split(number: str, what: str, separator: str) -> str:
    """Put a separator between the groups of a number."""
    pieces, at = [], 0
    for size in SIZES[what]:
        pieces.append(number[at : at + size])
        at += size
    return separator.join(pieces)


def personal_texts() -> Iterator[str]:
    """Yield texts with a personal number."""
    rng = Random(20260)  # noqa: S311
    for what, contexts in CONTEXTS.items():
        for index, separator in enumerate(SEPARATORS):
            context = contexts[index % len(contexts)]
            yield context.format(split(make(what, rng), what, separator))
        for style in STYLES:
            if not style.startswith("at_"):
                number = "".join(STYLES[style].get(digit, digit) for digit in make(what, rng))
                yield contexts[0].format(number)
    for separator in ("\n", " \n ", "、", "，", ",", ";"):
        yield "手机：\n" + separator.join(make("mobile", rng))
        yield "身份证号码：" + separator.join(make("identity", rng))
    for context in ALONE:
        yield context.format(make("mobile", rng))


def is_refused(text: str) -> bool:
    """Tell whether a text has personal data that is never published."""
    return any(match.kind in MASKED_KINDS for match in find_personal_data(text))


def test_personal_numbers_are_refused_in_every_context() -> None:
    texts = list(personal_texts())
    assert len(texts) > 200
    assert [text for text in texts if not is_refused(text)] == []


def test_harmless_numbers_pass() -> None:
    rng = Random(99)  # noqa: S311
    texts = [fill(template, rng) for template in HARMLESS for _ in range(6)]
    assert len(texts) > 200
    assert [text for text in texts if is_refused(text)] == []
