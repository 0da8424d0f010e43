"""Personal data in many writings is found, and harmless numbers pass."""

import unicodedata
from collections.abc import Iterator
from random import Random

import pytest

from gongkai.model.digit_runs import fold_text
from gongkai.model.personal_data import find_personal_data, mask_personal_data
from gongkai.model.personal_kinds import MASKED_KINDS
from tests.model.personal_numbers.making import STYLES, Variant, fill
from tests.model.personal_numbers.variants import VARIANTS

SEEDS = range(5)
ACCEPTED: dict[str, str] = {}
"""Texts whose verdict is wrong, and the reason why that is accepted."""
MOST_ACCEPTED = len(VARIANTS) * 3 // 100


def texts() -> Iterator[tuple[Variant, str]]:
    """Yield every variant with its texts."""
    for number, variant in enumerate(VARIANTS):
        for seed in SEEDS:
            yield variant, variant.build(Random(f"{seed}-{number}"))  # noqa: S311


def judge(text: str) -> str:
    """Return what the text leads to: refuse, warn or pass."""
    kinds = {match.kind for match in find_personal_data(text)}
    if kinds & MASKED_KINDS:
        return "refuse"
    return "warn" if kinds else "pass"


def test_every_variant_is_judged_as_expected() -> None:
    wrong = [
        f"{variant.kind} ({variant.where}): {text!r}: {judge(text)}, not {variant.expect}"
        for variant, text in texts()
        if text not in ACCEPTED and judge(text) != variant.expect
    ]
    assert wrong == []


def test_few_variants_are_accepted_as_missed() -> None:
    known = {text for _, text in texts()}
    assert ACCEPTED.keys() <= known
    assert len(ACCEPTED) <= MOST_ACCEPTED


def test_masking_leaves_nothing_that_refuses() -> None:
    wrong = [
        (text, masked)
        for variant, text in texts()
        if judge(masked := mask_personal_data(text)) == "refuse"
        or (variant.expect != "refuse" and masked != text)
    ]
    assert wrong == []


def test_numbers_are_found_within_a_document() -> None:
    """A variant's verdict does not change between lines of harmless text."""
    wrong = [
        text
        for variant, text in texts()
        if variant.expect == "refuse" and judge(f"标题: 示例\n{text}\n年度: 示例\n") != "refuse"
    ]
    assert wrong == []


def test_folding_keeps_the_length_and_knows_all_digits() -> None:
    every = "".join(chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000)
    folded = fold_text(every)
    assert len(folded) == len(every)
    wrong = [
        character
        for character, value in zip(every, folded, strict=True)
        if (digit := unicodedata.decimal(character, None)) is not None and value != f"{digit}"
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["DIGIT ZERO", "DIGIT SEVEN"])
def test_digits_of_every_script_are_read(name: str) -> None:
    scripts = [
        character
        for code in range(0x110000)
        if unicodedata.category(character := chr(code)) == "Nd"
        and unicodedata.name(character, "").endswith(name)
    ]
    mobile = "138" + "0000" + "0007"
    digit = "0" if name.endswith("ZERO") else "7"
    assert len(scripts) > 50
    for character in scripts:
        assert judge(f"手机{mobile.replace(digit, character)}") == "refuse", character


@pytest.mark.parametrize(
    "separator", [*" -.·/_—–\u3000\u00a0\u200b\u2002,，、|\t~=;；：", "  ", " . ", "\n    "]
)
def test_separators_after_a_word(separator: str) -> None:
    templates = [
        "电 话：{mobile:344%}",
        "联系方式{mobile:38%}",
        "身份证号：{identity:684%}",
        "证件号码{identity15:663%}",
        "卡号 {card19:4%}",
        "账号：{card_bad:4%}",
    ]
    for template in templates:
        text = fill(template.replace("%", separator))(Random(1))  # noqa: S311
        assert judge(text) == "refuse", text


@pytest.mark.parametrize("style", [style for style in STYLES if not style.startswith("at_")])
def test_digit_styles_after_a_word(style: str) -> None:
    for what in ("手机{mobile", "身份证号：{identity", "账号{card19"):
        for grouping in ("", ":4 ", ":6-"):
            text = fill(f"{what}!{style}{grouping}}}")(Random(1))  # noqa: S311
            assert judge(text) == "refuse", text
