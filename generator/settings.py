"""Where a publisher's files lie: what mkdocs.yml says, read without MkDocs."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DATA = "GONGKAI_DATA"
"""The environment's word for another data folder; set by --data, heeded by the MkDocs plugin."""
_PLUGIN, _DATA_KEY, _CONTENT_KEY = "gongkai", "data_dir", "docs_dir"


@dataclass(frozen=True, slots=True)
class Settings:
    """The folders of one publisher."""

    data: Path
    content: Path
    """The hand-written pages."""


def read_settings(config_file: Path) -> Settings:
    """What mkdocs.yml says of the folders; without one, data/ and content/ beside it."""
    told = _told(config_file)
    folder = config_file.parent
    content = told.get(_CONTENT_KEY)
    data = data_folder(folder, _plugin(told).get(_DATA_KEY))
    return Settings(data, folder / (content if isinstance(content, str) else "content"))


def data_folder(folder: Path, named: object) -> Path:
    """The data folder: what --data says, else what mkdocs.yml (in `folder`) names, else data/."""
    other = os.environ.get(DATA)
    return Path(other) if other else folder / (named if isinstance(named, str) else "data")


def _told(config_file: Path) -> dict[str, Any]:
    """The file as texts: MkDocs' own tags (!ENV, !!python/name) are of no interest here."""
    try:
        told = yaml.load(config_file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return told if isinstance(told, dict) else {}


def _plugin(told: dict[str, Any]) -> dict[str, object]:
    """The options of our plugin, which mkdocs.yml lists among others by name or with options."""
    plugins = told.get("plugins", [])
    named = plugins if isinstance(plugins, list) else [plugins]
    options = (each[_PLUGIN] for each in named if isinstance(each, dict) and _PLUGIN in each)
    found: object = next(options, None)
    return found if isinstance(found, dict) else {}
