"""The same pages through other builders: Hugo, and MkDocs with mkdocs-gen-files."""

import re
import shutil
from pathlib import Path

from gongkai.build.state import last_state
from gongkai.build.theme.page_shells import Shell
from gongkai.build.workspace import Workspace
from gongkai.model.terms import PageKind

_HUGO = """baseURL = "https://gongkai.example/"
title = "示例"
disableKinds = ["taxonomy", "term", "RSS"]
[markup.goldmark.renderer]
unsafe = true
[markup.goldmark.parser.attribute]
title = true
"""
_GEN = """from pathlib import Path
import mkdocs_gen_files
pages = Path(__file__).parent / "pages"
for path in sorted(pages.rglob("*.md")):
    with mkdocs_gen_files.open(path.relative_to(pages).as_posix(), "w") as file:
        file.write(path.read_text("utf-8"))
"""


def hugo(publisher: Path, pages: Path, folder: Path) -> None:
    """A Hugo site of rendered Markdown pages, with our theme as its layout."""
    shutil.copytree(pages, folder / "content")
    for path in list(folder.rglob("index.md")):
        path.rename(path.with_name("_index.md"))
    state = last_state(Workspace(publisher / "site"))
    assert state
    layout = _layout(state.skin.shells[PageKind.PROJECT])
    for name in ("_default/single.html", "_default/list.html", "index.html"):
        target = folder / "layouts" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(layout, "utf-8")
    (folder / "hugo.toml").write_text(_HUGO, "utf-8")


def _layout(shell: Shell) -> str:
    crumb = shell.crumb.replace('"gkx-crumb"', '"{{ .url }}"').replace("gkx-crumb", "{{ .title }}")
    words = {
        "title": "{{ .Title }}",
        "description": "{{ .Description }}",
        "url": "{{ .RelPermalink }}",
        "tags": "{{ with .Params.head_html }}{{ . | safeHTML }}{{ end }}",
        "citation": "{{ .Params.citation }}",
        "crumbs": "{{ range .Params.breadcrumbs }}" + crumb + "{{ end }}",
        "toc": "{{ .TableOfContents }}",
        "body": "{{ .Content }}",
        "source": "",
    }
    pieces = list(shell.pieces)
    pieces[1::2] = [words[name] for name in pieces[1::2]]
    return "".join(pieces)


def gen_files(publisher: Path, pages: Path, folder: Path) -> None:
    """An MkDocs site of the same pages and theme, made by a script as is customary."""
    for name in ("content", "overrides"):
        shutil.copytree(publisher / name, folder / name)
    shutil.copytree(pages, folder / "pages")
    (folder / "content" / "index.md").unlink()
    (folder / "gen.py").write_text(_GEN, "utf-8")
    settings = (publisher / "mkdocs.yml").read_text("utf-8")
    ours = re.compile(r"  - gongkai:\n.*\n.*\n")
    assert ours.search(settings)
    plugins = "  - gen-files:\n      scripts: [gen.py]\n"
    (folder / "mkdocs.yml").write_text(ours.sub(plugins, settings), "utf-8")
