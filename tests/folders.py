"""Data folders for tests: the synthetic 示例单位, changed here and there."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import yaml

from gongkai.build.render import examine
from gongkai.model.personal_data import passes_luhn

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"


def example(
    folder: Path,
    changes: Mapping[str, Mapping[str, str]] | None = None,
    copies: Mapping[str, str] | None = None,
) -> Path:
    """A data folder of the synthetic unit.

    `copies` gives folders to copy within it, `changes` by file what then replaces what.
    """
    data = folder / "data"
    shutil.copytree(GOLDEN / "data", data)
    shutil.copytree(ROOT / "data" / "forms", data / "forms")
    for source, target in (copies or {}).items():
        shutil.copytree(data / source, data / target)
    for name, pairs in (changes or {}).items():
        change(data / name, pairs)
    return data


def change(path: Path, pairs: Mapping[str, str]) -> None:
    """Replace texts in a file; each must stand there exactly once."""
    text = path.read_text("utf-8")
    for old, new in pairs.items():
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        text = text.replace(old, new)
    for word, number in PERSONAL.items():
        text = text.replace(word, number)
    path.write_text(text, "utf-8")


def explain(data: Path) -> None:
    """Explain every contradiction of a data folder, so that it can be published."""
    for problem in examine(data).judgement.problems:
        if problem.blocks and problem.rule.explainable:
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


def _personal() -> dict[str, str]:
    """Numbers that look personal, put together here: none stands in the repository."""
    mobile = "139" + "0000" + "0000"
    body = "110101" + "1990" + "0101" + "001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    fits = "10X98765432"[total % 11]
    card = "6217" + "0000" * 2 + "000"
    card = next(card + digit for digit in "0123456789" if passes_luhn(card + digit))
    return {
        "SPLIT-MOBILE": f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
        "WIDE-MOBILE": "".join(chr(ord(digit) + 0xFEE0) for digit in mobile),
        "MOBILE": mobile,
        "WRONG-IDENTITY": body + ("1" if fits != "1" else "2"),
        "IDENTITY": body + fits,
        "CARD": card,
        "INDEX": "530000" + "20" * 5 + "1",
    }


PERSONAL = _personal()
"""What stands for what in the changes of a test."""
