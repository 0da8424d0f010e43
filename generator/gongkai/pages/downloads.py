"""The files that are offered beside a page, as the page tells of them."""

from collections.abc import Iterator

from gongkai.model.publication import Site
from gongkai.pages.views.common import Download

CSV, JSON, EXCEL, WORD = "index.csv", "index.json", "index.xlsx", "index.docx"
"""What the files are called; each lies in the folder of its page."""
_TABLE = "CSV 表格", "text/csv"
_TREE = "JSON 数据", "application/json"
_BOOK = "Excel 工作簿", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LETTER = "Word 文档", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OPENS = "Excel、WPS 能直接打开"
_UNNAMED = frozenset({"units", "projects", "lists"})
"""Parts of addresses that a file's name can do without."""


def disclosure_downloads(url: str, site: Site) -> tuple[Download, ...]:
    """The files of a disclosure, whose page is at `url`."""
    return tuple(_evaluation(_name(url), "本页各表的全部填报值", site))


def project_downloads(url: str, site: Site) -> tuple[Download, ...]:
    """The files of a project."""
    return tuple(_evaluation(_name(url), "本项目各表的全部填报值", site))


def list_downloads(url: str, site: Site) -> tuple[Download, ...]:
    """The files of a list."""
    return tuple(_list(_name(url), site))


def _evaluation(name: str, what: str, site: Site) -> Iterator[Download]:
    yield Download(*_TABLE, f"{what}，每个值一行；{_OPENS}", CSV, f"{name}.csv")
    if "Excel" in site.downloads:
        told = "正式表式，另有“数据”和“说明”两张工作表"
        yield Download(*_BOOK, told, EXCEL, f"{name}.xlsx")
    if "Word" in site.downloads:
        yield Download(*_LETTER, "正式表式，可以打印", WORD, f"{name}.docx")
    yield Download(*_TREE, "同样的内容，给程序读", JSON, f"{name}.json")


def _list(name: str, site: Site) -> Iterator[Download]:
    yield Download(*_TABLE, f"本页名单，每行一条；{_OPENS}", CSV, f"{name}.csv")
    if "Excel" in site.downloads:
        yield Download(*_BOOK, "本页名单，另有“说明”工作表", EXCEL, f"{name}.xlsx")


def _name(url: str) -> str:
    """A name that tells files of different pages apart: xintian-jsx-2022."""
    parts = url.strip("/").split("/")
    return "-".join(part for part in parts if part not in _UNNAMED or len(parts) == 1)
