"""Folders for tests: a publisher's settings, copies of the synthetic 示例单位 with changes."""

import datetime as dt
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import yaml

from gongkai.checks.runner import check_data
from gongkai.model.personal_numbers import passes_luhn

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
TODAY = dt.date(2026, 1, 1)
"""The day that counts as today where a test names no other."""


def copy_publisher(folder: Path) -> Path:
    """Copy this repository's settings and content, without data, into a folder; return it."""
    for name in ("content", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def example_data(
    folder: Path,
    changes: Mapping[str, Mapping[str, str]] | None = None,
    copies: Mapping[str, str] | None = None,
) -> Path:
    """Create a data folder with the synthetic unit.

    `copies` maps folders to copies made of them; `changes` maps a file to replacements of its text,
    made after copying.
    """
    data = folder / "data"
    shutil.copytree(GOLDEN / "data", data)
    shutil.copytree(ROOT / "data" / "forms", data / "forms")
    for source, target in (copies or {}).items():
        shutil.copytree(data / source, data / target)
    for name, replacements in (changes or {}).items():
        replace_in_file(data / name, replacements)
    return data


def replace_in_file(path: Path, replacements: Mapping[str, str]) -> None:
    """Replace texts in a file; every text must occur there exactly once."""
    text = path.read_text("utf-8")
    for old, new in replacements.items():
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {path.name}"
        text = text.replace(old, new)
    for placeholder, number in PERSONAL_NUMBERS.items():
        text = text.replace(placeholder, number)
    path.write_text(text, "utf-8")


def explain_problems(data: Path) -> None:
    """Write a 差异说明 for every blocking problem, so that the data folder can be published."""
    for problem in check_data(data, TODAY).judgement.problems:
        if problem.is_blocking and problem.rule.is_explainable:
            folder = re.match(r".*/units/[^/]+/\d{4}/", f"{Path(problem.position.file).absolute()}")
            assert folder, problem
            path = Path(folder[0]) / "disclosure.yml"
            facts = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
            entry = {
                "规则": problem.rule.id,
                "位置": problem.where,
                "申报值": problem.filed,
                "复算值": problem.computed,
                "说明": "示例说明",
                "说明人": "示例员",
                "日期": "2023-06-29",
            }
            facts.setdefault("差异说明", []).append(entry)
            text = yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=100_000)
            path.write_text(text, "utf-8")


def _personal_numbers() -> dict[str, str]:
    """Assemble numbers that look personal, so that none is in the repository as text."""
    mobile = "139" + "0000" + "0000"
    body = "110101" + "1990" + "0101" + "001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    check_digit = "10X98765432"[total % 11]
    card = "6217" + "0000" * 2 + "000"
    card = next(card + digit for digit in "0123456789" if passes_luhn(card + digit))
    return {
        "DOTTED-MOBILE": f"{mobile[:3]}.{mobile[3:7]}.{mobile[7:]}",
        "CHINESE-MOBILE": "".join("〇一二三四五六七八九"[int(digit)] for digit in mobile),
        "BROKEN-MOBILE": f"{mobile[:7]}\n        {mobile[7:]}",
        "SPLIT-IDENTITY": f"{body[:6]} {body[6:14]} {body[14:]}{check_digit}",
        "OLD-IDENTITY": body[:6] + body[8:],
        "ACCOUNT": card[:-1] + str((int(card[-1]) + 1) % 10),
        "QQ-NUMBER": "1234" + "0000" + "1",
        "PASSPORT": "E" + "1234" + "0000",
        "SPLIT-MOBILE": f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
        "WIDE-MOBILE": "".join(chr(ord(digit) + 0xFEE0) for digit in mobile),
        "MOBILE": mobile,
        "WRONG-IDENTITY": body + ("1" if check_digit != "1" else "2"),
        "IDENTITY": body + check_digit,
        "CARD": card,
        "INDEX": "530000" + "20" * 5 + "1",
    }


PERSONAL_NUMBERS = _personal_numbers()
"""Numbers that look personal, by the placeholders that tests write in replacements."""
