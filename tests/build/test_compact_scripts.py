"""Scripts and style sheets are published without comments and indentation, and do the same."""

from pathlib import Path

import pytest

from gongkai.build.theme.compact_scripts import compact_script, compact_scripts, compact_sheet

_SCRIPTS = {
    "// A comment.\n\nconst a = 1; // A reason.\n": "const a = 1;\n",
    "//! A licence.\nf();\n": "//! A licence.\nf();\n",
    "if (a) {\n  // Why.\n  b(); // c();\n}\n": "if (a) {\nb();\n}\n",
    'const url = "https://example.com"; // Not "this".\n': 'const url = "https://example.com"; // Not "this".\n',
    'const text = "a; // b";\n': 'const text = "a; // b";\n',
    "const table = `\n  a // b\n\n  // c\n`;\n  d();\n": "const table = `\n  a // b\n\n  // c\n`;\nd();\n",
    "const one = `a${`b`}`; // c\n  d();": "const one = `a${`b`}`;\nd();\n",
    "const pattern = /a\\/\\/b/;\r\n  c();": "const pattern = /a\\/\\/b/;\nc();\n",
}
_SHEETS = {
    "/* A\n   comment. */\np {\n  top: 0;\n}\n": "p {\ntop: 0;\n}",
    "/*! A licence. */\np { top: 0 }\n": "/*! A licence. */\np { top: 0 }",
    'p::before { content: "/* x */"; }\n': 'p::before { content: "/* x */"; }',
}


@pytest.mark.parametrize(("text", "compact"), _SCRIPTS.items())
def test_scripts_lose_comments_and_indentation(text: str, compact: str) -> None:
    assert compact_script(text) == compact


@pytest.mark.parametrize(("text", "compact"), _SHEETS.items())
def test_sheets_lose_comments_and_indentation(text: str, compact: str) -> None:
    assert compact_sheet(text) == compact


def test_minified_files_and_other_folders_stay_as_they_are(tmp_path: Path) -> None:
    text = "  a(); // Why.\n"
    names = ("assets/a.js", "assets/b.min.js", "assets/c.txt", "other/d.js")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    compact_scripts(tmp_path)
    texts = [(tmp_path / name).read_text("utf-8") for name in names]
    assert texts == ["a();\n", text, text, text]


def test_a_script_of_a_publisher_may_have_any_bytes(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a.js").write_bytes(b'  a("\xb9\xab");\n')
    compact_scripts(tmp_path)
    assert (tmp_path / "assets" / "a.js").read_bytes() == b'a("\xb9\xab");\n'
