"""Patterns of forms: the same meaning as Python's, in time that only grows with the text."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.linear_patterns import PatternError, compile_pattern
from tests.checking import find_problems
from tests.folders import TODAY, example_data
from tests.hanging import no_hang

PATTERNS = (
    *(
        r"[0-9A-Z]{21}-.+",
        r"SL/\d{4}-\d{5}",
        r"^\d{4}-\d\d$",
        r"(.+)+x",
        r"(a|ab|b)*c",
        r"(a?){5}a{5}",
    ),
    *(
        r"[^\d一-龥]*",
        r"\w+\s?\W",
        r"(?:甲|乙){2,3}?丙*",
        r"a.b|",
        r"[\s\S]*",
        r"(a*)*b?",
        r"\D\S",
        "",
    ),
    *(
        r"新政办〔20\d\d〕[1-9]\d*号",
        r"[^\W_]+",
        r"(?P<码>甲+)乙",
        r"\A.\Z",
        r"[]a]*",
        r"a{,2}b{2,}",
    ),
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_mean_the_same_as_in_python(pattern: str) -> None:
    linear, expected = compile_pattern(pattern), re.compile(pattern)
    texts = st.one_of(
        st.from_regex(expected, fullmatch=True),
        st.text("ab c甲乙丙龥龦x3３²-_\n1290/〔]", max_size=9),
    )

    @given(texts)
    def check(text: str) -> None:
        assert linear.fullmatch(text) == bool(expected.fullmatch(text))

    check()


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        *(
            (pattern, "不是合法的正则表达式")
            for pattern in ("(", "[a", "a{99999999999}", "(" * 3_000, "*")
        ),
        *((pattern, "不支持") for pattern in ("(?=a)b", r"(a)\1", "a++", "(?>a)", "a^b", r"\bA")),
        *((pattern, "(?i)") for pattern in ("(?i)a", "(?i:a)b", "(?s).")),
        *(
            (pattern, "太长")
            for pattern in ("((a{60}){60}){60}", "(){4000000000}", "a{0,9000}", "甲" * 3_000)
        ),
    ],
)
def test_other_patterns_are_refused_in_words(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError, match=re.escape(reason)):
        compile_pattern(pattern)


def test_an_unusable_pattern_of_the_site_is_a_problem(tmp_path: Path) -> None:
    data = example_data(tmp_path, {"site.yml": {"域名:": "索引号格式: SL(\n域名:"}})
    (message,) = [
        problem.sentence for problem in find_problems(data, TODAY) if "SL(" in problem.sentence
    ]
    assert "索引号格式" in message
    assert "不是合法的正则表达式；请核对括号与反斜杠" in message


@pytest.mark.parametrize("pattern", ["(.+)+x", "(a|a)*b", ".*.*.*.*x", "(a?){300}a{300}"])
def test_matching_is_linear(pattern: str) -> None:
    with no_hang():
        assert not compile_pattern(pattern).fullmatch("a" * 300_000)
