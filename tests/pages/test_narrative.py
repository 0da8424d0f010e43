"""Narrative reports: Markdown in, safe HTML out."""

import pytest

from gongkai.pages.narrative import parse_chapters


def html(body: str) -> str:
    return "".join(chapter.html for chapter in parse_chapters(body))


def test_chapter_anchors_are_numbered() -> None:
    parsed = parse_chapters("开头。\n\n## 一、情况\n\n正文。\n\n### （一）支出\n\n# 大标题\n")
    assert [(chapter.level, chapter.title, chapter.anchor) for chapter in parsed] == [
        (0, "", ""),
        (2, "一、情况", "section-1"),
        (3, "（一）支出", "section-2"),
        (2, "大标题", "section-3"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("甲乙\n丙丁", "<p>甲乙丙丁</p>\n"),
        ("word\nword", "<p>word\nword</p>\n"),
        ("    四个空格", "<p>四个空格</p>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("**粗**", "<p><strong>粗</strong></p>\n"),
        ("[甲](https://a.example/)", '<p><a href="https://a.example/">甲</a></p>\n'),
        ("[甲](../projects/x/)", '<p><a href="../projects/x/">甲</a></p>\n'),
        ("[甲](javascript:alert(1))", "<p>[甲](javascript:alert(1))</p>\n"),
        ("[甲](data:text/html,x)", "<p>[甲](data:text/html,x)</p>\n"),
        (
            "![](https://a.example/x.png)",
            '<p>!<a href="https://a.example/x.png">https://a.example/x.png</a></p>\n',
        ),
        ("[]()甲", '<p><a href="">[]()</a>甲</p>\n'),
        ("[甲]: https://a.example/", "<p>[甲]: https://a.example/</p>\n"),
        ("新财社[2022]0043号", "<p>新财社[2022]0043号</p>\n"),
        ("&nbsp;甲", "<p>&amp;nbsp;甲</p>\n"),
        ("1、甲", "<p>1、甲</p>\n"),
        ("```\n甲\n\n  \n乙\n```", "<pre><code>甲\n&#10;  &#10;乙\n</code></pre>\n"),
    ],
)
def test_markdown_subset(body: str, expected: str) -> None:
    assert html(body) == expected
