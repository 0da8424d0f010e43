"""Advice on key paths (位置) that people wrote with other brackets, signs or spaces."""

import difflib
import re
import unicodedata
from collections.abc import Iterable

_FAR = 0.8
"""Similarity from which another place may have been meant."""
_MAX_COMPARED = 400
"""Most places compared letter by letter."""


def misspelt_place(where: str, places: Iterable[str]) -> str:
    """Return the place that differs only in full-width and half-width signs or spaces; else ""."""
    plain = _plain(where)
    return next((place for place in places if place and _plain(place) == plain), "")


def advise_place(where: str, places: Iterable[str]) -> str:
    """Return what to write instead of a place that does not exist, in Chinese."""
    known = list(places)
    if place := misspelt_place(where, known):
        wrong = [sign for sign in dict.fromkeys(where) if sign not in place]
        signs = f"（“{'”“'.join(wrong)}”的全角、半角写法不同）" if wrong else "（多了或少了空格）"
        return f"请写成“{place}”{signs}"
    if below := next((place for place in known if place.startswith(f"{where}/")), ""):
        return f"这是一组，不是一格，请写到其中一格，例如“{below}”"
    document = where.partition("/")[0]
    same_document = [place for place in known if place.startswith(f"{document}/")]
    nearest = [place for place in known if _abbreviates(where, place)]
    if not nearest:
        candidates = (same_document or known)[:_MAX_COMPARED]
        nearest = difflib.get_close_matches(where, candidates, n=1, cutoff=_FAR)
    if nearest:
        return f"是否应为“{nearest[0]}”？"
    example = next(iter(same_document or known), "部门整体自评表/总分/得分")
    return f"位置由附件的名称起，逐级用“/”隔开，写到一格为止，例如“{example}”"


def _abbreviates(where: str, place: str) -> bool:
    """Return whether a path leaves out steps of another, or the project of its document."""
    document, *steps = where.split("/")
    whole_document, *whole_steps = place.split("/")
    if not steps or not whole_document.startswith(document.partition("（")[0]):
        return False
    remaining = iter(whole_steps)
    return steps[-1] == whole_steps[-1] and all(step in remaining for step in steps)


def _plain(place: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", place))
