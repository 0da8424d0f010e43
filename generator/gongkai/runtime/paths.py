"""Paths as messages show them."""

import os
from pathlib import Path


def display_path(path: Path) -> str:
    """Format a path as the user would type it: relative if it lies below the working directory."""
    absolute, here = path.absolute(), Path.cwd()
    near = os.path.relpath(absolute, here) if absolute.is_relative_to(here) else absolute
    return Path(near).as_posix()
