"""Glossary terms: a word, its meaning in one sentence, and its anchor on the page 名词解释."""

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup

from gongkai.model.figures import FIGURES
from gongkai.runtime.html import escape_html

GLOSSARY = "glossary/"
"""Address of the hand-written page 名词解释."""


class Term(NamedTuple):
    """A term of the field."""

    anchor: str
    """Anchor on the page 名词解释."""
    meaning: str
    """One phrase in everyday language."""


TERMS: Mapping[str, Term] = {
    **{
        word: Term(figure.anchor, figure.meaning)
        for figure in FIGURES
        for word in (figure.term, figure.label)
        if figure.anchor
    },
    "主管部门": Term("department", "管理这个单位的上级部门"),
    "核验说明": Term("verification", "机器核对出的不一致之处及其说明"),
}


def term_html(word: str, page_url: str) -> str:
    """Return a term as a link to its explanation, or as plain text if it needs none."""
    return term_link(word, page_url) if word in TERMS else escape_html(word)


def term_link(word: str, page_url: str) -> Markup:
    """Return a term as a link to its explanation, relative to the page at `page_url`."""
    term = TERMS[word]
    url = f"{'../' * page_url.count('/')}{GLOSSARY}#{term.anchor}"
    link = f'<a class="gk-term" href="{url}" title="{term.meaning}">{word}</a>'
    return Markup(link)  # noqa: S704 - from the table above
