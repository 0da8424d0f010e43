"""Make the script that decompresses the search index where browsers do not: python -m tests.fflate.

`make fflate` runs it, after changing a version here. It takes `unzlibSync` and what this needs from
fflate, as esbuild leaves it; npm provides both.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.folders import ROOT

SCRIPT = ROOT / "overrides/assets/search/fflate.min.js"
_FFLATE, _ESBUILD = "0.8.3", "0.28.2"
_OPTIONS = ("--bundle", "--format=esm", "--minify", "--target=chrome78,firefox78")


def make_script() -> str:
    """Return the script, with the licence in its head."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        packages = (f"fflate@{_FFLATE}", f"esbuild@{_ESBUILD}")
        _run("npm", "install", "--silent", "--no-save", "--prefix", folder, *packages)
        modules = folder / "node_modules"
        source = folder / "script.js"
        source.write_text('export { unzlibSync } from "fflate/browser";\n', "utf-8")
        code = _run(modules / ".bin" / "esbuild", source, *_OPTIONS)
        licence = (modules / "fflate" / "LICENSE").read_text("utf-8").strip()
    head = f"fflate {_FFLATE}: unzlibSync, minified by esbuild {_ESBUILD}, made by make fflate."
    return f"/*! {head}\n\n{licence}\n*/\n{code.strip()}\n"


def _run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def has_npm() -> bool:
    """Return whether npm is installed."""
    return shutil.which("npm") is not None


if __name__ == "__main__":
    SCRIPT.write_text(make_script(), "utf-8")
