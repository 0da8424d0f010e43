"""Work on a file grows with its size, not by the square: ten times the input, at most thirty times the CPU.

The CPU of two sizes in one process is compared, so that the speed of the machine does not matter; the
limit lies far from both ten and a hundred.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from gongkai.authoring.office.read import read_office_file
from tests.checking import find_problems
from tests.folders import TODAY, example_data
from tests.hanging import no_hang

SIZE, FACTOR, LIMIT = 20_000, 10, 30
"""Characters of the smaller report, how much larger the other one is, the largest ratio of CPU."""
PIECES = (
    *("1", "1 ", "1,234", "1.1.", "1-", "2022年", "12月", "增长5%", "基本支出1万元，", "比上年增长1%，", "1万元"),
    *("一", "比", "其中：", "分别为", "万元", "、", "（", "“", "《", "a", "a@", "138", "1/", "约", "项目", "同比", "。"),
    *(" ", "\t", "#", "|", "*", "- ", "&", "<b>", "得分10分，", "完成率100%", "示例单位", "三公经费", "县", "①", "/"),
)  # fmt: skip
"""What a long sentence consists of."""


def measure_cpu(work: Callable[[], object]) -> float:
    """Return the CPU time of a piece of work, in seconds."""
    start = time.process_time()
    with no_hang():
        work()
    return time.process_time() - start


@pytest.mark.nightly
@pytest.mark.parametrize("beginning", ["", "基本支出"], ids=["alone", "after-words"])
@pytest.mark.parametrize("piece", PIECES)
def test_checking_a_long_sentence_is_linear(piece: str, beginning: str, tmp_path: Path) -> None:
    data = example_data(tmp_path)
    report = data / "units" / "shili" / "2022" / "report.md"
    original = report.read_text("utf-8")
    find_problems(data, TODAY)  # Forms and patterns are read once.
    seconds: list[float] = []
    for size in (SIZE, SIZE * FACTOR):
        text = piece * (size // len(piece))
        report.write_text(f"{original}\n{beginning}{text}甲\n", "utf-8")
        seconds.append(measure_cpu(lambda: find_problems(data, TODAY)))
    assert seconds[1] <= LIMIT * max(seconds[0], 0.05)


@pytest.mark.nightly
def test_reading_a_workbook_of_many_texts_is_linear(tmp_path: Path) -> None:
    seconds: list[float] = []
    for count in (1_000, 1_000 * FACTOR):
        book = Workbook()
        for number in range(count):
            book.worksheets[0].append(
                [f"示例{number}", f"电话 {number} 号 12-34-56 {number * 7919}"]
            )
        path = tmp_path / f"{count}.xlsx"
        book.save(path)
        seconds.append(measure_cpu(lambda path=path: read_office_file(path)))  # type: ignore[misc]
    assert seconds[1] <= LIMIT * seconds[0]
