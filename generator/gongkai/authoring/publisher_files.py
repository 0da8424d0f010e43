"""A new publisher's repository: settings, own texts, recipes and the pinned program."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import distribution, version
from pathlib import Path
from string import Template

from gongkai.authoring.yaml_writer import quote_scalar
from gongkai.runtime.shipped import SHIPPED, read_shipped_page

_TEMPLATES = Path(__file__).parent / "publisher"
_REGION = re.compile(
    r"(?P<province>(?:北京|天津|上海|重庆)市|.+?(?:省|自治区|特别行政区|兵团))?"
    r"(?P<city>.+?(?:市|自治州|地区|盟)(?=.)|.+?(?:自治州|地区|盟)|.+?市)?(?P<county>.*)"
)
TO_FILL_IN = "（请填写）"
"""Stands for what was not answered; a release refuses it."""
NO_DOMAIN = "wangzhan.example"


class Platform(StrEnum):
    """Where the repository is hosted."""

    GITLAB = "gitlab"
    GITHUB = "github"
    GITEA = "gitea"
    NONE = "none"


_RECIPES = {
    Platform.GITLAB: {".gitlab-ci.yml": "ci/gitlab.yml"},
    Platform.GITHUB: {".github/workflows/gongkai.yml": "ci/github.yml"},
    Platform.GITEA: {".gitea/workflows/gongkai.yml": "ci/github.yml"},
    Platform.NONE: {"publish.sh": "ci/publish.sh"},
}
_FILES = {
    "mkdocs.yml": "mkdocs.yml",
    "README.md": "README.md",
    "data/site.yml": "data/site.yml",
    "content/contact.md": "content/contact.md",
    "overrides/README.md": "overrides/README.md",
    ".gitignore": "gitignore",
    "edit.cmd": "edit.cmd",
    ".vscode/settings.json": "vscode-settings.json",
    ".vscode/extensions.json": "vscode-extensions.json",
}
"""Path in the repository → template."""
_OWN_PAGES = ("about.md", "accessibility.md")


@dataclass(frozen=True, slots=True)
class Publisher:
    """The answers to the questions of gongkai init."""

    name: str = "预算绩效自评公开"
    """站点名称"""
    organiser: str = TO_FILL_IN
    """主办单位"""
    domain: str = ""
    """域名"""
    region: str = ""
    """行政区划, as people write it: 某某省某某市某某县"""
    level: str = "县级"
    """级别 of its units"""
    platform: Platform = Platform.NONE


def publisher_files(publisher: Publisher, wheel: Path | None = None) -> dict[str, str]:
    """Return the texts of a new repository by path; `wheel` is the file that was installed."""
    words = {
        "name": publisher.name,
        "organiser": publisher.organiser,
        "domain": publisher.domain,
        "example_domain": publisher.domain or NO_DOMAIN,
        "level": publisher.level,
        **split_region(publisher.region),
    }
    templates = _FILES | _RECIPES[publisher.platform]
    quoted = {key: quote_scalar(word) if word else "" for key, word in words.items()}
    files = {
        path: _fill(name, quoted if path.endswith(".yml") else words)
        for path, name in templates.items()
    }
    files |= {f"content/{page}": read_shipped_page(page) for page in _OWN_PAGES}
    return files | {"data/units/.gitkeep": "", "requirements.txt": pinned_requirements(wheel)}


def write_publisher(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files of a new repository."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        if path.suffix == ".sh":
            path.chmod(0o755)


def split_region(region: str) -> dict[str, str]:
    """Return province, city and county of a region as people write it."""
    match = _REGION.fullmatch(re.sub(r"\s+", "", region))
    return {key: value or "" for key, value in match.groupdict().items()} if match else {}


def pinned_requirements(wheel: Path | None = None) -> str:
    """Return requirements.txt: this version of the program and all that it needs, with hashes.

    pip accepts hashes only if all packages have one: without the program's own, there are none.
    """
    digest = _file_hash(wheel) if wheel else _installed_hash()
    program = f"gongkai=={version('gongkai')}"
    locked = (SHIPPED / "requirements.txt").read_text("utf-8").splitlines()
    lines = [line for line in locked if not line.startswith("#")]
    if digest:
        head = ["# 程序和它用到的软件包，版本和校验值都已写定；升级见 gongkai upgrade"]
        return "\n".join([*head, f"{program} \\", f"    --hash=sha256:{digest}", *lines]) + "\n"
    plain = [line.removesuffix(" \\") for line in lines if not line.startswith(" ")]
    head = ["# 程序和它用到的软件包，版本已写定。升级：改下面一行的版本号，见 gongkai upgrade"]
    return "\n".join([*head, program, *plain]) + "\n"


def _installed_hash() -> str:
    """Return the SHA-256 of the wheel that was installed from a file; empty if pip did not record it."""
    record = json.loads(distribution("gongkai").read_text("direct_url.json") or "{}")
    hashes = record.get("archive_info", {}).get("hashes", {})
    return f"{hashes.get('sha256', '')}"


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fill(name: str, words: Mapping[str, str]) -> str:
    text = Template((_TEMPLATES / name).read_text("utf-8")).substitute(words)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
