"""Take screenshots of every kind of page: python -m tests.screenshots [FOLDER]."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Error, ViewportSize

from tests.folders import ROOT
from tests.serving import serve_site
from tests.site_pages import PAGE_TYPES, launch_chromium, open_page, toggle_mode, visit_page

_VIEWS = {
    "desktop": (1280, ""),
    "phone": (375, ""),
    "large": (1280, "large"),
    "large-phone": (375, "large"),
    "contrast": (1280, "contrast"),
    "dark": (1280, "dark"),
}
"""(width, display mode) of the views, by name."""
_A4 = ViewportSize(width=794, height=1123)
"""A4 in CSS pixels."""


def take_screenshots(browser: Browser, base: str, folder: Path) -> Iterator[str]:
    """Write all screenshots; yield the names of views that the site does not offer."""
    for view, (width, mode) in _VIEWS.items():
        with open_page(browser, base, width) as (page, _):
            visit_page(page, base, "home")
            if mode:
                try:
                    toggle_mode(page, mode)
                except (AssertionError, Error):
                    yield view
                    continue
            for name in PAGE_TYPES:
                visit_page(page, base, name)
                page.screenshot(path=folder / f"{name}-{view}.png", full_page=True)
    for name in PAGE_TYPES:
        with open_page(browser, base, media="print") as (page, _):
            visit_page(page, base, name)
            pdf_path = folder / f"{name}-print.pdf"
            page.pdf(path=pdf_path, format="A4", prefer_css_page_size=True)
            if not _draw_first_sheet(pdf_path):
                page.set_viewport_size(_A4)
                page.screenshot(path=pdf_path.with_suffix(".png"))


def _draw_first_sheet(pdf_path: Path) -> bool:
    """Draw the first sheet of a PDF as PNG; return whether pdftoppm is installed."""
    program = shutil.which("pdftoppm")
    if program:
        target = pdf_path.with_suffix("")
        command = (program, "-png", "-r", "80", "-singlefile", pdf_path, target)
        subprocess.run(command, check=True)
    return bool(program)


def main() -> None:
    """Build the site and take its screenshots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("site-screenshots"))
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        site = Path(temporary) / "site"
        command = (sys.executable, "-m", "gongkai", "build", "--site-dir", f"{site}")
        subprocess.run(command, cwd=ROOT, check=True)
        with serve_site(site) as base, launch_chromium() as browser:
            missing = list(take_screenshots(browser, base, folder))
    sys.stdout.write(f"截图在 {folder}，共 {len(list(folder.glob('*.png')))} 张\n")
    if missing:
        sys.exit(f"网站上没有这些显示方式的按钮，没有截图：{'、'.join(missing)}")


if __name__ == "__main__":
    main()
