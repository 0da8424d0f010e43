"""Random files: whatever a person writes, checking it ends in messages, never in a traceback."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from gongkai.checks.runner import check_data
from gongkai.checks.texts.wording import to_han_numeral
from tests.checking import find_problems
from tests.folders import TODAY, example_data

UNIT = "units/shili"
FORM = "hunan-2022-project.yml"
FILES = (
    *("site.yml", f"forms/{FORM}", f"{UNIT}/unit.yml", f"{UNIT}/2022/disclosure.yml"),
    *(f"{UNIT}/2022/report.md", f"{UNIT}/2022/overall.yml", f"{UNIT}/2022/baseline.yml"),
    f"{UNIT}/2022/projects/shili-daolu.yml",
)
SHARED = frozenset(FILES[:2])
PIECES = (
    *("\n", ":", ": ", "- ", "  ", "#", "## ", "## 一、", "### （一）", "|", ">-", "\t", "---\n", "&a ", "*a"),
    *('"', "'", "{", "}", "[", "]", ",", "，", "：", "。", "、", "（", "）", "(", ")", "“", "《", "!!int ", "<<: "),
    *("0", "-1", "1e9", "1e999", "9" * 30, "0." + "0" * 30 + "1", "1,23,4.5", "１２", "二", "一百零一", "十十", "千千", "百分之百"),
    *("NaN", "无", "—", "/", "……", "null", "是", "=1+1", "@", "≥", "≤", "±", "%", "％", "‰", "万元", "亿元", "元/次", "①", "其中："),
    *("2022-02-30", "0000-00-00", "9999年99月99日", "2022年", "13月", "去年", "同比增长", "比上年减少", "三公经费", "分别为"),
    *("表式: ", "合计: [", '格式: "("', "类型: ", "键: ", "选项: []", "行:\n", "继承: ", "适用: {}", "年度: 2022"),
    *("\x00", "\x85", "\u200b", "\u202e", "\ufeff", "\ud800", "😀", "𠀀", "\\", "{年度}", "{", "<script>", "]]>"),
)  # fmt: skip
"""What the mutations insert: punctuation, figures, dates, keys and characters that are easily misread."""
MUTATION = st.tuples(
    st.sampled_from(FILES),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 12),
    st.one_of(
        st.sampled_from(PIECES),
        st.text(max_size=3),
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 80)),
    ),
    st.sampled_from((1, 1, 1, 2, 120)),
)
"""File, place, number of characters to remove, what to insert (or a piece of the file), how often."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic unit with no more forms than it uses: a changed form is read with all others."""
    folder = example_data(tmp_path_factory.mktemp("fuzz"))
    used = {"hunan-2022-overall", "hunan-2022-baseline", "hunan-2022-report", "hunan-2022-project"}
    used |= {"hunan-2022-project-report"}
    for path in (folder / "forms").iterdir():
        if path.stem not in used:
            path.unlink()
    return folder


def mutate_text(text: str, mutation: tuple[str, float, int, object, int]) -> str:
    """Return a text with one mutation."""
    _, place, removed, inserted, times = mutation
    start = int(place * len(text))
    if isinstance(inserted, tuple):
        first = int(inserted[0] * len(text))
        inserted = text[first : first + inserted[1]]
    return f"{text[:start]}{f'{inserted}' * times}{text[start + removed :]}"


@pytest.mark.parametrize("count", [50, pytest.param(150, marks=pytest.mark.long)])
def test_no_traceback(data: Path, count: int) -> None:
    check_mutations(data, count, 0)


@pytest.mark.nightly
@pytest.mark.parametrize("number", range(1, 11))
def test_no_traceback_for_50_000_inputs(data: Path, number: int) -> None:
    check_mutations(data, 5_000, number)


def check_mutations(data: Path, count: int, number: int) -> None:
    """Check a data folder `count` times with mutations of its files; `number` chooses them."""
    originals = {name: (data / name).read_text("utf-8") for name in FILES}

    @seed(number)
    @settings(max_examples=count, suppress_health_check=list(HealthCheck))
    @given(st.lists(MUTATION, min_size=1, max_size=3))
    def check(mutations: list[tuple[str, float, int, object, int]]) -> None:
        texts = dict(originals)
        for mutation in mutations:
            texts[mutation[0]] = mutate_text(texts[mutation[0]], mutation)
        changed = {name for name, text in texts.items() if text != originals[name]}
        for name in changed:
            (data / name).write_text(texts[name], "utf-8", "surrogatepass")
        try:
            if changed & SHARED:  # Not kept for later inputs.
                problems = check_data(data, TODAY).judgement.problems
            else:
                problems = find_problems(data, TODAY)
            for problem in problems:
                assert len(f"{problem}".splitlines()) == 1
        finally:
            for name in changed:
                (data / name).write_text(originals[name], "utf-8")

    check()


def test_chapters_of_any_number(data: Path) -> None:
    report = data / UNIT / "2022" / "report.md"
    original = report.read_text("utf-8")
    chapters = (f"## {to_han_numeral(number)}、示例\n\n示例。\n" for number in range(11, 131))
    try:
        report.write_text(f"{original}\n{''.join(chapters)}", "utf-8")
        assert [
            problem for problem in find_problems(data, TODAY) if problem.rule.id == "WB-02"
        ] == []
        report.write_text(f"{original}\n" + "## 一、\n" * 11_000, "utf-8")
        messages = [
            problem.message for problem in find_problems(data, TODAY) if problem.rule.id == "WB-02"
        ]
    finally:
        report.write_text(original, "utf-8")
    assert any("按顺序应是一百零一" in message for message in messages)
    assert any("按顺序应是11000" in message for message in messages)
