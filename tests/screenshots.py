"""Pictures of every kind of page: python -m tests.screenshots [FOLDER]."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Error, ViewportSize

from tests.folders import ROOT
from tests.serving import served
from tests.site_pages import PAGE_TYPES, launched, opened, toggle, visit

_VIEWS = {
    "desktop": (1280, ""),
    "phone": (375, ""),
    "large": (1280, "large"),
    "large-phone": (375, "large"),
    "contrast": (1280, "contrast"),
    "dark": (1280, "dark"),
}
"""Names of views, their width and what is switched on in them."""
_A4 = ViewportSize(width=794, height=1123)
"""The size of A4 in pixels."""


def take(browser: Browser, base: str, folder: Path) -> Iterator[str]:
    """Write all pictures; the names of views that the site does not offer come out."""
    for view, (width, mode) in _VIEWS.items():
        with opened(browser, base, width) as (page, _):
            visit(page, base, "home")
            if mode:
                try:
                    toggle(page, mode)
                except (AssertionError, Error):
                    yield view
                    continue
            for name in PAGE_TYPES:
                visit(page, base, name)
                page.screenshot(path=folder / f"{name}-{view}.png", full_page=True)
    for name in PAGE_TYPES:
        with opened(browser, base, media="print") as (page, _):
            visit(page, base, name)
            paper = folder / f"{name}-print.pdf"
            page.pdf(path=paper, format="A4", prefer_css_page_size=True)
            if not _drawn(paper):
                page.set_viewport_size(_A4)
                page.screenshot(path=paper.with_suffix(".png"))


def _drawn(paper: Path) -> bool:
    """Draw the first sheet of a PDF, where pdftoppm is there."""
    program = shutil.which("pdftoppm")
    if program:
        words = (program, "-png", "-r", "80", "-singlefile", paper, paper.with_suffix(""))
        subprocess.run(words, check=True)
    return bool(program)


def main() -> None:
    """Build the site and take its pictures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=Path("site-screenshots"))
    folder = options.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        words = (sys.executable, "-m", "gongkai", "build", "--site-dir", f"{Path(name) / 'site'}")
        subprocess.run(words, cwd=ROOT, check=True)
        with served(Path(name) / "site") as base, launched() as browser:
            lacking = list(take(browser, base, folder))
    sys.stdout.write(f"截图在 {folder}，共 {len(list(folder.glob('*.png')))} 张\n")
    if lacking:
        sys.exit(f"网站上没有这些显示方式的按钮，没有截图：{'、'.join(lacking)}")


if __name__ == "__main__":
    main()
