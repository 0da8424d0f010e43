"""`gongkai` without what has a budget of its own: the index of the search, data files and the API.

python -m tests.benchmarks.bare build … is what the cold build is measured with, render … what makes the
others' Markdown; the pages are the same. With --search before the command the index is made, too.
"""

import sys
from typing import Any

from gongkai.build import pipeline as building
from gongkai.build import site_pages as remainder
from gongkai.build import unit as units
from gongkai.cli import main
from gongkai.cli import site as cli_site
from gongkai.search import index as indexing


def _nothing(*_: Any) -> tuple[()]:
    return ()


def _no_texts(*_: Any) -> tuple[None, tuple[()]]:
    return None, ()


def _none_of(*_: Any) -> dict[str, Any]:
    return {}


_SEARCH = {"write_texts", "own_pages", "site_index"}


def bare(*, search: bool) -> None:
    """Leave them out, in this process and those that it forks; not the index if it is wanted."""
    for module, name, instead in (
        (units, "beside_unit", _nothing),
        (units, "write_texts", _no_texts),
        (remainder, "beside_list", _nothing),
        (remainder, "beside_lists", _nothing),
        (remainder, "assets", _nothing),
        (building, "own_pages", _none_of),
        (indexing, "site_index", _nothing),
        (cli_site, "write_beside", _nothing),
    ):
        assert hasattr(module, name), name
        if not (search and name in _SEARCH):
            setattr(module, name, instead)


if __name__ == "__main__":
    wanted = sys.argv[1:2] == ["--search"]
    del sys.argv[1 : 1 + wanted]
    bare(search=wanted)
    main()
